-- table: marts.published_value
-- column: numerator
-- severity: blocking
-- says: Every figure that would be public for the first time is one of marts.reportable_value, its counts within the
--     base that they are rounded to.
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
    (figure.theme, case when figure.theme = 'insights' then '' else figure.geography_code end, figure.period) not in (
        select (kept.theme, case when kept.theme = 'insights' then '' else kept.geography_code end, kept.period)
        from ops.public_figure as kept
    )
    and (
        -- In public a value of a breakdown has a row also where nobody is in it.
        (reportable.source is null and not (figure.numerator = 0 and figure.breakdown <> 'total'))
        or (
            abs(figure.numerator - reportable.numerator) >= coalesce(figure.rounded_to, 1)
            and figure.statistic <> 'services'
        )
        or abs(figure.denominator - reportable.denominator) >= coalesce(figure.rounded_to, 1)
    )
