"""PDF of a document: tagged, readable as text, the same bytes each time; whatever a label holds."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.document import pdf
from reporting.document.blocks import Cell, Chart, Link, LinkList, Paragraph, Section, Table
from reporting.document.pdf import render_pdf, settable
from reporting.document.pdf_packing import pack
from reporting.document.rendering import MODE_LONG, MODE_SHORT
from tests.support.paths import ROOT
from tests.support.report_document import ANY_TEXT, EMPTY, TRICKY, document


def objects_of(data: bytes) -> dict[int, bytes]:
    """Every object of a PDF by its number, found over the cross-reference stream at its end."""

    def stream(body: bytes) -> bytes:
        head, _, rest = body.partition(b"stream\n")
        length = re.search(rb"/Length (\d+)", head)
        assert length is not None
        content = rest[: int(length[1])]
        return zlib.decompress(content) if b"/FlateDecode" in head else content

    start = int(data.rstrip().rsplit(b"startxref", 1)[1].split()[0])
    table = data[start:]
    size = int(re.search(rb"/Size (\d+)", table)[1])  # type: ignore[index]
    rows = stream(table)
    assert len(rows) == 7 * size
    found: dict[int, bytes] = {}
    packed: dict[int, tuple[int, int]] = {}
    for number in range(size):
        kind, where, index = (
            rows[7 * number],
            rows[7 * number + 1 : 7 * number + 5],
            rows[7 * number + 5 : 7 * number + 7],
        )
        if kind == 1:
            body = data[int.from_bytes(where, "big") :]
            assert body.startswith(b"%d 0 obj\n" % number)
            end = body.index(b"endobj") if b"stream\n" not in body[: body.index(b"endobj")] else None
            found[number] = body[:end]
        elif kind == 2:
            packed[number] = (int.from_bytes(where, "big"), int.from_bytes(index, "big"))
    for number, (home, at) in packed.items():
        content = stream(found[home])
        first = int(re.search(rb"/First (\d+)", found[home])[1])  # type: ignore[index]
        heads = [int(part) for part in content[:first].split()]
        assert heads[2 * at] == number
        ends = [*heads[3::2], len(content) - first]
        found[number] = content[first + heads[2 * at + 1] : first + ends[at]]
    return found


def strings_of(run: bytes) -> Iterator[bytes]:
    """The literal strings in a piece of a content stream: escapes undone, brackets may nest."""
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    depth, written = 0, bytearray()
    for token in re.finditer(rb"\\([0-7]{3}|.)|(.)", run, re.DOTALL):
        escaped, plain = token[1], token[2]
        if plain == b"(" and depth == 0:
            depth, written = 1, bytearray()
        elif plain == b")" and depth == 1:
            depth = 0
            yield bytes(written)
        elif depth and escaped is not None:
            written += bytes([int(escaped, 8)]) if len(escaped) == 3 else named.get(escaped, escaped)
        elif depth and plain is not None:
            depth += {b"(": 1, b")": -1}.get(plain, 0)
            written += plain


def text_of(data: bytes) -> str:
    """The text of a PDF, as a program that copies it reads it: glyphs by the fonts' tables, page by page."""
    objects = objects_of(data)

    def content(number: int) -> bytes:
        head, _, rest = objects[number].partition(b"stream\n")
        return zlib.decompress(rest[: int(re.search(rb"/Length (\d+)", head)[1])])  # type: ignore[index]

    def number_of(name: bytes, body: bytes) -> int | None:
        found = re.search(rb"/" + name + rb"[ \[]*(\d+) 0 R", body)
        return None if found is None else int(found[1])

    def run_of(holder: bytes, commands: bytes) -> Iterator[str]:
        commands = re.sub(rb"/ActualText.*?>>BDC", b"", commands, flags=re.DOTALL)
        resources = objects[number] if (number := number_of(b"Resources", holder)) is not None else holder
        glyphs: dict[bytes, dict[bytes, str]] = {}
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            table = number_of(b"ToUnicode", objects[int(font)])
            assert table is not None
            glyphs[name] = {
                bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
                for code, text in re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", content(table))
            }
        pictures = {name: int(number) for name, number in re.findall(rb"/(x\d+) (\d+) 0 R", resources)}
        for font, run, picture in re.findall(
            rb"/(f\d+) [\d.]+ Tf(.*?)(?=/f\d+ [\d.]+ Tf|\nET)|/(x\d+) Do", commands, re.DOTALL
        ):
            if picture:
                yield from run_of(objects[pictures[picture]].partition(b"stream\n")[0], content(pictures[picture]))
            for piece in strings_of(run):
                yield from (glyphs[font][piece[at : at + 2]] for at in range(0, len(piece), 2))
            yield " "

    pages = next(body for body in objects.values() if b"/Type/Pages" in body)
    numbers = [int(number) for number in re.findall(rb"(\d+) 0 R", re.search(rb"/Kids\[(.*?)\]", pages)[1])]  # type: ignore[index]
    return "".join(
        piece
        for page in numbers
        for piece in run_of(objects[page], content(number_of(b"Contents", objects[page]) or 0))
    )


def pages_of(data: bytes) -> int:
    return sum(body.count(b"/Type/Page/") for body in objects_of(data).values())


def squeezed(text: str) -> str:
    return "".join(text.replace("\u2060", "").split())


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
    assert squeezed(MODE_LONG["public"]) in text
    internal = squeezed(text_of(render_pdf(document("plain", "internal"))))
    assert squeezed(MODE_LONG["internal"]) in internal
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
