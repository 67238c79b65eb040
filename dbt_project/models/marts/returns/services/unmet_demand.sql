with

windows as (
    select * from {{ ref('int_social_care_window') }}
    where is_year
),

events as (
    {%- for series, source, fact, day, in_words in [
        ('common assessments completed', 'early_help_assessment', 'fct_early_help_assessment', 'completed_on', ''),
        ('allegations against people who work with children', 'lado', 'fct_lado_referral', 'allegation_date', ''),
        ('young carers taken on', 'young_carer', 'fct_young_carer', 'start_date', ''),
        ('referrals', 'cin_census', 'fct_referral', 'referral_date', ''),
        ('children taken into care', 'ssda903', 'fct_care_period', 'start_date', ''),
    ] %}
    select
        '{{ series }}' as series,
        windows.la_code,
        windows.period as reporting_year,
        windows.period_end as counted_to,
        count(fact.la_code) as events
    from windows
    left join {{ ref(fact) }} as fact
        on
            windows.la_code = fact.la_code
            and fact.{{ day }} between windows.period_start and windows.period_end
    where windows.source_id = '{{ source }}'
    group by windows.la_code, windows.period, windows.period_end
    union all
    {%- endfor %}
    -- As the indicator counts them: unaccompanied on that day, not at some time.
    select
        'unaccompanied children in care on 31 March' as series,
        windows.la_code,
        windows.period as reporting_year,
        windows.period_end as counted_to,
        counts.events
    from windows
    inner join {{ ref('int_returns_count') }} as counts
        on
            windows.source_id = counts.source_id
            and windows.la_code = counts.la_code
            and windows.window_id = counts.window_id
            and counts.measure_id = 'unaccompanied_looked_after'
            and counts.breakdown = 'total'
    where windows.source_id = 'ssda903' and counts.events is not null
    union all
    -- Staff and places are counted on a day; the last day of a year speaks for it.
    select
        'counted: ' || service_id || case when breakdown = 'all' then '' else ', ' || breakdown end as series,
        la_code,
        {{ year_to_march('counted_on') }} as reporting_year,
        max(counted_on) as counted_to,
        {{ value_of_last('service_count.count', 'counted_on') }} as events
    from {{ ref('service_count') }} as service_count
    group by all
),

series_with_trend as (
    select
        events.*,
        count(*) over series_years as years,
        {{ r_squared_over('events.events', 'events.reporting_year', 'over series_years') }} as r_squared,
        {{ slope_over('events.events', 'events.reporting_year', 'over series_years') }} as slope,
        case
            when
                lag(events.reporting_year) over (
                    partition by events.la_code, events.series order by events.reporting_year
                ) = events.reporting_year - 1
                then lag(events.events) over (
                    partition by events.la_code, events.series order by events.reporting_year
                )
        end as previous_events,
        first_value(events.events) over (
            partition by events.la_code, events.series order by events.reporting_year
        ) as first_events
    from events
    window series_years as (partition by events.la_code, events.series)
)

select
    la_code,
    series,
    reporting_year,
    counted_to,
    events,
    {{ poisson_lower('events') }} as events_lower_95,
    {{ poisson_upper('events') }} as events_upper_95,
    events - previous_events as change,
    100.0 * (events - first_events) / nullif(first_events, 0) as change_since_first_percent,
    cast(years as integer) as years,
    case when years >= 3 then slope end as slope,
    case when years >= 3 then r_squared end as r_squared,
    case when years >= 3 then {{ r_squared_words('r_squared', 'slope') }} end as words_of_the_document
from series_with_trend
