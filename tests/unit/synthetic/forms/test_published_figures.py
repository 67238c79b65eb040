"""The sample forms, tabulated here by the denominator rules alone, give the published figures.

Nothing of the generator but its result is used: years, clients, populations, ages and bands are worked out again
from dates and answers, and the report's rows and populations are read from their seeds.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import pytest

from synthetic.forms.drawing import DrawnSample
from synthetic.forms.sample import Sample
from synthetic.forms.skeleton import Case, DrawnForm
from synthetic.sample_catalogue import sample_catalogue
from tests.support.form_exports import seed_rows

INFOGRAPHICS = {"about_dataset", "service_of_100", "key_findings"}


def _half_up(numerator: float, denominator: float = 1, decimals: int = 0) -> Decimal:
    exact = Decimal(str(numerator)) / Decimal(str(denominator))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


class Tabulation:
    """Counts answers of the drawn forms by cohort, year and population."""

    def __init__(self, drawing: DrawnSample) -> None:
        self.catalogue = sample_catalogue()
        self.known: dict[tuple[int, str], set[str]] = {}
        self.counted: dict[tuple[str, int], list[tuple[Case, DrawnForm]]] = {}
        self.cases = drawing.skeleton.cases
        self.units: dict[tuple[str, int], list[tuple[Case, DrawnForm]]] = defaultdict(list)
        latest: dict[tuple[str, str, int, int], tuple[date, Case, DrawnForm]] = {}
        for case in self.cases:
            assert case.client is not None
            for form_id, form in (("intake", case.intake), ("review", case.review), ("exit", case.exit)):
                if form is None:
                    continue
                year = form.event_date.year + (form.event_date.month >= 4)
                self.units[f"{form_id}_form", year].append((case, form))
                key = (form_id, case.client.service, case.client.number, year)
                if key not in latest or form.event_date > latest[key][0]:
                    latest[key] = (form.event_date, case, form)
        for (form_id, _, _, year), (_, case, form) in latest.items():
            self.units[f"{form_id}_client", year].append((case, form))
        for cohort in seed_rows("forms/cohort.csv"):
            if not cohort["restriction"]:
                continue
            question_id, code = cohort["restriction"].split("=")
            for (base, year), units in list(self.units.items()):
                if base == "exit_form":
                    self.units[cohort["cohort_id"], year] = [
                        (case, form)
                        for case, form in units
                        if case.intake and self.answer(case, form, self.question_id(question_id)) == {code}
                    ]
        self.reviewed = {
            (case.client.service, case.client.number, form.event_date.year + (form.event_date.month >= 4))
            for case in self.cases
            for form in [case.review]
            if form is not None and case.client is not None
        }
        self.populations = {row["population_id"]: row for row in seed_rows("forms/population.csv")}

    def question_id(self, text: str) -> str:
        assert text in self.catalogue.questions, text
        return text

    def number(self, case: Case, form: DrawnForm, question_id: str) -> float | None:
        """Number answered or derived, or None."""
        question = self.catalogue.questions[question_id]
        target = self._form_of(case, form, question.form_id)
        if target is None:
            return None
        if question.derivation == "age_years":
            assert case.client is not None
            born = case.client.birth_date
            assert born is not None
            months = (target.event_date.year - born.year) * 12 + target.event_date.month - born.month
            return months // 12
        if question.derivation == "tick_count":
            ticks = target.answers.get("intake_profile_ace_types", frozenset())
            asked = target.answers.get("intake_profile_ace_experienced") == "yes"
            return len(ticks) if asked and isinstance(ticks, frozenset) and ticks else None
        if question.derivation == "case_length":
            if case.intake is None or case.exit is None or case.exit.event_date < case.intake.event_date:
                return None
            return (case.exit.event_date - case.intake.event_date).days
        value = target.answers.get(question_id)
        assert value is None or isinstance(value, int)
        return value

    def answer(self, case: Case, form: DrawnForm, question_id: str) -> set[str]:
        """Codes answered to a question (seen from an exit: the intake's), ``missing``, or ``closed``."""
        key = (id(form), question_id)
        if key not in self.known:
            self.known[key] = self._answer(case, form, question_id)
        return self.known[key]

    def _answer(self, case: Case, form: DrawnForm, question_id: str) -> set[str]:
        question = self.catalogue.questions[question_id]
        target = self._form_of(case, form, question.form_id)
        if target is None:
            return {"closed"}
        parent = question.parent_question_id
        if parent and not (self.answer(case, target, parent) & set(question.parent_option_codes)):
            return {"closed"}
        if question.derivation == "any_yes":
            pairs = [source.split("=") for source in question.derived_from]
            return {"yes"} if any(target.answers.get(q) == code for q, code in pairs) else {"missing"}
        if question.derivation == "client_reviewed":
            assert case.client is not None
            year = form.event_date.year + (form.event_date.month >= 4)
            return {"yes" if (case.client.service, case.client.number, year) in self.reviewed else "no"}
        if question.answer_type == "number":
            return {self._band(case, target, question_id)}
        value = target.answers.get(question_id)
        if value is None:
            return {"missing"}
        codes = set(value) if isinstance(value, frozenset) else {str(value)}
        assert codes <= {o.option_code for o in self.catalogue.options_of(question_id)}
        return codes or {"missing"}

    def _band(self, case: Case, form: DrawnForm, question_id: str) -> str:
        number = self.number(case, form, question_id)
        if question_id == "exit_closure_case_length":
            if case.intake is None or case.exit is None:
                return "missing"
            start, end = case.intake.event_date, case.exit.event_date
            if end < start:
                return "error"
            number = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
        if number is None:
            return "missing"
        for option in self.catalogue.options_of(question_id):
            low, high = option.lower_bound, option.upper_bound
            if low is not None and high is not None and low <= number <= high:
                return option.option_code
        raise AssertionError(f"a number of {question_id} is in no band")

    @staticmethod
    def _form_of(case: Case, form: DrawnForm, form_id: str) -> DrawnForm | None:
        if form.form_id == form_id:
            return form
        assert form.form_id == "exit"
        assert form_id == "intake"
        return case.intake

    def population(self, population_id: str, year: int) -> list[tuple[Case, DrawnForm]]:
        if (population_id, year) not in self.counted:
            self.counted[population_id, year] = self._population(population_id, year)
        return self.counted[population_id, year]

    def _population(self, population_id: str, year: int) -> list[tuple[Case, DrawnForm]]:
        row = self.populations[population_id]
        units = self.units[row["cohort_id"], year]
        if not row["question_id"]:
            return units
        codes = set(row["option_codes"].split(";"))
        return [unit for unit in units if self.answer(*unit, row["question_id"]) & codes]


@pytest.fixture(scope="module")
def tabulation(sample: Sample) -> Tabulation:
    return Tabulation(sample.drawing)


def _report_rows() -> dict[tuple[str, str, str, str], dict[str, str]]:
    columns = defaultdict(list)
    for row in seed_rows("forms/column_set.csv"):
        columns[row["column_set"]].append(row)
    found = {}
    for row in seed_rows("forms/report_row.csv"):
        for column in columns[row["column_set"]] if row["column_set"] else [row]:
            key = (row["table_id"], row["point"], row["row_order"], column["column_label"])
            found[key] = {**row, "option_codes": column["option_codes"]}
    return found


def _compute(tabulation: Tabulation, row: dict[str, str], figure: dict[str, str]) -> dict[str, Decimal | int | None]:
    year = int(figure["year"])
    units = tabulation.population(row["population_id"], year)
    n = len(units)
    result: dict[str, Decimal | int | None] = {"n": n, "count": None, "percent": None, "value": None}
    if row["statistic"] == "services":
        result["n"] = len({case.client.service for case, _ in units if case.client})
        return result
    if row["statistic"] in ("mean", "median"):
        numbers = [v for unit in units if (v := tabulation.number(*unit, row["question_id"])) is not None]
        value = statistics.fmean(numbers) if row["statistic"] == "mean" else float(statistics.median(numbers))
        asked_in, printed_in = tabulation.catalogue.questions[row["question_id"]].unit, figure["unit"]
        divisor = {("months", "years"): 12, ("days", "weeks"): 7}.get((asked_in or "", printed_in), 1)
        decimals = len(figure["published_value"].partition(".")[2])
        result["value"] = _half_up(value, divisor, decimals)
        return result
    codes = set(row["option_codes"].split(";")) - {""}
    if row["option_group"]:
        codes = {
            o.option_code
            for o in tabulation.catalogue.options_of(row["question_id"])
            if o.option_group == row["option_group"]
        }
    if codes == {"*"}:
        count = n
    elif row["statistic"] == "count":  # ticks, not forms
        count = sum(len(tabulation.answer(*unit, row["question_id"]) & codes) for unit in units)
    else:
        count = sum(1 for unit in units if tabulation.answer(*unit, row["question_id"]) & codes)
    result["count"] = count
    result["percent"] = _half_up(100 * count, n) if n else Decimal(0)
    if row["statistic"] == "per_100":
        result["value"] = result["percent"]
    return result


def _corrects(correction: dict[str, str], figure: dict[str, str]) -> bool:
    return (
        correction["table_id"] == figure["table_id"]
        and correction["year"] == figure["year"]
        and correction["point"] in ("", figure["point"])
        and (not correction["row_order"] or figure["row_order"] in correction["row_order"].split(";"))
        and correction["column_label"] in ("", figure["column_label"])
    )


def _is_what_should_stand_there(
    correction: dict[str, str], figure: dict[str, str], found: dict[str, Any], together: int
) -> bool:
    """Whether the rows give what a correction says, over its bases; `together` is the count of all that it covers."""
    n, base = correction["n"] or figure["published_n"], correction["percent_of"] or str(found["n"])
    own = [correction[name] for name in ("count_from", "percent", "value")]
    percent = _half_up(100 * found["count"], int(base)) if found["count"] is not None else None
    if any(own):
        met = (not own[0] or int(own[0]) <= together <= int(correction["count_to"])) and (
            (not own[1] or Decimal(own[1]) == percent) and (not own[2] or Decimal(own[2]) == found["value"])
        )
    else:
        met = (not figure["published_count"] or int(figure["published_count"]) == found["count"]) and (
            not figure["published_percent"] or Decimal(figure["published_percent"]) == percent
        )
    is_base_printed = not figure["statistic"] and figure["table_id"] not in INFOGRAPHICS
    return met and (not is_base_printed or int(n) == found["n"])


def test_every_published_figure_comes_out(tabulation: Tabulation) -> None:
    rows, corrections = _report_rows(), seed_rows("publication/published_correction.csv")
    figures = seed_rows("publication/published_figure.csv")
    unexplained, matched, compared = [], 0, 0
    together: Counter[str] = Counter()
    for figure, correction in product(figures, corrections):
        if _corrects(correction, figure):
            row = rows[figure["table_id"], figure["point"], figure["row_order"], figure["column_label"]]
            together[correction["correction_no"]] += int(_compute(tabulation, row, figure)["count"] or 0)
    for figure in figures:
        key = (figure["table_id"], figure["point"], figure["row_order"], figure["column_label"])
        row = rows[key]
        if row["statistic"] == "external":
            continue
        found = _compute(tabulation, row, figure)
        expected: dict[str, str] = {
            "count": figure["published_count"],
            "percent": figure["published_percent"],
            "value": figure["published_value"],
        }
        if not figure["statistic"] and figure["table_id"] not in INFOGRAPHICS:
            expected["n"] = figure["published_n"]
        if row["statistic"] == "services":
            expected = {"n": figure["published_count"]}
        different = {
            name: (text, str(found[name]))
            for name, text in expected.items()
            if text.strip() and (found[name] is None or Decimal(text) != found[name])
        }
        compared += 1
        matched += not different
        if different and not any(
            _is_what_should_stand_there(one, figure, found, together[one["correction_no"]])
            for one in corrections
            if _corrects(one, figure)
        ):
            unexplained.append((key, figure["year"], different))
    print(f"{compared} figures compared, {matched} match")
    assert unexplained == []
