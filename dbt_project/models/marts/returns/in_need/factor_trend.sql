{%- set factors = [
    'domestic_violence', 'alcohol', 'drugs', 'substance', 'mental_health', 'learning_disability', 'physical_disability',
    'disability'
] -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons in ('anyone', 'child', 'adults')
),

factor_counts as (
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
factors_by_year as (
    {%- for factor in factors %}
    select
        factor_counts.la_code,
        factor_counts.reporting_year,
        factor_counts.persons,
        '{{ factor }}' as factor,
        base.base_kind,
        factor_counts.{{ factor }} as with_factor,
        case base.base_kind when 'all' then factor_counts.assessments else factor_counts.recorded end as base,
        100.0 * factor_counts.recorded / factor_counts.assessments as completeness
    from factor_counts
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
    from factors_by_year
    where base > 0
    group by la_code, persons, factor, base_kind
)

select
    factors_by_year.la_code,
    factors_by_year.factor,
    factors_by_year.persons,
    factors_by_year.base_kind,
    factors_by_year.reporting_year,
    factors_by_year.with_factor,
    factors_by_year.base,
    100.0 * factors_by_year.with_factor / nullif(factors_by_year.base, 0) as share,
    {{ wilson_lower('factors_by_year.with_factor', 'factors_by_year.base') }} as share_lower_95,
    {{ wilson_upper('factors_by_year.with_factor', 'factors_by_year.base') }} as share_upper_95,
    factors_by_year.completeness,
    trends.years,
    case when trends.years >= 3 then trends.points_a_year end as points_a_year,
    case when trends.years >= 3 then trends.chi_square end as chi_square,
    case when trends.years >= 3 then {{ p_of_chi_square('trends.chi_square') }} end as p_value,
    case when trends.years >= 3 then trends.r_squared end as r_squared,
    case
        when trends.years >= 3 then {{ r_squared_words('trends.r_squared', 'trends.points_a_year') }}
    end as words_of_the_document
from factors_by_year
left join trends
    on
        factors_by_year.la_code = trends.la_code
        and factors_by_year.persons = trends.persons
        and factors_by_year.factor = trends.factor
        and factors_by_year.base_kind = trends.base_kind
