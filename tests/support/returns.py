"""Small made-up returns for the landing tests, in every format. Nobody in them exists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from catalogue.returns import ReturnCatalogue, load_returns
from orchestration.landing.ledger import LoadResult
from orchestration.landing.returns.tables import ensure_return_tables
from tests.support.forms import Landing

RETURNS = load_returns()
# Words and values that stand for personal data; none may ever be seen outside a raw file.
SECRETS = ("Zebediah", "Quillfeather", "XJ77K", "A999XJ77K", "2012-04-03", "03/04/2012", "LS1 7QZ", "7QZ")
CENSUS = "social_care/999/2017/census.xml"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"


def census(
    *children: str, year: int | str = 2017, la_code: str = "999", head: str = "", collection: str = "CIN"
) -> str:
    """A census around children."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{head}<Message>\n<Header>\n<CollectionDetails>'
        f"<Collection>{collection}</Collection><Year>{year}</Year></CollectionDetails>\n"
        f"<Source><LEA>{la_code}</LEA></Source>\n</Header>\n<Children>\n"
        + "".join(children)
        + "</Children>\n</Message>\n"
    )


def child(
    number: int | None = 1,
    *,
    details: str = "",
    sex: str = "<GenderCurrent>1</GenderCurrent>",
    identifiers: str = "",
    characteristics: str = "<Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE</Disability></Disabilities>",
) -> str:
    """A child of a census; ``number`` None leaves out its identifier."""
    identifier = "" if number is None else f"<LAchildID>XJ77K{number}</LAchildID>"
    upn = "" if number is None else f"<UPN>A999XJ77K{number:04d}</UPN>"
    return (
        f"<Child>\n<ChildIdentifiers>\n{identifier}{upn}\n<PersonBirthDate>2012-04-03</PersonBirthDate>\n{sex}\n"
        f"{identifiers}</ChildIdentifiers>\n<ChildCharacteristics>\n{characteristics}\n</ChildCharacteristics>\n{details}"
        "</Child>\n"
    )


def need(day: str = "2016-05-04", inner: str = "", source: str = "1A", closed: str = "") -> str:
    """One CINdetails."""
    return (
        f"<CINdetails>\n<CINreferralDate>{day}</CINreferralDate>\n<ReferralSource>{source}</ReferralSource>\n"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode>\n{closed}{inner}<ReferralNFA>0</ReferralNFA>\n</CINdetails>\n"
    )


def assessment(*factors: str) -> str:
    """One Assessments with its factors."""
    listed = "".join(f"<AssessmentFactors>{factor}</AssessmentFactors>\n" for factor in factors)
    return (
        "<Assessments>\n<AssessmentActualStartDate>2016-05-05</AssessmentActualStartDate>\n"
        "<AssessmentAuthorisationDate>2016-06-01</AssessmentAuthorisationDate>\n"
        f"<FactorsIdentifiedAtAssessment>\n{listed}</FactorsIdentifiedAtAssessment>\n</Assessments>\n"
    )


SECTION47 = "<Section47>\n<S47ActualStartDate>2016-05-09</S47ActualStartDate>\n</Section47>\n"
CIN_PLAN = "<CINPlanDates>\n<CINPlanStartDate>2016-06-02</CINPlanStartDate>\n</CINPlanDates>\n"
PLAN = (
    "<ChildProtectionPlans>\n<CPPstartDate>2016-05-20</CPPstartDate>\n"
    "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>\n<NumberOfPreviousCPP>1</NumberOfPreviousCPP>\n"
    "<Reviews>\n<CPPreviewDate>2016-08-01</CPPreviewDate>\n<CPPreviewDate>2017-01-09</CPPreviewDate>\n</Reviews>\n"
    "</ChildProtectionPlans>\n"
)


def episodes(*rows: str, header: str = EPISODES) -> str:
    """Episodes of a looked-after return as CSV."""
    return "\n".join([header, *rows]) + "\n"


