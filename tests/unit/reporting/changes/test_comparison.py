"""What two releases differ in, on releases of a few rows: every kind of difference, and nothing where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reporting.changes.comparison import diff_releases
from reporting.changes.difference import DefinitionChange, FigureChange, ReleaseDiff, TableChange
from reporting.changes.words import text_lines
from tests.support.small_releases import release

KEYS = {
    ("marts", "fct_form"): ("form_key",),
    ("reference", "option"): ("option_id",),
}


def compare(tmp_path: Path, *statements: str, manifest: dict[str, Any] | None = None) -> ReleaseDiff:
    return diff_releases(release(tmp_path, "r-1"), release(tmp_path, "r-2", statements, manifest), KEYS)


def test_the_same_content_is_no_difference(tmp_path: Path) -> None:
    found = compare(tmp_path)
    assert found.is_empty
    assert text_lines(found) == ["r-1 and r-2 are the same in everything that a release holds."]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update marts.fct_form set answer = 9 where form_key = 'b'", {"rows_changed": 1}),
        ("delete from marts.fct_form where form_key = 'b'", {"rows_removed": 1}),
        ("insert into marts.fct_form values ('d', 104, 1)", {"rows_added": 1}),
        ("update marts.fct_form set form_key = 'z' where form_key = 'b'", {"rows_added": 1, "rows_removed": 1}),
        ("update marts.fct_form set answer = null", {"rows_changed": 3}),
    ],
)
def test_rows_are_paired_by_their_key(tmp_path: Path, statement: str, expected: dict[str, int]) -> None:
    (change,) = compare(tmp_path, statement).tables
    assert change.name == "marts.fct_form"
    counted = {
        "rows_added": change.rows_added,
        "rows_removed": change.rows_removed,
        "rows_changed": change.rows_changed,
    }
    assert {name: number for name, number in counted.items() if number} == expected
    assert change.paired


def test_where_a_form_was_delivered_is_no_difference(tmp_path: Path) -> None:
    assert compare(tmp_path, "update marts.fct_form set landed_row_id = landed_row_id + 1000").is_empty


def test_rows_without_a_key_are_counted_as_often_as_they_are_there(tmp_path: Path) -> None:
    (change,) = compare(tmp_path, "delete from marts.loose", "insert into marts.loose values (1), (2), (3)").tables
    assert change == TableChange("marts", "loose", "changed", rows_added=1, rows_removed=1, paired=False)


def test_a_key_that_is_none_is_not_used(tmp_path: Path) -> None:
    twice = ("insert into marts.fct_form values ('b', 102, 7), ('b', 102, 8)",)
    (change,) = compare(tmp_path, *twice, "delete from marts.fct_form where answer = 2").tables
    assert (change.rows_added, change.rows_removed, change.paired) == (2, 1, False)


def test_the_same_row_twice_is_a_row_more(tmp_path: Path) -> None:
    (change,) = compare(tmp_path, "insert into marts.fct_form values ('b', 102, 2)").tables
    assert (change.rows_added, change.rows_removed, change.rows_changed) == (1, 0, 0)


def test_tables_and_columns_that_come_and_go(tmp_path: Path) -> None:
    found = compare(
        tmp_path,
        "create table marts.fresh as select 1 as x",
        "drop view marts.shown",
        "alter table marts.fct_form add column more integer",
        "alter table reference.option alter label type text[] using [label]",
        "alter table marts.loose rename x to y",
    )
    assert {change.name: change for change in found.tables} == {
        "marts.fct_form": TableChange("marts", "fct_form", "changed", columns_added=("more",)),
        "marts.fresh": TableChange("marts", "fresh", "added"),
        "marts.loose": TableChange("marts", "loose", "changed", columns_added=("y",), columns_removed=("x",)),
        "marts.shown": TableChange("marts", "shown", "removed"),
        "reference.option": TableChange("reference", "option", "changed", columns_retyped=("label",)),
    }


def figures(found: ReleaseDiff) -> list[tuple[int, int, Any, Any]]:
    def number(change: FigureChange, side: str) -> Any:
        numbers = change.before if side == "before" else change.now
        return None if numbers is None else numbers["numerator"]

    return [
        (change.key["period"], change.key["row_order"], number(change, "before"), number(change, "now"))
        for change in found.figures
    ]


def test_figures_with_what_they_were_and_are(tmp_path: Path) -> None:
    found = compare(
        tmp_path,
        "update marts.indicator_value set numerator = 11, value = 55 where period = 2024 and row_order = 1",
        "delete from marts.indicator_value where period = 2023 and row_order = 2",
        "insert into marts.indicator_value select * replace (3 as row_order) from marts.indicator_value "
        "where period = 2023 and row_order = 1",
    )
    assert figures(found) == [(2024, 1, 10, 11), (2023, 2, 10, None), (2023, 3, None, 10)]
    assert found.figures_compared == 4
    text = "\n".join(text_lines(found))
    assert "abuse, 2023-24, Yes & <no>: 10 of 20 (50 %) -> 11 of 20 (55 %)" in text
    assert "10 of 20 (50 %) -> not there" in text


def test_a_figure_that_was_hidden_and_one_that_differs_in_rounding_only(tmp_path: Path) -> None:
    found = compare(
        tmp_path,
        "update marts.indicator_value set value = value + 1e-13 where period = 2023",
        "update marts.indicator_value set numerator = null, denominator = null, value = null, lower_95 = null, "
        "upper_95 = null, status = 'c' where period = 2024 and row_order = 2",
    )
    assert figures(found) == [(2024, 2, 10, None)]
    assert "10 of 20 (50 %) -> no figure (c)" in "\n".join(text_lines(found))


def test_definitions_are_told_in_both_wordings(tmp_path: Path) -> None:
    found = compare(
        tmp_path,
        "update reference.option set label = 'Yes, <b>often</b>' where option_id = 1",
        "insert into reference.option values (3, 'Perhaps')",
        "delete from reference.option where option_id = 2",
        "comment on column marts.fct_form.answer is 'Another meaning.'",
        "comment on table marts.fct_form is null",
    )
    assert set(found.definitions) == {
        DefinitionChange("description of marts.fct_form", "the table", "One row per form.", None),
        DefinitionChange("description of marts.fct_form", "answer", "The answer.", "Another meaning."),
        DefinitionChange("reference.option", "1: label", "Yes", "Yes, <b>often</b>"),
        DefinitionChange("reference.option", "2", "went", None),
        DefinitionChange("reference.option", "3", None, "came"),
    }
    text = "\n".join(text_lines(found))
    assert "reference.option, 1: label: Yes -> Yes, <b>often</b>" in text
    assert "reference.option: 2 removed" in text
    assert "reference.option: 3 added" in text


def test_files_checks_and_code(tmp_path: Path) -> None:
    found = compare(
        tmp_path,
        "insert into ops.load values ('a.csv', 'h9', 'landed', 4), ('c.csv', 'h3', 'refused', null)",
        "delete from ops.load where source_file = 'b.csv'",
        "update ops.check_result set success = false, unexpected_count = 2",
        "insert into ops.check_result values ('dates', 'new', null, true, 0)",
        manifest={"code_version": "two", "packages": {"duckdb": "2", "typst": "1"}},
    )
    assert [(one.file, one.kind, one.status, one.rows_before, one.rows_now) for one in found.files] == [
        ("a.csv", "changed", "landed", 3, 4),
        ("b.csv", "removed", "landed", 5, None),
        ("c.csv", "added", "refused", None, None),
    ]
    assert found.code == (("code", "one", "two"), ("duckdb", "1", "2"), ("typst", "unknown", "1"))
    assert [(one.check, one.before, one.now) for one in found.checks] == [
        ("dates / new", None, 0),
        ("dates / real_date", 0, 2),
    ]
    text = "\n".join(text_lines(found))
    assert "changed a.csv: 3 rows before, 4 rows now" in text
    assert "added c.csv: refused" in text
    assert "duckdb: 1 -> 2" in text


def test_no_key_of_a_form_is_printed(tmp_path: Path) -> None:
    found = compare(tmp_path, "update marts.fct_form set form_key = 'zanzibar' where form_key = 'b'")
    assert "zanzibar" not in "\n".join(text_lines(found, 0))


def test_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    found = compare(tmp_path, "update marts.indicator_value set numerator = 1")
    lines = text_lines(found, 1)
    assert sum("abuse, 2023-24" in line for line in lines) == 1
    assert "  and 3 more: --limit 0 lists all" in lines
    assert sum("abuse, 2023-24" in line for line in text_lines(found, 0)) == 4


def test_a_table_whose_content_the_manifests_call_the_same_is_not_read(tmp_path: Path) -> None:
    """What a manifest says of a table is believed: releases are never changed, so reading it again proves nothing."""
    hashes = {"outputs": {"insights.duckdb": {"tables": {"marts.fct_form": {"content_sha256": "x"}}}}}
    old = release(tmp_path, "r-1", manifest=hashes)
    new = release(tmp_path, "r-2", ["update marts.fct_form set answer = 9"], manifest=hashes)
    assert diff_releases(old, new, KEYS).is_empty
