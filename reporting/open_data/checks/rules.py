"""What a check of the standard is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reporting.open_data.checks.files import Breach, FilePair

PairCheck = Callable[[FilePair], Iterator[Breach]]


@dataclass(frozen=True)
class Problem:
    """One breach of a check. `row` 0 means the whole file, `column` empty means the whole row."""

    check: str
    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.message}"


@dataclass(frozen=True)
class StandardCheck:
    """A rule of the standard. `is_basic` rules are the ground of the others: where one fails, the others wait."""

    name: str
    demand: str
    is_basic: bool
    run: PairCheck


def check(checks: list[StandardCheck], demand: str, *, is_basic: bool = False) -> Callable[[PairCheck], PairCheck]:
    """Enter a function into a list of checks, under its own name."""

    def enter(run: PairCheck) -> PairCheck:
        checks.append(StandardCheck(run.__name__, demand, is_basic, run))
        return run

    return enter
