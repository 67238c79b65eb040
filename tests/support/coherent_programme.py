"""A programme that adds a section with every kind of question, and tables of every kind: all of it holds together."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from catalogue.assembly import write_catalogue
from catalogue.errors import ProgrammeError
from catalogue.programme import Programme

Cells = Mapping[str, str]
_QUESTION = {
    "form_id": "intake", "section_id": "intake_home", "matrix_id": "", "matrix_label": "", "parent_question_id": "",
    "parent_option_codes": "", "is_required": "false", "storage": "store", "derivation": "", "derived_from": "",
    "unit": "", "minimum": "", "maximum": "",
}  # fmt: skip
_ROW = {
    "table_id": "home", "point": "", "column_order": "", "row_label": "", "parent_row_order": "", "column_label": "",
    "column_set": "", "population_id": "intake_forms", "question_id": "", "option_codes": "", "option_group": "",
    "statistic": "percentage", "unit": "%", "decimals": "0", "is_published": "true",
}  # fmt: skip


def _question(number: int, code: str, answer_type: str, option_set: str = "", **cells: str) -> Cells:
    return {
        "question_no": str(number), "question_id": f"intake_home_{code}", "question_order": str(900 + number % 100),
        "question_code": code, "question_label": code.capitalize(), "answer_type": answer_type,
        "option_set": option_set, **_QUESTION, **cells,
    }  # fmt: skip


def _option(option_set: str, number: int, code: str, label: str, **cells: str) -> Cells:
    blank = {"option_group": "", "option_kind": "answer", "lower_bound": "", "upper_bound": ""}
    return {
        "option_set": option_set,
        "option_no": str(number),
        "option_code": code,
        "option_label": label,
        **blank,
        **cells,
    }


def _row(order: int, **cells: str) -> Cells:
    return {**_ROW, "row_order": str(order), **cells}


#: Its files: rows of cells by column.
GOOD: Mapping[str, list[Cells]] = {
    "catalogue/section.csv": [
        {"section_id": "intake_home", "form_id": "intake", "section_order": "20", "section_code": "home",
         "section_label": "At home"},
    ],
    "catalogue/question.csv": [
        _question(5001, "pets", "tick_all", "pets"),
        _question(5002, "siblings", "number", "siblings", unit="siblings", minimum="0", maximum="20"),
        _question(5003, "moved", "single", "yes_no"),
        _question(5004, "safe", "matrix", "yes_no", matrix_id="home_rooms", matrix_label="Rooms"),
        _question(5005, "quiet", "matrix", "yes_no", matrix_id="home_rooms", matrix_label="Rooms"),
        _question(5006, "why", "single", "why_moved", parent_question_id="intake_home_moved",
                  parent_option_codes="yes"),
        _question(5007, "pet_count", "number", "pet_counts", derivation="tick_count", derived_from="intake_home_pets",
                  unit="pets"),
        _question(5008, "any_room", "single", "any_yes", derivation="any_yes",
                  derived_from="intake_home_safe=yes;intake_home_quiet=yes"),
        _question(5009, "moved_on", "date", storage="month"),
    ],
    "catalogue/option.csv": [
        _option("pets", 1, "cat", "Cat", option_group="Furred"),
        _option("pets", 2, "dog", "Dog", option_group="Furred"),
        _option("siblings", 1, "few", "Up to two", lower_bound="0", upper_bound="2"),
        _option("siblings", 2, "many", "More", lower_bound="3"),
        _option("siblings", 3, "dont_know", "Don't know", option_kind="dont_know"),
        _option("why_moved", 1, "safety", "To be safe"),
        _option("why_moved", 2, "work", "For work"),
        _option("pet_counts", 1, "one", "One", lower_bound="1", upper_bound="1"),
        _option("pet_counts", 2, "more", "More", lower_bound="2", upper_bound="97"),
    ],
    "catalogue/report_table.csv": [
        {"table_id": table, "table_order": order, "section": "At home", "subsection": "", "title": title,
         "response_type": kind, "has_breakdowns": "false"}
        for table, order, title, kind in (
            ("home", "901", "At home", "multi"), ("rooms", "902", "Rooms", "matrix"), ("both", "903", "Both", "paired"),
            ("moved", "904", "Moved", "single"),
        )
    ],
    "catalogue/report_row.csv": [
        _row(1, question_id="intake_home_pets", option_codes="cat"),
        _row(2, question_id="intake_home_siblings", row_label="Siblings (mean)", statistic="mean", unit="siblings",
             decimals="1"),
        _row(3, question_id="intake_profile_ethnicity", option_group="White"),
        _row(4, question_id="intake_profile_gender_at_birth", option_codes="female;missing", parent_row_order="3"),
        _row(5, option_codes="*", statistic="count", unit="forms"),
        _row(6, statistic="services", unit="services", row_label="Services"),
        _row(1, table_id="rooms", question_id="intake_home_safe", column_set="own"),
        _row(2, table_id="rooms", question_id="intake_home_quiet", column_order="1", column_label="Yes",
             option_codes="yes"),
        _row(1, table_id="both", point="intake", question_id="intake_home_moved", option_codes="yes",
             row_label="Moved"),
        _row(1, table_id="both", point="exit", question_id="exit_closure_type", option_codes="planned",
             population_id="exit_forms", row_label="Moved"),
        _row(1, table_id="moved", question_id="intake_home_moved", option_codes="yes"),
        _row(2, table_id="moved", question_id="intake_home_moved", option_codes="no"),
    ],
    "catalogue/column_set.csv": [
        {"column_set": "own", "column_order": "1", "column_label": "Yes", "option_codes": "yes"},
        {"column_set": "own", "column_order": "2", "column_label": "Missing", "option_codes": "missing"},
        {"column_set": "two", "column_order": "1", "column_label": "Pets", "option_codes": "cat;dog"},
    ],
    "catalogue/population.csv": [
        {"population_id": "movers", "cohort_id": "intake_form", "question_id": "intake_home_moved",
         "option_codes": "yes", "population_label": "Who moved"},
    ],
    "catalogue/co_occurrence_set.csv": [
        {"set_id": "home", "set_order": "20", "set_label": "At home", "population_id": "intake_forms",
         "combination_label": ""},
    ],
    "catalogue/co_occurrence_member.csv": [
        {"set_id": "home", "member_order": "1", "member_label": "", "question_id": "intake_home_pets",
         "option_codes": "cat"},
        {"set_id": "home", "member_order": "2", "member_label": "", "question_id": "intake_home_pets",
         "option_codes": "dog"},
    ],
    "catalogue/breakdown.csv": [
        {"breakdown": "gender", "breakdown_order": "2", "question_id": "intake_profile_gender_at_birth",
         "level": "option", "breakdown_label": "Gender"},
    ],
    "catalogue/form_version.csv": [
        {"form_id": "intake", "form_version": "v3", "is_current": "false", "description": "Ours"},
    ],
    "catalogue/header_convention.csv": [
        {"convention_id": "bars", "naming": "text", "tick_all_style": "columns", "option_separator": " | ",
         "list_delimiter": "", "description": "With bars"},
    ],
    "catalogue/wording.csv": [
        {"form_id": "intake", "form_version": version, "item_type": kind, "item_id": item, "wording": wording}
        for version, kind, item, wording in (
            ("v3", "section_code", "intake_profile", "child"),
            ("v2", "question_label", "intake_profile_disability", "Disability?"),
            ("v2", "option_label", "yes_no.yes", "Aye"),
            ("v3", "option_label", "pets.cat", "Cats"),
        )
    ],
    "catalogue/not_asked.csv": [
        {"form_id": "intake", "question_id": "intake_profile_disability", "form_version": "v1", "service_code": "oak",
         "first_day": "2023-01-01", "last_day": "2023-12-31"},
        {"form_id": "exit", "question_id": "exit_closure_contacts", "form_version": "", "service_code": "",
         "first_day": "", "last_day": ""},
    ],
    "catalogue/removed.csv": [
        {"table": "breakdown", "key": "abuse_timing"}, {"table": "report_table", "key": "client_age"},
    ],
    "mappings/ignored.csv": [
        {"form_id": "intake", "header": "Row colour"}, {"form_id": "", "header": "Batch"},
    ],
    "services.csv": [
        {"code": "oak", "name": "Oak House", "spellings": "", "region": "", "from": "", "to": "", "became": ""},
    ],
}  # fmt: skip


def write_programme(
    files: Mapping[str, list[Cells]], folder: Path, table: str = "", place: int = 0, cells: Cells | None = None
) -> Path:
    """A programme's files, with some cells of a row of one table otherwise; returns the file of that table."""
    changed = folder
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if path.stem == table:
            assert cells
            assert cells.keys() <= rows[place].keys()
            rows = [*rows[:place], {**rows[place], **cells}, *rows[place + 1 :]]
            changed = path
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return changed


def assert_refused(programme: Programme, target: Path, path: Path, said: str) -> None:
    """The catalogue is not made, and a sentence says where and why: in the folder of a file, by its line."""
    with pytest.raises(ProgrammeError) as error:
        write_catalogue(programme, target)
    assert said in str(error.value)
    assert ", line " in str(error.value)
    assert "Nothing was done." in str(error.value)
    assert ".." not in str(error.value)
    assert "?." not in str(error.value)
    assert str(path.parent) in str(error.value)
