-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: The children on a plan on 31 March are those for whom it began more often than it ended until then.
-- then: Nothing is published; the last release stays in place.

-- Status on the last day of a year, counted again from first and last days: a child has a status as long as it has
-- begun more often than it has ended.
with

day as (
    select
        geography_code as la_code,
        period_end,
        numerator
    from marts.indicator_value
    where
        theme = 'social_care' and geography_level = 'authority' and breakdown = 'total' and row_order = 1
        and indicator_id = 'cpp_rate'
),

child as (
    select
        day.la_code,
        day.period_end,
        fact.child_key
    from day
    inner join marts.fct_protection_plan as fact on day.la_code = fact.la_code and day.period_end >= fact.start_date
    group by all
    having count(*) > count(*) filter (where fact.end_date <= day.period_end)
),

counted as (
    select
        la_code,
        period_end,
        count(*) as children
    from child
    group by all
)

select day.la_code || '|' || day.period_end as key
from day
left join counted on day.la_code = counted.la_code and day.period_end = counted.period_end
where day.numerator <> coalesce(counted.children, 0)
