"""Files of a programme read as text: those that are large, lead out of its folder or are no files are sentences."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown

_README = "README.md"
# Besides controls, halves of surrogate pairs and breaks of lines: what turns the direction of the text after it.
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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


def refuse_strays(folder: Path, names: Sequence[str]) -> None:
    """Raise ProgrammeError for what lies in a folder of a programme and nothing reads: it would have no effect, and
    nobody would notice. A README.md and what is hidden may."""
    for path in sorted(folder.iterdir()):
        if path.name not in names and path.name != _README and not path.name.startswith("."):
            raise ProgrammeError(
                f"{folder}: nothing reads `{shown(path.name)}`.{nearest(path.name, names)} The folder may hold "
                f"{' and '.join(names)}. Nothing was done. Rename or remove it, then run again."
            )


def unprintable(text: str) -> str | None:
    """The first character of a line that no report can print, in words; None where there is none."""
    for character in text:
        if unicodedata.category(character) in _UNPRINTABLE or character in _TURNING:
            return f"the control character U+{ord(character):04X}"
    return None
