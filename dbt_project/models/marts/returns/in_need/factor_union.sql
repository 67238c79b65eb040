{%- set unions = [
    ('substance', 'alcohol', 'drugs'), ('disability', 'learning_disability', 'physical_disability')
] -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
),

union_counts as (
    {%- for union_name, first, second in unions %}
    select
        la_code,
        reporting_year,
        persons,
        '{{ union_name }}' as union_name,
        '{{ first }}' as first_factor,
        '{{ second }}' as second_factor,
        count(*) as base,
        count(*) filter (where has_{{ first }}) as with_first,
        count(*) filter (where has_{{ second }}) as with_second,
        count(*) filter (where has_{{ first }} and has_{{ second }}) as with_both
    from assessments
    group by la_code, reporting_year, persons
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

union_sums as (
    select
        *,
        with_first + with_second as sum_of_both,
        with_first + with_second - with_both as with_either
    from union_counts
)

select
    la_code,
    reporting_year,
    union_name,
    persons,
    first_factor,
    second_factor,
    with_first,
    with_second,
    sum_of_both,
    with_either,
    with_both,
    base,
    100.0 * sum_of_both / base as share_of_sum,
    100.0 * with_either / base as share,
    {{ wilson_lower('with_either', 'base') }} as share_lower_95,
    {{ wilson_upper('with_either', 'base') }} as share_upper_95
from union_sums
