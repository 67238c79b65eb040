"""The tables of the report, counted from judged forms: numerator and n of each row, for each year and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from tests.independent.catalogue_files import Catalogue, Question
from tests.independent.dispositions import FIRST_YEAR, Judged, Place, match, reporting_year
from tests.independent.reader import Form

ALL = "all_services"
NOBODY = frozenset({"missing"})
Key = tuple[str, int, str, str, int, str]  # table, year, place, point, row, column
Figure = tuple[float | None, int, float | None]  # numerator, n, and of an average the average


@dataclass(frozen=True)
class Cell:
    """One row of the report with one of its columns."""

    row: dict[str, str]
    column: str
    codes: tuple[str, ...]


def _whole_months(first: date, last: date) -> int:
    return last.year * 12 + last.month - first.year * 12 - first.month - (last.day < first.day)


class Counter:
    """Counts every row of the report that the catalogue has, but for what comes from elsewhere."""

    def __init__(self, catalogue: Catalogue, judged: Judged) -> None:
        self.catalogue, self.judged = catalogue, judged
        self.pairs = match(judged)
        self.known: dict[tuple[Place, str], frozenset[str]] = {}

    @cached_property
    def reviewed(self) -> set[tuple[object, int]]:
        """Clients with a review form, and the year of it."""
        found: set[tuple[object, int]] = set()
        for form in self.judged.accepted:
            if form.form == "review":
                found.add((self.judged.clients[form.place], reporting_year(form.day)))
        return found

    def number(self, form: Form, question: Question) -> float | None:
        """The number that a form gives to a question that it was asked; derived ones are worked out."""
        if question.derivation == "age_years":
            if form.born is None:
                return None
            months = form.day.year * 12 + form.day.month - form.born[0] * 12 - form.born[1]
            return months // 12
        if question.derivation == "case_length":
            intake = self.pairs.get(form.place)
            return None if intake is None or intake.day > form.day else (form.day - intake.day).days
        if not self.is_open(form, question):
            return None
        if question.derivation == "tick_count":
            ticks = self.answers(form, question.derived_from[0]) - NOBODY
            return len(ticks) or None
        return form.numbers.get(question.id)

    def is_open(self, form: Form, question: Question) -> bool:
        return not question.parent or bool(self.answers(form, question.parent) & set(question.parent_codes))

    def answers(self, form: Form, name: str) -> frozenset[str]:
        """The codes of a form's answers; missing: asked and nothing known; closed: not opened."""
        question = self.catalogue.questions[name]
        if question.form != form.form:
            intake = self.pairs.get(form.place)
            return self.answers(intake, name) if intake else NOBODY
        if (form.place, name) not in self.known:
            self.known[form.place, name] = self._answers(form, question)
        return self.known[form.place, name]

    def is_asked(self, form: Form, name: str) -> bool:
        """Whether a form was asked a question, what opens it and all that it is derived from.

        An exit or review form asks a question of intake by its intake form; without one, by any of its service.
        """
        question = self.catalogue.questions[name]
        if question.form != form.form:
            intake = self.pairs.get(form.place)
            return self.is_asked(intake, name) if intake else name not in self.never_asked[form.service or ""]
        sources = [source.split("=")[0] for source in question.derived_from]
        needed = [one for one in (question.parent, *sources) if one and not self.catalogue.questions[one].is_admin]
        is_of_form = all(self.catalogue.questions[one].form == form.form for one in needed)
        return name not in form.absent and is_of_form and all(self.is_asked(form, one) for one in needed)

    @cached_property
    def never_asked(self) -> dict[str, set[str]]:
        """Of each service the questions that none of its intake forms was asked."""
        names = [question.id for question in self.catalogue.of_form("intake") if not question.is_admin]
        found: dict[str, set[str]] = defaultdict(set)
        for service in {form.service or "" for form in self.judged.accepted}:
            own = [form for form in self.judged.accepted if form.service == service and form.form == "intake"]
            found[service] = {name for name in names if own and not any(self.is_asked(form, name) for form in own)}
        return found

    def _answers(self, form: Form, question: Question) -> frozenset[str]:
        if not self.is_open(form, question):
            return frozenset({"closed"})
        if question.derivation == "any_yes":
            sources = (source.split("=") for source in question.derived_from)
            return frozenset({"yes"}) if any(code in self.answers(form, name) for name, code in sources) else NOBODY
        if question.derivation == "client_reviewed":
            is_reviewed = (self.judged.clients[form.place], reporting_year(form.day)) in self.reviewed
            return frozenset({"yes" if is_reviewed else "no"})
        if question.kind == "number":
            return self._band(form, question)
        return form.answers.get(question.id, frozenset()) or NOBODY

    def _band(self, form: Form, question: Question) -> frozenset[str]:
        value = self.number(form, question)
        if question.derivation == "case_length":
            intake = self.pairs.get(form.place)
            if intake and intake.day > form.day:
                return frozenset({"error"})
            value = _whole_months(intake.day, form.day) if intake else None
        for option in self.catalogue.options[question.option_set]:
            if value is not None and option.lower is not None and option.lower <= value <= (option.upper or value):
                return frozenset({option.code})
        return NOBODY

    @cached_property
    def cohorts(self) -> dict[str, list[Form]]:
        """The forms of each cohort, of all years; of clients the latest form of each year."""
        found: dict[str, list[Form]] = {}
        for row in self.catalogue.rows("cohort"):
            forms = [form for form in self.judged.accepted if form.form == row["form_id"]]
            if row["unit"] == "clients":
                latest: dict[tuple[object, int], Form] = {}
                for form in sorted(forms, key=lambda one: (one.day, one.moment, one.place)):
                    latest[self.judged.clients[form.place], reporting_year(form.day)] = form
                forms = list(latest.values())
            if row["restriction"]:
                name, code = row["restriction"].split("=")
                forms = [form for form in forms if code in self.answers(form, name)]
            found[row["cohort_id"]] = forms
        return found

    @cached_property
    def populations(self) -> dict[str, list[Form]]:
        found = {}
        for row in self.catalogue.rows("population"):
            codes = set(row["option_codes"].split(";"))
            found[row["population_id"]] = [
                form
                for form in self.cohorts[row["cohort_id"]]
                if not row["question_id"] or self.answers(form, row["question_id"]) & codes
            ]
        return found

    def cells(self) -> Iterable[Cell]:
        sets: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for row in self.catalogue.rows("column_set"):
            sets[row["column_set"]].append((row["column_label"], (row["option_codes"],)))
        for row in self.catalogue.rows("report_row"):
            if row["statistic"] == "external":
                continue
            codes = tuple(row["option_codes"].split(";")) if row["option_codes"] else ()
            if row["option_group"]:
                options = self.catalogue.options[self.catalogue.questions[row["question_id"]].option_set]
                codes = tuple(option.code for option in options if option.group == row["option_group"])
            for label, of_column in sets[row["column_set"]] or [(row["column_label"], codes)]:
                yield Cell(row, label, of_column)

    def figure(self, cell: Cell, forms: list[Form]) -> Figure:
        row = cell.row
        statistic, name = row["statistic"], row["question_id"]
        if statistic == "services":
            return len({form.service for form in forms}), len(forms), None
        if statistic in ("mean", "median"):
            return self._average(statistic, self.catalogue.questions[name], row["unit"], forms)
        if cell.codes == ("*",):
            return len(forms), len(forms), None
        codes = set(cell.codes)
        forms = [form for form in forms if self.is_asked(form, name)]
        found = [len(self.answers(form, name) & codes) for form in forms]
        return sum(found) if statistic == "count" else sum(map(bool, found)), len(forms), None

    def _average(self, statistic: str, question: Question, unit: str, forms: list[Form]) -> Figure:
        values = [value for form in forms if (value := self.number(form, question)) is not None]
        if question.derivation == "age_years":
            bands = self.catalogue.options[question.option_set]
            values = [value for value in values if value <= max(option.upper or 0 for option in bands)]
        scale = {"years": 1 if question.derivation else 12, "weeks": 7}.get(unit, 1)
        whole: float | None = None
        if values:
            whole = median(values) if statistic == "median" else sum(values) / len(values)
        value = None if whole is None else whole / scale
        total = sum(values) / scale if statistic == "mean" and values else None
        return total, len(values), value

    @cached_property
    def breakdowns(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Of each breakdown: the question, and the label of each answer (of its group, where it goes by groups)."""
        found = {}
        for row in self.catalogue.rows("breakdown"):
            options = self.catalogue.options[self.catalogue.questions[row["question_id"]].option_set]
            by_group = row["level"] == "group"
            labels = {option.code: option.group if by_group and option.group else option.label for option in options}
            found[row["breakdown"]] = row["question_id"], {**labels, "missing": "Missing", "closed": "Missing"}
        return found

    def slices(self, form: Form) -> list[str]:
        """Where a form counts: all services, its own, and one value of each breakdown."""
        values = [
            f"{name}: {labels[min(self.answers(form, of))]}"
            for name, (of, labels) in self.breakdowns.items()
            if self.is_asked(form, of)
        ]
        return [ALL, form.service or "", *values]

    def figures(self) -> dict[Key, Figure]:
        """Every row for all services together, each alone and each value of a breakdown, of every year there is."""
        years = sorted({reporting_year(form.day) for form in self.judged.accepted})
        services = sorted({form.service or "" for form in self.judged.accepted})
        values = sorted({f"{name}: {value}" for name, (_, of) in self.breakdowns.items() for value in of.values()})
        broken = {row["table_id"] for row in self.catalogue.rows("report_table") if row["has_breakdowns"] == "true"}
        parted: dict[tuple[str, int, str], list[Form]] = defaultdict(list)
        for population, forms in self.populations.items():
            for form in forms:
                for place in self.slices(form):
                    parted[population, reporting_year(form.day), place].append(form)
        found: dict[Key, Figure] = {}
        for cell in self.cells():
            row = cell.row
            for year in years:
                places = [ALL, *services, *(values if row["table_id"] in broken else ())]
                for place in places if year >= FIRST_YEAR else ():
                    key = (row["table_id"], year, place, row["point"], int(row["row_order"]), cell.column)
                    found[key] = self.figure(cell, parted[row["population_id"], year, place])
        return found
