"""What is printed on the pages of a PDF and where: words, lines, the cells of tables.

All is read as a reader's program reads it: the box of every glyph's ink, the lines that are drawn, and the tags that
say which text is which cell of which table. Lengths are points from the lower left corner of the page.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

# Ink that touches by less than this does not make a word harder to read.
TOUCH = 0.4
# A drawn line is thinner and longer.
_LINE_AT_MOST, _LINE_AT_LEAST = 3.0, 4.0
# A glyph of the same word begins at most so far before or behind the end of the one before, and off its line.
_BEFORE, _BEHIND, _OFF = 2.5, 5.0, 2.5
# Keeps words together and prints nothing.
_JOINER = "\u2060"


@dataclass(slots=True)
class Box:
    """A rectangle on a page; without anything in it, one that every other is larger than."""

    left: float = float("inf")
    bottom: float = float("inf")
    right: float = float("-inf")
    top: float = float("-inf")

    def add(self, other: Box) -> None:
        """Grow to hold the other one too."""
        self.left = min(self.left, other.left)
        self.bottom = min(self.bottom, other.bottom)
        self.right = max(self.right, other.right)
        self.top = max(self.top, other.top)

    def is_on(self, other: Box) -> bool:
        """Whether both share more than a touch."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > TOUCH
            and min(self.top, other.top) - max(self.bottom, other.bottom) > TOUCH
        )


@dataclass(slots=True)
class Word:
    """Glyphs without a space between them. `content` is the number of the marked content they are part of, or -1."""

    text: str
    box: Box
    content: int


@dataclass
class TableCell:
    """One cell of a table: its place, counted from 0 and with its spans, the marked contents in it and their ink."""

    row: int
    column: int
    columns: int
    contents: tuple[int, ...]
    box: Box = field(default_factory=Box)


@dataclass
class Page:
    """What is printed on one page. `tables` holds the cells of each table, `lines` the horizontal lines drawn."""

    number: int
    width: float
    height: float
    words: list[Word]
    lines: list[Box]
    tables: list[list[TableCell]]


def count_pages(path: Path) -> int:
    """How many pages a PDF has."""
    with pdfium.PdfDocument(path) as document:
        return len(document)


def read_pages(path: Path) -> Iterator[Page]:
    """Every page of a PDF."""
    with pdfium.PdfDocument(path) as document:
        for index in range(len(document)):
            page = document[index]
            try:
                yield _page(page, index + 1)
            finally:
                page.close()


def _page(page: pdfium.PdfPage, number: int) -> Page:
    words = _words(page)
    ink: dict[int, Box] = defaultdict(Box)
    for word in words:
        ink[word.content].add(word.box)
    tables = _tables(page)
    for cell in (cell for table in tables for cell in table):
        for content in cell.contents:
            if content in ink:
                cell.box.add(ink[content])
    lines = [Box(*one.get_bounds()) for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1)]
    lines = [one for one in lines if one.top - one.bottom < _LINE_AT_MOST and one.right - one.left > _LINE_AT_LEAST]
    lines.sort(key=lambda line: line.bottom)
    width, height = page.get_size()
    return Page(number, width, height, words, lines, tables)


def _words(page: pdfium.PdfPage) -> list[Word]:
    text = page.get_textpage()
    words: list[Word] = []
    current: Word | None = None
    owner: int | None = None
    contents: dict[int | None, int] = {}
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    try:
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            if character == _JOINER:
                continue
            if character.isspace():
                current = None
                continue
            run = raw.FPDFText_GetTextObject(text, index)
            address = ctypes.cast(run, ctypes.c_void_p).value
            if address not in contents:
                contents[address] = raw.FPDFPageObj_GetMarkedContentID(run) if run else -1
            raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
            glyph = Box(left.value, bottom.value, right.value, top.value)
            is_next = (
                current is not None
                and current.content == contents[address]
                # One run cannot stand on itself: what it sets over the glyph before is a part of a ligature.
                and (address == owner or glyph.left - current.box.right > -_BEFORE)
                and glyph.left - current.box.right < _BEHIND
                and glyph.bottom < current.box.top + _OFF
                and glyph.top > current.box.bottom - _OFF
            )
            if current is None or not is_next:
                current = Word(character, glyph, contents[address])
                words.append(current)
            else:
                current.text += character
                current.box.add(glyph)
            owner = address
    finally:
        text.close()
    return [word for word in words if word.box.right > word.box.left]


def _tables(page: pdfium.PdfPage) -> list[list[TableCell]]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    tables: list[list[TableCell]] = []
    if not tree:
        return tables
    try:
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            _find_tables(raw.FPDF_StructTree_GetChildAtIndex(tree, index), tables)
    finally:
        raw.FPDF_StructTree_Close(tree)
    return tables


def _kind(element: object) -> str:
    length = raw.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDF_StructElement_GetType(element, buffer, length)
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le")


def _children(element: object) -> Iterator[object]:
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield child


def _find_tables(element: object, tables: list[list[TableCell]]) -> None:
    if _kind(element) == "Table":
        tables.append(_cells(element))
        return
    for child in _children(element):
        _find_tables(child, tables)


def _rows(element: object) -> Iterator[object]:
    for child in _children(element):
        if _kind(child) == "TR":
            yield child
        else:
            yield from _rows(child)


def _cells(table: object) -> list[TableCell]:
    """The cells of a table in the grid of its rows and columns, those that span several in the first of them."""
    cells: list[TableCell] = []
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(_rows(table)):
        column = 0
        for cell in _children(element):
            while (row, column) in taken:
                column += 1
            high, wide = _span(cell, b"RowSpan"), _span(cell, b"ColSpan")
            taken |= {(row + down, column + along) for down in range(high) for along in range(wide)}
            cells.append(TableCell(row, column, wide, tuple(_contents(cell))))
    return cells


def _span(cell: object, name: bytes) -> int:
    value = ctypes.c_float()
    for index in range(raw.FPDF_StructElement_GetAttributeCount(cell)):
        attribute = raw.FPDF_StructElement_GetAttributeAtIndex(cell, index)
        found = raw.FPDF_StructElement_Attr_GetValue(attribute, name)
        if found and raw.FPDF_StructElement_Attr_GetNumberValue(found, value):
            return int(value.value)
    return 1


def _contents(element: object) -> Iterator[int]:
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        number = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
        if number >= 0:
            yield number
    for child in _children(element):
        yield from _contents(child)
