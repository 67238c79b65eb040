{%- set tables = {} -%}
{%- for table in [
    'child_on_31_march', 'fct_care_period', 'fct_looked_after_health', 'int_social_care_placement',
    'int_social_care_unaccompanied'
] -%}
    {%- do tables.update({table: ref(table)}) -%}
{%- endfor -%}
with

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

counts as (
    {{ count_measures(
        social_care_measures('care', measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')),
        'social_care_window', tables
    ) }}
)

select * from counts
