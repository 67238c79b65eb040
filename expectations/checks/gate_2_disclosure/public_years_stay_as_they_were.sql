-- table: marts.published_value
-- column: value
-- severity: blocking
-- says: Every figure of a year that is public already is printed as it was, as the register of the home has it.
-- then: Nothing is published; the last release stays in place. Two versions of a year that differ by one form would
--     tell what that form says: report it as a fault of the program.

with

printed as (
    select figure.* exclude (not_asked, outside_bands)
    from marts.published_value as figure
    where
        figure.statistic not in ('model', 'comparator')
        and (
            figure.theme, case when figure.theme = 'insights' then '' else figure.geography_code end, figure.period
        ) in (
            select (kept.theme, case when kept.theme = 'insights' then '' else kept.geography_code end, kept.period)
            from ops.public_figure as kept
        )
),

register as (
    select * exclude (not_asked, outside_bands)
    from ops.public_figure
),

differing as (
    (
        select * from printed
        except
        select * from register
    )
    union all
    (
        select * from register
        except
        select * from printed
    )
)

select distinct concat_ws('|', indicator_id, period, period_label, geography_code, breakdown, row_order) as key
from differing
