"""A programme of one's own with its exports and home, and who runs the commands on it; two of its releases compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from tests.support.paths import ROOT

KEY = "9d0e6c4f1b7a28e35f90ad5cc7412b86"
NAME = "own"
#: The command line of an engine whose rule of folding is another version, before anything else is imported.
_FOLDING = (
    "import sys, catalogue.folding as folding; folding.FOLDING_VERSION = {version}; "
    "from orchestration.commands.cli import main; sys.argv[0] = 'insights'; main()"
)


@dataclass(frozen=True)
class OwnProgramme:
    """Everything lies in one folder: the programme, what is delivered to it, its home. `engine` is whose code runs."""

    folder: Path
    engine: Path = ROOT
    folding_version: int | None = None

    @property
    def programme(self) -> Path:
        return self.folder / NAME

    @property
    def raw(self) -> Path:
        return self.folder / f"{NAME}-raw"

    @property
    def home(self) -> Path:
        return self.folder / f"{NAME}-home"

    @property
    def release(self) -> Path:
        """The folder of the release in force."""
        return (self.home / "published" / "current").resolve()

    def insights(self, command: str, *arguments: str, code: int = 0, typed: str | None = None) -> str:
        """Run a command on the programme as its owner would; what it said, which has to end with this exit code.

        `typed` is what it reads from the standard input.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        start = ["-m", "orchestration.commands.cli"]
        if self.folding_version is not None:
            start = ["-c", _FOLDING.format(version=self.folding_version)]
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INSIGHTS_", "DAGSTER_", "DBT_"))
        }
        done = subprocess.run(
            [sys.executable, *start, command, *arguments],
            cwd=self.folder,
            env=kept
            | {"PYTHONPATH": str(self.engine), "INSIGHTS_PSEUDONYM_KEY": KEY}
            | ({} if command == "init" else {"INSIGHTS_PROGRAMME": str(self.programme)}),
            input=typed,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert done.returncode == code, f"insights {command} ended with {done.returncode}\n{said}"
        return said

    def write(self, name: str, text: str) -> None:
        """Write a file of the programme."""
        (self.programme / name).parent.mkdir(parents=True, exist_ok=True)
        (self.programme / name).write_text(text, encoding="utf-8")

    def say(self, **settings: str) -> None:
        """Write settings into `programme.toml` as its owner would: over the line that has them, or its remark."""
        path = self.programme / "programme.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        for name, value in settings.items():
            (at,) = (number for number, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{name} = "))
            lines[at] = f"{name} = {value}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def copy(self, folder: Path) -> OwnProgramme:
        """All of it once more, home included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return replace(self, folder=folder)

    def anew(self, folder: Path) -> OwnProgramme:
        """The programme as it is now and its exports, without a home."""
        shutil.copytree(self.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(f"{NAME}-home"))
        return replace(self, folder=folder)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the release in force."""
        with duckdb.connect(str(self.release / "internal" / "insights.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def home_files_with(self, words: list[str] | tuple[str, ...]) -> list[str]:
        """Every file that runs have made, records of Dagster and warehouse included, in whose bytes a word stands."""
        found = []
        for path in sorted(self.home.rglob("*")):
            if path.is_file():
                text = path.read_bytes().decode("utf-8", errors="replace").casefold()
                found += [f"{path.relative_to(self.home)}: {word}" for word in words if word.casefold() in text]
        return found


def differences(one: OwnProgramme, other: OwnProgramme) -> list[str]:
    """The tables of two releases that are not the same, row by row and column by column, and files of open data that
    are not, byte by byte (but for the name of the release in them)."""
    found = [f"{table}: only in one" for table in sorted(set(_tables(one)) ^ set(_tables(other)))]
    with duckdb.connect() as con:
        for name, place in (("one", one), ("other", other)):
            con.execute(f"attach '{place.release / 'internal' / 'insights.duckdb'}' as {name} (read_only)")
        for table in sorted(set(_tables(one)) & set(_tables(other))):
            ((here, there),) = con.execute(
                f"select (select count(*) from (from one.{table} except all from other.{table})), "
                f"(select count(*) from (from other.{table} except all from one.{table}))"
            ).fetchall()
            if here or there:
                found.append(f"{table}: {here} rows, {there} rows")
    written, again = _open_data(one), _open_data(other)
    found += [name for name in sorted(written.keys() | again.keys()) if written.get(name) != again.get(name)]
    return found


def _tables(place: OwnProgramme) -> list[str]:
    """Every table and view of a release."""
    rows = place.rows(
        "select schema_name || '.' || table_name from duckdb_tables() union all "
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    )
    return [str(name) for (name,) in rows]


def _open_data(place: OwnProgramme) -> dict[str, bytes]:
    folder = place.release / "public" / "open_data"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().replace(place.release.name.encode(), b"r-")
        for path in folder.rglob("*")
        if path.is_file()
    }
