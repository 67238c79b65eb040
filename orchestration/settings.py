"""Where a run reads and writes: one home folder for everything a run makes, one raw folder that is only read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import shown
from catalogue.programme import SAMPLE, Programme, read_programme
from orchestration.errors import OperatorError

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """One home folder, one raw folder, which environment this is (`sample` or `production`), and whose programme."""

    home: Path
    raw_dir: Path
    environment: str
    programme_dir: Path = SAMPLE

    @classmethod
    def from_environment(
        cls, home: Path | None = None, raw: Path | None = None, programme: Path | None = None
    ) -> Settings:
        """What was asked for, else what INSIGHTS_PROGRAMME, INSIGHTS_HOME and INSIGHTS_RAW say, else the programme.

        Without a programme it is the sample.

        Raises OperatorError when INSIGHTS_ENV is neither `sample` nor `production`, the programme names no home or no
        raw folder, one of these is a file or lies in the programme, or the home is another programme's; ProgrammeError
        when its settings cannot be used.
        """
        folder = programme_folder(programme)
        own = read_programme(folder)
        environment = os.environ.get("INSIGHTS_ENV") or ("sample" if own.is_sample else "production")
        if environment not in {"sample", "production"}:
            raise OperatorError("INSIGHTS_ENV must be `sample` or `production`. Nothing was done.")
        default = default_home(PROJECT_ROOT) if own.is_sample else None
        settings = cls(
            home=_named("home", home, "INSIGHTS_HOME", own.home or default, folder),
            raw_dir=_named("raw", raw, "INSIGHTS_RAW", own.raw, folder),
            environment=environment,
            programme_dir=folder,
        )
        settings._require_own_home(own.programme_id)
        return settings

    def _require_own_home(self, programme_id: str) -> None:
        """What lies in the home of another programme would be told, and run, as this one's."""
        try:
            owned_by = self.owner_path.read_text(encoding="utf-8", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise OperatorError(
                f"{self.owner_path}, which says whose the home is, cannot be read ({error.strerror}). Nothing was done."
            ) from None
        if owned_by != programme_id:
            raise OperatorError(
                f"The home {self.home} belongs to the programme `{shown(owned_by)}`, and this is `{programme_id}`. "
                "Nothing was done. Name its programme with --programme or INSIGHTS_PROGRAMME, or this one's own home "
                "with --home or in its programme.toml."
            )

    @property
    def owner_path(self) -> Path:
        """The file that says whose the home is."""
        return self.home / "warehouse" / "programme"

    @property
    def programme(self) -> Programme:
        """What the programme says of itself. Raises ProgrammeError."""
        return read_programme(self.programme_dir)

    @property
    def catalogue_path(self) -> Path:
        """The catalogue of the programme, as it was written for the run: what landing, dbt and the gates read."""
        return self.home / "warehouse" / "catalogue"

    @property
    def seeds_path(self) -> Path:
        """The tables of that catalogue."""
        return self.catalogue_path / "seeds"

    @property
    def services_path(self) -> Path:
        """The list of services that the programme has declared."""
        return self.programme_dir / "services.csv"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file of the warehouse."""
        return self.home / "warehouse" / "insights.duckdb"

    @property
    def decisions_path(self) -> Path:
        """What was decided where nothing in the files decides: to be kept with the raw folder (`decisions.py`)."""
        return self.home / "decisions.jsonl"

    @property
    def register_path(self) -> Path:
        """The folder that says what was ever public (`orchestration.release.register`)."""
        return self.home / "register"

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


def programme_folder(asked: Path | None = None) -> Path:
    """The folder of the programme that was asked for, else what INSIGHTS_PROGRAMME says, else the sample's."""
    return (asked or Path(os.environ.get("INSIGHTS_PROGRAMME") or SAMPLE)).resolve()


def _named(what: str, asked: Path | None, variable: str, own: Path | None, programme: Path) -> Path:
    """A folder that was asked for, else that of the environment, else the programme's own."""
    found = asked or (Path(os.environ[variable]) if os.environ.get(variable) else own)
    if found is None:
        raise OperatorError(
            f'The programme in {programme} names no `{what}` folder. Nothing was done. Write `{what} = "…"` into its '
            f"programme.toml, or name one with --{what}."
        )
    found = found.resolve()
    if found == programme or programme in found.parents:
        raise OperatorError(
            f"The folder {found} lies in the programme's folder, whose git would take files about children in. Nothing "
            f"was done. Name another one for --{what}."
        )
    if found.exists() and not found.is_dir():
        raise OperatorError(f"{found} is a file and not a folder. Nothing was done. Name a folder for --{what}.")
    return found


def default_home(root: Path) -> Path:
    """The home folder when nobody names one: `home` in the repository.

    Before version 0.2.0 the repository itself was the home; where it still holds a warehouse and `home` holds none,
    that one goes on.
    """
    new = root / "home"
    is_old = (root / "warehouse" / "insights.duckdb").exists() and not (new / "warehouse" / "insights.duckdb").exists()
    return root if is_old else new
