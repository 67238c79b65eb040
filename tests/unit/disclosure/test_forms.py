"""The forms' counts: one number under one name, zeros that tell of somebody, years apart."""

from __future__ import annotations

import pytest

from disclosure.forms import years
from disclosure.forms.counts import ReportCell, read_terms, same_everywhere, write_terms
from disclosure.forms.questionnaire import Questionnaire
from disclosure.forms.relations import build_year
from disclosure.forms.years import protect_years
from disclosure.protect import PRIMARY, protect
from disclosure.system import System

FORMS = (("form", "intake", 0), 1)


def one_table(by_place: dict[str, tuple[int, int]]) -> System:
    """Yes and No of every form of several places: (yes, no) by place."""
    counts: dict[tuple[int, str, str, str, int], int] = {}
    for place, (yes, no) in by_place.items():
        counts |= {
            (2024, place, "form", "intake", 0): yes + no,
            (2024, place, "form", "intake", 101): yes,
            (2024, place, "form", "intake", 102): no,
        }
    cells = [ReportCell(((("form", "intake", answer), 1),), (FORMS,)) for answer in (101, 102)]
    return build_year(2024, sorted(by_place), counts, cells, Questionnaire(), same_everywhere(counts, 5))


def test_only_a_year_with_something_to_hide_is_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[int] = []

    class Here:
        """A pool that works in this process."""

        def __init__(self, workers: int, **_: object) -> None:
            pools.append(workers)

        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        map = staticmethod(map)

    def counts(of_year: dict[int, int]) -> dict[tuple[int, str, str, str, int], int]:
        return {
            (year, place, "form", "intake", answer): value * (2 if place == "all_services" else 1)
            for year, yes in of_year.items()
            for place in ("all_services", "A", "B")
            for answer, value in ((0, 40), (101, yes), (102, 40 - yes))
        }

    def rules(of_year: dict[int, int]) -> dict[int, set[str | None]]:
        cells = [ReportCell(((("form", "intake", answer), 1),), (FORMS,)) for answer in (101, 102)]
        places = ["A", "B", "all_services"]
        rows = protect_years(sorted(of_year), places, counts(of_year), cells, Questionnaire())
        return {year: {row["rule"] for row in rows if row["period"] == year} for year in of_year}

    monkeypatch.setattr(years, "ProcessPoolExecutor", Here)
    assert rules({2023: 20, 2024: 18}) == {2023: {None}, 2024: {None}}
    assert pools == []
    found = rules({2022: 3, 2023: 20, 2024: 18})
    assert pools == [1]
    assert PRIMARY in found[2022]
    assert found[2023] == found[2024] == {None}


def test_three_children_of_a_service_are_not_told_by_the_zero_beside_them() -> None:
    system = one_table({"all_services": (63, 40), "A": (3, 0), "B": (30, 18), "C": (30, 22)})
    done = protect(system)

    def count(place: str, answer: int) -> int:
        return system.index[(place, (((("form", "intake", answer)), 1),))]

    # No of A is a zero and hidden all the same; its n and its Yes are hidden, and so is enough of another service.
    assert {count("A", 101), count("A", 102), count("A", 0)} <= set(done.rule)
    for answer in (101, 0):
        assert any(count(place, answer) in done.rule for place in ("B", "C", "all_services"))
        found = done.ranges[count("A", answer)]
        assert found.lower < found.upper
    # The zero of a larger service is shown.
    shown = one_table({"all_services": (63, 0), "A": (33, 0), "B": (30, 0)})
    assert protect(shown).rule == {}


def test_the_order_of_counts_changes_nothing() -> None:
    """A warehouse gives rows in any order, and the same inputs have to make the same release."""
    counts = {
        (2024, "A", "form", "intake", answer): count
        for answer, count in ((0, 40), (101, 30), (102, 10), (201, 30), (202, 10), (301, 40))
    }
    backwards = dict(reversed(counts.items()))
    assert same_everywhere(counts, 5) == same_everywhere(backwards, 5)
    assert len(same_everywhere(counts, 5)) == 3


def test_sums_are_written_and_read_alike() -> None:
    text = "form/intake/101*1+form/intake/102*-1"
    assert write_terms(read_terms(text)) == text
    assert read_terms("") == ()
