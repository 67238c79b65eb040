-- table: marts.indicator_value
-- column: lower_95
-- severity: blocking
-- says: The 95% interval of a percentage lies between 0 and 100 and holds the percentage.
-- then: Nothing is published; the last release stays in place.

select
    concat_ws(
        '|', indicator_id, period, period_label, geography_level, geography_code, breakdown, breakdown_value, point,
        row_order, column_order
    ) as key
from marts.indicator_value
where
    statistic in ('percentage', 'per_100')
    and (lower_95 is not null or (statistic = 'percentage' and denominator > 0 and status_reason is null))
    and not coalesce(lower_95 >= 0 and lower_95 <= value and value <= upper_95 and upper_95 <= 100, false)
