-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: The classes and the durations of missing episodes each add up to all episodes of the period.
-- then: Nothing is published; the last release stays in place.

select concat_ws('|', indicator_id, geography_code, period_label, breakdown, 'all', 'all') as key
from marts.indicator_value
where theme = 'social_care' and breakdown in ('missing_class', 'duration_band')
group by indicator_id, geography_code, period_label, breakdown
having sum(numerator) <> max(denominator)
