with

services_asking as (
    select * from {{ ref('int_services_asking') }}
    where geography_code <> 'all_services'
),

profile as (
    select * from {{ ref('int_profile') }}
    where service_code is not null
),

breakdown as (
    select * from {{ ref('breakdown') }}
),

question as (
    select * from {{ ref('question') }}
),

cohort as (
    select * from {{ ref('cohort') }}
),

population as (
    select * from {{ ref('population') }}
),

-- A service that came or went is another matter: then the network is another. Here it is there in both years.
unlike_question as (
    select distinct
        this_year.population_id,
        this_year.question_no,
        this_year.reporting_year
    from services_asking as this_year
    inner join services_asking as year_before
        on
            this_year.population_id = year_before.population_id
            and this_year.question_no = year_before.question_no
            and this_year.geography_code = year_before.geography_code
            and this_year.reporting_year - 1 = year_before.reporting_year
    where
        this_year.services > 0
        and year_before.services > 0
        and this_year.services_asking <> year_before.services_asking
),

-- A slice of a breakdown holds those who were asked what it is broken down by.
breakdown_asked as (
    select
        profile.form_id,
        breakdown.breakdown,
        profile.service_code,
        profile.reporting_year,
        bool_or(
            not {{ in_joined_numbers('profile.not_asked', 'question.question_no') }}
        ) as asks
    from profile
    cross join breakdown
    inner join question on breakdown.question_id = question.question_id
    group by profile.form_id, breakdown.breakdown, profile.service_code, profile.reporting_year
),

unlike_breakdown as (
    select distinct
        this_year.form_id,
        this_year.breakdown,
        this_year.reporting_year
    from breakdown_asked as this_year
    inner join breakdown_asked as year_before
        on
            this_year.form_id = year_before.form_id
            and this_year.breakdown = year_before.breakdown
            and this_year.service_code = year_before.service_code
            and this_year.reporting_year - 1 = year_before.reporting_year
    where this_year.asks <> year_before.asks
),

unlike_years as (
    select
        population_id,
        question_no,
        'total' as breakdown,
        reporting_year
    from unlike_question
    union distinct
    select
        unlike_question.population_id,
        unlike_question.question_no,
        breakdown.breakdown,
        unlike_question.reporting_year
    from unlike_question
    cross join breakdown
    union distinct
    select
        services_asking.population_id,
        services_asking.question_no,
        unlike_breakdown.breakdown,
        unlike_breakdown.reporting_year
    from unlike_breakdown
    inner join cohort on unlike_breakdown.form_id = cohort.form_id
    inner join population on cohort.cohort_id = population.cohort_id
    inner join services_asking
        on
            population.population_id = services_asking.population_id
            and unlike_breakdown.reporting_year = services_asking.reporting_year
)

select * from unlike_years
