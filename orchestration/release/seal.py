"""Sealing: what nobody may change any more, and who may read it.

Files and folders of the internal side can be read by the owner and its group only; those of the public side by anyone
(`permissions.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.hashing import sha256_of_file
from orchestration.permissions import open_release
from orchestration.release.files import fsync, read_release_manifest
from reporting.release_files import INTERNAL, MANIFEST, PUBLIC, SUMS


def seal(building: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest and sums, set who may read what, and wait until all of it is on the disk.

    Raises OperatorError when its group cannot be used.
    """
    _write_public_manifest(building / PUBLIC, manifest)
    for top in (building / INTERNAL, building / PUBLIC):
        files = sorted(path for path in top.rglob("*") if path.is_file())
        (top / SUMS).write_text(
            "".join(f"{sha256_of_file(path)}  {path.relative_to(top).as_posix()}\n" for path in files),
            encoding="utf-8",
        )
    open_release(building)
    for path in [*building.rglob("*"), building]:
        fsync(path)


def sums_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of both sides of a release, by its path; a link has none and is named as one."""
    return {
        path.relative_to(folder).as_posix(): "a link" if path.is_symlink() else sha256_of_file(path)
        for side in (INTERNAL, PUBLIC)
        for path in sorted((folder / side).rglob("*"))
        if path.is_file() or path.is_symlink()
    }


def changed_files(release: Path) -> tuple[list[str], int]:
    """Files of a release that are not as they were sealed, by name, and how many files there are.

    Not as sealed: missing, another, in no list of sums, a list of sums that is gone, or a folder by the name of
    another release.
    """
    present = sums_of(release)
    lists = {f"{side}/{SUMS}" for side in (INTERNAL, PUBLIC)}
    changed: set[str] = set()
    sealed: dict[str, str] = {}
    for name in lists:
        side, _, _ = name.partition("/")
        try:
            lines = (release / name).read_text(encoding="utf-8").splitlines()
            sealed |= {f"{side}/{file}": digest for digest, file in (line.split(maxsplit=1) for line in lines)}
        except (OSError, ValueError):
            changed.add(name)
    files = present.keys() - lists
    changed |= {name for name in files | sealed.keys() if present.get(name) != sealed.get(name)}
    return sorted(changed | _not_of_the_manifest(release, present)), len(files)


def _not_of_the_manifest(release: Path, present: Mapping[str, str]) -> set[str]:
    """What contradicts the manifests, which stand in no list that somebody would mend beside a file."""
    try:
        inside = read_release_manifest(release)
        outside = json.loads((release / PUBLIC / MANIFEST).read_text(encoding="utf-8"))
        hashes = {f"{INTERNAL}/{name}": said.get("sha256") for name, said in inside["outputs"].items()} | {
            f"{PUBLIC}/{name}": said["sha256"] for name, said in outside["files"].items()
        }
        named = {inside["release"], outside["release"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {f"{INTERNAL}/{MANIFEST}"}
    wrong = {name for name, digest in hashes.items() if digest is not None and present.get(name) != digest}
    return wrong if named == {release.name} else wrong | {f"{INTERNAL}/{MANIFEST}"}


def _write_public_manifest(public: Path, manifest: Mapping[str, Any]) -> None:
    """What made the public files, and their hashes. Inputs stay inside: they say who sent how much."""
    files = sorted(path for path in public.rglob("*") if path.is_file())
    told = {key: manifest[key] for key in ("release", "code_version", "packages", "python")} | {
        "files": {path.relative_to(public).as_posix(): {"sha256": sha256_of_file(path)} for path in files}
    }
    (public / MANIFEST).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
