"""Where a run reads and writes: one home folder for everything a run makes, one raw folder that is only read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import OperatorError

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """One home folder, one raw folder, and which environment this is (`sample` or `production`)."""

    home: Path
    raw_dir: Path
    environment: str

    @classmethod
    def from_environment(cls, home: Path | None = None, raw: Path | None = None) -> Settings:
        """Settings from what was asked for, else INSIGHTS_HOME, INSIGHTS_RAW and INSIGHTS_ENV, else the repository's.

        Raises OperatorError when INSIGHTS_ENV is neither `sample` nor `production`.
        """
        home = home or Path(os.environ.get("INSIGHTS_HOME") or default_home(PROJECT_ROOT))
        raw = raw or Path(os.environ.get("INSIGHTS_RAW") or PROJECT_ROOT / "data" / "raw")
        environment = os.environ.get("INSIGHTS_ENV") or "sample"
        if environment not in {"sample", "production"}:
            raise OperatorError("INSIGHTS_ENV must be `sample` or `production`. Nothing was done.")
        return cls(home=home.resolve(), raw_dir=raw.resolve(), environment=environment)

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file of the warehouse."""
        return self.home / "warehouse" / "insights.duckdb"

    @property
    def dbt_target_path(self) -> Path:
        """What dbt compiles."""
        return self.home / "warehouse" / "dbt_target"

    @property
    def dbt_log_path(self) -> Path:
        """Where dbt would log."""
        return self.home / "warehouse" / "dbt_logs"

    @property
    def data_docs_path(self) -> Path:
        """The pages of the data checks."""
        return self.home / "warehouse" / "data_docs"

    @property
    def published_path(self) -> Path:
        """The releases."""
        return self.home / "published"

    @property
    def reports_path(self) -> Path:
        """Where reports go that somebody asks for by hand."""
        return self.home / "reports"

    @property
    def dagster_home(self) -> Path:
        """DAGSTER_HOME: Dagster's record of the runs."""
        return self.home / "dagster"


def default_home(root: Path) -> Path:
    """The home folder when nobody names one: `home` in the repository.

    Before version 0.2.0 the repository itself was the home; where it still holds a warehouse and `home` holds none,
    that one goes on.
    """
    new = root / "home"
    is_old = (root / "warehouse" / "insights.duckdb").exists() and not (new / "warehouse" / "insights.duckdb").exists()
    return root if is_old else new
