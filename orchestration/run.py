"""The whole run in this process: the job that the web server would start, with its progress on the screen."""

from __future__ import annotations

import logging
import time
import uuid
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration.environment import prepare_environment
from orchestration.errors import OperatorError
from orchestration.instance import quick_records
from orchestration.locking import warehouse_lock
from orchestration.progress import Progress, say, telling
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended. `sentence` says why it failed; None when it did not.

    `files` counts files by status (landed, refused, already_landed), `refused` names the refused ones with the
    reason, `tests` counts dbt tests (run, failed).
    """

    run_id: str
    succeeded: bool
    sentence: str | None
    seconds: float
    files: dict[str, int] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    tests: tuple[int, int] = (0, 0)


def run_pipeline(
    settings: Settings,
    *,
    full_refresh: bool = False,
    accepted: Sequence[str] = (),
    progress: Progress | None = None,
) -> RunOutcome:
    """Land, check, transform, check, publish. A failure inside the run is an outcome, not an exception.

    Raises OperatorError when the run cannot even start: no raw folder, another run at work.
    """
    require_raw_folder(settings)
    started = time.monotonic()
    run_id = str(uuid.uuid4())
    with telling(progress), warehouse_lock(settings, run_id), quick_records():
        say("Preparing")
        prepare_environment(settings)
        _quiet_libraries()
        # Imported here: they take seconds, and every other command does without.
        import dagster as dg

        from orchestration.automation import JOB_NAME
        from orchestration.definitions import build_definitions

        job = build_definitions(settings).resolve_job_def(JOB_NAME)
        gate_config = {"config": {"accepted": list(accepted)}}
        config: dict[str, Any] = {
            "ops": {
                "dbt_staging": {"config": {"full_refresh": full_refresh}},
                "gate_1": gate_config,
                "gate_2": gate_config,
            },
            # Dagster's record holds the events; the screen has the lines above.
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        }
        with dg.DagsterInstance.get() as instance:
            result = job.execute_in_process(
                run_config=config, instance=instance, raise_on_error=False, run_id=run_id, tags=_tags()
            )
            landing = _landing_metadata(result)
            return RunOutcome(
                run_id=run_id,
                succeeded=result.success,
                sentence=None if result.success else _why(result),
                seconds=time.monotonic() - started,
                files={
                    name.removeprefix("files_"): int(str(value.value))
                    for name, value in landing.items()
                    if name.startswith("files_")
                },
                refused=_refused(landing),
                tests=_tests(result),
            )


def require_raw_folder(settings: Settings) -> None:
    """Raise OperatorError unless there is a folder of exports to read."""
    if not settings.raw_dir.is_dir():
        raise OperatorError(
            f"There is no folder {settings.raw_dir}. Nothing was done. Make it and put the exports in, or name "
            "another with --raw."
        )


def _tags() -> dict[str, str]:
    # With this tag the web page lists the run under the job of this code, not as somebody else's.
    return {".dagster/repository": "__repository__@orchestration.definitions"}


def _quiet_libraries() -> None:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"(dagster|dagster_dbt|dbt|great_expectations)(\..*)?")


def _why(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the first step that failed."""
    from orchestration.dbt import scrub

    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                return str(data.user_failure_data.description)
            if data.error is not None:
                # WarehouseBusyError comes through as it is, after the retries.
                name = str(data.error.cls_name or "")
                message = str(data.error.message).removeprefix(f"{name}: ").split(": ", 1)[-1].strip()
                return message if name == "WarehouseBusyError" else f"A step failed: {name}: {scrub(message)}"
    return "The run stopped before any step could fail. Nothing was published; run again."


def _landing_metadata(result: dg.ExecuteInProcessResult) -> Mapping[str, dg.MetadataValue[Any]]:
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and list(event.asset_key.path) == ["ops", "load"]:
            return event.step_materialization_data.materialization.metadata
    return {}


def _refused(landing: Mapping[str, dg.MetadataValue[Any]]) -> tuple[tuple[str, str], ...]:
    table = landing.get("files")
    if table is None:
        return ()
    records = [record.data for record in table.records]  # type: ignore[attr-defined]  # a table by construction
    return tuple((str(record["file"]), str(record["reason"])) for record in records if record["status"] == "refused")


def _tests(result: dg.ExecuteInProcessResult) -> tuple[int, int]:
    passed = [
        evaluation.passed
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.check_name.startswith("gate_")
    ]
    return len(passed), passed.count(False)
