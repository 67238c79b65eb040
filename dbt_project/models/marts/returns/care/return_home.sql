with

periods as (
    select * from {{ ref('fct_care_period') }}
    where end_date is not null
),

care_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'ssda903' and is_year
),

ended_periods as (
    select
        periods.la_code,
        periods.reporting_year_ceased as reporting_year,
        coalesce(periods.return_kind, 'did not return home') as return_kind,
        {{ days_between('periods.start_date', 'periods.end_date') }} as days_in_care
    from periods
    inner join care_year
        on periods.la_code = care_year.la_code and periods.reporting_year_ceased = care_year.period
),

periods_by_kind as (
    select
        la_code,
        reporting_year,
        return_kind,
        count(*) as periods_ended,
        median(days_in_care) as median_days_in_care
    from ended_periods
    group by la_code, reporting_year, return_kind
),

periods_with_base as (
    select
        *,
        cast(sum(periods_ended) over (partition by la_code, reporting_year) as bigint) as base
    from periods_by_kind
)

select
    la_code,
    reporting_year,
    return_kind,
    periods_ended,
    base,
    100.0 * periods_ended / base as share,
    {{ wilson_lower('periods_ended', 'base') }} as share_lower_95,
    {{ wilson_upper('periods_ended', 'base') }} as share_upper_95,
    median_days_in_care
from periods_with_base
