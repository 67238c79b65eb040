"""Random exports of intake, review and exit forms, written in the many ways in which portals and offices write them."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from tests.independent.catalogue_files import EVENT_DATE, Catalogue, Question
from tests.independent.children import SERVICES, Drawer, Entry, draw_entries
from tests.independent.workbooks import SERIAL_ZERO, Cell, write_workbook

LONDON = ZoneInfo("Europe/London")
DATE_STYLES = (
    "iso", "iso_time", "utc", "offset", "day_first", "month_first", "words", "hyphens", "year_first", "two_digits",
    "serial",
)  # fmt: skip
FAULTS_OF_CELLS = frozenset(
    {"column_order", "dirty_headers", "dirty_choices", "dirty_ids", "mixed_dates", "ragged_rows", "blank_rows"}
)
TICKS = (("1", "0"), ("yes", "no"), ("true", "false"), ("x", ""), ("1", ""), ("TRUE", "FALSE"), ("Yes", "No"))


@dataclass(frozen=True)
class Style:
    """How one file is written."""

    naming: str
    version: str
    separator: str  # between question and option of a column of ticks; blank: the ticks are a list
    list_delimiter: str
    ticks: tuple[str, str]
    flags: tuple[str, str]
    dates: dict[str, str]
    moments: str
    delimiter: str
    encoding: str
    newline: str
    quoting: Literal[0, 1]
    is_workbook: bool
    lacks: frozenset[str] = frozenset()  # questions without a column


def draw_style(drawer: Drawer, form: str) -> Style:
    dice, without = drawer.dice, drawer.without
    naming = dice.choice(["code", "text"])
    separators = {"code": ["___", "/", ".", ""], "text": [" / ", " - ", ""]}[naming]
    separators = [one for one in separators if not (one in ("/", ".", " - ") and "separators" in without)]
    styles = [one for one in DATE_STYLES if one not in without]
    encodings = [one for one in ("utf-8", "utf-8-sig", "cp1252", "utf-16") if one not in without]
    delimiters = [one for one in (",", ";", "\t") if not (one == "\t" and "tabs" in without)]
    return Style(
        naming,
        dice.choice(["v1", "v2"]),
        dice.choice(separators),
        " " if naming == "code" else ";",
        dice.choice(TICKS),
        dice.choice([("1", "0"), ("yes", "no"), ("true", "false"), ("Yes", "No")]),
        {column: dice.choice(styles) for column in (EVENT_DATE[form], "date_of_birth")},
        dice.choice(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M"]),
        dice.choice(delimiters),
        dice.choice(encodings),
        dice.choice(["\n", "\r\n"]),
        dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        dice.random() < 0.2 and "workbooks" not in without,
    )


def written_date(day: date, style: str) -> str:
    """The day in one of the spellings; an instant of UTC is the midnight of London with which it begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    month = day.strftime("%B")
    return {
        "iso": day.isoformat(),
        "iso_time": f"{day.isoformat()} 00:00:00",
        "utc": midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "offset": (midnight + timedelta(hours=10)).isoformat(),
        "day_first": f"{day.day:02}/{day.month:02}/{day.year}",
        "month_first": f"{day.month}/{day.day}/{day.year}",
        "words": f"{day.day} {month} {day.year}",
        "hyphens": f"{day.day:02}-{month[:3]}-{day.year}",
        "year_first": day.strftime("%Y/%m/%d"),
        "two_digits": day.strftime("%d/%m/%y"),
        "serial": str((day - SERIAL_ZERO).days),
    }[style]


