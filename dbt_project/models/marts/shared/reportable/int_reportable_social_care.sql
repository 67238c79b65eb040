with

parts as (
    {%- for part in ['factor', 'safeguarding', 'missing', 'care', 'demand'] %}
    select * from {{ ref('int_reportable_' ~ part) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

rounded as (
    select
        *,
        case
            when value is null then null
            -- Shares and rates from their counts, so that exact halves go up; what has no counts from its value.
            when statistic = 'percentage' and denominator > 0
                then {{ round_half_up_ratio('100 * numerator', 'denominator', 'decimals') }}
            when statistic = 'rate' and denominator > 0
                then {{ round_half_up_ratio('10000 * numerator', 'denominator', 'decimals') }}
            when value < 0 then -{{ round_half_up('-value', 'decimals') }}
            else {{ round_half_up('value', 'decimals') }}
        end as value_rounded
    from parts
)

select
    source,
    'social_care' as theme,
    indicator_id,
    period,
    period_label,
    geography_level,
    geography_code,
    breakdown,
    breakdown_value,
    '' as point,
    row_order,
    row_label,
    cast(null as varchar) as parent_label,
    column_order,
    column_label,
    statistic,
    numerator,
    denominator,
    value,
    value_rounded,
    unit,
    case when value is not null then lower_95 end as lower_95,
    case when value is not null then upper_95 end as upper_95,
    case
        when value is null and denominator = 0 then 'z'
        when value is null then 'x'
        when value_rounded = 0 and value <> 0 then 'low'
        else 'ok'
    end as status,
    cast(null as varchar) as population_id,
    false as is_published,
    change,
    cast(null as double) as change_lower_95,
    cast(null as double) as change_upper_95,
    cast(null as double) as change_p_value,
    change_mark,
    cast(null as double) as others_value,
    cast(null as double) as difference,
    cast(null as double) as difference_lower_95,
    cast(null as double) as difference_upper_95,
    cast(null as varchar) as comparison,
    cast(null as varchar) as recent_trend
from rounded
