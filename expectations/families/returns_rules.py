"""`<rule_code>`: one check for each validation rule of the returns.

The rules are files in `dbt_project/macros/rules/`, listed by the seed `validation_rule`; the models of
`checked/rules/returns` name every record that breaks one. What is written down here is only how a rule becomes a check:
no row of the table of problems bears its code. That is a stock expectation on the number of rows, which fetches nothing
but the number.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.returns import ReturnCatalogue
from expectations.check import Check, listed, literal

_PROBLEMS = "intermediate.int_returns_problem"
_RECORDS = "intermediate.int_returns_record"


def rule_checks(returns: ReturnCatalogue) -> Iterator[Check]:
    """The checks in the order of the seed."""
    for rule in returns.rules.values():
        only = f" where record_id in ({listed(rule.record_ids)})" if rule.record_ids else ""
        yield Check(
            check_id=rule.rule_code,
            gate=1,
            suite=f"gate_1_returns_{rule.rule_code[:3]}xx",
            table=_PROBLEMS,
            # The seed's words are those of the severities; a test of the seed holds them to that.
            severity=rule.severity,  # type: ignore[arg-type]  # a seed is text
            description=rule.sentence,
            action=rule.action,
            looked_at=_RECORDS + only,
            rows_with=("rule_code", rule.rule_code),
            query=f"""
                select record_id as form_id, landed_row_id, field_id
                from {_PROBLEMS} where rule_code = {literal(rule.rule_code)}""",
        )
