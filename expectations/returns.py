"""The checks of gate 1 on the social care returns: one for each validation rule, and the shape of what identifies.

The rules are rows of the seed `validation_rule`; their SQL stands in the staging models of the rules, which name every
record that breaks one. What is written down here is only how a rule becomes a check.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.returns import ReturnCatalogue, ValidationRule
from expectations.check import Check, literal

_PROBLEMS = "intermediate.int_returns_problem"
_RECORDS = "intermediate.int_returns_record"
# What landing stores where a value that has to be reduced could not be read.
_UNREADABLE = "(unreadable)"
_SHAPES = {
    "pseudonym": "[0-9a-f]{{32}}",
    "month": "[0-9]{{4}}-[0-9]{{2}}",
    "sector": "[A-Z]{{1,2}}[0-9][0-9A-Z]? ?[0-9]?",
}


def return_checks(returns: ReturnCatalogue) -> list[Check]:
    """The checks of gate 1 on the returns, in the order of the seeds."""
    return [*_shapes(returns), *(_rule(rule) for rule in returns.rules.values()), _unknown_rule()]


def _rule(rule: ValidationRule) -> Check:
    looked_at = _RECORDS
    if rule.record_ids:
        looked_at += f" where record_id in ({', '.join(literal(record_id) for record_id in rule.record_ids)})"
    return Check(
        check_id=rule.rule_code,
        gate=1,
        suite=f"gate_1_returns_{rule.rule_code[:3]}xx",
        table=_PROBLEMS,
        # The seed's words are those of the severities; a test of the seed holds them to that.
        severity=rule.severity,  # type: ignore[arg-type]  # a seed is text
        description=rule.sentence,
        action=rule.action,
        looked_at=looked_at,
        query=f"""
            select record_id as form_id, landed_row_id, field_id
            from {{batch}} where rule_code = {literal(rule.rule_code)}""",
    )


def _unknown_rule() -> Check:
    return Check(
        check_id="return_problem_without_rule",
        gate=1,
        suite="gate_1_returns_shape",
        table=_PROBLEMS,
        severity="blocking",
        description="Every problem of a record belongs to a rule, so that none passes unseen.",
        action="Nothing is published: the models of the rules and the list of rules disagree, a fault of the program.",
        query="""
            select record_id as form_id, landed_row_id from {batch}
            where rule_code is null or rule_code not in (select rule_code from reference.validation_rule)""",
    )


def _shapes(returns: ReturnCatalogue) -> Iterator[Check]:
    for return_id, return_type in returns.returns.items():
        # None of the batch itself: what identifies is looked at where it was stored.
        parts = ["select record_id as form_id, landed_row_id from {batch} where false"]
        for record in returns.records_of(return_id):
            columns = [
                f"not regexp_full_match({field.field_id}, '{_SHAPES[field.storage]}|{_marker(field.storage)}')"
                for field in returns.stored(record.record_id)
                if field.storage in _SHAPES
            ]
            if columns:
                parts.append(
                    f"select {literal(record.record_id)} as form_id, landed_row_id from raw.{record.record_id} "
                    f"where {' or '.join(columns)}"
                )
        if len(parts) > 1:
            yield Check(
                check_id=f"return_shape__{return_id}",
                gate=1,
                suite="gate_1_returns_shape",
                table=_RECORDS,
                severity="blocking",
                description=(
                    f"{return_type.return_label}: every key is a pseudonym of 32 hexadecimal characters, every date "
                    "of birth or death a month, every postcode a sector."
                ),
                action=(
                    "Nothing is published: something that identifies a child may be stored in clear. Do not share the "
                    "warehouse file; delete it and land the files again with a corrected program."
                ),
                query=" union all ".join(parts),
            )


def _marker(storage: str) -> str:
    return "" if storage == "pseudonym" else _UNREADABLE.replace("(", "[(]").replace(")", "[)]")
