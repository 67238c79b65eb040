-- table: marts.published_value
-- column: value
-- severity: blocking
-- says: A figure that is not printed holds no number, and nothing that was worked out from one.
-- then: Nothing is published; the last release stays in place. Small counts of children could be read or worked out:
--     do not pass anything on from the warehouse, and report it as a fault of the program.

select distinct concat_ws('|', indicator_id, period, period_label, geography_code, breakdown, row_order) as key
from marts.published_value
where
    status = 'c'
    and (
        numerator is not null
        or value is not null
        or value_rounded is not null
        or lower_95 is not null
        or upper_95 is not null
        or change is not null
        or difference is not null
        or others_value is not null
    )
