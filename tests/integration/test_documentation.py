"""The documentation of a release of the sample: complete, linked, free of any number of children where it is public."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import lxml.html
import pytest

from orchestration.transform.project import manifest_path, read_manifest
from reporting.documentation.examples import example_query
from reporting.documentation.lineage import Lineage
from reporting.documentation.site import write_site
from reporting.figures import Mode
from tests.support.whole_runs import Home, Ran

NUMBERS = ("numerator", "denominator", "value", "value_rounded", "lower_95", "upper_95", "services")
# The marts that say what things mean; all others, and what the publications print, hold counts.
WORDS = {"indicator", "indicator_cell", "indicator_count", "dim_population", "dim_question", "dim_answer"}
MODES: tuple[Mode, ...] = ("internal", "public")


def database_of(ran: Ran) -> Path:
    return ran.release / "internal" / "insights.duckdb"


def page(path: Path) -> Any:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


@pytest.fixture(scope="module")
def sites(home: Home, first: Ran, tmp_path_factory: pytest.TempPathFactory) -> dict[Mode, Path]:
    made = {}
    graph = read_manifest(manifest_path())
    for mode in MODES:
        made[mode] = tmp_path_factory.mktemp(mode)
        write_site(database_of(first), made[mode], mode, manifest=first.manifest, graph=graph)
    return made


@pytest.mark.parametrize("mode", MODES)
def test_every_table_and_column_is_in_the_dictionary(sites: dict[Mode, Path], first: Ran, mode: Mode) -> None:
    with duckdb.connect(str(database_of(first)), read_only=True) as con:
        columns = con.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index), "
            "list(coalesce(trim(comment), '') order by column_index) from duckdb_columns() where not internal "
            "group by all order by all"
        ).fetchall()
    assert len(columns) > 120
    for name, expected, comments in columns:
        found = page(sites[mode] / "tables" / f"{name}.html")
        rows = found.xpath("//section[@aria-labelledby='columns']//tbody/tr")
        assert [row.xpath("string(th)") for row in rows] == expected, name
        assert [" ".join(row.xpath("string(td[2])").split()) for row in rows] == [
            " ".join(comment.split()) for comment in comments
        ], name
        assert "Not described" not in found.text_content(), name


@pytest.mark.parametrize("mode", MODES)
def test_every_indicator_is_in_the_catalogue_once(sites: dict[Mode, Path], first: Ran, mode: Mode) -> None:
    with duckdb.connect(str(database_of(first)), read_only=True) as con:
        expected = con.execute(
            "select table_id from reference.report_table union all "
            "select indicator_id from reference.social_care_indicator order by 1"
        ).fetchall()
    found = [
        entry.get("id")
        for path in sites[mode].glob("indicators-*.html")
        for entry in page(path).xpath("//section[@class='entry']")
    ]
    assert expected
    assert sorted(found) == [name for (name,) in expected]


@pytest.mark.parametrize("mode", MODES)
def test_every_link_leads_to_a_page_and_a_place_that_are_there(sites: dict[Mode, Path], mode: Mode) -> None:
    pages = {path: page(path) for path in sites[mode].rglob("*.html")}
    places = {path: {one.get("id") for one in found.xpath("//*[@id]")} for path, found in pages.items()}
    links = 0
    for path, found in pages.items():
        for link in found.xpath("//@href"):
            parts = urlsplit(link)
            assert not parts.scheme, f"{path.name} asks for {link}"
            assert not parts.netloc
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name}: {link}"
            if parts.fragment:
                assert parts.fragment in places[target], f"{path.name}: {link}"
            links += 1
    assert links > 2000
    assert not [path for path, found in pages.items() if found.xpath("//script | //@src | //@onclick")]


@pytest.mark.parametrize("mode", MODES)
def test_the_pages_can_be_found_through_by_everybody(sites: dict[Mode, Path], mode: Mode) -> None:
    for path in sites[mode].rglob("*.html"):
        found = page(path)
        assert found.get("lang") == "en-GB"
        assert len(found.xpath("//h1")) == len(found.xpath("//main")) == 1, path.name
        levels = [int(one.tag[1]) for one in found.xpath("//h1|//h2|//h3|//h4")]
        assert all(after <= before + 1 for before, after in pairwise(levels)), path.name
        ids = found.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        for reference in found.xpath("//@aria-labelledby"):
            assert reference in ids, (path.name, reference)
        named = [found.xpath(f"string(//*[@id='{one}'])") for one in found.xpath("//section/@aria-labelledby")]
        assert len(named) == len(set(named)), (path.name, "two landmarks of one name")
        for table in found.xpath("//table"):
            assert len(table.xpath("caption")) == 1
            assert all(heading.get("scope") for heading in table.xpath(".//th")), path.name
        for picture in found.xpath("//*[local-name()='svg']"):
            assert picture.get("role") == "img"
            assert picture.get("aria-label")


def test_the_public_site_depends_on_no_row_of_any_child(sites: dict[Mode, Path], first: Ran, tmp_path: Path) -> None:
    """A release whose tables are empty but for those that say what things mean gives the same bytes."""
    empty = tmp_path / "insights.duckdb"
    shutil.copy(database_of(first), empty)
    empty.chmod(0o600)
    with duckdb.connect(str(empty)) as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            # What years say of how they were printed stays, without a number.
            if table == "published_value":
                con.execute(f"update {schema}.{table} set {', '.join(f'{number} = null' for number in NUMBERS)}")
            elif schema == "ops" or (schema == "marts" and table not in WORDS) or table == "published_figure":
                con.execute(f'truncate {schema}."{table}"')
        # What the publications print may be as small as what is hidden.
        for table in ("published_anomaly", "social_care_anomaly"):
            con.execute(f"update reference.{table} set published = '<1>', recomputed = '<2>', explanation = '<3>'")
    told = {key: first.manifest[key] for key in ("release", "code_version", "packages", "python")}
    write_site(empty, tmp_path / "site", "public", manifest=told, graph=read_manifest(manifest_path()))
    names = {path.relative_to(sites["public"]) for path in sites["public"].rglob("*") if path.is_file()}
    assert len(names) > 150
    for name in names:
        assert (tmp_path / "site" / name).read_bytes() == (sites["public"] / name).read_bytes(), name


@pytest.mark.parametrize("mode", MODES)
def test_labels_and_descriptions_come_out_as_text(first: Ran, tmp_path: Path, mode: Mode) -> None:
    tricky = "a <script>alert('1')</script> & \"b\", 'c' \U0001f9f8 {{ title }}"
    copy = tmp_path / "insights.duckdb"
    shutil.copy(database_of(first), copy)
    copy.chmod(0o600)
    literal = tricky.replace("'", "''")
    with duckdb.connect(str(copy)) as con:
        con.execute(f"comment on table marts.fct_case is 'One row per {literal}'")
        con.execute(f"comment on column marts.fct_case.case_id is '{literal}'")
        con.execute("update marts.indicator set title = ? where indicator_id = 'exit_case_closure'", [tricky])
        con.execute("update marts.indicator_cell set row_label = ? where indicator_id = 'exit_contacts'", [tricky])
        con.execute("update marts.dim_population set population_label = ?", [tricky])
    write_site(copy, tmp_path / "site", mode, manifest=first.manifest, graph=read_manifest(manifest_path()))
    for name, expected in (
        ("tables/marts.fct_case.html", 3),
        ("indicators-insights-client-outcomes.html", 5),
        ("methods.html", 40),
        ("indicators.html", 1),
    ):
        found = page(tmp_path / "site" / name)
        assert " ".join(found.text_content().split()).count(" ".join(tricky.split())) >= expected, name
        assert not found.xpath("//script"), name


def test_the_internal_site_says_more(sites: dict[Mode, Path], first: Ran) -> None:
    rows = first.manifest["outputs"]["insights.duckdb"]["tables"]["marts.fct_intake"]["rows"]
    inside, outside = ((sites[mode] / "tables" / "marts.fct_intake.html").read_text(encoding="utf-8") for mode in MODES)
    assert f"<dd>{rows:,}</dd>" in inside
    assert f"{rows:,}" not in outside
    entry = "indicators-insights-client-outcomes.html"
    assert "139 forms answered although only 136" in (sites["internal"] / entry).read_text(encoding="utf-8")
    assert "A count is below zero." in (sites["public"] / entry).read_text(encoding="utf-8")
    assert "139 forms" not in (sites["public"] / entry).read_text(encoding="utf-8")


def test_the_same_release_gives_the_same_bytes(sites: dict[Mode, Path], first: Ran, tmp_path: Path) -> None:
    written = write_site(
        database_of(first), tmp_path, "internal", manifest=first.manifest, graph=read_manifest(manifest_path())
    )
    for path in written:
        assert path.read_bytes() == (sites["internal"] / path.relative_to(tmp_path)).read_bytes(), path.name
        assert not re.search(rb"/(?:home|tmp|work|root)/", path.read_bytes()), path.name


def test_every_example_of_the_dictionary_runs(sites: dict[Mode, Path], first: Ran) -> None:
    told = json.loads((sites["internal"] / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert len(told) > 120
    with duckdb.connect(str(database_of(first)), read_only=True) as con:
        for entry in told:
            name = f"{entry['schema']}.{entry['table']}"
            shown = page(sites["internal"] / "tables" / f"{name}.html").xpath("string(//pre)")
            assert shown == entry["example"]
            rows = con.execute(shown).fetchall()
            assert rows or con.execute(f"select count(*) from {name}").fetchone() == (0,), name


def test_every_key_of_the_dictionary_is_one(sites: dict[Mode, Path], first: Ran) -> None:
    told = json.loads((sites["internal"] / "tables.json").read_text(encoding="utf-8"))["tables"]
    keyed = [entry for entry in told if entry["key"]]
    assert {f"{one['schema']}.{one['table']}" for one in told if one["schema"] == "marts" and not one["key"]} == set()
    with duckdb.connect(str(database_of(first)), read_only=True) as con:
        for entry in keyed:
            columns = ", ".join(f'"{name}"' for name in entry["key"])
            row = con.execute(
                f'select count(*), count(distinct ({columns})) from {entry["schema"]}."{entry["table"]}"'
            ).fetchone()
            assert row is not None
            assert row[0] == row[1], entry["table"]


def test_the_lineage_leads_from_a_mart_to_the_landed_records(home: Home) -> None:
    lineage = Lineage(read_manifest(manifest_path()))
    assert {"raw.insights_intake", "raw.insights_exit"} <= set(lineage.upstream("marts.fct_case"))
    assert "raw.insights_exit" in lineage.upstream("marts.indicator_value")
    assert "raw.cin_referral" not in lineage.upstream("marts.fct_case")
    for name in lineage.tables:
        for parent in lineage.parents(name):
            assert name in lineage.children(parent)


def test_a_table_nobody_wrote_an_example_for_gets_one_that_names_its_columns() -> None:
    columns = {"area": "VARCHAR", "reporting_year": "INTEGER", "share": "DOUBLE", "odd name": "VARCHAR"}
    assert example_query("marts.thing", columns, ["area", "reporting_year"]) == (
        'select area, reporting_year, share, "odd name"\nfrom marts.thing\n'
        "where reporting_year = (select max(reporting_year) from marts.thing)\n"
        "order by area, reporting_year\nlimit 5"
    )
