"""The open data of a release: pairs of CSV files, a workbook, a data package, all from the published figures."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from orchestration.errors import OperatorError
from reporting.figures import Figure
from reporting.open_data import WORKBOOK, write_open_data
from reporting.open_data.data_sets import data_sets_of, read
from reporting.open_data.ees import SYMBOLS, guarded, number, plain, unguarded, write_pair
from reporting.open_data.settings import LICENCE_VARIABLE, LICENCES, licence_from
from reporting.open_data.standard import check_folder
from reporting.open_data.workbook import write_workbook
from tests.support.open_data_release import NASTY, care, figure, figures_of, hidden, write_release

INDICATORS = {
    "number", "base", "percentage", "percentage_lower_limit", "percentage_upper_limit", "mean", "median",
    "rate_per_10000", "other_value",
}  # fmt: skip


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return figures_of()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, figures: list[Figure]) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "insights.duckdb", figures)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Path:
    folder = tmp_path_factory.mktemp("public") / "open_data"
    written = write_open_data(database, folder)
    assert written == sorted(folder.iterdir())
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The data files of the folder, by name."""
    return {path.stem: _read(path) for path in folder.glob("*.csv") if not path.stem.endswith(".meta")}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _find(rows: list[dict[str, str]], **cells: str) -> dict[str, str]:
    (row,) = [row for row in rows if all(row.get(name, "Total") == cell for name, cell in cells.items())]
    return row


WHOLE = {"time_period": "202324", "service": "Total", "breakdown": "Total", "answer": "Total", "stage": "Total"}


def test_the_files_pass_the_standards_checks(folder: Path):
    result = check_folder(folder)
    assert [str(problem) for problem in result.problems] == []
    assert result.pairs == [
        *("insights_co_occurrence", "insights_outcomes", "insights_profile", "social_care_analyses_financial_years"),
        *("social_care_at_31_march", "social_care_calendar_years", "social_care_financial_years"),
        "social_care_other_periods",
    ]


def test_a_percentage_stands_with_its_count_its_n_and_its_limits(tables: dict[str, list[dict[str, str]]]):
    row = _find(tables["insights_outcomes"], **WHOLE, topic="Is the child safe?", response="Yes")
    assert {name: row[name] for name in INDICATORS & set(row)} == {
        **{"number": "50", "base": "200", "percentage": "25.0", "mean": "z", "median": "z"},
        **{"percentage_lower_limit": "19.5", "percentage_upper_limit": "31.4"},
    }
    assert [row[name] for name in row if "change" in name] == ["-2.3", "-9.0", "4.6"]
    assert [row[name] for name in row if name.startswith("difference")] == ["z", "z", "z"]


def test_symbols_say_why_a_number_is_not_there(tables: dict[str, list[dict[str, str]]]):
    outcomes = tables["insights_outcomes"]
    safe = {**WHOLE, "topic": "Is the child safe?"}
    assert _find(outcomes, **safe, response="Rare")["percentage"] == "low"
    assert _find(outcomes, **safe, response="Rare")["number"] == "6"
    nobody = _find(outcomes, **{**safe, "time_period": "202122"}, response="Yes")
    assert (nobody["number"], nobody["base"], nobody["percentage"], nobody["percentage_change"]) == ("0", "0", "z", "x")
    service = _find(outcomes, **{**safe, "service": "HARBOUR"}, response="Yes")
    assert (service["difference_to_other_services"], service["difference_lower_limit"]) == ("-7.2", "x")
    assert _find(tables["insights_profile"], time_period="202324", topic="Forms", response="Elsewhere")["number"] == "x"


def test_a_mean_and_a_median_stand_in_columns_of_their_own(tables: dict[str, list[dict[str, str]]]):
    safe = {**WHOLE, "topic": "Is the child safe?"}
    mean = _find(tables["insights_outcomes"], **safe, response="Mean age, in years")
    assert [mean[name] for name in ("number", "base", "percentage", "mean", "median")] == ["z", "200", "z", "8.2", "z"]
    median = _find(tables["insights_outcomes"], **safe, response="Median stay (weeks)")
    assert [median[name] for name in ("number", "base", "percentage", "mean", "median")] == [
        "z",
        "200",
        "z",
        "z",
        "14.0",
    ]


def test_total_is_the_n_of_a_table(tables: dict[str, list[dict[str, str]]]):
    total = _find(tables["insights_outcomes"], **WHOLE, topic="Labels", response="Total")
    assert [total[name] for name in ("number", "base", "percentage")] == ["200", "200", "z"]


