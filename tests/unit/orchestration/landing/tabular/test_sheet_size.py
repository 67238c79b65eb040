"""How far the sheets of a workbook reach, whatever is said of it, and which workbooks are refused for it."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.landing.limits import MAXIMUM_CELLS
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular import sheet_size
from orchestration.landing.tabular.sheet_size import refuse_far_cells


def archive(*sheets: str) -> zipfile.ZipFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for number, text in enumerate(sheets):
            made.writestr(f"xl/worksheets/sheet{number}.xml", text)
        made.writestr("xl/sharedStrings.xml", '<c r="XFD1048576"/>')
    return zipfile.ZipFile(buffer)


def sheet(*cells: tuple[int, int], quote: str = '"') -> str:
    rows: dict[int, list[int]] = {}
    for row, column in cells:
        rows.setdefault(row, []).append(column)
    return "<worksheet><sheetData>" + "".join(
        f"<row spans='1:2' r={quote}{row}{quote}>"
        + "".join(f"<c s='1' r={quote}{sheet_size._letters(column)}{row}{quote}/>" for column in columns)
        + "</row>"
        for row, columns in sorted(rows.items())
    )  # fmt: skip


CELLS = st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=20)


@given(CELLS, st.sampled_from("'\""), st.integers(60, 3000))
@example([(1, 1), (1_048_576, 16_384)], '"', 60)
@example([(1, 26), (1, 27), (1, 702), (1, 703), (2, 676)], '"', 61)
def test_the_last_cell_is_found_wherever_the_pieces_are_cut(cells, quote, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_size, "_PIECE", size)
        with archive(sheet(*cells, quote=quote)) as made:
            found = sheet_size._corner(made, "xl/worksheets/sheet0.xml")
    assert found == (max(row for row, _ in cells), max(column for _, column in cells))


def test_a_sheet_that_says_its_size_is_believed():
    with archive('<worksheet><dimension ref="A1:KN100001"/>' + sheet((1, 1))) as made:
        assert sheet_size._corner(made, "xl/worksheets/sheet0.xml") == (100_001, 300)
    with archive('<worksheet><dimension ref="A1"/>' + sheet((7, 3))) as made:
        assert sheet_size._corner(made, "xl/worksheets/sheet0.xml") == (7, 3)


def test_cells_of_all_sheets_count_and_the_limit_is_said():
    half = (MAXIMUM_CELLS // 2 // 100, 100)
    with archive(sheet(half), sheet(half)) as made:
        refuse_far_cells(made)
    with archive(sheet(half), sheet(half), sheet((1, 1))) as made, pytest.raises(FileRefusedError) as told:
        refuse_far_cells(made)
    assert f"{MAXIMUM_CELLS:,} cells" in str(told.value)
