{{ config(materialized='table') }}

{%- set records = [
    'cin_child', 'cin_referral', 'cin_assessment', 'cin_plan', 'cin_section47', 'cin_protection_plan',
    'cin_plan_review', 's903_header', 's903_episode', 's903_missing', 'missing_episode', 'disabled_team_case',
    'treatment_episode', 'family_support_allocation', 'young_carer'
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
    {{ broken_rules('between', ref('validation_rule'), [latest, landed]) }}
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from broken
