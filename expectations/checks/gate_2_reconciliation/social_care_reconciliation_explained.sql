-- table: marts.reconciliation_social_care
-- severity: blocking
-- blocks for: the publication on returns
-- says: Every figure of the publication on returns matches, is explained or bounded by a named anomaly, or is external.
-- then: Nothing is published; the last release stays in place.
-- otherwise: Recorded for comparison only: these data are not the ones the publication was made from.

select figure_no::varchar as key
from marts.reconciliation_social_care
where status is null or status not in ('match', 'explained', 'bounded', 'external')
