"""dbt in this process: one invocation at a time, and what came of every node.

dagster-dbt draws the graph (see `orchestration.assets.transform`); running goes through dbt's own `dbtRunner`, because
a second invocation then costs a third of a second where a new process costs three.

Nothing dbt says of a row gets out: its log and its results file stay off, and of an error only the first line,
without anything it quotes, is passed on. Of a contract that a table does not keep, the rules that are broken are told.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from disclosure.rounding import KEY_VARIABLE
from orchestration.environment import make_home
from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import key_from_environment
from orchestration.settings import Settings
from orchestration.transform import contracts, preload
from orchestration.transform.project import DBT_PROJECT_DIR, QUIET, parse, places
from orchestration.transform.scrub import scrub
from orchestration.warehouse import busy

_SUCCEEDED = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class NodeResult:
    """What came of one dbt node.

    `failures` counts the failing rows of a test; `compiled_code` is the SQL that ran (None for seeds), `sql_file` where
    it lies in the home (None where dbt wrote none). Of the contract of a table, `contract_of` is the table and `broken`
    are the rules that it does not keep.
    """

    unique_id: str
    name: str
    resource_type: str
    schema: str
    table: str
    status: str
    seconds: float
    message: str
    failures: int
    compiled_code: str | None
    sql_file: Path | None = None
    contract_of: str | None = None
    broken: tuple[contracts.BrokenRule, ...] = ()

    @property
    def label(self) -> str:
        """What people call it. dbt's name of a contract lists all that it says."""
        return f"{contracts.TEST} of {self.contract_of}" if self.contract_of else self.name

    @property
    def succeeded(self) -> bool:
        """Whether the node ran and, for a test, passed."""
        return self.status in _SUCCEEDED


class DbtFailedError(OperatorError):
    """A model did not build or a test did not pass; the sentence names the nodes."""


def build(
    settings: Settings,
    *,
    selector: str,
    select: Sequence[str] = (),
    full_refresh: bool = False,
    project_dir: Path = DBT_PROJECT_DIR,
) -> list[NodeResult]:
    """`dbt build` of a selection: seeds, models and data tests, never unit tests (those test the code, not the data).

    `selector` is one of the selections in the project's selectors.yml, which says itself which tests belong to it;
    where `select` names nodes, just those models and tests are built and run instead.

    Returns one result per node, in the order they ran; a failed node is a result, not an exception.
    Raises OperatorError when dbt could not run at all, WarehouseBusyError when another program holds the file.
    """
    args = ["build", "--exclude-resource-type", "unit_test"]
    args += ["--select", *select, "--indirect-selection", "empty"] if select else ["--selector", selector]
    if full_refresh:
        args.append("--full-refresh")
    return run_command(settings, args, project_dir)


def run_command(settings: Settings, args: Sequence[str], project_dir: Path = DBT_PROJECT_DIR) -> list[NodeResult]:
    """A dbt command in this process, in silence. Returns and raises like `build`."""
    make_home(settings)
    preload.wait()
    # Imported late: dbt takes a second to import, and `insights status` has no use for it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    manifest = parse(project_dir)
    folder = _with_seeds_of_the_programme(manifest, settings, project_dir)
    where = places(folder, settings.dbt_target_path, settings.dbt_log_path, profiles=project_dir)
    # The models that draw what is printed of a count read it there: a variable of dbt's would stand in its files.
    os.environ[KEY_VARIABLE] = key_from_environment(settings.environment).rounding_key()
    try:
        outcome = dbtRunner(manifest=manifest).invoke([*QUIET, *args, "--no-write-json", *where])
    finally:
        del os.environ[KEY_VARIABLE]
        # Without this the file stays locked until the process ends.
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        if "could not set lock" in str(outcome.exception).lower():
            raise busy()
        raise OperatorError(f"dbt could not run: {scrub(str(outcome.exception))}.")
    return [_with_broken_rules(settings, result) for result in _results(settings, outcome.result, manifest)]


def _with_seeds_of_the_programme(manifest: Any, settings: Settings, project_dir: Path) -> Path:
    """The folder that dbt is to take for its project: the settings of this one beside the programme's seeds.

    The graph knows of a seed only that it is there; its rows are read when it is loaded, from below this folder. So one
    parsed project serves every programme.
    """
    folder = settings.catalogue_path
    for source in project_dir.glob("*.yml"):
        (folder / source.name).write_bytes(source.read_bytes())
    for node in manifest.nodes.values():
        if node.resource_type == "seed" and (folder / node.original_file_path).exists():
            node.root_path = str(folder)
    return folder


def require_success(results: Sequence[NodeResult]) -> None:
    """Raise DbtFailedError unless all succeeded: the failed nodes, what dbt said of them, the SQL of the first."""
    failed = [result for result in results if not result.succeeded and result.status != "skipped"]
    if not failed:
        return
    said = "; ".join(f"{result.resource_type} {result.label}: {result.message}" for result in failed[:5])
    more = f" (and {len(failed) - 5} more)" if len(failed) > 5 else ""
    file = failed[0].sql_file
    whose = "of the first" if file and len(failed) > 1 else "that ran"
    sql = f": {file}" if file else " under warehouse/dbt_target/run"
    raise DbtFailedError(
        f"{len(failed)} dbt {'node' if len(failed) == 1 else 'nodes'} failed: {said}{more}. "
        f"Nothing was published; the last release stays in place. The SQL {whose} is in the home folder{sql}."
    )


def _results(settings: Settings, result: Any, manifest: Any) -> list[NodeResult]:
    return [
        NodeResult(
            unique_id=item.node.unique_id,
            name=item.node.name,
            resource_type=str(item.node.resource_type),
            schema=str(item.node.schema),
            table=str(getattr(item.node, "alias", None) or item.node.name),
            status=str(item.status),
            seconds=round(float(item.execution_time), 3),
            message=contracts.refused_in_words(scrub(item.message)),
            failures=int(item.failures or 0),
            compiled_code=getattr(item.node, "compiled_code", None),
            sql_file=_sql_file(settings, item.node),
            contract_of=_contract_of(item.node, manifest),
        )
        for item in result.results
    ]


def _sql_file(settings: Settings, node: Any) -> Path | None:
    written = getattr(node, "build_path", None)
    return Path(os.path.relpath(written, settings.home)) if written else None


def _contract_of(node: Any, manifest: Any) -> str | None:
    metadata = getattr(node, "test_metadata", None)
    if metadata is None or metadata.name != contracts.TEST:
        return None
    (table_id,) = node.depends_on.nodes
    table = manifest.nodes.get(table_id) or manifest.sources[table_id]
    return f"{table.schema}.{table.identifier}"


def _with_broken_rules(settings: Settings, result: NodeResult) -> NodeResult:
    if result.contract_of is None or result.status != "fail" or result.compiled_code is None:
        return result
    broken = contracts.broken_rules(settings, result.compiled_code)
    return replace(result, broken=broken, message="; ".join(rule.sentence for rule in broken))
