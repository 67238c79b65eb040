"""A document as PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same document.

The typesetter and its fonts come in one package; no font of the machine is used. What its fonts cannot show, an emoji
for example, is written as its name in brackets, because a PDF for everybody may hold no missing glyph.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import typst

from reporting.document import chart_svg
from reporting.document.blocks import (
    Block,
    BulletList,
    Document,
    KeyFigures,
    LinkList,
    Paragraph,
    Row,
    Section,
    Table,
    printable,
)
from reporting.document.layout import MARGIN_MM, foot_mm, shape_of, shortened, with_breaks
from reporting.document.pdf_packing import pack
from reporting.document.rendering import (
    MODE_SHORT,
    check_document,
    heading_groups,
    mode_long,
    symbols_of,
)
from reporting.numbers import SYMBOLS
from reporting.protection import how_protected

_TEMPLATE = Path(__file__).resolve().parent / "typesetting" / "document.typ"


# What the fonts of the package hold between them: found by setting each character alone under PDF/UA-1. Without marks,
# but for the common ones on letters they hold, and without scripts whose letters are nothing without their marks.
_SETTABLE = (
    (0x20, 0x7E), (0xA0, 0x4FF), (0x531, 0x5F4), (0x621, 0x63A), (0x660, 0x66D), (0x10D0, 0x10FF), (0x1D00, 0x1DBF),
    (0x1E00, 0x2040), (0x2044, 0x2052), (0x2054, 0x20C0), (0x2100, 0x211E), (0x2122, 0x2122), (0x2126, 0x2151),
    (0x2153, 0x2184), (0x2190, 0x23FF), (0x2460, 0x2606), (0x2609, 0x262F), (0x2638, 0x268B), (0x2701, 0x2704),
    (0x270C, 0x2714), (0x2717, 0x2726), (0x2761, 0x277F), (0x2798, 0x27AF), (0x2C60, 0x2CFF), (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
)  # fmt: skip
# Not those that underline or strike through: the bold fonts lack them.
_MARKS = frozenset((*range(0x300, 0x332), 0x338, *range(0x340, 0x345), 0x34F, 0x351, *range(0x357, 0x364)))
_MARKED = range(0x41, 0x500)
# How much of a title, in em, stands in the head of a page: two lines beside the mode.
_HEAD = 60.0
# Presentation selectors and joiners of emoji: nothing is left of them when each part is written as its name.
_DROPPED = frozenset("\u200d\ufe0e\ufe0f")


@lru_cache(maxsize=1)
def _compiler() -> Any:
    return typst.Compiler(input=str(_TEMPLATE), root=str(_TEMPLATE.parent), ignore_system_fonts=True)


def settable(text: str, *, narrow: bool = False) -> str:
    """The text with the name of what the fonts cannot show, `[grinning face]`; with a box for it where `narrow`."""
    text = printable(text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    before = " "
    written = []
    for character in text:
        if ord(character) in _MARKS and ord(before) in _MARKED:
            written.append(character)
            continue
        before = character
        written.append(_settable_character(character, narrow))
    return "".join(written)


@lru_cache(maxsize=4096)
def _settable_character(character: str, narrow: bool) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    if character in _DROPPED:
        return ""
    is_lone = not unicodedata.category(character).startswith("M") and unicodedata.category(character) not in (
        "Cn",
        "Co",
    )
    if is_lone and any(first <= code <= last for first, last in _SETTABLE):
        return character
    if narrow:
        return "\u25a1"
    return f"[{unicodedata.name(character, f'U+{code:04X}').lower()}]"


def _table(table: Table) -> dict[str, Any]:
    shape = shape_of(table)
    widths = shape.insides

    def fitted(row: Row) -> list[str]:
        return [with_breaks(settable(cell.text), width) for cell, width in zip(row.cells, widths, strict=True)]

    return {
        "kind": "table",
        "caption": _running(table.caption),
        "columns": [
            {
                "heading": with_breaks(settable(one.heading), width),
                "group": settable(one.group),
                "number": one.align == "number",
            }
            for one, width in zip(table.columns, widths, strict=True)
        ],
        "groups": list(_groups(table, widths)),
        "rows": [
            {
                "cells": fitted(row),
                "level": row.level,
                "total": row.is_total,
                "group": row.is_group,
                "symbols": sorted({cell.symbol for cell in row.cells} - {""}),
            }
            for row in table.rows
        ],
        "widths": shape.widths,
        "indents": shape.indents,
        "size": shape.size,
        "gap": shape.gap,
        "notes": [_running(note) for note in table.notes],
        "symbols": symbols_of(table),
        "empty_text": _running(table.empty_text),
    }


def _groups(table: Table, widths: Sequence[float]) -> Iterator[tuple[str, int]]:
    """The upper headings with the number of columns under each, fitted to those."""
    at = 0
    for name, span in heading_groups(table):
        yield with_breaks(settable(name), sum(widths[at : at + span])), span
        at += span


def _running(text: str, width: float = 20.0) -> str:
    """Text outside tables; a word that is wider than the narrowest place where one stands, in em, may break."""
    return with_breaks(settable(text), width)


def _block(block: Block) -> dict[str, Any] | None:
    if isinstance(block, Paragraph):
        return {"kind": block.kind, "text": _running(block.text)} if block.text.strip() else None
    if isinstance(block, BulletList):
        return {"kind": "list", "items": [_running(item) for item in block.items]} if block.items else None
    if isinstance(block, LinkList):
        # A page of paper leads nowhere: the names of the files stand behind the texts.
        lines = [_running(", ".join(f"{link.text} ({link.file})" for link in line)) for line in block.lines]
        return {"kind": "list", "items": lines} if lines else None
    if isinstance(block, KeyFigures):
        items = [{"text": _running(item.text, 6.0), "label": _running(item.label, 12.0)} for item in block.items]
        symbols = [symbol for symbol, _ in symbols_of(block)]
        return {"kind": "key_figures", "items": items, "symbols": symbols} if items else None
    if isinstance(block, Table):
        return _table(block)
    return {
        "kind": "chart",
        "title": _running(block.title),
        "alt": settable(block.alt),
        "words": _running(block.alt),
        "symbols": [symbol for symbol, _ in symbols_of(block)],
        "svg": settable(chart_svg.element(block), narrow=True),
        "width": chart_svg.size(block)[0],
    }


def _parts(sections: Iterable[Section], level: int = 1) -> Iterator[tuple[bool, dict[str, Any]]]:
    """What stands in sections, in order, each with whether its page lies on its side: that of one table turns all that
    stands under the heading of the same section, or the heading would be left behind."""
    for section in sections:
        is_landscape = any(shape_of(one).is_landscape for one in section.blocks if isinstance(one, Table) and one.rows)
        yield is_landscape, {"kind": "heading", "level": level, "text": _running(section.title)}
        for block in section.blocks:
            part = _block(block)
            if part is not None:
                yield is_landscape, part
        yield from _parts(section.sections, level + 1)


def render_pdf(document: Document) -> bytes:
    """The document as the bytes of a tagged PDF. Raises ValueError for a document that cannot be rendered well."""
    check_document(document)
    title = settable(document.title)
    subtitle = settable(document.subtitle)
    given = {
        "name": f"{title}: {subtitle} ({document.mode} edition)" if subtitle else f"{title} ({document.mode} edition)",
        "title": _running(title, 14.0),
        "head": _running(shortened(title, _HEAD), 14.0),
        "subtitle": _running(subtitle),
        "mode": document.mode,
        "mode_short": MODE_SHORT[document.mode],
        "mode_long": mode_long(document),
        "facts": [[_running(label, 8.0), _running(value)] for label, value in document.facts],
        "protection": how_protected(document.protected),
        "symbols": SYMBOLS,
        "margin": {**MARGIN_MM, "foot": foot_mm(how_protected(document.protected))},
        "runs": [
            {"landscape": is_landscape, "parts": [part for _, part in run]}
            for is_landscape, run in groupby(_parts(document.sections), key=itemgetter(0))
        ],
    }
    set_as_pdf = _compiler().compile(
        format="pdf", pdf_standards=["ua-1"], sys_inputs={"document": json.dumps(given, ensure_ascii=False)}
    )
    return pack(bytes(set_as_pdf))
