{{ config(materialized='table') }}

{%- set records = [
    's903_header', 's903_episode', 's903_missing', 's903_uasc', 's903_health'
] %}
{%- set staged = {} %}
{%- for record_id in records %}
{%- do staged.update({record_id: ref('stg_returns__' ~ record_id)}) %}
{%- endfor %}

{{ rule_family('care', staged, ref('int_returns_record'), ref('validation_rule')) }}
