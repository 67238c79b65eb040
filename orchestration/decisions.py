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
  and counts nowhere;
- `forgotten`: a tombstone. Of whom is `decided`: a `client` of the service `of`, a `child` in the returns of the
  authority `of`, a `delivery`, a `submission` without consent. `key` is a hash of the pseudonym and not the pseudonym
  itself, `known` are hashes of what else was known (months of birth; what makes two forms one submission), `reason` is
  why, in the words of `who`;
- `is_forgotten`: of the forms with the id of the forgotten `key` and one of the months of birth `over` (hashed, too) it
  is decided that they are of the `same` child or of `another`.

A line of a kind that this version does not know has no effect, and a run says so. Lines are only added, but that those
which are about somebody who is forgotten (a month of birth, a content) go when the tombstone is added.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import OperatorError
from orchestration.progress import many, say
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

LATER_VERSION, BIRTH_MONTH = "later_version", "birth_month"
LATER_DELIVERY, DELIVERY_IS = "later_delivery", "delivery_is"
FORGOTTEN, IS_FORGOTTEN = "forgotten", "is_forgotten"
#: Who or what is forgotten.
CLIENT, CHILD, DELIVERY, SUBMISSION = "client", "child", "delivery", "submission"
#: Whether a form with the id of somebody who was forgotten, and another month of birth, is of that child.
SAME, ANOTHER = "same", "another"
#: What a delivery is, where somebody said so.
PART, EMPTY, WHOLE, MISTAKE = "part", "empty", "whole", "mistake"
#: What is decided of a client who is not one child.
SEVERAL_CHILDREN = "several_children"
#: Who decides: a version that came in a later run than the others, or somebody who was asked; of a tombstone also a
#: list in the raw folder, or the form itself, which says that there is no consent.
ARRIVAL, OPERATOR, LIST, FORM = "arrival", "operator", "list", "form"

