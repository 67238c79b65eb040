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
wanted as (
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

counted_set as (
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
set_place as (
    select
        set_id,
        width,
        cast(sum(width) over (partition by form_id order by set_id) - width as integer) as place
    from (
        select
            counted_set.form_id,
            wanted.set_id,
            max(wanted.member_order) + 1 as width
        from wanted
        inner join counted_set on wanted.set_id = counted_set.set_id
        group by counted_set.form_id, wanted.set_id
    ) as measured
),

answer_bits as (
    select
        wanted.answer_id,
        bit_or(cast(1 as bigint) << (set_place.place + wanted.member_order)) as bits
    from wanted
    inner join set_place on wanted.set_id = set_place.set_id
    group by wanted.answer_id
),

given as (
    {% for form_id in ['intake', 'exit', 'review'] %}
    select
        landed_row_id,
        {{ explode('answers') }} as answer_id
    from {{ ref('fct_' ~ form_id) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

reached as (
    select
        given.landed_row_id,
        bit_or(answer_bits.bits) as bits
    from given
    inner join answer_bits on given.answer_id = answer_bits.answer_id
    group by given.landed_row_id
),

combined as (
    select
        reached.landed_row_id,
        set_place.set_id,
        cast(
            (reached.bits >> (set_place.place + 1)) & ((cast(1 as bigint) << (set_place.width - 1)) - 1) as integer
        ) as combination,
        {{ has_bit('reached.bits', '(cast(1 as bigint) << set_place.place)') }} as opens_population
    from reached
    cross join set_place
),

with_member as (
    select
        combined.set_id,
        cohort_form.reporting_year,
        cohort_form.service_code,
        combined.combination,
        count(*) as forms
    from combined
    inner join counted_set on combined.set_id = counted_set.set_id
    inner join cohort_form
        on
            combined.landed_row_id = cohort_form.landed_row_id
            and counted_set.form_id = cohort_form.form_id
            and {{ has_bit('cohort_form.cohort_mask', 'counted_set.cohort_bit') }}
    where
        combined.combination > 0
        and (counted_set.is_whole_cohort or combined.opens_population)
    group by combined.set_id, cohort_form.reporting_year, cohort_form.service_code, combined.combination
),

placed as (
    select
        set_id,
        reporting_year,
        service_code as geography_code,
        combination,
        forms
    from with_member
    union all
    select
        set_id,
        reporting_year,
        'all_services' as geography_code,
        combination,
        sum(forms) as forms
    from with_member
    group by set_id, reporting_year, combination
),

placed_total as (
    select
        set_id,
        reporting_year,
        geography_code,
        sum(forms) as forms
    from placed
    group by set_id, reporting_year, geography_code
),

-- Who has none of the members is the rest of the n, the same n that the report's tables have.
with_none as (
    select
        counted_set.set_id,
        population_base.reporting_year,
        slice.geography_code,
        0 as combination,
        population_base.base - coalesce(placed_total.forms, 0) as forms
    from counted_set
    inner join population_base on counted_set.population_id = population_base.population_id
    inner join slice on population_base.slice_id = slice.slice_id
    left join placed_total
        on
            counted_set.set_id = placed_total.set_id
            and population_base.reporting_year = placed_total.reporting_year
            and slice.geography_code = placed_total.geography_code
    where slice.breakdown = 'total'
),

united as (
    select * from placed
    union all
    select * from with_none
)

select
    set_id,
    reporting_year,
    geography_code,
    combination,
    cast(forms as bigint) as forms
from united
