{{ config(materialized='view') }}

with

team_case as (
    select * from {{ ref('fct_disabled_team_case') }}
),

statuses as (
    select
        la_code,
        child_key,
        true as is_on_plan,
        false as is_looked_after,
        start_date,
        end_date
    from {{ ref('fct_protection_plan') }}
    union all
    select
        la_code,
        child_key,
        false as is_on_plan,
        true as is_looked_after,
        start_date,
        end_date
    from {{ ref('fct_care_period') }}
),

-- The days on which both were so; an open end is later than any day.
overlapping_spells as (
    select
        team_case.la_code,
        team_case.child_key,
        statuses.is_on_plan,
        statuses.is_looked_after,
        greatest(team_case.open_date, statuses.start_date) as start_date,
        nullif(
            least(coalesce(team_case.close_date, date '9999-12-31'), coalesce(statuses.end_date, date '9999-12-31')),
            date '9999-12-31'
        ) as end_date
    from team_case
    inner join statuses
        on
            team_case.la_code = statuses.la_code
            and team_case.child_key = statuses.child_key
            and (team_case.close_date is null or team_case.close_date > statuses.start_date)
            and (statuses.end_date is null or team_case.open_date < statuses.end_date)
)

select distinct * from overlapping_spells
