with

co_occurrence_set as (
    select * from {{ ref('co_occurrence_set') }}
),

co_occurrence_member as (
    select * from {{ ref('co_occurrence_member') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

population_base as (
    select * from {{ ref('int_population_base') }}
),

slice as (
    select * from {{ ref('int_indicator_slice') }}
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

cohort_form as (
    select * from {{ ref('int_cohort_form') }}
),

-- Members are numbered from 1; the answers that open the population carry 0. Answer 0 is the form itself.
wanted_answers as (
    select
        co_occurrence_member.set_id,
        answer.answer_id,
        co_occurrence_member.member_order
    from co_occurrence_member
    inner join answer
        on
            co_occurrence_member.question_id = answer.question_id
            and {{ in_code_list('co_occurrence_member.option_codes', 'answer.option_code') }}
    union all
    select
        co_occurrence_set.set_id,
        population_answer.answer_id,
        0 as member_order
    from co_occurrence_set
    inner join population_answer on co_occurrence_set.population_id = population_answer.population_id
    where population_answer.answer_id > 0
),

counted_sets as (
    select
        co_occurrence_set.set_id,
        co_occurrence_set.population_id,
        cohort.form_id,
        cohort.cohort_bit,
        bool_and(population_answer.answer_id = 0) as is_whole_cohort
    from co_occurrence_set
    inner join population_answer on co_occurrence_set.population_id = population_answer.population_id
    inner join cohort on population_answer.cohort_id = cohort.cohort_id
    group by co_occurrence_set.set_id, co_occurrence_set.population_id, cohort.form_id, cohort.cohort_bit
),

-- What a form has of all its sets is one number: a bit for the population of each set, and one for each of its members.
-- To group by form and set instead takes twice as long. A number with too many bits is an error in DuckDB.
set_places as (
    select
        set_id,
        width,
        cast(sum(width) over (partition by form_id order by set_id) - width as integer) as place
    from (
        select
            counted_sets.form_id,
            wanted_answers.set_id,
            max(wanted_answers.member_order) + 1 as width
        from wanted_answers
        inner join counted_sets on wanted_answers.set_id = counted_sets.set_id
        group by counted_sets.form_id, wanted_answers.set_id
    ) as measured
),

answer_bits as (
    select
        wanted_answers.answer_id,
        bit_or(cast(1 as bigint) << (set_places.place + wanted_answers.member_order)) as bits
    from wanted_answers
    inner join set_places on wanted_answers.set_id = set_places.set_id
    group by wanted_answers.answer_id
),

answers_given as (
    {% for form_id in ['intake', 'exit', 'review'] %}
    select
        landed_row_id,
        {{ explode('answers') }} as answer_id
    from {{ ref('fct_' ~ form_id) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

bits_by_form as (
    select
        answers_given.landed_row_id,
        bit_or(answer_bits.bits) as bits
    from answers_given
    inner join answer_bits on answers_given.answer_id = answer_bits.answer_id
    group by answers_given.landed_row_id
),

-- What occurs together is asked of a form that was asked all of a set.
set_question as (
    select distinct
        co_occurrence_member.set_id,
        answer.question_no
    from co_occurrence_member
    inner join answer on co_occurrence_member.question_id = answer.question_id
),

unasked_list as (
    select distinct not_asked from cohort_form
    where not_asked <> ''
),

unasked_question as (
    select
        not_asked,
        {{ each_joined_number('not_asked') }} as question_no
    from unasked_list
),

unasked_set as (
    select distinct
        set_question.set_id,
        unasked_question.not_asked
    from set_question
    inner join unasked_question on set_question.question_no = unasked_question.question_no
),

combinations_by_form as (
    select
        bits_by_form.landed_row_id,
        set_places.set_id,
        cast(
            (bits_by_form.bits >> (set_places.place + 1))
            & ((cast(1 as bigint) << (set_places.width - 1)) - 1) as integer
        ) as combination,
        {{ has_bit('bits_by_form.bits', '(cast(1 as bigint) << set_places.place)') }} as opens_population
    from bits_by_form
    cross join set_places
),

forms_with_a_member as (
    select
        combinations_by_form.set_id,
        cohort_form.reporting_year,
        cohort_form.service_code,
        combinations_by_form.combination,
        count(*) as forms
    from combinations_by_form
    inner join counted_sets on combinations_by_form.set_id = counted_sets.set_id
    inner join cohort_form
        on
            combinations_by_form.landed_row_id = cohort_form.landed_row_id
            and counted_sets.form_id = cohort_form.form_id
            and {{ has_bit('cohort_form.cohort_mask', 'counted_sets.cohort_bit') }}
    left join unasked_set
        on
            combinations_by_form.set_id = unasked_set.set_id
            and cohort_form.not_asked = unasked_set.not_asked
    where
        unasked_set.set_id is null
        and combinations_by_form.combination > 0
        and (counted_sets.is_whole_cohort or combinations_by_form.opens_population)
    group by
        combinations_by_form.set_id,
        cohort_form.reporting_year,
        cohort_form.service_code,
        combinations_by_form.combination
),

unasked_forms as (
    select
        counted_sets.set_id,
        cohort_form.reporting_year,
        cohort_form.service_code,
        count(*) as forms
    from counted_sets
    inner join cohort_form
        on
            counted_sets.form_id = cohort_form.form_id
            and {{ has_bit('cohort_form.cohort_mask', 'counted_sets.cohort_bit') }}
    inner join unasked_set
        on
            counted_sets.set_id = unasked_set.set_id
            and cohort_form.not_asked = unasked_set.not_asked
    left join combinations_by_form
        on
            counted_sets.set_id = combinations_by_form.set_id
            and cohort_form.landed_row_id = combinations_by_form.landed_row_id
    where counted_sets.is_whole_cohort or combinations_by_form.opens_population
    group by counted_sets.set_id, cohort_form.reporting_year, cohort_form.service_code
),

unasked_by_place as (
    select
        set_id,
        reporting_year,
        service_code as geography_code,
        forms
    from unasked_forms
    union all
    select
        set_id,
        reporting_year,
        'all_services' as geography_code,
        sum(forms) as forms
    from unasked_forms
    group by set_id, reporting_year
),

counts_by_place as (
    select
        set_id,
        reporting_year,
        service_code as geography_code,
        combination,
        forms
    from forms_with_a_member
    union all
    select
        set_id,
        reporting_year,
        'all_services' as geography_code,
        combination,
        sum(forms) as forms
    from forms_with_a_member
    group by set_id, reporting_year, combination
),

totals_by_place as (
    select
        set_id,
        reporting_year,
        geography_code,
        sum(forms) as forms
    from counts_by_place
    group by set_id, reporting_year, geography_code
),

-- Who has none of the members is the rest of the n: that of the report's tables, less who was not asked all of the set.
forms_with_none as (
    select
        counted_sets.set_id,
        population_base.reporting_year,
        slice.geography_code,
        0 as combination,
        population_base.base - coalesce(unasked_by_place.forms, 0) - coalesce(totals_by_place.forms, 0) as forms
    from counted_sets
    inner join population_base on counted_sets.population_id = population_base.population_id
    inner join slice on population_base.slice_id = slice.slice_id
    left join totals_by_place
        on
            counted_sets.set_id = totals_by_place.set_id
            and population_base.reporting_year = totals_by_place.reporting_year
            and slice.geography_code = totals_by_place.geography_code
    left join unasked_by_place
        on
            counted_sets.set_id = unasked_by_place.set_id
            and population_base.reporting_year = unasked_by_place.reporting_year
            and slice.geography_code = unasked_by_place.geography_code
    where slice.breakdown = 'total'
),

counts as (
    select * from counts_by_place
    union all
    select * from forms_with_none
)

select
    set_id,
    reporting_year,
    geography_code,
    combination,
    cast(forms as bigint) as forms
from counts