def test_no_total_where_percentages_have_different_bases_or_none_is_published(tables: dict[str, list[dict[str, str]]]):
    # One topic has two n, of the other every figure is hidden.
    for topic in ("Is the child safe?", "Columns"):
        rows = [row for row in tables["insights_outcomes"] if row["topic"] == topic and row["time_period"] == "202324"]
        assert rows
        assert not [row for row in rows if row["response"] == "Total" and row["breakdown"] == row["service"] == "Total"]


def test_a_table_that_has_a_total_of_its_own_gets_no_second(tmp_path: Path):
    made = [
        figure(),
        figure(row_order=2, row_label="Total", statistic="count", numerator=200, value=200.0, unit="forms"),
    ]
    write_open_data(write_release(tmp_path / "insights.duckdb", made), tmp_path / "open_data")
    rows = _read(tmp_path / "open_data" / "insights_outcomes.csv")
    assert [(row["response"], row["number"], row["base"]) for row in rows] == [
        ("Yes", "50", "200"),
        ("Total", "200", "z"),
    ]


def test_answers_stand_under_their_group_and_groups_under_theirs(tables: dict[str, list[dict[str, str]]]):
    rows = [row for row in tables["insights_profile"] if row["topic"] == "Ethnicity"]
    assert [(row["response_group"], row["response"]) for row in rows] == [
        *(("Total", "Total"), ("White", "White"), ("White", "Irish"), ("White", "Other"), ("Total", "Other")),
    ]
    girl = _find(tables["insights_outcomes"], breakdown="Girl", response="Yes")
    assert (girl["breakdown_topic"], girl["percentage"]) == ("Gender", "30.0")


def test_areas_of_the_returns_stand_at_their_level(tables: dict[str, list[dict[str, str]]]):
    rows = [row for row in tables["social_care_financial_years"] if row["time_period"] == "201516"]
    assert [
        (row["geographic_level"], row["new_la_code"], row["comparator"], row["rate_per_10000"]) for row in rows
    ] == [
        ("National", "", "Total", "19.5"),
        ("Local authority", "E06999999", "Total", "20.0"),
        ("Local authority", "E06999999", "Statistical neighbours", "21.0"),
    ]
    assert {row["la_name"] for row in rows} == {"", 'Sherwood & "Forest"'}


def test_a_rate_of_an_authority_stands_with_its_limits_and_its_change(tables: dict[str, list[dict[str, str]]]):
    row = _find(
        [row for row in tables["social_care_financial_years"] if row["geographic_level"] == "Local authority"],
        **{"time_period": "201516", "comparator": "Total"},
    )
    assert [row[name] for name in ("number", "base", "rate_per_10000")] == ["120", "60000", "20.0"]
    assert [row[name] for name in row if name.startswith("rate_") and name.endswith("limit")][:2] == ["16.6", "23.9"]
    assert [row[name] for name in row if name.startswith("rate_change")] == ["-1.5", "-3.0", "0.2"]


def test_figures_of_other_marts_have_names_in_words(folder: Path, tables: dict[str, list[dict[str, str]]]):
    together = tables["insights_co_occurrence"]
    assert {(row["topic"], row["response"], row["answer"], row["number"], row["other_value"]) for row in together} == {
        ("Three of them", "Total", "Total", "200", "z"),
        ("Three of them (ratio)", "All", "Total", "50", "1.23"),
        ("Three of them", "All", "Share", "0", "z"),
    }
    left = tables["social_care_analyses_financial_years"]
    assert {(row["topic"], row["breakdown"], row["response"], row["median"]) for row in left} == {
        ("How children leave care (per 10,000 children 0-17)", "as planned", "Referrals", "z"),
        ("How children leave care (per 10,000 children 0-17)", "other", "Referrals", "z"),
        ("How children leave care (days)", "Total", "Stay", "20.0"),
    }
    # Of combinations that nobody had, the workbook says nothing.
    (table,) = [rows for rows in _sheets(folder).values() if "what occurs together" in str(rows[0][0])]
    assert [row[0].split(" [note")[0] for row in table[_header(table) + 1 :]] == ["Three of them (ratio)"]


def test_a_file_has_one_kind_of_period(tables: dict[str, list[dict[str, str]]]):
    kinds = {name: {(row["time_period"], row["time_identifier"]) for row in rows} for name, rows in tables.items()}
    assert kinds["social_care_at_31_march"] == {("2016", "Reporting year")}
    assert kinds["social_care_calendar_years"] == {("2016", "Calendar year")}
    assert kinds["social_care_financial_years"] == {("201415", "Financial year"), ("201516", "Financial year")}
    (other,) = tables["social_care_other_periods"]
    assert other["time_identifier"] == "Reporting year"


