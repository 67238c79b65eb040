{{ config(materialized='view') }}

with

child as (
    select
        la_code,
        child_key,
        start_date as status_start,
        coalesce(end_date, date '9999-12-31') as status_end
    from {{ ref('fct_unaccompanied_child') }}
),

period as (
    select * from {{ ref('fct_care_period') }}
),

care_as_unaccompanied as (
    select
        period.la_code,
        period.child_key,
        greatest(period.start_date, child.status_start) as start_date,
        nullif(least(coalesce(period.end_date, date '9999-12-31'), child.status_end), date '9999-12-31') as end_date
    from period
    inner join child on period.la_code = child.la_code and period.child_key = child.child_key
    where
        period.start_date < child.status_end
        and coalesce(period.end_date, date '9999-12-31') > child.status_start
)

select * from care_as_unaccompanied
