-- table: marts.indicator_value
-- column: denominator
-- severity: blocking
-- says: The base of a follow-up question equals the count of the answers that open it, where all whom it opened to were
--     asked.
-- then: Nothing is published; the last release stays in place.

with

-- One row for each printed share: the population it is a share of, the answers it counts, and what opens its question.
cell as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 0) as column_order,
        report_row.population_id,
        report_row.question_id,
        coalesce(column_set.option_codes, report_row.option_codes) as option_codes,
        report_row.option_group,
        population.cohort_id,
        population.question_id as opening_question_id,
        population.option_codes as opening_codes,
        question.parent_question_id,
        question.parent_option_codes
    from reference.report_row as report_row
    left join reference.column_set as column_set on report_row.column_set = column_set.column_set
    left join reference.population as population on report_row.population_id = population.population_id
    left join reference.question as question on report_row.question_id = question.question_id
    where report_row.statistic = 'percentage'
),

share as (
    select
        value.period,
        value.geography_level,
        value.geography_code,
        value.breakdown,
        value.breakdown_value,
        value.numerator,
        value.denominator,
        value.not_asked,
        cell.*
    from marts.indicator_value as value
    inner join cell
        on
            value.indicator_id = cell.table_id
            and coalesce(value.point, '') = cell.point
            and value.row_order = cell.row_order
            and coalesce(value.column_order, 0) = cell.column_order
),

follow_up as (
    select
        population_id,
        cohort_id,
        opening_question_id,
        opening_codes,
        period,
        geography_level,
        geography_code,
        breakdown,
        breakdown_value,
        not_asked,
        max(denominator) as base
    from share
    where opening_question_id is not null
    group by all
),

-- The opening answers as counted in a table of their own question, over all who were asked it.
opening_answer as (
    select
        table_id,
        point,
        cohort_id,
        question_id,
        option_codes,
        period,
        geography_level,
        geography_code,
        breakdown,
        breakdown_value,
        not_asked,
        max(numerator) as opened
    from share
    where
        option_group is null and not contains(option_codes, ';')
        and (
            opening_question_id is null
            or (opening_question_id = parent_question_id and opening_codes = parent_option_codes)
        )
    group by all
),

compared as (
    select
        follow_up.population_id,
        follow_up.base,
        follow_up.opening_codes,
        opening_answer.table_id,
        opening_answer.point,
        follow_up.period,
        follow_up.geography_level,
        follow_up.geography_code,
        follow_up.breakdown,
        follow_up.breakdown_value,
        sum(opening_answer.opened) as opened,
        count(*) as codes
    from follow_up
    inner join opening_answer
        on
            follow_up.cohort_id = opening_answer.cohort_id
            and follow_up.opening_question_id = opening_answer.question_id
            and list_contains(string_split(follow_up.opening_codes, ';'), opening_answer.option_codes)
            and follow_up.period = opening_answer.period
            -- More were not asked the follow-up where other forms lack it than lack the question that opens it.
            and follow_up.not_asked = opening_answer.not_asked
            and follow_up.geography_level = opening_answer.geography_level
            and follow_up.geography_code is not distinct from opening_answer.geography_code
            and follow_up.breakdown = opening_answer.breakdown
            and follow_up.breakdown_value is not distinct from opening_answer.breakdown_value
    group by all
)

select
    concat_ws(
        '|', population_id, period, geography_level, geography_code, breakdown, breakdown_value, table_id, point
    ) as key
from compared
where codes = len(string_split(opening_codes, ';')) and opened <> base
