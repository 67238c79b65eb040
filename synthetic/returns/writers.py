"""Files in the national formats: census XML, SSDA903 as CSV and XML, Annex A workbooks, plain CSV."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from synthetic.returns.model import LA_CODE, Case, Child, year_end, year_start

Row = tuple[str, ...]
Cell = str | int | date | None

EPISODE_COLUMNS = [
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "HOME_POST",
    "PL_POST",
    "URN",
]
HEADER_COLUMNS = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
MISSING_COLUMNS = ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]
UASC_COLUMNS = ["CHILD", "SEX", "DOB", "DUC"]
OC2_COLUMNS = [
    "CHILD",
    "DOB",
    "SDQ_SCORE",
    "SDQ_REASON",
    "CONVICTED",
    "HEALTH_CHECK",
    "IMMUNISATIONS",
    "TEETH_CHECK",
    "HEALTH_ASSESSMENT",
    "SUBSTANCE_MISUSE",
]


def compress(content: bytes) -> bytes:
    """Gzip without a time or a name: the same content gives the same bytes."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def write_files(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write the files below a folder and return their paths in order."""
    written = []
    for name, content in sorted(files.items()):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def csv_bytes(columns: Sequence[str], rows: Iterable[Row], line_end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)


def british(day: date | None) -> str:
    """A day as dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}" if day else ""


class Element:
    """Lines of an XML document, one element to a line, no indentation."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def open(self, name: str) -> None:
        """A start tag."""
        self.lines.append(f"<{name}>")

    def close(self, name: str) -> None:
        """An end tag."""
        self.lines.append(f"</{name}>")

    def leaf(self, name: str, value: str | date | None) -> None:
        """An element with text, or nothing for no value."""
        if value is None:
            return
        text = value.isoformat() if isinstance(value, date) else value
        self.lines.append(f"<{name}>{text}</{name}>" if text else f"<{name}/>")


def in_census(case: Case, year: int) -> bool:
    """Whether a case was open, or a referral received, at any time of the collection year."""
    if case.referral > year_end(year):
        return False
    if case.is_no_further_action:
        return case.referral >= year_start(year)
    return case.closure is None or case.closure >= year_start(year)


def known(day: date | None, year: int) -> date | None:
    """A day as the return of that year could know it."""
    return day if day and day <= year_end(year) else None


def child_xml(child: Child, cases: list[Case], year: int) -> list[str]:
    """Lines of one Child element with the cases the year's return holds."""
    xml = Element()
    xml.open("Child")
    xml.open("ChildIdentifiers")
    xml.leaf("LAchildID", child.child_id)
    if child.upn:
        xml.leaf("UPN", child.upn)
    elif child.upn_unknown:
        xml.leaf("UPNunknown", child.upn_unknown)
    xml.leaf("PersonBirthDate", child.birth)
    xml.leaf("GenderCurrent", child.sex)
    xml.close("ChildIdentifiers")
    xml.open("ChildCharacteristics")
    xml.leaf("Ethnicity", child.ethnicity)
    xml.open("Disabilities")
    for code in child.disabilities or ["NONE"]:
        xml.leaf("Disability", code)
    xml.close("Disabilities")
    xml.close("ChildCharacteristics")
    for case in cases:
        case_xml(xml, case, year)
    xml.close("Child")
    return xml.lines


