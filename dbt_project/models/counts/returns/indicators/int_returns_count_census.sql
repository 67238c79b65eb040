{%- set tables = {} -%}
{%- for table in [
    'fct_referral', 'fct_assessment', 'fct_assessment_factor', 'fct_section47', 'fct_conference',
    'int_social_care_plan', 'child_on_31_march', 'int_plan_maltreatment'
] -%}
    {%- do tables.update({table: ref(table)}) -%}
{%- endfor -%}
with

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

counts as (
    {{ count_measures(
        social_care_measures('census', measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')),
        'social_care_window', tables
    ) }}
)

select * from counts
