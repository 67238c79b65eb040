"""Open data files that break the standard: each check has an example, and says where and what to do, not the value."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporting.open_data.__main__ import main
from reporting.open_data.checks.folder import FILE_CHECKS, PAIR_CHECKS, check_folder

# What stands in broken cells, so that a message that showed a value would show this.
SECRET = "Zanzibar"

HEADER = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "age_group",
    "age",
    "answer",
    "number",
    "percentage",
]
NATION = ["Financial year", "National", "E92000001", "England", "", "", "", "", ""]
REGION = ["Financial year", "Regional", "E92000001", "England", "E12000001", "North East", "", "", ""]
AUTHORITY = [*REGION[:1], "Local authority", *REGION[2:6], "841", "E06000005", "Darlington"]
ROWS = [
    ["202324", *NATION, "Total", "Total", "Total", "1000", "100.0"],
    ["202324", *NATION, "Young", "Under 5", "Total", "c", "c"],
    ["202324", *NATION, "Young", "5 to 9", "Total", "20", "2.0"],
    ["202324", *NATION, "Young", "5 to 9", "Yes", "3", "-0.2"],
    ["202324", *REGION, "Total", "Total", "Total", "z", "x"],
    ["202223", *AUTHORITY, "Total", "Total", "None", "70", "low"],
    ["199900", *AUTHORITY, "Total", "Total", "Total", "0", "0.0"],
]
META_HEADER = [
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
]
META_ROWS = [
    ["age", "Filter", "Age, in years", "", "", "", "Total is every age", "age_group"],
    ["answer", "Filter", 'Answer to "safe?"', "", "", "", "", ""],
    ["number", "Indicator", "Number", "Figures", "", "0", "", ""],
    ["percentage", "Indicator", "Percentage", "Figures", "%", "1", "", ""],
]


@dataclass
class Files:
    """A pair that passes, to be broken: both tables, names of their files, what is done to the bytes at last."""

    data: list[list[str]] = field(default_factory=lambda: [list(HEADER), *map(list, ROWS)])
    meta: list[list[str]] = field(default_factory=lambda: [list(META_HEADER), *map(list, META_ROWS)])
    data_name: str = "safety.csv"
    meta_name: str = "safety.meta.csv"
    finish: Callable[[bytes], bytes] = lambda content: content

    def put(self, row: int, column: str, value: str) -> None:
        """Write a cell of the data file; rows as in messages."""
        self.data[row - 1][self.data[0].index(column)] = value

    def put_meta(self, row: int, column: str, value: str) -> None:
        """Write a cell of the meta file; rows as in messages."""
        self.meta[row - 1][self.meta[0].index(column)] = value

    def add(self, column: str, cell: str, place: int) -> None:
        """Put a column into the data file, with the same cell in every row."""
        for number, row in enumerate(self.data):
            row.insert(place, cell if number else column)

    def drop(self, column: str) -> None:
        """Take a column out of the data file."""
        place = self.data[0].index(column)
        for row in self.data:
            del row[place]

    def write(self, folder: Path) -> None:
        for name, table in ((self.data_name, self.data), (self.meta_name, self.meta)):
            if name:
                text = io.StringIO()
                csv.writer(text, lineterminator="\n").writerows(table)
                content = text.getvalue().encode()
                (folder / name).write_bytes(self.finish(content) if name == self.data_name else content)


def _name(files: Files, data: str, meta: str) -> None:
    files.data_name, files.meta_name = data, meta


def _finish(files: Files, finish: Callable[[bytes], bytes]) -> None:
    files.finish = finish


def _meta_column(files: Files, name: str, cells: list[str]) -> None:
    for row, cell in zip(files.meta, [name, *cells], strict=True):
        row.append(cell)


def _drop_meta_column(files: Files, name: str) -> None:
    place = files.meta[0].index(name)
    for row in files.meta:
        del row[place]


def _only_total(files: Files) -> None:
    for row in files.data[1:]:
        row[HEADER.index("answer")] = "Total"
    del files.data[5]  # it would repeat the row above


def _without_total(files: Files) -> None:
    for row in files.data[1:]:
        place = HEADER.index("answer")
        row[place] = "No" if row[place] == "Total" else row[place]


def _group_without_total(files: Files) -> None:
    for row in files.data[1:]:
        place = HEADER.index("age_group")
        row[place] = "All ages" if row[place] == "Total" else row[place]


def _groups_as_items(files: Files) -> None:
    for row in files.data[1:]:
        row[HEADER.index("age_group")] = row[HEADER.index("age")]


def _two_blanks(files: Files) -> None:
    files.put(2, "age", "")
    files.put(6, "age", "")


def _calendar_year(files: Files) -> None:
    files.put(2, "time_identifier", "Calendar year")
    files.put(2, "time_period", "2024")


def _repeat(files: Files) -> None:
    files.data += [list(files.data[3]), list(files.data[3])]
    files.put(9, "number", "21")


# check, what breaks it, file, row, column of the first message, part of what it says
Broken = tuple[str, Callable[[Files], object], str, int, str, str]
DATA, META = "safety.csv", "safety.meta.csv"
BROKEN: list[Broken] = [
    ("folder_holds_files", lambda f: _name(f, "", ""), "", 0, "", "holds no CSV file"),
    ("file_name", lambda f: _name(f, "Safety of.csv", "Safety of.meta.csv"), "Safety of.csv", 0, "", "Rename both"),
    ("file_name", lambda f: _name(f, "1_safety.csv", "1_safety.meta.csv"), "1_safety.csv", 0, "", "begins with none"),
    ("file_pair", lambda f: _name(f, DATA, ""), DATA, 0, "", "Put safety.meta.csv beside it"),
    ("file_pair", lambda f: _name(f, "", META), META, 0, "", "Put safety.csv beside it"),
    ("encoding", lambda f: _finish(f, lambda c: b"\xef\xbb\xbf" + c), DATA, 0, "", "without one"),
    ("encoding", lambda f: _finish(f, lambda c: c.replace(b"North East", b"\xff")), DATA, 6, "", "Save it as UTF-8"),
    ("line_ends", lambda f: _finish(f, lambda c: c.replace(b"\n", b"\r\n")), DATA, 1, "", "LF line ends"),
    ("readable", lambda f: _finish(f, lambda c: c + b'"' + SECRET.encode()), DATA, 0, "", "quotes do not close"),
    ("readable", lambda f: _finish(f, lambda c: c.split(b"\n")[0] + b"\n"), DATA, 0, "", "no row under its header"),
    ("readable", lambda f: f.data[3].append(SECRET), DATA, 4, "", "not as many cells as the header"),
    ("data_columns_required", lambda f: f.drop("time_identifier"), DATA, 1, "time_identifier", "add it"),
    ("meta_columns_required", lambda f: _drop_meta_column(f, "filter_hint"), META, 1, "filter_hint", "add it"),
    ("meta_columns_known", lambda f: _meta_column(f, SECRET, [""] * 4), META, 1, "number 9", "no such column"),
    ("columns_once", lambda f: f.add("number", "1", 15), DATA, 1, "number 16", "the same name"),
    ("column_names", lambda f: f.data[0].__setitem__(14, "Percentage 2"), DATA, 1, "number 15", "lower case words"),
    ("column_names", lambda f: f.data[0].__setitem__(14, "2_percentage"), DATA, 1, "number 15", "lower case words"),
    ("meta_col_name", lambda f: f.put_meta(4, "col_name", ""), META, 4, "col_name", "it is blank"),
    ("meta_col_name", lambda f: f.put_meta(5, "col_name", "number"), META, 5, "col_name", "Keep one of the two"),
    ("meta_col_type", lambda f: f.put_meta(3, "col_type", SECRET), META, 3, "col_type", "neither Filter nor Indicator"),
    (
        "meta_without_place",
        lambda f: f.put_meta(3, "col_name", "region_name"),
        META,
        3,
        "col_name",
        "Take the row away",
    ),
    ("meta_in_data", lambda f: f.put_meta(3, "col_name", SECRET), META, 3, "col_name", "data file has no such column"),
    ("data_in_meta", lambda f: f.add("extra", SECRET, 10), DATA, 1, "number 11", "does not describe it"),
    ("has_indicator", lambda f: [f.meta.pop(), f.meta.pop()], META, 0, "col_type", "no row is an Indicator"),
    ("meta_label", lambda f: f.put_meta(4, "label", ""), META, 4, "label", "it is blank"),
    ("meta_label", lambda f: f.put_meta(5, "label", "Number"), META, 5, "label", "the same label"),
    ("meta_cells_of_type", lambda f: f.put_meta(4, "filter_hint", SECRET), META, 4, "filter_hint", "is Indicator"),
    ("meta_cells_of_type", lambda f: f.put_meta(2, "indicator_dp", "1"), META, 2, "indicator_dp", "is Filter"),
    ("indicator_unit", lambda f: f.put_meta(5, "indicator_unit", SECRET), META, 5, "indicator_unit", "no unit"),
    ("indicator_dp", lambda f: f.put_meta(5, "indicator_dp", ""), META, 5, "indicator_dp", "not a whole number"),
    (
        *("filter_grouping", lambda f: f.put_meta(3, "filter_grouping_column", SECRET)),
        *(META, 3, "filter_grouping_column", "no such column"),
    ),
    (
        *("filter_grouping", lambda f: f.put_meta(3, "filter_grouping_column", "age")),
        *(META, 3, "filter_grouping_column", "describes that column too"),
    ),
    (
        *("filter_grouping", lambda f: f.put_meta(3, "filter_grouping_column", "age_group")),
        *(META, 3, "filter_grouping_column", "a grouping column of its own"),
    ),
    ("filter_grouping", _groups_as_items, META, 2, "filter_grouping_column", "not fewer items"),
    ("filter_total", _without_total, DATA, 0, "answer", "no row has the item Total"),
    ("filter_total", _group_without_total, DATA, 0, "age_group", "Group the filter's own Total"),
    (
        *("filter_total", lambda f: _meta_column(f, "filter_default", ["", SECRET, "", ""])),
        *(META, 3, "filter_default", "no such item"),
    ),
    ("filter_not_single", _only_total, DATA, 0, "answer", "the same item"),
    ("filter_blank", _two_blanks, DATA, 2, "age", "Also in row 6."),
    ("filter_blank", lambda f: f.put(3, "age_group", ""), DATA, 3, "age_group", "Write Total"),
    ("indicator_blank", lambda f: f.put(5, "number", ""), DATA, 5, "number", "c, z, x, low or u"),
    ("indicator_value", lambda f: f.put(2, "number", "1,000"), DATA, 2, "number", "thousands commas"),
    ("indicator_value", lambda f: f.put(4, "percentage", "2.0%"), DATA, 4, "percentage", "no unit"),
    ("indicator_value", lambda f: f.put(4, "percentage", SECRET), DATA, 4, "percentage", "neither number nor symbol"),
    ("indicator_value", lambda f: f.put(4, "number", "1e3"), DATA, 4, "number", "neither number nor symbol"),
    ("obsolete_symbol", lambda f: f.put(3, "number", "~"), DATA, 3, "number", "out of use"),
    ("obsolete_symbol", lambda f: f.put(3, "number", "-"), DATA, 3, "number", "Write c for hidden"),
    ("null_text", lambda f: f.put(3, "number", "NULL"), DATA, 3, "number", "word for nothing"),
    ("null_text", lambda f: f.put(7, "answer", "NA"), DATA, 7, "answer", "word for nothing"),
    ("null_text", lambda f: f.put_meta(4, "indicator_unit", "nan"), META, 4, "indicator_unit", "word for nothing"),
    ("indicator_decimals", lambda f: f.put(4, "percentage", "2.05"), DATA, 4, "percentage", "more than 1 decimals"),
    ("indicator_decimals", lambda f: f.put(2, "number", "1000.0"), DATA, 2, "number", "more than 0 decimals"),
    ("time_identifier", lambda f: f.put(2, "time_identifier", SECRET), DATA, 2, "time_identifier", "no such kind"),
    (
        *("time_one_kind", _calendar_year),
        *(DATA, 0, "time_identifier", "a file for each kind"),
    ),
    ("time_period", lambda f: f.put(3, "time_period", "2024"), DATA, 3, "time_period", "not the 6 digits"),
    ("time_period", lambda f: f.put(3, "time_period", "2023/24"), DATA, 3, "time_period", "not the 6 digits"),
    ("time_period", lambda f: f.put(3, "time_period", "202325"), DATA, 3, "time_period", "do not follow each other"),
    ("geographic_level", lambda f: f.put(2, "geographic_level", SECRET), DATA, 2, "geographic_level", "no level"),
    ("level_columns", lambda f: f.drop("la_name"), DATA, 1, "la_name", "rows of level Local authority need it"),
    ("level_filled", lambda f: f.put(7, "la_name", ""), DATA, 7, "la_name", "blank in a row of level Local authority"),
    ("level_filled", lambda f: f.put(6, "country_code", ""), DATA, 6, "country_code", "level Regional"),
    ("level_blank", lambda f: f.put(2, "region_code", "E12000001"), DATA, 2, "region_code", "Empty the cell"),
    ("level_blank", lambda f: f.put(6, "la_name", SECRET), DATA, 6, "la_name", "rows of level Regional"),
    ("country_code", lambda f: f.put(2, "country_code", "E92000002"), DATA, 2, "country_code", "of no one country"),
    ("country_code", lambda f: f.put(2, "country_name", SECRET), DATA, 2, "country_code", "England is E92000001"),
    ("region_code", lambda f: f.put(6, "region_code", SECRET), DATA, 6, "region_code", "no code of a region"),
    ("la_code", lambda f: f.put(7, "old_la_code", "84"), DATA, 7, "old_la_code", "not three digits"),
    ("la_code", lambda f: f.put(7, "new_la_code", SECRET), DATA, 7, "new_la_code", "no code of an authority"),
    ("area_names", lambda f: f.put(8, "la_name", SECRET), DATA, 7, "new_la_code", "more than one name"),
    ("area_names", lambda f: f.put(8, "region_code", "E12000002"), DATA, 6, "region_name", "more than one code"),
    ("place_total", lambda f: f.put(6, "region_name", "All"), DATA, 6, "region_name", "no such item"),
    ("cell_spaces", lambda f: f.put(7, "answer", f" {SECRET}"), DATA, 7, "answer", "a space stands at an end"),
    ("cell_spaces", lambda f: f.put_meta(2, "label", f"{SECRET}\n!"), META, 2, "label", "a line break"),
    ("blank_lines", lambda f: f.add("lad_name", "", 10), DATA, 0, "lad_name", "Take the column away"),
    ("blank_lines", lambda f: f.data.append([""] * 15), DATA, 9, "", "Take the row away"),
    ("duplicate_rows", _repeat, DATA, 9, "", "Also in row 10."),
    ("formula_text", lambda f: f.put(7, "answer", f"={SECRET}"), DATA, 7, "answer", "an apostrophe"),
    ("formula_text", lambda f: f.put(7, "answer", f"＠{SECRET}"), DATA, 7, "answer", "an apostrophe"),
    ("formula_text", lambda f: f.put_meta(3, "label", f"-{SECRET}"), META, 3, "label", "an apostrophe"),
]


def test_the_pair_that_is_broken_below_passes(tmp_path: Path):
    Files().write(tmp_path)
    result = check_folder(tmp_path)
    assert [str(problem) for problem in result.problems] == []
    assert (result.passes, result.pairs) == (True, ["safety"])


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{check}-{number}" for number, (check, *_) in enumerate(BROKEN)])
def test_a_broken_copy_fails_with_what_to_do(broken: Broken, tmp_path: Path):
    name, damage, file, row, column, words = broken
    files = Files()
    damage(files)
    files.write(tmp_path)
    result = check_folder(tmp_path)
    assert not result.passes
    found = [problem for problem in result.problems if problem.check == name]
    assert found, [str(problem) for problem in result.problems]
    assert (found[0].file, found[0].row, found[0].column) == (file or tmp_path.name, row, column)
    assert words in found[0].message
    assert found[0].message.rstrip().endswith(".")
    assert not [problem for problem in result.problems if SECRET in str(problem)]


def test_every_check_has_a_broken_copy():
    assert {check for check, *_ in BROKEN} == {*FILE_CHECKS, *PAIR_CHECKS}


def test_every_check_says_what_it_demands():
    demands = [*FILE_CHECKS.values(), *(check.demand for check in PAIR_CHECKS.values())]
    assert all(demand.endswith(".") for demand in demands)
    assert len(set(demands)) == len(demands)


def test_rows_beyond_the_first_are_named_or_counted(tmp_path: Path):
    files = Files()
    for row in range(2, 9):
        files.put(row, "number", SECRET)
    files.write(tmp_path)
    (problem,) = check_folder(tmp_path).problems
    assert problem.row == 2
    assert problem.message.endswith("Also in row 3, 4, 5 and 3 more.")


@given(
    st.sampled_from(["data", "meta"]),
    st.integers(1, 8),
    st.integers(0, 14),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["²", "٣", "-", "=", "x", "\x00"]),
)
@example("meta", 4, 5, "²")
@example("data", 2, 0, "٢٠٢٣٢٤")
@settings(max_examples=150, deadline=None)
def test_no_cell_makes_the_checks_stumble(
    tmp_path_factory: pytest.TempPathFactory, table: str, row: int, column: int, cell: str
):
    """Whatever stands in a cell, there are sentences or none, and no sentence holds it."""
    files = Files()
    rows = files.data if table == "data" else files.meta
    cells = rows[min(row, len(rows)) - 1]
    cells[min(column, len(cells) - 1)] = f"{SECRET}{cell}" if row % 2 else cell
    folder = tmp_path_factory.mktemp("cell")
    files.write(folder)
    found = check_folder(folder).problems
    assert all(problem.message.endswith(".") for problem in found)
    # The name of a column is no value, but a header that is none is not repeated either.
    assert not [problem for problem in found if SECRET in problem.message]


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_file_makes_the_checks_stumble(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    folder = tmp_path_factory.mktemp("file")
    (folder / "safety.csv").write_bytes(content)
    (folder / "safety.meta.csv").write_bytes(content)
    assert not check_folder(folder).passes


def test_both_pairs_of_a_folder_are_checked(tmp_path: Path):
    Files().write(tmp_path)
    other = Files(data_name="other.csv", meta_name="other.meta.csv")
    other.put(2, "number", "")
    other.write(tmp_path)
    result = check_folder(tmp_path)
    assert result.pairs == ["other", "safety"]
    assert {problem.file for problem in result.problems} == {"other.csv"}


def test_the_command_line_ends_with_1_where_a_check_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = Files()
    files.write(tmp_path)
    assert main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == "safety: passes"
    assert said.splitlines()[-1] == f"1 data set, {len(FILE_CHECKS) + len(PAIR_CHECKS)} checks: all pass"
    files.put(4, "number", SECRET)
    files.write(tmp_path)
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "safety: fails" in said
    assert "safety.csv, row 4, column number: it is neither number nor symbol." in said
    assert "[indicator_value]" in said
    assert SECRET not in said


def test_a_folder_that_is_not_there_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "nowhere: the folder holds no CSV file." in capsys.readouterr().out
