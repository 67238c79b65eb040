"""How many cells the sheets of a workbook reach over, told before the library that reads it takes room for them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from orchestration.landing.limits import MAXIMUM_CELLS
from orchestration.landing.refusal import FileRefusedError

_PIECE = 1024 * 1024
# More than the longest start tag of a row that a program writes: no tag is cut in two by the end of a piece.
_OVERLAP = 1024
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_CELL = rb"([A-Za-z]{1,3})([0-9]{1,7})"
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*ref\s*=\s*[\"']" + _CELL + rb":" + _CELL + rb"[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']([0-9]{1,7})[\"']")


def refuse_far_cells(archive: zipfile.ZipFile) -> None:
    """Raise FileRefusedError when the sheets reach over too many cells, counted from A1 to the last of each.

    A sheet that says its size is believed (one that lies meets the limit of memory); any other is looked through.
    """
    total = 0
    for name in archive.namelist():
        if not _SHEET.fullmatch(name):
            continue
        rows, columns = _corner(archive, name)
        total += rows * columns
        if total > MAXIMUM_CELLS:
            raise FileRefusedError(
                f"A sheet of the workbook reaches to cell {_letters(columns)}{rows}, so its sheets have more than "
                f"{MAXIMUM_CELLS:,} cells, which is the limit. Delete the empty rows and columns below and beside the "
                "table and save it again, or export it as CSV."
            )


def _corner(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """The last row and the last column of a sheet, from 1; no less than there are."""
    rows = columns = 0
    further = _further(columns)
    for piece, is_first in _pieces(archive, name):
        if is_first and (said := _DIMENSION.search(piece)):
            return int(said[4]), _number(said[3])
        rows = max([rows, *(int(number) for number in _ROW.findall(piece))])
        while found := [_number(letters) for letters in further.findall(piece)]:
            columns = max(found)
            further = _further(columns)
    return rows, columns


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, bool]]:
    """The text of a part in pieces that overlap, and whether it is the first."""
    with archive.open(name) as handle:
        held, is_first = b"", True
        while piece := handle.read(_PIECE):
            yield held + piece, is_first
            held, is_first = piece[-_OVERLAP:], False


def _further(columns: int) -> re.Pattern[bytes]:
    """The letters of a cell beyond a column. Cells within it, nearly all, are passed by at once."""
    letters = _letters(columns)
    ways = ["[A-Z]" * length for length in range(len(letters) + 1, 4)]
    for place, letter in enumerate(letters):
        if letter < "Z":
            ways.append(f"{letters[:place]}[{chr(ord(letter) + 1)}-Z]" + "[A-Z]" * (len(letters) - place - 1))
    return re.compile(rf"\br=[\"']({'|'.join(ways) or '(?!)'})[0-9]".encode())


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
