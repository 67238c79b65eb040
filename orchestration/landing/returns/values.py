"""What is kept of a value that should be a code, a flag, a date or a number: only what can be one.

Anything else may be anything, a name included, and is not stored. Nearly every value is told by its characters; of the
few that are left, staging's own rules say whether they are another spelling (`orchestration.landing.reading`). Where
words stand beside a code that its list does not know, what the code means is kept, and not the words.

A code nobody knows may be one of a year to come, and is worth seeing: it is kept where it has the shape of a code of
its list, letter for letter and digit for digit. Letters alone are a word, or a surname in capitals, so of codes without
a digit only those of the list are kept, and single letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from catalogue.returns import ReturnCatalogue, ReturnField
from orchestration.landing.reading import kept_sql, read_texts

#: Stands in raw for a value that is no code, date or number.
UNREADABLE = "(unreadable)"
_LONGEST_TEXT = 200
# The longest number that only counts what is listed.
_SHORT = 2
# Capitals and digits with one digit at least, or one sign.
_CODED = re.compile(r"[A-Z0-9]|(?=.*[0-9])[A-Z0-9]+")
_DATE = re.compile(
    r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ][0-9:.]{4,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"|[0-9]{5}(?:[.][0-9]*)?"
)
_NUMBER = re.compile(r"[-+]?[0-9]{1,9}(?:[.][0-9]{1,9})?")
_PLAIN = {"date": _DATE, "datetime": _DATE, "integer": _NUMBER, "number": _NUMBER}


def code_pattern(codes: Iterable[str]) -> re.Pattern[str]:
    """What may be a code of a list: each of its codes, and whatever has the shape of one, unless that is a word."""
    codes = sorted(codes)
    shapes = {re.sub("[A-Z]", "[A-Z]", re.sub("[0-9]", "[0-9]", code)) for code in codes if _CODED.fullmatch(code)}
    return re.compile("|".join([*map(re.escape, codes), *sorted(shapes)]))


class Values:
    """Judges the values of one file, each text of a kind once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> None:
        self._con = con
        self._returns = returns
        self._known: dict[tuple[str, str | None], dict[str, str]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._codes = {name: code_pattern(codes) for name, codes in returns.codes.items()}

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
        plain = self._codes[field.codes_of] if field.codes_of else _PLAIN.get(field.kind)
        if plain is None:
            return [text[:_LONGEST_TEXT] for text in texts]
        known = self._known.setdefault((field.kind, field.codes_of), {})
        others = [text for text in texts if text not in known and not plain.fullmatch(text)]
        if others:
            kept = read_texts(self._con, kept_sql(self._returns, field.kind, field.codes_of, "text"), others)
            for text, what in zip(others, kept, strict=True):
                if what is None:
                    known[text] = UNREADABLE
                elif field.codes_of and self._words_of(field.codes_of).issuperset(_words(text)):
                    known[text] = text
                else:
                    known[text] = what
        return [known.get(text, text) for text in texts]

    def _words_of(self, code_list: str) -> frozenset[str]:
        """The words of a list: its codes, what they mean, and how people write them."""
        if code_list not in self._words:
            listed = self._returns.codes[code_list].values()
            spelt = [one.spelling for one in self._returns.spellings if one.code_list == code_list]
            texts = [*(f"{one.code} {one.code_label or ''}" for one in listed), *spelt]
            self._words[code_list] = frozenset(word for text in texts for word in _words(text))
        return self._words[code_list]


def _words(text: str) -> set[str]:
    """The words of a text, without single letters and numbers of one or two digits, which count what is listed."""
    return {
        word
        for word in re.findall(r"[^\W_]+", text.casefold())
        if len(word) > _SHORT or (word.isalpha() and len(word) > 1)
    }
