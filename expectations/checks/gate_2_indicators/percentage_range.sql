-- table: marts.indicator_value
-- column: value
-- severity: blocking
-- says: Every percentage lies between 0 and 100.
-- then: Nothing is published; the last release stays in place.

select
    concat_ws(
        '|', indicator_id, period, period_label, geography_level, geography_code, breakdown, breakdown_value, point,
        row_order, column_order
    ) as key
from marts.indicator_value
where statistic in ('percentage', 'per_100') and (value < 0 or value > 100)
