{{ config(materialized='table') }}

{%- set records = [
    'cin_child', 'cin_referral', 'cin_assessment', 'cin_plan', 'cin_section47', 'cin_protection_plan',
    'cin_plan_review', 's903_header', 's903_episode', 's903_missing', 'missing_episode', 'disabled_team_case',
    'treatment_episode', 'family_support_allocation', 'young_carer'
] %}
{%- set staged = {} %}
{%- for record_id in records %}
{%- do staged.update({record_id: ref('stg_returns__' ~ record_id)}) %}
{%- endfor %}

{{ rule_family('between', staged, ref('int_returns_record'), ref('validation_rule')) }}
