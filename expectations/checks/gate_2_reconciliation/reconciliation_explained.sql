-- table: marts.reconciliation
-- column: status
-- severity: blocking
-- blocks for: the publication on forms
-- says: Every published figure matches, is explained or bounded by a named anomaly, or is not computable from forms.
-- then: Nothing is published; the last release stays in place.
-- otherwise: Recorded for comparison only: these data are not the ones the publication was made from.

select concat_ws('|', table_id, year, point, row_order, column_label) as key
from marts.reconciliation
where status is null or status not in ('match', 'explained', 'bounded', 'not_computable')
