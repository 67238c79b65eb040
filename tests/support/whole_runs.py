"""A home to run the whole pipeline in, and one change to a raw file: what the tests of whole runs are made of."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from catalogue.folding import fold_header
from synthetic.sample_catalogue import sample_catalogue
from tests.support.paths import ROOT

SAMPLE = ROOT / "data" / "raw"
# What a refused file says must not be shown; this word would give it away.
SECRET = "Zanzibar"


@dataclass
class Home:
    """A home folder, its raw folder, and a user whose own folders must stay empty."""

    root: Path
    home: Path = field(init=False)
    raw: Path = field(init=False)
    user: Path = field(init=False)
    tmp: Path = field(init=False)
    variables: dict[str, str] = field(default_factory=dict)
    #: Its programme, where that is not the sample.
    programme: Path | None = None

    def __post_init__(self) -> None:
        self.home, self.raw = self.root / "home", self.root / "raw"
        self.user, self.tmp = self.root / "user", self.root / "tmp"
        for folder in (self.home, self.user, self.tmp):
            folder.mkdir(parents=True)

    def insights(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as an operator would, in a process of its own."""
        return self._start([sys.executable, "-m", "orchestration.commands.cli", *arguments], self.root)

    def make_run(self) -> subprocess.CompletedProcess[str]:
        """`make run` on this home, as a newcomer would."""
        return self._start(["make", "run", f"RAW={self.raw}", f"HOME_DIR={self.home}"], ROOT)

    def _start(self, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("INSIGHTS_", "DAGSTER_", "DBT_"))
        }
        return subprocess.run(
            command,
            cwd=folder,
            env=kept | self.variables | {"HOME": str(self.user), "TMPDIR": str(self.tmp), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`insights run` on this home."""
        of = ("--programme", str(self.programme)) if self.programme else ()
        return self.insights("run", "--raw", str(self.raw), "--home", str(self.home), *of, *arguments)

    @property
    def current(self) -> Path:
        """The folder of the release in force."""
        return (self.home / "published" / "current").resolve()

    def release(self) -> duckdb.DuckDBPyConnection:
        """The current release, read-only."""
        return duckdb.connect(str(self.home / "published" / "current" / "internal" / "insights.duckdb"), read_only=True)

    def warehouse(self, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
        """The warehouse of this home."""
        return duckdb.connect(str(self.home / "warehouse" / "insights.duckdb"), read_only=read_only)


@dataclass(frozen=True)
class Ran:
    """One run and the release that was in force after it."""

    output: str
    code: int
    release: Path
    manifest: dict[str, Any]


def ran(home: Home, done: subprocess.CompletedProcess[str], code: int = 0) -> Ran:
    """A run that has ended as it should, with this code, and the release in force."""
    assert done.returncode == code, done.stdout[-4000:] + done.stderr[-4000:]
    manifest = json.loads((home.current / "internal" / "manifest.json").read_text(encoding="utf-8"))
    return Ran(done.stdout + done.stderr, done.returncode, home.current, manifest)


@dataclass(frozen=True)
class Change:
    """One answer of one raw file, changed from one option to another."""

    indicator: str
    question_id: str
    before: str
    after: str
    file: str
    row: int
    service: str
    year: int


@dataclass(frozen=True)
class Changed:
    """The change, the run after it, and a reader that had the earlier release open all the while."""

    change: Change
    ran: Ran
    reader: duckdb.DuckDBPyConnection
    seen_before: list[tuple[Any, ...]]


READING = "select * from marts.indicator_value order by all"


def choose_change(con: duckdb.DuckDBPyConnection) -> Change:
    """An answer of an accepted form of 2024 that one table counts and nothing else depends on."""
    row = con.execute(
        """
        with used as (
            select question_id, min(indicator_id) as indicator_id
            from marts.indicator_cell
            where question_id is not null
            group by question_id
            having count(distinct indicator_id) = 1
                and bool_and(dataset = 'intake' and statistic = 'percentage')
                and bool_and(option_codes is not null and len(counted_answers) = 1)
        ), plain as (
            select used.*, question.option_set
            from used join reference.question using (question_id)
            where question.answer_type = 'single'
                and question.parent_question_id is null and question.derivation is null
                and question_id not in (select question_id from reference.population where question_id is not null)
                and question_id not in (select question_id from reference.breakdown)
                and question_id not in (
                    select parent_question_id from reference.question where parent_question_id is not null
                )
        )
        select plain.indicator_id, plain.question_id, answer.option_code, other.option_code,
            disposition.source_file, disposition.source_row, form.service_code, form.reporting_year
        from plain
        join marts.dim_answer as answer on plain.question_id = answer.question_id and answer.option_code <> 'missing'
        join marts.dim_answer as other
            on plain.question_id = other.question_id and other.option_code not in ('missing', answer.option_code)
        join marts.fct_intake as form on list_contains(form.answers, answer.answer_id) and form.reporting_year = 2024
        join marts.form_disposition as disposition on form.landed_row_id = disposition.landed_row_id
        join ops.load on disposition.load_id = load.load_id
        where load.convention_id = 'code_columns' and disposition.source_file like '%.csv'
        order by all
        limit 1
        """
    ).fetchone()
    assert row is not None, "the sample has no answer that the test can change"
    return Change(*row)


def apply_change(path: Path, change: Change) -> None:
    """Rewrite one cell of an export; everything else keeps its content."""
    data = path.read_bytes()
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = data.decode(encoding)
    records = list(csv.reader(io.StringIO(text, newline="")))
    index = sample_catalogue().header_index("intake")
    place = next(
        position
        for position, header in enumerate(records[0])
        if any(meant.question_id == change.question_id for meant in index.get(fold_header(header), ()))
    )
    records[change.row - 1][place] = change.after
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(records)
    path.write_bytes(out.getvalue().encode(encoding))
