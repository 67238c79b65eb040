with

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

population as (
    select * from {{ ref('int_child_population') }}
),

census_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

-- Every plan counts twice: among all, and in the category it began with.
plans_by_category as (
    select
        la_code,
        reporting_year,
        plan_key,
        'all' as category
    from plans
    union all
    select
        la_code,
        reporting_year,
        plan_key,
        initial_category as category
    from plans
),

-- A year without a start of some category counts nought.
starts_by_year as (
    select
        census_year.la_code,
        census_year.period as reporting_year,
        categories.category,
        count(plans_by_category.plan_key) as starts,
        max(population.children) as children
    from census_year
    cross join (values ('all'), ('NEG'), ('PHY'), ('SAB'), ('EMO'), ('MUL')) as categories (category)
    left join plans_by_category
        on
            census_year.la_code = plans_by_category.la_code
            and census_year.period = plans_by_category.reporting_year
            and categories.category = plans_by_category.category
    left join population
        on census_year.la_code = population.la_code and census_year.period = population.reporting_year
    group by census_year.la_code, census_year.period, categories.category
),

starts_of_three_years as (
    select
        la_code,
        category,
        reporting_year,
        cast(sum(starts) over three_years as bigint) as starts,
        cast(sum(children) over three_years as bigint) as children,
        count(*) over three_years as years,
        count(children) over three_years as years_with_population
    from starts_by_year
    window three_years as (
        partition by la_code, category order by reporting_year range between 2 preceding and current row
    )
)

select
    la_code,
    category,
    reporting_year,
    1 as years,
    starts,
    children
from starts_by_year
union all
select
    la_code,
    category,
    reporting_year,
    3 as years,
    starts,
    case when years_with_population = 3 then children end as children
from starts_of_three_years
where years = 3
