"""dbt in this process: the manifest, one invocation at a time, and what came of every node.

dagster-dbt draws the graph (see `dbt_assets`); running goes through dbt's own `dbtRunner`, because a second
invocation then costs a third of a second where a new process costs three.

Nothing dbt says of a row gets out: its log and its results file stay off, and of an error only the first line,
without anything it quotes, is passed on.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.environment import PROJECT_ROOT, prepare_environment
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.transform import ahead
from orchestration.transform.dbt_cache import ParsedProject
from orchestration.warehouse import busy

DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"

_QUIET = [
    "--quiet",
    "--no-print",
    "--no-use-colors",
    "--log-level", "none",
    "--log-level-file", "none",
]  # fmt: skip

_SUCCEEDED = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class NodeResult:
    """What came of one dbt node.

    `failures` counts the failing rows of a test; `compiled_code` is the SQL that ran (None for seeds).
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

    @property
    def succeeded(self) -> bool:
        """Whether the node ran and, for a test, passed."""
        return self.status in _SUCCEEDED


class DbtFailedError(OperatorError):
    """A model did not build or a test did not pass; the sentence names the nodes."""


def manifest_path(settings: Settings) -> Path:
    """Where the parsed project of this home lies."""
    return settings.dbt_target_path / "manifest.json"


def ensure_manifest(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> Path:
    """Parse the dbt project unless the manifest already there came from exactly these files.

    Returns the path of manifest.json. Raises OperatorError when the project does not parse.
    """
    target = manifest_path(settings)
    stamp = target.with_name("manifest.of")
    project = ParsedProject(project_dir)
    if target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == project.fingerprint:
        return target
    if project.manifest_json.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.manifest_json, target)
    else:
        _manifest(settings, project_dir, project)
    stamp.write_text(project.fingerprint, encoding="utf-8")
    return target


def build(
    settings: Settings,
    *,
    select: Sequence[str] = (),
    selector: str = "",
    indirect_selection: str = "eager",
    full_refresh: bool = False,
    loads_seeds: bool = False,
    project_dir: Path = DBT_PROJECT_DIR,
) -> list[NodeResult]:
    """`dbt build` of a selection: seeds, models and data tests, never unit tests (those test the code, not the data).

    `select` names nodes, and `indirect_selection` the tests that come with them, in dbt's words; without any,
    `selector` is one of the selections in the project's selectors.yml.

    `loads_seeds` says that the selection holds every seed, so that the SQL which models make from the seeds' rows may
    be taken from, and kept for, other runs over the same files.

    Returns one result per node, in the order they ran; a failed node is a result, not an exception.
    Raises OperatorError when dbt could not run at all, WarehouseBusyError when another program holds the file.
    """
    args = ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
    # A selector says itself which tests belong to it.
    args += ["--select", *select, "--indirect-selection", indirect_selection] if select else ["--selector", selector]
    if full_refresh:
        args.append("--full-refresh")
    project = ParsedProject(project_dir)
    seeded = (settings.warehouse_path, project.seeds)
    compiled = project.compiled() if loads_seeds or seeded in _seeded else {}
    known = len(compiled)
    results = _results(_invoke(settings, project_dir, args, project, compiled))
    if loads_seeds and all(result.succeeded for result in results if result.resource_type == "seed"):
        _seeded.add(seeded)
    # Not when somebody edited a seed in the meantime: this SQL would be found by the wrong name.
    if seeded in _seeded and len(compiled) > known and ParsedProject(project_dir).seeds == project.seeds:
        project.keep_compiled(compiled)
    return results


def run_command(settings: Settings, args: Sequence[str], project_dir: Path = DBT_PROJECT_DIR) -> list[NodeResult]:
    """Any other dbt command in this process, with the same silence. Raises like `build`."""
    return _results(_invoke(settings, project_dir, [*args, "--no-write-json"], ParsedProject(project_dir)))


