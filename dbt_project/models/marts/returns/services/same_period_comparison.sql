{#- A year counts as whole when the records go to within this many days of its end. -#}
{%- set slack = 3 -%}
with

events as (
    select
        'local_referral' as series,
        la_code,
        referral_date as happened_on
    from {{ ref('fct_local_referral') }}
    union all
    select
        'missing' as series,
        la_code,
        cast(started_at as date) as happened_on
    from {{ ref('fct_missing_episode') }}
    union all
    select
        'lado' as series,
        la_code,
        allegation_date as happened_on
    from {{ ref('fct_lado_referral') }}
),

-- The last run of days without a gap: a year that was not sent is none to compare with.
days_reached as (
    select
        source_id as series,
        la_code,
        first_day - slack as first_day,
        last_day
    from {{ ref('int_returns_coverage') }}
    where source_id in ('local_referral', 'missing', 'lado')
    qualify row_number() over (partition by source_id, la_code order by last_day desc) = 1
),

year_starts as (
    select
        days_reached.*,
        kinds.year_kind,
        {{ explode("generate_series(
            cast(
                make_date(cast(extract(year from days_reached.first_day) as integer), kinds.start_month, 1) as timestamp
            ),
            cast(days_reached.last_day as timestamp),
            interval 1 year
        )") }} as year_start
    from days_reached
    cross join (values ('calendar', 1), ('to 31 March', 4)) as kinds (year_kind, start_month)
),

years as (
    select
        * replace (cast(year_start as date) as year_start),
        cast(year_start + interval 1 year - interval 1 day as date) as year_end,
        cast(max(year_start) over (partition by series, la_code, year_kind) as date) as last_year_start
    from year_starts
    where year_start >= first_day
),

-- Every year is cut where the last one leaves off.
parts_of_years as (
    select
        *,
        year_end <= last_day + {{ slack }} as is_whole_year,
        case
            when cast(last_year_start + interval 1 year as date) - 1 <= last_day + {{ slack }} then year_end
            else cast(
                last_day
                - cast(extract(year from last_year_start) - extract(year from year_start) as integer)
                * interval 1 year as date
            )
        end as part_end
    from years
),

events_by_part as (
    select
        parts_of_years.series,
        parts_of_years.la_code,
        parts_of_years.year_kind,
        parts_of_years.year_start,
        parts_of_years.year_end,
        parts_of_years.part_end,
        parts_of_years.is_whole_year,
        count(*) filter (where events.happened_on <= parts_of_years.part_end) as events_in_part,
        count(*) as events_so_far
    from parts_of_years
    inner join events
        on
            parts_of_years.series = events.series
            and parts_of_years.la_code = events.la_code
            and events.happened_on between parts_of_years.year_start and parts_of_years.year_end
    group by all
),

parts_in_order as (
    select
        *,
        {{ days_between('year_start', 'part_end') }} + 1 as days_in_part,
        {{ days_between('year_start', 'year_end') }} + 1 as days_in_year,
        lag(events_in_part) over series_years as previous_in_part,
        lag(events_so_far) over series_years as previous_in_year
    from events_by_part
    window series_years as (partition by series, la_code, year_kind order by year_start)
),

ratios as (
    select
        *,
        events_in_part / nullif(cast(previous_in_part as double), 0) as ratio,
        sqrt(1.0 / nullif(events_in_part, 0) + 1.0 / nullif(previous_in_part, 0)) as log_error
    from parts_in_order
)

select
    la_code,
    series,
    year_kind,
    year_start,
    part_end,
    is_whole_year,
    days_in_part,
    events_in_part,
    previous_in_part,
    100 * (ratio - 1) as change_percent,
    100 * (ratio * exp(-{{ normal_quantile(95) }} * log_error) - 1) as change_lower_95,
    100 * (ratio * exp({{ normal_quantile(95) }} * log_error) - 1) as change_upper_95,
    case when is_whole_year then events_so_far end as events_in_year,
    case when is_whole_year then 100.0 * (events_so_far - previous_in_year) / previous_in_year end
        as change_of_whole_years,
    case when not is_whole_year then {{ rate('events_in_part', 'days_in_part', 'days_in_year') }} end as annualised,
    case when not is_whole_year then {{ rate_lower('events_in_part', 'days_in_part', 'days_in_year') }} end
        as annualised_lower_95,
    case when not is_whole_year then {{ rate_upper('events_in_part', 'days_in_part', 'days_in_year') }} end
        as annualised_upper_95,
    case
        when previous_in_part is null then 'first year of the records: nothing to compare with'
        when is_whole_year then 'whole years compared'
        else 'same part of both years compared; against the whole year before no change is given'
    end as comparison
from ratios