class FileWriter:
    """Writes entries of one form in one style, with the dirt of single cells."""

    def __init__(self, drawer: Drawer, form: str, style: Style) -> None:
        self.drawer, self.form, self.style = drawer, form, style
        self.dice, self.catalogue = drawer.dice, drawer.catalogue

    def columns(self) -> list[tuple[Question, str | None]]:
        """Each column as its question and, of a column of one tick, its option."""
        found: list[tuple[Question, str | None]] = []
        for question in self.catalogue.of_form(self.form):
            if question.derivation or question.id in self.style.lacks:
                continue
            if question.kind == "tick_all" and self.style.separator:
                found += [(question, option.code) for option in self.catalogue.options[question.option_set]]
            else:
                found.append((question, None))
        if self.drawer.chance(0.4, "column_order"):
            self.dice.shuffle(found)
        return found

    def header(self, question: Question, tick: str | None) -> str:
        style = self.style
        text = self.catalogue.header(question, style.version, style.naming)
        if tick is not None:
            text += style.separator + self.option_words(question, tick)
        if self.drawer.chance(0.01, "dirty_headers"):
            text = self.dice.choice([text.upper(), f" {text} ", text + "\u200b", text.replace(" ", "\u00a0")])
        return text

    def option_words(self, question: Question, code: str) -> str:
        option = next(one for one in self.catalogue.options[question.option_set] if one.code == code)
        return self.catalogue.option_words(question, option, self.style.version, self.style.naming)

    def choice(self, question: Question, code: str) -> str:
        if code.startswith("?"):
            return code[1:]
        text = self.option_words(question, code)
        if self.drawer.chance(0.05, "dirty_choices"):
            curly = text.replace("'", "’").replace(" - ", " – ")
            spaced = text if question.kind == "tick_all" and self.style.naming == "code" else f" {text}\u00a0"
            text = self.dice.choice([text.upper(), curly, spaced, text + "\u200b"])
        return text

    def ticks(self, question: Question, given: list[str]) -> str:
        words = [self.choice(question, code) for code in given]
        text = self.style.list_delimiter.join(words)
        return text + ";" if words and self.style.naming == "text" and self.dice.random() < 0.3 else text

    def identifier(self, text: str) -> str:
        """An id with the guards, capitals and zeros that people and spreadsheets put around it."""
        if not text or text.startswith("F") or text in ("N/A", "-", "0") or not self.drawer.chance(0.12, "dirty_ids"):
            return text
        forms = [text.lower(), text.upper(), f" {text} ", text + "\u200b"]
        if text.isdigit():
            forms.append("00" + text)
        if text[-1].isdigit() and not self.style.is_workbook and "guards" not in self.drawer.without:
            forms += [f'="{text}"', f"'{text}", f"\t{text}"]
        return self.dice.choice(forms)

    def day(self, column: str, day: date | None, text: str) -> Cell:
        if day is None:
            return text
        style = self.style.dates[column]
        if column == "date_of_birth" and self.drawer.chance(0.1, "birth_months"):
            return day.strftime("%Y-%m")
        if self.style.is_workbook and style in ("iso", "serial"):
            return day if style == "iso" else (day - SERIAL_ZERO).days
        if style != "month_first" and self.drawer.chance(0.05, "mixed_dates"):
            style = "words" if "words" not in self.drawer.without else "iso"
        return written_date(day, style)

    def admin(self, entry: Entry, code: str) -> Cell:
        style = self.style
        if code in style.dates:
            is_birth = code == "date_of_birth"
            day, text = (entry.born, entry.born_text) if is_birth else (entry.event, entry.event_text)
            return self.day(code, day, text)
        service = SERVICES.get(entry.service)
        service_text = entry.service if service is None else service[0]
        if service is not None and self.drawer.chance(0.3, "service_spellings"):
            service_text = self.dice.choice(service)
        values: dict[str, Cell] = {
            "submission_id": self.identifier(entry.submission),
            "client_id": self.identifier(entry.client),
            "case_reference": self.identifier(entry.reference),
            "form_version": style.version,
            "submitted_at": entry.submitted.strftime(style.moments),
            "edited_at": entry.edited.strftime(style.moments) if entry.edited else "",
            "service": service_text,
            "consent": style.flags[0] if entry.consent else style.flags[1],
            "is_test": style.flags[0] if entry.is_test else self.dice.choice([style.flags[1], ""]),
            "case_worker": self.dice.choice(["A. Worker", "B. Other", ""]),
            "postcode": entry.postcode,
            "notes": self.dice.choice(["", "Seen, at home", 'She said "no"', "Two\nlines"]),
        }
        return values[code]

    def cell(self, entry: Entry, question: Question, tick: str | None) -> Cell:
        if question.is_admin:
            return self.admin(entry, question.code)
        answer = entry.answers.get(question.id)
        if question.kind == "tick_all":
            given = list(answer) if isinstance(answer, list) else []
            if tick is None:
                return self.ticks(question, given)
            if "?great_aunt" in given and self.dice.random() < 0.1:
                return "maybe" if tick not in given else self.style.ticks[0]
            return self.style.ticks[tick not in given]
        if answer is None:
            return ""
        return str(answer) if question.kind == "number" else self.choice(question, str(answer))

    def table(self, entries: list[Entry]) -> list[list[Cell]]:
        columns = self.columns()
        rows = [[self.cell(entry, *column) for column in columns] for entry in entries]
        if self.drawer.chance(0.2, "ragged_rows"):
            rows[1:] = [_ragged(row) for row in rows[1:]]
        if self.drawer.chance(0.2, "blank_rows"):
            rows.append([""] * len(columns))
        return [[self.header(*column) for column in columns], *rows]


