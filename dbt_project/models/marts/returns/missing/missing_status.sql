{%- set statuses = [
    ('not in care', 'not is_looked_after_at_start'),
    ('in care', 'is_looked_after_at_start'),
    ('in care, residential', 'is_residential_at_start'),
    ('in care, elsewhere', 'is_looked_after_at_start and not is_residential_at_start'),
] -%}
with

episodes as (
    select * from {{ ref('fct_missing_episode') }}
),

windows as (
    select * from {{ ref('int_social_care_window') }}
    where source_id = 'missing' and (is_year or is_begun_year or window_id = 'all_years')
),

-- Who was in care is known where the looked-after return is held; elsewhere everybody would seem not to be.
care_days as (
    select * from {{ ref('int_returns_coverage') }}
    where record_id = 's903_episode'
),

episodes_in_windows as (
    select
        windows.window_id,
        windows.period_label,
        windows.period_end,
        episodes.*
    from windows
    inner join episodes
        on
            windows.la_code = episodes.la_code
            and cast(episodes.started_at as date) between windows.period_start and windows.period_end
    inner join care_days
        on
            windows.la_code = care_days.la_code
            and windows.period_start >= care_days.first_day
            and windows.period_end <= care_days.last_day
),

status_counts as (
    {%- for status, condition in statuses %}
    select
        la_code,
        window_id,
        period_label,
        period_end,
        '{{ status }}' as status,
        count(*) filter (where {{ condition }}) as episodes,
        count(distinct case when {{ condition }} then child_key end) as children,
        count(*) as base,
        count(*) filter (where is_looked_after_at_start) as in_care
    from episodes_in_windows
    group by la_code, window_id, period_label, period_end
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    la_code,
    window_id,
    period_label,
    period_end,
    status,
    episodes,
    children,
    base,
    100.0 * episodes / base as share,
    {{ wilson_lower('episodes', 'base') }} as share_lower_95,
    {{ wilson_upper('episodes', 'base') }} as share_upper_95,
    case when status like 'in care%' then 100.0 * episodes / nullif(in_care, 0) end as share_of_in_care
from status_counts
