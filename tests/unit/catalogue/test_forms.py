"""The catalogue is consistent: references resolve, every published figure has a place in the report."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from catalogue import Catalogue, load_catalogue
from catalogue.folding import fold_header
from synthetic.sample_catalogue import sample_catalogue
from tests.support.paths import SEEDS, sample_seeds


def read(name: str) -> list[dict[str, str]]:
    with (sample_seeds() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_question_numbers_and_option_numbers_make_unique_answer_ids(catalogue: Catalogue) -> None:
    ids = [
        catalogue.answer_id(question.question_id, option.option_code)
        for question in catalogue.questions.values()
        for option in catalogue.options_of(question.question_id)
    ]
    assert len(ids) == len(set(ids))
    assert max(option.option_no for options in catalogue.options.values() for option in options) < 98


def test_every_parent_question_is_of_the_form_and_its_opening_answers_exist(catalogue: Catalogue) -> None:
    gated = [question for question in catalogue.questions.values() if question.parent_question_id]
    assert gated
    for question in gated:
        parent = catalogue.questions[question.parent_question_id or ""]
        assert parent.form_id == question.form_id
        assert question.parent_option_codes
        codes = {option.option_code for option in catalogue.options_of(parent.question_id)}
        assert set(question.parent_option_codes) <= codes, question.question_id


def test_option_sets_exist_for_every_question_that_needs_one(catalogue: Catalogue) -> None:
    for question in catalogue.questions.values():
        if question.answer_type in ("single", "tick_all", "matrix"):
            assert catalogue.options_of(question.question_id), question.question_id


@pytest.mark.parametrize("form_id", ["intake", "review", "exit"])
def test_one_header_never_means_two_columns(catalogue: Catalogue, form_id: str) -> None:
    for header, meanings in catalogue.written_headers(form_id).items():
        assert len({(meaning.question_id, meaning.option_code) for meaning in meanings}) == 1, header


@pytest.mark.parametrize("form_id", ["intake", "review", "exit"])
def test_headers_of_one_export_are_distinct(catalogue: Catalogue, form_id: str) -> None:
    for version in catalogue.form_versions(form_id):
        for convention_id in catalogue.conventions:
            headers = catalogue.headers(form_id, version.form_version, convention_id)
            names = [fold_header(header.header) for header in headers]
            assert len(names) == len(set(names))


def test_never_stored_questions_have_no_raw_column(catalogue: Catalogue) -> None:
    never = {question.question_id for question in catalogue.questions.values() if not question.is_stored}
    assert {"intake_admin_notes", "review_admin_notes", "exit_admin_notes"} <= never
    stored = {column.question_id for form_id in catalogue.forms for column in catalogue.raw_columns(form_id)}
    assert not never & stored


def test_the_older_wording_of_the_exposure_section_is_known(catalogue: Catalogue) -> None:
    index = catalogue.header_index("intake")
    old = index["witness_supported"]
    assert {header.raw_column for header in old} == {"intake_exposure_supported"}
    assert {header.form_version for header in old} == {"v1"}


def test_populations_and_report_rows_refer_to_known_questions_and_answers() -> None:
    catalogue = sample_catalogue()
    cohorts = {row["cohort_id"] for row in read("forms/cohort")}
    populations = {row["population_id"] for row in read("forms/population")}
    column_sets = {row["column_set"] for row in read("forms/column_set")}
    tables = {row["table_id"] for row in read("forms/report_table")}
    special = {"missing", "closed", "*"}
    for row in read("forms/population"):
        assert row["cohort_id"] in cohorts
        if row["question_id"]:
            codes = {option.option_code for option in catalogue.options_of(row["question_id"])}
            assert set(row["option_codes"].split(";")) <= codes
    for row in read("forms/report_row"):
        assert row["table_id"] in tables
        assert row["population_id"] in populations or row["statistic"] == "external"
        assert not row["column_set"] or row["column_set"] in column_sets
        if row["question_id"]:
            options = catalogue.options_of(row["question_id"])
            codes = {option.option_code for option in options} | special
            assert {code for code in row["option_codes"].split(";") if code} <= codes, row
            groups = {option.option_group for option in options}
            assert not row["option_group"] or row["option_group"] in groups


def test_options_stand_by_number_whichever_file_they_are_in(catalogue: Catalogue) -> None:
    area = "concern_family_relationships"
    assert [option.option_no for option in catalogue.options[area]] == [4]
    assert [option.option_no for option in sample_catalogue().options[area]] == [1, 2, 3, 4]
    asked = "intake_concerns_family_relationships_areas"
    columns = [one.option_code for one in sample_catalogue().raw_columns("intake") if one.question_id == asked]
    assert columns == [None, "label_lost_1", "label_lost_2", "label_lost_3", "other"]


def test_every_published_figure_has_exactly_one_report_row() -> None:
    columns: dict[str, list[str]] = {}
    for column in read("forms/column_set"):
        columns.setdefault(column["column_set"], []).append(column["column_label"])
    places: Counter[tuple[str, str, str, str]] = Counter()
    for row in read("forms/report_row"):
        for label in columns.get(row["column_set"], [row["column_label"]]):
            places[row["table_id"], row["point"], row["row_order"], label] += 1
    assert max(places.values()) == 1
    figures = read("publication/published_figure")
    assert len(figures) == 2613
    for figure in figures:
        assert places[figure["table_id"], figure["point"], figure["row_order"], figure["column_label"]] == 1
    assert len(read("forms/report_table")) == 104


def test_every_anomaly_covers_at_least_one_published_figure() -> None:
    figures = read("publication/published_figure")
    for anomaly in read("publication/published_anomaly"):
        rows = set(filter(None, anomaly["row_order"].split(";")))
        covered = [
            figure
            for figure in figures
            if figure["table_id"] == anomaly["table_id"]
            and figure["year"] == anomaly["year"]
            and anomaly["point"] in ("", figure["point"])
            and (not rows or figure["row_order"] in rows)
        ]
        assert covered, anomaly["anomaly_id"]


def test_a_label_that_the_publication_got_wrong_is_said_properly_in_the_catalogue() -> None:
    wrong = [one for one in read("publication/published_anomaly") if one["kind"] == "label"]
    assert wrong
    for anomaly in wrong:
        labels = {
            row["row_label"].lower()
            for row in read("forms/report_row")
            if row["table_id"] == anomaly["table_id"] and row["row_order"] == anomaly["row_order"]
        }
        assert labels == {anomaly["recomputed"].lower()}
    # The same slip is in the heading over the tables of exposure.
    for table in read("forms/report_table"):
        if table["table_id"].startswith("exit_exposure_"):
            assert "direct abuse" not in (table["subsection"] + table["title"]).lower()


def test_the_fingerprint_changes_with_any_seed(tmp_path: Path) -> None:
    for path in (SEEDS / "forms").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = Catalogue(tmp_path).fingerprint()
    assert before == load_catalogue().fingerprint()
    with (tmp_path / "wording.csv").open("a", encoding="utf-8") as handle:
        handle.write("exit,v1,question_label,exit_closure_type,How did the case close?\n")
    assert Catalogue(tmp_path).fingerprint() != before
