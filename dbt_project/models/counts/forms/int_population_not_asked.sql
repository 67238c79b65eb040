with

cell as (
    select * from {{ ref('int_report_cell') }}
    where population_id is not null
),

population as (
    select * from {{ ref('population') }}
),

question as (
    select * from {{ ref('question') }}
),

catalogue_cohort as (
    select * from {{ ref('cohort') }}
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

profile as (
    select * from {{ ref('int_profile') }}
),

profile_slice as (
    select * from {{ ref('int_profile_slice') }}
),

answer_cube as (
    select * from {{ ref('int_answer_cube') }}
),

cohort_count as (
    select * from {{ ref('int_cohort_count') }}
),

asked_of as (
    select distinct
        population_id,
        cohort_id,
        coalesce(question_no, 0) as question_no
    from cell
),

-- What a unit of the cohort has to have been asked to be counted: the question, and the one its population is a
-- condition on.
needed_question as (
    select
        population_id,
        question_no,
        question_no as needed_no
    from asked_of
    where question_no > 0
    union distinct
    select
        asked_of.population_id,
        asked_of.question_no,
        question.question_no as needed_no
    from asked_of
    inner join population on asked_of.population_id = population.population_id
    inner join question on population.question_id = question.question_id
),

-- A cohort can itself be a condition on the intake form. Who was not asked that is in none of it, and in the whole that
-- it is a part of.
restricting_question as (
    select
        cohort.cohort_id,
        cohort.form_id,
        cohort.cohort_bit,
        whole.cohort_bit as whole_bit,
        question.question_no as needed_no
    from cohort
    inner join catalogue_cohort on cohort.cohort_id = catalogue_cohort.cohort_id
    inner join question
        on {{ in_code_list("replace(catalogue_cohort.restriction, '=', ';')", 'question.question_id') }}
    inner join cohort as whole
        on
            cohort.form_id = whole.form_id
            and cohort.is_clients_only = whole.is_clients_only
            and whole.intake_answers is null
),

unasked_question as (
    select
        profile_id,
        form_id,
        reporting_year,
        cohort_mask,
        {{ each_joined_number('not_asked') }} as question_no
    from profile
    where not_asked <> ''
),

unasked_profile as (
    select
        asked_of.population_id,
        asked_of.question_no,
        unasked_question.profile_id,
        true as is_in_cohort
    from unasked_question
    inner join needed_question on unasked_question.question_no = needed_question.needed_no
    inner join asked_of
        on
            needed_question.population_id = asked_of.population_id
            and needed_question.question_no = asked_of.question_no
    inner join cohort
        on
            asked_of.cohort_id = cohort.cohort_id
            and unasked_question.form_id = cohort.form_id
            and {{ has_bit('unasked_question.cohort_mask', 'cohort.cohort_bit') }}
    union distinct
    select
        asked_of.population_id,
        asked_of.question_no,
        unasked_question.profile_id,
        false as is_in_cohort
    from unasked_question
    inner join restricting_question
        on
            unasked_question.question_no = restricting_question.needed_no
            and unasked_question.form_id = restricting_question.form_id
            and {{ has_bit('unasked_question.cohort_mask', 'restricting_question.whole_bit') }}
            and not {{ has_bit('unasked_question.cohort_mask', 'restricting_question.cohort_bit') }}
    inner join asked_of on restricting_question.cohort_id = asked_of.cohort_id
),

not_asked as (
    select
        unasked_profile.population_id,
        unasked_profile.question_no,
        profile.reporting_year,
        profile_slice.slice_id,
        sum(answer_cube.forms) as forms,
        sum(answer_cube.forms) filter (where unasked_profile.is_in_cohort) as forms_in_cohort
    from unasked_profile
    inner join profile on unasked_profile.profile_id = profile.profile_id
    inner join profile_slice on unasked_profile.profile_id = profile_slice.profile_id
    inner join answer_cube
        on
            unasked_profile.profile_id = answer_cube.profile_id
            and profile.form_id = answer_cube.dataset
            and answer_cube.answer_id = 0
    group by
        unasked_profile.population_id, unasked_profile.question_no, profile.reporting_year, profile_slice.slice_id
),

not_asked_in_base as (
    select
        asked_of.population_id,
        asked_of.question_no,
        cohort_count.reporting_year,
        cohort_count.slice_id,
        sum(cohort_count.forms) as forms
    from asked_of
    inner join population_answer on asked_of.population_id = population_answer.population_id
    inner join cohort_count
        on
            population_answer.cohort_id = cohort_count.cohort_id
            and {{ unasked_dataset('population_answer.dataset', 'asked_of.question_no') }} = cohort_count.dataset
            and population_answer.answer_id = cohort_count.answer_id
    group by asked_of.population_id, asked_of.question_no, cohort_count.reporting_year, cohort_count.slice_id
),

counts as (
    select
        not_asked.population_id,
        not_asked.question_no,
        not_asked.reporting_year,
        not_asked.slice_id,
        cast(not_asked.forms as bigint) as not_asked,
        cast(coalesce(not_asked.forms_in_cohort, 0) as bigint) as not_asked_in_cohort,
        cast(coalesce(not_asked_in_base.forms, 0) as bigint) as not_asked_in_base
    from not_asked
    left join not_asked_in_base
        on
            not_asked.population_id = not_asked_in_base.population_id
            and not_asked.question_no = not_asked_in_base.question_no
            and not_asked.reporting_year = not_asked_in_base.reporting_year
            and not_asked.slice_id = not_asked_in_base.slice_id
)

select * from counts
