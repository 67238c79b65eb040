"""`return_shape__<return>`: one check for each return whose records hold what is reduced before it is stored.

What identifies is looked at where landing stored it, in the raw tables; which fields are reduced, and how, is said by
the seed `return_field`.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.returns import ReturnCatalogue
from expectations.check import Check, literal
from expectations.families.forms_shapes import STORED_IN_CLEAR

# What landing stores where a value that has to be reduced could not be read.
_UNREADABLE = "[(]unreadable[)]"
# By the storage of a field: all that its text can be. A key is always made.
_SHAPES = {
    "pseudonym": "[0-9a-f]{32}",
    "month": "[0-9]{4}-[0-9]{2}|" + _UNREADABLE,
    "sector": "[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9]?|" + _UNREADABLE,
}


def return_shape_checks(returns: ReturnCatalogue) -> Iterator[Check]:
    """The checks in the order of the seed; a return that identifies nobody has none."""
    for return_id, return_type in returns.returns.items():
        parts = []
        for record in returns.records_of(return_id):
            fails = [
                f"not regexp_full_match({field.field_id}, {literal(_SHAPES[field.storage])})"
                for field in returns.stored(record.record_id)
                if field.storage in _SHAPES
            ]
            if fails:
                parts.append(
                    f"select {literal(record.record_id)} as form_id, landed_row_id from raw.{record.record_id} "
                    f"where {' or '.join(fails)}"
                )
        if parts:
            yield Check(
                check_id=f"return_shape__{return_id}",
                gate=1,
                suite="gate_1_returns_shape",
                table="intermediate.int_returns_record",
                severity="blocking",
                description=(
                    f"{return_type.return_label}: every key is a pseudonym of 32 hexadecimal characters, every date "
                    "of birth or death a month, every postcode a sector."
                ),
                action=STORED_IN_CLEAR,
                query=" union all ".join(parts),
            )
