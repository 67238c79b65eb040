with

figures as (
    {{ union_by_name([
        ref('int_reportable_factor'), ref('int_reportable_safeguarding'), ref('int_reportable_missing'),
        ref('int_reportable_care'), ref('int_reportable_demand')
    ]) }}
),

rounded_figures as (
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
    from figures
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
        when value is null and denominator = 0 and status_reason is null then 'z'
        when value is null then 'x'
        when value_rounded = 0 and value <> 0 then 'low'
        else 'ok'
    end as status,
    case when value is null then status_reason end as status_reason,
    false as is_published,
    change,
    change_mark
from rounded_figures
