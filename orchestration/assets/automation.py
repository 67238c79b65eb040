"""What starts a run by itself: every morning, and whenever the raw folder holds something new."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.settings import Settings

JOB_NAME = "insights_run"


def insights_job() -> UnresolvedAssetJobDefinition:
    """The whole run, one writer at a time."""
    return dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Land what is new, stage, gate 1, transform, gate 2, publish.",
    )


def daily_schedule(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Every morning at six, London time: a run with nothing new publishes nothing new."""
    return dg.ScheduleDefinition(
        name="every_morning",
        job=job,
        cron_schedule="0 6 * * *",
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def folder_fingerprint(raw_dir: Path) -> str | None:
    """A hash over the names, sizes and change times of the files in a folder; None when there are none.

    Contents are left to landing: reading gigabytes once a minute to see that nothing changed would be waste.
    """
    digest = hashlib.sha256()
    seen = False
    for path in sorted(raw_dir.rglob("*")) if raw_dir.is_dir() else []:
        if not path.is_file() or path.name.startswith("."):
            continue
        state = path.stat()
        digest.update(f"{path.relative_to(raw_dir)}\x1f{state.st_size}\x1f{state.st_mtime_ns}\x1e".encode())
        seen = True
    return digest.hexdigest() if seen else None


def folder_sensor(settings: Settings, job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Asks for a run when the set of files changed, after it has stayed the same for one look.

    A file still being copied changes from look to look; waiting for a quiet one keeps half files out.
    """

    @dg.sensor(
        name="raw_folder",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
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