_KEY = re.compile("[0-9a-f]{32}")
_HASH = re.compile("[0-9a-f]{8,64}")
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_WORD = re.compile("[a-z][a-z0-9_]*")
_SHORT_CODE = re.compile(r"\?[0-9a-f]{8}")
_KINDS = (LATER_VERSION, BIRTH_MONTH, LATER_DELIVERY, DELIVERY_IS, FORGOTTEN, IS_FORGOTTEN)
# What may be decided, of the kinds that decide nothing over anything else.
_WORDS: dict[str, Callable[[str], object]] = {
    BIRTH_MONTH: lambda text: text == SEVERAL_CHILDREN or _MONTH.fullmatch(text),
    DELIVERY_IS: lambda text: text in (PART, EMPTY, WHOLE, MISTAKE),
    FORGOTTEN: lambda text: text in (CLIENT, CHILD, DELIVERY, SUBMISSION),
    IS_FORGOTTEN: lambda text: text in (SAME, ANOTHER),
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
    """One line of the file. `form` belongs to `later_version` and to the submission of a tombstone, `over` also to
    `later_delivery` and `is_forgotten`; from `of` on all belongs to tombstones.

    `who` is a run, a list by its load, or a person. `text` is the short code of the name by which a service was called,
    `until` the time of the version without consent, `rules` the version of the rules by which the id was cleaned.
    """

    kind: str
    key: str
    decided: str
    by: str
    at: str
    who: str | None = None
    form: str | None = None
    over: tuple[str, ...] = ()
    of: str | None = None
    text: str | None = None
    known: tuple[str, ...] = ()
    until: str | None = None
    rules: int | None = None
    reason: str | None = None


def now() -> str:
    """The moment at which something is decided, as a line has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_decisions(settings: Settings) -> list[Decision]:
    """Every decision of a home, in the order of their lines; none where there is no file.

    Raises OperatorError when the file cannot be read or a line of it is no decision.
    """
    return [decision for _, decision in _lines(settings) if decision is not None]


def _lines(settings: Settings) -> list[tuple[str, Decision | None]]:
    """Every line of the file with its decision; None of a kind that nobody here knows. Raises like `read_decisions`."""
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
    lines: list[tuple[str, Decision | None]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            lines.append((line, _decision(json.loads(line))))
        except (ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, _NoDecisionError) else "it is no line of JSON"
            raise OperatorError(
                f"Line {number} of {path} is no decision: {why}. Nothing was done; the last release stays in place. "
                "Mend the line or take it out (what it decided is open again then), or put back a copy of the file, "
                "then run again."
            ) from None
    return lines


def forget_decisions(settings: Settings, keys: Collection[str]) -> None:
    """Take out the lines that say something of a client or a submission with one of these keys; tombstones stay.

    The file is as it was, or as it will be, whenever this is stopped. Raises like `append_decisions`.
    """
    lines = _lines(settings)
    kept = [line for line, one in lines if one is None or one.kind == FORGOTTEN or one.key not in keys]
    if len(kept) == len(lines):
        return
    path = settings.decisions_path
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(descriptor, "".join(f"{line}\n" for line in kept).encode())
        finally:
            os.close(descriptor)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise _cannot_write(path, error) from None


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
        raise _cannot_write(path, error) from None


def _cannot_write(path: Path, error: OSError) -> OperatorError:
    return OperatorError(
        f"What was decided could not be written to {path} ({error.strerror}). Nothing was decided; the last "
        "release stays in place. Make room there, or make the file writable, then try again."
    )


def ensure_decisions(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of what was decided where they are missing; `versions.py` fills the second from the first."""
    con.execute(_CREATE)


def load_decisions(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[Decision]:
    """Put what the file says in the place of what `ops.decision` holds, and return it. Raises like `read_decisions`.

    Tombstones are no matter of the models: landing keeps out whom they are of, and there may be tens of thousands.
    """
    decisions = read_decisions(settings)
    ensure_decisions(con)
    con.begin()
    con.execute("delete from ops.decision")
    rows = [
        (number, one.kind, one.form, one.key, one.decided, list(one.over), one.by, one.who, one.at)
        for number, one in enumerate(decisions, start=1)
        if one.kind not in (FORGOTTEN, IS_FORGOTTEN)
    ]
    if rows:
        con.executemany(
            "insert into ops.decision values (?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz at time zone 'UTC')", rows
        )
    con.commit()
    return decisions


def begin_with_decisions(settings: Settings) -> None:
    """Load them at the beginning of a run, before any step reads them. Raises like `read_decisions`."""
    unknown = sum(decision is None for _, decision in _lines(settings))
    if unknown:
        what = f"{many(unknown, 'line')} of {settings.decisions_path.name}"
        say(f"{what} of a kind that this version does not know, without effect")
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


def _decision(line: Any) -> Decision | None:
    """A line as a decision; None of a kind that a later version knows. Raises _NoDecisionError."""
    if not isinstance(line, dict):
        raise _NoDecisionError("it holds no names with values")
    _require(line, "kind", _WORD.fullmatch)
    if line["kind"] not in _KINDS:
        return None
    unknown = line.keys() - Decision.__dataclass_fields__.keys()
    if unknown:
        raise _NoDecisionError("it has a name that no decision has")
    _require(line, "key", _KEY.fullmatch)
    _require(line, "by", (ARRIVAL, OPERATOR, LIST, FORM).__contains__)
    _require(line, "at", _is_moment)
    if line.get("who") is not None:
        _require(line, "who", lambda text: True)
    if line["kind"] in (FORGOTTEN, IS_FORGOTTEN):
        return _tombstone(line)
    if line["kind"] in _WORDS:
        _require(line, "decided", _WORDS[line["kind"]])
        return Decision(line["kind"], line["key"], line["decided"], line["by"], line["at"], line.get("who"))
    if line["kind"] == LATER_VERSION:
        _require(line, "form", _WORD.fullmatch)
    _require(line, "decided", _HASH.fullmatch)
    _require_hashes(line, "over")
    return Decision(**{**line, "over": tuple(line["over"])})


def _tombstone(line: dict[str, Any]) -> Decision:
    """Who is forgotten, or whether a form is of somebody who is. Raises _NoDecisionError."""
    _require(line, "decided", _WORDS[line["kind"]])
    if line["kind"] == IS_FORGOTTEN:
        _require_hashes(line, "over")
    if line["decided"] in (CLIENT, CHILD):
        _require(line, "of", lambda text: text)
    if line["decided"] == SUBMISSION:
        _require(line, "form", _WORD.fullmatch)
    for name, holds in (("text", _SHORT_CODE.fullmatch), ("until", _is_moment), ("reason", lambda text: True)):
        if name in line:
            _require(line, name, holds)
    if "known" in line:
        _require_hashes(line, "known")
    if not isinstance(line.get("rules", 0), int):
        raise _NoDecisionError("its `rules` is none")
    return Decision(**{**line, "over": tuple(line.get("over", ())), "known": tuple(line.get("known", ()))})


def _require_hashes(line: dict[str, Any], name: str) -> None:
    """Raises _NoDecisionError."""
    listed = line.get(name)
    if (
        not isinstance(listed, list)
        or not listed
        or not all(isinstance(one, str) and _HASH.fullmatch(one) for one in listed)
    ):
        what = "content hashes" if name == "over" else "hashes"
        raise _NoDecisionError(f"its `{name}` is no list of {what}")


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
