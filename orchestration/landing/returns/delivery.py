"""Where a return lies and what its bytes are: authority and year from the folder, gzip undone within limits."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.landing.limits import GIBIBYTE, MAXIMUM_RATIO, MAXIMUM_UNPACKED, UNSUSPICIOUS_UNPACKED
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.text import GZIP, ZIP

_LOCAL = "local"
_PIECE = 256 * 1024
_HEAD = 4096
_WORKBOOK = ".xlsx"
_ENDINGS = (".xml", ".csv", ".txt", _WORKBOOK)
_NEITHER = (
    "It is neither XML, CSV nor XLSX (XML and CSV may be packed with gzip), the kinds that are read. Deliver "
    "it as one of them, or move it out of the raw folder."
)


@dataclass(frozen=True)
class Delivery:
    """A file of an authority. ``year`` is the collection year, None below `local`; ``suffix`` what its content is."""

    path: Path
    la_code: str
    year: int | None
    suffix: str
    is_packed: bool

    def pieces(self, size: int = _PIECE) -> Iterator[bytes]:
        """The bytes of the file, unpacked, in pieces of at most ``size``.

        Raises FileRefusedError: the packed data is damaged, cut off, or unpacks to more than any return can be.
        """
        if not self.is_packed:
            with self.path.open("rb") as handle:
                while piece := handle.read(size):
                    yield piece
            return
        packed = self.path.stat().st_size
        unpacked = 0
        try:
            with gzip.open(self.path, "rb") as handle:
                while piece := handle.read(size):
                    unpacked += len(piece)
                    is_bomb = unpacked > UNSUSPICIOUS_UNPACKED and unpacked > MAXIMUM_RATIO * packed
                    if is_bomb or unpacked > MAXIMUM_UNPACKED:
                        raise FileRefusedError(
                            f"It unpacks to more than {MAXIMUM_RATIO} times its size or to more than "
                            f"{MAXIMUM_UNPACKED // GIBIBYTE} GB, the limits for a return. Deliver the file itself, not "
                            "packed."
                        )
                    yield piece
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise FileRefusedError("Its gzip packing is damaged or cut off. Deliver it again.") from None

    def unpack_to(self, target: Path) -> Path:
        """A file with the unpacked bytes: the delivered one, or ``target`` when that is packed."""
        if not self.is_packed:
            return self.path
        with target.open("wb") as handle:
            for piece in self.pieces():
                handle.write(piece)
        return target


def deliver(path: Path, raw_dir: Path) -> Delivery:
    """Read authority, year and kind of file from where it lies: `social_care/<authority>/<year or local>/<file>`.

    Raises FileRefusedError: the folders say neither, or the name is of no kind that is read.
    """
    parts = path.relative_to(raw_dir).parts[1:]
    if len(parts) < 3 or not re.fullmatch(r"[0-9]{3}", parts[0]):
        raise FileRefusedError(
            "Its folder does not say whose it is. Put it in social_care/<three-digit authority>/<collection year>, or "
            "in social_care/<authority>/local when it is not collected by year."
        )
    year = None
    if parts[1] != _LOCAL:
        if not re.fullmatch(r"(19|20)[0-9]{2}", parts[1]):
            raise FileRefusedError(
                "Its folder says no collection year. Put it in social_care/<authority>/<four-digit year>, or in "
                "social_care/<authority>/local when it is not collected by year."
            )
        year = int(parts[1])
    suffixes = [suffix.lower() for suffix in path.suffixes]
    is_packed = suffixes[-1:] == [".gz"]
    suffix = (suffixes[:-1] if is_packed else suffixes)[-1:] or [""]
    if suffix[0] not in _ENDINGS or (is_packed and suffix[0] == _WORKBOOK):
        raise FileRefusedError(_NEITHER)
    if path.stat().st_size == 0:
        raise FileRefusedError("The file is empty.")
    with path.open("rb") as handle:
        begins_packed = handle.read(2) == GZIP
    if begins_packed is not is_packed:
        said, found = ("gzip", "something else") if is_packed else ("text", "gzip")
        raise FileRefusedError(f"Its name says {said}, its content is {found}. Give it its right name.")
    delivery = Delivery(path, parts[0], year, suffix[0], is_packed)
    kind = _kind(next(delivery.pieces(_HEAD), b""))
    if is_packed and kind == _WORKBOOK:
        raise FileRefusedError(_NEITHER)
    return replace(delivery, suffix=kind)


def _kind(head: bytes) -> str:
    """What a file is by its beginning, whatever its name says: a workbook, XML, or else a table of text."""
    if head.startswith(ZIP):
        return _WORKBOOK
    # A mark of the encoding, and the second byte of each character of UTF-16, are no text of either.
    return ".xml" if head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<") else ".csv"
