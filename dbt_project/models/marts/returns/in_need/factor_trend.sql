{%- set factors = [
    'domestic_violence', 'alcohol', 'drugs', 'substance', 'mental_health', 'learning_disability', 'physical_disability',
    'disability'
] -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons in ('anyone', 'child', 'adults')
),

counted as (
    select
        la_code,
        reporting_year,
        persons,
        count(*) as assessments,
        count(*) filter (where is_factor_recorded) as recorded
        {%- for factor in factors %},
        count(*) filter (where has_{{ factor }}) as {{ factor }}
        {%- endfor %}
    from assessments
    group by la_code, reporting_year, persons
),

-- A factor is on record only where factors are, so both bases share one numerator.
yearly as (
    {%- for factor in factors %}
    select
        counted.la_code,
        counted.reporting_year,
        counted.persons,
        '{{ factor }}' as factor,
        base.base_kind,
        counted.{{ factor }} as with_factor,
        case base.base_kind when 'all' then counted.assessments else counted.recorded end as base,
        100.0 * counted.recorded / counted.assessments as completeness
    from counted
    cross join (values ('all'), ('with factors recorded')) as base (base_kind)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

trends as (
    select
        la_code,
        persons,
        factor,
        base_kind,
        count(*) as years,
        {{ chi_square_for_trend_over('with_factor', 'base', 'reporting_year') }} as chi_square,
        {{ r_squared_over('with_factor / cast(base as double)', 'reporting_year') }} as r_squared,
        {{ slope_over('100 * with_factor / cast(base as double)', 'reporting_year') }} as points_a_year
    from yearly
    where base > 0
    group by la_code, persons, factor, base_kind
)

select
    yearly.la_code,
    yearly.factor,
    yearly.persons,
    yearly.base_kind,
    yearly.reporting_year,
    yearly.with_factor,
    yearly.base,
    100.0 * yearly.with_factor / nullif(yearly.base, 0) as share,
    {{ wilson_lower('yearly.with_factor', 'yearly.base') }} as share_lower_95,
    {{ wilson_upper('yearly.with_factor', 'yearly.base') }} as share_upper_95,
    yearly.completeness,
    trends.years,
    case when trends.years >= 3 then trends.points_a_year end as points_a_year,
    case when trends.years >= 3 then trends.chi_square end as chi_square,
    case when trends.years >= 3 then {{ p_of_chi_square('trends.chi_square') }} end as p_value,
    case when trends.years >= 3 then trends.r_squared end as r_squared,
    case
        when trends.years >= 3 then {{ r_squared_words('trends.r_squared', 'trends.points_a_year') }}
    end as words_of_the_document
from yearly
left join trends
    on
        yearly.la_code = trends.la_code
        and yearly.persons = trends.persons
        and yearly.factor = trends.factor
        and yearly.base_kind = trends.base_kind
