{%- set tables = {} -%}
{%- for table in [
    'fct_local_referral', 'fct_disabled_team_case', 'int_social_care_team_child', 'fct_treatment_episode',
    'fct_police_incident', 'int_social_care_police_person', 'fct_youth_offence', 'fct_missing_episode',
    'int_social_care_interview', 'fct_early_help_attendance', 'fct_family_support_allocation',
    'fct_early_help_assessment', 'fct_young_carer', 'fct_lado_referral'
] -%}
    {%- do tables.update({table: ref(table)}) -%}
{%- endfor -%}
with

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

counts as (
    {{ count_measures(
        social_care_measures('local', measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')),
        'social_care_window', tables
    ) }}
)

select * from counts
