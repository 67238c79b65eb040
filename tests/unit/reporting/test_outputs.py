"""What is put together of all rooms: the list of reports, and the hash over all that makes the documents."""

from __future__ import annotations

import shutil
from pathlib import Path

import lxml.html
import pytest

from reporting import outputs
from reporting.outputs import PlannedDocument, documents_fingerprint, write_list_of_reports
from reporting.programme import ReleaseProgramme
from tests.support.paths import ROOT


def test_the_list_of_reports_leads_to_every_file(tmp_path: Path) -> None:
    planned = [
        PlannedDocument("year", "insights-2024", "Insights report 2023-24", year=2024),
        PlannedDocument("area", 'needs "a&b"/../#1', "Needs assessment: <b>Northwood & Vale</b>", area="1"),
    ]
    write_list_of_reports("public", planned, tmp_path, "abc", ReleaseProgramme())
    page = lxml.html.document_fromstring(
        (tmp_path / "index.html").read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8")
    )
    links = {link.text_content(): str(link.get("href")) for link in page.xpath("//main//li/a")}
    assert links == {
        "Insights report 2023-24": "insights-2024.html",
        "Insights report 2023-24 as PDF": "insights-2024.pdf",
        "Needs assessment: <b>Northwood & Vale</b>": "needs%20%22a%26b%22%2F..%2F%231.html",
        "Needs assessment: <b>Northwood & Vale</b> as PDF": "needs%20%22a%26b%22%2F..%2F%231.pdf",
    }
    assert not page.xpath("//b")
    assert [part.text_content() for part in page.xpath("//section[@id='service']/p")] == ["None in this release."]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package for the fingerprint to be taken of."""
    copy = tmp_path / "reporting"
    shutil.copytree(ROOT / "reporting", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(outputs, "_HERE", copy)
    return copy


def test_the_fingerprint_is_the_same_wherever_the_package_lies(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = documents_fingerprint()
    (room / "__pycache__").mkdir()
    (room / "__pycache__" / "outputs.pyc").write_bytes(b"compiled")
    assert documents_fingerprint() == elsewhere
    monkeypatch.undo()
    assert documents_fingerprint() == elsewhere


@pytest.mark.parametrize(
    "file",
    [
        *("outputs.py", "numbers.py", "charts/frame.py", "forms_report/chapters.py", "needs_assessment/layout.py"),
        *("document/templates/document.html", "document/assets/document.css", "document/typesetting/document.typ"),
        *("documentation/templates/base.html", "documentation/site.css", "open_data/workbook.py"),
    ],
)
def test_whatever_makes_the_documents_is_in_the_fingerprint(room: Path, file: str) -> None:
    before = documents_fingerprint()
    with (room / file).open("a", encoding="utf-8") as handle:
        handle.write("\n")
    assert documents_fingerprint() != before


def test_the_licence_is_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = documents_fingerprint()
    monkeypatch.setenv("INSIGHTS_OPEN_DATA_LICENCE", "CC-BY-4.0")
    assert documents_fingerprint() != before
