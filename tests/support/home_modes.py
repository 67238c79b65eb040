"""What everything in a home may be read by, in the words of docs/operations.md and not of the code."""

from __future__ import annotations

import stat
from pathlib import Path


def wrong_modes(home: Path) -> dict[str, str]:
    """Every place of a home that has not the permissions it should have, with those it has."""
    found = {"": home, **{path.relative_to(home).as_posix(): path for path in home.rglob("*")}}
    modes = {name: path.lstat().st_mode for name, path in found.items() if not path.is_symlink()}
    return {name: oct(stat.S_IMODE(mode)) for name, mode in modes.items() if stat.S_IMODE(mode) != _right(name, mode)}


def _right(name: str, mode: int) -> int:
    is_folder = stat.S_ISDIR(mode)
    parts = Path(name).parts
    if not parts:
        return 0o711
    if parts[0] == "published" and (len(parts) == 1 or parts[1].startswith("r-")):
        if len(parts) < 3:
            return 0o755
        if parts[2] == "public":
            return 0o755 if is_folder else 0o444
        return 0o750 if is_folder else 0o440
    return 0o700 if is_folder else 0o600
