"""The forms' counts: one number under one name, what readers know of them, years apart."""

from __future__ import annotations

from fractions import Fraction

import pytest

from disclosure.forms import years
from disclosure.forms.counts import Kind, KindSum, ReportCell, read_cell, read_terms, unasked_dataset, write_terms
from disclosure.forms.questionnaire import AnyOf, QuestionAnswers, Questionnaire, read_questionnaire
from disclosure.forms.relations import build_year
from disclosure.forms.years import Printed, PrintedCount, settle_years
from disclosure.rounding import Rounding
from disclosure.system import System

Counts = dict[tuple[int, str, str, str, int], int]

FORMS = (("form", "intake", 0), 1)
YES, NO, MISSING = 101, 102, 199
QUESTION = QuestionAnswers(1, "intake", True, (YES, NO, MISSING), MISSING, ())


def cell(table: str, *kinds: Kind, base: KindSum = (FORMS,)) -> ReportCell:
    return ReportCell((table, "", 1, 1), tuple((kind, 1) for kind in kinds), base)


def of_places(by_place: dict[str, dict[tuple[str, str, int], int]]) -> Counts:
    """Counts of services, and of all services together."""
    counts: Counts = {}
    for place, values in by_place.items():
        for kind, value in values.items():
            for where in (place, "all_services"):
                counts[(2024, where, *kind)] = counts.get((2024, where, *kind), 0) + value
    return counts


def yes_and_no(by_place: dict[str, tuple[int, int]]) -> Counts:
    return of_places(
        {
            place: {("form", "intake", 0): yes + no, ("form", "intake", YES): yes, ("form", "intake", NO): no}
            for place, (yes, no) in by_place.items()
        }
    )


def index(system: System, place: str, *kinds: tuple[str, str, int]) -> int:
    return system.index[(place, tuple((kind, 1) for kind in sorted(kinds)))]


def has_equal(system: System, *signs: tuple[int, int]) -> bool:
    terms = dict(signs)
    return terms in system.equal or {count: -factor for count, factor in terms.items()} in system.equal


def test_each_year_of_several_is_a_piece_of_work_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
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

    counts = {
        (year, place, "form", "intake", answer): value * (2 if place == "all_services" else 1)
        for year in (2023, 2024)
        for place in ("all_services", "A", "B")
        for answer, value in ((0, 40), (YES, 3), (NO, 37))
    }
    cells = [cell("t", ("form", "intake", answer)) for answer in (YES, NO)]
    rounding = Rounding(5, b"k")
    monkeypatch.setattr(years, "ProcessPoolExecutor", Here)
    one = settle_years({2024: ["A", "B"]}, counts, {}, cells, Questionnaire(), rounding)
    assert pools == []
    both = settle_years({2023: ["A", "B"], 2024: ["A", "B"]}, counts, {}, cells, Questionnaire(), rounding)
    assert len(pools) == 1
    # What is printed of a year does not depend on which others are looked at.
    assert [row for row in both if row["period"] == 2024] == one
    assert {row["geography_code"] for row in one} == {"all_services", "A", "B"}
    assert not any(row["is_told"] for row in both)


def test_a_year_that_is_revised_is_settled_beside_what_was_printed_also_where_no_count_is_called_as_before() -> None:
    counts = yes_and_no({"A": (33, 27), "B": (40, 21)})
    cells = [cell("t", ("form", "intake", answer)) for answer in (YES, NO)]
    services, rounding = {2024: ["A", "B"]}, Rounding(5, b"k")
    first = settle_years(services, counts, {}, cells, Questionnaire(), rounding)
    printed = {
        (row["geography_code"], row["terms"]): PrintedCount(row["count"], row["printed"], row["draw"]) for row in first
    }
    for said in (printed, {}, {("A", "of another catalogue"): PrintedCount(3, 5, 0)}):
        again = settle_years(
            services, counts, {}, cells, Questionnaire(), rounding, {2024: Printed(said, 10, rounding.base)}
        )
        # Nothing has changed, so it is printed by the same draws.
        assert [(row["terms"], row["printed"]) for row in again] == [(row["terms"], row["printed"]) for row in first]


