{#- Months in full: up to the last one that the records reach the end of, give or take two days. -#}
with

episodes as (
    select * from {{ ref('int_missing_definition') }}
),

days_reached as (
    select
        years.la_code,
        years.period_start as first_day,
        coalesce(max(begun.period_end), years.period_end) as last_day
    from {{ ref('int_social_care_window') }} as years
    left join {{ ref('int_social_care_window') }} as begun
        on
            years.source_id = begun.source_id
            and years.la_code = begun.la_code
            and begun.is_begun_year
            and begun.period_start = years.period_end + 1
    -- The years since the last gap, and the year that has begun after them.
    where years.source_id = 'missing' and years.window_id = 'all_years'
    group by years.la_code, years.period_start, years.period_end
),

months as (
    select
        la_code,
        {{ explode("generate_series(first_day::timestamp, last_day::timestamp, interval 1 month)") }}::date
            as month_start
    from days_reached
    where first_day is not null
),

whole_months as (
    select months.*
    from months
    inner join days_reached
        on months.la_code = days_reached.la_code
    where months.month_start + interval 1 month - interval 3 day <= days_reached.last_day
),

definitions as (
    select distinct
        la_code,
        definition
    from episodes
),

episodes_by_month as (
    select
        la_code,
        definition,
        {{ month_start('started_on') }} as month_start,
        count(*) as episodes
    from episodes
    group by all
)

select
    whole_months.la_code,
    definitions.definition,
    whole_months.month_start,
    coalesce(episodes_by_month.episodes, 0) as episodes
from whole_months
inner join definitions
    on whole_months.la_code = definitions.la_code
left join episodes_by_month
    on
        whole_months.la_code = episodes_by_month.la_code
        and definitions.definition = episodes_by_month.definition
        and whole_months.month_start = episodes_by_month.month_start
