"""Finds words of a PDF that stand on each other, outside their page or outside their cell, and symbols that their page
does not explain.

    python -m tools.pdf_layout FILE_OR_FOLDER ...

It reads what a reader's program reads: the box of every glyph, the lines that are drawn, and the tags that say which
text is which cell of which table. A fault is told by page and place, never by what is printed there: an internal
edition holds small counts. Exit code 1 where there is a fault.
"""

from __future__ import annotations

import ctypes
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from reporting.document.layout import MARGIN_MM
from reporting.numbers import SYMBOLS

POINTS_PER_MM = 72 / 25.4
# Ink that touches by less than this does not make a word harder to read.
TOUCH = 0.4
# By which a letter may lean out of its line.
LEAN = 1.0
# A drawn line is thinner, and longer than any glyph is wide.
LINE_AT_MOST, LINE_AT_LEAST = 1.5, 20.0
# The rules of a table are not farther from its first and last line of text.
NEAR = 20.0
# Glyphs of a word are nearer to each other than words.
NEXT = 2.5
# No two words of a sentence are farther from each other.
SPACE = 6.0
# How every page of an edition whose counts are rounded begins to say so.
ROUNDED = "Counts are rounded to multiples of"
# Keeps words together and prints nothing.
JOINER = "\u2060"


@dataclass
class Box:
    """A rectangle on a page in points, from its lower left corner."""

    left: float = float("inf")
    bottom: float = float("inf")
    right: float = float("-inf")
    top: float = float("-inf")

    def add(self, other: Box) -> None:
        """Grow to hold the other one too."""
        self.left, self.bottom = min(self.left, other.left), min(self.bottom, other.bottom)
        self.right, self.top = max(self.right, other.right), max(self.top, other.top)

    def is_on(self, other: Box) -> bool:
        """Whether both share more than a touch."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > TOUCH
            and min(self.top, other.top) - max(self.bottom, other.bottom) > TOUCH
        )


@dataclass
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


@dataclass(frozen=True)
class Fault:
    """What is wrong on which page, and where, in mm from the left and from the top."""

    page: int
    kind: str
    x: float
    y: float

    def __str__(self) -> str:
        return f"page {self.page}, {self.x:.0f} mm from the left, {self.y:.0f} mm from the top: {self.kind}"


ON_ANOTHER = "a word stands on another"
OUTSIDE_PAGE = "a word stands outside the margins"
OUTSIDE_CELL = "text of a cell reaches into another column or beyond its table"
ON_LINE = "a word stands on a line"
UNEXPLAINED = "a symbol is not explained on this page"
ROUNDING_UNSAID = "figures are rounded and this page does not say so"


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
    lines = [
        Box(*one.get_bounds())
        for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1)
    ]
    lines = [one for one in lines if one.top - one.bottom < LINE_AT_MOST and one.right - one.left > LINE_AT_LEAST]
    return Page(number, *page.get_size(), words, lines, tables)


def _words(page: pdfium.PdfPage) -> list[Word]:
    text = page.get_textpage()
    words: list[Word] = []
    current: Word | None = None
    owner: int | None = None
    holders: dict[int | None, int] = {}
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    try:
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            if character == JOINER:
                continue
            if character.isspace() or raw.FPDFText_IsGenerated(text, index) == 1:
                current = None
                continue
            holder = raw.FPDFText_GetTextObject(text, index)
            address = ctypes.cast(holder, ctypes.c_void_p).value
            if address not in holders:
                holders[address] = raw.FPDFPageObj_GetMarkedContentID(holder) if holder else -1
            raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
            box = Box(left.value, bottom.value, right.value, top.value)
            # One run of text cannot stand on itself: in it, what is set over the glyph before is a part of a ligature.
            least = float("-inf") if address == owner else -NEXT
            if current is None or current.content != holders[address] or not _follows(current.box, box, least):
                current = Word("", Box(), holders[address])
                words.append(current)
            owner = address
            current.text += character
            current.box.add(box)
    finally:
        text.close()
    return [word for word in words if word.box.right > word.box.left]


def _follows(word: Box, glyph: Box, least: float) -> bool:
    """Whether a glyph stands where the next one of the word does: at least so far to its right, and on its line."""
    return least < glyph.left - word.right < NEXT and glyph.bottom < word.top + NEXT and glyph.top > word.bottom - NEXT


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


def faults_of(path: Path) -> list[Fault]:
    """All that is wrong with the layout of a PDF, page by page."""
    found: list[Fault] = []
    is_rounded = False
    for page in read_pages(path):
        said = " ".join(word.text for word in page.words)
        is_rounded = is_rounded or ROUNDED in said

        def tell(kind: str, box: Box, page: Page = page) -> None:
            found.append(
                Fault(page.number, kind, box.left / POINTS_PER_MM, (page.height - box.top) / POINTS_PER_MM)
            )

        for box in _on_another(page.words):
            tell(ON_ANOTHER, box)
        in_cells = {content for table in page.tables for cell in table for content in cell.contents}
        for word in page.words:
            if not _is_inside(word.box, page):
                tell(OUTSIDE_PAGE, word.box)
            # A chart has lines behind its words.
            if word.content in in_cells and any(_crosses(line, word.box) for line in page.lines):
                tell(ON_LINE, word.box)
            is_symbol = len(word.text) == 1 and word.text in SYMBOLS and (word.content in in_cells or _is_alone(word, page.words))
            if is_symbol and SYMBOLS[word.text] not in said:
                tell(UNEXPLAINED, word.box)
        for table in page.tables:
            for box in _outside_cell(table, page):
                tell(OUTSIDE_CELL, box)
        if is_rounded and ROUNDED not in said:
            tell(ROUNDING_UNSAID, Box(0, 0, 0, page.height))
    return found


def _on_another(words: Iterable[Word]) -> Iterator[Box]:
    """The later of two words that share ink; from the left, so that each is held only against what can reach it."""
    reaching: list[Box] = []
    for box in sorted((word.box for word in words), key=lambda one: one.left):
        reaching = [one for one in reaching if one.right - box.left > TOUCH]
        yield from (box for one in reaching if one.is_on(box))
        reaching.append(box)


def _is_inside(box: Box, page: Page) -> bool:
    """Whether a word stands between the side margins, and not in the outer third of those at head and foot."""
    side = MARGIN_MM["side"] * POINTS_PER_MM
    head, foot = (MARGIN_MM[one] * POINTS_PER_MM / 3 for one in ("head", "foot"))
    return (
        box.left >= side - LEAN
        and box.right <= page.width - side + LEAN
        and box.top <= page.height - head
        and box.bottom >= foot
    )


def _is_alone(word: Word, words: Iterable[Word]) -> bool:
    """Whether no other word is beside it, as beside a word of a sentence."""
    space = Box(word.box.left - SPACE, word.box.bottom, word.box.right + SPACE, word.box.top)
    return not any(one is not word and one.box.is_on(space) for one in words)


def _crosses(line: Box, box: Box) -> bool:
    middle = (line.bottom + line.top) / 2
    shared = min(line.right, box.right) - max(line.left, box.left)
    return shared > TOUCH and box.bottom + TOUCH < middle < box.top - TOUCH


def _outside_cell(cells: list[TableCell], page: Page) -> Iterator[Box]:
    """Ink of cells that reaches into that of another cell of its row, into another column, or beyond the table's lines.

    What a reader's program is told of a page leaves out empty cells, so only rows without any say where columns are.
    """
    rows: dict[int, list[TableCell]] = defaultdict(list)
    whole, ruled = Box(), Box()
    for cell in cells:
        if cell.box.right > cell.box.left:
            rows[cell.row].append(cell)
            whole.add(cell.box)
    for line in page.lines:
        if whole.bottom - NEAR < line.bottom < whole.top + NEAR:
            ruled.add(line)
    most = max((cell.column + cell.columns for cell in cells), default=0)
    full = {row for row, beside in rows.items() if sum(cell.columns for cell in beside) == most}
    columns: dict[int, Box] = defaultdict(Box)
    for cell in (cell for row in full for cell in rows[row] if cell.columns == 1):
        columns[cell.column].add(cell.box)
    for row, beside in rows.items():
        for place, cell in enumerate(beside):
            left = [ruled.left, *(one.box.right for one in beside[:place])]
            right = [ruled.right, *(one.box.left for one in beside[place + 1 :])]
            if row in full:
                left += [box.right for column, box in columns.items() if column < cell.column]
                right += [box.left for column, box in columns.items() if column >= cell.column + cell.columns]
            if cell.box.left < max(left) - TOUCH or cell.box.right > min(right) + TOUCH:
                yield cell.box


def pdfs_of(place: Path) -> list[Path]:
    """A file, or every PDF under a folder, links followed."""
    return sorted(place.rglob("*.pdf")) if place.is_dir() else [place]


def main(arguments: list[str]) -> int:
    """Print the faults of the files and folders named, by file, and how many of each kind there are."""
    counts: Counter[str] = Counter()
    pages = 0
    bad: set[tuple[Path, int]] = set()
    files = [path for argument in arguments for path in pdfs_of(Path(argument))]
    for path in files:
        with pdfium.PdfDocument(path) as document:
            pages += len(document)
        found = faults_of(path)
        counts.update(one.kind for one in found)
        bad |= {(path, one.page) for one in found}
        for one in found:
            print(f"{path}: {one}")
    print(f"{len(files)} files, {pages} pages read, {len(bad)} with a fault")
    for kind, count in counts.most_common():
        print(f"{count:6d}  {kind}")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
