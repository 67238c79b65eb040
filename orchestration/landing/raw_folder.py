"""What lies in the raw folder: the files to land, and what is passed over, each by name and with the reason.

Nothing is opened here, and no link is followed, wherever it leads: what it names lands under its own name if it lies in
the folder, and is none of ours if it does not.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import OperatorError

#: Below this folder of the raw folder lie returns, and nothing else.
RETURNS_FOLDER = "social_care"
_IGNORED_NAMES = {"readme.md"}
_LINK = "It is a link, and links are not followed. Put the file itself into the raw folder."
_LOCK = "It is a lock file of an office program, which has the document open. Close it there."
_LITTER = "It is a file that a program or the file manager keeps for itself. It can be deleted."
_BACKUP = "It is a backup that an editor keeps. It can be deleted."
_PARTIAL = "It is a transfer that has not ended. It is read once it has its own name."
_HIDDEN = "Its name begins with a dot."
# What programs leave beside the files of people: shapes of names in lower case, in the order in which they are tried.
_STRAYS = tuple(
    (re.compile(shape), reason)
    for shape, reason in (
        (r"~\$.*", _LOCK),
        (r"\.~lock\..*#", _LOCK),
        (r"\.ds_store|\._.*|thumbs\.db(:encryptable)?|ehthumbs\.db|desktop\.ini|icon\r", _LITTER),
        (r"__macosx|\$recycle\.bin|system volume information|lost\+found|@eadir", _LITTER),
        (r".*~|#.*#|\.#.*|\..*\.sw[a-p]|.*\.(bak|orig)", _BACKUP),
        (r".*\.(part|partial|filepart|crdownload|download|tmp|temp)|~wr[dl].*", _PARTIAL),
        (r".*\.(lnk|url|webloc)", _LINK),
        (r"\..*", _HIDDEN),
    )
)
_KINDS = (
    (stat.S_ISFIFO, "It is a pipe, not a file. Remove it."),
    (stat.S_ISSOCK, "It is a socket, not a file. Remove it."),
    (stat.S_ISBLK, "It is a device, not a file. Remove it."),
    (stat.S_ISCHR, "It is a device, not a file. Remove it."),
)


@dataclass(frozen=True)
class PassedOver:
    """Something in the raw folder that is not landed: its name as it is shown, and why. Nothing in it was read."""

    name: str
    reason: str


@dataclass(frozen=True)
class Survey:
    """Files to land and what is passed over, each in the order of its path in the raw folder."""

    files: tuple[Path, ...]
    passed_over: tuple[PassedOver, ...]


def survey(raw_dir: Path) -> Survey:
    """Look through the raw folder once.

    Raises OperatorError: the raw folder itself cannot be opened.
    """
    files: list[Path] = []
    passed: list[tuple[str, PassedOver]] = []
    folders = [raw_dir]
    while folders:
        folder = folders.pop()
        try:
            entries = _entries(folder)
        except OSError as error:
            if folder == raw_dir:
                raise OperatorError(
                    f"The raw folder {raw_dir} cannot be opened ({error.strerror}). Nothing was landed. Let the user "
                    "who runs this read it."
                ) from None
            reason = f"It is a folder that cannot be opened ({error.strerror}). Let the user who runs this read it."
            passed.append((folder.as_posix(), PassedOver(shown_name(folder, raw_dir), reason)))
            continue
        for entry in entries:
            path = folder / entry.name
            what = reason_to_pass(entry)
            if what:
                passed.append((path.as_posix(), PassedOver(shown_name(path, raw_dir), what)))
            elif entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif what is None:
                files.append(path)
    files.sort(key=lambda path: path.relative_to(raw_dir).as_posix())
    passed.sort(key=lambda pair: pair[0])
    return Survey(tuple(files), tuple(one for _, one in passed))


def deliveries(raw_dir: Path) -> Iterator[Path]:
    """Files to land, in the order of their relative paths. Raises OperatorError."""
    yield from survey(raw_dir).files


def shown_name(path: Path, raw_dir: Path) -> str:
    """The name of a file wherever it is shown or stored: where it lies in the raw folder.

    What a screen or a log might obey (control characters, marks of writing direction), bytes that are no text and the
    backslash itself are escaped, so that no two files share a name.
    """
    name = path.relative_to(raw_dir).as_posix()
    return name if name.isprintable() and "\\" not in name else "".join(map(_shown, name))


def lies_at(source_file: str) -> str:
    """What a file is known by beside its bytes: of a return the folder, which says whose it is and of which year.

    The same bytes in the folders of two years are two statements. Of all else nothing: a copy of a form is that form.
    """
    parts = source_file.split("/")
    return "/".join(parts[:3]) if parts[0] == RETURNS_FOLDER and len(parts) > 3 else ""


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return list(found)


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"  # how Python carries a byte of a name that is no text
    return f"\\x{number:02x}" if number < 0x80 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def reason_to_pass(entry: os.DirEntry[str]) -> str | None:
    """Why something is not landed; empty when nobody has to be told, None when it is landed."""
    name = entry.name.lower()
    is_folder = entry.is_dir(follow_symlinks=False)
    if name in _IGNORED_NAMES and not is_folder:
        return ""
    for shape, reason in _STRAYS:
        # A folder called old.bak was called so by somebody.
        if (not is_folder or reason in (_LITTER, _HIDDEN)) and shape.fullmatch(name):
            return reason
    if entry.is_symlink():
        return _LINK
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return None  # It went away.
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), None)
