"""The files of one authority read a second time: which delivery is in force, and what its records say.

Nothing here knows how the product does it: the rules are those of `docs/social-care-returns.md` and of the rules'
sentences, the codes those of the seed. A value that cannot be used is None.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from tests.independent.returns.writing import Run

SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "returns"
Value = str | int | bool | date | datetime | None

#: Of each kind of record its first day, its end, and what its other fields are: a list of codes, or a kind of value.
FIELDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "cin_child": ("", "", {"PersonBirthDate": "birth", "PersonDeathDate": "birth"}),
    "cin_referral": (
        "CINreferralDate", "CINclosureDate",
        {"ReasonForClosure": "reason_for_closure", "ReferralNFA": "flag", "DateOfInitialCPC": "date"},
    ),
    "cin_assessment": ("AssessmentActualStartDate", "AssessmentAuthorisationDate", {}),
    "cin_plan": ("CINPlanStartDate", "CINPlanEndDate", {}),
    "cin_section47": ("S47ActualStartDate", "", {"DateOfInitialCPC": "date"}),
    "cin_protection_plan": (
        "CPPstartDate", "CPPendDate",
        {
            "InitialCategoryOfAbuse": "category_of_abuse", "LatestCategoryOfAbuse": "category_of_abuse",
            "NumberOfPreviousCPP": "number 0 1000",
        },
    ),
    "s903_header": ("", "", {"DOB": "birth", "UASC": "flag", "DUC": "date"}),
    "s903_episode": (
        "DECOM", "DEC",
        {
            "RNE": "reason_new_episode", "LS": "legal_status", "PLACE": "placement_type",
            "REC": "reason_episode_ceased", "HOME_POST": "text",
            "PL_POST": "text",
        },
    ),
    "s903_missing": ("MIS_START", "MIS_END", {"MISSING": "missing_type"}),
    "s903_uasc": ("", "", {"DUC": "date", "UASC": "flag"}),
    "s903_health": ("", "", {"DOB": "birth", "SDQ_SCORE": "number 0 40", "IMMUNISATIONS": "flag"}),
    "missing_episode": (
        "started_at", "ended_at",
        {"missing_class": "missing_class", "is_vulnerable": "flag", "interview_offered_on": "date"},
    ),
    "disabled_team_case": ("open_date", "close_date", {}),
}  # fmt: skip
ELEMENTS = {
    "Assessments": "cin_assessment",
    "CINPlanDates": "cin_plan",
    "Section47": "cin_section47",
    "ChildProtectionPlans": "cin_protection_plan",
}
CARE_ELEMENTS = {"EPISODE": "s903_episode", "AMISSING": "s903_missing", "OC2": "s903_health", "UASC": "s903_uasc"}
YES, NO = {"1", "true", "t", "yes", "y"}, {"0", "false", "f", "no", "n"}


@dataclass(eq=False)
class Record:
    """A record as a file in force tells it. `year` is its collection, 0 of a local list; `order` of local files."""

    kind: str
    year: int
    child: str
    texts: dict[str, str]
    codes: tuple[str, ...] = ()
    parent: Record | None = None
    order: int = 0
    start: date | None = None
    end: date | None = None
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def said(self) -> tuple[object, ...]:
        """What it says: equal for two records that differ in nothing, however a day is spelt."""
        told = ((key, re.sub(r"^(\d{4}-\d\d-\d\d)Z$", r"\1", text)) for key, text in self.texts.items() if text)
        return tuple(sorted(told)), tuple(sorted(self.codes))


def code_years() -> dict[tuple[str, str], tuple[int, int]]:
    """The years in which each code of each list may be sent."""
    with (SEEDS / "code.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["code_list"], row["code"]): (int(row["first_year"] or 0), int(row["last_year"] or 9999))
            for row in csv.DictReader(file)
        }


CODES = code_years()


def day_of(text: str) -> date | None:
    """A day as these files write one: ISO, with a zone behind it or not, or with the day first."""
    text = text.strip().removesuffix("Z")
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


def read_value(kind: str, text: str, year: int) -> Value:
    """One text by the kind of its field; None where it cannot be used."""
    text = text.strip()
    if kind == "text":
        return text or None
    if kind == "flag":
        return True if text.lower() in YES else False if text.lower() in NO else None
    if kind in ("date", "birth"):
        day = day_of(text)
        earliest = 1990 if kind == "date" else 1905
        latest = date(year + 1, 3, 31) if year else date.max
        return day if day and date(earliest, 1, 1) <= day <= latest else None
    if kind.startswith("number"):
        _, least, most = kind.split()
        return int(text) if re.fullmatch(r"-?\d+", text) and int(least) <= int(text) <= int(most) else None
    first, last = CODES.get((kind, text), (1, 0))
    return text if first <= (year or first) <= last else None


def _typed(record: Record) -> Record:
    begun, ended, others = FIELDS[record.kind]
    record.start, record.end = (_day_or_moment(record, name) if name else None for name in (begun, ended))
    record.values = {name: read_value(kind, record.texts.get(name, ""), record.year) for name, kind in others.items()}
    return record


def _day_or_moment(record: Record, name: str) -> date | None:
    text = record.texts.get(name, "")
    if record.kind == "missing_episode":
        return datetime.fromisoformat(text) if text else None
    found = read_value("date", text, record.year)
    return found if isinstance(found, date) else None


class Reader:
    """All records in force, from the files of one run after another."""

    def __init__(self, runs: Sequence[Run], mutation: str = "") -> None:
        self.mutation = mutation
        self.records: list[Record] = []
        #: Of each kind of record the collections that were delivered, of which it is the whole.
        self.collections: dict[str, set[int]] = defaultdict(set)
        #: Of each year the kinds of record that came as tables of their own.
        self.sent_as_tables: dict[int, set[str]] = defaultdict(set)
        #: Whom a header of a year named and the header in force does not name any more: year and child.
        self.taken_back: set[tuple[int, str]] = set()
        self.runs = runs
        for year in sorted({_year(name) for run in runs for name in run} - {0}):
            self._read_census(year)
            self._read_care(year)
        for number, run in enumerate(runs):
            for name, text in run.items():
                if not _year(name):
                    self._read_local(text, number)

    def _files(self, year: int, word: str) -> Iterator[tuple[int, str, str]]:
        for number, run in enumerate(self.runs):
            for name, text in run.items():
                if _year(name) == year and word in text[:400].partition("<Children>")[0]:
                    yield number, name, text

    def _read_census(self, year: int) -> None:
        """The delivery that is later by its header, then by its number, then by its run; two of one run wait."""
        deliveries: dict[tuple[str, int, int], list[str]] = defaultdict(list)
        for number, _, text in self._files(year, "<Message>"):
            moment = re.search(r"<DateTime>(.*?)<", text)
            message = re.search(r"<SerialNo>(.*?)<", text)
            assert moment
            assert message
            deliveries[moment[1], int(message[1]), number].append(text)
        in_force = [texts[0] for _, texts in sorted(deliveries.items()) if len(set(texts)) == 1]
        if not in_force:
            return
        for kind in ("cin_child", "cin_referral", *ELEMENTS.values()):
            self.collections[kind].add(year)
        counts = in_force[0] if self.mutation == "the first delivery counts" else in_force[-1]
        for child in ElementTree.fromstring(counts).iter("Child"):
            name = child.findtext("ChildIdentifiers/LAchildID")
            if name:
                self._read_child(child, name, year)

    def _read_child(self, child: ElementTree.Element, name: str, year: int) -> None:
        texts = {one.tag: one.text or "" for one in child.findall("ChildIdentifiers/*")}
        codes = tuple(one.text or "" for one in child.findall("ChildCharacteristics/Disabilities/Disability"))
        known = tuple(code for code in codes if read_value("disability", code, year))
        self._keep(Record("cin_child", year, name, texts, known))
        for details in child.findall("CINdetails"):
            texts = {one.tag: one.text or "" for one in details if one.tag not in ELEMENTS}
            case = self._keep(Record("cin_referral", year, name, texts))
            for part in details:
                if part.tag not in ELEMENTS:
                    continue
                texts = {one.tag: one.text or "" for one in part if not len(one)}
                found = [one.text or "" for one in part.findall("FactorsIdentifiedAtAssessment/AssessmentFactors")]
                usable = [code for code in found if read_value("assessment_factor", code, year)]
                self._keep(Record(ELEMENTS[part.tag], year, name, texts, tuple(usable), case))

    def _read_care(self, year: int) -> None:
        """An XML file stands in the place of everything, a table of its own kind; what came in a later run is later."""
        in_force: dict[str, str] = {}
        named: list[set[str]] = []
        for _, name, text in sorted([*self._files(year, "<EXPORT903>"), *self._files(year, "CHILD,")]):
            if name.endswith(".xml"):
                children = [child.findtext("CHILDID") or child.findtext("HEADER/CHILDID") for child in _elements(text)]
                named.append({name for name in children if name})
            elif "/s903_header" in name:
                named.append({row["CHILD"] for row in csv.DictReader(io.StringIO(text))})
            if name.endswith(".xml"):
                in_force = dict.fromkeys((*CARE_ELEMENTS.values(), "s903_header"), text)
            else:
                in_force[re.sub(r"\d+\.csv$", "", name.rpartition("/")[2])] = text
        self.taken_back |= {(year, child) for earlier in named for child in earlier - named[-1]}
        for kind, text in in_force.items():
            self.collections[kind].add(year)
            if text.startswith("<?xml"):
                for child in _elements(text):
                    self._read_care_child(child, year, kind)
            else:
                self.sent_as_tables[year].add(kind)
                for row in csv.DictReader(io.StringIO(text)):
                    self._keep(Record(kind, year, row.pop("CHILD"), row))

    def _read_care_child(self, child: ElementTree.Element, year: int, kind: str) -> None:
        parts = [*child, *(part for head in child.findall("HEADER") for part in head)]
        texts = {part.tag: part.text or "" for part in parts if not len(part) and part.tag not in ("EPISODE", "OC2")}
        name = texts.pop("CHILDID")
        if kind == "s903_header":
            self._keep(Record(kind, year, name, texts))
        for part in parts:
            if CARE_ELEMENTS.get(part.tag) == kind and len(part):
                own = {("PLACE" if one.tag == "PL" else one.tag): one.text or "" for one in part}
                self._keep(Record(CARE_ELEMENTS[part.tag], year, name, own))

    def _read_local(self, text: str, run: int) -> None:
        rows = list(csv.DictReader(io.StringIO(text)))
        kind = "missing_episode" if "episode_id" in text.partition("\n")[0] else "disabled_team_case"
        for row in rows:
            self._keep(Record(kind, 0, row.pop("child_id"), row, order=run))

    def _keep(self, record: Record) -> Record:
        self.records.append(_typed(record))
        return record


def _elements(text: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(text))


def _year(name: str) -> int:
    place = name.split("/")[2]
    return int(place) if place.isdigit() else 0


def last_day_of_month(day: date) -> date:
    """Months are stored, so what happened in one certainly had by its last day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
