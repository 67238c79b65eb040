"""The check of the pages: every kind of fault is found, and nothing is found where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from reporting.numbers import SYMBOLS
from tools.pdf_layout import (
    ON_ANOTHER,
    ON_LINE,
    OUTSIDE_CELL,
    OUTSIDE_PAGE,
    ROUNDING_UNSAID,
    UNEXPLAINED,
    faults_of,
    main,
)

_PAGE = """
#set document(title: "Pages")
#set text(lang: "en", size: 9pt)
#set page(paper: "a4", margin: (top: 24mm, bottom: 26mm, x: 18mm))
"""
_ROUNDED = "Counts are rounded to multiples of 5."
# Four answers side by side: numbers take the width, and what is left for the label of a row is nothing.
_FOUR_ANSWERS = (
    "#table(columns: (1.6fr, " + "auto, " * 9 + "), stroke: none,"
    "[Sexual, change from 2022-23], " + "[1,803~of~1,966], [98~(97.7~to~98.9)]," * 4 + "[7])"
)
_HIDDEN = "#table(columns: 2, [Yes], [c])"
_NARROW = (
    "#table(columns: (40pt, 60pt, 40pt), inset: (x: 0pt), stroke: none, table.hline(), {},"
    "[Yes], [12], [3], table.hline())"
)

CASES: dict[str, tuple[str, set[str]]] = {
    "a table of four answers as it was": (_FOUR_ANSWERS, {ON_ANOTHER, OUTSIDE_CELL}),
    "a plain table": ("#table(columns: 3, [Yes], [12], [34], [No], [1,204], [5.6 to 7.8])", set()),
    "a word set on another": ("Count #place(dx: 4pt, dy: -7pt)[1,234]", {ON_ANOTHER}),
    "ligatures and kerned letters": ("Office, affair, find, AVATAR, To, fjord, Väter", set()),
    "lines of running text": ("#lorem(300)", set()),
    "left of the margin": ("#place(dx: -9mm)[Label]", {OUTSIDE_PAGE}),
    "right of the page": ("#box(width: 400mm)[a #h(1fr) b]", {OUTSIDE_PAGE}),
    "below the page": ("#place(dy: 265mm)[Label]", {OUTSIDE_PAGE}),
    "a page on its side": ("#page(flipped: true)[#h(1fr) end]", set()),
    "a text that reaches over an empty cell": (_NARROW.format("[Safeguarding], [], [3]"), {OUTSIDE_CELL}),
    "a text wider than its column, beside a number": (
        _NARROW.format("[Safeguarding], align(right)[1], [3]"),
        {OUTSIDE_CELL},
    ),
    "a text that reaches beyond its table": (
        _NARROW.format("[No], [4], [Safeguarding]"),
        {OUTSIDE_CELL},
    ),
    "a row lower than its text": (
        "#table(columns: 2, rows: 3pt, inset: 0pt, stroke: none, [Physical], [1], table.hline())",
        {ON_LINE},
    ),
    "headings over several columns": (
        "#table(columns: 3, table.header(table.cell(rowspan: 2)[Kind], table.cell(colspan: 2)[2023-24], [Count], [%]),"
        "[Yes], [12], [3])",
        set(),
    ),
    "a symbol in a cell": (_HIDDEN, {UNEXPLAINED}),
    "a symbol in a cell, explained": (f"{_HIDDEN} c {SYMBOLS['c']}", set()),
    "a symbol explained overleaf": (f"{_HIDDEN} #pagebreak() c {SYMBOLS['c']}", {UNEXPLAINED}),
    "a symbol by itself, as in a chart": ("#place(dx: 40mm)[x]", {UNEXPLAINED}),
    "a letter of a sentence": ("100 x count over n", set()),
    "rounding said on every page": (f"{_ROUNDED} #pagebreak() {_ROUNDED}", set()),
    "rounding said on the first page only": (f"{_ROUNDED} #pagebreak() 15 of 40", {ROUNDING_UNSAID}),
    "nothing rounded": ("12 #pagebreak() 15 of 40", set()),
}


def written(folder: Path, source: str) -> Path:
    (folder / "pages.typ").write_text(_PAGE + source, encoding="utf-8")
    made = folder / "pages.pdf"
    made.write_bytes(bytes(typst.compile(folder / "pages.typ", format="pdf", ignore_system_fonts=True)))
    return made


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_found_and_no_other(tmp_path: Path, name: str) -> None:
    source, expected = CASES[name]
    assert {one.kind for one in faults_of(written(tmp_path, source))} == expected


def test_the_command_tells_the_place_and_never_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report").mkdir()
    written(tmp_path / "report", "#place(dx: -9mm)[4711]")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "report/pages.pdf: page 1, 9 mm from the left, 24 mm from the top: a word stands outside the margins" in said
    assert "1 files, 1 pages read, 1 with a fault" in said
    assert "4711" not in said


def test_a_sound_file_passes_and_an_empty_folder_does_not(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
    assert main([str(written(tmp_path, "Sound."))]) == 0
