with

cell as (
    select * from {{ ref('int_report_cell') }}
    where population_id is not null
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

service_slice as (
    select * from {{ ref('int_indicator_slice') }}
    where geography_level = 'service'
),

cohort_count as (
    select * from {{ ref('int_cohort_count') }}
),

population_not_asked as (
    select * from {{ ref('int_population_not_asked') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

asked_of as (
    select distinct
        population_id,
        cohort_id,
        coalesce(question_no, 0) as question_no
    from cell
),

cohort_size as (
    select
        cohort.cohort_id,
        cohort_count.reporting_year,
        cohort_count.slice_id,
        cohort_count.forms
    from cohort_count
    inner join cohort
        on
            cohort_count.cohort_id = cohort.cohort_id
            and cohort_count.dataset = cohort.form_id
    where cohort_count.answer_id = 0
),

services as (
    select
        asked_of.population_id,
        asked_of.question_no,
        reporting_year.reporting_year,
        service_slice.geography_code,
        coalesce(cohort_size.forms, 0) as forms_in_cohort,
        coalesce(population_not_asked.not_asked, 0) as not_asked,
        coalesce(population_not_asked.not_asked_in_cohort, 0) as not_asked_in_cohort
    from asked_of
    cross join reporting_year
    cross join service_slice
    left join cohort_size
        on
            asked_of.cohort_id = cohort_size.cohort_id
            and reporting_year.reporting_year = cohort_size.reporting_year
            and service_slice.slice_id = cohort_size.slice_id
    left join population_not_asked
        on
            asked_of.population_id = population_not_asked.population_id
            and asked_of.question_no = population_not_asked.question_no
            and reporting_year.reporting_year = population_not_asked.reporting_year
            and service_slice.slice_id = population_not_asked.slice_id
),

-- A service that asked some of its forms asks; one without a form in the cohort does neither.
marked_services as (
    select
        population_id,
        question_no,
        reporting_year,
        geography_code,
        cast(forms_in_cohort > 0 or not_asked > 0 as integer) as services,
        cast(forms_in_cohort > not_asked_in_cohort as integer) as services_asking
    from services
),

counts as (
    select * from marked_services
    union all
    select
        population_id,
        question_no,
        reporting_year,
        'all_services' as geography_code,
        cast(sum(services) as integer) as services,
        cast(sum(services_asking) as integer) as services_asking
    from marked_services
    group by population_id, question_no, reporting_year
)

select * from counts