def episode(number: int, start: str = "05/09/2016", end: str = "") -> str:
    """One row of episodes."""
    return f"XJ77K{number},{start},S,C2,N1,U6,PR1,{end},,,LS1 7QZ,LS1 7QZ,SC123456"


ANNEX_HEADINGS: Mapping[str, Sequence[str]] = {
    "List 1": ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact", "Contact Source"),
    "List 2": (
        "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Assessment start date",
        "Assessment completion date", "Organisation Completing Assessment",
    ),
    "List 7": (
        "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Does the Child have a Disability",
        "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
        "Child Protection Plan End Date", "Number of Previous Child Protection Plans",
    ),
}  # fmt: skip
ANNEX_ROWS: Mapping[str, Sequence[object]] = {
    "List 1": ("a) Male", "WBRI", "03/04/2012", "2016-09-01", "6"),
    "List 2": ("b) Female", "a) WBRI", "2012-04-03", "2016-09-01", "", "Family Support Team"),
    "List 7": ("a) Male", "WBRI", "2012-04-03", "b) No", "2016-05-20", "a) Neglect", "a) Neglect", "", 1),
}


def workbook(
    path: Path,
    lists: Sequence[str] = ("List 1", "List 2", "List 7"),
    *,
    rows: int = 2,
    names: Mapping[str, str] | None = None,
) -> xlsxwriter.Workbook:
    """An Annex A workbook, still open: close it when done. ``names`` are those of renamed sheets."""
    book = xlsxwriter.Workbook(str(path))
    for name in lists:
        sheet = book.add_worksheet((names or {}).get(name, name))
        sheet.write_row(0, 0, ANNEX_HEADINGS[name])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, [f"XJ77K{number}", *ANNEX_ROWS[name]])
    return book


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


class ReturnLanding(Landing):
    """A warehouse in memory and a raw folder, with the tables of the returns; `returns` may be other seeds."""

    def __init__(self, folder: Path, returns: ReturnCatalogue = RETURNS, *, is_read_here: bool = False) -> None:
        super().__init__(folder, returns, is_read_here=is_read_here)
        ensure_return_tables(self.con, returns)

    def counts(self) -> dict[str, int]:
        """How many records each raw table of the returns holds, the empty ones left out."""
        found = {
            record_id: int(str(self.rows(f"select count(*) from raw.{record_id}")[0][0]))
            for record_id in self.returns.records
        }
        return {record_id: count for record_id, count in found.items() if count}

    def column(self, record_id: str, *names: str) -> list[tuple[object, ...]]:
        """Columns of a raw table in the order of landing."""
        return self.rows(f"select {', '.join(names)} from raw.{record_id} order by landed_row_id")


def check(place: ReturnLanding, result: LoadResult) -> None:
    """What must hold whatever a file was, landed in an empty warehouse: no half load, no lost record, no value said."""
    in_raw = sum(place.counts().values())
    ledger = place.rows("select status, rows_landed, rejected_lines, reason from ops.load")
    assert ledger == [(result.status, result.rows_landed, result.rejected_lines, result.reason)]
    rejected = place.rows("select source_row, source_path, reason from ops.rejected_line")
    assert len(rejected) == result.rejected_lines == len(set(rejected))
    assert in_raw == result.rows_landed
    if result.status == "refused":
        assert in_raw == result.rejected_lines == 0
        assert str(result.reason).endswith(".")
    else:
        assert result.status == "landed"
    for _, _, reason in rejected:
        assert str(reason).endswith(".")
    said = str((result.reason, result.ignored_columns, result.form_version, result.service, rejected))
    for secret in SECRETS:
        assert secret not in said
    assert list(place.work.iterdir()) == []
    assert place.rows("select table_name from duckdb_tables() where temporary") == []


def refused(result: LoadResult, *words: str) -> None:
    """The file was refused, and these words say why."""
    assert result.status == "refused"
    for word in words:
        assert word in str(result.reason)
