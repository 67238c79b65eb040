"""Files and folders of releases: what they are called, reading the manifest, waiting until they are on the disk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from reporting.release_files import INTERNAL, MANIFEST

# Beside `current`: the next release while it is being made, folders in which versions of before made theirs, and what
# was not as it had been published.
PREPARED = ".prepared"
LEFT_OVER = ".building-*"
DAMAGED = "damaged-"


def read_release_manifest(release: Path) -> dict[str, Any]:
    """manifest.json of a release folder."""
    manifest: dict[str, Any] = json.loads((release / INTERNAL / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def fsync(path: Path) -> None:
    """Return when a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
