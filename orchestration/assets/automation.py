"""The job, and what starts it by itself: every morning, and whenever the raw folder holds something new."""

# No `from __future__ import annotations`: Dagster reads the annotations of a sensor and of a schedule.

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from orchestration.environment import SCHEDULE, SCHEDULE_OFF
from orchestration.errors import OperatorError
from orchestration.landing.seen import look_at
from orchestration.release.unchanged import unchanged_release
from orchestration.settings import Settings

JOB_NAME = "insights_run"


def automation(settings: Settings, project_dir: Path) -> dg.Definitions:
    """The one job over all assets, one writer at a time, and the schedule and the sensor that start it."""
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Land what is new, stage, gate 1, transform, gate 2, publish.",
    )
    return dg.Definitions(
        jobs=[job],
        schedules=[daily_schedule(settings, project_dir)],
        sensors=[folder_sensor(settings)],
    )


def _is_on() -> bool:
    return os.environ.get(SCHEDULE) != SCHEDULE_OFF


def daily_schedule(settings: Settings, project_dir: Path) -> dg.ScheduleDefinition:
    """Every morning at six, London time, unless nothing at all has changed since the release in force was made."""

    @dg.schedule(
        name="every_morning",
        job_name=JOB_NAME,
        cron_schedule="0 6 * * *",
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING if _is_on() else dg.DefaultScheduleStatus.STOPPED,
        description="A run every morning; where nothing has changed, a line that says so.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            release = unchanged_release(settings, project_dir)
        except OperatorError:
            # The run waits for whoever has the warehouse open, and tells if that takes too long.
            release = None
        return dg.RunRequest() if release is None else dg.SkipReason(f"Nothing new: release {release} stays in force.")

    return every_morning


def folder_fingerprint(raw_dir: Path) -> str | None:
    """A hash over the names, sizes and change times of the files in a folder; None when there are none.

    Contents are left to landing: reading gigabytes once a minute to see that nothing changed would be waste.
    """
    digest = hashlib.sha256()
    seen = False
    for name, (size, modified_ns) in look_at(raw_dir).items() if raw_dir.is_dir() else ():
        digest.update(f"{name}\x1f{size}\x1f{modified_ns}\x1e".encode())
        seen = True
    return digest.hexdigest() if seen else None


def folder_sensor(settings: Settings) -> dg.SensorDefinition:
    """Asks for a run when the set of files changed, after it has stayed the same for one look.

    A file still being copied changes from look to look; waiting for a quiet one keeps half files out.
    """

    @dg.sensor(
        name="raw_folder",
        job_name=JOB_NAME,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING if _is_on() else dg.DefaultSensorStatus.STOPPED,
        description="New or changed files in the raw folder.",
    )
    def raw_folder(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        fingerprint = folder_fingerprint(settings.raw_dir)
        if fingerprint is None:
            yield dg.SkipReason(f"No files in {settings.raw_dir} yet.")
        elif context.cursor != fingerprint:
            context.update_cursor(fingerprint)
            yield dg.SkipReason("The files changed; waiting until they have stayed the same for a minute.")
        else:
            # The key makes one run of one state of the folder, however often it is looked at.
            yield dg.RunRequest(run_key=fingerprint)

    return raw_folder
