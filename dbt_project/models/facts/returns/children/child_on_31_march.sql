{%- set statuses = {
    'is_in_need': ('fct_cin_episode', 'true'),
    'is_on_plan': ('fct_protection_plan', 'true'),
    'is_looked_after': ('fct_care_episode', 'not is_short_break'),
} -%}

with

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

children as (
    select * from {{ ref('dim_child') }}
),

-- The years for which the authority has sent a statutory return.
years as (
    select distinct
        la_code,
        collection_year as reporting_year,
        make_date(collection_year, 3, 31) as day
    from dispositions
    where is_in_force and (starts_with(record_id, 'cin_') or starts_with(record_id, 's903_'))
),

statuses_on_the_day as (
    {%- for status, (mart, condition) in statuses.items() %}
    select
        years.la_code,
        episodes.child_key,
        years.reporting_year,
        '{{ status }}' as status
    from years
    inner join {{ ref(mart) }} as episodes
        on years.la_code = episodes.la_code
    where {{ open_on('years.day', 'episodes.start_date', 'episodes.end_date') }} and {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

children_on_the_day as (
    select
        la_code,
        child_key,
        reporting_year,
        {%- for status in statuses %}
        bool_or(status = '{{ status }}') as {{ status }}{{ ',' if not loop.last }}
        {%- endfor %}
    from statuses_on_the_day
    group by la_code, child_key, reporting_year
),

children_with_disability as (
    select
        children_on_the_day.*,
        coalesce(children.is_disabled, false) as is_disabled
    from children_on_the_day
    left join children
        on
            children_on_the_day.la_code = children.la_code
            and children_on_the_day.child_key = children.child_key
)

select
    la_code,
    child_key,
    reporting_year,
    is_in_need,
    is_on_plan,
    is_looked_after,
    is_disabled
from children_with_disability
