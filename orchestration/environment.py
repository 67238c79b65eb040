"""The process around a run: where the tools may write, and that they tell nobody.

Dagster and dbt read these from the environment when they are imported or started; everything they write then
lies in the home folder.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.assembly import is_written, write_catalogue
from orchestration.errors import OperatorError
from orchestration.permissions import make_home_folder, make_private
from orchestration.settings import Settings

# Set to off by `insights ui` where nobody asked for runs that start by themselves.
SCHEDULE, SCHEDULE_OFF = "INSIGHTS_SCHEDULE", "off"

# Captured output would be a second log with nobody watching what is in it, so there is none: the class is named by the
# path under which Dagster documents it. Runs wait in one queue: the warehouse has one writer.
_DAGSTER_YAML = """\
# Written once, when the home was made; yours to change (how long records are kept, for instance).
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
concurrency:
  runs:
    max_concurrent_runs: 1
nux:
  enabled: false
"""


def set_environment(settings: Settings) -> None:
    """Point Dagster and dbt at the home folder, switch their reporting off, and let nobody read what they write.

    Writes no file.
    """
    make_private()
    os.environ.update(
        {
            "DAGSTER_HOME": str(settings.dagster_home),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
            "INSIGHTS_WAREHOUSE": str(settings.warehouse_path),
        }
    )


def make_home(settings: Settings) -> None:
    """Make the folders of a home, Dagster's settings and the catalogue where they are missing; what is there stays."""
    set_environment(settings)
    make_home_folder(settings.home)
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    settings.dbt_target_path.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    if not config.exists():
        config.write_text(_DAGSTER_YAML, encoding="utf-8")
    ensure_programme(settings)


def ensure_programme(settings: Settings) -> None:
    """Write the catalogue of the programme into its home where none lies there yet. Raises like `write_programme`."""
    if not settings.catalogue_path.exists():
        write_programme(settings)


@contextmanager
def programme_seeds(settings: Settings) -> Iterator[Path]:
    """The tables of the programme's catalogue as it is now, for whoever must not write into the home.

    They lie elsewhere, for a while, where the home has not got them. Raises ProgrammeError.
    """
    if is_written(settings.programme, settings.catalogue_path):
        yield settings.seeds_path
        return
    with tempfile.TemporaryDirectory(prefix="insights-") as folder:
        write_catalogue(settings.programme, Path(folder) / "catalogue")
        yield Path(folder) / "catalogue" / "seeds"


def write_programme(settings: Settings) -> None:
    """Write the catalogue of the programme into its home as it is now, for everything that a run reads.

    Raises ProgrammeError when something in it is wrong, OperatorError when the home cannot be written. What lies there
    then stays.
    """
    programme = settings.programme
    try:
        settings.owner_path.parent.mkdir(parents=True, exist_ok=True)
        write_catalogue(programme, settings.catalogue_path)
        if not settings.owner_path.exists():
            settings.owner_path.write_text(f"{programme.programme_id}\n", encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"The catalogue of the programme cannot be written to {settings.catalogue_path} ({error.strerror}). "
            "Nothing was done. Make room there, or make the folder writable, then run again."
        ) from None
