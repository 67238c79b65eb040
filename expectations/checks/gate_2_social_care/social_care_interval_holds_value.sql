-- table: marts.indicator_value
-- column: lower_95
-- severity: blocking
-- says: The 95% interval of a rate, a standardised ratio or a model is not below zero and holds the value.
-- then: Nothing is published; the last release stays in place.

-- Every interval but those of shares, which interval_around_value looks at. A model may have a value and no interval.
select concat_ws('|', indicator_id, geography_code, period_label, breakdown, breakdown_value, row_order) as key
from marts.indicator_value
where
    statistic not in ('percentage', 'per_100')
    and (
        (lower_95 is not null and not coalesce(lower_95 >= 0 and lower_95 <= value and value <= upper_95, false))
        or (statistic in ('rate', 'standardised_ratio', 'model') and upper_95 < value)
        or (statistic in ('rate', 'standardised_ratio') and (value is null) <> (lower_95 is null))
    )
