"""Gate 2 for what the public would see: nothing small, nothing that can be worked out, nothing not ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.suites import Check

_ACTION = (
    "Nothing is published; the last release stays in place. Small counts of children could be read or worked out: do "
    "not pass anything on from the warehouse, and report it as a fault of the program."
)
_KEY = (
    "concat_ws('|', {0}.indicator_id, {0}.period, {0}.period_label, {0}.geography_code, {0}.breakdown, {0}.row_order)"
)


def disclosure_checks() -> Iterator[Check]:
    """The checks of marts.published_value and marts.disclosure_audit, which says what is small."""
    from expectations.suites import Check

    def check(name: str, table: str, description: str, query: str, column: str) -> Check:
        return Check(
            check_id=name,
            gate=2,
            suite="gate_2_disclosure",
            table=table,
            severity="blocking",
            description=description,
            action=_ACTION,
            column_name=column,
            query=query,
        )

    yield check(
        "nothing_small_is_public",
        "marts.published_value",
        "No count or n that would be published is small.",
        # How many services take part counts nobody; the n of a summary counts years.
        f"""
            select distinct {_KEY.format("v")} as key from {{batch}} as v
            cross join (select max(threshold) as most from marts.disclosure_audit) as small
            where (v.numerator between 1 and small.most and v.statistic <> 'services')
                or (v.denominator between 1 and small.most and v.breakdown <> 'summary')""",
        "numerator",
    )
    yield check(
        "hidden_is_empty",
        "marts.published_value",
        "A hidden figure holds no number, and nothing that was worked out from one.",
        f"""
            with v as (select * from {{batch}})
            select distinct {_KEY.format("v")} as key from v
            where v.status = 'c' and (
                v.numerator is not null or v.value is not null or v.value_rounded is not null
                or v.lower_95 is not null or v.upper_95 is not null or v.change is not null
                or v.difference is not null or v.others_value is not null
            )""",
        "value",
    )
    yield check(
        "public_figures_are_ours",
        "marts.published_value",
        "Every public figure is one of marts.reportable_value, with the same number.",
        f"""
            select distinct {_KEY.format("v")} as key
            from {{batch}} as v left join marts.reportable_value as r
                on v.source = r.source and v.indicator_id = r.indicator_id and v.period = r.period
                and v.period_label is not distinct from r.period_label and v.geography_level = r.geography_level
                and v.geography_code = r.geography_code and v.breakdown = r.breakdown
                and v.breakdown_value = r.breakdown_value and v.point is not distinct from r.point
                and v.row_order = r.row_order and v.column_order is not distinct from r.column_order
            where r.source is null or v.numerator <> r.numerator or v.denominator <> r.denominator
                or v.value_rounded <> r.value_rounded""",
        "value_rounded",
    )
    yield check(
        "nothing_hidden_can_be_told",
        "marts.disclosure_audit",
        "No hidden count can be told from all that is published, and the audit holds every true count possible.",
        """
            select concat_ws('|', theme, period, geography_code) as key from {batch}
            where exposed > 0 or outside_range > 0""",
        "exposed",
    )
