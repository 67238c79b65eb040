-- table: marts.co_occurrence
-- column: observed
-- severity: blocking
-- says: Over all combinations a member is counted as often as the report's table of the same answer says, where the
--     same were asked.
-- then: Nothing is published; the last release stays in place.

with

printed as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 1) as column_order,
        report_row.population_id,
        report_row.question_id,
        coalesce(column_set.option_codes, report_row.option_codes) as option_codes
    from reference.report_row as report_row
    left join reference.column_set as column_set on report_row.column_set = column_set.column_set
    where report_row.statistic = 'percentage'
),

-- The members of a set are the bits of its combinations.
member as (
    select
        co_occurrence_member.set_id,
        co_occurrence_set.population_id,
        co_occurrence_member.question_id,
        co_occurrence_member.option_codes,
        cast(power(2, co_occurrence_member.member_order - 1) as integer) as member_bit
    from reference.co_occurrence_member as co_occurrence_member
    inner join reference.co_occurrence_set as co_occurrence_set
        on co_occurrence_member.set_id = co_occurrence_set.set_id
),

counted as (
    select
        member.set_id,
        member.population_id,
        member.question_id,
        member.option_codes,
        co_occurrence.period,
        co_occurrence.geography_code,
        max(co_occurrence.base) as base,
        sum(
            case when co_occurrence.combination & member.member_bit <> 0 then co_occurrence.observed else 0 end
        ) as forms
    from marts.co_occurrence as co_occurrence
    inner join member on co_occurrence.set_id = member.set_id
    group by all
),

compared as (
    select
        counted.*,
        value.indicator_id,
        value.numerator,
        value.denominator,
        -- Who was not asked all of a set is in none of its combinations, and in the tables of what was asked.
        max(value.not_asked) over (partition by counted.set_id, counted.period, counted.geography_code) as not_asked
    from counted
    inner join printed
        on
            counted.population_id = printed.population_id
            and counted.question_id = printed.question_id
            and counted.option_codes = printed.option_codes
    inner join marts.indicator_value as value
        on
            printed.table_id = value.indicator_id
            and printed.point = coalesce(value.point, '')
            and printed.row_order = value.row_order
            and printed.column_order = coalesce(value.column_order, 1)
            and counted.period = value.period
            and counted.geography_code = value.geography_code
            and value.breakdown = 'total'
)

select concat_ws('|', set_id, question_id, option_codes, period, geography_code, indicator_id) as key
from compared
where forms <> numerator and (not_asked = 0 or base = denominator)
