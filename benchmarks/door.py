"""`python -m benchmarks.door`: what the front door meets, each case in a process of its own, as a table.

For each case: what the first run says of the file, its seconds and the peak memory of the run and of the process that
reads, and after a second run how many forms or records were lost and how many are there twice. It ends with 1 when a
case did not come out as it should.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from benchmarks.door_cases import CASES, COMMITTING, COPIED, COPYING, READ, Case
from catalogue import load_catalogue
from catalogue.returns import load_returns
from catalogue.services import Services
from orchestration.landing import dispatch, snapshot
from orchestration.landing.confined.readers import Readers
from orchestration.landing.dispatch import FileLander
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.ledger import LoadResult, ensure_ledger, landed_sizes, record_load
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.raw_folder import shown_name, survey
from orchestration.landing.recognise import Recognised
from orchestration.landing.returns.tables import ensure_return_tables, return_table

_KEY = PseudonymKey(b"a key of the front door, long enough to be one", is_development=False)


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the first run's word on its file, and what a second run leaves in the warehouse."""

    status: str
    reason: str
    seconds: float
    lost: int
    doubled: int

    def is_as_expected(self, case: Case) -> bool:
        """Whether the case came out as it says."""
        return self.status == case.becomes and case.says in self.reason and not self.lost and not self.doubled


class _Changing:
    """Reads as the run does, and changes the file before or behind that."""

    def __init__(self, readers: Readers, moments: dict[str, Any]) -> None:
        self._readers = readers
        self._moments = moments

    def recognise(self, path: Path, raw_dir: Path, copy: Path) -> Recognised:
        """As `Readers.recognise`."""
        self._moments.pop(COPIED, lambda: None)()
        found = self._readers.recognise(path, raw_dir, copy)
        self._moments.pop(READ, lambda: None)()
        return found

    def release(self, copy: Path) -> None:
        """As `Readers.release`."""
        self._readers.release(copy)


class _HalfCopied:
    """A file of which something is done when the first half has been read."""

    def __init__(self, handle: Any, moments: dict[str, Any]) -> None:
        self._handle = handle
        self._moments = moments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)

    def read(self, size: int) -> bytes:
        """The next piece, a small one."""
        piece: bytes = self._handle.read(4096)
        self._moments.pop(COPYING, lambda: None)()
        return piece


@contextmanager
def _changes(moments: dict[str, Any]) -> Iterator[None]:
    """The moments that lie inside the code: half a copy, and the end of a transaction."""
    open_beneath = snapshot.open_beneath

    def record(*given: Any) -> None:
        record_load(*given)
        moments.pop(COMMITTING, lambda: None)()

    @contextmanager
    def opened(raw_dir: Path, path: Path) -> Iterator[Any]:
        with open_beneath(raw_dir, path) as handle:
            yield _HalfCopied(handle, moments) if COPYING in moments else handle

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(dispatch, "record_load", record))
        stack.enter_context(mock.patch.object(snapshot, "open_beneath", opened))
        yield


