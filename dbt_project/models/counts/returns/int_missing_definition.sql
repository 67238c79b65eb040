{%- set definitions = [
    ('every episode', 'true'),
    ('missing only', "missing_class = 'missing'"),
    ('missing or unclassified', "missing_class in ('missing', 'unclassified')"),
    ('at least 24 hours', 'duration_days >= 1'),
    ('first of the child in the year', 'is_first_in_year'),
    ('missing only, first of the child in the year', "is_first_missing_in_year"),
] -%}
with

episodes as (
    select * from {{ ref('fct_missing_episode') }}
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

ranked_episodes as (
    select
        episodes.*,
        row_number() over (
            partition by episodes.la_code, episodes.child_key, episodes.reporting_year
            order by episodes.started_at, episodes.episode_key
        ) = 1 as is_first_in_year,
        episodes.missing_class = 'missing'
        and row_number() over (
            partition by episodes.la_code, episodes.child_key, episodes.reporting_year, episodes.missing_class
            order by episodes.started_at, episodes.episode_key
        ) = 1 as is_first_missing_in_year
    from episodes
    inner join days_reached
        on episodes.la_code = days_reached.la_code
    where cast(episodes.started_at as date) between days_reached.first_day and days_reached.last_day
)

{% for definition, condition in definitions %}
select
    '{{ definition }}' as definition,
    la_code,
    child_key,
    episode_key,
    cast(started_at as date) as started_on,
    reporting_year,
    duration_days is null as is_duration_unknown
from ranked_episodes
where {{ condition }}
{{ 'union all' if not loop.last }}
{%- endfor %}
