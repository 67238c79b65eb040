"""The files of a sample of forms, read back by the catalogue and the rules of the waterfall alone.

Nothing of the generator is used, and nothing of landing.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

from catalogue.folding import fold_header
from synthetic.sample_catalogue import sample_catalogue
from tests.support.paths import sample_seeds


def seed_rows(path: str) -> list[dict[str, str]]:
    with (sample_seeds() / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def plain(text: str) -> str:
    straight = text.replace("\u2019", "'").replace("\u2013", "-").replace("\u00a0", " ")
    return " ".join(straight.split()).lower()


def same_id(text: str) -> str:
    return re.sub(r"\d+", lambda run: run.group().lstrip("0"), re.sub(r"[\s\-_/.]", "", text.upper()))


def day_of(text: str) -> date | None:
    try:
        if re.match(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text[:10])
        if "/" in text:
            day, month, year = text.split()[0].split("/")
            return date(int(year), int(month), int(day))
        return date(1899, 12, 30) + timedelta(days=int(float(text))) if text.strip() else None
    except ValueError:
        return None


def read_table(path: Path) -> list[list[str]]:
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
        day = day_of(text)
        assert day is not None
        return day, text[10:], self.place


def read_back(folder: Path) -> list[Row]:
    catalogue = sample_catalogue()
    rows: list[Row] = []
    meaning: dict[str, dict[str, str]] = {}
    for question in catalogue.questions.values():
        meaning[question.question_id] = {}
        for option in catalogue.options_of(question.question_id):
            for text in (option.option_code, option.option_label):
                meaning[question.question_id][plain(text)] = option.option_code
    for item in seed_rows("forms/wording.csv"):
        if item["item_type"].startswith("option"):
            option_set, code = item["item_id"].split(".")
            for question in catalogue.questions.values():
                if question.option_set == option_set:
                    meaning[question.question_id][plain(item["wording"])] = code
    for path in sorted(folder.rglob("*.*")):
        if path.name.startswith("erasure"):
            continue
        form_id = path.name.split("_")[0]
        index = catalogue.header_index(form_id)
        header, *body = read_table(path)
        columns = [index.get(fold_header(cell), (None,))[0] for cell in header]
        known = sum(column is not None for column in columns)
        assert known >= len(catalogue.asked(form_id)), path.name
        if sum(fold_header(cell) in index for cell in body[0]) > known // 2:
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
                    if not all(plain(part) in words or not part.strip() for part in parts):
                        parts = cell.split(" ")
                    ticked[column.question_id] |= {words[plain(part)] for part in parts if plain(part) in words}
                elif question.answer_type == "number":
                    low, high = question.minimum or 0, question.maximum or 10**9
                    if cell.isdigit() and low <= int(cell) <= high:
                        row.answers[column.question_id] = int(cell)
                elif plain(cell) in words:
                    row.answers[column.question_id] = words[plain(cell)]
            row.answers |= {question_id: frozenset(codes) for question_id, codes in ticked.items() if codes}
            event = catalogue.questions[catalogue.forms[form_id].event_date_question_id].question_code
            row.admin["event"] = row.admin[event]
            rows.append(row)
    return rows


def dispositions(rows: list[Row], folder: Path) -> dict[str, list[Row]]:
    """The rules of the waterfall, in their order of precedence."""
    with (folder / "erasure_requests.csv").open(encoding="utf-8", newline="") as handle:
        erased = {(plain(line["service"]), same_id(line["client_id"])) for line in csv.DictReader(handle)}
    found: dict[str, list[Row]] = defaultdict(list)
    versions: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        service = plain(row.admin["service"])
        client, submission = same_id(row.admin["client_id"]), same_id(row.admin["submission_id"])
        if (service, client) in erased:
            found["erased"].append(row)
        elif not (service and client and submission):
            found["missing_key"].append(row)
        else:
            versions[row.form_id, service, submission].append(row)
    contents: dict[tuple[object, ...], list[Row]] = defaultdict(list)

    def content(row: Row) -> tuple[object, ...]:
        admin = {k: v for k, v in row.admin.items() if k not in ("submission_id", "submitted_at", "edited_at")}
        admin |= {"client_id": same_id(admin["client_id"]), "case_reference": same_id(admin["case_reference"])}
        return (row.form_id, tuple(sorted(admin.items())), tuple(sorted((q, str(a)) for q, a in row.answers.items())))

    for same in versions.values():
        winner = max(same, key=lambda row: row.edited)
        contents[content(winner)].append(winner)
        for row in same:
            if row is not winner:
                found["duplicate_submission" if content(row) == content(winner) else "superseded"].append(row)
    for same in contents.values():
        first, *others = sorted(same, key=lambda row: (day_of(row.admin["submitted_at"]), row.admin["submitted_at"]))
        found["duplicate_submission"] += others
        event, born = day_of(first.admin["event"]), day_of(first.admin.get("date_of_birth", ""))
        submitted = day_of(first.admin["submitted_at"])
        assert submitted is not None
        if plain(first.admin["is_test"]) in ("1", "yes", "true", "y"):
            found["test_record"].append(first)
        elif plain(first.admin["consent"]) not in ("1", "yes", "true", "y"):
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
