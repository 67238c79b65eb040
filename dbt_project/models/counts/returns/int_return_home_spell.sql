{#- Eighteen years: a young person who has turned eighteen cannot come back into care. -#}
{%- set months_of_childhood = 216 -%}
with

periods as (
    select * from {{ ref('fct_care_period') }}
),

children as (
    select * from {{ ref('dim_child') }}
),

days_reached as (
    select
        la_code,
        period_start as first_day,
        period_end as last_day
    from {{ ref('int_social_care_window') }}
    -- The years since the last gap: in a year that was not sent a child may have come back unseen.
    where source_id = 'ssda903' and window_id = 'all_years'
),

periods_in_order as (
    select
        *,
        lead(start_date) over (partition by la_code, child_key order by start_date) as next_start_date
    from periods
),

-- Followed until the child comes back, turns eighteen, or the returns end, whichever is first.
returns_home as (
    select
        periods_in_order.la_code,
        periods_in_order.child_key,
        periods_in_order.care_period_no,
        periods_in_order.return_kind,
        periods_in_order.end_date as returned_on,
        periods_in_order.next_start_date,
        least(
            days_reached.last_day,
            (children.birth_month + interval {{ months_of_childhood }} month)::date
        ) as followed_until
    from periods_in_order
    inner join days_reached
        on periods_in_order.la_code = days_reached.la_code
    left join children
        on periods_in_order.la_code = children.la_code and periods_in_order.child_key = children.child_key
    where
        periods_in_order.is_returned_home
        and periods_in_order.end_date between days_reached.first_day and days_reached.last_day
)

select
    la_code,
    child_key,
    care_period_no,
    return_kind,
    returned_on,
    coalesce(next_start_date <= followed_until, false) as came_back,
    {{ days_between('returned_on', 'least(coalesce(next_start_date, followed_until), followed_until)') }}
        as days_followed
from returns_home
where followed_until > returned_on and (next_start_date is null or next_start_date > returned_on)
