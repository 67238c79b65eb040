-- table: marts.paired_transition
-- column: pairs
-- severity: blocking
-- says: The answers at either point add up to all pairs, and the services to all services.
-- then: Nothing is published; the last release stays in place.

-- Whichever of the three is added up, the sum is another row of the table.
with

whole as (
    select distinct geography_code
    from marts.paired_transition
    where geography_level = 'all_services'
),

added as (
    select
        outcome_id,
        period,
        geography_code,
        intake_answer,
        'all' as exit_answer,
        sum(pairs) as pairs
    from marts.paired_transition
    where exit_answer <> 'all'
    group by all
    union all
    select
        outcome_id,
        period,
        geography_code,
        'all' as intake_answer,
        exit_answer,
        sum(pairs) as pairs
    from marts.paired_transition
    where intake_answer <> 'all'
    group by all
    union all
    select
        of_service.outcome_id,
        of_service.period,
        whole.geography_code,
        of_service.intake_answer,
        of_service.exit_answer,
        sum(of_service.pairs) as pairs
    from marts.paired_transition as of_service
    cross join whole
    where of_service.geography_level = 'service'
    group by all
)

select distinct
    concat_ws(
        '|', printed.outcome_id, printed.period, printed.geography_code, printed.intake_answer, printed.exit_answer
    ) as key
from marts.paired_transition as printed
inner join added
    on
        printed.outcome_id = added.outcome_id
        and printed.period = added.period
        and printed.geography_code = added.geography_code
        and printed.intake_answer = added.intake_answer
        and printed.exit_answer = added.exit_answer
where printed.pairs <> added.pairs
