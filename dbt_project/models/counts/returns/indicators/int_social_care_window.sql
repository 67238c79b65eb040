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

loads as (
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
years_collected as (
    select distinct
        source_id,
        la_code,
        period
    from loads
    where period is not null
),

-- A local extract holds what lies between its first and its last record.
days_recorded as (
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

possible_years as (
    select
        source_id,
        la_code,
        first_day,
        last_day,
        slack,
        {{ explode('range(extract(year from first_day), extract(year from last_day) + 2)') }} as period
    from days_recorded
    where first_day is not null
),

years_held as (
    select
        source_id,
        la_code,
        period
    from years_collected
    union all
    select
        source_id,
        la_code,
        cast(period as integer) as period
    from possible_years
    where
        -- One day a year says all there is to say of a school census.
        (source_id = 'school_census' and period between extract(year from first_day) and extract(year from last_day))
        or (
            first_day <= make_date(period - 1, 4, 1) + slack
            and last_day >= make_date(period, 3, 31) - slack
        )
),

year_windows as (
    select
        source_id,
        la_code,
        'year_' || period as window_id,
        true as is_year,
        false as is_begun_year,
        period,
        {{ year_label('period') }} as period_label,
        make_date(period - 1, 4, 1) as period_start,
        make_date(period, 3, 31) as period_end
    from years_held
),

all_years_window as (
    select
        source_id,
        la_code,
        'all_years' as window_id,
        false as is_year,
        false as is_begun_year,
        max(period) as period,
        'every complete year' as period_label,
        min(period_start) as period_start,
        max(period_end) as period_end
    from year_windows
    group by source_id, la_code
),

days_reached as (
    select
        source_id,
        la_code,
        first_day,
        last_day,
        slack
    from days_recorded
    where first_day is not null
    union all
    select
        source_id,
        la_code,
        min(make_date(period - 1, 4, 1)) as first_day,
        max(make_date(period, 3, 31)) as last_day,
        0 as slack
    from years_collected
    group by source_id, la_code
),

-- A period without an end goes to the last record.
named_windows as (
    select
        days_reached.source_id,
        days_reached.la_code,
        social_care_window.window_id,
        social_care_window.window_label as period_label,
        social_care_window.starts_on as period_start,
        coalesce(social_care_window.ends_on, days_reached.last_day) as period_end
    from days_reached
    inner join social_care_window
        on
            days_reached.first_day <= social_care_window.starts_on + days_reached.slack
            -- Where it begins after the last record there is nothing to run to.
            and (social_care_window.ends_on is not null or days_reached.last_day > social_care_window.starts_on)
            and days_reached.last_day
            >= coalesce(social_care_window.ends_on, days_reached.last_day) - days_reached.slack
),

-- The document's own periods, where the records reach over them.
document_windows as (
    select
        *,
        false as is_year,
        extract(month from period_start) = 4
        and extract(day from period_start) = 1
        and period_end < make_date({{ year_to_march('period_start') }}, 3, 31) as is_begun_year,
        extract(year from period_end) as period
    from named_windows
),

windows as (
    {{ union_by_name(['year_windows', 'all_years_window', 'document_windows']) }}
)

select
    source_id,
    la_code,
    window_id,
    is_year,
    is_begun_year,
    cast(period as integer) as period,
    period_label,
    period_start,
    period_end
from windows
