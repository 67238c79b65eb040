"""Whose release it is stands on page one of everything, and what it does not report on is spoken of nowhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import duckdb
import lxml.html
import pytest

from reporting.errors import ReportError
from reporting.figures import Figures, Mode
from reporting.outputs import build_document, choose_document, planned_documents
from reporting.programme import ReleaseProgramme
from reporting.release_files import DATABASE, DOCUMENTATION, INTERNAL, OPEN_DATA, PUBLIC, REPORT
from tests.support import report_figures, returns_release
from tests.support.leaks import folded, leaks, sample_words
from tests.support.open_data_release import sheets_of
from tests.support.pdf_text import squeezed, text_of
from tests.support.programme_release import put_programme, write_programme_release

TEXTS = (("forms", "We <b>support</b> children."), ("forms", "- one"), ("forms", "- two"), ("forms", "And more."))
TOLD = ("Elm Valley <network>", "Elm & Ash Trust", "data@elm.example", "May 2027")
OF_RETURNS = ("needs assessment", "returns of local authorities", "statutory")


@pytest.fixture(scope="module")
def of_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme_release(tmp_path_factory.mktemp("forms"), texts=TEXTS)


@pytest.fixture(scope="module")
def of_returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme_release(tmp_path_factory.mktemp("returns"), has_forms=False, has_returns=True)


def page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def text(path: Path) -> str:
    return " ".join(page(path).text_content().split())


@pytest.mark.parametrize("side", [INTERNAL, PUBLIC])
def test_page_one_of_everything_says_whose_it_is(of_forms: Path, of_returns: Path, side: str) -> None:
    for release in (of_forms, of_returns):
        pages = [*(release / side / REPORT).glob("*.html"), release / side / DOCUMENTATION / "index.html"]
        pages.append(release / side / DOCUMENTATION / "release-notes.html")
        assert len(pages) >= 4
        for path in pages:
            assert [one for one in TOLD if one not in text(path)] == [], path
        for path in (release / side / REPORT).glob("*.pdf"):
            first = squeezed(text_of(path.read_bytes()))
            assert [one for one in TOLD if squeezed(one) not in first] == [], path


def test_open_data_say_whose_they_are(of_forms: Path) -> None:
    folder = of_forms / PUBLIC / OPEN_DATA
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == "Elm Valley <network>: open data"
    assert package["contributors"] == [{"title": "Elm & Ash Trust", "role": "publisher", "email": "data@elm.example"}]
    assert "Published by Elm & Ash Trust. Contact: data@elm.example. Next: May 2027." in package["description"]
    cover = [str(row[0]) for row in sheets_of(folder)["Cover"]]
    assert cover[0] == "Elm Valley <network>: tables"
    assert {"Publisher: Elm & Ash Trust", "Contact: data@elm.example", "Next release: May 2027"} <= set(cover)
    with zipfile.ZipFile(next(folder.glob("*.xlsx"))) as parts:
        assert "Elm Valley &lt;network&gt;: tables" in parts.read("docProps/core.xml").decode()


def test_its_own_words_open_the_report_as_text(of_forms: Path) -> None:
    for path in (of_forms / PUBLIC / REPORT).glob("insights-*.html"):
        first = page(path).xpath("//main/section")[0]
        assert first.get("id") == "about-this-programme"
        assert [one.text_content() for one in first.xpath("p")] == ["We <b>support</b> children.", "And more."]
        assert [one.text_content() for one in first.xpath("ul/li")] == ["one", "two"]


def test_forms_only_says_nothing_of_returns(of_forms: Path) -> None:
    assert leaks(of_forms, OF_RETURNS) == []
    assert [one for one in leaks(of_forms, ["Elmshire"]) if not one.startswith("internal/insights.duckdb")] == []
    titles = [one.text_content() for one in page(of_forms / PUBLIC / REPORT / "index.html").xpath("//main//h2")]
    assert titles == ["Reporting years", "Services"]
    package = json.loads((of_forms / PUBLIC / OPEN_DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert len(package["sources"]) == 1
    with Figures(of_forms / INTERNAL / DATABASE, "internal") as figures, pytest.raises(ReportError, match="no area 1"):
        choose_document(figures, area="1")


def test_returns_only_has_the_needs_assessment_for_its_main_document(of_returns: Path) -> None:
    with Figures(of_returns / INTERNAL / DATABASE, "public") as figures:
        planned = planned_documents(figures)
        assert {one.kind for one in planned} == {"area"}
        assert choose_document(figures) == planned[0]
        with pytest.raises(ReportError, match="no reporting year 2024"):
            choose_document(figures, year=2024)
    titles = [one.text_content() for one in page(of_returns / PUBLIC / REPORT / "index.html").xpath("//main//h2")]
    assert titles == ["Areas"]
    documentation = of_returns / PUBLIC / DOCUMENTATION
    links = {
        str(link.get("href")) for path in documentation.glob("indicators-*.html") for link in page(path).xpath("//a")
    }
    reports = {link for link in links if link.startswith(f"../{REPORT}/")}
    assert reports == {f"../{REPORT}/{planned[0].document_id}.html"}
    assert leaks(of_returns / PUBLIC, ["forms of services", "reporting years"]) == []


def test_a_programme_with_nothing_to_report_says_so_in_a_sentence(tmp_path: Path) -> None:
    database = returns_release.release(tmp_path / DATABASE, [])
    put_programme(database, has_forms=False, has_returns=True)
    with Figures(database, "public") as figures:
        assert planned_documents(figures) == []
        with pytest.raises(ReportError, match="nothing to report"):
            choose_document(figures)


@pytest.mark.parametrize("publication", [None, "The Elm report of 2019"])
def test_a_publication_is_named_where_there_is_one_and_nothing_is_said_of_it_elsewhere(
    tmp_path: Path, publication: str | None
) -> None:
    one = report_figures.figure()
    database = report_figures.write_report_release(tmp_path / DATABASE, [one], [one])
    put_programme(database, forms_publication=publication)
    sides: tuple[tuple[Mode, str | None], ...] = (("internal", publication), ("public", None))
    for mode, told in sides:
        with Figures(database, mode) as figures:
            document = build_document(figures, choose_document(figures), release="r")
        titles = [section.title for section in document.walk()]
        # Which printed figures equal true ones is said inside only.
        assert [title for title in titles if title.startswith("Beside")] == ([f"Beside {told}"] if told else [])
        assert ("published report" in str(document)) is False


def test_a_release_made_before_there_were_programmes_is_read_as_before(tmp_path: Path) -> None:
    one = report_figures.figure()
    database = report_figures.write_report_release(tmp_path / DATABASE, [one], [one])
    with Figures(database, "internal") as figures:
        assert figures.programme == ReleaseProgramme()
        document = build_document(figures, choose_document(figures), release="r-old")
    assert document.title == "Insights report"
    assert [label for label, _ in document.facts] == ["Reporting year", "Services", "Release"]
    assert "Beside the published report" in [section.title for section in document.walk()]


def test_nothing_of_the_sample_is_in_another_programmes_release(of_forms: Path) -> None:
    assert leaks(of_forms, sample_words()) == []


def test_what_is_the_samples_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """A search that finds nothing proves nothing: here each place holds a word of its own."""
    words = ["Beacon", "Meadow Lane", "E06999999", "55,478", "Nottingham", "Kestrel", "999", "Fern House"]
    release = write_programme_release(tmp_path, texts=[("forms", "Run by Meadow Lane.")], publisher="Kestrel")
    assert {one.rsplit(": ", 1)[-1] for one in leaks(release, words)} == {"Meadow Lane", "Kestrel"}
    pdf, html = (f"public/report/insights-2024.{kind}: Meadow Lane" for kind in ("pdf", "html"))
    assert {pdf, html} <= set(leaks(release, words))
    with duckdb.connect(str(release / INTERNAL / DATABASE)) as con:
        con.execute("create table marts.one as select 55478.0::double as people, ['E06999999'] as areas, 999 as n")
        con.execute("comment on column marts.one.people is 'As in Nottingham.'")
    with duckdb.connect() as con:
        con.execute(f"copy (select 'FERN HOUSE' as service) to '{release / INTERNAL / 'one.parquet'}' (format parquet)")
    (release / PUBLIC / "insights-2024-beacon.json").write_text('{"a": "ok", "la": "999"}', encoding="utf-8")
    found = leaks(release, words)
    assert {
        "internal/insights.duckdb marts.one.people: 55,478",
        "internal/insights.duckdb marts.one.areas: E06999999",
        "internal/insights.duckdb marts.one, people: Nottingham",
        "internal/one.parquet.service: Fern House",
        "name of public/insights-2024-beacon.json: Beacon",
        "public/insights-2024-beacon.json: 999",
        "public/open_data/insights_tables.xlsx Cover: Kestrel",
        "public/open_data/datapackage.json: Kestrel",
    } <= set(found)
    assert "internal/insights.duckdb marts.one.n: 999" not in found
    (release / PUBLIC / "left.bin").write_bytes(b"\x00")
    with pytest.raises(ValueError, match=r"left\.bin"):
        leaks(release, words)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Fern House", "fern_house-2024", True),
        ("55,478", "55478", True),
        ("999", "0.999", False),
        ("999", "1,999", False),
    ],
)
def test_words_are_compared_folded_and_whole(one: str, other: str, is_same: bool) -> None:
    assert (folded(one) in folded(other)) is is_same
