"""Gate 2 for the indicators of social care: they agree with themselves and with the facts they came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.suites import Check, Severity

_NOTHING_PUBLISHED = "Nothing is published; the last release stays in place."
_KEY = "concat_ws('|', indicator_id, geography_code, period_label, breakdown, breakdown_value, row_order)"
_TOTAL = "theme = 'social_care' and geography_level = 'authority' and breakdown = 'total' and row_order = 1"

# Status on the last day of a year, counted again from first and last days: a child has a status as long as it has
# begun more often than it has ended.
_STOCKS = {
    "cpp_rate": ("fct_protection_plan", "children on a plan"),
    "cla_rate": ("fct_care_period", "children looked after"),
}


def social_care_indicator_checks(*, reconciliation_blocks: bool) -> Iterator[Check]:
    """The checks; the comparison with the printed figures blocks only where the data are the sample."""
    from expectations.suites import Check

    def check(name: str, description: str, query: str, column: str, table: str = "marts.indicator_value") -> Check:
        return Check(
            check_id=f"social_care_{name}",
            gate=2,
            suite="gate_2_social_care",
            table=table,
            severity="blocking",
            description=description,
            action=_NOTHING_PUBLISHED,
            column_name=column,
            query=query,
        )

    yield check(
        "value_follows_from_counts",
        "Every rate, percentage and ratio is its numerator over its denominator, times the multiplier of its line; a "
        "count is its numerator.",
        f"""
            select {_KEY.replace("indicator_id", "v.indicator_id").replace("breakdown,", "v.breakdown,")} as key
            from {{batch}} as v
            join reference.social_care_indicator_line as l
                on v.indicator_id = l.indicator_id and v.row_order = l.line_order
            where v.theme = 'social_care' and v.geography_level = 'authority' and (
                (v.statistic = 'count' and v.value is distinct from v.numerator)
                or (v.statistic in ('rate', 'percentage', 'ratio') and v.denominator > 0
                    and not coalesce(abs(v.value - l.multiplier * v.numerator / v.denominator)
                        <= 0.000001 * greatest(abs(v.value), 1), false))
                or (v.statistic in ('rate', 'percentage', 'ratio') and coalesce(v.denominator, 0) <= 0
                    and v.value is not null))""",
        "value",
    )
    yield check(
        "interval_holds_value",
        "The 95% interval of a rate, a standardised ratio or a model is not below zero and holds the value.",
        f"""
            select {_KEY} as key from {{batch}}
            where theme = 'social_care' and statistic in ('rate', 'standardised_ratio', 'model')
            and (lower_95 < 0 or lower_95 > value or upper_95 < value
                or (statistic <> 'model' and (value is null) <> (lower_95 is null)))""",
        "lower_95",
    )
    for indicator_id, (fact, meaning) in _STOCKS.items():
        yield check(
            f"stock__{indicator_id}",
            f"The {meaning} on 31 March are those for whom it began more often than it ended until then.",
            f"""
                with day as (
                    select geography_code as la_code, period_end, numerator from {{batch}}
                    where {_TOTAL} and indicator_id = '{indicator_id}'
                ),
                child as (
                    select day.la_code, day.period_end, fact.child_key
                    from day join marts.{fact} as fact
                        on day.la_code = fact.la_code and fact.start_date <= day.period_end
                    group by all
                    having count(*) > count(*) filter (where fact.end_date <= day.period_end)
                ),
                counted as (select la_code, period_end, count(*) as n from child group by all)
                select day.la_code || '|' || day.period_end as key
                from day left join counted on day.la_code = counted.la_code and day.period_end = counted.period_end
                where day.numerator <> coalesce(counted.n, 0)""",
            "numerator",
        )
    yield check(
        "parts_sum_to_whole",
        "The classes and the durations of missing episodes each add up to all episodes of the period.",
        f"""
            select {_KEY.replace("breakdown_value", "'all'").replace("row_order", "'all'")} as key
            from {{batch}}
            where theme = 'social_care' and breakdown in ('missing_class', 'duration_band')
            group by indicator_id, geography_code, period_label, breakdown
            having sum(numerator) <> max(denominator)""",
        "numerator",
    )
    yield check(
        "parts_within_whole",
        "Plans by category are no more than all plans started, in every authority and year.",
        f"""
            select geography_code || '|' || period_label as key
            from {{batch}}
            where {_TOTAL} and starts_with(indicator_id, 'cpp_starts_')
            group by geography_code, period_label
            having sum(numerator) filter (where indicator_id <> 'cpp_starts_count')
                > max(numerator) filter (where indicator_id = 'cpp_starts_count')""",
        "numerator",
    )
    yield from _reconciliation(reconciliation_blocks)


def _reconciliation(blocks: bool) -> Iterator[Check]:
    from expectations.suites import Check

    severity: Severity = "blocking" if blocks else "comparison"
    action = (
        _NOTHING_PUBLISHED
        if blocks
        else "Recorded for comparison only: these data are not the ones that stand for the document's."
    )

    def check(name: str, table: str, description: str, query: str) -> Check:
        return Check(
            check_id=f"social_care_{name}",
            gate=2,
            suite="gate_2_reconciliation",
            table=table,
            severity=severity,
            description=description,
            action=action,
            query=query,
        )

    yield check(
        "reconciliation_explained",
        "marts.reconciliation_social_care",
        "Every printed figure of the needs assessment matches, is explained by a named anomaly, or is external.",
        "select figure_no::varchar as key from {batch} where status is null "
        "or status not in ('match', 'explained', 'external')",
    )
    yield check(
        "reconciliation_complete",
        "marts.reconciliation_social_care",
        "Every printed figure of the needs assessment has its row in the reconciliation.",
        """
            select coalesce(p.figure_no, r.figure_no)::varchar as key
            from reference.social_care_published as p full join {batch} as r on p.figure_no = r.figure_no
            where p.figure_no is null or r.figure_no is null""",
    )
    yield check(
        "every_indicator_valued",
        "marts.indicator_value",
        "Every indicator that records or a model can give has a value.",
        """
            select indicator_id as key from reference.social_care_indicator
            where computable in ('yes', 'model') and indicator_id not in (
                select indicator_id from {batch}
                where theme = 'social_care' and geography_level = 'authority' and value is not null)""",
    )
