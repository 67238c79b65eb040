{{ config(materialized='view') }}

with

team_case as (
    select * from {{ ref('fct_disabled_team_case') }}
),

status as (
    select
        la_code,
        child_key,
        'on_plan' as status,
        start_date,
        end_date
    from {{ ref('fct_protection_plan') }}
    union all
    select
        la_code,
        child_key,
        'looked_after' as status,
        start_date,
        end_date
    from {{ ref('fct_care_period') }}
),

-- The days on which both were so; an open end is later than any day.
overlapping as (
    select
        team_case.la_code,
        team_case.child_key,
        status.status,
        greatest(team_case.open_date, status.start_date) as start_date,
        nullif(
            least(coalesce(team_case.close_date, date '9999-12-31'), coalesce(status.end_date, date '9999-12-31')),
            date '9999-12-31'
        ) as end_date
    from team_case
    inner join status
        on
            team_case.la_code = status.la_code
            and team_case.child_key = status.child_key
            and (team_case.close_date is null or team_case.close_date > status.start_date)
            and (status.end_date is null or team_case.open_date < status.end_date)
)

select distinct * from overlapping
