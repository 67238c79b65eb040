with

coverage as (
    select * from {{ ref('int_returns_coverage') }}
    -- People of incidents lie in the windows of their incidents.
    where record_id <> 'police_person'
),

social_care_window as (
    select * from {{ ref('social_care_window') }}
),

possible_years as (
    select
        *,
        {{ explode('range(extract(year from first_day), extract(year from last_day) + 2)') }} as period
    from coverage
),

-- Of a yearly return the tables together, of an extract its records, hold the years that they reach over.
years_held as (
    select distinct
        source_id,
        la_code,
        cast(period as integer) as period
    from possible_years
    where first_day <= make_date(period - 1, 4, 1) + slack and last_day >= make_date(period, 3, 31) - slack
),

year_windows as (
    select
        source_id,
        la_code,
        'year_' || period as window_id,
        false as is_open,
        true as is_year,
        false as is_begun_year,
        period,
        {{ year_label('period') }} as period_label,
        make_date(period - 1, 4, 1) as period_start,
        make_date(period, 3, 31) as period_end
    from years_held
),

years_in_runs as (
    select
        *,
        period - row_number() over (partition by source_id, la_code order by period) as run_no
    from year_windows
),

-- The years since the last gap: what nobody delivered is not counted as nought.
all_years_window as (
    select
        source_id,
        la_code,
        'all_years' as window_id,
        true as is_open,
        false as is_year,
        false as is_begun_year,
        max(period) as period,
        'every complete year' as period_label,
        min(period_start) as period_start,
        max(period_end) as period_end
    from years_in_runs
    group by source_id, la_code, run_no
    qualify row_number() over (partition by source_id, la_code order by max(period) desc) = 1
),

yearly_source as (
    select distinct source_id from coverage
    where slack = 0
),

-- Of a yearly return whole runs of years, of an extract what its records reach.
days_reached as (
    select
        years_in_runs.source_id,
        years_in_runs.la_code,
        min(years_in_runs.period_start) as first_day,
        max(years_in_runs.period_end) as last_day,
        0 as slack
    from years_in_runs
    where years_in_runs.source_id in (select yearly_source.source_id from yearly_source)
    group by years_in_runs.source_id, years_in_runs.la_code, years_in_runs.run_no
    union all
    select
        source_id,
        la_code,
        first_day,
        last_day,
        slack
    from coverage
    where slack > 0
),

-- A period without an end goes to the last record.
named_windows as (
    select
        days_reached.source_id,
        days_reached.la_code,
        social_care_window.window_id,
        social_care_window.ends_on is null as is_open,
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
    -- What goes on with every year that comes is another window then, and is called by its days.
    case when is_open then concat_ws('', window_id, '@', period_start, '..', period_end) else window_id end
        as window_name,
    is_year,
    is_begun_year,
    cast(period as integer) as period,
    period_label,
    period_start,
    period_end
from windows
