with

line as (
    select * from {{ ref('social_care_indicator_line') }}
),

counted as (
    select * from {{ ref('int_returns_count') }}
),

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

send as (
    select * from {{ ref('int_returns_send') }}
),

-- A line with a value of its own is a second way to say the whole; the others take the values of the breakdown.
numerators as (
    select
        line.indicator_id,
        line.line_order,
        line.breakdown,
        coalesce(line.shown_value, counted.breakdown_value) as breakdown_value,
        line.statistic,
        line.denominator_measure,
        line.multiplier,
        line.decimals,
        line.unit,
        line.time_kind,
        counted.source_id,
        counted.la_code,
        counted.window_id,
        counted.breakdown_value as counted_value,
        {{ count_name('line.numerator_measure', 'counted', 'social_care_window') }} as numerator_count,
        {{ breakdown_below('line', 'counted.breakdown') }} as breakdown_below,
        {{ breakdown_below('line', 'counted.breakdown_value') }} as value_below,
        counted.events as numerator,
        counted.reason as reason_above,
        social_care_window.window_name,
        social_care_window.is_year,
        social_care_window.period,
        social_care_window.period_label,
        social_care_window.period_start,
        social_care_window.period_end
    from line
    inner join counted
        on
            line.numerator_measure = counted.measure_id
            and counted.breakdown = {{ breakdown_above('line') }}
    inner join social_care_window
        on
            counted.source_id = social_care_window.source_id
            and counted.la_code = social_care_window.la_code
            and counted.window_id = social_care_window.window_id
            and {{ in_code_list(
                'line.windows', "case when social_care_window.is_year then 'year' else social_care_window.window_id end"
            ) }}
),

fractions as (
    select
        numerators.*,
        below.events as denominator,
        {{ count_name('below.measure_id', 'below', 'numerators') }} as denominator_count,
        case
            when numerators.reason_above is not null or below.reason is not null
                then coalesce(numerators.reason_above, below.reason)
            when numerators.denominator_measure in ('children_0_17', 'residents_16_over') and below.events is null
                then 'Population estimates: none is delivered of the mid-year before'
        end as reason,
        case when numerators.statistic = 'standardised_ratio' then send.expected else below.events end as base
    from numerators
    left join counted as below
        on
            numerators.denominator_measure = below.measure_id
            and numerators.source_id = below.source_id
            and numerators.la_code = below.la_code
            and numerators.window_id = below.window_id
            and numerators.breakdown_below = below.breakdown
            and numerators.value_below = below.breakdown_value
    left join send
        on
            numerators.la_code = send.la_code
            and numerators.period = send.reporting_year
            and numerators.counted_value = send.involvement
),

fractions_with_value as (
    select
        *,
        case
            when statistic = 'count' then cast(numerator as double)
            else {{ rate('numerator', 'base', 'multiplier') }}
        end as value
    from fractions
),

-- Rounded half up; on whole numbers where there are two of them. Below zero the same is done on the other side.
rounded_values as (
    select
        *,
        case
            when value is null then null
            when value < 0 then -({{ round_half_up('-value', 'decimals') }})
            when statistic in ('count', 'standardised_ratio') then {{ round_half_up('value', 'decimals') }}
            else {{ round_half_up_ratio(
                'cast(multiplier as bigint) * greatest(numerator, 0)', 'denominator', 'decimals'
            ) }}
        end as value_rounded
    from fractions_with_value
),

values_with_limits as (
    select
        *,
        case statistic
            when 'percentage' then {{ wilson_lower('numerator', 'denominator') }}
            when 'rate' then {{ rate_lower('numerator', 'denominator', 'multiplier') }}
            when 'standardised_ratio' then {{ standardised_ratio_lower('numerator', 'base') }}
        end as lower_95,
        case statistic
            when 'percentage' then {{ wilson_upper('numerator', 'denominator') }}
            when 'rate' then {{ rate_upper('numerator', 'denominator', 'multiplier') }}
            when 'standardised_ratio' then {{ standardised_ratio_upper('numerator', 'base') }}
        end as upper_95
    from rounded_values
),

figures as (
    select
        indicator_id,
        period,
        case
            when time_kind = 'stock' and is_year then {{ day_label('period') }}
            else period_label
        end as period_label,
        case when time_kind = 'stock' then period_end else period_start end as period_start,
        period_end,
        is_year,
        source_id,
        la_code,
        breakdown,
        breakdown_value,
        line_order,
        statistic,
        numerator_count,
        denominator_count,
        numerator,
        denominator,
        base,
        value,
        value_rounded,
        unit,
        multiplier,
        decimals,
        lower_95,
        upper_95,
        case
            when value is null and denominator = 0 and reason is null then 'z'
            when value is null then 'x'
            when statistic <> 'count' and numerator > 0 and value_rounded = 0 then 'low'
            else 'ok'
        end as status,
        case when status = 'x' then coalesce(reason, 'Nothing is on record to divide by') end as status_reason
    from values_with_limits
)

select * from figures
