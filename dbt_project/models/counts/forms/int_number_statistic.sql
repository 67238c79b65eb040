{%- set readings = number_readings() -%}
{#-
    The facts are read in place, not through a CTE: a CTE used twice is kept in memory, and these lists are the bulk of
    the data.
-#}
with

-- Not copied: DuckDB first writes down all of what is read more than once, and each reader wants one kind of form.
form_profile as not materialized (
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
    where statistic in ('mean', 'median')
),

-- Forms that gave the same number are counted together from here on: a middle value needs only how many gave each.
{% for reading in readings %}
{% for panel in count_panels() %}
{{ reading.dataset }}_{{ loop.index }} as (
    select
        given.profile_id,
        '{{ reading.dataset }}' as dataset,
        given.item.question_no,
        -- Fixed to decimals: sums of binary fractions would depend on the order in which rows arrive.
        cast(given.item.number as decimal(18, 6)) as number,
        count(*) as forms
    from (
        select
            form_profile.profile_id_{{ loop.index }} as profile_id,
            {{ explode('fact.numbers') }} as item
        from {{ ref(reading.fact) }} as fact
        inner join form_profile
            on
                form_profile.form_id = '{{ reading.form_id }}'
                and fact.landed_row_id = form_profile.{{ reading.row }}
    ) as given
    where
        given.item.number is not null
        and given.item.question_no in (
            select wanted_questions.question_no from wanted_questions
            where wanted_questions.dataset = '{{ reading.dataset }}'
        )
    group by given.profile_id, given.item.question_no, cast(given.item.number as decimal(18, 6))
),

{% endfor %}
{% endfor %}
number_cube as (
    {% for reading in readings %}
    {% set outer_loop = loop %}
    {% for panel in count_panels() %}
    select * from {{ reading.dataset }}_{{ loop.index }}
    {{ 'union all' if not (loop.last and outer_loop.last) }}
    {% endfor %}
    {% endfor %}
),

numbers_by_cohort as (
    select
        profile.reporting_year,
        profile_slice.slice_id,
        cohort.cohort_id,
        number_cube.dataset,
        number_cube.question_no,
        number_cube.number,
        cast(sum(number_cube.forms) as bigint) as forms
    from number_cube
    inner join profile on number_cube.profile_id = profile.profile_id
    inner join profile_slice on number_cube.profile_id = profile_slice.profile_id
    inner join cohort
        on profile.form_id = cohort.form_id and {{ has_bit('profile.cohort_mask', 'cohort.cohort_bit') }}
    inner join wanted_questions
        on
            number_cube.dataset = wanted_questions.dataset
            and cohort.cohort_id = wanted_questions.cohort_id
            and number_cube.question_no = wanted_questions.question_no
    group by
        profile.reporting_year,
        profile_slice.slice_id,
        cohort.cohort_id,
        number_cube.dataset,
        number_cube.question_no,
        number_cube.number
),

numbers_in_order as (
    select
        *,
        sum(forms) over (
            partition by reporting_year, slice_id, cohort_id, dataset, question_no
            order by number
        ) as forms_up_to_here,
        sum(forms) over (
            partition by reporting_year, slice_id, cohort_id, dataset, question_no
        ) as all_forms
    from numbers_by_cohort
),

-- The middle number; of an even count, halfway between the two middle ones.
number_statistics as (
    select
        reporting_year,
        slice_id,
        cohort_id,
        dataset,
        question_no,
        cast(max(all_forms) as bigint) as forms,
        cast(sum(number * forms) as double) as total,
        cast(
            min(case when 2 * forms_up_to_here >= all_forms then number end)
            + min(case when 2 * forms_up_to_here > all_forms then number end) as double
        ) / 2 as median
    from numbers_in_order
    group by reporting_year, slice_id, cohort_id, dataset, question_no
)

select * from number_statistics
