{%- set dimensions = ['service_code'] + breakdown_columns() -%}
with

-- Not copied: each reader wants other columns.
cohort_form as not materialized (
    select * from {{ ref('int_cohort_form') }}
),

profile as (
    {% for panel in count_panels() %}
    select distinct
        form_id,
        cast({{ loop.index }} as integer) as panel,
        reporting_year,
        cohort_mask,
        not_asked,
        {% for column in dimensions %}
        {{ column if column in panel else 'cast(null as varchar)' }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from cohort_form
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbered_profiles as (
    select
        cast(
            row_number() over (
                order by form_id, panel, reporting_year, cohort_mask, not_asked, {{ dimensions | join(', ') }}
            ) as integer
        ) as profile_id,
        *
    from profile
)

select * from numbered_profiles
