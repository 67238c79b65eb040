"""No word of any edition stands on another, or out of its page or cell, and every page explains its symbols."""

from __future__ import annotations

from pathlib import Path

from tests.support.whole_runs import Ran
from tools.pdf_layout import faults_of, pdfs_of
from tools.pdf_pages import count_pages


def faults_in(folder: Path) -> list[str]:
    return [f"{path.relative_to(folder)}: {fault}" for path in pdfs_of(folder) for fault in faults_of(path)]


def test_every_page_of_every_edition_can_be_read(first: Ran) -> None:
    made = pdfs_of(first.release)
    assert {path.parts[-3] for path in made} == {"internal", "public"}
    assert sum(count_pages(path) for path in made) > 1000
    assert faults_in(first.release) == []
