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

combination_counts as (
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
    combination_counts.la_code,
    combination_counts.reporting_year,
    combination_counts.initial_category,
    combination_counts.has_neglect,
    combination_counts.has_emotional,
    combination_counts.has_physical,
    combination_counts.has_sexual,
    combination_counts.plans,
    bases.plans_with_factors,
    100.0 * combination_counts.plans / bases.plans_with_factors as share
from combination_counts
inner join bases
    on
        combination_counts.la_code = bases.la_code
        and combination_counts.reporting_year = bases.reporting_year
        and combination_counts.initial_category = bases.initial_category
