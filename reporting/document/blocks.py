"""What a document is made of, before anybody decides whether it becomes HTML or PDF.

A chapter is a function that returns sections; a renderer is a function that takes a Document. Text in blocks is plain
text: renderers escape it, so a label with angle brackets, quotes or emoji stays text everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reporting.protection import Protected

Align = Literal["text", "number"]

# What neither HTML nor XML can hold: controls, halves of surrogate pairs, two code points that are no characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with U+FFFD for each character that no document can hold, so that something shows it was there."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    `text` is what is printed. `key` names the figure it prints (`Figure.key`) and `part` the part of it
    (numerator, denominator, value, lower_95, upper_95, change, ...), so that a test can hold every printed number
    against the marts; both are empty for labels. `symbol` is `c`, `z`, `x`, `low` or empty, explained under the table.
    """

    text: str
    key: str = ""
    part: str = ""
    symbol: str = ""


@dataclass(frozen=True)
class Column:
    """One column: its heading, an optional heading above it that it shares with its neighbours, and its alignment."""

    heading: str
    group: str = ""
    align: Align = "number"


@dataclass(frozen=True)
class Row:
    """One row; the first cell is its heading. `level` 1 is nested under the row above with level 0.

    `is_group` marks a row of level 0 that is the heading of the rows below it: it holds their n at most, and is set
    again where a page ends between them.
    """

    cells: tuple[Cell, ...]
    level: int = 0
    is_total: bool = False
    is_group: bool = False


@dataclass(frozen=True)
class Table:
    """A table with one heading row (two where columns are grouped). `table_id` is unique in the document.

    `empty_text` is printed in its place when there are no rows.
    """

    table_id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    empty_text: str = "Nobody is in the base of this table."


@dataclass(frozen=True)
class Chart:
    """A picture of figures. `spec` is a Vega-Lite specification with its data inside; `alt` says what it shows.

    The block after it is a table of the same figures, for those who do not see the picture.
    """

    chart_id: str
    title: str
    spec: Mapping[str, Any]
    alt: str


@dataclass(frozen=True)
class Paragraph:
    """Running text. `kind` note is set smaller; finding is a sentence drawn from the figures by a stated rule.

    `keys` names the figures whose numbers a finding says, so that a test can hold them against the marts.
    """

    text: str
    kind: Literal["text", "note", "finding"] = "text"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class BulletList:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """The name of a file beside the document, and the text that leads to it. Names are plain; renderers escape them."""

    text: str
    file: str


@dataclass(frozen=True)
class LinkList:
    """A list of links to files beside the document, those of one line together."""

    lines: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True)
class KeyFigure:
    """A number set large, with what it says. `key`, `part` and `symbol` as in Cell."""

    text: str
    label: str
    key: str = ""
    part: str = ""
    symbol: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Numbers at a glance, side by side."""

    items: tuple[KeyFigure, ...]


Block = Paragraph | BulletList | LinkList | KeyFigures | Table | Chart


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; sections nest. `section_id` is unique in the document, a valid HTML id."""

    section_id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Section]:
        """This section and all under it, in order."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True)
class Document:
    """One report. `mode` is public or internal; `facts` are label and value pairs of the title page, in order.

    `protected` says how the figures of its years are protected, empty where nothing is: every page of figures says so.
    """

    document_id: str
    title: str
    subtitle: str
    mode: Literal["public", "internal"]
    sections: tuple[Section, ...]
    facts: Sequence[tuple[str, str]] = field(default=())
    protected: tuple[Protected, ...] = ()

    def walk(self) -> Iterator[Section]:
        """All sections in order."""
        for section in self.sections:
            yield from section.walk()
