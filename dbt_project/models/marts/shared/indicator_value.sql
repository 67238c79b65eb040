with

insights as (
    select * from {{ ref('int_forms_value') }}
),

reporting_year as (
    select * from {{ ref('reporting_year') }}
),

social_care_indicator as (
    select * from {{ ref('social_care_indicator') }}
),

counted as (
    select * from {{ ref('int_returns_value') }}
),

modelled as (
    select * from {{ ref('int_returns_model') }}
),

comparator as (
    select * from {{ ref('int_returns_comparator') }}
),

social_care as (
    select
        indicator_id,
        period,
        period_label,
        period_start,
        period_end,
        'authority' as geography_level,
        la_code as geography_code,
        breakdown,
        breakdown_value,
        line_order as row_order,
        statistic,
        numerator,
        denominator,
        value,
        value_rounded,
        unit,
        lower_95,
        upper_95,
        status
    from counted
    union all
    select
        indicator_id,
        period,
        period_label,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        'authority' as geography_level,
        la_code as geography_code,
        breakdown,
        breakdown_value,
        1 as row_order,
        'model' as statistic,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value,
        value_rounded,
        unit,
        lower_95,
        upper_95,
        'ok' as status
    from modelled
    union all
    select
        indicator_id,
        period,
        period_label,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        geography_level,
        geography_code,
        breakdown,
        breakdown_value,
        1 as row_order,
        'comparator' as statistic,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value,
        value as value_rounded,
        unit,
        cast(null as double) as lower_95,
        cast(null as double) as upper_95,
        'ok' as status
    from comparator
),

united as (
    select
        'insights' as theme,
        insights.indicator_id,
        insights.period,
        (insights.period - 1) || '-' || right(cast(insights.period as varchar), 2) as period_label,
        cast(reporting_year.starts_on as date) as period_start,
        cast(reporting_year.ends_on as date) as period_end,
        insights.geography_level,
        insights.geography_code,
        insights.breakdown,
        insights.breakdown_value,
        insights.point,
        insights.row_order,
        insights.row_label,
        insights.parent_label,
        insights.column_order,
        insights.column_label,
        insights.statistic,
        insights.numerator,
        insights.denominator,
        insights.value,
        insights.value_rounded,
        insights.unit,
        insights.lower_95,
        insights.upper_95,
        insights.status,
        insights.population_id,
        insights.is_published
    from insights
    inner join reporting_year on insights.period = reporting_year.reporting_year
    union all
    select
        'social_care' as theme,
        social_care.indicator_id,
        social_care.period,
        social_care.period_label,
        social_care.period_start,
        social_care.period_end,
        social_care.geography_level,
        social_care.geography_code,
        social_care.breakdown,
        social_care.breakdown_value,
        '' as point,
        social_care.row_order,
        social_care_indicator.title as row_label,
        cast(null as varchar) as parent_label,
        1 as column_order,
        '' as column_label,
        social_care.statistic,
        social_care.numerator,
        social_care.denominator,
        social_care.value,
        social_care.value_rounded,
        social_care.unit,
        social_care.lower_95,
        social_care.upper_95,
        social_care.status,
        cast(null as varchar) as population_id,
        true as is_published
    from social_care
    inner join social_care_indicator on social_care.indicator_id = social_care_indicator.indicator_id
)

select * from united
