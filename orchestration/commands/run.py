"""The whole run in this process: the job that the web server would start, with its progress on the screen."""

from __future__ import annotations

import atexit
import contextvars
import gc
import logging
import os
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from catalogue import load_catalogue
from catalogue.assembly import made_from
from orchestration import runlog
from orchestration.commands.programme import not_over_yet
from orchestration.environment import make_home, write_programme
from orchestration.errors import TOLD_AS_THEY_ARE, OperatorError
from orchestration.landing.forms.load_notes import DATES, IDS, load_note_lines
from orchestration.landing.forms.sent_by import SentBy, undeclared
from orchestration.landing.forms.unknown import unknown_lines
from orchestration.landing.forms.unknown_words import unknown_word_lines
from orchestration.landing.pseudonym import key_from_environment
from orchestration.locking import WarehouseBusyError, warehouse_lock
from orchestration.permissions import close_home
from orchestration.progress import Progress, say, telling
from orchestration.release.revision import Revision, require_revisable
from orchestration.release.unchanged import unchanged_release
from orchestration.settings import Settings
from orchestration.transform.project import is_parsed, parse
from orchestration.transform.scrub import scrub
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    import dagster as dg


T = TypeVar("T")


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended. `sentence` says why it failed; None when it did not.

    `files` counts files by status (landed, refused, already_landed, left, passed_over); `refused`, `left` and
    `passed_over` name them with the reason. `tests` counts dbt tests (run, failed), `not_understood` has a line for
    each landed file with columns that were not understood; `unknown_words`, `dates` and `ids` likewise. `undeclared`
    are services in forms that nobody declared.
    `is_unchanged`: nothing was run, because the release in force is what a run would make.
    """

    run_id: str
    succeeded: bool
    sentence: str | None
    seconds: float
    is_unchanged: bool = False
    files: dict[str, int] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    tests: tuple[int, int] = (0, 0)
    not_understood: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    undeclared: tuple[SentBy, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where a release holds everything, 3 where files were refused or not all was understood, 1 without one."""
        if not self.succeeded:
            return 1
        return 3 if self.refused or self.not_understood or self.undeclared else 0


def run_pipeline(
    settings: Settings,
    *,
    full_refresh: bool = False,
    force: bool = False,
    accepted: Sequence[str] = (),
    revision: Revision | None = None,
    progress: Progress | None = None,
) -> RunOutcome:
    """Land, check, transform, check, publish. A failure inside the run is an outcome, not an exception.

    Where nothing has changed since the release in force was made, that is all that happens, unless `force`.

    Raises OperatorError when the run cannot even start: no raw folder, another run at work.
    """
    require_raw_folder(settings)
    if revision is not None:
        require_revisable(settings, revision)
    started = time.monotonic()
    run_id = str(uuid.uuid4())
    with telling(progress), warehouse_lock(settings, run_id), _noted(settings, run_id):
        close_home(settings)
        if not (force or full_refresh or accepted or revision):
            release = unchanged_release(settings)
            if release is not None:
                runlog.start_run(settings, run_id, made_from(settings.catalogue_path))
                runlog.finish_run(settings, run_id, "unchanged", release)
                return RunOutcome(run_id, True, None, time.monotonic() - started, is_unchanged=True)
        result = _execute(settings, run_id, full_refresh=full_refresh, accepted=accepted, revision=revision)
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
        refused=_named(landing, "refused"),
        left=_named(landing, "left"),
        passed_over=_named(landing, "passed_over"),
        tests=_tests(result),
        **(_stayed_out(settings) if result.success else {}),
    )


def _execute(
    settings: Settings, run_id: str, *, full_refresh: bool, accepted: Sequence[str], revision: Revision | None
) -> dg.ExecuteInProcessResult:
    """The job, in this process."""
    # Landing asks for the key, too; told here, nobody waits for the rest to get ready.
    key_from_environment(settings.environment)
    # dbt's and Dagster's graphs are hundreds of thousands of objects that stay: looking through them for garbage again
    # and again costs a tenth of a small run, and doing so several times before the process may end another twentieth.
    gc.set_threshold(200_000, 20, 20)
    atexit.register(gc.freeze)
    say("Preparing")
    make_home(settings)
    write_programme(settings)
    for line in not_over_yet(settings.programme, datetime.now(UTC).date()):
        say(line)
    _quiet_libraries()
    if not is_parsed():
        say("  reading the dbt project, which has changed")
        parse()
    # Imported here: they take seconds, and every other command does without.
    import dagster as dg

    from orchestration.assets.automation import JOB_NAME
    from orchestration.assets.graph import build_definitions

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
        _close_stale_records(instance)
        return _beside(
            lambda: job.execute_in_process(
                run_config=config, instance=instance, raise_on_error=False, run_id=run_id, tags=_tags(revision)
            )
        )


