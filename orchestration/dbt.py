"""dbt in this process: the manifest, one invocation at a time, and what came of every node.

dagster-dbt draws the graph (see `dbt_assets`); running goes through dbt's own `dbtRunner`, because a second
invocation then costs a third of a second where a new process costs three.

Nothing dbt says of a row gets out: its log and its results file stay off, and of an error only the first line,
without anything it quotes, is passed on.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.environment import PROJECT_ROOT, prepare_environment
from orchestration.errors import OperatorError
from orchestration.settings import Settings
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
    fingerprint = _project_fingerprint(project_dir)
    if target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
        return target
    _invoke(settings, project_dir, ["parse"])
    stamp.write_text(fingerprint, encoding="utf-8")
    return target


def _project_fingerprint(project_dir: Path) -> str:
    digest = hashlib.sha256(importlib.metadata.version("dbt-core").encode())
    for path in sorted(project_dir.rglob("*")):
        relative = path.relative_to(project_dir)
        if path.is_file() and relative.parts[0] not in {"target", "logs"} and path.suffix in {".sql", ".yml", ".csv"}:
            # A seed's rows are loaded at run time; the graph only knows that the seed is there.
            content = b"" if path.suffix == ".csv" else path.read_bytes()
            digest.update(f"{relative}\x1f{hashlib.sha256(content).hexdigest()}\x1e".encode())
    return digest.hexdigest()


def build(
    settings: Settings,
    *,
    select: Sequence[str],
    exclude: Sequence[str],
    indirect_selection: str,
    full_refresh: bool = False,
    project_dir: Path = DBT_PROJECT_DIR,
    on_node: Callable[[str], None] | None = None,
) -> list[NodeResult]:
    """`dbt build` of a selection: seeds, models and data tests, never unit tests (those test the code, not the data).

    Returns one result per node, in the order they ran; a failed node is a result, not an exception.
    Raises OperatorError when dbt could not run at all, WarehouseBusyError when another program holds the file.
    """
    args = ["build", "--no-write-json", "--indirect-selection", indirect_selection]
    args += ["--select", *select, "--exclude", *exclude, "resource_type:unit_test"]
    if full_refresh:
        args.append("--full-refresh")
    return _results(_invoke(settings, project_dir, args, on_node=on_node))


def run_command(settings: Settings, args: Sequence[str], project_dir: Path = DBT_PROJECT_DIR) -> list[NodeResult]:
    """Any other dbt command in this process, with the same silence. Raises like `build`."""
    return _results(_invoke(settings, project_dir, [*args, "--no-write-json"]))


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


# One parsed manifest per (target folder, project): later invocations in this process skip parsing.
_parsed: dict[tuple[Path, Path, str], Any] = {}


def _invoke(
    settings: Settings,
    project_dir: Path,
    args: list[str],
    on_node: Callable[[str], None] | None = None,
) -> Any:
    prepare_environment(settings)
    # Imported late: dbt takes seconds to import, and `insights status` has no use for it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    place = [
        "--project-dir", str(project_dir),
        "--profiles-dir", str(project_dir),
        "--target-path", str(settings.dbt_target_path),
        "--log-path", str(settings.dbt_log_path),
    ]  # fmt: skip
    key = (settings.dbt_target_path, project_dir, _project_fingerprint(project_dir))

    def listen(event: Any) -> None:
        if on_node is not None and event.info.name == "NodeFinished":
            on_node(str(event.data.node_info.node_name))

    callbacks = [listen] if on_node is not None else []
    try:
        if key not in _parsed:
            parsed = dbtRunner().invoke([*_QUIET, "parse", *place])
            if not parsed.success:
                raise OperatorError(f"The dbt project does not parse: {scrub(str(parsed.exception))}.")
            _parsed.clear()
            _parsed[key] = parsed.result
        if args == ["parse"]:
            return None
        outcome = dbtRunner(manifest=_parsed[key], callbacks=callbacks).invoke([*_QUIET, *args, *place])
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
