-- table: marts.published_value
-- column: numerator
-- severity: blocking
-- says: Every count and n that would be published is a multiple of the base that it is rounded to; of a year that is
--     public for the first time that is the base of the programme.
-- then: Nothing is published; the last release stays in place. Small counts of children could be read or worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

-- How many services take part counts nobody; what a rate is over (children of the area, days) others have published.
with

base as (
    select greatest(5, max(threshold)) as base
    from marts.disclosure_audit
),

public_year as (
    select distinct
        theme,
        case when theme = 'insights' then '' else geography_code end as place,
        period
    from ops.public_figure
)

select distinct
    concat_ws(
        '|', figure.indicator_id, figure.period, figure.period_label, figure.geography_code, figure.breakdown,
        figure.row_order
    ) as key
from marts.published_value as figure
cross join base
left join public_year
    on
        figure.theme = public_year.theme
        and case when figure.theme = 'insights' then '' else figure.geography_code end = public_year.place
        and figure.period = public_year.period
where
    figure.statistic not in ('model', 'comparator')
    and (
        -- What was public before stands as the register has it: public_years_stay_as_they_were.
        (public_year.period is null and figure.rounded_to is distinct from base.base)
        or (figure.numerator % figure.rounded_to <> 0 and figure.statistic <> 'services')
        or (
            figure.denominator % figure.rounded_to <> 0
            and (figure.theme = 'insights' or figure.statistic = 'percentage')
        )
    )
