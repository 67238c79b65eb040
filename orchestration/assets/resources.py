"""What the steps of a run share: the home folder, the dbt project, and the run itself (lock, log of runs, how errors
come out).

Here belongs what a step needs besides its work. Each is a typed resource that a step names in its signature; what a
step hands to the next one lies on disk or in the warehouse, never here.
"""

# No `from __future__ import annotations`: Dagster reads these annotations when the classes are made.

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from catalogue.assembly import made_from
from orchestration import runlog
from orchestration.assets.records import forget_records
from orchestration.decisions import begin_with_decisions
from orchestration.environment import make_home, write_programme
from orchestration.errors import TOLD_AS_THEY_ARE, OperatorError
from orchestration.landing.pseudonym import key_from_environment
from orchestration.locking import WarehouseBusyError, warehouse_lock
from orchestration.permissions import close_home
from orchestration.progress import say
from orchestration.release.forgetting import finish_forgetting
from orchestration.release.register import begin_with_register
from orchestration.release.revision import begin_with_revision, require_revisable, revision_of_tags
from orchestration.settings import Settings
from orchestration.transform.project import manifest_path
from orchestration.transform.scrub import scrub
from orchestration.warehouse import busy, is_lock_conflict, open_warehouse

RETRY_WHEN_BUSY = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)


class HomeResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is the type handed to steps: itself
    """Where a run reads and writes."""

    home: str
    raw_dir: str
    environment: str
    programme_dir: str

    @property
    def settings(self) -> Settings:
        """The same as Settings."""
        return Settings(Path(self.home), Path(self.raw_dir), self.environment, Path(self.programme_dir))


class DbtProjectResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The dbt project."""

    project_dir: str

    @property
    def path(self) -> Path:
        """The folder of dbt_project.yml."""
        return Path(self.project_dir)

    @property
    def manifest_path(self) -> Path:
        """The parsed project."""
        return manifest_path(self.path)

    @property
    def lineage_path(self) -> Path:
        """Where column lineage is kept from one run to the next."""
        return self.manifest_path.with_name("column_lineage.json")


class RunResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """One run over one home: it holds the warehouse from the first step to the end and writes the log of runs.

    A step's error reaches Dagster's event log, the web page and the screen. So whatever a step raises is turned into a
    sentence without row values here, and only a busy warehouse is worth trying again: the same files through the same
    logic fail the same way.
    """

    home: HomeResource
    project: DbtProjectResource

    _held: ExitStack = PrivateAttr(default_factory=ExitStack)
    _begun: str | None = PrivateAttr(default=None)
    _catalogue: str = PrivateAttr(default="")
    _is_told: bool = PrivateAttr(default=False)
    _built: set[str] = PrivateAttr(default_factory=set)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Do what is left of a forgetting, and let go of the warehouse.

        A run that ended without publishing or failing was one of some steps only.
        """
        if self._begun is not None:
            self._forget(context)
        self.finish("partial")
        self._held.close()

    def note_built(self, step: str) -> None:
        """Write down that this run has built a step of dbt to the end."""
        self._built.add(step)

    def _forget(self, context: dg.InitResourceContext) -> None:
        """Whatever became of the run: nothing of what was emptied stays, or it is said that it does."""
        settings = self.home.settings
        try:
            lines = finish_forgetting(settings, built=self._built)
            if lines and context.instance is not None:
                forget_records(context.instance, settings.dagster_home, but=self._begun)
        except TOLD_AS_THEY_ARE as error:
            lines = [str(error)]
        except Exception as error:
            if not is_lock_conflict(error):
                lines = [f"Something is still to be forgotten ({_unexpected(error)})"]
            else:
                lines = ["Something is still to be forgotten: another program has the warehouse open. Run again."]
        for line in lines:
            say(line)

    def finish(self, status: str, release_id: str | None = None, sentence: str | None = None) -> None:
        """Write into the log of runs how this run ended, and why it failed; what is written first stays."""
        if self._begun is not None and not self._is_told:
            self._is_told = True
            runlog.finish_run(self.home.settings, self._begun, status, release_id, sentence)

    @contextmanager
    def step(self, context: dg.AssetExecutionContext) -> Iterator[None]:
        """Run one step: hold the warehouse from the first step to the end of the run; tell failures plainly."""
        settings, run_id = self.home.settings, context.run.run_id
        try:
            if self._begun is None:
                make_home(settings)
                self._held.enter_context(warehouse_lock(settings, run_id))
                close_home(settings)
                write_programme(settings)
                self._catalogue = made_from(settings.catalogue_path)
                runlog.start_run(settings, run_id, self._catalogue)
                begin_with_decisions(settings)
                revision = revision_of_tags(context.run.tags)
                if revision is not None:
                    require_revisable(settings, revision)
                begin_with_register(
                    settings,
                    revised=None if revision is None else revision.year,
                    is_for_trial=key_from_environment(settings.environment).is_development,
                )
                with open_warehouse(settings) as con:
                    begin_with_revision(con, revision)
                self._begun = run_id
            if made_from(settings.catalogue_path) != self._catalogue:
                raise OperatorError(
                    "The programme was changed while this run was going, so its tables would not fit together. Nothing "
                    "was published; the last release stays in place. Run again."
                )
            yield
        except (dg.Failure, dg.RetryRequested):
            raise
        except WarehouseBusyError:
            # Left as it is: the step's retry policy waits and tries again.
            say("The warehouse is open in another program; waiting for it")
            raise
        except TOLD_AS_THEY_ARE as error:
            self._give_up("failed", str(error))
            raise dg.Failure(str(error), allow_retries=False) from None
        except Exception as error:
            if is_lock_conflict(error):
                say("The warehouse is open in another program; waiting for it")
                raise busy() from None
            self._give_up("failed", _unexpected(error))
            raise dg.Failure(_unexpected(error), allow_retries=False) from None

    def block(self, sentence: str) -> dg.Failure:
        """The failure of a gate that will not let the data through."""
        self._give_up("blocked", sentence)
        return dg.Failure(sentence, allow_retries=False)

    def _give_up(self, status: str, sentence: str) -> None:
        # The failure being told matters more than its note in the log of runs, which will read "interrupted".
        with suppress(OperatorError, duckdb.Error):
            self.finish(status, sentence=sentence)


def resources(settings: Settings, project_dir: Path) -> dict[str, object]:
    """The resources of a graph, under the names by which steps ask for them."""
    home = HomeResource(
        home=str(settings.home),
        raw_dir=str(settings.raw_dir),
        environment=settings.environment,
        programme_dir=str(settings.programme_dir),
    )
    project = DbtProjectResource(project_dir=str(project_dir))
    return {"home": home, "project": project, "run": RunResource(home=home, project=project)}


def _unexpected(error: Exception) -> str:
    """A fault of the program, told without the message's quoted parts: those may be a value of a row."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return (
        f"The program met something it does not know how to handle: {type(error).__name__} ({place}): "
        f"{scrub(str(error))}. Nothing was published; the last release stays in place. "
        "Run again; if it happens again, report this line."
    )
