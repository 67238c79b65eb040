"""A year that is not over: marked wherever it stands inside, and nowhere outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from reporting.document.blocks import Document, Paragraph
from reporting.document.html import render_html
from reporting.errors import ReportError
from reporting.figures import Figures, Mode
from reporting.outputs import build_document, choose_document, planned_documents
from tests.support.report_figures import figure, write_report_release

AGES = [
    figure(period=year, period_label=label, row_order=row, row_label=name)
    for year, label in ((2023, "2022-23"), (2024, "2023-24"), (2025, "2024-25"))
    for row, name in ((1, "3-5 years old"), (2, "6-8 years old"))
]
NEW = figure(period=2025, period_label="2024-25", geography_level="service", geography_code="NEW")


def release(path: Path, final_to: int) -> Path:
    """A release in which there is a third year, and every year after `final_to` is not over."""
    write_report_release(path, [*AGES, NEW], [one for one in AGES if one.period <= final_to])
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into reference.reporting_year values "
            "(2025, date '2024-04-01', date '2025-03-31', 'April 2024 to March 2025', true);"
            "alter table reference.reporting_year add short_label varchar;"
            "alter table reference.reporting_year add is_provisional boolean;"
            "update reference.reporting_year set is_provisional = reporting_year > $final_to, "
            "short_label = (reporting_year - 1) || '-' || right(reporting_year::varchar, 2)",
            {"final_to": final_to},
        )
        con.execute("insert into marts.dim_service values ('NEW', 'NEW', date '2024-05-01', date '2024-06-01')")
    return path


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Two years are over and the third is not."""
    return release(tmp_path / "begun.duckdb", 2024)


@pytest.fixture
def none_over(tmp_path: Path) -> Path:
    """No year is over."""
    return release(tmp_path / "none.duckdb", 2020)


def built(path: Path, mode: Mode, **wish: Any) -> Document:
    with Figures(path, mode) as figures:
        return build_document(figures, choose_document(figures, **wish), release="r-1")


def titles(path: Path, mode: Mode) -> list[str]:
    with Figures(path, mode) as figures:
        return [one.title.removeprefix("Insights report ") for one in planned_documents(figures)]


def test_the_main_report_is_of_the_last_year_that_is_over(begun: Path) -> None:
    assert built(begun, "internal").document_id == built(begun, "public").document_id == "insights-2024"
    services = ["2023-24: Beacon House", "2024-25 (provisional): NEW", "2022-23: Small"]
    assert titles(begun, "internal") == ["2023-24", "2022-23", "2024-25 (provisional)", *services]


def test_the_public_side_has_nothing_of_a_year_that_is_not_over(begun: Path) -> None:
    assert titles(begun, "public") == ["2023-24", "2022-23", "2023-24: Beacon House", "2022-23: Small"]
    for document in (built(begun, "public"), built(begun, "public", service="BEACON")):
        page = render_html(document)
        assert not [word for word in ("2024-25", "2025", "rovisional", "NEW") if word in page]
    with pytest.raises(ReportError, match=r"April 2024 to March 2025 \(provisional\) is not over.*--internal"):
        built(begun, "public", year=2025)


@pytest.mark.parametrize("wish", [{"service": "new"}, {"service": "NEW", "year": 2024}])
def test_a_service_of_such_years_only_is_there_and_has_no_public_figures_yet(
    begun: Path, wish: dict[str, object]
) -> None:
    with pytest.raises(ReportError, match=r"service (new|NEW) has no public figures yet.*--internal"):
        built(begun, "public", **wish)
    with pytest.raises(ReportError, match="There is no service nowhere"):
        built(begun, "public", service="nowhere")


def test_its_own_report_says_so_on_page_one_in_every_table_and_chart(begun: Path) -> None:
    document = built(begun, "internal", year=2025)
    assert document.subtitle == "April 2024 to March 2025 (provisional), all services"
    first = document.sections[0].blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Provisional: April 2024 to March 2025 is not over")
    assert "No year of this release is over" not in first.text
    # The keys of figures, which are for machines, hold the plain label.
    page = render_html(document).replace("|2024-25|", "")
    assert page.count("2024-25 (provisional)") > 2
    assert page.count("2024-25") == page.count("2024-25 (provisional)")
    assert "Change from" not in page
    assert "rovisional" not in render_html(built(begun, "internal"))


def test_the_edition_of_a_service_is_marked_too(begun: Path) -> None:
    page = render_html(built(begun, "internal", service="NEW"))
    assert "NEW (provisional)" in page
    assert "Change" not in page
    assert "All services (provisional)" in page


def test_where_no_year_is_over_the_report_is_of_the_last_and_says_so(none_over: Path) -> None:
    document = built(none_over, "internal")
    assert document.document_id == "insights-2025"
    assert "No year of this release is over yet." in render_html(document)
    assert titles(none_over, "public") == []
    with pytest.raises(ReportError, match=r"March 2025 \(provisional\) is not over"):
        built(none_over, "public")


def test_a_release_made_before_years_could_be_provisional_is_read(tmp_path: Path) -> None:
    path = write_report_release(tmp_path / "old.duckdb", AGES[:4], AGES[:4])
    assert titles(path, "public") == ["2023-24", "2022-23", "2023-24: Beacon House", "2022-23: Small"]
