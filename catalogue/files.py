"""Files of a programme read as text: those that are large, lead out of its folder or are no files are sentences."""

from __future__ import annotations

import stat
from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError


def read_text(path: Path, largest: int, too_large: str) -> str:
    """The text of a file of a programme, in UTF-8, line ends as they stand.

    Raises ProgrammeError: it is no ordinary file, cannot be read, is not in UTF-8, or has more than `largest` bytes,
    which `too_large` says. FileNotFoundError, NotADirectoryError: there is none.
    """
    try:
        found = path.stat()
        # A pipe would be waited for.
        if not stat.S_ISREG(found.st_mode):
            raise ProgrammeError(f"{path} is a folder, a pipe or a device, not a file. {NOTHING_DONE}")
        if found.st_size > largest:
            raise ProgrammeError(f"{path} {too_large}")
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise ProgrammeError(f"{path} cannot be read ({error.strerror}). {NOTHING_DONE}") from None
    except UnicodeDecodeError:
        raise ProgrammeError(f"{path} is not in UTF-8. Nothing was done. Save it as UTF-8, then run again.") from None


def read_own_text(path: Path, largest: int, too_large: str) -> str:
    """The same of a file that must lie in the programme's folder itself; one that leads out of it is refused."""
    if inside(path.parent, path.name) is None:
        raise ProgrammeError(f"{path} leads out of the programme's folder. {NOTHING_DONE}")
    try:
        return read_text(path, largest, too_large)
    except OSError as error:
        raise ProgrammeError(f"{path} cannot be read ({error.strerror}). {NOTHING_DONE}") from None


def inside(folder: Path, name: str) -> Path | None:
    """A path in a folder, or None where it leads out of it, by `..` or by a link."""
    path = (folder / name).resolve()
    return path if folder.resolve() in path.parents else None
