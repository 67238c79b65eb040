{{ config(materialized='table') }}

{%- set records = [
    'missing_episode', 'youth_offence', 'police_person', 'police_incident'
] %}
{%- set staged = {} %}
{%- for record_id in records %}
{%- do staged.update({record_id: ref('stg_returns__' ~ record_id)}) %}
{%- endfor %}

{{ rule_family('local', staged, ref('int_returns_record'), ref('validation_rule')) }}
