with

episodes as (
    select * from {{ ref('fct_missing_episode') }}
),

windows as (
    select * from {{ ref('int_social_care_window') }}
    where source_id = 'missing' and (is_year or is_begun_year or window_id = 'all_years')
),

episodes_by_child as (
    select
        windows.la_code,
        windows.window_id,
        windows.period_label,
        windows.period_start,
        windows.period_end,
        episodes.child_key,
        count(*) as episodes,
        count(*) filter (where episodes.duration_days is null) as of_unknown_duration
    from windows
    inner join episodes
        on
            windows.la_code = episodes.la_code
            and cast(episodes.started_at as date) between windows.period_start and windows.period_end
    group by all
),

children_ranked as (
    select
        *,
        row_number() over (partition by la_code, window_id order by episodes desc, child_key) as place,
        count(*) over (partition by la_code, window_id) as children
    from episodes_by_child
),

window_totals as (
    select
        la_code,
        window_id,
        period_label,
        period_start,
        period_end,
        cast(sum(episodes) as bigint) as episodes,
        count(*) as children,
        count(*) filter (where episodes >= 2) as children_with_two_or_more,
        max(episodes) as most_of_one_child,
        cast(sum(of_unknown_duration) as bigint) as episodes_of_unknown_duration,
        cast(coalesce(sum(episodes) filter (where place <= ceil(children / 10.0)), 0) as bigint)
            as episodes_of_top_tenth
    from children_ranked
    group by la_code, window_id, period_label, period_start, period_end
)

select
    la_code,
    window_id,
    period_label,
    period_start,
    period_end,
    episodes,
    children,
    episodes / cast(children as double) as episodes_per_child,
    children_with_two_or_more,
    100.0 * children_with_two_or_more / children as share_with_two_or_more,
    {{ wilson_lower('children_with_two_or_more', 'children') }} as share_lower_95,
    {{ wilson_upper('children_with_two_or_more', 'children') }} as share_upper_95,
    most_of_one_child,
    episodes_of_top_tenth,
    100.0 * episodes_of_top_tenth / episodes as share_of_top_tenth,
    episodes_of_unknown_duration,
    100.0 * episodes_of_unknown_duration / episodes as share_of_unknown_duration
from window_totals