def test_every_published_figure_stands_in_one_row(figures: list[Figure], tables: dict[str, list[dict[str, str]]]):
    """Counted by what is in them, because a row that stands nowhere or twice is seen by that and by nothing else."""
    rows = [row for table in tables.values() for row in table]
    totals = [
        row for row in rows if row.get("response") == "Total" and row.get("percentage") == "z" and row["base"] != "z"
    ]
    assert len(rows) - len(totals) == len(figures)
    shares = sorted(
        f"{made.numerator}/{made.denominator}"
        for made in figures
        if made.statistic == "percentage" and made.value is not None
    )
    printed = sorted(f"{row['number']}/{row['base']}" for row in rows if row.get("percentage", "z") not in {"z", "c"})
    assert printed == shares


def test_hidden_figures_are_c_in_every_column_they_could_fill(
    figures: list[Figure], tables: dict[str, list[dict[str, str]]]
):
    rows = [row for table in tables.values() for row in table if "c" in row.values()]
    assert len(rows) == sum(made.is_hidden for made in figures) > 20
    for row in rows:
        filled = {name: cell for name, cell in row.items() if name in INDICATORS or "limit" in name or "change" in name}
        assert set(filled.values()) <= {"c", "z"}
        assert filled["number"] == filled["base"] == "c"
    # Nothing of a hidden figure is left as 0 or as a blank.
    assert not [row for row in rows if "" in [row[name] for name in INDICATORS & set(row)]]


@pytest.mark.parametrize("label", NASTY)
def test_a_label_is_text_in_the_csv_and_in_the_workbook(
    label: str, folder: Path, tables: dict[str, list[dict[str, str]]]
):
    cells = {row["response"] for row in tables["insights_outcomes"] if row["topic"] == "Labels"}
    assert guarded(label) in cells
    assert label in {unguarded(cell) for cell in cells}
    assert not guarded(label).startswith(("=", "+", "-", "@", "＝"))
    assert label in {cell for row in _sheets(folder)["Table_1"] for cell in row}


def test_the_workbook_has_no_formula_and_links_only_to_itself(folder: Path):
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
        assert not [
            name
            for name in book.namelist()
            if name.startswith("xl/worksheets/_rels") and b"External" in book.read(name)
        ]
    assert len(sheets) > 8
    assert not [name for name, xml in sheets.items() if "<f>" in xml or "<f " in xml]


def test_each_sheet_holds_one_marked_table_from_a1_without_gaps(folder: Path):
    names = list(_sheets(folder))
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        for place, name in enumerate(names, start=1):
            xml = book.read(f"xl/worksheets/sheet{place}.xml").decode()
            assert "<mergeCell" not in xml
            assert re.search(r'<dimension ref="A1(:|")', xml)
            # The cursor is in A1.
            assert "topLeftCell" not in xml
            assert "activeCell" not in xml
            assert xml.count("<tablePart ") == (0 if name == "Cover" else 1)
    assert names[:3] == ["Cover", "Contents", "Notes"]
    for name, rows in _sheets(folder).items():
        assert not [row for row in rows if not any(cell != "" for cell in row)], name
        header = _header(rows) if name.startswith("Table_") else 0
        for row in rows[header:] if header else []:
            assert "" not in row


def _sheets(folder: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(folder / WORKBOOK))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _header(rows: list[list[Any]]) -> int:
    return next(place for place, row in enumerate(rows) if row[0] == "Topic")


def test_the_workbook_holds_the_published_figures(figures: list[Figure], folder: Path):
    """Every number of all services together, and of every area, read back and compared with the figures themselves."""
    wanted = sorted(
        (made.numerator, made.denominator, float(_half_up(Fraction(100 * made.numerator, made.denominator))))
        for made in figures
        if made.theme == "insights" and made.source == "indicator_value" and made.value is not None
        and made.geography_level == "all_services" and made.breakdown == "total" and made.statistic == "percentage"
        and made.numerator and made.denominator == 200
    )  # fmt: skip
    found = []
    for name, rows in _sheets(folder).items():
        if not name.startswith("Table_"):
            continue
        place = _header(rows)
        heads = [str(cell).split("\n")[0] for cell in rows[place]]
        for row in rows[place + 1 :]:
            for year in ("2023-24", "2022-23"):
                try:
                    parts = [
                        row[heads.index(f"{year}: {what}")] for what in ("Number", "Number in the base", "Percentage")
                    ]
                except ValueError:
                    continue
                if isinstance(parts[2], float) and parts[1] == 200:
                    found.append(tuple(parts))
    assert len(wanted) > len(NASTY)
    assert sorted(found) == wanted


