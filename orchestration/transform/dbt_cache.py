"""What dbt made of the project's files, kept beside them: a new home has nothing to parse or compile again.

    dbt_project/target/parsed/<files>/manifest.json       the graph, for whoever reads it
    dbt_project/target/parsed/<files>/manifest.pickle     the same as dbt holds it: read in a tenth of a second
    dbt_project/target/parsed/<files>/sql-<seeds>.json    SQL of every node, which depends on the seeds' rows too
    dbt_project/target/parsed/<files>/column_lineage.json columns behind every column

`<files>` and `<seeds>` are hashes of content: a changed file is another folder, and an old folder is never read again.
The folder is git-ignored and may be deleted at any time. Where it cannot be written, everything works as if it were
always empty.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import pickle
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_KEPT = 4  # folders of other states of the files: those of the last branches worked on
_MADE_BY = ("dbt-core", "dbt-adapters", "dbt-duckdb")


class ParsedProject:
    """The kept results for the files of a dbt project as they are now."""

    def __init__(self, project_dir: Path) -> None:
        self.fingerprint, self.seeds = _fingerprints(project_dir)
        self._parent = project_dir / "target" / "parsed"
        self.folder = self._parent / self.fingerprint[:20]

    @property
    def manifest_json(self) -> Path:
        """The graph as JSON; there only after `keep`."""
        return self.folder / "manifest.json"

    @property
    def column_lineage(self) -> Path:
        """Where column lineage is kept."""
        return self.folder / "column_lineage.json"

    def manifest(self) -> Any | None:
        """dbt's Manifest, new on every call (dbt writes into it); None when these files were not parsed before."""
        try:
            kept = pickle.loads((self.folder / "manifest.pickle").read_bytes())
            # Imported after the kept parts, which bring in most of dbt.
            from dbt.contracts.graph.manifest import Manifest

            return Manifest(**kept)
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            return None

    def keep(self, manifest: Any, manifest_json: Path) -> None:
        """Keep a parsed manifest, before dbt has run anything on it."""
        with contextlib.suppress(OSError):
            self._write("manifest.json", manifest_json.read_bytes())
            # Its parts, not itself: dbt's own way of pickling a Manifest mixes up the tables it looks things up in.
            parts = {
                field.name: getattr(manifest, field.name)
                for field in dataclasses.fields(manifest)
                if not field.name.startswith("_")
            }
            self._write("manifest.pickle", pickle.dumps(parts, protocol=pickle.HIGHEST_PROTOCOL))
            self._forget_others()

    def compiled(self) -> dict[str, str]:
        """SQL by node, as far as it is known for these files and seeds."""
        try:
            found: dict[str, str] = json.loads((self.folder / self._sql).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def keep_compiled(self, compiled: Mapping[str, str]) -> None:
        """Keep SQL by node. For the caller to know: it was made while the warehouse held exactly these seeds."""
        with contextlib.suppress(OSError):
            self._write(self._sql, json.dumps(compiled, sort_keys=True).encode())

    @property
    def _sql(self) -> str:
        return f"sql-{self.seeds[:20]}.json"

    def _write(self, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{name}-{os.getpid()}"
        fresh.write_bytes(content)
        fresh.replace(self.folder / name)

    def _forget_others(self) -> None:
        others = [path for path in self._parent.iterdir() if path.is_dir() and path != self.folder]
        for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)


def _fingerprints(project_dir: Path) -> tuple[str, str]:
    """Hash of everything dbt parses, and of the seeds' rows on top."""
    made_by = [sys.version, *(importlib.metadata.version(name) for name in _MADE_BY)]
    files = hashlib.sha256("\x1f".join([str(project_dir.resolve()), *made_by]).encode())
    seeds = hashlib.sha256()
    for path in sorted(project_dir.rglob("*")):
        relative = path.relative_to(project_dir)
        if relative.parts[0] in {"target", "logs"} or path.suffix not in {".sql", ".yml", ".csv", ".py"}:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        # A seed's rows are loaded at run time; the graph only knows that the seed is there.
        files.update(f"{relative}\x1f{'' if path.suffix == '.csv' else digest}\x1e".encode())
        if path.suffix == ".csv":
            seeds.update(f"{relative}\x1f{digest}\x1e".encode())
    return files.hexdigest(), seeds.hexdigest()
