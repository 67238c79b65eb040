with

proportion as (
    select * from {{ ref('indicator_value') }}
    where
        theme = 'insights'
        and statistic in ('percentage', 'per_100')
        and breakdown = 'total'
        -- Who does not ask is compared with nobody, and is not among the others.
        and not coalesce(services > 0 and services_asking = 0, false)
),

service as (
    select * from proportion
    where geography_level = 'service'
),

everybody as (
    select * from proportion
    where geography_level = 'all_services'
),

-- Every form belongs to one service, so the others are what is left of all.
counted_others as (
    select
        service.indicator_id,
        service.period,
        service.period_label,
        service.geography_code as service_code,
        service.point,
        service.row_order,
        service.row_label,
        service.column_order,
        service.column_label,
        service.statistic,
        service.unit,
        service.numerator,
        service.denominator,
        service.value,
        service.lower_95,
        service.upper_95,
        everybody.numerator - service.numerator as others_numerator,
        everybody.denominator - service.denominator as others_denominator
    from service
    inner join everybody
        on
            service.indicator_id = everybody.indicator_id
            and service.period = everybody.period
            and service.point = everybody.point
            and service.row_order = everybody.row_order
            and service.column_order = everybody.column_order
),

others_with_interval as (
    select
        *,
        case when others_denominator > 0 then 100.0 * others_numerator / others_denominator end as others_value,
        {{ wilson_lower('others_numerator', 'others_denominator') }} as others_lower_95,
        {{ wilson_upper('others_numerator', 'others_denominator') }} as others_upper_95
    from counted_others
),

differences as (
    select
        *,
        value - others_value as difference,
        {{ difference_lower('value', 'lower_95', 'others_value', 'others_upper_95') }} as difference_lower_95,
        {{ difference_upper('value', 'upper_95', 'others_value', 'others_lower_95') }} as difference_upper_95,
        {{ chi_square_of_difference('numerator', 'denominator', 'others_numerator', 'others_denominator') }}
            as difference_chi_square
    from others_with_interval
),

comparisons as (
    select
        indicator_id,
        period,
        period_label,
        service_code,
        point,
        row_order,
        row_label,
        column_order,
        column_label,
        statistic,
        unit,
        numerator,
        denominator,
        value,
        others_numerator,
        others_denominator,
        others_value,
        others_lower_95,
        others_upper_95,
        difference,
        difference_lower_95,
        difference_upper_95,
        {{ p_of_chi_square('difference_chi_square') }} as difference_p_value,
        {{ comparison_word('difference_lower_95', 'difference_upper_95') }} as comparison
    from differences
)

select * from comparisons
