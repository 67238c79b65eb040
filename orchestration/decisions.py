"""What was decided about the data where nothing in the files decides: `decisions.jsonl` of the home, `ops.decision`.

One line of JSON for each decision, and lines are only added; of two that contradict each other the later line holds. A
home that is built anew from the files, with this one beside them, comes out the same: models read what was decided,
never when or in which order something arrived. A line holds keys and hashes, no identifier and no answer.

    {"at": "2024-05-02T09:30:00Z", "by": "operator", "decided": "2016-08", "key": "0f...", "kind": "birth_month",
     "who": "run or person"}

What each kind is of and says:

- `later_version`: of the submission `key` on the form `form`, the version with the content hash `decided` is later than
  those with the hashes `over`;
- `birth_month`: the client `key` is one child, born in the month `decided` (as 2016-08), or `several_children`;
- `later_delivery`: of the files of one authority, return and year (`key`), the one with the SHA-256 `decided` is later
  than those with the hashes `over`;
- `delivery_is`: the file `key` (a hash of its bytes, authority and year; in earlier lines the beginning of its SHA-256)
  is a `part` of its return and withdraws nothing, is `empty` on purpose, is the `whole` after all, or is a `mistake`
  and counts nowhere.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

LATER_VERSION, BIRTH_MONTH = "later_version", "birth_month"
LATER_DELIVERY, DELIVERY_IS = "later_delivery", "delivery_is"
#: What a delivery is, where somebody said so.
PART, EMPTY, WHOLE, MISTAKE = "part", "empty", "whole", "mistake"
#: What is decided of a client who is not one child.
SEVERAL_CHILDREN = "several_children"
#: Who decides: a version that came in a later run than the others, or somebody who was asked.
ARRIVAL, OPERATOR = "arrival", "operator"

_KEY = re.compile("[0-9a-f]{32}")
_HASH = re.compile("[0-9a-f]{8,64}")
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORM = re.compile("[a-z][a-z0-9_]*")
# What may be decided, of the kinds that decide nothing over anything else.
_WORDS: dict[str, Callable[[str], object]] = {
    BIRTH_MONTH: lambda text: text == SEVERAL_CHILDREN or _MONTH.fullmatch(text),
    DELIVERY_IS: lambda text: text in (PART, EMPTY, WHOLE, MISTAKE),
}

_CREATE = """
create schema if not exists ops;
create table if not exists ops.decision (
    line integer not null,
    kind varchar not null,
    form_id varchar,
    subject_key varchar not null,
    decided varchar not null,
    over varchar[] not null,
    decided_by varchar not null,
    who varchar,
    decided_at timestamp not null
);
create table if not exists ops.later_version (
    form_id varchar not null,
    submission_key varchar not null,
    later_hash varchar not null,
    earlier_hash varchar not null
)
"""


@dataclass(frozen=True)
class Decision:
    """One line of the file. `form` belongs to `later_version` alone, `over` also to `later_delivery`.

    `who` is a run, or a person.
    """

    kind: str
    key: str
    decided: str
    by: str
    at: str
    who: str | None = None
    form: str | None = None
    over: tuple[str, ...] = ()


def now() -> str:
    """The moment at which something is decided, as a line has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_decisions(settings: Settings) -> list[Decision]:
    """Every decision of a home, in the order of their lines; none where there is no file.

    Raises OperatorError when the file cannot be read or a line of it is no decision.
    """
    path = settings.decisions_path
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise OperatorError(
            f"The decisions in {path} cannot be read ({why}). Nothing was done; the last release stays in place. Put "
            "back a copy of the file, or mend it, then run again."
        ) from None
    decisions = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            decisions.append(_decision(json.loads(line)))
        except (ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, _NoDecisionError) else "it is no line of JSON"
            raise OperatorError(
                f"Line {number} of {path} is no decision: {why}. Nothing was done; the last release stays in place. "
                "Mend the line or take it out (what it decided is open again then), or put back a copy of the file, "
                "then run again."
            ) from None
    return decisions


def append_decisions(settings: Settings, decisions: Sequence[Decision]) -> None:
    """Add lines to the file, and return when they are on the disk.

    Raises OperatorError when the file is damaged already or cannot be written; no line is added then.
    """
    if not decisions:
        return
    read_decisions(settings)
    path = settings.decisions_path
    lines = "".join(json.dumps(_line(decision), sort_keys=True) + "\n" for decision in decisions)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # For nobody but whoever runs it: keys of clients stand in it.
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            # Somebody's editor may have left the last line without an end.
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                lines = "\n" + lines
            try:
                _write_all(descriptor, lines.encode())
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OperatorError(
            f"What was decided could not be written to {path} ({error.strerror}). Nothing was decided; the last "
            "release stays in place. Make room there, or make the file writable, then try again."
        ) from None


def ensure_decisions(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of what was decided where they are missing; `versions.py` fills the second from the first."""
    con.execute(_CREATE)


def load_decisions(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[Decision]:
    """Put what the file says in the place of what `ops.decision` holds, and return it. Raises like `read_decisions`."""
    decisions = read_decisions(settings)
    ensure_decisions(con)
    con.begin()
    con.execute("delete from ops.decision")
    if decisions:
        con.executemany(
            "insert into ops.decision values (?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz at time zone 'UTC')",
            [
                (number, one.kind, one.form, one.key, one.decided, list(one.over), one.by, one.who, one.at)
                for number, one in enumerate(decisions, start=1)
            ],
        )
    con.commit()
    return decisions


def begin_with_decisions(settings: Settings) -> None:
    """Load them at the beginning of a run, before any step reads them. Raises like `read_decisions`."""
    with open_warehouse(settings) as con:
        load_decisions(con, settings)


class _NoDecisionError(ValueError):
    """Why a line is no decision, as the end of a sentence; never with what stands in it."""


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _line(decision: Decision) -> dict[str, Any]:
    return {name: value for name, value in asdict(decision).items() if value not in (None, ())}


def _decision(line: Any) -> Decision:
    """A line as a decision. Raises _NoDecisionError."""
    if not isinstance(line, dict):
        raise _NoDecisionError("it holds no names with values")
    unknown = line.keys() - Decision.__dataclass_fields__.keys()
    if unknown:
        raise _NoDecisionError("it has a name that no decision has")
    _require(line, "kind", lambda text: text in (LATER_VERSION, BIRTH_MONTH, LATER_DELIVERY, DELIVERY_IS))
    _require(line, "key", _KEY.fullmatch)
    _require(line, "by", lambda text: text in (ARRIVAL, OPERATOR))
    _require(line, "at", _is_moment)
    if line.get("who") is not None:
        _require(line, "who", lambda text: True)
    if line["kind"] in _WORDS:
        _require(line, "decided", _WORDS[line["kind"]])
        return Decision(line["kind"], line["key"], line["decided"], line["by"], line["at"], line.get("who"))
    if line["kind"] == LATER_VERSION:
        _require(line, "form", _FORM.fullmatch)
    _require(line, "decided", _HASH.fullmatch)
    over = line.get("over")
    if not isinstance(over, list) or not over or not all(isinstance(one, str) and _HASH.fullmatch(one) for one in over):
        raise _NoDecisionError("its `over` is no list of content hashes")
    return Decision(**{**line, "over": tuple(over)})


def _require(line: dict[str, Any], name: str, holds: Callable[[str], object]) -> None:
    """Raises _NoDecisionError."""
    if name not in line:
        raise _NoDecisionError(f"it has no `{name}`")
    if not isinstance(line[name], str) or not holds(line[name]):
        raise _NoDecisionError(f"its `{name}` is none")


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
