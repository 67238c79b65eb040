"""Small returns from the file to the facts, in memory: landed, put in order, and made by the models without dbt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from catalogue.seeds import SEEDS
from expectations.results import create_ops_tables
from orchestration.decisions import Decision, append_decisions
from orchestration.landing.ledger import LoadResult
from orchestration.landing.models import Models
from orchestration.landing.returns.deliveries import settle_deliveries
from orchestration.settings import Settings
from tests.support.paths import DBT_PROJECT
from tests.support.returns import RETURNS, ReturnLanding

_FOLDER = DBT_PROJECT / "macros"
_MACROS = tuple(sorted(path.relative_to(_FOLDER).with_suffix("").as_posix() for path in _FOLDER.rglob("*.sql")))


class ReturnsMade(ReturnLanding):
    """A warehouse in memory in which returns become facts. A run is a number: what came in a later one is later."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        create_ops_tables(self.con)
        self.settings = Settings(folder / "home", self.raw, "sample")
        self._files: dict[str, LoadResult] = {}

    def deliver(self, *runs: Mapping[str, bytes | str]) -> None:
        """Land the files of one run after another and put the deliveries in order after each."""
        for number, files in enumerate(runs, start=1):
            for name, content in files.items():
                result = self.land(name, content)
                assert result.status in ("landed", "already_landed"), result.reason
                self._files[name] = result
                self.con.execute("update ops.load set run_id = ? where load_id = ?", [f"run {number}", result.load_id])
            self._settle(f"run {number}")

    def take_away(self, *names: str) -> None:
        """Take files out of the raw folder, as seen by the next run."""
        for name in names:
            del self._files[name]

    def _settle(self, run_id: str) -> None:
        settle_deliveries(self.con, self.settings, RETURNS, run_id, list(self._files.values()))

    def decide(self, *decisions: Decision) -> None:
        """Write decisions down, options of `insights decide` too, and put the deliveries in order again."""
        append_decisions(self.settings, [replace(one, at=one.at or "2026-01-01T00:00:00Z") for one in decisions])
        self._settle("after a decision")

    def make(self, *models: str) -> None:
        """Make models anew from what has landed, and what the rules set aside on the way, as gate 1 does."""
        for schema in ("staging", "intermediate", "marts"):
            self.con.execute(f"drop schema if exists {schema} cascade")
        self.con.execute("delete from ops.set_aside")
        made = Models(self.con, SEEDS, _MACROS)
        made.make("int_returns_problem", "validation_rule")
        self.con.execute(
            "insert into ops.set_aside "
            "select record_id, landed_row_id, null, field_id, rule_code from intermediate.int_returns_problem "
            "inner join reference.validation_rule using (rule_code) where severity <> 'note'"
        )
        made.make(*models)
