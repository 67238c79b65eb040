"""What is kept of a value that should be a code, a flag, a date or a number: only what can be one.

Anything else may be anything, a name included, and is not stored. Nearly every value is told by its characters; of the
few that are left, staging's own rules say whether they are another spelling (`orchestration.landing.reading`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from catalogue.returns import ReturnCatalogue, ReturnField
from orchestration.landing.reading import kept_sql, read_texts

#: Stands in raw for a value that is no code, date or number.
UNREADABLE = "(unreadable)"
_LONGEST_TEXT = 200
# A code nobody knows is worth seeing; a word is not kept.
_CODE = re.compile(r"[A-Z0-9*][A-Z0-9*_.-]{0,6}")
_DATE = re.compile(r"[0-9][0-9TtZz:./ +-]{0,39}")
_NUMBER = re.compile(r"[-+0-9., eE]{1,30}")
_PLAIN = {"code": _CODE, "flag": _CODE, "date": _DATE, "datetime": _DATE, "integer": _NUMBER, "number": _NUMBER}


class Values:
    """Judges the values of one file, each text of a kind once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> None:
        self._con = con
        self._returns = returns
        self._known: dict[tuple[str, str | None], dict[str, str]] = {}

    def judged(self, record_id: str, table: pa.Table) -> pa.Table:
        """Rows of a record with nothing in their codes, dates and numbers that cannot be one.

        The values of field i are the text column `v<i>`; a field that landing turns into something else (a pseudonym, a
        month, a sector) is left alone.
        """
        for place, field in enumerate(self._returns.stored(record_id)):
            if field.storage != "store":
                continue
            name = f"v{place}"
            # Few values differ, so each is judged once.
            column = table.column(name).combine_chunks().dictionary_encode()
            texts = pa.array(self._kept(field, column.dictionary.to_pylist()), pa.string())
            judged = pa.DictionaryArray.from_arrays(column.indices, texts)
            table = table.set_column(table.schema.get_field_index(name), name, judged)
        return table

    def _kept(self, field: ReturnField, texts: Sequence[str]) -> list[str]:
        plain = _PLAIN.get(field.kind)
        if plain is None:
            return [text[:_LONGEST_TEXT] for text in texts]
        known = self._known.setdefault((field.kind, field.code_list), {})
        others = [text for text in texts if text not in known and not plain.fullmatch(text)]
        if others:
            kept = read_texts(self._con, kept_sql(self._returns, field.kind, field.code_list, "text"), others)
            known.update(zip(others, (UNREADABLE if text is None else text for text in kept), strict=True))
        return [known.get(text, text) for text in texts]
