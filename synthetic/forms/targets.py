"""What must come out: margins per year and question, read from the published figures and the report's rows.

A published figure becomes an interval for a count: the count itself where one is printed (2024), else every count
that prints as the published percentage. The n of a table becomes the count of the answers that open it.
Where the publication is wrong, ``CORRECTIONS`` says what the data follow instead; the reasons are those of
``published_anomaly.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue import MISSING_OPTION_CODE, Catalogue, Question
from synthetic.forms.solver import percent_interval

PUBLICATION_DIR = Path(__file__).resolve().parents[2] / "programmes" / "sample" / "catalogue"

# Forms whose gate is closed, or exits without an intake form: counted by a few report rows, never an answer.
CLOSED = "closed"


@dataclass(frozen=True)
class PublishedFigure:
    """One published cell."""

    table_id: str
    year: int
    point: str
    row_order: int
    column_label: str
    n: int | None
    count: int | None
    percent: int | None
    statistic: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class ReportRow:
    """One row (and, for a matrix, one column) of the report: which answers of which question it counts."""

    table_id: str
    point: str
    row_order: int
    column_label: str
    population_id: str
    question_id: str
    option_codes: tuple[str, ...]
    statistic: str


@dataclass(frozen=True)
class Target:
    """``low <= forms or clients of the cohort and year that gave one of the answers <= high``."""

    year: int
    cohort_id: str
    question_id: str
    option_codes: frozenset[str]
    low: int
    high: int
    table_id: str
    n: int | None  # base of the figure; None where the figure is itself the base of another table

    @property
    def middle(self) -> float:
        """Middle of the interval."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class AverageTarget:
    """A published mean or median of a number question in a year."""

    statistic: str
    value: float
    unit: str


@dataclass(frozen=True)
class Correction:
    """What the data follow where the publication is wrong.

    ``rows`` empty means every row of the table. ``counts`` replaces printed counts row by row, ``percents`` printed
    percentages, ``n`` the base; ``drop`` forgets the figure, ``drop_base`` only its n as a base, and ``as_year``
    moves a column that is printed under the wrong year.
    """

    table_id: str
    year: int
    rows: tuple[int, ...] = ()
    point: str | None = None
    counts: tuple[int, ...] = ()
    percents: tuple[int, ...] = ()
    n: int | None = None
    drop: bool = False
    drop_base: bool = False
    as_year: int | None = None


CORRECTIONS = (
    # Missing 30 is forms minus clients; the printed 0 % is right.
    Correction("client_residency", 2024, (13,), counts=(0,)),
    # 4 % Missing is the 2024 figure; the other three rows leave 1 to 2 %.
    Correction("client_disability", 2023, (4,), drop=True),
    Correction("client_disability", 2022, (4,), drop=True),
    # Columns are a year old: "2024" is 2023 and "2023" is 2022.
    Correction("exposure_lives_with_perpetrator", 2024, as_year=2023, n=1843),
    Correction("exposure_lives_with_perpetrator", 2023, as_year=2022, n=1526),
    Correction("exposure_lives_with_perpetrator", 2022, drop=True),
    Correction("direct_abuse_types", 2023, n=1690),
    # No was printed as exit forms minus review forms; it follows from Yes and the clients.
    Correction("review_point", 2024, drop=True),
    Correction("review_point", 2023, drop=True),
    Correction("review_point", 2022, drop=True),
    # Counts of the exit pairs, divided by all intake forms with the abuse: the n is no base of these counts.
    *(
        Correction(f"review_{area}_occurred", year, point="intake", drop_base=True)
        for area in ("exposure", "direct", "harmful")
        for year in (2024, 2023)
    ),
    # More forms answered than were asked; the off-gate answers are on No (see drawing.OFF_GATE).
    Correction("exit_exposure_due_to_contact", 2024, (1, 2, 3, 4), counts=(44, 53, 6, 0)),
    Correction("exit_direct_due_to_contact", 2024, (1, 2, 3, 4), counts=(60, 68, 8, 0)),
    # Neglect's Don't know and Missing at intake were printed under Emotional.
    Correction("exit_direct_neglect", 2024, (3, 4), point="intake", counts=(11, 83)),
    Correction("exit_direct_neglect", 2023, (3, 4), point="intake", percents=(2, 10)),
    Correction("exit_direct_emotional", 2024, (3, 4), point="intake", drop=True),
    Correction("exit_direct_emotional", 2023, (3, 4), point="intake", drop=True),
    Correction("exit_direct_sexual", 2024, (4,), point="exit", counts=(20,)),
)

