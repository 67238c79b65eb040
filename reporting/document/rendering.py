"""What the renderers share: the check of a document before it is rendered, the words of its mode, its symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from reporting.document.blocks import Block, Chart, Document, KeyFigures, Row, Table
from reporting.numbers import SYMBOLS
from reporting.protection import how_protected

# The look of every page, those of the documentation too.
STYLES = Path(__file__).resolve().parent / "assets" / "document.css"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")

# What a reader of either edition has to know before the first number. Short: in the head of every printed page.
MODE_SHORT = {
    "public": "Public edition",
    "internal": "Internal edition: holds small counts. Do not pass on.",
}
_MODE_LONG = {
    "public": "Public edition. {} A figure that is hidden is shown as c.",
    "internal": (
        "Internal edition. It holds small counts of children who could be recognised by them. Do not pass it on, quote "
        "from it in public or publish it; the public edition is made for that."
    ),
}


def mode_long(document: Document) -> str:
    """What a reader of this edition has to know before the first number."""
    return " ".join(_MODE_LONG[document.mode].format(" ".join(how_protected(document.protected))).split())


def tables_of(document: Document) -> Iterator[Table]:
    """Every table of a document, in order."""
    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Table):
                yield block


def check_document(document: Document) -> None:
    """Raise ValueError where a document cannot be rendered well.

    That is: two parts have one id, an id cannot be one in HTML, a row has not as many cells as its table has columns,
    or a chart has no text alternative.
    """
    ids: set[str] = set()

    def claim(one: str) -> None:
        if not _ID.fullmatch(one):
            raise ValueError(f"{one!r} cannot be the id of a part of a document")
        if one in ids:
            raise ValueError(f"two parts of the document {document.document_id} have the id {one!r}")
        ids.add(one)

    for section in document.walk():
        claim(section.section_id)
        for block in section.blocks:
            if isinstance(block, Chart):
                claim(block.chart_id)
                if not block.alt.strip() or not block.title.strip():
                    raise ValueError(f"the chart {block.chart_id} has no title or no text alternative")
    for table in tables_of(document):
        claim(table.table_id)
        if any(len(row.cells) != len(table.columns) for row in table.rows):
            raise ValueError(f"a row of the table {table.table_id} has not one cell for each column")


def symbols_of(block: Block) -> tuple[tuple[str, str], ...]:
    """The symbols that a table, a chart or large numbers show, each with what it stands for."""
    used = set(_symbols(block))
    return tuple((symbol, words) for symbol, words in SYMBOLS.items() if symbol in used)


def _symbols(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (cell.symbol for row in block.rows for cell in row.cells)
    elif isinstance(block, KeyFigures):
        yield from (item.symbol for item in block.items)
    elif isinstance(block, Chart):
        yield from _texts_drawn(block.spec)


def _texts_drawn(spec: object) -> Iterator[str]:
    """The texts in the data of a chart: a figure without a value is drawn as its symbol."""
    if isinstance(spec, Mapping):
        if isinstance(spec.get("text"), str):
            yield spec["text"]
        for part in spec.values():
            yield from _texts_drawn(part)
    elif isinstance(spec, list | tuple):
        for part in spec:
            yield from _texts_drawn(part)


def row_groups(table: Table) -> list[list[Row]]:
    """The rows of a table in groups, each from a row that heads others; one group where none does."""
    groups: list[list[Row]] = [[]]
    for row in table.rows:
        if row.is_group and groups[-1]:
            groups.append([])
        groups[-1].append(row)
    return groups


def heading_groups(table: Table) -> list[tuple[str, int]]:
    """The upper headings of a table with the number of columns under each; empty where no column has one."""
    if not any(column.group for column in table.columns):
        return []
    groups: list[tuple[str, int]] = []
    for column in table.columns:
        if groups and column.group and groups[-1][0] == column.group:
            groups[-1] = (column.group, groups[-1][1] + 1)
        else:
            groups.append((column.group, 1))
    return groups


def plain_number(text: str) -> str:
    """The number that a printed text is, as a machine reads it: `1234`, `-3.5`; empty where it is not just a number."""
    bare = text.replace(",", "").replace("−", "-").removesuffix("%").strip().removeprefix("+")
    return bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else ""