def test_all_services_are_the_sum_of_those_that_are_listed_and_of_any_others() -> None:
    counts = yes_and_no({"A": (3, 30), "B": (30, 18), "C": (1, 1)})
    cells = [cell("t", ("form", "intake", answer)) for answer in (YES, NO)]
    system, _ = build_year(2024, ["A", "B", "C"], counts, {}, cells, Questionnaire())
    yes = [index(system, place, ("form", "intake", YES)) for place in ("all_services", "A", "B", "C")]
    assert has_equal(system, (yes[0], 1), *((count, -1) for count in yes[1:]))
    # C is not listed: a reader knows that there may be more than A and B.
    system, figures = build_year(2024, ["A", "B"], counts, {}, cells, Questionnaire(), has_others=True)
    whole, one, two = (index(system, place, ("form", "intake", YES)) for place in ("all_services", "A", "B"))
    others = index(system, "other_services", ("form", "intake", YES))
    assert has_equal(system, (whole, 1), (one, -1), (two, -1), (others, -1))
    assert not system.is_figure(others)
    assert {place for place, _ in figures} == {"all_services", "A", "B"}


def test_a_service_that_is_listed_without_a_form_is_a_count_like_any_other() -> None:
    counts = yes_and_no({"A": (30, 30)})
    cells = [cell("t", ("form", "intake", answer)) for answer in (YES, NO)]
    rows = settle_years({2024: ["A", "NEW"]}, counts, {}, cells, Questionnaire(), Rounding(5, b"k"))
    assert {row["printed"] for row in rows if row["geography_code"] == "NEW"} == {0, None}


def test_the_only_service_is_all_services() -> None:
    """Drawn twice, one count would be in both ranges."""
    counts = yes_and_no({"A": (33, 27)})
    cells = [cell("t", ("form", "intake", answer)) for answer in (YES, NO)]
    rows = settle_years({2024: ["A"]}, counts, {}, cells, Questionnaire(), Rounding(5, b"k"))
    printed = {(row["geography_code"], row["terms"]): row["printed"] for row in rows}
    assert len(printed) == 6
    for (place, terms), number in printed.items():
        assert number == printed["all_services", terms], place


def test_sums_are_written_and_read_alike() -> None:
    text = "form/intake/101*1+form/intake/102*-1"
    assert write_terms(read_terms(text)) == text
    assert read_terms("") == ()
    row = ("t", "", 1, 2, "mean", 1, "f/i/1*1", "", "", "f/i/1*0.0:11.0+f/i/2*12.0:23.0", 7)
    read = read_cell(row)
    assert (read.place, read.is_average) == (("t", "", 1, 2), True)
    assert read.bands == (
        (("f", "i", 1), Fraction(0), Fraction(11, 12)),
        (("f", "i", 2), Fraction(1), Fraction(23, 12)),
    )


