{%- set readings = number_readings() -%}
with

form_profile as (
    select * from {{ ref('int_form_profile') }}
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

wanted_questions as (
    select distinct
        dataset,
        cohort_id,
        question_no
    from {{ ref('int_report_cell') }}
    where is_about_number
),

-- Few numbers are outside, so what is read twice is small.
outside as (
    {% for fact in ['fct_intake', 'fct_exit', 'fct_review'] %}
    select
        '{{ fact }}' as fact,
        given.landed_row_id,
        given.item.question_no
    from (
        select
            landed_row_id,
            {{ explode('numbers_outside_bands') }} as item
        from {{ ref(fact) }}
    ) as given
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

outside_by_profile as (
    {% for reading in readings %}
    {% set outer_loop = loop %}
    {% for panel in count_panels() %}
    select
        form_profile.profile_id_{{ loop.index }} as profile_id,
        '{{ reading.dataset }}' as dataset,
        outside.question_no
    from outside
    inner join form_profile on outside.landed_row_id = form_profile.{{ reading.row }}
    where outside.fact = '{{ reading.fact }}' and form_profile.form_id = '{{ reading.form_id }}'
    {{ 'union all' if not (loop.last and outer_loop.last) }}
    {% endfor %}
    {% endfor %}
),

outside_by_cohort as (
    select
        profile.reporting_year,
        profile_slice.slice_id,
        cohort.cohort_id,
        outside_by_profile.dataset,
        outside_by_profile.question_no,
        count(*) as forms
    from outside_by_profile
    inner join profile on outside_by_profile.profile_id = profile.profile_id
    inner join profile_slice on outside_by_profile.profile_id = profile_slice.profile_id
    inner join cohort
        on profile.form_id = cohort.form_id and {{ has_bit('profile.cohort_mask', 'cohort.cohort_bit') }}
    inner join wanted_questions
        on
            outside_by_profile.dataset = wanted_questions.dataset
            and cohort.cohort_id = wanted_questions.cohort_id
            and outside_by_profile.question_no = wanted_questions.question_no
    group by
        profile.reporting_year,
        profile_slice.slice_id,
        cohort.cohort_id,
        outside_by_profile.dataset,
        outside_by_profile.question_no
)

select * from outside_by_cohort
