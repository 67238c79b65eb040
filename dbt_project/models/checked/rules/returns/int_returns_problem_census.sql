{{ config(materialized='table') }}

{%- set records = [
    'cin_child', 'cin_disability', 'cin_referral', 'cin_assessment', 'cin_assessment_factor', 'cin_plan',
    'cin_section47', 'cin_protection_plan', 'cin_plan_review'
] %}
{%- set staged = {} %}
{%- for record_id in records %}
{%- do staged.update({record_id: ref('stg_returns__' ~ record_id)}) %}
{%- endfor %}

{{ rule_family('census', staged, ref('int_returns_record'), ref('validation_rule')) }}
