"""The shape of tables: whatever stands in one, its columns fit the page, and no word stands on another."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.document.blocks import Cell, Column, Document, Row, Section, Table
from reporting.document.html import render_html
from reporting.document.layout import pieces, room, shape_of, with_breaks
from reporting.document.pdf import render_pdf
from tests.support import report_document
from tests.support.report_document import TRICKY
from tools.pdf_layout import faults_of
from tools.pdf_pages import count_pages, read_pages

INTERVAL = "53.3 (51.1 to 55.4)"
LONG = "answered_exit_support_mental_health_impact_feelings_of_low_mood"


def table(columns: int, cell: str, label: str = "Physical", group: str = "", rows: int = 3) -> Table:
    """Rows of a label and cells of one text."""
    return Table(
        "t",
        "A table",
        (Column("Kind of abuse", align="text"), *(Column("Count", group) for _ in range(columns))),
        tuple(Row((Cell(label), *(Cell(cell) for _ in range(columns)))) for _ in range(rows)),
    )


def document(*tables: Table) -> Document:
    parts = tuple(
        Section(f"s{index}", f"Section {index}", (dataclasses.replace(one, table_id=f"t{index}"),))
        for index, one in enumerate(tables)
    )
    return Document("d", "Title", "", "internal", parts)


# What stands in the table, then whether its letters are smaller and whether it lies on its side.
SHAPES: dict[str, tuple[Table, bool, bool]] = {
    "counts of three years": (table(6, "1,803"), False, False),
    "ten columns of counts": (table(10, "1,803"), False, False),
    "more columns than an upright page has": (table(18, "61,803"), False, True),
    "four answers side by side, each with its interval": (table(8, INTERVAL), False, True),
    "more than a page on its side has": (table(40, "61,803"), True, True),
    "a label of many words": (table(4, "1,803", "Jealous, controlling and coercive behaviour " * 3), False, False),
    "a label that is one word": (table(4, "1,803", "x" * 200), False, False),
    "an identifier": (table(4, "1,803", LONG), False, False),
    "one heading over several columns": (table(3, "1", group="Safeguarding-partnership-of-Northwood"), False, False),
    "a heading over several columns that is one word": (table(3, "1", group="S" * 70), False, False),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_stands_upright_where_it_can(name: str) -> None:
    one, is_small, is_landscape = SHAPES[name]
    shape = shape_of(one)
    assert (shape.is_small, shape.is_landscape) == (is_small, is_landscape)
    assert len(shape.widths) == len(one.columns)
    assert sum(shape.widths) <= room(is_landscape=is_landscape) + 0.01
    assert min(shape.insides) > 0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shapes") / "shapes.pdf"
    path.write_bytes(render_pdf(document(*(one for one, _, _ in SHAPES.values()))))
    return path


def test_no_word_of_any_of_them_is_out_of_its_place(made: Path) -> None:
    assert [str(one) for one in faults_of(made)] == []


def test_a_table_on_its_side_takes_its_heading_along(made: Path) -> None:
    lying = [page for page in read_pages(made) if page.width > page.height]
    assert len(lying) == sum(is_landscape for _, _, is_landscape in SHAPES.values())
    for page in lying:
        assert "Section" in [word.text for word in page.words]


def test_html_turns_the_page_of_the_same_tables() -> None:
    classes = re.findall(r'<div class="table([^"]*)"', render_html(document(*(one for one, _, _ in SHAPES.values()))))
    assert [("small" in one, "landscape" in one) for one in classes] == [tuple(shape) for _, *shape in SHAPES.values()]


@pytest.mark.parametrize("label", ["plain", TRICKY, f"{LONG}_" * 4, "Northwood and Vale safeguarding partners, " * 4])
def test_no_word_of_any_block_is_out_of_its_place_whatever_it_says(tmp_path: Path, label: str) -> None:
    (tmp_path / "all.pdf").write_bytes(render_pdf(report_document.document(label)))
    assert [str(one) for one in faults_of(tmp_path / "all.pdf")] == []


WORDS = st.text("abcdefgh WM-_/.,é▲", min_size=1, max_size=60)
NUMBERS = st.sampled_from(["c", "1", "1,803", "n = 61,803", "53.3", "14.9 to 18.2", "c of 1,803", "9 years", ""])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of up to 14 columns of numbers and texts, grouped or not."""
    kinds = draw(st.lists(st.booleans(), min_size=1, max_size=13))
    columns = [Column(draw(WORDS), align="text")]
    columns += [
        Column(draw(WORDS), draw(st.sampled_from(["", "2023-24", "Beacon House"])), "number" if number else "text")
        for number in kinds
    ]
    rows = tuple(
        Row(
            (Cell(draw(WORDS)), *(Cell(draw(NUMBERS if number else WORDS)) for number in kinds)),
            level=draw(st.sampled_from([0, 1])),
            is_total=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 6)))
    )
    return Table("t", "A table", tuple(columns), rows)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tables(), min_size=1, max_size=4))
def test_no_word_is_out_of_its_place_whatever_a_table_holds(tmp_path: Path, found: list[Table]) -> None:
    path = tmp_path / "any.pdf"
    path.write_bytes(render_pdf(document(*found)))
    assert [str(one) for one in faults_of(path) if "symbol" not in one.kind] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two words", ["two", "words"]),
        ("exit_impact", ["exit_", "impact"]),
        ("a/b 1.5", ["a/", "b", "1.", "5"]),
        ("", []),
        ("_", ["_"]),
    ],
)
def test_pieces_of_a_text(text: str, expected: list[str]) -> None:
    assert list(pieces(text)) == expected


@pytest.mark.parametrize("text", ["", "short", LONG, "x" * 99, "one two three", f"a {LONG}  b"])
def test_only_words_that_are_too_wide_may_break(text: str) -> None:
    broken = with_breaks(text, 8.0)
    assert broken.replace("\u200b", "") == text
    assert ("\u200b" in broken) == any(len(word) > 20 for word in text.split())


GROUPS = tuple(
    row
    for kind in range(30)
    for row in (
        Row((Cell(f"Kind-{kind}"), Cell("n = 40")), is_group=True),
        *(Row((Cell(answer), Cell("20")), level=1) for answer in ("Yes", "No", "Missing")),
    )
)


def test_the_heading_of_rows_stands_above_them_on_every_page(tmp_path: Path) -> None:
    one = Table("t", "A table", (Column("Kind", align="text"), Column("Count")), GROUPS)
    path = tmp_path / "groups.pdf"
    path.write_bytes(render_pdf(document(one)))
    assert count_pages(path) >= 4
    for page in read_pages(path):
        cells = [word.text for word in page.words if word.text.startswith(("Kind-", "Yes", "No", "Missing"))]
        assert cells[:1] == [] or cells[0].startswith("Kind-")
        assert not cells or not cells[-1].startswith("Kind-")
    assert faults_of(path) == []
    bodies = render_html(document(one)).split("<tbody>")[1:]
    assert len(bodies) == 30
    assert all(body.count('scope="rowgroup"') == 1 and body.count('scope="row"') == 3 for body in bodies)
