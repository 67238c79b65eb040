"""A document with every kind of block, for the tests of the renderers."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from reporting.charts.bars import bars
from reporting.charts.drawing import Item
from reporting.document.blocks import (
    BulletList,
    Cell,
    Chart,
    Column,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Section,
    Table,
)

TRICKY = "<b>\"A\" & 'B'</b>, #[x] $y$ *z* _w_ `v` @u \\ 😀 {{ 7 * 7 }} // /* =1+1"

# Anything a label could hold but halves of surrogate pairs, which no file in UTF-8 has. Blank ones are no labels.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=25).filter(
    lambda text: bool(text.strip())
)


def table(table_id: str, label: str = "Row", *, grouped: bool = True) -> Table:
    """Three rows and five columns, one cell hidden; grouped headings or not."""
    group = "2023-24" if grouped else ""
    earlier = "2022-23" if grouped else ""
    return Table(
        table_id,
        f"Table of {table_id}: {label}",
        (
            Column(f"Heading {label}", align="text"),
            Column("Count", group),
            Column("%", group),
            Column("Count", earlier),
            Column("Change", align="text"),
        ),
        tuple(
            Row(
                (
                    Cell(f"{label} {number}"),
                    Cell(f"{number + 1},234", f"key|{label}|{number}", "numerator"),
                    Cell("12.5", f"key|{label}|{number}", "value"),
                    Cell("c", f"earlier|{label}|{number}", "numerator", "c"),
                    Cell(f"▲ increase +2.1 {label}", f"key|{label}|{number}", "change"),
                ),
                level=number % 2,
                is_total=number == 2,
            )
            for number in range(3)
        ),
        notes=(f"n counts forms. {label}",),
    )


def document(label: str = TRICKY, mode: Literal["public", "internal"] = "public") -> Document:
    """One of everything, with the label wherever a text can stand."""
    drawing = bars((Item(label, 5.0, 4.0, 6.0, 30), Item("Other", None, status="c")))
    picture = drawing.block("chart-1", f"Chart {label}")
    again = drawing.block("chart-2", f"Chart again {label}")
    assert isinstance(picture, Chart)
    return Document(
        "demo",
        f"Title {label}",
        f"Subtitle {label}",
        mode,
        (
            Section(
                "glance",
                f"Glance {label}",
                (
                    Paragraph(f"Text {label}"),
                    Paragraph(f"Note {label}", "note"),
                    Paragraph(f"Finding {label}", "finding"),
                    BulletList((f"First {label}", f"Second {label}")),
                    KeyFigures(
                        (KeyFigure("1,966", f"children {label}", "key|n", "numerator"), KeyFigure(label, "text"))
                    ),
                ),
            ),
            Section(
                "profile",
                f"Profile {label}",
                (),
                (
                    Section(
                        "age", f"Age {label}", (picture, table("t-chart", label), table("t-1", label, grouped=False))
                    ),
                    Section(
                        "more",
                        f"More {label}",
                        (again,),
                        (Section("deep", f"Deep {label}", (table("t-2", label), EMPTY)),),
                    ),
                ),
            ),
        ),
        ((f"Fact {label}", f"Value {label}"),),
    )


EMPTY = Table("t-empty", "Empty table", (Column("Label", align="text"),), (), ("A note.",), "Nobody was in it.")
