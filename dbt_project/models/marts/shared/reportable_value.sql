with

indicator_value as (
    select * from {{ ref('indicator_value') }}
),

year_change as (
    select * from {{ ref('year_change') }}
),

service_comparison as (
    select
        *,
        'service' as geography_level,
        'total' as breakdown
    from {{ ref('service_comparison') }}
),

indicator_trend as (
    select
        *,
        'authority' as geography_level
    from {{ ref('indicator_trend') }}
),

-- A number of the forms, with its change, its difference from other services, and its trend.
forms as (
    select
        'indicator_value' as source,
        indicator_value.*,
        year_change.change,
        year_change.change_lower_95,
        year_change.change_upper_95,
        year_change.change_p_value,
        nullif(year_change.change_mark, 'not compared') as change_mark,
        service_comparison.others_value,
        service_comparison.difference,
        service_comparison.difference_lower_95,
        service_comparison.difference_upper_95,
        service_comparison.comparison,
        year_change.recent_trend
    from indicator_value
    left join year_change
        on
            indicator_value.indicator_id = year_change.indicator_id
            and indicator_value.period = year_change.period
            and indicator_value.geography_level = year_change.geography_level
            and indicator_value.geography_code = year_change.geography_code
            and indicator_value.breakdown = year_change.breakdown
            and indicator_value.breakdown_value = year_change.breakdown_value
            and indicator_value.point = year_change.point
            and indicator_value.row_order = year_change.row_order
            and indicator_value.column_order = year_change.column_order
    left join service_comparison
        on
            indicator_value.geography_level = service_comparison.geography_level
            and indicator_value.geography_code = service_comparison.service_code
            and indicator_value.breakdown = service_comparison.breakdown
            and indicator_value.indicator_id = service_comparison.indicator_id
            and indicator_value.period = service_comparison.period
            and indicator_value.point = service_comparison.point
            and indicator_value.row_order = service_comparison.row_order
            and indicator_value.column_order = service_comparison.column_order
    where indicator_value.theme = 'insights'
),

-- Of social care only years have a change and a trend; of a day or another period there is nothing to set beside it.
returns as (
    select
        'indicator_value' as source,
        indicator_value.*,
        indicator_trend.change,
        indicator_trend.change_lower_95,
        indicator_trend.change_upper_95,
        case indicator_trend.change_word
            when 'no significant change' then 'no clear change'
            when 'increase' then 'increase'
            when 'decrease' then 'decrease'
        end as change_mark,
        indicator_trend.recent_trend
    from indicator_value
    left join indicator_trend
        on
            indicator_value.geography_level = indicator_trend.geography_level
            and indicator_value.geography_code = indicator_trend.la_code
            and indicator_value.indicator_id = indicator_trend.indicator_id
            and indicator_value.breakdown = indicator_trend.breakdown
            and indicator_value.breakdown_value = indicator_trend.breakdown_value
            and indicator_value.row_order = indicator_trend.row_order
            and indicator_value.period = indicator_trend.period
            and indicator_value.period_label = indicator_trend.period_label
            and indicator_value.statistic = indicator_trend.statistic
    where indicator_value.theme = 'social_care'
),

figures as (
    {{ union_by_name([
        'forms', 'returns', ref('int_reportable_statistics'), ref('int_reportable_social_care')
    ]) }}
)

select
    source,
    theme,
    indicator_id,
    period,
    period_label,
    geography_level,
    geography_code,
    breakdown,
    breakdown_value,
    point,
    row_order,
    row_label,
    parent_label,
    column_order,
    column_label,
    statistic,
    numerator,
    denominator,
    value,
    value_rounded,
    unit,
    lower_95,
    upper_95,
    status,
    status_reason,
    population_id,
    not_asked,
    outside_bands,
    services,
    services_asking,
    is_published,
    coalesce(is_provisional, false) as is_provisional,
    change,
    change_lower_95,
    change_upper_95,
    change_p_value,
    change_mark,
    others_value,
    difference,
    difference_lower_95,
    difference_upper_95,
    comparison,
    recent_trend
from figures
