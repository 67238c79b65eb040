-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: No share counts more than its base.
-- then: Nothing is published; the last release stays in place.

-- A share without a count or without a base fails too, unless nobody asked, or it is not available and says why.
select
    concat_ws(
        '|', indicator_id, period, period_label, geography_level, geography_code, breakdown, breakdown_value, point,
        row_order, column_order
    ) as key
from marts.indicator_value
where
    statistic in ('percentage', 'per_100')
    and not coalesce(numerator <= denominator, false)
    and not coalesce(services > 0 and services_asking = 0, false)
    and not (value is null and status_reason is not null)
