"""Sealing: what nobody may change any more, and who may read it.

Files and folders of the internal side can be read by the owner and its group only; those of the public side by anyone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.hashing import sha256_of_file
from orchestration.release.files import fsync
from reporting.release_files import INTERNAL, MANIFEST, PUBLIC, SUMS

# Folders and files of each side: who is not of the group finds no way into the internal one.
_MODES = {INTERNAL: (0o750, 0o440), PUBLIC: (0o755, 0o444)}


def seal(building: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest and sums, set who may read what, and wait until all of it is on the disk."""
    _write_public_manifest(building / PUBLIC, manifest)
    for side, (folder_mode, file_mode) in _MODES.items():
        top = building / side
        files = sorted(path for path in top.rglob("*") if path.is_file())
        (top / SUMS).write_text(
            "".join(f"{sha256_of_file(path)}  {path.relative_to(top).as_posix()}\n" for path in files),
            encoding="utf-8",
        )
        for path in [*files, top / SUMS]:
            path.chmod(file_mode)
            fsync(path)
        for folder in [*(path for path in top.rglob("*") if path.is_dir()), top]:
            folder.chmod(folder_mode)
            fsync(folder)
    building.chmod(0o755)
    fsync(building)


def _write_public_manifest(public: Path, manifest: Mapping[str, Any]) -> None:
    """What made the public files, and their hashes. Inputs stay inside: they say who sent how much."""
    files = sorted(path for path in public.rglob("*") if path.is_file())
    told = {key: manifest[key] for key in ("release", "code_version", "packages", "python")} | {
        "files": {path.relative_to(public).as_posix(): {"sha256": sha256_of_file(path)} for path in files}
    }
    (public / MANIFEST).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
