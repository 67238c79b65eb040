"""A document as one HTML file: nothing in it is fetched from anywhere, so it works from disk and in ten years.

Made to be read by people and by programs: landmarks, headings in order, a caption and scoped headings for each table,
a text alternative and the figures for each chart; each number carries the key of the figure it prints (`data-key`,
`data-part`) and, where it is just a number, the number itself (`data-value`); a finding carries those of all figures
whose numbers it says (`data-keys`, one a line).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from reporting.document import chart_svg
from reporting.document.blocks import (
    BulletList,
    Chart,
    Document,
    KeyFigures,
    LinkList,
    Paragraph,
    Table,
    printable,
)
from reporting.document.layout import shape_of
from reporting.document.rendering import (
    MODE_SHORT,
    STYLES,
    check_document,
    heading_groups,
    mode_long,
    plain_number,
    row_groups,
    symbols_of,
    tables_of,
)
from reporting.protection import how_protected

_HERE = Path(__file__).resolve().parent
_KINDS = {
    BulletList: "list",
    Chart: "chart",
    KeyFigures: "key_figures",
    LinkList: "links",
    Paragraph: "paragraph",
    Table: "table",
}


def _printable(value: object) -> object:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(value)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {
        "kind": lambda block: _KINDS[type(block)],
        "file_url": lambda name: quote(name, safe=""),
        "groups": heading_groups,
        "row_groups": row_groups,
        "shape": shape_of,
        "number": plain_number,
        "svg": lambda chart: Markup(chart_svg.element(chart)),
        "symbols": symbols_of,
    }
    return environment.get_template("document.html")


@lru_cache(maxsize=1)
def _styles() -> Markup:
    return Markup(STYLES.read_text(encoding="utf-8"))


def _regions(document: Document) -> dict[str, str]:
    """What each region that scrolls is called: no two the same, or a list of them leads nowhere."""
    names: dict[str, str] = {}
    taken: dict[str, int] = {}

    def name(part_id: str, text: str) -> None:
        count = taken[text] = taken.get(text, 0) + 1
        names[part_id] = text if count == 1 else f"{text} ({count})"

    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Chart):
                name(block.chart_id, f"Chart: {block.title}")
    for table in tables_of(document):
        name(table.table_id, f"Table: {table.caption}")
    return names


def render_html(document: Document) -> str:
    """The document as one self-contained HTML file. Raises ValueError for a document that cannot be rendered well."""
    check_document(document)
    return _template().render(
        document=document,
        regions=_regions(document),
        styles=_styles(),
        mode_short=MODE_SHORT[document.mode],
        mode_long=mode_long(document),
        protection=how_protected(document.protected),
    )
