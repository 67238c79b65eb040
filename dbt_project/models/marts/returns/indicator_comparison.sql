with

indicator_value as (
    select * from {{ ref('indicator_value') }}
    where theme = 'social_care'
),

indicator as (
    select
        indicator_id,
        polarity
    from {{ ref('social_care_indicator') }}
),

area as (
    select * from indicator_value
    where geography_level = 'authority' and statistic <> 'model'
),

benchmark as (
    select * from indicator_value
    where geography_level in ('country', 'statistical_neighbours')
),

compared_figures as (
    select
        area.indicator_id,
        area.period,
        area.period_label,
        area.geography_code as la_code,
        area.breakdown,
        area.breakdown_value,
        area.row_order,
        area.statistic,
        area.value,
        area.lower_95,
        area.upper_95,
        benchmark.geography_level as benchmark_level,
        benchmark.geography_code as benchmark_code,
        benchmark.value as benchmark_value,
        area.value - benchmark.value as difference,
        {{ against_benchmark('area.value', 'area.lower_95', 'area.upper_95', 'benchmark.value') }} as comparison,
        indicator.polarity
    from area
    inner join benchmark
        on
            area.indicator_id = benchmark.indicator_id
            and area.period_label = benchmark.period_label
            and area.breakdown = benchmark.breakdown
            and area.breakdown_value = benchmark.breakdown_value
            -- England stands beside everybody, neighbours beside the authority whose they are.
            and (benchmark.geography_level = 'country' or area.geography_code = benchmark.geography_code)
    inner join indicator on area.indicator_id = indicator.indicator_id
),

judged_figures as (
    select
        *,
        {{ judged_against_benchmark('comparison', 'polarity') }} as judgement
    from compared_figures
)

select * from judged_figures