def test_a_question_that_some_were_not_asked_adds_up_to_those_who_were() -> None:
    by_place = {}
    for place, forms, unasked, said_yes in (("A", 60, 5, 30), ("B", 50, 10, 2), ("C", 70, 70, 0)):
        by_place[place] = {
            ("form", "intake", 0): forms,
            ("form", "intake", YES): said_yes,
            ("form", "intake", NO): forms - unasked - said_yes,
            ("form", "intake", MISSING): 0,
            ("form", unasked_dataset("intake", 1), 0): unasked,
        }
    base = ((("form", "intake", 0), 1), (("form", "intake-1", 0), -1))
    cells = [cell("t", ("form", "intake", answer), base=base) for answer in (YES, NO, MISSING)]
    system, figures = build_year(2024, list("ABC"), of_places(by_place), {}, cells, Questionnaire((QUESTION,)))
    assert system.values[figures["B", base]] == 40
    answers = [index(system, "B", ("form", "intake", answer)) for answer in (YES, NO, MISSING)]
    everybody, unasked = index(system, "B", FORMS[0]), index(system, "B", ("form", "intake-1", 0))
    assert has_equal(system, (everybody, 1), (unasked, -1), *((count, -1) for count in answers))
    assert (figures["B", base], answers[0]) in system.parts
    # That a service asks nobody, or everybody, is known.
    none_unasked, _ = build_year(
        2024,
        ["A"],
        of_places({"A": {FORMS[0]: 40, ("form", "intake", YES): 3}, "B": {("form", "intake-1", 0): 9, FORMS[0]: 9}}),
        {},
        [cell("t", ("form", "intake", YES), base=base)],
        Questionnaire(),
        has_others=True,
    )
    assert ({index(none_unasked, "A", ("form", "intake-1", 0)): -1}, 0) in none_unasked.at_least_zero


def test_a_cohort_that_an_answer_makes_is_one_number_with_it() -> None:
    """Exits whose matched intake says Yes: the n of their table is the Yes of another table, drawn once."""
    questions = [
        (10, "supported", "intake", "single", None, None, None, None),
        (11, "type", "intake", "single", "supported", "yes", None, None),
        (20, "still", "exit", "single", None, None, None, None),
    ]
    answers = [
        (1001, 10, "supported", "yes", "answer"),
        (1101, 11, "type", "a", "answer"),
        (1199, 11, "type", None, "missing"),
        (2001, 20, "still", "yes", "answer"),
    ]
    cohorts = [("exits", "exit", "forms", None), ("supported_exits", "exit", "forms", "supported=yes")]
    questionnaire = read_questionnaire(questions, answers, cohorts)
    (restriction,) = questionnaire.restrictions
    assert restriction.implied == {1001, 1101, 1199}
    supported = ("exits", "exit_intake", 1001)
    counts = of_places(
        {
            place: {
                ("exits", "exit", 0): 3 * n,
                supported: n,
                ("exits", "exit_intake", 1101): n - 1,
                ("exits", "exit_intake", 1199): 1,
                ("supported_exits", "exit", 0): n,
                ("supported_exits", "exit_intake", 1001): n,
                ("supported_exits", "exit_intake", 1101): n - 1,
                ("supported_exits", "exit_intake", 1199): 1,
                ("supported_exits", "exit", 2001): 7,
            }
            for place, n in (("A", 20), ("B", 31))
        }
    )
    base = ((("supported_exits", "exit", 0), 1),)
    cells = [
        cell("presence", supported, base=((("exits", "exit", 0), 1),)),
        cell("type", ("supported_exits", "exit_intake", 1101), base=base),
        cell("missing", ("supported_exits", "exit_intake", 1199), base=base),
        cell("still", ("supported_exits", "exit", 2001), base=base),
    ]
    system, figures = build_year(2024, ["A", "B"], counts, {}, cells, questionnaire)
    assert figures["A", base] == figures["A", ((supported, 1),)] == index(system, "A", supported)
    assert ("A", (((("supported_exits", "exit_intake", 1101)), 1),)) not in system.index
    whole, one, two = (index(system, "A", ("exits", "exit_intake", answer)) for answer in (1001, 1101, 1199))
    assert has_equal(system, (whole, 1), (one, -1), (two, -1))
    # An answer of the later form that only these are asked about is another count than that of all exits.
    assert index(system, "A", ("supported_exits", "exit", 2001)) != whole


