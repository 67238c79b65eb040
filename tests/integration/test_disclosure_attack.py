"""An outsider who holds the public folder of the sample's release and has read its documentation concludes nothing.

The attack (`tests/attack`) reads what is published and nothing of the program: its relations come from labels and
pages. What it recovers where a rule is left out is in tests/privacy/test_attack.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.release_files import PUBLIC
from tests.attack import documentation, html_numbers, open_data, workbook_numbers
from tests.attack.attack import attack
from tests.attack.rules import Rules
from tests.support.whole_runs import Ran


@pytest.fixture(scope="module")
def public(first: Ran) -> Path:
    """The public side of the sample's release."""
    return first.release / PUBLIC


def test_nothing_is_certain_of_any_small_count(public: Path) -> None:
    report = attack(public, Rules(), 120.0)
    assert not report.contradictions
    assert [part for part in report.parts if part.result.contradiction] == []
    assert (report.certain, report.undecided) == (0, 0)
    assert sum(part.result.asked for part in report.parts) > 100_000


def test_no_other_format_prints_a_number_that_the_open_data_do_not(public: Path) -> None:
    figures = open_data.read(public / "open_data")
    pages = documentation.read(public / "documentation")
    own = html_numbers.compare(public, figures, pages, Rules()) + workbook_numbers.compare(public, figures)
    # What others have published, or was modelled of that, may have more decimals.
    assert [text for text in own if "model" not in text and "adults" not in text] == []


def test_who_takes_every_print_for_the_nearest_multiple_finds_nothing_that_fits(public: Path) -> None:
    report = attack(public, Rules(within=2), 120.0)
    assert any(part.result.contradiction for part in report.parts)