# The published median of 2024, 5, cannot be: 42 % of cases had 1 to 5 contacts.
CORRECTED_AVERAGES = {("exit_contacts", 2024): 6.0}


def read_figures(folder: Path = PUBLICATION_DIR) -> list[PublishedFigure]:
    """Published figures as printed."""

    def integer(text: str) -> int | None:
        return int(text) if text.strip() else None

    with (folder / "published_figure.csv").open(encoding="utf-8", newline="") as handle:
        return [
            PublishedFigure(
                table_id=row["table_id"],
                year=int(row["year"]),
                point=row["point"],
                row_order=int(row["row_order"]),
                column_label=row["column_label"],
                n=integer(row["published_n"]),
                count=integer(row["published_count"]),
                percent=integer(row["published_percent"]),
                statistic=row["statistic"],
                value=float(row["published_value"]) if row["published_value"].strip() else None,
                unit=row["unit"],
            )
            for row in csv.DictReader(handle)
        ]


def read_report_rows(catalogue: Catalogue) -> dict[tuple[str, str, int, str], ReportRow]:
    """Rows of the report by ``(table_id, point, row_order, column_label)``, column sets expanded."""
    with (catalogue.seeds_dir / "column_set.csv").open(encoding="utf-8", newline="") as handle:
        column_sets: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for row in csv.DictReader(handle):
            codes = tuple(code for code in row["option_codes"].split(";") if code)
            column_sets.setdefault(row["column_set"], []).append((row["column_label"], codes))
    rows: dict[tuple[str, str, int, str], ReportRow] = {}
    with (catalogue.seeds_dir / "report_row.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            codes = tuple(code for code in row["option_codes"].split(";") if code)
            if row["option_group"]:
                codes = tuple(
                    option.option_code
                    for option in catalogue.options_of(row["question_id"])
                    if option.option_group == row["option_group"]
                )
            columns = column_sets[row["column_set"]] if row["column_set"] else [(row["column_label"], codes)]
            for column_label, column_codes in columns:
                key = (row["table_id"], row["point"], int(row["row_order"]), column_label)
                rows[key] = ReportRow(
                    *key,
                    population_id=row["population_id"],
                    question_id=row["question_id"],
                    option_codes=column_codes,
                    statistic=row["statistic"],
                )
    return rows


def _corrected(figure: PublishedFigure) -> tuple[PublishedFigure, bool] | None:
    """The figure to follow and whether its n is a base, or None where the printed figure must be forgotten."""
    has_base = True
    for correction in CORRECTIONS:
        if (correction.table_id, correction.year) != (figure.table_id, figure.year):
            continue
        if correction.rows and figure.row_order not in correction.rows:
            continue
        if correction.point is not None and correction.point != figure.point:
            continue
        if correction.drop:
            return None
        if correction.counts:
            figure = replace(figure, count=correction.counts[correction.rows.index(figure.row_order)])
        if correction.percents:
            figure = replace(figure, percent=correction.percents[correction.rows.index(figure.row_order)])
        if correction.n is not None:
            figure = replace(figure, n=correction.n)
        if correction.drop_base:
            has_base = False
        if correction.as_year is not None:
            return replace(figure, year=correction.as_year), has_base
    return figure, has_base


# The table whose n (or, for forms, whose printed total) says how large a cohort is.
COHORT_SIZES = {
    "intake_form": ("cases_used", 1),
    "review_form": ("cases_used", 2),
    "exit_form": ("cases_used", 3),
    "intake_client": ("client_age", 1),
    "exit_client": ("review_point", 1),
}


class Targets:
    """All margins and averages, by question, and the size of each cohort."""

    def __init__(self, catalogue: Catalogue, figures: Iterable[PublishedFigure]) -> None:
        figures = list(figures)
        self.catalogue = catalogue
        self.cohort_size = {
            (cohort_id, figure.year): (figure.count if cohort_id.endswith("_form") else figure.n) or 0
            for cohort_id, place in COHORT_SIZES.items()
            for figure in figures
            if (figure.table_id, figure.row_order) == place
        }
        self.by_question: dict[str, list[Target]] = {}
        self.averages: dict[tuple[str, int], AverageTarget] = {}
        rows = read_report_rows(catalogue)
        for printed in figures:
            row = rows.get((printed.table_id, printed.point, printed.row_order, printed.column_label))
            # A printed figure that no form can hold counts no answers.
            if (
                row is None
                or row.statistic not in ("percentage", "mean", "median")
                or printed.table_id == "service_of_100"
            ):
                continue
            corrected = _corrected(printed)
            if corrected is None or not row.population_id:
                continue
            figure, has_base = corrected
            population = catalogue.populations[row.population_id]
            n, cohort_id = figure.n, population.cohort_id
            if has_base and n is not None:
                if population.question_id:
                    self._add(figure, cohort_id, population.question_id, population.option_codes, (n, n), None)
                if cohort_id in COHORT_RESTRICTIONS:
                    question_id, code = COHORT_RESTRICTIONS[cohort_id]
                    self._add(figure, "exit_form", question_id, (code,), (n, n), None)
            if row.statistic in ("mean", "median"):
                if figure.value is not None:
                    value = CORRECTED_AVERAGES.get((figure.table_id, figure.year), figure.value)
                    self.averages[row.question_id, figure.year] = AverageTarget(row.statistic, value, figure.unit)
            elif figure.count is not None:
                self._add(figure, cohort_id, row.question_id, row.option_codes, (figure.count, figure.count), n)
            elif figure.percent is not None and n is not None:
                limits = percent_interval(figure.percent, n)
                self._add(figure, cohort_id, row.question_id, row.option_codes, limits, n)

    def _add(
        self,
        figure: PublishedFigure,
        cohort_id: str,
        question_id: str,
        codes: Iterable[str],
        limits: tuple[int, int],
        n: int | None,
    ) -> None:
        target = Target(figure.year, cohort_id, question_id, frozenset(codes), *limits, figure.table_id, n)
        known = self.by_question.setdefault(question_id, [])
        if target not in known:
            known.append(target)

    def of(self, question_id: str, year: int | None = None) -> list[Target]:
        """Margins of a question, of one year or of all."""
        return [t for t in self.by_question.get(question_id, []) if year is None or t.year == year]

    def answered_at_least(self, question: Question, year: int) -> int:
        """Fewest forms of a year that answer a question, if every option has a margin of its own; else 0."""
        lows: dict[str, int] = {}
        complement = 0
        for target in self.of(question.question_id, year):
            if len(target.option_codes) == 1 and target.cohort_id in ("intake_form", "exit_form", "review_form"):
                (code,) = target.option_codes
                lows[code] = max(lows.get(code, 0), target.low)
            elif target.option_codes == {MISSING_OPTION_CODE, CLOSED}:
                complement = self.cohort_size[target.cohort_id, year] - target.high
        answered = sum(low for code, low in lows.items() if code not in (MISSING_OPTION_CODE, CLOSED))
        return max(answered, complement)

    def shares(self, question_id: str, options: Iterable[str], year: int, cohorts: frozenset[str]) -> dict[str, float]:
        """Plausible share of each answer in a year, from the nearest year and the cohorts that publish it.

        Args:
            question_id: the question.
            options: its answers, including ``missing``.
            year: reporting year; years without figures borrow from the nearest one that has them.
            cohorts: cohorts whose figures may be used.

        Returns:
            ``{option: relative share}``; answers without any figure get a small default by what they say.
        """
        shares: dict[str, float] = {}
        has_every_form = self.catalogue.questions[question_id].parent_question_id is None
        for option in options:
            candidates = [
                target
                for target in self.of(question_id)
                if target.option_codes == {option} and target.cohort_id in cohorts and (target.n or has_every_form)
            ]
            if not candidates:
                continue
            nearest = min(candidates, key=lambda t: (abs(t.year - year), -t.year))
            shares[option] = nearest.middle / (nearest.n or self.cohort_size[nearest.cohort_id, nearest.year])
        left = max(0.0, 1.0 - sum(shares.values()))
        unknown = [option for option in options if option not in shares]
        weights = {option: DEFAULT_WEIGHTS.get(option, 1.0) for option in unknown}
        for option in unknown:
            shares[option] = left * weights[option] / sum(weights.values())
        return shares


# Cohorts of exits that are narrowed by an answer of the matched intake form (cohort.restriction).
COHORT_RESTRICTIONS = {
    "exit_exposed_at_intake": ("intake_exposure_supported", "yes"),
    "exit_direct_at_intake": ("intake_direct_supported", "yes"),
    "exit_harmful_at_intake": ("intake_harmful_supported", "yes"),
}

DEFAULT_WEIGHTS = {"no": 10.0, "dont_know": 0.4, MISSING_OPTION_CODE: 0.4, "not_disclosed": 0.4}
