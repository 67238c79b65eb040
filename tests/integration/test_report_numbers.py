"""Every number that the report of the forms prints is the number of the marts, and every published cell is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from lxml import html as lxml_html

from reporting.document.blocks import Paragraph
from reporting.document.html import render_html
from reporting.figures import Figures, Mode
from reporting.forms_report.chapters import build_report
from reporting.forms_report.edition import service_years
from tests.support.whole_runs import Ran

KEY = (
    "concat_ws('|', 'indicator_value', indicator_id, period, period_label, geography_level, geography_code, breakdown, "
    "breakdown_value, point, row_order, column_order)"
)
KEY_OF_ANY = KEY.replace("'indicator_value'", "source")
NUMBER = re.compile(r"[+\u2212-]?\d[\d,]*(?:\.\d+)?")
SYMBOLS = {"c", "x", "z", ""}
# Published figures of the tables in three years; a table or row that is lost from the report is lost from here.
TABLES, YEARS, PUBLISHED_CELLS = 104, 3, 3072


@dataclass(frozen=True)
class Printed:
    """What one place of the report prints, and of which figure."""

    key: str
    part: str
    text: str


def printed(page: str) -> list[Printed]:
    """All places of a page that name their figure."""
    tree = lxml_html.fromstring(page)
    return [
        Printed(str(node.get("data-key")), str(node.get("data-part")), node.text_content().strip())
        for node in tree.xpath("//*[@data-key]")
    ]


def unnamed_numbers(page: str) -> list[str]:
    """Numbers in cells of the tables of figures that do not say whose they are."""
    tree = lxml_html.fromstring(page)
    cells = tree.xpath("//td[not(@data-key)][not(ancestor::*[starts-with(@id, 'quality')])]")
    return [text for cell in cells if NUMBER.search(text := cell.text_content())]


def render(database: Path, mode: Mode, year: int, service: str | None = None) -> str:
    with Figures(database, mode) as figures:
        return render_html(build_report(figures, year=year, service=service))


def expected(database: Path, mode: Mode) -> dict[str, dict[str, object]]:
    """Every figure by key: in internal mode counts and shares are those of marts.indicator_value itself."""
    relation = "marts.reportable_value" if mode == "internal" else "marts.published_value"
    with duckdb.connect(str(database), read_only=True) as con:
        found = _by_key(con.execute(f"select {KEY_OF_ANY} as key, * from {relation} where theme = 'insights'"))
        if mode == "internal":
            for key, row in _by_key(
                con.execute(f"select {KEY} as key, * from marts.indicator_value where theme = 'insights'")
            ).items():
                columns = ("numerator", "denominator", "value_rounded", "lower_95", "upper_95", "status", "statistic")
                found[key] |= {column: row[column] for column in columns}
    return found


def _by_key(result: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    names = [column[0] for column in result.description or []]
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in result.fetchall()}


def wanted(row: dict[str, object], part: str) -> list[object]:
    """The numbers of a figure that a part prints, in order."""
    limits = [row["lower_95"], row["upper_95"]]
    contrast = "difference" if part == "difference" else "change"
    return {
        "numerator": [row["numerator"]],
        "denominator": [row["denominator"]],
        "n": [row["denominator"]],
        "count_of_n": [row["numerator"], row["denominator"]],
        "value": [row["value_rounded"]],
        "interval": limits,
        "change": [row[contrast], row[f"{contrast}_lower_95"], row[f"{contrast}_upper_95"]],
        "difference": [row[contrast], row[f"{contrast}_lower_95"], row[f"{contrast}_upper_95"]],
    }[part]


def wrong(places: list[Printed], figures: dict[str, dict[str, object]]) -> Iterator[str]:
    """A line for each place that does not print its figure."""
    for place in places:
        row = figures.get(place.key)
        if row is None:
            yield f"{place.key}: no such figure"
            continue
        numbers = [Decimal(one.replace(",", "").replace("\u2212", "-")) for one in NUMBER.findall(place.text)]
        real = [Decimal(repr(one)) for one in wanted(row, place.part) if one is not None]
        if place.text in SYMBOLS or place.text == "not compared":
            # A symbol stands only where there is nothing to print; a comparison may have no number beside it.
            if place.text == "" and real and place.part not in {"change", "difference"}:
                yield f"{place.key} {place.part}: blank instead of {real}"
            elif place.text in {"c", "x", "z"} and (real or place.text not in {row["status"], "c"}):
                yield f"{place.key} {place.part}: {place.text} instead of {real}, {row['status']}"
            continue
        if len(numbers) != len(real) or any(
            shown != number.quantize(shown, rounding=ROUND_HALF_UP) for shown, number in zip(numbers, real, strict=True)
        ):
            yield f"{place.key} {place.part}: {place.text!r} instead of {real}"
        elif place.part in {"change", "difference"}:
            mark = row["change_mark" if place.part == "change" else "comparison"]
            if str(mark) not in place.text:
                yield f"{place.key} {place.part}: {place.text!r} does not say {mark}"


def published_keys(database: Path) -> set[str]:
    with duckdb.connect(str(database), read_only=True) as con:
        rows = con.execute(
            f"select {KEY} from marts.indicator_value where theme = 'insights' and is_published "
            "and geography_code = 'all_services' and breakdown = 'total' and period in (2022, 2023, 2024)"
        ).fetchall()
    return {str(row[0]) for row in rows}


@pytest.fixture(scope="module")
def database(first: Ran) -> Path:
    return first.release / "internal" / "insights.duckdb"


@pytest.mark.parametrize("year", [2024, 2023, 2022])
def test_every_number_of_the_internal_report_is_that_of_the_marts(database: Path, year: int) -> None:
    page = render(database, "internal", year)
    places = printed(page)
    # The first year stands alone, the others beside those before them.
    assert len(places) > 3500
    assert list(wrong(places, expected(database, "internal"))) == []
    assert unnamed_numbers(page) == []


def test_every_published_cell_of_three_years_is_in_the_report(database: Path) -> None:
    page = render(database, "internal", 2024)
    keys = published_keys(database)
    assert len(keys) == PUBLISHED_CELLS
    assert len({key.split("|")[1] for key in keys}) == TABLES
    assert len({key.split("|")[2] for key in keys}) == YEARS
    shown = {place.key for place in printed(page) if place.part not in {"denominator", "interval", "change"}}
    assert keys - shown == set()


def test_every_number_of_the_editions_of_services_is_that_of_the_marts(database: Path) -> None:
    with Figures(database, "internal") as figures:
        services = service_years(figures)
    assert services
    real = expected(database, "internal")
    for service, year in services.items():
        page = render(database, "internal", year, service)
        places = printed(page)
        assert {place.key.split("|")[5] for place in places} >= {service, "all_services"}
        assert list(wrong(places, real)) == [], service
        assert unnamed_numbers(page) == []


def test_the_public_report_prints_nothing_that_is_hidden(database: Path) -> None:
    with Figures(database, "public") as figures:
        services = service_years(figures)
    real, inside = expected(database, "public"), expected(database, "internal")
    hidden = {key for key, row in real.items() if row["status"] == "c"}
    assert hidden
    seen: set[str] = set()
    for year, service in [(2024, None), (2023, None), (2022, None), *((year, one) for one, year in services.items())]:
        page = render(database, "public", year, service)
        places = printed(page)
        assert list(wrong(places, real)) == [], (year, service)
        assert unnamed_numbers(page) == []
        seen |= {place.key for place in places if place.key in hidden}
        # What is there and not shown is said to be hidden, never left blank.
        blank = [place for place in places if place.text == "" and place.part not in {"change", "difference"}]
        assert [place for place in blank if any(one is not None for one in wanted(inside[place.key], place.part))] == []
        for place in places:
            # The n beside a hidden count may itself be published; `wrong` has held it against the mart.
            if place.key in hidden and place.part == "count_of_n":
                assert place.text == "c" or place.text.startswith("c of "), place
            elif place.key in hidden and place.part not in {"denominator", "n"}:
                assert place.text in {"c", "not compared"}, place
    assert seen


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_findings_say_the_numbers_of_their_figures(database: Path, mode: Mode) -> None:
    real = expected(database, mode)
    with Figures(database, mode) as figures:
        asked: list[tuple[int, str | None]] = [(2024, None), (2023, None), (2022, None)]
        asked += [(year, service) for service, year in service_years(figures).items()]
        documents = [build_report(figures, year=year, service=service) for year, service in asked]
    blocks = [block for document in documents for part in document.walk() for block in part.blocks]
    found = [block for block in blocks if isinstance(block, Paragraph) and block.kind == "finding"]
    assert len(found) > 50
    assert [block.text for block in found if foreign_numbers(block, real)] == []
    # The same sentence is not true of any other figure.
    assert foreign_numbers(replace(found[0], keys=found[1].keys), real)


def foreign_numbers(finding: Paragraph, figures: dict[str, dict[str, object]]) -> set[Decimal]:
    """Numbers with a decimal, and bases, that a finding says and none of its figures has."""
    known = set()
    for row in (figures[key] for key in finding.keys):
        for name, value in row.items():
            if isinstance(value, float) or name == "denominator":
                number = Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
                known |= {abs(number), number}
    said = re.findall(r"[+\u2212-]?\d[\d,]*\.\d(?!\d)|(?<=n = )[\d,]+", finding.text)
    return {Decimal(one.replace(",", "").replace("\u2212", "-")) for one in said} - known


def test_a_changed_number_is_noticed(database: Path) -> None:
    page = render(database, "internal", 2024)
    real = expected(database, "internal")
    place = next(one for one in printed(page) if one.part == "numerator" and one.text.isdigit() and int(one.text) > 5)
    broken = [Printed(place.key, place.part, str(int(place.text) + 1))]
    assert list(wrong(broken, real)) != []
