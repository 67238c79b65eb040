"""The dbt project as dbt has parsed it.

    dbt_project/target/manifest.json           the graph, for whoever reads it
    dbt_project/target/partial_parse.msgpack   what dbt reads in place of files that have not changed (partial parsing)
    dbt_project/target/parsed_from             hash of the files that both were made from

Parsing opens no warehouse, so all homes share it. The folder is git-ignored and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import OperatorError
from orchestration.settings import PROJECT_ROOT
from orchestration.transform.scrub import scrub

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"

QUIET = (
    "--quiet", "--no-print", "--no-use-colors",
    "--log-level", "none", "--log-level-file", "none",
)  # fmt: skip

_PARTIAL_PARSE = "partial_parse.msgpack"
_MANIFEST = "manifest.json"
_PARSED_FROM = "parsed_from"
_MADE_BY = ("dbt-core", "dbt-adapters", "dbt-duckdb")

# The project last parsed in this process, by its folder and the hash of its files.
_parsed: dict[tuple[Path, str], Manifest] = {}


def manifest_path(project_dir: Path = DBT_PROJECT_DIR) -> Path:
    """Where the graph of a dbt project lies once it has been parsed."""
    return project_dir / "target" / _MANIFEST


def read_manifest(path: Path) -> dict[str, Any]:
    """manifest.json as a dictionary."""
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def is_parsed(project_dir: Path = DBT_PROJECT_DIR) -> bool:
    """Whether the graph that lies there was made from the files as they are now."""
    noted = project_dir / "target" / _PARSED_FROM
    return manifest_path(project_dir).exists() and noted.exists() and noted.read_text() == fingerprint(project_dir)


def fingerprint(project_dir: Path = DBT_PROJECT_DIR) -> str:
    """Hash of all that dbt parses: the project's files (of a seed only that it is there) and dbt itself."""
    digest = hashlib.sha256("\x1f".join([sys.version, *map(version, _MADE_BY)]).encode())
    for path in sorted(project_dir.rglob("*")):
        relative = path.relative_to(project_dir)
        if relative.parts[0] in {"target", "logs"} or path.suffix not in {".sql", ".yml", ".csv", ".py", ".md"}:
            continue
        # A seed's rows are loaded at run time; the graph only knows that the seed is there.
        content = b"" if path.suffix == ".csv" else hashlib.sha256(path.read_bytes()).digest()
        digest.update(f"{relative.as_posix()}\x1f".encode() + content)
    return digest.hexdigest()


def parse(project_dir: Path = DBT_PROJECT_DIR) -> Manifest:
    """The parsed project: as this process holds it, else as dbt parses it, reading only what has changed.

    Raises OperatorError when the project does not parse, or when its folder `target` cannot be written.
    """
    made_from = fingerprint(project_dir)
    key = (project_dir.resolve(), made_from)
    if key not in _parsed or not is_parsed(project_dir):
        manifest = _parse(project_dir, made_from)
        _parsed.clear()
        _parsed[key] = manifest
    return _parsed[key]


def _parse(project_dir: Path, made_from: str) -> Manifest:
    # Imported late: dbt takes a second to import, and `insights status` has no use for it.
    from dbt.cli.main import dbtRunner

    target = project_dir / "target"
    try:
        # It is of the engine and not of a home: whoever runs the engine reads it, whatever this process keeps private.
        if not target.exists():
            target.mkdir(exist_ok=True)
            target.chmod(0o755)
        # Into a folder of its own: another process may be reading, or writing, the one that is there.
        with tempfile.TemporaryDirectory(prefix=".parsing-", dir=target) as folder:
            arguments = [*QUIET, "parse", "--target", "any_home", *places(project_dir, Path(folder), Path(folder))]
            kept = target / _PARTIAL_PARSE
            if kept.exists():
                arguments += ["--partial-parse-file-path", str(kept)]
            outcome = dbtRunner().invoke(arguments)
            if not outcome.success and kept.exists():
                # What dbt kept can mislead it: a unit test that has moved to another file is then found twice.
                outcome = dbtRunner().invoke([*arguments, "--no-partial-parse"])
            if not outcome.success:
                raise OperatorError(
                    f"The dbt project in {project_dir} does not parse: {scrub(str(outcome.exception))}. Nothing was "
                    "built or published. Mend the file, then run again."
                )
            # dbt writes what it has to read again; nothing, when nothing had changed.
            (Path(folder) / _PARSED_FROM).write_text(made_from)
            for name in (_PARTIAL_PARSE, _MANIFEST, _PARSED_FROM):
                if (Path(folder) / name).exists():
                    (Path(folder) / name).chmod(0o644)
                    (Path(folder) / name).replace(target / name)
    except OSError as error:
        raise OperatorError(
            f"What dbt parses could not be kept in {target} ({error.strerror}). Nothing was built or published. Make "
            "the folder writable, or make room, then run again."
        ) from None
    result: Manifest = outcome.result
    return result


def places(project_dir: Path, target: Path, logs: Path, *, profiles: Path | None = None) -> list[str]:
    """Where dbt reads and writes, as it is told on its command line; its profiles lie in the project or elsewhere."""
    return [
        "--project-dir", str(project_dir),
        "--profiles-dir", str(profiles or project_dir),
        "--target-path", str(target),
        "--log-path", str(logs),
    ]  # fmt: skip
