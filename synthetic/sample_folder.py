"""The folder of a sample in the repository, and the checksums by which a run knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


def checksums(files: Iterable[Path], root: Path) -> str:
    """Lines as ``sha256sum`` writes them, paths relative to ``root``."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root).as_posix()}" for path in files]
    return "\n".join(lines) + "\n"


def replace_sample(out: Path, own: Path, sums: Path, write: Callable[[Path], Sequence[Path]]) -> Sequence[Path]:
    """Write a sample to ``out``; for the repository's own folder also the checksums by which a run knows it.

    Files of the sample before, which this one may not have, are removed from the repository's own folder first.
    """
    if out == own and sums.exists():
        for line in sums.read_text(encoding="utf-8").splitlines():
            (out / line.split(maxsplit=1)[1]).unlink(missing_ok=True)
    files = write(out)
    if out == own:
        sums.write_text(checksums(files, out), encoding="utf-8", newline="")
    return files
