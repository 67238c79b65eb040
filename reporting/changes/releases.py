"""Where a release lies, and what it says of itself: its manifest, the keys of its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reporting.errors import ReportError
from reporting.release_files import CURRENT, DATABASE, INTERNAL, MANIFEST, TABLES

# Columns of the key by (schema, table).
Keys = Mapping[tuple[str, str], tuple[str, ...]]


def find_release(published: Path, name: str) -> Path:
    """The folder of a release in `published`: by name, by the beginning of a name that fits one, or `current`.

    Raises ReportError, naming the releases there are, when none or several fit.
    """
    known = release_names(published)
    if name == CURRENT and (published / name).exists():
        return (published / name).resolve()
    fitting = [name] if name in known else [one for one in known if name and one.startswith(name)]
    if len(fitting) == 1:
        return published / fitting[0]
    there = f"It has {', '.join(known)}." if known else "It has none yet: `insights run` publishes one."
    what = f"{len(fitting)} releases begin with {name!r}" if fitting else f"There is no release {name!r}"
    raise ReportError(f"{what} in {published}. Nothing was compared. {there}")


def release_names(published: Path) -> list[str]:
    """Names of all releases in the folder, in order; without the link to the one in force."""
    if not published.is_dir():
        return []
    return sorted(
        path.name
        for path in published.iterdir()
        if path.is_dir()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and (path / INTERNAL / DATABASE).exists()
    )


def manifest_of(release: Path) -> dict[str, Any]:
    """manifest.json of a release folder; empty where there is none."""
    path = release / INTERNAL / MANIFEST
    if not path.exists():
        return {}
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def keys_of(release: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Keys of the tables as the release's own documentation has them; empty for a release without it."""
    path = release / INTERNAL / TABLES
    if not path.exists():
        return {}
    return {
        (entry["schema"], entry["table"]): tuple(entry["key"])
        for entry in json.loads(path.read_text(encoding="utf-8"))["tables"]
        if entry["key"]
    }
