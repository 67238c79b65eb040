"""Writing the open data of a release: what describes them, and what stops the publication."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reporting.errors import ReportError
from reporting.figures import Figure
from reporting.open_data.checks.folder import check_folder
from reporting.open_data.data_sets import data_sets_of
from reporting.open_data.ees import plain, unguarded, write_pair
from reporting.open_data.licence import LICENCE_VARIABLE, LICENCES, licence_from
from reporting.open_data.lines import read
from reporting.open_data.workbook import write_workbook
from reporting.open_data.writing import WORKBOOK, write_open_data
from tests.support.figures import figure
from tests.support.open_data_release import NASTY, header_of, hidden, read_csv, sheets_of, write_release


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
        rows = read_csv(folder / resource["path"])
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
    assert any("Open Government Licence" in str(row[0]) for row in sheets_of(tmp_path)["Cover"])


def test_an_unknown_licence_stops_the_publication(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(LICENCE_VARIABLE, "Zanzibar")
    with pytest.raises(ReportError) as stopped:
        write_open_data(database, tmp_path / "open_data")
    assert all(name in str(stopped.value) for name in (LICENCE_VARIABLE, *LICENCES))
    assert "Zanzibar" not in str(stopped.value)
    assert not (tmp_path / "open_data").exists()
    assert licence_from({}) is None


def test_files_that_break_the_standard_stop_the_publication(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [figure(), figure(row_order=2, row_label="NULL")])
    with pytest.raises(ReportError, match="nothing may be published") as stopped:
        write_open_data(database, tmp_path / "open_data")
    assert "insights_outcomes.csv, row 4, column response: a program's word for nothing stands there" in str(
        stopped.value
    )


def test_two_lines_of_one_name_stop_the_publication(tmp_path: Path):
    figures = [figure(), figure(row_order=2, row_label="No"), figure(row_order=3, row_label=" Yes ", numerator=1)]
    database = write_release(tmp_path / "insights.duckdb", figures)
    with pytest.raises(ReportError, match="an earlier row has the same period, place and items"):
        write_open_data(database, tmp_path / "open_data")


def test_a_geography_without_a_level_stops_the_publication(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [figure(geography_level="ward", geography_code="E05000001")])
    with pytest.raises(ReportError, match="no level for figures of the geography 'ward'"):
        write_open_data(database, tmp_path / "open_data")


def test_a_release_without_figures_writes_nothing(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [])
    assert write_open_data(database, tmp_path / "open_data") == []
    assert not (tmp_path / "open_data").exists()


def test_a_release_of_forms_only_and_of_one_figure_has_its_files(tmp_path: Path):
    database = write_release(tmp_path / "insights.duckdb", [hidden(), figure(row_order=2, row_label="No")])
    write_open_data(database, tmp_path / "open_data")
    assert check_folder(tmp_path / "open_data").passes
    assert [row["number"] for row in read_csv(tmp_path / "open_data" / "insights_outcomes.csv")] == ["200", "c", "50"]


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
    published, names, programme = read(database)
    first = next(line for line in published if line.figure.indicator_id == "nasty")
    lines = [first._replace(figure=replace(first.figure, row_label=label)) for label in labels]
    for data_set in data_sets_of(lines, names):
        write_pair(data_set, folder)
    assert [str(problem) for problem in check_folder(folder).problems] == []
    rows = read_csv(folder / "insights_outcomes.csv")
    assert [unguarded(row["response"]) for row in rows] == ["Total", *wanted]
    write_workbook(lines, names, folder / WORKBOOK, None, programme)
    table = sheets_of(folder)["Table_1"]
    assert [row[1] for row in table[header_of(table) + 1 :]] == wanted