def require_success(results: Sequence[NodeResult]) -> None:
    """Raise DbtFailedError, naming the failed nodes and what dbt said of them, unless everything succeeded."""
    failed = [result for result in results if not result.succeeded and result.status != "skipped"]
    if not failed:
        return
    said = "; ".join(f"{result.resource_type} {result.name}: {result.message}" for result in failed[:5])
    more = f" (and {len(failed) - 5} more)" if len(failed) > 5 else ""
    raise DbtFailedError(
        f"{len(failed)} dbt {'node' if len(failed) == 1 else 'nodes'} failed: {said}{more}. "
        "Nothing was published; the last release stays in place. The SQL that ran is in the home folder under "
        "warehouse/dbt_target/run."
    )


def scrub(message: str | None) -> str:
    """The first line of an engine's message without what it quotes, since that may be a value of a row."""
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    # dbt puts "Runtime Error in model x (path)" on a line of its own before the engine's line.
    kept = [line for line in lines if not line.startswith(("LINE ", "^", "compiled code at"))][:2]
    text = " ".join(kept) or "no message"
    text = re.sub(r"'[^']*'|\"[^\"]*\"|'.*$|\".*$", "'…'", text)
    return re.sub(r"\d{4,}", "…", text)[:300]


# The manifest of the project last used in this process: dbt writes what it compiled into it.
_parsed: dict[str, Any] = {}
# Warehouses whose seeds this process loaded, with the fingerprint of the files they came from.
_seeded: set[tuple[Path, str]] = set()


def _manifest(settings: Settings, project_dir: Path, project: ParsedProject) -> Any:
    """dbt's manifest of the project: as held, as kept beside the project, or parsed now (12 s)."""
    if project.fingerprint not in _parsed:
        manifest = project.manifest()
        if manifest is None:
            from dbt.cli.main import dbtRunner

            # The profile reads where the warehouse is from the environment, also when nothing but parsing is asked for.
            prepare_environment(settings)
            parsed = dbtRunner().invoke([*_QUIET, "parse", *_place(settings, project_dir)])
            if not parsed.success:
                raise OperatorError(f"The dbt project does not parse: {scrub(str(parsed.exception))}.")
            manifest = parsed.result
            project.keep(manifest, manifest_path(settings))
        _parsed.clear()
        _parsed[project.fingerprint] = manifest
    return _parsed[project.fingerprint]


def _place(settings: Settings, project_dir: Path) -> list[str]:
    return [
        "--project-dir", str(project_dir),
        "--profiles-dir", str(project_dir),
        "--target-path", str(settings.dbt_target_path),
        "--log-path", str(settings.dbt_log_path),
    ]  # fmt: skip


def _invoke(
    settings: Settings,
    project_dir: Path,
    args: list[str],
    project: ParsedProject,
    compiled: dict[str, str] | None = None,
) -> Any:
    prepare_environment(settings)
    ahead.wait()
    # Imported late: dbt takes seconds to import, and `insights status` has no use for it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from orchestration.transform.dbt_quick import quick_nodes

    try:
        manifest = _manifest(settings, project_dir, project)
        with quick_nodes(compiled, settings.dbt_target_path) if compiled is not None else nullcontext():
            outcome = dbtRunner(manifest=manifest).invoke([*_QUIET, *args, *_place(settings, project_dir)])
    finally:
        # Without this the file stays locked until the process ends.
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        if "could not set lock" in str(outcome.exception).lower():
            raise busy()
        raise OperatorError(f"dbt could not run: {scrub(str(outcome.exception))}.")
    return outcome.result


def _results(result: Any) -> list[NodeResult]:
    return [
        NodeResult(
            unique_id=item.node.unique_id,
            name=item.node.name,
            resource_type=str(item.node.resource_type),
            schema=str(item.node.schema),
            table=str(getattr(item.node, "alias", None) or item.node.name),
            status=str(item.status),
            seconds=round(float(item.execution_time), 3),
            message=scrub(item.message),
            failures=int(item.failures or 0),
            compiled_code=getattr(item.node, "compiled_code", None),
        )
        for item in result.results
    ]


def read_manifest(path: Path) -> dict[str, Any]:
    """manifest.json as a dictionary."""
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest
