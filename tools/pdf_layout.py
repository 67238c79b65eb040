"""Finds words of a PDF that stand on each other, outside their page or outside their cell, and symbols that their page
does not explain.

    python -m tools.pdf_layout FILE_OR_FOLDER ...

A fault is told by page and place, never by what is printed there: an internal edition holds small counts. Exit code 1
where there is a fault, or nothing to read.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reporting.document.layout import MARGIN_MM
from reporting.numbers import SYMBOLS
from tools.pdf_pages import TOUCH, Box, Page, TableCell, Word, count_pages, read_pages

ON_ANOTHER = "a word stands on another"
OUTSIDE_PAGE = "a word stands outside the margins"
OUTSIDE_CELL = "text of a cell reaches into another column or beyond its table"
ON_LINE = "a word of a table stands on one of its lines"
UNEXPLAINED = "a symbol is not explained on this page"
ROUNDING_UNSAID = "counts are rounded and this page does not say so"

_POINTS_PER_MM = 72 / 25.4
# By which a letter may lean out of its line.
_LEAN = 1.0
# The lines of a table are not farther from its first and last line of text.
_NEAR = 20.0
# No two words of a sentence are farther from each other, but in large letters: there no farther than a letter is high.
_SPACE = 6.0
# How every page of an edition whose counts are rounded begins to say so.
_ROUNDED = "Counts are rounded to multiples of"


@dataclass(frozen=True)
class Fault:
    """What is wrong on which page, and where, in mm from the left and from the top."""

    page: int
    kind: str
    x: float
    y: float

    def __str__(self) -> str:
        return f"page {self.page}, {self.x:.0f} mm from the left, {self.y:.0f} mm from the top: {self.kind}"


def faults_of(path: Path) -> list[Fault]:
    """All that is wrong with the layout of a PDF, page by page."""
    found: list[Fault] = []
    is_rounded = False
    for page in read_pages(path):
        said = " ".join(word.text for word in page.words)
        is_rounded = is_rounded or _ROUNDED in said
        found += [
            Fault(page.number, kind, box.left / _POINTS_PER_MM, (page.height - box.top) / _POINTS_PER_MM)
            for kind, box in _faults(page, said)
        ]
        if is_rounded and _ROUNDED not in said:
            found.append(Fault(page.number, ROUNDING_UNSAID, 0, 0))
    return found


def _faults(page: Page, said: str) -> Iterator[tuple[str, Box]]:
    """What is wrong on one page and where; `said` is all that it says."""
    yield from ((ON_ANOTHER, box) for box in _on_another(page.words))
    yield from ((OUTSIDE_CELL, box) for table in page.tables for box in _outside_cell(table, page))
    in_cells = {content for table in page.tables for cell in table for content in cell.contents}
    for word in page.words:
        if not _is_inside(word.box, page):
            yield OUTSIDE_PAGE, word.box
        # A chart has lines behind its words.
        if word.content in in_cells and _is_on_line(word.box, page.lines):
            yield ON_LINE, word.box
        is_unexplained = word.text in SYMBOLS and SYMBOLS[word.text] not in said
        if is_unexplained and (word.content in in_cells or _is_alone(word, page.words)):
            yield UNEXPLAINED, word.box


def _on_another(words: Iterable[Word]) -> Iterator[Box]:
    """The upper of two words that share ink; from the foot, so that each is held only against what can reach it."""
    reaching: list[Box] = []
    for box in sorted((word.box for word in words), key=lambda one: one.bottom):
        reaching = [one for one in reaching if one.top - box.bottom > TOUCH]
        yield from (box for one in reaching if one.left < box.right and one.right > box.left and one.is_on(box))
        reaching.append(box)


def _is_inside(box: Box, page: Page) -> bool:
    """Whether a word stands between the side margins, and not in the outer third of those at head and foot."""
    side = MARGIN_MM["side"] * _POINTS_PER_MM
    head, foot = (MARGIN_MM[one] * _POINTS_PER_MM / 3 for one in ("head", "foot"))
    return (
        box.left >= side - _LEAN
        and box.right <= page.width - side + _LEAN
        and box.top <= page.height - head
        and box.bottom >= foot
    )


def _is_alone(word: Word, words: Iterable[Word]) -> bool:
    """Whether no other word is beside it, as beside a word of a sentence."""
    gap = max(_SPACE, word.box.top - word.box.bottom)
    space = Box(word.box.left - gap, word.box.bottom, word.box.right + gap, word.box.top)
    return not any(one is not word and one.box.is_on(space) for one in words)


def _is_on_line(box: Box, lines: list[Box]) -> bool:
    """Whether a line goes through a box; `lines` from the foot of the page."""
    first = bisect_left(lines, box.bottom + TOUCH, key=lambda line: line.bottom)
    for line in islice(lines, first, None):
        if line.top >= box.top - TOUCH:
            return False
        if min(line.right, box.right) - max(line.left, box.left) > TOUCH:
            return True
    return False


def _outside_cell(cells: list[TableCell], page: Page) -> Iterator[Box]:
    """Ink of cells that reaches into that of another cell of its row, into another column, or beyond the table's lines.

    What a program is told of a page leaves out empty cells, so only rows without any say where columns are, and of
    other rows only the first cell is known to be in the first: a row has a label.
    """
    rows: dict[int, list[TableCell]] = defaultdict(list)
    whole, ruled = Box(), Box()
    for cell in cells:
        if cell.box.right > cell.box.left:
            rows[cell.row].append(cell)
            whole.add(cell.box)
    for line in page.lines:
        if whole.bottom - _NEAR < line.bottom < whole.top + _NEAR:
            ruled.add(line)
    is_ruled = ruled.left < ruled.right
    most = max((cell.column + cell.columns for cell in cells), default=0)
    full = {row for row, beside in rows.items() if sum(cell.columns for cell in beside) == most}
    columns: dict[int, Box] = defaultdict(Box)
    for cell in (cell for row in full for cell in rows[row] if cell.columns == 1):
        columns[cell.column].add(cell.box)
    for row, beside in rows.items():
        for place, cell in enumerate(beside):
            left = [ruled.left] * is_ruled + [one.box.right for one in beside[:place]]
            right = [ruled.right] * is_ruled + [one.box.left for one in beside[place + 1 :]]
            if row in full or place == 0:
                left += [box.right for column, box in columns.items() if column < cell.column]
                right += [box.left for column, box in columns.items() if column >= cell.column + cell.columns]
            if any(cell.box.left < one - TOUCH for one in left) or any(cell.box.right > one + TOUCH for one in right):
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
        pages += count_pages(path)
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
