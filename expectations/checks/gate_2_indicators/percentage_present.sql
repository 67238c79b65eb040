-- table: marts.indicator_value
-- column: value
-- severity: blocking
-- says: A percentage has a value exactly where its base is above zero, unless it says why it is not available.
-- then: Nothing is published; the last release stays in place.

select
    concat_ws(
        '|', indicator_id, period, period_label, geography_level, geography_code, breakdown, breakdown_value, point,
        row_order, column_order
    ) as key
from marts.indicator_value
where
    statistic = 'percentage'
    and (coalesce(denominator, 0) > 0 and status_reason is null) <> (value is not null)
