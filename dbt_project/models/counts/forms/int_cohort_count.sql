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

-- Rolled up by the set of cohorts first: that is a handful of values, and leaves few rows to spread over the cohorts.
counts_by_mask as (
    select
        profile.form_id,
        profile.reporting_year,
        profile.cohort_mask,
        profile_slice.slice_id,
        answer_cube.dataset,
        answer_cube.answer_id,
        sum(answer_cube.forms) as forms
    from answer_cube
    inner join profile on answer_cube.profile_id = profile.profile_id
    inner join profile_slice on answer_cube.profile_id = profile_slice.profile_id
    group by
        profile.form_id,
        profile.reporting_year,
        profile.cohort_mask,
        profile_slice.slice_id,
        answer_cube.dataset,
        answer_cube.answer_id
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
