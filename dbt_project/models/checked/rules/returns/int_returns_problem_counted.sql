{{ config(materialized='table') }}

{%- set staged = {
    'cin_referral': ref('stg_returns__cin_referral'),
    'cin_protection_plan': ref('stg_returns__cin_protection_plan')
} %}
{%- set judged = [
    ref('int_returns_problem_value'), ref('int_returns_problem_version'), ref('int_returns_problem_census'),
    ref('int_returns_problem_care'), ref('int_returns_problem_local'), ref('int_returns_problem_between')
] %}

{{ rule_family('counted', staged, ref('int_returns_record'), ref('validation_rule'), judged=judged) }}
