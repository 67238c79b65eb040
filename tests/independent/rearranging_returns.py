"""The same returns in another order: records within files, and files of a delivery under other names."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath
from xml.etree import ElementTree

import python_calamine
import xlsxwriter


def rearrange_returns(files: Mapping[str, bytes], seed: int) -> dict[str, bytes]:
    """Files of one run (path -> content) with their records shuffled, under other names and in another order."""
    dice = random.Random(seed)
    found = []
    for path, content in files.items():
        place = PurePosixPath(path)
        name = f"{dice.randrange(10**9)}{''.join(place.suffixes)}"
        found.append((str(place.with_name(name)), _shuffled(place.name, content, dice)))
    dice.shuffle(found)
    return dict(found)


def _shuffled(name: str, content: bytes, dice: random.Random) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(_shuffled(name.removesuffix(".gz"), gzip.decompress(content), dice), mtime=0)
    if name.endswith(".xml"):
        root = ElementTree.fromstring(content)
        for element in root.iter():
            _shuffle_children(element, dice)
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode").encode()
    return _workbook(content, dice) if name.endswith(".xlsx") else _table(content, dice)


def _shuffle_children(element: ElementTree.Element, dice: random.Random) -> None:
    """Elements of one name change places; the places of each name stay."""
    places = defaultdict(list)
    for place, child in enumerate(element):
        places[child.tag].append(place)
    for alike in places.values():
        moved = [element[place] for place in alike]
        dice.shuffle(moved)
        for place, child in zip(alike, moved, strict=True):
            element[place] = child


def _table(content: bytes, dice: random.Random) -> bytes:
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    text = content.decode(encoding)
    sign = max(",;\t|", key=text.split("\n", 1)[0].count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    dice.shuffle(rows)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign, lineterminator="\r\n" if "\r\n" in text else "\n").writerows([header, *rows])
    return out.getvalue().encode(encoding)


def _workbook(content: bytes, dice: random.Random) -> bytes:
    """Every sheet with its rows below the header row in another order; days stay days."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as written:
        day = written.add_format({"num_format": "yyyy-mm-dd"})
        for name in book.sheet_names:
            sheet = written.add_worksheet(name)
            header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False) or [[]]
            dice.shuffle(rows)
            for line, cells in enumerate([header, *rows]):
                for column, cell in enumerate(cells):
                    if hasattr(cell, "isoformat"):
                        sheet.write_datetime(line, column, cell, day)
                    elif cell != "":
                        sheet.write(line, column, cell)
    return out.getvalue()
