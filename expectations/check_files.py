"""Checks that are files: `checks/<suite>/<check_id>.sql`, a head in comments above the SQL of the failing rows' keys.

    -- table: marts.indicator_value
    -- column: numerator
    -- severity: blocking
    -- says: No share counts more than its base.
    -- then: Nothing is published; the last release stays in place.

    select ... as key from marts.indicator_value where ...

The head ends with the first line that is no comment. A line indented by four blanks goes on with the line above it.

| field             | what it says                                                                    |
|-------------------|---------------------------------------------------------------------------------|
| `table`           | schema and table whose rows are looked at                                       |
| `severity`        | what follows from a failing row: one of the severities in `check.py`            |
| `says`            | the sentence that holds where no row fails                                      |
| `then`            | a sentence or more: what happens to the data now, and what to do                |
| `column`          | optional: the column that is wrong where a row fails                            |
| `may be accepted` | optional, `yes`: a judgement that an operator may overrule for a key            |
| `blocks for`      | optional, `the publication on forms` or `the publication on returns`: with data |
|                   | that it was not made from the check blocks nothing and is a comparison          |
| `otherwise`       | goes with `blocks for`: what follows from it then                               |

The SQL is plain: it names its tables and runs as it stands. Texts in a key come from the catalogue, from the ids of
loads, or name a service or an authority; nothing else that was delivered may be part of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from expectations.check import Check, Severity

CHECKS_DIR = Path(__file__).resolve().parent / "checks"

Source = Literal["forms", "returns"]

_REQUIRED = ("table", "severity", "says", "then")
_OPTIONAL = ("column", "may be accepted", "blocks for", "otherwise")
_BLOCKS_FOR: dict[str, Source] = {"the publication on forms": "forms", "the publication on returns": "returns"}
_SUITE = re.compile(r"gate_([12])_\w+")
_TABLE = re.compile(r"[a-z_0-9]+\.[a-z_0-9]+")
_NAME = re.compile(r"[a-z_0-9]+")
_SENTENCES = re.compile(r"[A-Z0-9].*\.", re.S)


class CheckFileError(ValueError):
    """A file of a check is not written as it must be. The message is a sentence that names the file and the line."""


@dataclass(frozen=True)
class CheckFile:
    """A check as its file says it, and what becomes of it where the data are not those it is meant for."""

    check: Check
    blocks_for: Source | None = None
    otherwise: str = ""

    def judged(self, *, forms_block: bool, returns_block: bool) -> Check:
        """The check for data that are, or are not, what the publications on forms and on returns were made from."""
        if self.blocks_for is None or {"forms": forms_block, "returns": returns_block}[self.blocks_for]:
            return self.check
        return replace(self.check, severity="comparison", action=self.otherwise)


@lru_cache(maxsize=4)
def load_check_files(gate: int, folder: Path = CHECKS_DIR) -> tuple[CheckFile, ...]:
    """The checks of a gate that are files, by suite and name.

    Raises:
        CheckFileError: a file is not written as it must be.
    """
    found = [read_check_file(path) for path in sorted(folder.glob("*/*.sql"))]
    return tuple(file for file in found if file.check.gate == gate)


def read_check_file(path: Path) -> CheckFile:
    """One file as a check.

    Raises:
        CheckFileError: the file is not written as it must be.
    """
    suite = _SUITE.fullmatch(path.parent.name)
    if suite is None or not _NAME.fullmatch(path.stem):
        raise _wrong(path, 1, "its folder must be called gate_1_… or gate_2_…, and both in small letters, digits and _")
    lines = path.read_text(encoding="utf-8").splitlines()
    length = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    head = dict(_fields(path, lines[:length]))
    query = "\n".join(lines[length:]).strip()
    for name in _REQUIRED:
        if name not in head:
            raise _wrong(path, 1, f"its head must say its `{name}`")
    if not query or query.endswith(";"):
        raise _wrong(path, length + 1, "below the head must stand one query, without a semicolon")
    _hold_to(path, head, "table", _TABLE.fullmatch, "a schema and a table, with a dot between")
    _hold_to(path, head, "severity", get_args(Severity).__contains__, "one of " + ", ".join(get_args(Severity)))
    _hold_to(path, head, "column", _NAME.fullmatch, "the name of one column")
    _hold_to(path, head, "may be accepted", "yes".__eq__, "`yes`, or left out")
    _hold_to(path, head, "blocks for", _BLOCKS_FOR.__contains__, "one of " + ", ".join(_BLOCKS_FOR))
    for name in ("says", "then", "otherwise"):
        _hold_to(path, head, name, _SENTENCES.fullmatch, "a sentence, from a capital to a full stop")
    if ("blocks for" in head) != ("otherwise" in head):
        given = "blocks for" if "blocks for" in head else "otherwise"
        raise _wrong(path, head[given][1], "`blocks for` and `otherwise` must be there both or neither")
    values = {name: text for name, (text, _) in head.items()}
    return CheckFile(
        Check(
            check_id=path.stem,
            gate=int(suite[1]),
            suite=path.parent.name,
            table=values["table"],
            severity=cast(Severity, values["severity"]),
            description=values["says"],
            action=values["then"],
            query=query,
            column_name=values.get("column"),
            is_acceptable="may be accepted" in values,
        ),
        _BLOCKS_FOR.get(values.get("blocks for", "")),
        values.get("otherwise", ""),
    )


def _fields(path: Path, head: list[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Name, text and number of the line of each field of a head."""
    field: tuple[str, list[str], int] | None = None
    seen: set[str] = set()
    for number, line in enumerate(head, start=1):
        if line.startswith("--     ") and field is not None:
            field[1].append(line[2:].strip())
            continue
        if field is not None:
            yield field[0], (" ".join(field[1]).strip(), field[2])
        name, colon, text = line[2:].partition(":")
        name = name.strip()
        if not colon or name not in (*_REQUIRED, *_OPTIONAL):
            known = ", ".join((*_REQUIRED, *_OPTIONAL))
            raise _wrong(path, number, f"each line of the head must be `-- field: text`, and the fields are {known}")
        if name in seen:
            raise _wrong(path, number, f"`{name}` is there twice")
        seen.add(name)
        field = (name, [text.strip()], number)
    if field is not None:
        yield field[0], (" ".join(field[1]).strip(), field[2])


def _hold_to(
    path: Path, head: dict[str, tuple[str, int]], name: str, holds: Callable[[str], object], must_be: str
) -> None:
    if name in head and not holds(head[name][0]):
        raise _wrong(path, head[name][1], f"`{name}` must be {must_be}")


def _wrong(path: Path, line: int, what: str) -> CheckFileError:
    place = "/".join(path.parts[-3:])
    return CheckFileError(
        f"The file of a check is not written as it must be: {place}, line {line}: {what}. Nothing was checked or "
        "published; mend the file."
    )
