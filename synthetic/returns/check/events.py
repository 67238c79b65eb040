"""What the written files hold: one record per event, whichever of them tells of it last."""

from __future__ import annotations

import csv
import gzip
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from synthetic.returns.check.arithmetic import day_of

FACTORS = {
    *(f"{digit}{letter}" for digit in "123456" for letter in "ABC"),
    *("7A", "8B", "8C", "8D", "8E", "8F", "9A", "10A", "11A", "12A", "13A", "14A", "15A", "16A", "17A", "18A", "19A"),
    *("20", "22A", "23A"),
}


@dataclass
class Episode:
    """A case of a child as the latest census tells it."""

    referral: date
    no_further_action: bool
    closure: date | None


@dataclass
class Events:
    """Everything read from the files, one record per event."""

    root: Path
    cases: dict[tuple[str, date], Episode] = field(default_factory=dict)
    assessments: dict[tuple[str, date], tuple[date | None, set[str]]] = field(default_factory=dict)
    enquiries: set[tuple[str, date]] = field(default_factory=set)
    conferences: set[tuple[str, date]] = field(default_factory=set)
    plans: dict[tuple[str, date], tuple[date | None, str, int]] = field(default_factory=dict)
    disabled: dict[str, bool] = field(default_factory=dict)
    care: dict[tuple[str, date], tuple[date | None, str, str, str]] = field(default_factory=dict)

    def open(self, path: Path) -> io.StringIO:
        """A text file, compressed or not."""
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        return io.StringIO(content.decode("utf-8-sig"), newline="")

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of a local extract, each once."""
        path = next(self.root.glob(f"999/local/{name}.csv*"))
        with self.open(path) as handle:
            rows = [tuple(row.items()) for row in csv.DictReader(handle)]
        return [dict(row) for row in dict.fromkeys(rows)]

    def read_census(self) -> None:
        """All census files, oldest first: what a later one says of an event stands."""
        for path in sorted(self.root.glob("999/*/cin_census_*.xml*")):
            with self.open(path) as handle:
                for child in ElementTree.fromstring(handle.read().split("?>", 1)[1]).iter("Child"):
                    self.read_child(child)

    def read_child(self, child: ElementTree.Element) -> None:
        """One child of one census."""
        name = child.findtext("ChildIdentifiers/LAchildID")
        if not name:
            return
        codes = [one.text for one in child.iter("Disability")]
        self.disabled[name] = any(code and code != "NONE" for code in codes)
        for one in child.iter("CINdetails"):
            referral = day_of(one.findtext("CINreferralDate"))
            if not referral:
                continue
            closure = day_of(one.findtext("CINclosureDate"))
            if closure and closure < referral:
                continue
            refused = one.findtext("ReferralNFA") in ("1", "true")
            self.cases[(name, referral)] = Episode(referral, refused, closure)
            for part in one.iter("Assessments"):
                start, end = (day_of(part.findtext(f"Assessment{x}Date")) for x in ("ActualStart", "Authorisation"))
                if start and not (end and end < start):
                    found = {factor.text for factor in part.iter("AssessmentFactors")}
                    self.assessments[(name, start)] = (end, {code for code in found if code in FACTORS})
            for part in one.iter("Section47"):
                start, held = day_of(part.findtext("S47ActualStartDate")), day_of(part.findtext("DateOfInitialCPC"))
                if start:
                    self.enquiries.add((name, start))
                if start and held and held >= start:
                    self.conferences.add((name, held))
            for part in one.iter("ChildProtectionPlans"):
                start, end = day_of(part.findtext("CPPstartDate")), day_of(part.findtext("CPPendDate"))
                if start and not (end and end < start):
                    before = int(part.findtext("NumberOfPreviousCPP") or 0)
                    self.plans[(name, start)] = (end, part.findtext("InitialCategoryOfAbuse") or "", before)

    def read_care(self) -> None:
        """All looked-after returns, oldest first."""
        for year in range(2013, 2018):
            for row in self.care_rows(year):
                start = day_of(row["DECOM"])
                end = day_of(row["DEC"])
                if row["CHILD"] and start and not (end and end < start):
                    self.care[(row["CHILD"], start)] = (end, row["LS"], row["PLACE"], row["REC"])

    def care_rows(self, year: int) -> Iterator[dict[str, str]]:
        """Episodes of one year, from CSV or XML."""
        for path in self.root.glob(f"999/{year}/ssda903_{year}_episodes.csv*"):
            with self.open(path) as handle:
                yield from csv.DictReader(handle)
        for path in self.root.glob(f"999/{year}/ssda903_{year}.xml*"):
            with self.open(path) as handle:
                for child in ElementTree.fromstring(handle.read().split("?>", 1)[1]).iter("CHILD"):
                    for one in child.iter("EPISODE"):
                        row = {"CHILD": child.findtext("CHILDID") or ""}
                        names = {"DECOM": "DECOM", "DEC": "DEC", "LS": "LS", "PLACE": "PL", "REC": "REC"}
                        yield row | {key: one.findtext(tag) or "" for key, tag in names.items()}

    def looked_after(self, day: date) -> set[str]:
        """Children looked after on a day, short breaks left out."""
        return {
            child
            for (child, start), (end, status, _, _) in self.care.items()
            if status not in ("V3", "V4") and start <= day and (end is None or end > day)
        }

    def on_plan(self, day: date) -> set[str]:
        """Children with an open plan."""
        return {name for (name, start), (end, _, _) in self.plans.items() if start <= day and (not end or end > day)}

    def in_need(self, day: date) -> set[str]:
        """Children with an open case."""
        return {
            name
            for (name, start), case in self.cases.items()
            if not case.no_further_action and start <= day and (case.closure is None or case.closure > day)
        }