def warehouse(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A warehouse with nothing in it."""
    con = duckdb.connect(path)
    ensure_ledger(con)
    ensure_form_tables(con, load_catalogue())
    ensure_return_tables(con, load_returns())
    return con


def attempt(case: Case, folder: Path, con: duckdb.DuckDBPyConnection, readers: Readers) -> Outcome:
    """Write a case into a raw folder, land it, and land what is left once more. The warehouse has to be empty."""
    raw = folder / "raw"
    raw.mkdir()
    case.write(raw)
    change = case.change
    moments = {case.moment: lambda: change(raw / case.path)} if change else {}
    started = time.monotonic()
    with _changes(moments):
        first = _land(raw, folder / "work", con, readers, moments)
    seconds = time.monotonic() - started
    if moments:
        raise RuntimeError(f"{case.name}: nothing was changed")
    _land(raw, folder / "work", con, readers, {})
    name = case.name_shown or shown_name(raw / case.path, raw)
    result = next(one for one in first if one.source_file == name)
    forms = [f"raw.insights_{form_id}" for form_id in load_catalogue().forms]
    records = [return_table(record_id) for record_id in load_returns().records]
    lost = doubled = 0
    for tables, expected in ((forms, case.then), (records, case.records)):
        rows, kinds = _rows(con, tables)
        lost += max(0, expected - kinds)
        doubled += rows - min(kinds, expected)
    return Outcome(result.status, result.reason or "", seconds, lost, doubled)


def _rows(con: duckdb.DuckDBPyConnection, tables: list[str]) -> tuple[int, int]:
    """How many rows lie in some tables, and how many that differ in where they come from."""
    each = " union all ".join(
        f"select sha256, source_row from {table} join ops.load using (load_id)" for table in tables
    )
    ((rows, kinds),) = con.execute(
        f"select count(*), count(distinct (sha256, source_row)) from ({each}) where sha256 is not null"
    ).fetchall()
    return int(rows), int(kinds)


def _land(
    raw: Path, work: Path, con: duckdb.DuckDBPyConnection, readers: Readers, moments: dict[str, Any]
) -> list[LoadResult]:
    found = survey(raw)
    lander = FileLander(raw, _KEY, Services(), "door", _Changing(readers, moments))
    results = [
        lander.land(con, lander.read(path, work / str(number), known=landed_sizes(con)))
        for number, path in enumerate(found.files)
    ]
    return results + [LoadResult(one.name, "passed_over", "", reason=one.reason) for one in found.passed_over]


def _one(name: str) -> None:
    """Attempt one case and print what came of it."""
    case = next(case for case in CASES if case.name == name)
    peaks: dict[str, float] = {"run": 0, "reader": 0}
    with (
        tempfile.TemporaryDirectory() as folder,
        Readers(load_catalogue(), load_returns()) as readers,
        warehouse(f"{folder}/warehouse.duckdb") as con,
        _watching(peaks),
    ):
        outcome = attempt(case, Path(folder), con, readers)
    print(json.dumps({**asdict(outcome), **peaks, "is_expected": outcome.is_as_expected(case)}))


@contextmanager
def _watching(peaks: dict[str, float]) -> Iterator[None]:
    """Note the largest memory of this process and of those it started, in MB. (What the system sums up of a process
    that has ended is no less than what its parent had when it began.)"""
    over = threading.Event()
    pid = os.getpid()

    def watch() -> None:
        while not over.wait(0.005):
            peaks["run"] = max(peaks["run"], _peak(pid))
            for one in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    for child in (one / "children").read_text(encoding="ascii").split():
                        peaks["reader"] = max(peaks["reader"], _peak(int(child)))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _peak(pid: int) -> float:
    """The peak memory of a process in MB; 0 when it has ended, or the system does not say."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        if found := re.search(r"VmHWM:\s*([0-9]+)", status):
            return int(found[1]) / 1024
    return 0


def main() -> None:
    """Command line of the table."""
    parser = argparse.ArgumentParser(description="What the front door meets, as a table.")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        _one(arguments.case)
        return
    print(f"{'case':<58} {'outcome':<12}{'seconds':>8}{'run MB':>8}{'reader MB':>10}{'lost':>6}{'doubled':>8}")
    wrong = 0
    for case in CASES:
        command = [sys.executable, "-m", "benchmarks.door", "--case", case.name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        row = json.loads(done.stdout.strip().splitlines()[-1])
        wrong += not row["is_expected"]
        print(
            f"{case.name:<58.58} {row['status']:<12}{row['seconds']:>8.2f}{row['run']:>8,.0f}{row['reader']:>10,.0f}"
            f"{row['lost']:>6,}{row['doubled']:>8,}{'' if row['is_expected'] else '  NOT AS EXPECTED'}",
            flush=True,
        )
        if row["reason"]:
            print(f"    {row['reason']}")
    print(f"{len(CASES)} cases, {wrong} not as expected")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
