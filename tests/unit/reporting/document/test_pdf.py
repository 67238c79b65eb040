"""PDF of a document: tagged, readable as text, the same bytes each time; whatever a label holds."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.document import pdf
from reporting.document.blocks import Cell, Chart, Link, LinkList, Paragraph, Section, Table
from reporting.document.pdf import render_pdf, settable
from reporting.document.pdf_packing import pack
from reporting.document.rendering import MODE_SHORT, mode_long
from tests.support.paths import ROOT
from tests.support.pdf_text import objects_of, pages_of, squeezed, text_of
from tests.support.report_document import ANY_TEXT, EMPTY, TRICKY, document


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_pdf(document())


def test_tagged_and_in_english(made: bytes) -> None:
    assert made.startswith(b"%PDF-1.7")
    for marker in (b"/StructTreeRoot", b"/Lang(en-GB)", b"/Marked true", b"/DisplayDocTitle true"):
        assert marker in made, marker
    objects = objects_of(made)
    about = next(body for body in objects.values() if b"pdfuaid" in body)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in about
    tags = [tag for body in objects.values() for tag in re.findall(rb"/Type/StructElem/S/(\w+)", body)]
    tables = 3
    assert tags.count(b"Table") == tables
    assert tags.count(b"THead") == tables
    assert tags.count(b"TH") == 5 + 2 * (2 + 2 + 3)  # without and with grouped headings
    assert tags.count(b"TD") == tables * 3 * 5
    assert tags.count(b"Figure") == 2
    headings = [tags.count(b"H%d" % level) for level in (1, 2, 3)]
    assert headings == [2, 2, 1]


def test_alternatives_of_charts_are_in_the_file() -> None:
    plain = document("plain")
    objects = objects_of(render_pdf(plain))
    charts = [block for section in plain.walk() for block in section.blocks if isinstance(block, Chart)]
    assert len(charts) == 2
    for chart in charts:
        assert any(b"/Alt(%b)" % chart.alt.encode() in body for body in objects.values())


def test_markup_in_labels_stays_text(made: bytes) -> None:
    text = squeezed(text_of(made))
    label = settable(TRICKY)
    assert "[grinning face]" in label
    names = ("Title", "Subtitle", "Glance", "Text", "Note", "Finding", "First", "Second", "children", "Age", "Deep")
    for prefix in (
        *names,
        "Chart",
        "Heading",
        "Fact",
        "Value",
        "Table of t-1:",
        "Table of t-chart:",
        "n counts forms.",
    ):
        assert squeezed(f"{prefix} {label}") in text, prefix
    assert "grinningface" not in squeezed(text_of(render_pdf(document("plain"))))


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from("abcXYZ 019#$[]{}()*_`@<>&\"'\\/=~^%|;:,.!?+-–éßøŁ£€½²"), min_size=1, max_size=20))
def test_text_comes_out_as_text(label: str) -> None:
    section = Section("one", "One", (Paragraph(f"From{label}to."), Paragraph(f"({label})", "finding")))
    text = squeezed(text_of(render_pdf(dataclasses.replace(document("plain"), sections=(section,)))))
    assert squeezed(f"From{label}to.") in text
    assert squeezed(f"({label})") in text


def test_links_to_files_are_set_with_the_names_of_the_files() -> None:
    links = LinkList(((Link("Report <1>", "a 1.html"), Link("as PDF", "a 1.pdf")),))
    made = render_pdf(dataclasses.replace(document("plain"), sections=(Section("one", "One", (links,)),)))
    assert squeezed("Report <1> (a 1.html), as PDF (a 1.pdf)") in squeezed(text_of(made))


@settings(max_examples=25, deadline=None)
@given(ANY_TEXT)
def test_any_text_can_be_set(label: str) -> None:
    assert render_pdf(document(label)).startswith(b"%PDF")


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_character_stops_the_typesetter(text: str) -> None:
    section = Section("one", "One", (Paragraph(f"x{text}"), dataclasses.replace(EMPTY, caption=f"x{text}")))
    assert render_pdf(dataclasses.replace(document("plain"), sections=(section,))).startswith(b"%PDF")


def test_every_character_said_to_be_settable_is() -> None:
    """The list of what the fonts hold belongs to a version of the typesetter; this fails when another holds less."""
    characters = [
        chr(code)
        for first, last in pdf._SETTABLE
        for code in range(first, last + 1)
        if settable(chr(code)) == chr(code)
    ]
    assert len(characters) > 3000
    section = Section("one", "One", tuple(Paragraph(f"x{character}x") for character in characters))
    render_pdf(dataclasses.replace(document("plain"), sections=(section,)))


def test_every_mark_said_to_be_settable_is_also_in_bold() -> None:
    marked = " ".join(f"{letter}{chr(mark)}" for mark in sorted(pdf._MARKS) for letter in "aQxłжΩ")
    assert settable(marked).count("[") < 5
    bold = dataclasses.replace(EMPTY, caption=marked)
    section = Section("one", marked, (Paragraph(marked), bold))
    render_pdf(dataclasses.replace(document("plain"), sections=(section,)))


def test_every_other_mark_is_written_as_its_name() -> None:
    struck = "x\u0336 x\u0332"
    assert settable(struck) == "x[combining long stroke overlay] x[combining low line]"
    render_pdf(dataclasses.replace(document("plain"), sections=(Section("one", struck, (Paragraph(struck),)),)))


def test_what_cannot_be_set_is_written_as_its_name() -> None:
    assert settable("a 😀 b") == "a [grinning face] b"
    assert settable("👩\u200d👧") == "[woman][girl]"
    assert settable("\U000e0fff") == "[u+e0fff]"
    assert settable("中", narrow=True) == "□"
    assert settable("– é ▲ 中") == "– é ▲ [cjk unified ideograph-4e2d]"
    assert settable("\x00") == "\ufffd"
    assert settable("e\u0301 x\u0301") == "é x\u0301"
    assert settable("▲\u0301") == "▲[combining acute accent]"


def test_empty_table_and_modes(made: bytes) -> None:
    text = squeezed(text_of(made))
    assert squeezed(EMPTY.empty_text) in text
    assert squeezed(mode_long(document())) in text
    internal = squeezed(text_of(render_pdf(document("plain", "internal"))))
    assert squeezed(mode_long(document("plain", "internal"))) in internal
    pages = pages_of(render_pdf(document("plain", "internal")))
    assert pages >= 3
    assert internal.count(squeezed(MODE_SHORT["internal"])) == pages


def test_heading_row_is_repeated_on_every_page() -> None:
    short = next(each for section in document("plain").walk() for each in section.blocks if isinstance(each, Table))
    long = dataclasses.replace(short, rows=short.rows * 60)
    made = render_pdf(dataclasses.replace(document("plain"), sections=(Section("one", "One", (long,)),)))
    pages = pages_of(made)
    assert pages >= 4
    assert squeezed(text_of(made)).count("Headingplain") == pages - 1


def test_same_document_gives_the_same_bytes_in_another_process(made: bytes) -> None:
    code = (
        "import sys, hashlib\n"
        "from reporting.document.pdf import render_pdf\n"
        "from tests.support.report_document import document\n"
        "sys.stdout.write(hashlib.sha256(render_pdf(document())).hexdigest())"
    )
    root = ROOT
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == hashlib.sha256(made).hexdigest()
    assert b"/CreationDate" not in b"".join(objects_of(made).values())


def test_wide_table_stays_on_the_page() -> None:
    """Fifteen columns of numbers: the typesetter warns of nothing and no column is lost."""
    base = next(each for section in document("plain").walk() for each in section.blocks if isinstance(each, Table))
    wide = dataclasses.replace(
        base,
        columns=(base.columns[0], *(dataclasses.replace(base.columns[1], heading=f"C{index}") for index in range(14))),
        rows=tuple(
            dataclasses.replace(row, cells=(row.cells[0], *(Cell(f"{index}9,999") for index in range(14))))
            for row in base.rows
        ),
    )
    text = squeezed(
        text_of(render_pdf(dataclasses.replace(document("plain"), sections=(Section("one", "One", (wide,)),))))
    )
    assert all(f"C{index}" in text and f"{index}9,999" in text for index in range(14))


@pytest.mark.parametrize(
    "broken", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 0>>\nstartxref\n9\n%%EOF\n"]
)
def test_what_is_no_plain_pdf_is_not_packed(broken: bytes) -> None:
    with pytest.raises(ValueError, match="a PDF w"):
        pack(broken)