def test_any_of_several_is_at_least_each_and_at_most_all() -> None:
    kinds = {answer: ("form", "intake", answer) for answer in (301, 101, 201)}
    counts = of_places({"A": {FORMS[0]: 60, kinds[301]: 20, kinds[101]: 15, kinds[201]: 12}})
    cells = [cell("t", kind) for kind in kinds.values()]
    system, _ = build_year(2024, ["A", "B"], counts, {}, cells, Questionnaire(any_of=(AnyOf(301, (101, 201)),)))
    whole, one, two = (index(system, "A", kind) for kind in kinds.values())
    assert {({whole: 1, one: -1}.__repr__()), ({whole: 1, two: -1}.__repr__())} <= {
        repr(terms) for terms, _ in system.at_least_zero
    }
    assert ({whole: -1, one: 1, two: 1}, 0) in system.at_least_zero


@pytest.mark.parametrize(
    ("statistic", "printed", "told"),
    [
        # 30 children: 20 of 0 to 2 and 10 of 3 to 5; a mean of 5 would be impossible, one of 3 is possible.
        ("mean", 2.0, 2),
        ("mean", 3.0, 2),
        ("median", 2.0, 2),
        ("mean", None, 0),
    ],
)
def test_an_average_lies_where_its_bands_are(statistic: str, printed: float | None, told: int) -> None:
    young, old = ("form", "intake", 501), ("form", "intake", 502)
    counts = of_places({"A": {FORMS[0]: 30, young: 20, old: 10}, "B": {FORMS[0]: 30, young: 20, old: 10}})
    average = ReportCell(
        ("age", "", 1, 1),
        ((young, 1), (old, 1)),
        (),
        statistic,
        0,
        (),
        ((young, Fraction(0), Fraction(2)), (old, Fraction(3), Fraction(5))),
    )
    averages = {} if printed is None else {(2024, "A", ("age", "", 1, 1)): printed}
    system, figures = build_year(2024, ["A", "B"], counts, averages, [average], Questionnaire())
    assert len(system.averages) == told
    n = figures["A", ((young, 1), (old, 1))]
    for base, terms, constant in system.averages:
        assert base == n
        assert system.total(terms) + constant >= 0
        assert all(isinstance(factor, int) for factor in terms.values())


def test_bands_of_ticks_say_how_many_there_are() -> None:
    few, many, tick = (("form", "intake", answer) for answer in (501, 502, 601))
    counts = of_places({place: {few: 20, many: 20, tick: 130, FORMS[0]: 40} for place in ("A", "B")})
    bands = ((few, Fraction(1), Fraction(3)), (many, Fraction(4), Fraction(97)))
    mean = ReportCell(("ticks", "", 1, 1), ((few, 1), (many, 1)), (), "mean", 1, ((tick, 1),), bands)
    system, _ = build_year(2024, ["A", "B"], counts, {}, [mean], Questionnaire())
    one, two, ticks = (index(system, "A", kind) for kind in (few, many, tick))
    assert ({ticks: 1, one: -1, two: -4}, 0) in system.at_least_zero
    assert ({ticks: -1, one: 3, two: 97}, 0) in system.at_least_zero


def test_a_mean_of_ticks_holds_their_sum_to_its_last_decimal() -> None:
    one, several, tick = (("form", "intake", answer) for answer in (501, 502, 601))
    counts = of_places({place: {one: 20, several: 20, tick: 93, FORMS[0]: 40} for place in ("A", "B")})
    mean = ReportCell(("ticks", "", 1, 1), ((one, 1), (several, 1)), (), "mean", 1, ((tick, 1),))
    # 93 / 40 = 2.325, printed as 2.3: from 2.25 up to less than 2.35, so 90 to 93 ticks of 40.
    system, figures = build_year(2024, ["A", "B"], counts, {(2024, "A", mean.place): 2.3}, [mean], Questionnaire())
    n, ticks = figures["A", mean.numerator], index(system, "A", tick)
    fits = [
        number
        for number in range(200)
        if all(terms[ticks] * number + terms[n] * 40 + constant >= 0 for _, terms, constant in system.averages)
    ]
    assert fits == [90, 91, 92, 93]