def case_xml(xml: Element, case: Case, year: int) -> None:
    """One CINdetails element: what happened in the year, and what was open in it."""
    begin, finish = year_start(year), year_end(year)
    closure = known(case.closure, year)
    xml.open("CINdetails")
    xml.leaf("CINreferralDate", case.referral)
    xml.leaf("ReferralSource", case.source)
    xml.leaf("PrimaryNeedCode", case.need)
    if closure:
        xml.leaf("CINclosureDate", closure)
        xml.leaf("ReasonForClosure", case.reason)
    conferences = [e.conference for e in case.enquiries if e.conference and begin <= e.conference <= finish]
    if conferences:
        xml.leaf("DateOfInitialCPC", conferences[-1])
    for assessment in case.assessments:
        if assessment.start > finish or (assessment.authorised and assessment.authorised < begin):
            continue
        authorised = known(assessment.authorised, year)
        xml.open("Assessments")
        xml.leaf("AssessmentActualStartDate", assessment.start)
        xml.leaf("AssessmentInternalReviewDate", min(assessment.start + timedelta(days=14), authorised or finish))
        if authorised:
            xml.leaf("AssessmentAuthorisationDate", authorised)
            if assessment.factors:
                xml.open("FactorsIdentifiedAtAssessment")
                for factor in assessment.factors:
                    xml.leaf("AssessmentFactors", factor)
                xml.close("FactorsIdentifiedAtAssessment")
        xml.close("Assessments")
    for enquiry in case.enquiries:
        if enquiry.start > finish or max(enquiry.start, enquiry.conference or enquiry.start) < begin:
            continue
        xml.open("Section47")
        xml.leaf("S47ActualStartDate", enquiry.start)
        xml.leaf("InitialCPCtarget", working_days_after(enquiry.start, 15))
        if enquiry.conference:
            xml.leaf("DateOfInitialCPC", known(enquiry.conference, year))
        xml.leaf("ICPCnotRequired", "0" if enquiry.conference else "1")
        xml.close("Section47")
    xml.leaf("ReferralNFA", "1" if case.is_no_further_action else "0")
    for plan in case.plans:
        end = known(plan.end, year)
        if plan.start > finish or (plan.end and plan.end < begin):
            continue
        xml.open("ChildProtectionPlans")
        xml.leaf("CPPstartDate", plan.start)
        xml.leaf("CPPendDate", end)
        xml.leaf("InitialCategoryOfAbuse", plan.category)
        xml.leaf("LatestCategoryOfAbuse", plan.category_on(finish))
        xml.leaf("NumberOfPreviousCPP", str(plan.previous))
        reviews = [day for day in review_days(plan.start) if begin <= day <= (end or finish)]
        if reviews:
            xml.open("Reviews")
            for day in reviews:
                xml.leaf("CPPreviewDate", day)
            xml.close("Reviews")
        xml.close("ChildProtectionPlans")
    xml.close("CINdetails")


def review_days(start: date) -> Iterable[date]:
    """A plan is reviewed within three months, then about every six."""
    yield start + timedelta(days=84)
    for number in range(1, 12):
        yield start + timedelta(days=84 + 175 * number)


def working_days_after(day: date, count: int) -> date:
    """The day so many weekdays later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def census_xml(year: int, children: Iterable[list[str]], la_code: str = LA_CODE) -> bytes:
    """A children in need census file around the lines of its children."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<Message>",
        "<Header>",
        f"<CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>"
        f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails>",
        f"<Source><SourceLevel>L</SourceLevel><LEA>{la_code}</LEA><SoftwareCode>Synthetic</SoftwareCode>"
        f"<Release>1</Release><SerialNo>001</SerialNo><DateTime>{year}-06-30T12:00:00</DateTime></Source>",
        "<Content><CBDSLevels><CBDSLevel>Child</CBDSLevel></CBDSLevels></Content>",
        "</Header>",
        "<Children>",
    ]
    for child in children:
        lines += child
    lines += ["</Children>", "</Message>"]
    return ("\n".join(lines) + "\n").encode()


def ssda903_xml(tables: dict[str, list[Row]]) -> bytes:
    """The same tables as the CSV files of a year, nested by child; XML says CHILDID and PL."""
    names = {"CHILD": "CHILDID", "PLACE": "PL"}
    xml = Element()
    xml.lines.append('<?xml version="1.0" encoding="utf-8"?>')
    xml.open("SSDA903")
    nested = (
        ("EPISODE", EPISODE_COLUMNS, tables["episodes"]),
        ("UASC", UASC_COLUMNS, tables["uasc"]),
        ("OC2", OC2_COLUMNS, tables["oc2"]),
        ("MISSING", MISSING_COLUMNS, tables["missing"]),
    )
    groups: dict[tuple[str, str], list[Row]] = {}
    for element, _, rows in nested:
        for row in rows:
            groups.setdefault((element, row[0]), []).append(row)
    particulars = {"CHILD", "SEX", "DOB"}
    for header in tables["header"]:
        xml.open("CHILD")
        for column, value in zip(HEADER_COLUMNS, header, strict=True):
            xml.leaf(names.get(column, column), value)
        for element, columns, _ in nested:
            for row in groups.get((element, header[0]), []):
                xml.open(element)
                for column, value in zip(columns, row, strict=True):
                    if column not in particulars and (value or column in ("DEC", "DUC")):
                        xml.leaf(names.get(column, column), value)
                xml.close(element)
        xml.close("CHILD")
    xml.close("SSDA903")
    return ("\n".join(xml.lines) + "\n").encode()


def workbook(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]], created: datetime) -> bytes:
    """An XLSX file; days are real dates in it, as a spreadsheet would hold them."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": "Annex A", "author": "Synthetic", "created": created})
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, headings, rows in sheets:
        sheet = book.add_worksheet(name)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), day_format)  # noqa: DTZ001  (no zone)
                elif isinstance(cell, str) and cell:
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
    book.close()
    return buffer.getvalue()
