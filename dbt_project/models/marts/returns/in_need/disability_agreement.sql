{%- set factors = ['learning_disability', 'physical_disability', 'disability'] -%}
{%- set cells = ['both_say_so', 'factor_only', 'census_only', 'neither'] -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons = 'child' and is_factor_recorded
),

children as (
    select
        la_code,
        child_key,
        is_disabled
    from {{ ref('dim_child') }}
),

assessments_with_flag as (
    select
        assessments.*,
        coalesce(children.is_disabled, false) as is_disabled
    from assessments
    left join children
        on assessments.la_code = children.la_code and assessments.child_key = children.child_key
),

agreement_tables as (
    {%- for factor in factors %}
    select
        la_code,
        reporting_year,
        '{{ factor }}' as factor,
        count(*) filter (where has_{{ factor }} and is_disabled) as both_say_so,
        count(*) filter (where has_{{ factor }} and not is_disabled) as factor_only,
        count(*) filter (where not has_{{ factor }} and is_disabled) as census_only,
        count(*) filter (where not has_{{ factor }} and not is_disabled) as neither
    from assessments_with_flag
    group by la_code, reporting_year
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

kappas as (
    select
        *,
        {{ kappa(*cells) }} as kappa
    from agreement_tables
),

kappas_with_error as (
    select
        *,
        {{ kappa_error(*(cells + ['kappa'])) }} as kappa_error
    from kappas
)

select
    la_code,
    reporting_year,
    factor,
    both_say_so,
    factor_only,
    census_only,
    neither,
    both_say_so + factor_only + census_only + neither as base,
    100.0 * (both_say_so + neither) / (both_say_so + factor_only + census_only + neither) as agreement,
    kappa,
    kappa - {{ normal_quantile(95) }} * kappa_error as kappa_lower_95,
    kappa + {{ normal_quantile(95) }} * kappa_error as kappa_upper_95
from kappas_with_error
