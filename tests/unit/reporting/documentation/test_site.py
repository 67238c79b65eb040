"""Documentation of small releases: what is written where, the notes of a second release, one that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import lxml.html
import pytest

from reporting.changes.releases import keys_of
from reporting.documentation.lineage import Lineage
from reporting.documentation.pictures import picture
from reporting.documentation.site import difference_before, write_site
from reporting.figures import Mode
from tests.support.small_releases import BASE

MANIFEST = {"code_version": "one", "python": "3.11", "packages": {"duckdb": "1"}, "inputs": [], "checks": []}
# The lists that the catalogue of indicators reads.
LISTS = (
    "create table marts.indicator as select 'insights' as theme, 'abuse' as indicator_id, 1 as indicator_order, "
    "'Start' as section, null::text as subsection, 'Abuse' as title, 'single' as response_type, "
    "false as has_breakdowns, 'Forms' as n_counts, 1 as cells",
    "create table marts.indicator_cell as select 'abuse' as indicator_id, '' as point, 1 as row_order, "
    "1 as column_order, 'Yes' as row_label, null::text as parent_label, '' as column_label, "
    "'percentage' as statistic, true as is_published, 'forms' as population_id, 'exit' as dataset, "
    "'q' as question_id, 'yes' as option_codes, null::text as option_group",
    "create table marts.dim_population as select 'forms' as population_id, 'Forms' as population_label, "
    "'All forms' as cohort_label, 'forms' as counts, 'Abuse?' as opening_question, 'Yes' as opening_answers",
    "create table marts.dim_question as select 'q' as question_id, 'Is there abuse?' as question_label",
    "create table reference.social_care_indicator_line (indicator_id text, line_order integer)",
    "create table reference.social_care_measure (measure_id text)",
    "create table reference.published_anomaly as select 'abuse' as table_id, 2024 as year, 'sum_not_n' as kind, "
    "'3 + 1' as published, '5' as recomputed, 'One is left out.' as explanation",
    "create table reference.social_care_anomaly (indicator_id text, period text, kind text, published text, "
    "recomputed text, explanation text)",
    "create table marts.reconciliation as select 'abuse' as table_id, 'match' as status",
    "create table marts.reconciliation_social_care (indicator_id text, status text)",
)


def node(name: str, schema: str, kind: str, parents: tuple[str, ...] = ()) -> dict[str, Any]:
    stage = {"intermediate": "checked", "marts": "facts"}.get(schema, schema)
    folder = {"model": f"models/{stage}/forms", "seed": "seeds/forms", "source": "models/staging"}[kind]
    return {
        "resource_type": kind,
        "schema": schema,
        "name": name,
        "description": f"One row per {name}.",
        "original_file_path": f"{folder}/{name}.sql",
        "columns": {},
        "depends_on": {"nodes": list(parents)},
    }


def contract(attached: str, *keys: list[str]) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "test_metadata": {"name": "table_contract", "kwargs": {"key": keys[0], "unique": list(keys[1:])}},
        "attached_node": attached,
    }


GRAPH: dict[str, Any] = {
    "nodes": {
        "model.stg": node("stg_form", "staging", "model", ("source.form",)),
        "model.int": node("int_form", "intermediate", "model", ("model.stg", "seed.option")),
        "model.fct": node("fct_form", "marts", "model", ("model.int",)),
        "model.value": node("indicator_value", "marts", "model", ("model.fct", "model.int")),
        "seed.option": node("option", "reference", "seed"),
        "test.fct": contract("model.fct", ["form_key", "answer"], ["form_key"]),
    },
    "sources": {"source.form": node("form", "raw", "source")},
}


def write(root: Path, name: str, statements: tuple[str, ...] = ()) -> tuple[Path, Path]:
    """A release folder with its documentation; the last one written is in force."""
    internal, public = root / name / "internal", root / name / "public"
    internal.mkdir(parents=True)
    public.mkdir()
    with duckdb.connect(str(internal / "insights.duckdb")) as con:
        for statement in [*BASE, *LISTS, *statements]:
            con.execute(statement)
    difference, note = difference_before(root, root / name, GRAPH)
    sides: tuple[tuple[Mode, Path], ...] = (("internal", internal), ("public", public))
    for mode, side in sides:
        write_site(
            internal / "insights.duckdb",
            side / "documentation",
            mode,
            manifest={**MANIFEST, "release": name},
            graph=GRAPH,
            difference=difference,
            without_difference=note,
        )
    (root / "current").unlink(missing_ok=True)
    (root / "current").symlink_to(name)
    return internal / "documentation", public / "documentation"


def text_of(path: Path) -> str:
    document = lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    return " ".join(" ".join(document.xpath("//main//text()")).split())


def test_the_first_release_has_nothing_to_compare_with(tmp_path: Path) -> None:
    for folder in write(tmp_path, "r-1"):
        assert "There is no release before it" in text_of(folder / "release-notes.html")


def test_notes_tell_inside_what_changed_and_outside_only_what_it_means(tmp_path: Path) -> None:
    write(tmp_path, "r-1")
    inside, outside = write(
        tmp_path,
        "r-2",
        (
            "update marts.indicator_value set numerator = 13 where period = 2024 and row_order = 1",
            "delete from marts.fct_form where form_key = 'a'",
            "insert into ops.load values ('beacon.csv', 'h7', 'landed', 41)",
            "update reference.option set label = 'Yes, often' where option_id = 1",
            "update reference.published_anomaly set explanation = 'Four children.'",
            "create table marts.fresh as select 1 as x",
        ),
    )
    told, public = (text_of(folder / "release-notes.html") for folder in (inside, outside))
    for words in ("beacon.csv", "10 of 20 (50 %) -> 13 of 20", "rows: 1 removed", "Four children."):
        assert words in told
        assert words not in public
    for words in ("Since r-1", "added marts.fresh", "Yes, often"):
        assert words in told
        assert words in public


def test_a_release_before_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, "r-1")
    (tmp_path / "r-1" / "internal" / "insights.duckdb").write_bytes(b"not a database")
    for folder in write(tmp_path, "r-2"):
        assert "The release before, r-1, cannot be read" in text_of(folder / "release-notes.html")


def test_keys_of_the_tables_are_left_for_the_next_comparison(tmp_path: Path) -> None:
    write(tmp_path, "r-1")
    assert keys_of(tmp_path / "r-1") == {("marts", "fct_form"): ("form_key",)}


def test_the_page_of_a_table_says_where_it_comes_from(tmp_path: Path) -> None:
    inside, _ = write(tmp_path, "r-1")
    text = text_of(inside / "tables" / "marts.fct_form.html")
    for words in ("One row per form.", "Key form_key", "dbt_project/models/facts/forms/fct_form.sql", "The answer."):
        assert words in text
    assert (
        "What all of it rests on Records as landed and lists, at whatever distance: raw.form reference.option" in text
    )


def test_known_errors_are_told_with_their_numbers_inside_only(tmp_path: Path) -> None:
    inside, outside = write(tmp_path, "r-1")
    page = "indicators-insights-start.html"
    told = "2024: The counts do not add up to n. Printed: 3 + 1. Its own numbers give: 5. One is left out."
    assert told in text_of(inside / page)
    assert "The counts do not add up to n. (2024)" in text_of(outside / page)
    assert "3 + 1" not in text_of(outside / page)


def test_an_entry_has_its_rule_of_n_its_source_and_its_limits(tmp_path: Path) -> None:
    _, outside = write(tmp_path, "r-1")
    text = text_of(outside / "indicators-insights-start.html")
    for words in (
        "Rule of n Forms: of all forms, those with the answer Yes to “Abuse?”",
        "Source tables marts.fct_exit",
        "One answer each: the answers, blank ones included, add up to n.",
        "Yes percentage Is there abuse? yes Forms",
    ):
        assert words in text


def test_the_picture_has_every_neighbour_and_as_many_lines(tmp_path: Path) -> None:
    svg = lxml.html.fromstring(picture(Lineage(GRAPH), "marts.fct_form"))
    assert [text.text for text in svg.iter("text")] == [
        "reference.option", "staging.stg_form", "intermediate.int_form", "marts.fct_form", "marts.indicator_value",
    ]  # fmt: skip
    assert len(list(svg.iter("path"))) == 4


def test_a_crowd_of_neighbours_is_cut_and_says_so() -> None:
    many: dict[str, Any] = {f"model.m{n:02}": node(f"m{n:02}", "marts", "model", ("model.fct",)) for n in range(30)}
    drawn = picture(Lineage({**GRAPH, "nodes": GRAPH["nodes"] | many}), "marts.fct_form")
    assert "and 18 more" in drawn
    assert "marts.m11" in drawn
    assert "marts.m29" not in drawn


@pytest.mark.parametrize("name", ["marts.fct_form", "raw.form", "reference.option"])
def test_every_table_has_a_picture(name: str) -> None:
    assert name in picture(Lineage(GRAPH), name)
