-- table: marts.co_occurrence
-- column: observed
-- severity: blocking
-- says: The combinations of a set exclude each other and add up to its base.
-- then: Nothing is published; the last release stays in place.

select concat_ws('|', set_id, period, geography_code) as key
from marts.co_occurrence
group by set_id, period, geography_code
having sum(observed) <> max(base)
