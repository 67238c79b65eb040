with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons in ('anyone', 'adults')
),

child_years as (
    select
        la_code,
        reporting_year,
        persons,
        child_key,
        bool_or(is_factor_recorded) as is_factor_recorded,
        bool_or(has_domestic_violence) as has_domestic_violence,
        bool_or(has_substance) as has_substance,
        bool_or(has_mental_health) as has_mental_health
    from assessments
    group by la_code, reporting_year, persons, child_key
),

units as (
    select
        'assessment' as counted,
        la_code,
        reporting_year,
        persons,
        is_factor_recorded,
        has_domestic_violence,
        has_substance,
        has_mental_health
    from assessments
    union all
    select
        'child' as counted,
        la_code,
        reporting_year,
        persons,
        is_factor_recorded,
        has_domestic_violence,
        has_substance,
        has_mental_health
    from child_years
),

units_by_base as (
    select
        units.*,
        base.base_kind
    from units
    inner join (values ('all'), ('with factors recorded')) as base (base_kind)
        on base.base_kind = 'all' or units.is_factor_recorded
),

totals_by_base as (
    select
        counted,
        la_code,
        reporting_year,
        persons,
        base_kind,
        count(*) as base,
        count(*) filter (where has_domestic_violence) as domestic_violence,
        count(*) filter (where has_substance) as substance,
        count(*) filter (where has_mental_health) as mental_health
    from units_by_base
    group by counted, la_code, reporting_year, persons, base_kind
),

combinations as (
    select
        domestic_violence.flag as has_domestic_violence,
        substance.flag as has_substance,
        mental_health.flag as has_mental_health
    from (values (true), (false)) as domestic_violence (flag)
    cross join (values (true), (false)) as substance (flag)
    cross join (values (true), (false)) as mental_health (flag)
),

observed_counts as (
    select
        counted,
        la_code,
        reporting_year,
        persons,
        base_kind,
        has_domestic_violence,
        has_substance,
        has_mental_health,
        count(*) as observed
    from units_by_base
    group by all
),

-- Expected: what chance would bring together, were the three factors independent of each other.
compared_combinations as (
    select
        totals_by_base.*,
        combinations.*,
        coalesce(observed_counts.observed, 0) as observed,
        totals_by_base.base
        * (case when combinations.has_domestic_violence then totals_by_base.domestic_violence
            else totals_by_base.base - totals_by_base.domestic_violence end / cast(totals_by_base.base as double))
        * (case when combinations.has_substance then totals_by_base.substance
            else totals_by_base.base - totals_by_base.substance end / cast(totals_by_base.base as double))
        * (case when combinations.has_mental_health then totals_by_base.mental_health
            else totals_by_base.base - totals_by_base.mental_health end / cast(totals_by_base.base as double))
            as expected
    from totals_by_base
    cross join combinations
    left join observed_counts
        on
            totals_by_base.counted = observed_counts.counted
            and totals_by_base.la_code = observed_counts.la_code
            and totals_by_base.reporting_year = observed_counts.reporting_year
            and totals_by_base.persons = observed_counts.persons
            and totals_by_base.base_kind = observed_counts.base_kind
            and combinations.has_domestic_violence = observed_counts.has_domestic_violence
            and combinations.has_substance = observed_counts.has_substance
            and combinations.has_mental_health = observed_counts.has_mental_health
)

select
    la_code,
    reporting_year,
    counted,
    persons,
    base_kind,
    has_domestic_violence,
    has_substance,
    has_mental_health,
    cast(has_domestic_violence as integer) + cast(has_substance as integer) + cast(has_mental_health as integer)
        as factors_present,
    observed,
    base,
    100.0 * observed / base as share,
    {{ wilson_lower('observed', 'base') }} as share_lower_95,
    {{ wilson_upper('observed', 'base') }} as share_upper_95,
    expected,
    {{ standardised_ratio('observed', 'expected') }} as observed_over_expected,
    {{ standardised_ratio_lower('observed', 'expected') }} as ratio_lower_95,
    {{ standardised_ratio_upper('observed', 'expected') }} as ratio_upper_95,
    case when has_domestic_violence then 100.0 * observed / nullif(domestic_violence, 0) end
        as share_of_domestic_violence,
    case when has_substance then 100.0 * observed / nullif(substance, 0) end as share_of_substance,
    case when has_mental_health then 100.0 * observed / nullif(mental_health, 0) end as share_of_mental_health
from compared_combinations
