-- table: marts.disclosure_audit
-- column: told
-- severity: blocking
-- says: Nothing can be told of a small count from all that is printed, and something fits what is printed.
-- then: Nothing is published; the last release stays in place. Small counts of children could be worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

select concat_ws('|', theme, period, geography_code) as key
from marts.disclosure_audit
where told > 0
