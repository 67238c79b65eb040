with

plans as (
    select * from {{ ref('int_plan_maltreatment') }}
    where is_factor_recorded
),

bases as (
    select
        la_code,
        reporting_year,
        initial_category,
        count(*) as plans_with_factors
    from plans
    group by la_code, reporting_year, initial_category
),

counted as (
    select
        la_code,
        reporting_year,
        initial_category,
        has_neglect,
        has_emotional,
        has_physical,
        has_sexual,
        count(*) as plans
    from plans
    group by la_code, reporting_year, initial_category, has_neglect, has_emotional, has_physical, has_sexual
)

select
    counted.la_code,
    counted.reporting_year,
    counted.initial_category,
    counted.has_neglect,
    counted.has_emotional,
    counted.has_physical,
    counted.has_sexual,
    counted.plans,
    bases.plans_with_factors,
    100.0 * counted.plans / bases.plans_with_factors as share
from counted
inner join bases
    on
        counted.la_code = bases.la_code
        and counted.reporting_year = bases.reporting_year
        and counted.initial_category = bases.initial_category
