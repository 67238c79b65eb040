{%- set factors = ['learning_disability', 'physical_disability', 'disability'] -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
),

factor_counts as (
    {%- for factor in factors %}
    select
        la_code,
        reporting_year,
        '{{ factor }}' as factor,
        persons,
        count(*) filter (where has_{{ factor }}) as with_factor,
        count(*) as base
    from assessments
    group by la_code, reporting_year, persons
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

factor_counts_with_total as (
    select
        *,
        max(with_factor) filter (where persons = 'anyone') over (
            partition by la_code, reporting_year, factor
        ) as with_anyones
    from factor_counts
)

select
    la_code,
    reporting_year,
    factor,
    persons,
    with_factor,
    base,
    100.0 * with_factor / base as share,
    {{ wilson_lower('with_factor', 'base') }} as share_lower_95,
    {{ wilson_upper('with_factor', 'base') }} as share_upper_95,
    100.0 * with_factor / nullif(with_anyones, 0) as share_of_all_with_factor
from factor_counts_with_total
