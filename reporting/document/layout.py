"""The shape of a table, decided once for HTML and PDF: the width of its columns, the size of its letters, its page.

A column is as wide as what must not break in it (a number, the longest word of a text), or its table does not stand on
that page. Widths come from a table of characters and err to the wide side, so that no text reaches out of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from reporting.document.blocks import Table, printable
from reporting.document.lettering import em_width

# A page of A4 and what is left free of it, in mm.
PAGE_MM = (210.0, 297.0)
MARGIN_MM = {"head": 24.0, "foot": 26.0, "side": 18.0}
_POINTS_PER_MM = 72 / 25.4
# Sizes of letters in points with the gap between columns, tried in this order on an upright page, then on its side.
_SIZES = ((8.5, 9.0), (7.5, 7.0))
# In the foot of a page: size of letters in points, height of a line and room for the number of the page in mm, and how
# many lines that all pages say there is room for besides the symbols.
_FOOT_SIZE, _FOOT_LINE_MM, _FOOT_NUMBER_MM, _FOOT_LINES = 7.0, 3.2, 12.0, 2
# In em. What a column of texts is given at least and at most, and what of a text may be set as one piece.
_LABEL = (12.0, 27.0)
_TEXT = (8.0, 22.0)
_PIECE = 14.0
_NUMBER = 12.0
_BOLD = 1.12
# By how much characters of the font are wider than in the table of widths, or narrower, in em; of others that
# are not letters it knows nothing.
_WIDER = {
    **dict.fromkeys("0123456789", -0.08),
    **dict.fromkeys("–−▲▼£°·½¼¾", 0.1),
    **dict.fromkeys("ftkrHIM/", 0.06),
    **dict.fromkeys("[]", 0.1),
    **dict.fromkeys("W@ŴŵœŒæÆ", 0.3),
}
_UNKNOWN = 0.6
_INDENT = 1.8
_ASIDE = 0.7
# Of an identifier or an address: after these a line may end.
_JOINTS = re.compile(r"(?<=[_/.@])(?=\w)")


@dataclass(frozen=True)
class Shape:
    """`widths` of the columns in points, gaps included, `size` of the letters and `gap` between columns in points.

    `indents` is what stays free left of the texts of each column besides, in em.
    """

    widths: tuple[float, ...]
    indents: tuple[float, ...]
    size: float
    gap: float
    is_landscape: bool

    @property
    def insides(self) -> tuple[float, ...]:
        """What the texts of each column have of its width, in em: the least, where a row is nested or goes on."""
        nested = (_INDENT, *(0.0 for _ in self.widths[1:]))
        return tuple(
            (width - self.gap) / self.size - indent - less
            for width, indent, less in zip(self.widths, self.indents, nested, strict=True)
        )

    @property
    def is_small(self) -> bool:
        """Whether the letters are smaller than those of other tables."""
        return self.size < _SIZES[0][0]


def foot_mm(lines: Sequence[str]) -> float:
    """The margin at the foot of pages that all say these lines, with room for the symbols of a page below them."""
    wide = (room(is_landscape=False) - _FOOT_NUMBER_MM * _POINTS_PER_MM) / _FOOT_SIZE
    more = sum(ceil(em_width(line) / wide) for line in lines) - _FOOT_LINES
    return MARGIN_MM["foot"] + _FOOT_LINE_MM * max(0, more)


def room(*, is_landscape: bool) -> float:
    """Width in points that a page has between its margins."""
    return (PAGE_MM[is_landscape] - 2 * MARGIN_MM["side"]) * _POINTS_PER_MM


def shape_of(table: Table) -> Shape:
    """The shape in which a table stands on a page: upright where it can, on its side where it must."""
    numbers = [index > 0 and column.align == "number" for index, column in enumerate(table.columns)]
    # A text is kept away from the number before it, which ends where the text begins.
    indents = tuple(0.0 if index == 0 or number else _ASIDE for index, number in enumerate(numbers))
    needs = [_needs(table, index, number=number, indent=indents[index]) for index, number in enumerate(numbers)]
    _widen_for_groups(table, needs)
    for is_landscape in (False, True):
        for size, gap in _SIZES:
            free = room(is_landscape=is_landscape) - sum(least * size + gap for least, _ in needs)
            if free >= 0:
                return Shape(_shared(needs, size, gap, free), indents, size, gap, is_landscape)
    size, gap = _SIZES[-1]
    widths = [least * size + gap for least, _ in needs]
    smaller = room(is_landscape=True) / sum(widths)
    return Shape(tuple(one * smaller for one in widths), indents, size * smaller, gap * smaller, True)


def _shared(needs: list[tuple[float, float]], size: float, gap: float, free: float) -> tuple[float, ...]:
    """Widths of columns: what each needs, and of what is free what it could use, the labels of rows last."""
    widths = [least * size + gap for least, _ in needs]
    for group in (range(1, len(needs)), range(1)):
        wished = sum(needs[index][1] - needs[index][0] for index in group) * size
        share = min(1.0, free / wished) if wished > 0 else 0.0
        for index in group:
            widths[index] += (needs[index][1] - needs[index][0]) * share * size
        free -= wished * share
    return tuple(widths)


def _needs(table: Table, index: int, *, number: bool, indent: float) -> tuple[float, float]:
    """The least and the most width that a column can use, in em."""
    heading = table.columns[index].heading
    texts = [row.cells[index].text for row in table.rows]
    widest = max((_width(table, row, index) for row in range(len(texts))), default=0.0)
    parts = [_em(piece) for text in (heading, *texts) for piece in pieces(text)]
    longest = min(_PIECE, _BOLD * max(parts, default=0.0))
    if number and widest <= _NUMBER:
        least = max(longest, widest)
        return least, max(least, min(_BOLD * _em(heading), least * 1.5))
    lowest, highest = _LABEL if index == 0 else _TEXT
    most = min(highest, max(widest, min(_BOLD * _em(heading), lowest)))
    least = max(longest + (_INDENT if index == 0 else 0.0), min(most, lowest))
    return least + indent, max(least, most) + indent


@lru_cache(maxsize=8192)
def _em(text: str) -> float:
    return em_width(text) + sum(_WIDER.get(one, 0.0 if one.isascii() or one.isalpha() else _UNKNOWN) for one in text)


def _width(table: Table, row: int, index: int) -> float:
    one = table.rows[row]
    bold = _BOLD if one.is_total else 1.0
    return bold * _em(one.cells[index].text) + (_INDENT if index == 0 and one.level else 0.0)


def _widen_for_groups(table: Table, needs: list[tuple[float, float]]) -> None:
    """Room for the longest word of a heading that several columns share."""
    at = 0
    while at < len(table.columns):
        group = table.columns[at].group
        end = at + 1
        while group and end < len(table.columns) and table.columns[end].group == group:
            end += 1
        word = min(_PIECE, max((_BOLD * _em(piece) for piece in pieces(group)), default=0.0))
        missing = word - sum(least for least, _ in needs[at:end])
        if missing > 0:
            least, most = needs[end - 1]
            needs[end - 1] = (least + missing, max(most, least + missing))
        at = end


def pieces(text: str) -> Iterator[str]:
    """What of a text stands on one line whatever happens: words, and identifiers up to a joint."""
    for word in printable(text).split():
        yield from _JOINTS.split(word)


def with_breaks(text: str, width: float) -> str:
    """The text with a zero width space where a word that is wider than its column, in em, may break."""
    if _BOLD * _em(text) <= width:
        return text
    return "".join(part if part.isspace() else _broken(part, width) for part in re.split(r"(\s+)", text) if part)


def shortened(text: str, width: float) -> str:
    """The text, or what of it is no wider than a width in em, with an ellipsis."""
    if _em(text) <= width:
        return text
    end = len(text)
    while end and _em(text[:end]) > width:
        end -= 1
    return f"{text[:end].rstrip()}…"


def _broken(word: str, width: float) -> str:
    if _BOLD * _em(word) <= width:
        return word
    written = []
    for piece in _JOINTS.split(word):
        lines = [""]
        for character in piece:
            if lines[-1] and _BOLD * _em(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
        written += lines
    return "\u200b".join(written)
