{#-
    An extract covers a window when its records reach to within a month of both ends; an extract of spells, in which a
    new one is rare, to within a quarter.
-#}
{%- set event_slack, spell_slack = 31, 92 -%}
{%- set extracts = [
    ('missing', 'fct_missing_episode', 'cast(started_at as date)', ''),
    ('local_referral', 'fct_local_referral', 'referral_date', ''),
    ('disabled_team', 'fct_disabled_team_case', 'open_date', 'close_date'),
    ('youth_justice', 'fct_youth_offence', 'offence_date', ''),
    ('treatment', 'fct_treatment_episode', 'start_date', 'end_date'),
    ('police', 'fct_police_incident', 'incident_date', ''),
    ('early_help', 'fct_early_help_attendance', 'attended_on', ''),
    ('family_support', 'fct_family_support_allocation', 'allocated_on', 'ended_on'),
    ('early_help_assessment', 'fct_early_help_assessment', 'completed_on', ''),
    ('young_carer', 'fct_young_carer', 'start_date', 'end_date'),
    ('lado', 'fct_lado_referral', 'allegation_date', ''),
    ('school_census', 'fct_school_census_pupil', 'census_date', ''),
] -%}
with

load as (
    select
        form_id as source_id,
        service as la_code,
        try_cast(form_version as integer) as period
    from {{ source('ops', 'load') }}
    where status = 'landed' and form_id in ('cin_census', 'ssda903')
),

social_care_window as (
    select * from {{ ref('social_care_window') }}
),

-- A yearly return holds the years it was collected for, whatever else stands in it.
collected as (
    select distinct
        source_id,
        la_code,
        period
    from load
    where period is not null
),

-- A local extract holds what lies between its first and its last record.
recorded as (
    {% for source_id, fact, first_column, last_column in extracts %}
    select
        '{{ source_id }}' as source_id,
        la_code,
        min({{ first_column }}) as first_day,
        max({{ 'greatest(' ~ first_column ~ ', ' ~ last_column ~ ')' if last_column else first_column }}) as last_day,
        {{ spell_slack if last_column else event_slack }} as slack
    from {{ ref(fact) }}
    group by la_code
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

candidate as (
    select
        source_id,
        la_code,
        first_day,
        last_day,
        slack,
        {{ explode('range(extract(year from first_day), extract(year from last_day) + 2)') }} as period
    from recorded
    where first_day is not null
),

year_held as (
    select
        source_id,
        la_code,
        period
    from collected
    union all
    select
        source_id,
        la_code,
        cast(period as integer) as period
    from candidate
    where
        -- One day a year says all there is to say of a school census.
        (source_id = 'school_census' and period between extract(year from first_day) and extract(year from last_day))
        or (
            first_day <= make_date(period - 1, 4, 1) + slack
            and last_day >= make_date(period, 3, 31) - slack
        )
),

year_window as (
    select
        source_id,
        la_code,
        'year_' || period as window_id,
        true as is_year,
        period,
        (period - 1) || '-' || right(cast(period as varchar), 2) as period_label,
        make_date(period - 1, 4, 1) as period_start,
        make_date(period, 3, 31) as period_end
    from year_held
),

all_years as (
    select
        source_id,
        la_code,
        'all_years' as window_id,
        false as is_year,
        max(period) as period,
        'every complete year' as period_label,
        min(period_start) as period_start,
        max(period_end) as period_end
    from year_window
    group by source_id, la_code
),

reach as (
    select
        source_id,
        la_code,
        first_day,
        last_day,
        slack
    from recorded
    where first_day is not null
    union all
    select
        source_id,
        la_code,
        min(make_date(period - 1, 4, 1)) as first_day,
        max(make_date(period, 3, 31)) as last_day,
        0 as slack
    from collected
    group by source_id, la_code
),

-- The document's own periods, where the records reach over them; one without an end goes to the last record.
named_window as (
    select
        reach.source_id,
        reach.la_code,
        social_care_window.window_id,
        false as is_year,
        cast(
            extract(year from coalesce(social_care_window.ends_on, reach.last_day)) as integer
        ) as period,
        social_care_window.window_label as period_label,
        social_care_window.starts_on as period_start,
        coalesce(social_care_window.ends_on, reach.last_day) as period_end
    from reach
    inner join social_care_window
        on
            reach.first_day <= social_care_window.starts_on + reach.slack
            -- Where it begins after the last record there is nothing to run to.
            and (social_care_window.ends_on is not null or reach.last_day > social_care_window.starts_on)
            and reach.last_day >= coalesce(social_care_window.ends_on, reach.last_day) - reach.slack
),

united as (
    select * from year_window
    union all
    select * from all_years
    union all
    select * from named_window
)

select
    source_id,
    la_code,
    window_id,
    is_year,
    cast(period as integer) as period,
    period_label,
    period_start,
    period_end
from united
