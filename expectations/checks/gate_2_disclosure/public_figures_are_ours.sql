-- table: marts.published_value
-- column: value_rounded
-- severity: blocking
-- says: Every public figure is one of marts.reportable_value, with the same number.
-- then: Nothing is published; the last release stays in place. Small counts of children could be read or worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

select distinct
    concat_ws(
        '|', figure.indicator_id, figure.period, figure.period_label, figure.geography_code, figure.breakdown,
        figure.row_order
    ) as key
from marts.published_value as figure
left join marts.reportable_value as reportable
    on
        figure.source = reportable.source
        and figure.indicator_id = reportable.indicator_id
        and figure.period = reportable.period
        and figure.period_label is not distinct from reportable.period_label
        and figure.geography_level = reportable.geography_level
        and figure.geography_code = reportable.geography_code
        and figure.breakdown = reportable.breakdown
        and figure.breakdown_value = reportable.breakdown_value
        and figure.point is not distinct from reportable.point
        and figure.row_order = reportable.row_order
        and figure.column_order is not distinct from reportable.column_order
where
    reportable.source is null
    or figure.numerator <> reportable.numerator
    or figure.denominator <> reportable.denominator
    or figure.value_rounded <> reportable.value_rounded
