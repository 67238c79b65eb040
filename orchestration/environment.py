"""The process around a run: where the tools may write, and that they tell nobody.

Dagster and dbt read these from the environment when they are imported or started; everything they write then
lies in the home folder.
"""

from __future__ import annotations

import os

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
    """Point Dagster and dbt at the home folder and switch their reporting off. Writes no file."""
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
    """Make the folders of a home and Dagster's settings where they are missing; what is there stays as it is."""
    set_environment(settings)
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    settings.dbt_target_path.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    if not config.exists():
        config.write_text(_DAGSTER_YAML, encoding="utf-8")