def _half_up(value: Fraction) -> Fraction:
    return Fraction((20 * value + 1) // 2, 10)


def test_hidden_cells_of_the_workbook_are_marked_and_never_0(folder: Path):
    rows = _sheets(folder)["Table_1"]
    place = _header(rows)
    (row,) = [row for row in rows if row[0].startswith("Is the child safe?") and row[1] == "Don't know"]
    shown = dict(zip([str(cell).split("\n")[0] for cell in rows[place]], row, strict=True))
    assert shown["2023-24: Number"] == shown["2023-24: Percentage"] == shown["2023-24: Number in the base"] == "[c]"
    assert shown["2022-23: Number"] == "[x]"


def test_notes_say_who_is_counted(folder: Path):
    sheets = _sheets(folder)
    notes = {f"[note {row[0]:.0f}]": row[1] for row in sheets["Notes"] if isinstance(row[0], float)}
    assert "Intake forms dated in the year" in notes.values()
    referred = {
        note
        for rows in sheets.values()
        for row in rows
        for cell in row
        for note in re.findall(r"\[note \d+\]", str(cell))
    }
    assert referred == set(notes)


def test_the_contents_list_and_link_every_table(folder: Path):
    sheets = _sheets(folder)
    listed = {row[0]: row[1] for row in sheets["Contents"] if str(row[0]).startswith("Table_")}
    assert listed == {name: rows[0][0] for name, rows in sheets.items() if name.startswith("Table_")}
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        xml = book.read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r'location="\'(\w+)\'!A1"', xml) == list(listed)


def test_the_data_package_describes_every_file_and_every_column(folder: Path):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "data-package"
    assert {resource["path"] for resource in package["resources"]} == {
        path.name for path in folder.iterdir() if path.name != "datapackage.json"
    }
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in [package["name"], *names])
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["title"]
        assert resource["description"]
        if resource["format"] != "csv":
            assert resource["mediatype"].endswith("spreadsheetml.sheet")
            continue
        assert (resource["mediatype"], resource["encoding"]) == ("text/csv", "utf-8")
        fields = resource["schema"]["fields"]
        rows = _read(folder / resource["path"])
        assert [field["name"] for field in fields] == list(rows[0])
        assert all(field["description"] and field["title"] for field in fields)
        for field in fields:
            present = [
                row[field["name"]] for row in rows if row[field["name"]] not in resource["schema"]["missingValues"]
            ]
            assert field["type"] in {"string", "integer", "number"}
            if field["type"] != "string":
                assert all(
                    re.fullmatch(r"-?\d+" if field["type"] == "integer" else r"-?\d+\.\d+", cell) for cell in present
                )
    assert not {"created", "licenses"} & set(package)
    assert "No licence is stated" in package["description"]


