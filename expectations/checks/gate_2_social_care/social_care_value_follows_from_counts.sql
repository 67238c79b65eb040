-- table: marts.indicator_value
-- column: value
-- severity: blocking
-- says: Every rate, percentage and ratio is its numerator over its denominator, times the multiplier of its line; a
--     count is its numerator; a figure that is not available has no value and says why.
-- then: Nothing is published; the last release stays in place.

select
    concat_ws(
        '|', value.indicator_id, value.geography_code, value.period_label, value.breakdown, value.breakdown_value,
        value.row_order
    ) as key
from marts.indicator_value as value
inner join reference.social_care_indicator_line as line
    on value.indicator_id = line.indicator_id and value.row_order = line.line_order
where
    value.theme = 'social_care' and value.geography_level = 'authority'
    and (
        (value.statistic = 'count' and value.value is distinct from value.numerator)
        or (
            value.statistic in ('rate', 'percentage', 'ratio') and value.denominator > 0 and value.status_reason is null
            and not coalesce(
                abs(value.value - line.multiplier * value.numerator / value.denominator)
                <= 0.000001 * greatest(abs(value.value), 1),
                false
            )
        )
        or (
            value.statistic in ('rate', 'percentage', 'ratio') and coalesce(value.denominator, 0) <= 0
            and value.value is not null
        )
        or (value.status_reason is not null and value.value is not null)
    )
