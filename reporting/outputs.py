"""Everything that readers get of a release, written beside its tables.

Internal and public outputs are made by the same code from two relations: `marts.reportable_value` and, behind
disclosure control, `marts.published_value`. Nothing here reads the warehouse or a raw file.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
# What draws and sets the documents: another version may draw the same figures differently.
_PACKAGES = ("altair", "gptables", "jinja2", "typst", "vl-convert-python")


def documents_fingerprint() -> str:
    """A hash over all that makes the documents: this package's files and the versions of what they call."""
    digest = hashlib.sha256()
    for path in sorted(path for path in _HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(_HERE).as_posix()}\x1f".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES:
        digest.update(f"{name}=={importlib.metadata.version(name)}\x1e".encode())
    return digest.hexdigest()


def write_outputs(
    internal: Path, public: Path, *, manifest: Mapping[str, Any], graph: Mapping[str, Any], earlier: Path
) -> None:
    """Write reports, open data and documentation of both sides.

    `internal` holds the release's tables; `manifest` is its manifest, `graph` dbt's, `earlier` the folder of the
    releases there are already. Raises OperatorError when an output does not pass its own check; then nothing may be
    published.
    """
