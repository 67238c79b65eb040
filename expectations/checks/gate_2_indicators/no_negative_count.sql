-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: No count is below zero; a ratio may be of a fall.
-- then: Nothing is published; the last release stays in place.

select
    concat_ws(
        '|', indicator_id, period, period_label, geography_level, geography_code, breakdown, breakdown_value, point,
        row_order, column_order
    ) as key
from marts.indicator_value
where (numerator < 0 and statistic <> 'ratio') or denominator < 0
