with

population as (
    select * from {{ ref('population') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

slice as (
    select slice_id from {{ ref('int_indicator_slice') }}
),

cohort_count as (
    select * from {{ ref('int_cohort_count') }}
),

counted_bases as (
    select
        population_answer.population_id,
        cohort_count.reporting_year,
        cohort_count.slice_id,
        sum(cohort_count.forms) as forms
    from population_answer
    inner join cohort_count
        on
            population_answer.cohort_id = cohort_count.cohort_id
            and population_answer.dataset = cohort_count.dataset
            and population_answer.answer_id = cohort_count.answer_id
    group by population_answer.population_id, cohort_count.reporting_year, cohort_count.slice_id
),

-- Every population has a base everywhere, also where it is empty: an absent row could be mistaken for a gap.
complete_bases as (
    select
        population.population_id,
        reporting_year.reporting_year,
        slice.slice_id,
        cast(coalesce(counted_bases.forms, 0) as bigint) as base
    from population
    cross join reporting_year
    cross join slice
    left join counted_bases
        on
            population.population_id = counted_bases.population_id
            and reporting_year.reporting_year = counted_bases.reporting_year
            and slice.slice_id = counted_bases.slice_id
)

select * from complete_bases