@contextmanager
def _noted(settings: Settings, run_id: str) -> Iterator[None]:
    """Write into the log of runs why a run could not even begin: the newest run is told, whatever became of it."""
    try:
        yield
    except TOLD_AS_THEY_ARE as error:
        with suppress(OperatorError, duckdb.Error, OSError):
            if settings.warehouse_path.exists():
                runlog.start_run(settings, run_id, made_from(settings.catalogue_path))
                runlog.finish_run(settings, run_id, "failed", sentence=str(error))
        raise


def require_raw_folder(settings: Settings) -> None:
    """Raise OperatorError unless there is a folder of exports to read, and the home does not lie in it."""
    if not settings.raw_dir.is_dir():
        raise OperatorError(
            f"There is no folder {settings.raw_dir}. Nothing was done. Make it and put the exports in, or name "
            "another with --raw."
        )
    if settings.raw_dir in (settings.home, *settings.home.parents):
        raise OperatorError(
            f"The home {settings.home} lies in the raw folder {settings.raw_dir}, where a run would take its own "
            "releases for deliveries. Nothing was done. Name another folder for one of the two (`home` and `raw` of "
            "programme.toml, --home, --raw)."
        )


def _beside(work: Callable[[], T]) -> T:
    """Do the work in a thread, so that Ctrl-C is heard here at once and not when a step of minutes has ended."""
    outcome: list[T] = []
    errors: list[BaseException] = []
    context = contextvars.copy_context()

    def target() -> None:
        try:
            outcome.append(context.run(work))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=target, name="run", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(timeout=0.5)
    if errors:
        raise errors[0]
    return outcome[0]


def _close_stale_records(instance: dg.DagsterInstance) -> None:
    """Runs that were killed never said so to Dagster. The lock is held, so none of them can still be going."""
    import dagster as dg

    for run in instance.get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        instance.report_run_canceled(run, message="It was stopped or killed before it ended.")


def _tags(revision: Revision | None) -> dict[str, str]:
    # With the first tag the web page lists the run under the job of this code, not as somebody else's.
    return {".dagster/repository": "__repository__@orchestration.definitions"} | (revision.tags() if revision else {})


def _quiet_libraries() -> None:
    # dbt's locks are known to a helper process of Python's, which would warn of them when a run is stopped.
    os.environ.setdefault("PYTHONWARNINGS", "ignore::UserWarning:multiprocessing.resource_tracker")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"(dagster|dagster_dbt|dbt|great_expectations)(\..*)?")


def _why(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the first step that failed."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                return str(data.user_failure_data.description)
            busy = _busy(data.error)
            if busy is not None:
                return busy
            if data.error is not None:
                return f"A step failed: {data.error.cls_name}: {scrub(data.error.message)}"
    return "The run stopped before any step could fail. Nothing was published; run again."


def _busy(error: Any) -> str | None:
    """The sentence about a warehouse in use, which comes wrapped in Dagster's word that it gave up trying."""
    while error is not None:
        if error.cls_name == WarehouseBusyError.__name__:
            return str(error.message).split(": ", 1)[-1].strip()
        error = error.cause
    return None


def _stayed_out(settings: Settings) -> dict[str, Any]:
    """What a release leaves out although its files have landed."""
    forms = load_catalogue(settings.seeds_path / "forms")
    with open_warehouse(settings, read_only=True) as con:
        return {
            "not_understood": tuple(unknown_lines(con)),
            "unknown_words": tuple(unknown_word_lines(con)),
            "dates": tuple(load_note_lines(con, DATES)),
            "ids": tuple(load_note_lines(con, IDS)),
            "undeclared": tuple(undeclared(con, forms)),
        }


def _landing_metadata(result: dg.ExecuteInProcessResult) -> Mapping[str, dg.MetadataValue[Any]]:
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and list(event.asset_key.path) == ["ops", "load"]:
            return event.step_materialization_data.materialization.metadata
    return {}


def _named(landing: Mapping[str, dg.MetadataValue[Any]], status: str) -> tuple[tuple[str, str], ...]:
    table = landing.get("files")
    if table is None:
        return ()
    records = [record.data for record in table.records]  # type: ignore[attr-defined]  # a table by construction
    return tuple((str(record["file"]), str(record["reason"])) for record in records if record["status"] == status)


def _tests(result: dg.ExecuteInProcessResult) -> tuple[int, int]:
    counts = [
        (int(str(evaluation.metadata["tests"].value)), int(str(evaluation.metadata["not_held"].value)))
        for evaluation in result.get_asset_check_evaluations()
        if "tests" in evaluation.metadata
    ]
    return sum(tests for tests, _ in counts), sum(not_held for _, not_held in counts)
