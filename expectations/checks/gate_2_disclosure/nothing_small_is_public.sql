-- table: marts.published_value
-- column: numerator
-- severity: blocking
-- says: No count or n that would be published is small.
-- then: Nothing is published; the last release stays in place. Small counts of children could be read or worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

-- How many services take part counts nobody; the n of a summary counts years.
with

small as (
    select max(threshold) as threshold
    from marts.disclosure_audit
)

select distinct
    concat_ws(
        '|', figure.indicator_id, figure.period, figure.period_label, figure.geography_code, figure.breakdown,
        figure.row_order
    ) as key
from marts.published_value as figure
cross join small
where
    (figure.numerator between 1 and small.threshold and figure.statistic <> 'services')
    or (figure.denominator between 1 and small.threshold and figure.breakdown <> 'summary')
