-- table: marts.published_value
-- severity: blocking
-- says: A revised year prints the counts, of the services, that it printed before.
-- then: Nothing is published; the last release stays in place. With other questions or services what both versions tell
--     together cannot be found out: run again without --revise, or have the programme as it was.

with

printed_before as (
    select
        period,
        geography_code,
        count_name
    from ops.revised_count
),

printed_now as (
    select
        period,
        geography_code,
        terms as count_name
    from intermediate.int_disclosure_count
    where period in (select revision.period from intermediate.int_revision as revision)
),

only_one as (
    (
        select * from printed_before
        except
        select * from printed_now
    )
    union all
    (
        select * from printed_now
        except
        select * from printed_before
    )
)

select distinct concat_ws('|', period, geography_code) as key
from only_one
