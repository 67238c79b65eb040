{{ config(materialized='table') }}

{%- set records = [
    'cin_referral', 'cin_assessment', 'cin_plan', 'cin_section47', 'cin_protection_plan', 's903_episode',
    'disabled_team_case', 'treatment_episode', 'family_support_allocation', 'young_carer'
] %}
{%- set staged = {} %}
{%- for record_id in records %}
{%- do staged.update({record_id: ref('stg_returns__' ~ record_id)}) %}
{%- endfor %}

{{ rule_family('version', staged, ref('int_returns_landed'), ref('validation_rule'), speaking=false) }}
