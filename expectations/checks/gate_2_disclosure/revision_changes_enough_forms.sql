-- table: marts.published_value
-- severity: blocking
-- says: A public year is revised only where at least 10 of its forms have changed since it was published.
-- then: Nothing is published; the last release stays in place. Two versions that differ by a few forms would tell
--     what these say: leave the year as it is, and run again without --revise. Of a year that was published before its
--     forms' fingerprints were kept it cannot be told how many have changed.

select cast(period as varchar) as key
from intermediate.int_revision
where changed_forms < 10
