"""The error of whoever wrote a programme or a seed: where it stands, what is wrong, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: How a sentence about a programme ends.
NOTHING_DONE = "Nothing was done. Correct it, then run again."


class ProgrammeError(Exception):
    """A programme, or the catalogue made with it, that cannot be used. The message says file, line and what to do."""


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` with the known name that is most like a word; empty where none is."""
    small = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), list(small), n=1, cutoff=0.7)
    return f" Did you mean `{small[found[0]]}`?" if found else ""


def shown(text: str, limit: int = 80) -> str:
    """A text of a settings file on one line: control characters escaped, and cut where it is long."""
    plain = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
