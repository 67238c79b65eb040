"""Answers, drawn question by question so that every margin of the published tables holds.

The order is that of the forms: a question is drawn after the question that opens it. Questions whose figures are
printed both for the year's intakes and for the pairs of the year's exits are drawn for all years at once, over the
cells "intake year x exit year".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

import numpy as np

from catalogue import MISSING_OPTION_CODE, Catalogue, Question, load_catalogue
from synthetic.forms.skeleton import CONTEXT_YEAR, YEARS, Case, Form, Skeleton, build_skeleton
from synthetic.forms.solver import (
    InfeasibleTargetError,
    IntArray,
    IntegerProgram,
    Margin,
    allocate_single,
    largest_remainder,
    numbers_in_bands,
    numbers_with_median,
    spread,
    tick_matrix,
    tick_matrix_with_row_sums,
)
from synthetic.forms.targets import COHORT_RESTRICTIONS, NOT_ASKED, Targets, read_figures

SEED = 20_240_331
ALL_YEARS = (CONTEXT_YEAR, *YEARS)
BASE_COHORT = {"intake": "intake_form", "review": "review_form", "exit": "exit_form"}

AGE_QUESTION = "intake_profile_age"
ACE_TYPES, ACE_COUNT = "intake_profile_ace_types", "intake_profile_ace_count"
# Answers that a returning client gives again on every intake.
LASTING = {
    "intake_profile_gender_at_birth": ("female", "male"),
    "intake_profile_ethnicity": ("english_welsh_scottish_northern_irish_british",),
}
# Groups of yes/no rows at exit: the question whether that abuse continues, and the pairs the tables are about.
EXIT_GROUPS = {
    "exit_exposure_types": ("exit_exposure_present", "exit_exposed_at_intake"),
    "exit_direct_types": ("exit_direct_present", "exit_direct_at_intake"),
    "exit_harmful_types": ("exit_harmful_present", "exit_harmful_at_intake"),
}
# 2024 forms that answered although the question was not put to them: the negative Missing of the publication.
OFF_GATE = {"exit_exposure_due_to_contact": 5, "exit_direct_due_to_contact": 3}
OFF_GATE_ANSWER, OFF_GATE_YEAR = "no", 2024
# How far a rounded mean may lie from the printed one, in its unit, and what that unit is in the question's unit.
MEAN_HALF_WIDTH = 0.2
UNIT_FACTOR = {("years", "months"): 12.0}
MEAN_AGE = 9.2  # prints as the published 9
UNANSWERED_WHERE_ASKED = 8  # a plausible number where nothing is published

Unit = tuple[Case, Form]
Membership = tuple[str, int]


@dataclass
class Drawing:
    """The drawn forms and what is needed to read them."""

    catalogue: Catalogue
    targets: Targets
    skeleton: Skeleton


def draw(catalogue: Catalogue | None = None, seed: int = SEED) -> Drawing:
    """Draw all forms of the sample.

    Args:
        catalogue: the project's catalogue unless another is given.
        seed: seed of the only source of randomness.

    Returns:
        Clean forms with all answers, before any dirt.

    Raises:
        InfeasibleTargetError: published figures contradict each other beyond the known corrections.
    """
    catalogue = catalogue or load_catalogue()
    targets = Targets(catalogue, read_figures())
    rng = np.random.default_rng(seed)
    skeleton = build_skeleton(targets, rng)
    drawer = _Drawer(catalogue, targets, skeleton, rng)
    drawer.draw_ages()
    for form_id in ("intake", "review", "exit"):
        drawer.draw_form(form_id)
    drawer.add_off_gate_answers()
    return Drawing(catalogue, targets, skeleton)


def is_open(question: Question, answers: Mapping[str, str | frozenset[str] | int]) -> bool:
    """Whether the answers given so far open a question."""
    if question.parent_question_id is None:
        return True
    given = answers.get(question.parent_question_id)
    if isinstance(given, frozenset):
        return not given.isdisjoint(question.parent_option_codes)
    return given in question.parent_option_codes


def months_between(birth: date, event: date) -> int:
    """Whole calendar months from birth month to event month."""
    return (event.year - birth.year) * 12 + event.month - birth.month


class _Drawer:
    """Draws one question at a time; keeps the forms, the margins and the source of randomness."""

    def __init__(self, catalogue: Catalogue, targets: Targets, skeleton: Skeleton, rng: np.random.Generator) -> None:
        self.catalogue = catalogue
        self.targets = targets
        self.skeleton = skeleton
        self.rng = rng
        self.children: dict[str, list[Question]] = {}
        for question in catalogue.questions.values():
            if question.parent_question_id and question.derivation is None:
                self.children.setdefault(question.parent_question_id, []).append(question)

    # -- which forms a margin counts -------------------------------------------------------------------------

    def memberships(self, unit: Unit, form_id: str) -> list[Membership]:
        """Cohorts, with their year, in which a form counts."""
        case, form = unit
        found = [(BASE_COHORT[form_id], form.year)]
        if form_id == "intake" and case.is_client_record:
            found.append(("intake_client", form.year))
        if form_id == "intake" and case.exit:
            found.append(("exit_form", case.exit.year))
        if form_id in ("intake", "exit") and case.intake and case.exit:
            found += [
                (cohort_id, case.exit.year)
                for cohort_id, (question_id, code) in COHORT_RESTRICTIONS.items()
                if case.intake.answers.get(question_id) == code
            ]
        return found

    def is_asked(self, question: Question, form: Form) -> bool:
        """Whether the question's gate is open on a form."""
        return is_open(question, form.answers)

    def asked_units(self, question: Question) -> list[Unit]:
        """Forms to which a question is put, in a fixed order."""
        return [unit for unit in self.skeleton.forms(question.form_id) if self.is_asked(question, unit[1])]

    def cells(
        self, questions: Sequence[Question], units: Iterable[Unit], extra_cohorts: Iterable[str] = ()
    ) -> dict[Hashable, list[Unit]]:
        """Forms by the margins they count in: a cell is a sorted tuple of (cohort, year)."""
        form_id = questions[0].form_id
        used = {t.cohort_id for question in questions for t in self.targets.of(question.question_id)}
        used |= {BASE_COHORT[form_id], *extra_cohorts}
        cells: dict[Hashable, list[Unit]] = {}
        for unit in units:
            key = tuple(sorted(m for m in self.memberships(unit, form_id) if m[0] in used))
            cells.setdefault(key, []).append(unit)
        return dict(sorted(cells.items(), key=lambda item: str(item[0])))

    def margins(self, question: Question, cells: Mapping[Hashable, list[Unit]]) -> list[Margin]:
        """Margins of a question over its cells, with room left for what its follow-up questions need."""
        margins = []
        for target in self.targets.of(question.question_id):
            member = (target.cohort_id, target.year)
            inside = tuple(cell for cell in cells if member in cast(tuple[Membership, ...], cell))
            if not inside:  # a margin of a year that is drawn separately
                continue
            low, high = target.low, target.high
            if NOT_ASKED in target.option_codes:
                size = self.targets.cohort_size[target.cohort_id, target.year]
                closed = size - sum(len(cells[cell]) for cell in inside)
                low, high = low - closed, high - closed
            codes = tuple(sorted(target.option_codes - {NOT_ASKED}))
            margins.append(Margin(inside, codes, low, high))
        for child in self.children.get(question.question_id, []):
            for year in YEARS:
                needed = self.targets.answered_at_least(child, year)
                member = (BASE_COHORT[question.form_id], year)
                inside = tuple(cell for cell in cells if member in cast(tuple[Membership, ...], cell))
                size = sum(len(cells[cell]) for cell in inside)
                if child.answer_type in ("single", "matrix") and needed:
                    margins.append(Margin(inside, child.parent_option_codes, needed, size))
        return margins

    def shares(self, question: Question, options: Sequence[str], cell: Hashable) -> Mapping[str, float]:
        """Plausible shares of the answers in a cell."""
        members = cast(tuple[Membership, ...], cell)
        base = BASE_COHORT[question.form_id]
        year = next(year for cohort_id, year in members if cohort_id == base)
        own = {t.cohort_id for t in self.targets.of(question.question_id)}
        cohorts = frozenset(c for c in own if c.startswith(question.form_id)) or frozenset(own)
        shares = dict(self.targets.shares(question.question_id, options, year, cohorts))
        if not self.targets.of(question.question_id, year):
            # Nothing published: just enough opening answers for the published follow-up, and a few unanswered.
            for child in self.children.get(question.question_id, []):
                needed = self.targets.answered_at_least(child, year)
                size = self.targets.cohort_size.get((base, year), 0)
                if child.answer_type == "single" and needed and size and len(child.parent_option_codes) == 1:
                    (code,) = child.parent_option_codes
                    shares[code] = (needed + UNANSWERED_WHERE_ASKED) / size
                    rest = sum(share for option, share in shares.items() if option != code)
                    for option in shares:
                        if option != code:
                            shares[option] *= (1 - shares[code]) / rest
        return shares

    # -- single answers --------------------------------------------------------------------------------------

    def options(self, question: Question, with_missing: bool = True) -> list[str]:
        """Option codes of a question, ``missing`` last."""
        codes = [option.option_code for option in self.catalogue.options_of(question.question_id)]
        return [*codes, MISSING_OPTION_CODE] if with_missing else codes

    def single_counts(
        self,
        question: Question,
        cells: Mapping[Hashable, list[Unit]],
        fixed: Mapping[int, str] | None = None,
        with_missing: bool = True,
    ) -> dict[Hashable, dict[str, int]]:
        """Answers still to give in each cell; ``fixed`` are answers (by form) that are already decided."""
        options = self.options(question, with_missing)
        fixed = fixed or {}
        given: dict[Hashable, dict[str, int]] = {cell: dict.fromkeys(options, 0) for cell in cells}
        for cell, units in cells.items():
            for _, form in units:
                if id(form) in fixed:
                    given[cell][fixed[id(form)]] += 1
        margins = []
        for margin in self.margins(question, cells):
            done = sum(given[cell].get(option, 0) for cell in margin.cells for option in margin.options)
            margins.append(Margin(margin.cells, margin.options, margin.low - done, margin.high - done))
        return allocate_single(
            question.question_id,
            {cell: len(units) - sum(given[cell].values()) for cell, units in cells.items()},
            options,
            margins,
            partial(self.shares, question, options),
        )

    def give(
        self,
        question: Question,
        units: Sequence[Unit],
        counts: Mapping[str, int],
        affinity: Callable[[Unit, str], float] | None = None,
    ) -> None:
        """Hand the counted answers to forms: at random, or rarest answer first to the forms nearest to it."""
        if affinity is None:
            for (_, form), code in zip(units, spread(self.rng, counts), strict=True):
                if code != MISSING_OPTION_CODE:
                    form.answers[question.question_id] = code
            return
        left = [units[i] for i in self.rng.permutation(len(units))]
        for code in sorted(counts, key=lambda option: (counts[option], option)):
            left.sort(key=lambda unit, code=code: -affinity(unit, code))  # type: ignore[misc]
            chosen, left = left[: counts[code]], left[counts[code] :]
            if code != MISSING_OPTION_CODE:
                for _, form in chosen:
                    form.answers[question.question_id] = code

    def draw_single(self, question: Question) -> None:
        """Draw a single-choice question."""
        cells = self.cells([question], self.asked_units(question))
        fixed = self.lasting_answers(question, cells)
        for cell, counts in self.single_counts(question, cells, fixed).items():
            free = [unit for unit in cells[cell] if id(unit[1]) not in fixed]
            self.give(question, free, counts, AFFINITIES.get(question.question_id))

    def lasting_answers(self, question: Question, cells: Mapping[Hashable, list[Unit]]) -> dict[int, str]:
        """Answers of returning clients, the same on each of their intakes."""
        codes = LASTING.get(question.question_id)
        fixed: dict[int, str] = {}
        if codes is None:
            return fixed
        for client in self.skeleton.clients:
            forms = [case.intake for case in client.cases if case.intake]
            if len(forms) > 1:
                code = codes[int(self.rng.integers(len(codes)))]
                for form in forms:
                    fixed[id(form)] = code
                    form.answers[question.question_id] = code
        return fixed

    # -- groups of yes/no rows -------------------------------------------------------------------------------

    def any_yes_question(self, matrix_id: str) -> Question | None:
        """The derived question that says whether any row of a matrix is Yes, if there is one."""
        rows = {q.question_id for q in self.catalogue.questions.values() if q.matrix_id == matrix_id}
        for question in self.catalogue.questions.values():
            sources = {source.split("=")[0] for source in question.derived_from}
            if question.derivation == "any_yes" and sources and sources <= rows:
                return question
        return None

    def draw_intake_matrix(self, rows: Sequence[Question], any_yes: Question) -> None:
        """Draw the rows of a matrix together, so that the right number of forms has no Yes at all."""
        cells = self.cells(rows, self.asked_units(rows[0]), {t.cohort_id for t in self.targets.of(any_yes.question_id)})
        counts = {row.question_id: self.single_counts(row, cells) for row in rows}
        yes = {cell: [counts[row.question_id][cell]["yes"] for row in rows] for cell in cells}
        none = self.forms_without_yes(any_yes, cells, yes)
        for cell, units in cells.items():
            order = [units[i] for i in self.rng.permutation(len(units))]
            with_yes = len(order) - none[cell]
            ticks = tick_matrix(self.rng, with_yes, yes[cell], any_yes.question_id)
            self.give_rows(
                rows,
                order,
                np.vstack([ticks, np.zeros((none[cell], len(rows)), dtype=np.bool_)]),
                [counts[row.question_id][cell] for row in rows],
            )

    def forms_without_yes(
        self, any_yes: Question, cells: Mapping[Hashable, list[Unit]], yes: Mapping[Hashable, list[int]]
    ) -> dict[Hashable, int]:
        """Number of forms without any Yes per cell, within the published Missing of the pairs' tables."""
        programme = IntegerProgram()
        index = {}
        for cell, units in cells.items():
            low = max(0, len(units) - sum(yes[cell]))
            high = len(units) - max(yes[cell])
            index[cell] = programme.variable(low, high, low + (high - low) * 0.2)
        for target in self.targets.of(any_yes.question_id):
            member = (target.cohort_id, target.year)
            inside = {index[c]: 1.0 for c in cells if member in cast(tuple[Membership, ...], c)}
            programme.constraint(inside, target.low, target.high)
        solution = programme.solve(any_yes.question_id)
        return {cell: int(solution[position]) for cell, position in index.items()}

    def give_rows(
        self,
        rows: Sequence[Question],
        units: Sequence[Unit],
        yes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        counts: Sequence[Mapping[str, int]],
    ) -> None:
        """Hand Yes by the given ticks, and the other answers so that Missing and Don't know gather on few forms."""
        reluctance = self.rng.random(len(units)) - 0.5 * (~yes.any(axis=1))
        for column, row in enumerate(rows):
            others = np.flatnonzero(~yes[:, column])
            order = others[np.argsort(reluctance[others] + 0.15 * self.rng.random(len(others)), kind="stable")]
            codes = [
                code for code in (MISSING_OPTION_CODE, "dont_know", "no") for _ in range(counts[column].get(code, 0))
            ]
            for position in np.flatnonzero(yes[:, column]):
                units[int(position)][1].answers[row.question_id] = "yes"
            for position, code in zip(order, codes, strict=True):
                if code != MISSING_OPTION_CODE:
                    units[int(position)][1].answers[row.question_id] = code

    def draw_exit_matrix(self, rows: Sequence[Question], present_id: str, cohort_id: str) -> None:
        """Draw whether an abuse continues at exit, and its types, in agreement with each other."""
        present = self.catalogue.questions[present_id]
        year_cells = self.cells([present], self.asked_units(present))
        present_counts = self.single_counts(present, year_cells)
        for year_cell, units in year_cells.items():
            pairs = [u for u in units if any(c == cohort_id for c, _ in self.memberships(u, "exit"))]
            inside = {id(form) for _, form in pairs}
            others = [u for u in units if id(u[1]) not in inside]
            type_cells = self.cells(rows, pairs, [cohort_id])
            ((cell, pairs),) = type_cells.items()
            counts = [self.single_counts(row, {cell: pairs})[cell] for row in rows]
            yes = [count["yes"] for count in counts]
            continuing = present_counts[year_cell]["yes"]
            low = max(*yes, continuing - len(others))
            high = min(sum(yes), continuing)
            if low > high:
                raise InfeasibleTargetError(f"The types at exit of {present_id} do not fit its Yes count.")
            share = len(pairs) / len(units)
            within = int(np.clip(round(continuing * share), low, high))
            pairs = [pairs[i] for i in self.rng.permutation(len(pairs))]
            others = [others[i] for i in self.rng.permutation(len(others))]
            ticks = tick_matrix(self.rng, within, yes, present_id)
            blank = np.zeros((len(pairs) - within, len(rows)), dtype=np.bool_)
            self.give_rows(rows, pairs, np.vstack([ticks, blank]), counts)
            outside = continuing - within
            # Nothing is published about exits whose abuse is new: proportions like those of the pairs.
            scaled = [min(outside, round(y * outside / max(1, within))) for y in yes]
            scaled[int(np.argmax(yes))] = outside
            ticks = tick_matrix(self.rng, outside, scaled, present_id)
            blank = np.zeros((len(others) - outside, len(rows)), dtype=np.bool_)
            rest = []
            for count, y in zip(counts, scaled, strict=True):
                weights = [float(count.get(code, 0)) for code in ("no", "dont_know", MISSING_OPTION_CODE)]
                no, dont_know, missing = largest_remainder(weights, len(others) - y)
                rest.append({"yes": y, "no": int(no), "dont_know": int(dont_know), MISSING_OPTION_CODE: int(missing)})
            self.give_rows(rows, others, np.vstack([ticks, blank]), rest)
            for _, form in [*pairs[:within], *others[:outside]]:
                form.answers[present_id] = "yes"
            without = {code: n for code, n in present_counts[year_cell].items() if code != "yes"}
            self.give(present, [*pairs[within:], *others[outside:]], without)

    # -- tick all that apply ---------------------------------------------------------------------------------

    def draw_ticks(self, question: Question) -> None:
        """Draw a tick-all question, year by year."""
        units = self.asked_units(question)
        cohort_ids = {t.cohort_id for t in self.targets.of(question.question_id)}
        client_only = "intake_client" in cohort_ids
        by_year: dict[int, list[Unit]] = {year: [] for year in ALL_YEARS}
        duplicates: list[Unit] = []
        for unit in units:
            (duplicates if client_only and not unit[0].is_client_record else by_year[unit[1].year]).append(unit)
        sizes = {year: len(members) for year, members in by_year.items()}
        for year, members in by_year.items():
            if not members:
                continue
            counts = self.tick_counts(question, year, sizes)
            self.give_ticks(question, members, counts, year)
        for unit in duplicates:  # an earlier form of a client counts in no table of this question: copy one that does
            twins = by_year[unit[1].year]
            twin = twins[int(self.rng.integers(len(twins)))][1]
            if question.question_id in twin.answers:
                unit[1].answers[question.question_id] = twin.answers[question.question_id]

    def tick_counts(self, question: Question, year: int, sizes: Mapping[int, int]) -> dict[str, int]:
        """Ticks per option of a year, and how many forms have none."""
        options = self.options(question)
        exclusive = self.exclusive(question)
        size = sizes[year]
        programme = IntegerProgram()
        index = {}
        for option in options:
            own = [t for t in self.targets.of(question.question_id) if t.option_codes == {option}]
            wish = 0.0
            if own:
                near = min(own, key=lambda t: (abs(t.year - year), -t.year))
                wish = size * (near.low + near.high) / 2 / max(1, sizes[near.year])
            index[option] = programme.variable(0, size, wish)
        for target in self.targets.of(question.question_id, year):
            programme.constraint({index[code]: 1.0 for code in target.option_codes}, target.low, target.high)
        if not any(MISSING_OPTION_CODE in t.option_codes for t in self.targets.of(question.question_id)):
            programme.constraint({index[MISSING_OPTION_CODE]: 1.0}, 0, 0)
        alone = {index[option]: 1.0 for option in exclusive}
        answers = [option for option in options if option not in exclusive]
        # Whoever ticks nothing exclusive ticks something, and an option is ticked at most once.
        programme.constraint(alone | {index[option]: 1.0 for option in answers}, size, np.inf)
        for option in answers:
            programme.constraint(alone | {index[option]: 1.0}, 0, size)
        if question.question_id == ACE_TYPES:
            low, high = self.mean_interval(self.catalogue.questions[ACE_COUNT], year, half_width=0.04)
            programme.constraint({index[o]: 1.0 for o in answers}, np.ceil(low * size), np.floor(high * size))
        solution = programme.solve(f"{question.question_id} {year}")
        return {option: int(solution[index[option]]) for option in options}

    def exclusive(self, question: Question) -> set[str]:
        """Answers of a tick-all question that stand alone: Don't know, None, and nothing at all."""
        kinds = {"dont_know", "none", "not_disclosed"}
        options = self.catalogue.options_of(question.question_id)
        return {MISSING_OPTION_CODE} | {o.option_code for o in options if o.option_kind in kinds}

    def give_ticks(self, question: Question, units: Sequence[Unit], counts: Mapping[str, int], year: int) -> None:
        """Hand out the ticks of one year."""
        exclusive = self.exclusive(question)
        answers = [option for option in counts if option not in exclusive]
        order = [units[i] for i in self.rng.permutation(len(units))]
        for option in sorted(exclusive):
            chosen, order = order[: counts[option]], order[counts[option] :]
            if option != MISSING_OPTION_CODE:
                for _, form in chosen:
                    form.answers[question.question_id] = frozenset({option})
        if question.question_id == ACE_TYPES:
            sums = self.ace_numbers(len(order), [counts[o] for o in answers], year)
            ticks = tick_matrix_with_row_sums(self.rng, sums, [counts[o] for o in answers], question.question_id)
        else:
            ticks = tick_matrix(self.rng, len(order), [counts[o] for o in answers], question.question_id)
        for (_, form), row in zip(order, ticks, strict=True):
            form.answers[question.question_id] = frozenset(
                option for option, ticked in zip(answers, row, strict=True) if ticked
            )

    def ace_numbers(self, forms: int, counts: Sequence[int], year: int) -> IntArray:
        """Number of ACEs per form: the right total, and the right number of forms with four or more."""
        many_targets = [t for t in self.targets.of(ACE_COUNT, year) if t.option_codes == {"four_or_more"}]
        low = max((t.low for t in many_targets), default=round(forms * 0.25))
        high = min((t.high for t in many_targets), default=low)
        many = (low + high) // 2
        exact = sum(counts) / forms
        # Two ACEs are on most forms, so few forms can have only one.
        largest = sorted(counts, reverse=True)
        single = min(forms // 5, (2 * forms - largest[0] - largest[1]) // 2)
        bands = [(1, 1, single), (2, 3, forms - many - single), (4, 7, many)]
        numbers = numbers_in_bands(self.rng, bands, (exact, exact), f"{ACE_COUNT} {year}", decay=0.6)
        return np.array(numbers, dtype=np.int64)

    # -- numbers ---------------------------------------------------------------------------------------------

    def mean_interval(self, question: Question, year: int, half_width: float = MEAN_HALF_WIDTH) -> tuple[float, float]:
        """Admissible mean of a number question in a year, in the question's unit, well inside the rounding."""
        known = [year for q, year in self.targets.averages if q == question.question_id]
        nearest = min(known, key=lambda y: (abs(y - year), -y))
        average = self.targets.averages[question.question_id, nearest]
        factor = UNIT_FACTOR.get((average.unit, question.unit or ""), 1.0)
        return (average.value - half_width) * factor, (average.value + half_width) * factor

    def draw_number(self, question: Question) -> None:
        """Draw a number question whose options are bands, with its published mean or median."""
        cells = self.cells([question], self.asked_units(question))
        counts = self.single_counts(question, cells)
        bands = {o.option_code: o for o in self.catalogue.options_of(question.question_id)}
        statistics = {a.statistic for (q, _), a in self.targets.averages.items() if q == question.question_id}
        for cell, units in cells.items():
            year = units[0][1].year
            triples = []
            for code, option in bands.items():
                low = max(option.lower_bound or 0, question.minimum or 0)
                high = min(option.upper_bound or low, NUMBER_CAPS.get(question.question_id, 10**6))
                triples.append((low, high, counts[cell][code]))
            if "median" in statistics:
                known = [y for q, y in self.targets.averages if q == question.question_id]
                near = min(known, key=lambda y: (abs(y - year), -y))
                median = int(self.targets.averages[question.question_id, near].value)
                numbers = numbers_with_median(self.rng, triples, median, question.question_id)
            elif statistics:
                mean = self.mean_interval(question, year)
                numbers = numbers_in_bands(self.rng, triples, mean, f"{question.question_id} {year}", step=6)
            else:  # nothing is published about its size
                numbers = [int(self.rng.integers(low, high + 1)) for low, high, count in triples for _ in range(count)]
            answered = [units[i] for i in self.rng.permutation(len(units))][: len(numbers)]
            if question.unit == "months":
                # Abuse cannot well be longer than a life: the longest to the oldest, with some disorder.
                noise = {id(form): 24 * self.rng.standard_normal() for _, form in answered}
                answered.sort(key=lambda unit: _age_months(unit) + noise[id(unit[1])])
                numbers.sort()
            else:
                numbers = [numbers[i] for i in self.rng.permutation(len(numbers))]
            for (_, form), number in zip(answered, numbers, strict=True):
                form.answers[question.question_id] = number

    def draw_ages(self) -> None:
        """Draw birth dates such that the age bands and the mean age of each year's clients come out."""
        question = self.catalogue.questions[AGE_QUESTION]
        for client in self.skeleton.clients:
            client.postcode = _postcode(self.rng)
            intakes = [case for case in client.cases if case.intake]
            if len(intakes) > 1:
                client.birth_date = self.birth_date(int(self.rng.integers(4, 14)), min(c.start for c in intakes))
            elif not intakes:
                client.birth_date = self.birth_date(int(self.rng.integers(4, 16)), client.cases[0].start)
        options = self.catalogue.options_of(AGE_QUESTION)
        bands = {o.option_code: (o.lower_bound or 0, o.upper_bound or 0) for o in options}
        units = self.skeleton.forms("intake")
        cells = self.cells([question], units)
        fixed: dict[int, str] = {}
        ages: dict[int, int] = {}
        for case, form in units:
            if case.client and case.client.birth_date:
                age = months_between(case.client.birth_date, form.event_date) // 12
                ages[id(form)] = age
                fixed[id(form)] = next(code for code, (low, high) in bands.items() if low <= age <= high)
        for cell, counts in self.single_counts(question, cells, fixed, with_missing=False).items():
            free = [unit for unit in cells[cell] if id(unit[1]) not in fixed]
            known = [ages[id(form)] for _, form in cells[cell] if id(form) in ages]
            if not free:
                continue
            total = len(free) + len(known)
            goal = (MEAN_AGE * total - sum(known)) / len(free)
            triples = [(*bands[code], n) for code, n in counts.items()]
            # Small cells (context years, earlier forms of a client) come as near as their bands allow.
            numbers = numbers_in_bands(self.rng, triples, (goal, goal), AGE_QUESTION, strict=False)
            for (case, form), index in zip(free, self.rng.permutation(len(numbers)), strict=True):
                assert case.client is not None
                case.client.birth_date = self.birth_date(numbers[index], form.event_date)

    def birth_date(self, age: int, event: date) -> date:
        """A birth date in one of the twelve months that make this age at the event."""
        months = 12 * age + int(self.rng.integers(1, 12))
        index = event.year * 12 + event.month - 1 - months
        return date(index // 12, index % 12 + 1, int(self.rng.integers(1, 29)))

    # -- forms -----------------------------------------------------------------------------------------------

    def draw_form(self, form_id: str) -> None:
        """Draw every question of a form that has options, in form order."""
        done: set[str] = set()
        for question in self.catalogue.asked(form_id):
            if not question.option_set or question.question_id in done:
                continue
            rows = [q for q in self.catalogue.asked(form_id) if q.matrix_id and q.matrix_id == question.matrix_id]
            group = next((g for g, (present, _) in EXIT_GROUPS.items() if present == question.question_id), None)
            if group:
                rows = [q for q in self.catalogue.asked(form_id) if q.matrix_id == group]
                self.draw_exit_matrix(rows, *EXIT_GROUPS[group])
                done |= {row.question_id for row in rows}
            elif rows and form_id == "intake" and (any_yes := self.any_yes_question(rows[0].matrix_id or "")):
                self.draw_intake_matrix(rows, any_yes)
                done |= {row.question_id for row in rows}
            elif question.answer_type == "tick_all":
                self.draw_ticks(question)
            elif question.answer_type == "number":
                self.draw_number(question)
            else:
                self.draw_single(question)

    def add_off_gate_answers(self) -> None:
        """Add the answers to questions that were not put: never counted, but there."""
        for question_id, number in OFF_GATE.items():
            question = self.catalogue.questions[question_id]
            closed = [
                form
                for _, form in self.skeleton.forms(question.form_id)
                if form.year == OFF_GATE_YEAR and not self.is_asked(question, form)
            ]
            for i in sorted(self.rng.choice(len(closed), number, replace=False)):
                closed[i].answers[question_id] = OFF_GATE_ANSWER


def _age_months(unit: Unit) -> int:
    client = unit[0].client
    assert client is not None
    assert client.birth_date is not None
    return months_between(client.birth_date, unit[1].event_date)


def _postcode(rng: np.random.Generator) -> str:
    """A postcode in an area that does not exist."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = "".join(letters[i] for i in rng.integers(0, len(letters), 2))
    return f"ZZ{rng.integers(1, 30)} {rng.integers(0, 10)}{inward}"


def _returning(unit: Unit, code: str) -> float:
    """Clients who come back answer "repeat"."""
    case, form = unit
    assert case.client is not None
    starts = [c.start for c in case.client.cases if c.intake]
    return float((code == "repeat") == (form.event_date > min(starts)))


def _same_as_birth(unit: Unit, code: str) -> float:
    return float(unit[1].answers.get("intake_profile_gender_at_birth") == code)


def _differs_from_birth(unit: Unit, code: str) -> float:
    answers = unit[1].answers
    identity = answers.get("intake_profile_gender_identity")
    is_told = identity in ("male", "female", "in_another_way")
    differs = is_told and identity != answers.get("intake_profile_gender_at_birth")
    return float((code == "yes") == differs)


# Answers that go together more than by chance, without touching any count.
AFFINITIES: dict[str, Callable[[Unit, str], float]] = {
    "intake_referral_status": _returning,
    "intake_profile_gender_identity": _same_as_birth,
    "intake_profile_not_gender_at_birth": _differs_from_birth,
}
# Largest plausible number where the top band is open.
NUMBER_CAPS = {
    "intake_exposure_duration": 204,
    "intake_direct_duration": 204,
    "intake_harmful_duration": 120,
    "exit_closure_contacts": 60,
}