def test_writing_again_gives_the_same_bytes(database: Path, folder: Path, tmp_path: Path):
    again = tmp_path / "elsewhere"
    write_open_data(database, again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_rows_come_in_the_same_order_whatever_the_table_has(figures: list[Figure], folder: Path, tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", figures[::-1])
    write_open_data(database, tmp_path / "open_data")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "open_data" / path.name).read_bytes(), path.name


def test_a_stated_licence_stands_in_the_package_and_on_the_cover(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(LICENCE_VARIABLE, "OGL-UK-3.0")
    write_open_data(database, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [licence["name"] for licence in package["licenses"]] == ["OGL-UK-3.0"]
    assert "No licence" not in package["description"]
    assert any("Open Government Licence" in str(row[0]) for row in _sheets(tmp_path)["Cover"])


def test_an_unknown_licence_stops_the_publication(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(LICENCE_VARIABLE, "Zanzibar")
    with pytest.raises(OperatorError) as stopped:
        write_open_data(database, tmp_path / "open_data")
    assert all(name in str(stopped.value) for name in (LICENCE_VARIABLE, *LICENCES))
    assert "Zanzibar" not in str(stopped.value)
    assert not (tmp_path / "open_data").exists()
    assert licence_from({}) is None


def test_files_that_break_the_standard_stop_the_publication(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [figure(), figure(row_order=2, row_label="NULL")])
    with pytest.raises(OperatorError, match="nothing may be published") as stopped:
        write_open_data(database, tmp_path / "open_data")
    assert "insights_outcomes.csv, row 4, column response: a program's word for nothing stands there" in str(
        stopped.value
    )


def test_two_lines_of_one_name_stop_the_publication(tmp_path: Path):
    figures = [figure(), figure(row_order=2, row_label="No"), figure(row_order=3, row_label=" Yes ", numerator=1)]
    database = write_release(tmp_path / "insights.duckdb", figures)
    with pytest.raises(OperatorError, match="an earlier row has the same period, place and items"):
        write_open_data(database, tmp_path / "open_data")


def test_a_geography_without_a_level_stops_the_publication(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [figure(geography_level="ward", geography_code="E05000001")])
    with pytest.raises(OperatorError, match="no level for figures of the geography 'ward'"):
        write_open_data(database, tmp_path / "open_data")


def test_a_release_without_figures_writes_nothing(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [])
    assert write_open_data(database, tmp_path / "open_data") == []
    assert not (tmp_path / "open_data").exists()


def test_a_release_of_forms_only_and_of_one_figure_has_its_files(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [hidden(), figure(row_order=2, row_label="No")])
    write_open_data(database, tmp_path / "open_data")
    assert check_folder(tmp_path / "open_data").passes
    assert [row["number"] for row in _read(tmp_path / "open_data" / "insights_outcomes.csv")] == ["200", "c", "50"]


def test_topics_of_the_same_title_are_told_apart(tmp_path: Path):
    made = [figure(indicator_id=name) for name in ("safe", "paired", "nasty", "columns")]
    # Beside other topics, in a file of its own, a name may come again.
    made += [figure(source="co_occurrence", parent_label="Areas"), figure(source="co_occurrence", indicator_id="trio")]
    made += [care(), care(indicator_id="in_need", statistic="count", unit="count")]
    titles = {"safe": "Presence of abuse", "nasty": "Areas", "columns": "Areas", "in_need": "Referrals"}
    lines, labels = read(write_release(tmp_path / "insights.duckdb", made, titles))
    sets = {data_set.name: data_set for data_set in data_sets_of(lines, labels)}

    def topics(name: str) -> set[str]:
        return {row[sets[name].columns.index("topic")] for row in sets[name].rows}

    assert topics("insights_outcomes") == {
        *("Presence of abuse", "At exit: Presence of abuse", "Areas [nasty]", "Areas [columns]")
    }
    assert topics("insights_co_occurrence") == {"Areas", "Trio"}
    assert topics("social_care_financial_years") == {"Referrals (per 10,000 children 0-17)", "Referrals"}


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        *[(0.15, 1, "0.2"), (2.25, 1, "2.3"), (-2.25, 1, "-2.3"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3")],
        *[(-0.04, 1, "0.0"), (1e15, 0, "1000000000000000"), (1e-9, 2, "0.00"), (100.0, 1, "100.0"), (8, 1, "8.0")],
    ],
)
def test_numbers_are_rounded_half_up_on_their_decimal_form(value: float, decimals: int, text: str):
    assert number(value, decimals) == text


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_percentage_is_rounded_as_its_fraction_is(share: tuple[int, int]):
    count, n = share
    assert Fraction(number(100.0 * count / n, 1)) == _half_up(Fraction(100 * count, n))


_LABELS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(NASTY),
    min_size=1,
    max_size=6,
    unique_by=plain,
)


@given(_LABELS)
@example(["\x00\x1f", "a\nb", "  =1  ", "\ufeff+1", "'", "'=1", "''=1"])
@settings(max_examples=40, deadline=None)
def test_any_label_comes_back_from_both_kinds_of_file(
    database: Path, tmp_path_factory: pytest.TempPathFactory, labels: list[str]
):
    wanted = [plain(label) for label in labels]
    assume(not {label.lower() for label in wanted} & {"na", "nan", "null", "#n/a", "total"})
    folder = tmp_path_factory.mktemp("labels")
    published, names = read(database)
    first = next(line for line in published if line.indicator_id == "nasty")
    lines = [first._replace(row_label=label) for label in labels]
    for data_set in data_sets_of(lines, names):
        write_pair(data_set, folder)
    assert [str(problem) for problem in check_folder(folder).problems] == []
    rows = _read(folder / "insights_outcomes.csv")
    assert [unguarded(row["response"]) for row in rows] == ["Total", *wanted]
    write_workbook(lines, names, folder / WORKBOOK, None)
    table = _sheets(folder)["Table_1"]
    assert [row[1] for row in table[_header(table) + 1 :]] == wanted


def test_symbols_are_those_of_the_standard():
    assert set(SYMBOLS) == {"c", "z", "x", "low", "u"}
