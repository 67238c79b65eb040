{{ config(materialized='table') }}

{%- set records = [
    'missing_episode', 'youth_offence', 'police_person', 'police_incident'
] %}
{%- set latest, landed = {}, {} %}

with

{% for record_id in records -%}
{%- do latest.update({record_id: record_id}) -%}
{%- do landed.update({record_id: record_id ~ '_in_force'}) -%}
{{ record_id }}_in_force as (
    {{ records_in_force(ref('stg_returns__' ~ record_id), ref('int_returns_record')) }}
),

{{ record_id }} as (
    {{ latest_records(ref('stg_returns__' ~ record_id), ref('int_returns_record')) }}
),

{% endfor -%}
broken as (
    {{ broken_rules('local', ref('validation_rule'), [latest, landed]) }}
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from broken
