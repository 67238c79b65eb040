"""What every step of a run shares: the settings, the lock, and how errors come out.

A step's error reaches Dagster's event log, the web page and the screen. So whatever a step raises is turned into a
sentence without row values here, and only a busy warehouse is worth trying again: the same files through the same
logic fail the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import duckdb

from catalogue import Catalogue, load_catalogue
from orchestration import runlog
from orchestration.environment import prepare_environment
from orchestration.errors import TOLD_AS_THEY_ARE, OperatorError
from orchestration.locking import WarehouseBusyError, warehouse_lock
from orchestration.progress import say
from orchestration.release.publish import Prepared
from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.warehouse import busy, is_lock_conflict

RETRY_WHEN_BUSY = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)


@dataclass
class Pipeline:
    """The shared part of one run. `project_dir` is the dbt project, `prepared` the release that is being made."""

    settings: Settings
    project_dir: Path = dbt.DBT_PROJECT_DIR
    prepared: Prepared | None = None
    _held: ExitStack = field(default_factory=ExitStack)
    _begun: str | None = None

    def catalogue(self) -> Catalogue:
        """The catalogue of this dbt project's seeds."""
        return load_catalogue(self.project_dir / "seeds" / "forms")

    @contextmanager
    def step(self, context: dg.AssetExecutionContext) -> Iterator[None]:
        """Run one step: hold the warehouse from the first step to the end of the run; tell failures plainly."""
        run_id = context.run.run_id
        try:
            if self._begun is None:
                prepare_environment(self.settings)
                self._held.enter_context(warehouse_lock(self.settings, run_id))
                runlog.start_run(self.settings, run_id, self.catalogue().fingerprint())
                self._begun = run_id
            yield
        except (dg.Failure, dg.RetryRequested):
            raise
        except WarehouseBusyError:
            # Left as it is: the step's retry policy waits and tries again.
            say("The warehouse is open in another program; waiting for it")
            raise
        except TOLD_AS_THEY_ARE as error:
            self._give_up("failed")
            raise dg.Failure(str(error), allow_retries=False) from None
        except Exception as error:
            if is_lock_conflict(error):
                say("The warehouse is open in another program; waiting for it")
                raise busy() from None
            self._give_up("failed")
            raise dg.Failure(_unexpected(error), allow_retries=False) from None

    def block(self, sentence: str) -> dg.Failure:
        """The failure of a gate that will not let the data through."""
        self._give_up("blocked")
        return dg.Failure(sentence, allow_retries=False)

    def close(self) -> None:
        """Let go of the warehouse."""
        self._held.close()

    def _give_up(self, status: str) -> None:
        if self._begun is not None:
            try:
                runlog.finish_run(self.settings, self._begun, status)
            except (OperatorError, duckdb.Error):
                # The failure being told matters more than its note in the diary, which will read "interrupted".
                return


def _unexpected(error: Exception) -> str:
    """A fault of the program, told without the message's quoted parts: those may be a value of a row."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return (
        f"The program met something it does not know how to handle: {type(error).__name__} ({place}): "
        f"{dbt.scrub(str(error))}. Nothing was published; the last release stays in place. "
        "Run again; if it happens again, report this line."
    )


def pipeline_resource(settings: Settings, project_dir: Path) -> dg.ResourceDefinition:
    """The Dagster resource around `Pipeline`: one per process of a run, closed when the run ends."""

    @dg.resource(description="Settings, the warehouse lock and the diary of this run.")
    def pipeline(_: dg.InitResourceContext) -> Iterator[Pipeline]:
        shared = Pipeline(settings, project_dir)
        try:
            yield shared
        finally:
            shared.close()

    return pipeline
