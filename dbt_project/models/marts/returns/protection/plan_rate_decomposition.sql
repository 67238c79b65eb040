with

population as (
    select * from {{ ref('int_child_population') }}
),

census_year as (
    select
        la_code,
        period as reporting_year
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

events as (
    select
        la_code,
        reporting_year,
        'referrals' as event
    from {{ ref('fct_referral') }}
    union all
    select
        la_code,
        reporting_year,
        'enquiries' as event
    from {{ ref('fct_section47') }}
    union all
    select
        la_code,
        reporting_year,
        'conferences' as event
    from {{ ref('fct_conference') }}
    union all
    select
        la_code,
        reporting_year,
        'plans' as event
    from {{ ref('fct_protection_plan') }}
),

events_by_year as (
    select
        census_year.la_code,
        census_year.reporting_year,
        population.children,
        count(*) filter (where events.event = 'referrals') as referrals,
        count(*) filter (where events.event = 'enquiries') as enquiries,
        count(*) filter (where events.event = 'conferences') as conferences,
        count(*) filter (where events.event = 'plans') as plans
    from census_year
    inner join population
        on census_year.la_code = population.la_code and census_year.reporting_year = population.reporting_year
    inner join events
        on census_year.la_code = events.la_code and census_year.reporting_year = events.reporting_year
    group by all
),

factors as (
    {%- for place, step, value in [
        (1, 'referrals per 10,000 children', '10000.0 * referrals / children'),
        (2, 'enquiries per referral', 'enquiries / nullif(cast(referrals as double), 0)'),
        (3, 'conferences per enquiry', 'conferences / nullif(cast(enquiries as double), 0)'),
        (4, 'plans per conference', 'plans / nullif(cast(conferences as double), 0)'),
        (5, 'plan starts per 10,000 children', '10000.0 * plans / children'),
    ] %}
    select
        la_code,
        reporting_year,
        {{ place }} as place,
        '{{ step }}' as factor,
        {{ value }} as value
    from events_by_year
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

factors_in_order as (
    select
        *,
        case
            when lag(reporting_year) over (partition by la_code, factor order by reporting_year) = reporting_year - 1
                then lag(value) over (partition by la_code, factor order by reporting_year)
        end as previous_value
    from factors
),

factor_changes as (
    select
        *,
        case when value > 0 and previous_value > 0 then ln(value / previous_value) end as log_change
    from factors_in_order
)

-- The first four multiply to the fifth, so their logarithms add up to its logarithm.
select
    la_code,
    reporting_year,
    place,
    factor,
    value,
    previous_value,
    100 * (value / nullif(previous_value, 0) - 1) as change_percent,
    log_change,
    100 * log_change
    / nullif(max(log_change) filter (where place = 5) over (partition by la_code, reporting_year), 0)
        as share_of_change
from factor_changes
