-- table: marts.published_value
-- column: numerator
-- severity: blocking
-- says: Every count and n that would be published is a multiple of the base of rounding.
-- then: Nothing is published; the last release stays in place. Small counts of children could be read or worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

-- How many services take part counts nobody; what a rate is over (children of the area, days) others have published.
with

base as (
    select greatest(5, max(threshold)) as base
    from marts.disclosure_audit
)

select distinct
    concat_ws(
        '|', figure.indicator_id, figure.period, figure.period_label, figure.geography_code, figure.breakdown,
        figure.row_order
    ) as key
from marts.published_value as figure
cross join base
where
    figure.method = 'rounding'
    and (
        (figure.numerator % base.base <> 0 and figure.statistic <> 'services')
        or (
            figure.denominator % base.base <> 0
            and (figure.theme = 'insights' or figure.statistic = 'percentage')
        )
    )