def _ragged(row: list[Cell]) -> list[Cell]:
    """The row without the empty cells at its end, as spreadsheets leave them out."""
    while len(row) > 1 and row[-1] == "":
        row = row[:-1]
    return row


def csv_bytes(rows: list[list[Cell]], style: Style) -> bytes:
    """The rows as text; what the encoding does not have makes it UTF-8."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=style.delimiter, lineterminator=style.newline, quoting=style.quoting).writerows(rows)
    try:
        return buffer.getvalue().encode(style.encoding)
    except UnicodeEncodeError:
        return buffer.getvalue().encode("utf-8")


def write_exports(folder: Path, seed: int, children: int, without: frozenset[str] = frozenset()) -> list[Path]:
    """Files of random forms below the folder; the same seed gives the same bytes. Returns them in order of names.

    `without` leaves kinds of faults and spellings out (their names stand where chance is asked), to find which one
    makes a difference.
    """
    drawer = Drawer(random.Random(seed), Catalogue(), without)
    lacks = drawer.chance(0.4, "absent_columns")
    if lacks:  # copies of a form in files of other columns would not say the same
        drawer.without |= {"repeated", "cumulative", "sent_twice"}
    entries = draw_entries(drawer, children)
    made = []
    for form in EVENT_DATE:
        own = [entry for entry in entries if entry.form == form]
        drawer.dice.shuffle(own)
        batches: list[list[Entry]] = [[] for _ in range(4)]
        for entry in own:
            drawer.dice.choice(batches).append(entry)
        if drawer.chance(0.7, "cumulative"):
            batches[1] += batches[0][:8]
        for number, batch in enumerate(batches):
            if not batch:
                continue
            style = draw_style(drawer, form)
            if lacks and drawer.chance(0.5):
                asked = [question.id for question in drawer.catalogue.of_form(form) if question.is_answered]
                style = replace(style, lacks=frozenset(drawer.dice.sample(asked, 4)))
            rows = FileWriter(drawer, form, style).table(batch)
            path = folder / f"{form}_{number}.{'xlsx' if style.is_workbook else 'csv'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            if style.is_workbook:
                write_workbook(path, rows)
            else:
                path.write_bytes(csv_bytes(rows, style))
            made.append(path)
    if drawer.chance(1.0, "both_orders"):
        made.append(
            _both_orders(drawer, folder, [entry for entry in entries if entry.form == "review" and entry.event])
        )
    if drawer.chance(1.0, "erasure"):
        made.append(_erasure_list(drawer, folder, entries))
    return sorted(made)


def _both_orders(drawer: Drawer, folder: Path, reviews: list[Entry]) -> Path:
    """A file that cannot be read: its dates are day first beyond doubt in one cell and month first in another."""
    style = replace(draw_style(drawer, "review"), is_workbook=False)
    rows: list[list[Cell]] = []
    for order, day in (("day_first", date(2023, 6, 25)), ("month_first", date(2023, 6, 26))):
        dated = replace(style, dates={"review_date": order})
        entry = replace(drawer.dice.choice(reviews), submission=drawer.number(6, "S"), event=day)
        writer = FileWriter(Drawer(random.Random(1), drawer.catalogue, FAULTS_OF_CELLS), "review", dated)
        rows += writer.table([entry])[1 if rows else 0 :]
    path = folder / "review_both.csv"
    path.write_bytes(csv_bytes(rows, style))
    return path


def _erasure_list(drawer: Drawer, folder: Path, entries: list[Entry]) -> Path:
    """Two clients who asked to be forgotten, one of them in other capitals."""
    known = [entry for entry in entries if entry.service in SERVICES and len(entry.client) >= 5]
    first, second = drawer.dice.sample([entry for entry in known if not entry.client.startswith("F")], 2)
    rows: list[list[Cell]] = [
        ["service", "client_id", "requested_on"],
        [SERVICES[first.service][0], first.client, "2024-05-01"],
        [SERVICES[second.service][0], second.client.upper(), "2024-05-02"],
    ]
    path = folder / "erasure.csv"
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    path.write_bytes(buffer.getvalue().encode())
    return path
