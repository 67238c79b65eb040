-- table: marts.paired_transition
-- column: pairs
-- severity: blocking
-- says: Where the n of a table is the children with an abuse at intake, the pairs give its counts at either point,
--     unless some were not asked at one of them.
-- then: Nothing is published; the last release stays in place.

-- Such a table counts matched forms only, open at intake; to whom it was closed is outside of it.
with

printed as (
    select
        report_row.table_id,
        report_row.point,
        report_row.row_order,
        report_row.option_codes as answer
    from reference.report_row as report_row
    inner join reference.population as population on report_row.population_id = population.population_id
    inner join reference.cohort as cohort on population.cohort_id = cohort.cohort_id
    where
        cohort.restriction is not null
        and report_row.point in ('intake', 'exit')
        and report_row.statistic = 'percentage'
),

margin as (
    select
        outcome_id,
        indicator_id,
        period,
        geography_code,
        'intake' as point,
        intake_answer as answer,
        pairs
    from marts.paired_transition
    where exit_answer = 'all' and intake_answer not in ('all', 'closed', 'not_asked')
    union all
    select
        outcome_id,
        indicator_id,
        period,
        geography_code,
        'exit' as point,
        exit_answer as answer,
        sum(pairs) as pairs
    from marts.paired_transition
    where exit_answer <> 'all' and intake_answer not in ('all', 'closed', 'not_asked')
    group by all
),

unlike as (
    select distinct
        outcome_id,
        period,
        geography_code
    from marts.paired_transition
    where pairs > 0 and 'not_asked' in (intake_answer, exit_answer)
)

select concat_ws('|', margin.outcome_id, margin.period, margin.geography_code, margin.point, margin.answer) as key
from margin
inner join printed
    on margin.indicator_id = printed.table_id and margin.point = printed.point and margin.answer = printed.answer
left join marts.indicator_value as value
    on
        printed.table_id = value.indicator_id
        and printed.point = value.point
        and printed.row_order = value.row_order
        and margin.period = value.period
        and margin.geography_code = value.geography_code
        and value.breakdown = 'total'
left join unlike
    on
        margin.outcome_id = unlike.outcome_id
        and margin.period = unlike.period
        and margin.geography_code = unlike.geography_code
-- A figure that nobody was asked for, or that has no forms, has no numerator; nor are there pairs then.
where unlike.outcome_id is null and margin.pairs <> coalesce(value.numerator, 0)
