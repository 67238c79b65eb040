"""Sealing: what nobody may change any more, and who may read it.

Files and folders of the internal side can be read by the owner and its group only; those of the public side by anyone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.hashing import sha256_of_file
from orchestration.release.files import fsync, read_release_manifest
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


def changed_files(release: Path) -> tuple[list[str], int]:
    """Files of a release that are not as they were sealed, by name, and how many files there are.

    Not as sealed: missing, another, in no list of sums, a list of sums that is gone, or a folder by the name of
    another release.
    """
    changed: list[str] = []
    count = 0
    for side in (INTERNAL, PUBLIC):
        folder = release / side
        try:
            lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
            sums = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
        except (OSError, ValueError):
            sums = {}
            changed.append(f"{side}/{SUMS}")
        present = {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if (path.is_file() or path.is_symlink()) and path.name != SUMS
        }
        count += len(present)
        changed += [
            f"{side}/{name}"
            for name in sorted(present | sums.keys())
            if name not in present
            or name not in sums
            or (folder / name).is_symlink()
            or sha256_of_file(folder / name) != sums[name]
        ]
    return sorted({*changed, *_not_of_the_manifest(release)}), count


def _not_of_the_manifest(release: Path) -> list[str]:
    """What contradicts the manifests, which stand in no list that somebody would mend beside a file."""
    try:
        inside = read_release_manifest(release)
        outside = json.loads((release / PUBLIC / MANIFEST).read_text(encoding="utf-8"))
        hashes = {f"{INTERNAL}/{name}": said.get("sha256") for name, said in inside["outputs"].items()} | {
            f"{PUBLIC}/{name}": said["sha256"] for name, said in outside["files"].items()
        }
        named = {inside["release"], outside["release"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [f"{INTERNAL}/{MANIFEST}"]
    wrong = [
        name
        for name, digest in hashes.items()
        if digest is not None and (not (release / name).is_file() or sha256_of_file(release / name) != digest)
    ]
    return wrong if named == {release.name} else [*wrong, f"{INTERNAL}/{MANIFEST}"]


def _write_public_manifest(public: Path, manifest: Mapping[str, Any]) -> None:
    """What made the public files, and their hashes. Inputs stay inside: they say who sent how much."""
    files = sorted(path for path in public.rglob("*") if path.is_file())
    told = {key: manifest[key] for key in ("release", "code_version", "packages", "python")} | {
        "files": {path.relative_to(public).as_posix(): {"sha256": sha256_of_file(path)} for path in files}
    }
    (public / MANIFEST).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
