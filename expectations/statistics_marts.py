"""Gate 2 for pairs and combinations: they add up, and to the same counts that the report's tables have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.suites import Check

_NOTHING_PUBLISHED = "Nothing is published; the last release stays in place."


def statistics_checks() -> Iterator[Check]:
    """The checks of marts.paired_transition and marts.co_occurrence."""
    from expectations.suites import Check

    def check(name: str, table: str, description: str, query: str, column: str) -> Check:
        return Check(
            check_id=name,
            gate=2,
            suite="gate_2_statistics",
            table=table,
            severity="blocking",
            description=description,
            action=_NOTHING_PUBLISHED,
            column_name=column,
            query=query,
        )

    yield check(
        "transitions_add_up",
        "marts.paired_transition",
        "The answers at either point add up to all pairs, and the services to all services.",
        # Whichever of the three is added up, the sum is another row of the table.
        """
            with added as (
                select outcome_id, period, geography_code, intake_answer, 'all' as exit_answer, sum(pairs) as pairs
                from {batch} where exit_answer <> 'all' group by all
                union all
                select outcome_id, period, geography_code, 'all', exit_answer, sum(pairs)
                from {batch} where intake_answer <> 'all' group by all
                union all
                select s.outcome_id, s.period, w.geography_code, s.intake_answer, s.exit_answer, sum(s.pairs)
                from {batch} as s
                cross join (select distinct geography_code from {batch} where geography_level = 'all_services') as w
                where s.geography_level = 'service' group by all
            )
            select distinct concat_ws('|', t.outcome_id, t.period, t.geography_code, t.intake_answer, t.exit_answer)
                as key
            from {batch} as t join added as a
                on t.outcome_id = a.outcome_id and t.period = a.period and t.geography_code = a.geography_code
                and t.intake_answer = a.intake_answer and t.exit_answer = a.exit_answer
            where t.pairs <> a.pairs""",
        "pairs",
    )
    yield check(
        "pairs_equal_report",
        "marts.paired_transition",
        "Where the n of a table is the children with an abuse at intake, the pairs give its counts at either point.",
        # Such a table counts matched forms only, asked at intake; who was not asked is outside of it.
        """
            with printed as (
                select r.table_id, r.point, r.row_order, r.question_id, r.option_codes as answer
                from reference.report_row as r
                join reference.population as p on r.population_id = p.population_id
                join reference.cohort as c on p.cohort_id = c.cohort_id
                where c.restriction is not null and r.point in ('intake', 'exit') and r.statistic = 'percentage'
            ),
            margin as (
                select outcome_id, indicator_id, period, geography_code, 'intake' as point, intake_answer as answer,
                    pairs
                from {batch} where exit_answer = 'all' and intake_answer not in ('all', 'not_asked')
                union all
                select outcome_id, indicator_id, period, geography_code, 'exit', exit_answer, sum(pairs)
                from {batch} where exit_answer <> 'all' and intake_answer not in ('all', 'not_asked')
                group by all
            )
            select concat_ws('|', m.outcome_id, m.period, m.geography_code, m.point, m.answer) as key
            from margin as m
            join printed as r on m.indicator_id = r.table_id and m.point = r.point and m.answer = r.answer
            left join marts.indicator_value as v
                on r.table_id = v.indicator_id and r.point = v.point and r.row_order = v.row_order
                and m.period = v.period and m.geography_code = v.geography_code and v.breakdown = 'total'
            where m.pairs is distinct from v.numerator""",
        "pairs",
    )
    yield check(
        "combinations_add_up",
        "marts.co_occurrence",
        "The combinations of a set exclude each other and add up to its base.",
        """
            select concat_ws('|', set_id, period, geography_code) as key
            from {batch} group by set_id, period, geography_code having sum(observed) <> max(base)""",
        "observed",
    )
    yield check(
        "combinations_equal_report",
        "marts.co_occurrence",
        "Over all combinations a member is counted as often as the report's table of the same answer says.",
        """
            with printed as (
                select r.table_id, coalesce(r.point, '') as point, r.row_order,
                    coalesce(s.column_order, r.column_order, 1) as column_order, r.population_id, r.question_id,
                    coalesce(s.option_codes, r.option_codes) as option_codes
                from reference.report_row as r
                left join reference.column_set as s on r.column_set = s.column_set
                where r.statistic = 'percentage'
            ),
            member as (
                select m.set_id, s.population_id, m.question_id, m.option_codes,
                    cast(power(2, m.member_order - 1) as integer) as member_bit
                from reference.co_occurrence_member as m
                join reference.co_occurrence_set as s on m.set_id = s.set_id
            ),
            counted as (
                select m.set_id, m.population_id, m.question_id, m.option_codes, c.period, c.geography_code,
                    sum(case when c.combination & m.member_bit <> 0 then c.observed else 0 end) as forms
                from {batch} as c join member as m on c.set_id = m.set_id
                group by all
            )
            select concat_ws('|', c.set_id, c.question_id, c.option_codes, c.period, c.geography_code, v.indicator_id)
                as key
            from counted as c
            join printed as r
                on c.population_id = r.population_id and c.question_id = r.question_id
                and c.option_codes = r.option_codes
            join marts.indicator_value as v
                on r.table_id = v.indicator_id and r.point = coalesce(v.point, '') and r.row_order = v.row_order
                and r.column_order = coalesce(v.column_order, 1) and c.period = v.period
                and c.geography_code = v.geography_code and v.breakdown = 'total'
            where c.forms <> v.numerator""",
        "observed",
    )
