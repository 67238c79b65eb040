"""The sample forms, tabulated here by the denominator rules alone, give the published figures.

Nothing of the generator but its result is used: years, clients, populations, ages and bands are worked out again
from dates and answers, and the report's rows and populations are read from their seeds.
from tests.support.paths import ROOT
"""

from __future__ import annotations

import csv
import io
import re
import statistics
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from catalogue import load_catalogue, normalise_header
from synthetic.forms.drawing import Drawing
from synthetic.forms.records import PRIVATE_MARK
from synthetic.forms.sample import Sample, make_sample, write
from synthetic.forms.scale import write_scaled
from synthetic.forms.skeleton import Case, Form
from synthetic.forms.solver import (
    InfeasibleTargetError,
    Margin,
    allocate_single,
    half_up_percent,
    numbers_in_bands,
    numbers_with_median,
    percent_interval,
    tick_matrix,
    tick_matrix_with_row_sums,
)
from synthetic.forms.writers import checksums
from tests.support.paths import ROOT

SEEDS = ROOT / "dbt_project" / "seeds"
INFOGRAPHICS = {"about_dataset", "service_of_100", "key_findings"}


def _rows(path: str) -> list[dict[str, str]]:
    with (SEEDS / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _half_up(numerator: float, denominator: float = 1, decimals: int = 0) -> Decimal:
    exact = Decimal(str(numerator)) / Decimal(str(denominator))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


class Tabulation:
    """Counts answers of the drawn forms by cohort, year and population."""

    def __init__(self, drawing: Drawing) -> None:
        self.catalogue = load_catalogue()
        self.known: dict[tuple[int, str], set[str]] = {}
        self.counted: dict[tuple[str, int], list[tuple[Case, Form]]] = {}
        self.cases = drawing.skeleton.cases
        self.units: dict[tuple[str, int], list[tuple[Case, Form]]] = defaultdict(list)
        latest: dict[tuple[str, str, int, int], tuple[date, Case, Form]] = {}
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
        for cohort in _rows("forms/cohort.csv"):
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
        self.populations = {row["population_id"]: row for row in _rows("forms/population.csv")}

    def question_id(self, text: str) -> str:
        assert text in self.catalogue.questions, text
        return text

    def number(self, case: Case, form: Form, question_id: str) -> float | None:
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

    def answer(self, case: Case, form: Form, question_id: str) -> set[str]:
        """Codes answered to a question (seen from an exit: the intake's), ``missing``, or ``not_asked``."""
        key = (id(form), question_id)
        if key not in self.known:
            self.known[key] = self._answer(case, form, question_id)
        return self.known[key]

    def _answer(self, case: Case, form: Form, question_id: str) -> set[str]:
        question = self.catalogue.questions[question_id]
        target = self._form_of(case, form, question.form_id)
        if target is None:
            return {"not_asked"}
        parent = question.parent_question_id
        if parent and not (self.answer(case, target, parent) & set(question.parent_option_codes)):
            return {"not_asked"}
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

    def _band(self, case: Case, form: Form, question_id: str) -> str:
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
    def _form_of(case: Case, form: Form, form_id: str) -> Form | None:
        if form.form_id == form_id:
            return form
        assert form.form_id == "exit"
        assert form_id == "intake"
        return case.intake

    def population(self, population_id: str, year: int) -> list[tuple[Case, Form]]:
        if (population_id, year) not in self.counted:
            self.counted[population_id, year] = self._population(population_id, year)
        return self.counted[population_id, year]

    def _population(self, population_id: str, year: int) -> list[tuple[Case, Form]]:
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
    for row in _rows("forms/column_set.csv"):
        columns[row["column_set"]].append(row)
    found = {}
    for row in _rows("forms/report_row.csv"):
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


def _explained(figure: dict[str, str], anomalies: list[dict[str, str]]) -> bool:
    return any(
        anomaly["table_id"] == figure["table_id"]
        and anomaly["year"] == figure["year"]
        and anomaly["point"] in ("", figure["point"])
        and (not anomaly["row_order"] or figure["row_order"] in anomaly["row_order"].split(";"))
        and anomaly["column_label"] in ("", figure["column_label"])
        for anomaly in anomalies
    )


def test_every_published_figure_comes_out(tabulation: Tabulation) -> None:
    rows, anomalies = _report_rows(), _rows("publication/published_anomaly.csv")
    unexplained, matched, compared = [], 0, 0
    for figure in _rows("publication/published_figure.csv"):
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
        if different and not _explained(figure, anomalies):
            unexplained.append((key, figure["year"], different))
    print(f"{compared} figures compared, {matched} match")
    assert unexplained == []


# What is written, read back --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("insights")
    write(sample, out)
    return out


def _plain(text: str) -> str:
    straight = text.replace("\u2019", "'").replace("\u2013", "-").replace("\u00a0", " ")
    return " ".join(straight.split()).lower()


def _same_id(text: str) -> str:
    return re.sub(r"\d+", lambda run: run.group().lstrip("0"), re.sub(r"[\s\-_/.]", "", text.upper()))


def _day(text: str) -> date | None:
    try:
        if re.match(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text[:10])
        if "/" in text:
            day, month, year = text.split()[0].split("/")
            return date(int(year), int(month), int(day))
        return date(1899, 12, 30) + timedelta(days=int(float(text))) if text.strip() else None
    except ValueError:
        return None


def _table(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        return [[_cell(cell) for cell in row] for row in rows]
    data = path.read_bytes()
    text = data.decode("utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "cp1252" if "lantern" in path.parts else "utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell))
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


class Row:
    """One row of a file, read as the catalogue says."""

    def __init__(self, form_id: str, place: int) -> None:
        self.form_id = form_id
        self.place = place
        self.admin: dict[str, str] = {}
        self.answers: dict[str, str | frozenset[str] | int] = {}

    @property
    def edited(self) -> tuple[date, str, int]:
        text = self.admin["edited_at"].strip() or self.admin["submitted_at"]
        day = _day(text)
        assert day is not None
        return day, text[10:], self.place


def _read_back(folder: Path) -> list[Row]:
    catalogue = load_catalogue()
    rows: list[Row] = []
    meaning: dict[str, dict[str, str]] = {}
    for question in catalogue.questions.values():
        meaning[question.question_id] = {}
        for option in catalogue.options_of(question.question_id):
            for text in (option.option_code, option.option_label):
                meaning[question.question_id][_plain(text)] = option.option_code
    for item in _rows("forms/wording.csv"):
        if item["item_type"].startswith("option"):
            option_set, code = item["item_id"].split(".")
            for question in catalogue.questions.values():
                if question.option_set == option_set:
                    meaning[question.question_id][_plain(item["wording"])] = code
    for path in sorted(folder.rglob("*.*")):
        if path.name.startswith("erasure"):
            continue
        form_id = path.name.split("_")[0]
        index = catalogue.header_index(form_id)
        header, *body = _table(path)
        columns = [index.get(normalise_header(cell), (None,))[0] for cell in header]
        known = sum(column is not None for column in columns)
        assert known >= len(catalogue.asked(form_id)), path.name
        if sum(normalise_header(cell) in index for cell in body[0]) > known // 2:
            body = body[1:]
        for cells in body:
            row = Row(form_id, len(rows))
            ticked: dict[str, set[str]] = defaultdict(set)
            for column, cell in zip(columns, cells, strict=True):
                if column is None:
                    continue
                question = catalogue.questions[column.question_id]
                words = meaning[column.question_id]
                if not question.option_set:
                    row.admin[question.question_code] = cell
                elif column.option_code is not None:
                    if cell == "1":
                        ticked[column.question_id].add(column.option_code)
                elif question.answer_type == "tick_all":
                    parts = cell.split(";") if ";" in cell else cell.split(" ") if cell in words else [cell]
                    if not all(_plain(part) in words or not part.strip() for part in parts):
                        parts = cell.split(" ")
                    ticked[column.question_id] |= {words[_plain(part)] for part in parts if _plain(part) in words}
                elif question.answer_type == "number":
                    low, high = question.minimum or 0, question.maximum or 10**9
                    if cell.isdigit() and low <= int(cell) <= high:
                        row.answers[column.question_id] = int(cell)
                elif _plain(cell) in words:
                    row.answers[column.question_id] = words[_plain(cell)]
            row.answers |= {question_id: frozenset(codes) for question_id, codes in ticked.items() if codes}
            event = catalogue.questions[catalogue.forms[form_id].event_date_question_id].question_code
            row.admin["event"] = row.admin[event]
            rows.append(row)
    return rows


def _dispositions(rows: list[Row], folder: Path) -> dict[str, list[Row]]:
    """The rules of the waterfall, in their order of precedence."""
    with (folder / "erasure_requests.csv").open(encoding="utf-8", newline="") as handle:
        erased = {(_plain(line["service"]), _same_id(line["client_id"])) for line in csv.DictReader(handle)}
    found: dict[str, list[Row]] = defaultdict(list)
    versions: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        service = _plain(row.admin["service"])
        client, submission = _same_id(row.admin["client_id"]), _same_id(row.admin["submission_id"])
        if (service, client) in erased:
            found["erased"].append(row)
        elif not (service and client and submission):
            found["missing_key"].append(row)
        else:
            versions[row.form_id, service, submission].append(row)
    contents: dict[tuple[object, ...], list[Row]] = defaultdict(list)

    def content(row: Row) -> tuple[object, ...]:
        admin = {k: v for k, v in row.admin.items() if k not in ("submission_id", "submitted_at", "edited_at")}
        admin |= {"client_id": _same_id(admin["client_id"]), "case_reference": _same_id(admin["case_reference"])}
        return (row.form_id, tuple(sorted(admin.items())), tuple(sorted((q, str(a)) for q, a in row.answers.items())))

    for same in versions.values():
        winner = max(same, key=lambda row: row.edited)
        contents[content(winner)].append(winner)
        for row in same:
            if row is not winner:
                found["duplicate_submission" if content(row) == content(winner) else "superseded"].append(row)
    for same in contents.values():
        first, *others = sorted(same, key=lambda row: (_day(row.admin["submitted_at"]), row.admin["submitted_at"]))
        found["duplicate_submission"] += others
        event, born = _day(first.admin["event"]), _day(first.admin.get("date_of_birth", ""))
        submitted = _day(first.admin["submitted_at"])
        assert submitted is not None
        if _plain(first.admin["is_test"]) in ("1", "yes", "true", "y"):
            found["test_record"].append(first)
        elif _plain(first.admin["consent"]) not in ("1", "yes", "true", "y"):
            found["no_consent"].append(first)
        elif event is None or (born and event < born.replace(day=1)):
            found["impossible_date"].append(first)
        elif not date(2020, 4, 1) <= event <= date(2024, 3, 31):
            found["outside_reporting_years"].append(first)
        elif any(
            [event > submitted, first.admin["form_version"] not in ("v1", "v2"), born and event.year - born.year > 26]
        ):
            found["set_aside"].append(first)
        else:
            found["accepted"].append(first)
    return found


@pytest.fixture(scope="module")
def waterfall(folder: Path) -> dict[str, list[Row]]:
    return _dispositions(_read_back(folder), folder)


def test_every_disposition_occurs_and_none_else(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    expected: dict[str, int] = defaultdict(int)
    for record in sample.records:
        expected[record.disposition] += 1
        expected["duplicate_submission"] += record.copies - 1
    found = {disposition: len(rows) for disposition, rows in waterfall.items()}
    # A cumulative file repeats the one before it, older versions of edited forms included.
    assert found.pop("duplicate_submission") >= expected.pop("duplicate_submission") + 100
    assert found.pop("superseded") >= expected.pop("superseded")
    assert found == dict(expected)
    assert set(waterfall) == {
        "accepted", "superseded", "duplicate_submission", "no_consent", "test_record", "missing_key",
        "impossible_date", "outside_reporting_years", "set_aside", "erased",
    }  # fmt: skip


def test_accepted_rows_hold_the_drawn_answers(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    catalogue = load_catalogue()
    drawn: dict[tuple[str, str, str, date], Form] = {}
    for case in sample.drawing.skeleton.cases:
        assert case.client is not None
        for form in (case.intake, case.review, case.exit):
            if form is not None:
                key = (form.form_id, _plain(case.client.service), _same_id(case.client.client_id), form.event_date)
                assert key not in drawn
                drawn[key] = form
    off_gate = 0
    for row in waterfall["accepted"]:
        event = _day(row.admin["event"])
        assert event is not None
        form = drawn.pop((row.form_id, _plain(row.admin["service"]), _same_id(row.admin["client_id"]), event))
        added = {question_id for question_id in row.answers if question_id not in form.answers}
        for question_id in added:  # only answers to questions that were not put
            question = catalogue.questions[question_id]
            assert form.answers.get(question.parent_question_id or "") not in question.parent_option_codes
        off_gate += len(added)
        assert {q: a for q, a in row.answers.items() if q not in added} == form.answers
    assert drawn == {}
    assert off_gate > 0


def test_matching_passes_find_the_drawn_cases(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    clients: dict[tuple[str, str], dict[str, list[tuple[date, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in waterfall["accepted"]:
        key = (_plain(row.admin["service"]), _same_id(row.admin["client_id"]))
        event = _day(row.admin["event"])
        assert event is not None
        clients[key][row.form_id].append((event, _same_id(row.admin["case_reference"])))
    found = set()
    for key, forms in clients.items():
        intakes, exits = sorted(forms["intake"]), sorted(forms["exit"])
        for one in list(exits):
            for other in intakes:
                if one[1] and one[1] == other[1]:
                    found.add((*key, other[0], one[0]))
                    intakes.remove(other)
                    exits.remove(one)
                    break
        for _ in range(2):
            pairs = []
            for one in exits:
                before = [i for i in intakes if i[0] <= one[0] and not (i[1] and one[1] and i[1] != one[1])]
                if before:
                    latest = max(before)
                    after = [e for e in exits if e[0] >= latest[0] and not (latest[1] and e[1] and latest[1] != e[1])]
                    if min(after) == one:
                        pairs.append((latest, one))
            for intake, one in pairs:
                found.add((*key, intake[0], one[0]))
                intakes.remove(intake)
                exits.remove(one)
    drawn = {
        (_plain(case.client.service), _same_id(case.client.client_id), case.start, case.end)
        for case in sample.drawing.skeleton.cases
        if case.intake and case.exit and case.client
    }
    assert found == drawn


def test_free_text_is_there_and_marked(folder: Path) -> None:
    text = (folder / "beacon" / "intake_2023-24_h2.csv").read_text(encoding="utf-8")
    assert PRIVATE_MARK in text
    assert re.search(r'"[^"]*\n[^"]*"', text)


def test_the_committed_sample_is_what_the_generator_writes(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*.*") if path.is_file())
    sums = ROOT / "synthetic" / "forms" / "sample.sha256"
    assert checksums(files, folder) == sums.read_text(encoding="utf-8")


# The pieces ------------------------------------------------------------------------------------------------------


def test_percent_interval_is_every_count_that_prints_so() -> None:
    for n in (1, 7, 62, 200, 1665):
        for percent in range(101):
            counts = [x for x in range(n + 1) if half_up_percent(x, n) == percent]
            if counts:
                assert percent_interval(percent, n) == (counts[0], counts[-1])
            else:
                with pytest.raises(InfeasibleTargetError):
                    percent_interval(percent, n)


def test_contradicting_margins_are_named_not_hidden() -> None:
    margins = [Margin(("all",), ("yes",), 7, 7), Margin(("all",), ("yes", "no"), 0, 5)]
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        allocate_single("some_question", {"all": 10}, ["yes", "no", "missing"], margins, lambda _: {"yes": 1.0})


def test_ticks_keep_both_margins() -> None:
    rng = np.random.default_rng(1)
    ticks = tick_matrix(rng, 10, [9, 3, 2], "some_question")
    assert ticks.sum(axis=0).tolist() == [9, 3, 2]
    assert ticks.any(axis=1).all()
    sums = np.array([3, 1, 2, 1, 1])
    ticks = tick_matrix_with_row_sums(rng, sums, [5, 2, 1], "some_question")
    assert ticks.sum(axis=0).tolist() == [5, 2, 1]
    assert ticks.sum(axis=1).tolist() == sums.tolist()
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        tick_matrix(rng, 10, [11], "some_question")


def test_numbers_reach_their_average() -> None:
    rng = np.random.default_rng(1)
    numbers = numbers_in_bands(rng, [(1, 11, 5), (12, 35, 20), (36, 71, 5)], (23.9, 24.1), "some_question", step=6)
    assert 23.9 <= statistics.fmean(numbers) <= 24.1
    assert sum(12 <= number <= 35 for number in numbers) == 20
    numbers = numbers_with_median(rng, [(1, 5, 40), (6, 10, 50), (11, 20, 10)], 6, "some_question")
    assert statistics.median(numbers) == 6
    assert sum(number <= 5 for number in numbers) == 40
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        numbers_with_median(rng, [(1, 5, 90), (6, 10, 10)], 6, "some_question")


def test_scaled_export_has_the_forms_asked_for(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthetic.forms.scale.draw", lambda catalogue: sample.drawing)
    export = write_scaled(tmp_path, 9_000)
    assert abs(export.forms["intake"] - 9_000) <= 2
    catalogue = load_catalogue()
    keys = set()
    counts: dict[str, int] = defaultdict(int)
    for path in export.files:
        form_id = path.name.split("_")[0]
        header, *body = _table(path)
        columns = [catalogue.header_index(form_id)[normalise_header(cell)][0] for cell in header]
        names = [column.question_id for column in columns]
        service, submission = names.index(f"{form_id}_admin_service"), names.index(f"{form_id}_admin_submission_id")
        keys |= {(form_id, row[service], row[submission]) for row in body}
        counts[form_id] += len(body)
    assert dict(counts) == export.forms
    assert len(keys) == sum(counts.values())
