-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: Plans by category are no more than all plans started, in every authority and year.
-- then: Nothing is published; the last release stays in place.

select geography_code || '|' || period_label as key
from marts.indicator_value
where
    theme = 'social_care' and geography_level = 'authority' and breakdown = 'total' and row_order = 1
    and starts_with(indicator_id, 'cpp_starts_')
group by geography_code, period_label
having
    sum(numerator) filter (where indicator_id <> 'cpp_starts_count')
    > max(numerator) filter (where indicator_id = 'cpp_starts_count')
