"""How a run tells a person what it is doing.

The command line puts a printer here; under the web server or the daemon nothing is set and the lines go to
Dagster's log alone. Lines hold names and counts, never a value of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[str], None]

_printer: ContextVar[Progress | None] = ContextVar("insights_progress", default=None)


def many(count: int, noun: str) -> str:
    """A count and its noun: `1 file`, `1,200 files`."""
    return f"{int(count):,} {noun}" + ("" if count == 1 else "s")


def first_of(texts: Sequence[object], most: int) -> str:
    """The first of several texts, and how many there are besides: `a, b and 3 more`."""
    shown, more = ", ".join(map(str, texts[:most])), len(texts) - most
    return f"{shown} and {more:,} more" if more > 0 else shown


def say(line: str) -> None:
    """Show one line of progress to whoever started the run in this process; nobody, when nobody listens."""
    printer = _printer.get()
    if printer is not None:
        printer(line)


@contextmanager
def telling(printer: Progress | None) -> Iterator[None]:
    """Send every `say` inside the block to `printer`."""
    token = _printer.set(printer)
    try:
        yield
    finally:
        _printer.reset(token)
