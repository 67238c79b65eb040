with

answer_cube as (
    select * from {{ ref('int_answer_cube') }}
),

profile as (
    select * from {{ ref('int_profile') }}
),

profile_slice as (
    select * from {{ ref('int_profile_slice') }}
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

report_cell as (
    select * from {{ ref('int_report_cell') }}
    where question_no is not null
),

question as (
    select * from {{ ref('question') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

-- Whom an n can hold, or a question be put to, that a form may have been asked or not.
base_answer as (
    select
        population_answer.dataset,
        population_answer.answer_id,
        report_cell.question_no
    from report_cell
    inner join population_answer on report_cell.population_id = population_answer.population_id
    union distinct
    select
        report_cell.dataset,
        answer.answer_id,
        report_cell.question_no
    from report_cell
    inner join question on report_cell.question_no = question.question_no
    inner join answer
        on
            question.parent_question_id = answer.question_id
            and {{ in_code_list('question.parent_option_codes', 'answer.option_code') }}
),

unasked_question as (
    select
        profile_id,
        {{ each_joined_number('not_asked') }} as question_no
    from profile
    where not_asked <> ''
),

-- Of the forms that gave an answer, those that were not asked a question: what has to leave an n.
answer_cube_and_unasked as (
    select
        profile_id,
        dataset,
        answer_id,
        forms
    from answer_cube
    union all
    select
        answer_cube.profile_id,
        {{ unasked_dataset('answer_cube.dataset', 'unasked_question.question_no') }} as dataset,
        answer_cube.answer_id,
        answer_cube.forms
    from answer_cube
    inner join unasked_question on answer_cube.profile_id = unasked_question.profile_id
    inner join base_answer
        on
            answer_cube.dataset = base_answer.dataset
            and answer_cube.answer_id = base_answer.answer_id
            and unasked_question.question_no = base_answer.question_no
),

-- Rolled up by the set of cohorts first: that is a handful of values, and leaves few rows to spread over the cohorts.
counts_by_mask as (
    select
        profile.form_id,
        profile.reporting_year,
        profile.cohort_mask,
        profile_slice.slice_id,
        counted.dataset,
        counted.answer_id,
        sum(counted.forms) as forms
    from answer_cube_and_unasked as counted
    inner join profile on counted.profile_id = profile.profile_id
    inner join profile_slice on counted.profile_id = profile_slice.profile_id
    group by
        profile.form_id,
        profile.reporting_year,
        profile.cohort_mask,
        profile_slice.slice_id,
        counted.dataset,
        counted.answer_id
),

counts_by_cohort as (
    select
        counts_by_mask.reporting_year,
        counts_by_mask.slice_id,
        cohort.cohort_id,
        counts_by_mask.dataset,
        counts_by_mask.answer_id,
        cast(sum(counts_by_mask.forms) as bigint) as forms
    from counts_by_mask
    inner join cohort
        on counts_by_mask.form_id = cohort.form_id and {{ has_bit('counts_by_mask.cohort_mask', 'cohort.cohort_bit') }}
    group by
        counts_by_mask.reporting_year,
        counts_by_mask.slice_id,
        cohort.cohort_id,
        counts_by_mask.dataset,
        counts_by_mask.answer_id
)

select * from counts_by_cohort
