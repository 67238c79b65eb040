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
        la_code,
        min(period_start) filter (where is_year) as first_day,
        max(period_end) filter (where is_year or is_begun_year) as last_day
    from {{ ref('int_social_care_window') }}
    where source_id = 'missing'
    group by la_code
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
