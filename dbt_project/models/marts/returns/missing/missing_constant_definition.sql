with

episodes as (
    select * from {{ ref('int_missing_definition') }}
),

missing_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'missing' and is_year
),

population as (
    select * from {{ ref('int_child_population') }}
),

year_of_break as (
    select
        max({{ year_to_march('break_date') }}) filter (where break_id = '2014_01') as january_2014,
        max({{ year_to_march('break_date') }}) filter (where break_id = '2015_11') as november_2015
    from {{ ref('missing_break') }}
),

episodes_by_year as (
    select
        episodes.la_code,
        episodes.definition,
        episodes.reporting_year,
        count(*) as episodes,
        count(distinct episodes.child_key) as children,
        count(*) filter (where episodes.is_duration_unknown) as episodes_of_unknown_duration
    from episodes
    inner join missing_year
        on episodes.la_code = missing_year.la_code and episodes.reporting_year = missing_year.period
    group by episodes.la_code, episodes.definition, episodes.reporting_year
),

years_in_order as (
    select
        *,
        episodes / cast(children as double) as episodes_per_child,
        {% for value, name in [
            ('episodes', 'episodes'), ('children', 'children'), ('episodes / cast(children as double)', 'per_child')
        ] %}
        case when lag(reporting_year) over series = reporting_year - 1 then lag({{ value }}) over series end
            as previous_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from episodes_by_year
    window series as (partition by la_code, definition order by reporting_year)
)

select
    years_in_order.la_code,
    years_in_order.definition,
    years_in_order.reporting_year,
    years_in_order.episodes,
    years_in_order.children,
    years_in_order.episodes_per_child,
    years_in_order.episodes_of_unknown_duration,
    {{ rate('years_in_order.episodes', 'population.children', 10000) }} as episodes_per_10000,
    {{ rate_lower('years_in_order.episodes', 'population.children', 10000) }} as rate_lower_95,
    {{ rate_upper('years_in_order.episodes', 'population.children', 10000) }} as rate_upper_95,
    years_in_order.episodes - years_in_order.previous_episodes as change,
    100.0
    * (years_in_order.episodes - years_in_order.previous_episodes)
    / years_in_order.previous_episodes as change_percent,
    -- What the change would be had only the one of the two changed, each at the mean of the other. [Kitagawa 1955]
    (years_in_order.children - years_in_order.previous_children)
    * (years_in_order.episodes_per_child + years_in_order.previous_per_child) / 2 as change_by_children,
    (years_in_order.episodes_per_child - years_in_order.previous_per_child)
    * (years_in_order.children + years_in_order.previous_children) / 2 as change_by_episodes_per_child,
    coalesce(years_in_order.reporting_year = year_of_break.january_2014, false) as holds_break_of_january_2014,
    coalesce(years_in_order.reporting_year = year_of_break.november_2015, false) as holds_break_of_november_2015
from years_in_order
cross join year_of_break
left join population
    on years_in_order.la_code = population.la_code and years_in_order.reporting_year = population.reporting_year
