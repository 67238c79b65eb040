"""The forms' counts: one number under one name, zeros that tell of somebody, years apart."""

from __future__ import annotations

import pytest

from disclosure.forms import years
from disclosure.forms.counts import ReportCell, read_terms, same_everywhere, unasked_dataset, write_terms
from disclosure.forms.questionnaire import QuestionAnswers, Questionnaire
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


def test_a_question_that_some_were_not_asked_adds_up_to_those_who_were() -> None:
    """Of 50 forms of B ten were not asked: the 2 who said yes are 40 less the 38 who said no, and must not be told."""
    yes, no, missing = 101, 102, 199
    question = QuestionAnswers(1, "intake", True, (yes, no, missing), missing, ())
    counts: dict[tuple[int, str, str, str, int], int] = {}
    for place, forms, unasked, said_yes in (("A", 60, 5, 30), ("B", 50, 10, 2), ("C", 70, 70, 0)):
        for answer, count in ((0, forms), (yes, said_yes), (no, forms - unasked - said_yes), (missing, 0)):
            for where in (place, "all_services"):
                key = (2024, where, "form", "intake", answer)
                counts[key] = counts.get(key, 0) + count
        for where in (place, "all_services"):
            key = (2024, where, "form", unasked_dataset("intake", 1), 0)
            counts[key] = counts.get(key, 0) + unasked
    base = ((("form", "intake", 0), 1), (("form", "intake-1", 0), -1))
    cells = [ReportCell(((("form", "intake", answer), 1),), base) for answer in (yes, no, missing)]
    system = build_year(
        2024, ["A", "B", "C", "all_services"], counts, cells, Questionnaire((question,)), same_everywhere(counts, 5)
    )
    done = protect(system)

    def number(place: str, answer: int) -> int:
        return system.index[(place, ((("form", "intake", answer), 1),))]

    assert system.values[system.index[("B", base)]] == 40
    assert done.rule[number("B", yes)] == PRIMARY
    # All that would give it back by itself is not shown: the n, or another answer.
    assert {number("B", no), number("B", missing), system.index[("B", base)]} & set(done.rule)
    assert not any(found.lower == found.upper for count, found in done.ranges.items() if system.values[count])


def test_that_a_service_asked_everybody_is_known() -> None:
    counts = {
        (2024, place, "form", dataset, 0): count
        for place, forms, unasked in (("A", 40, 0), ("B", 30, 30), ("all_services", 70, 30))
        for dataset, count in (("intake", forms), ("intake-1", unasked))
    }
    counts |= {(2024, place, "form", "intake", 101): 3 for place in ("A", "all_services")}
    base = ((("form", "intake", 0), 1), (("form", "intake-1", 0), -1))
    cells = [ReportCell(((("form", "intake", 101), 1),), base)]
    made = build_year(2024, ["A", "B"], counts, cells, Questionnaire(), ())
    atom = made.index[("A", ((("form", "intake-1", 0), 1),))]
    assert ({atom: -1}, 0) in made.at_least_zero
    assert ({made.index[("B", ((("form", "intake-1", 0), 1),))]: -1}, 0) not in made.at_least_zero
