"""Small censuses and tables of the looked-after return, and what becomes of their records."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.support.returns import census


def child(number: int, *details: str, birth: str = "2012-04-03", sex: str = "1", more: str = "") -> str:
    return (
        f"<Child><ChildIdentifiers><LAchildID>K{number}</LAchildID><UPNunknown>UN1</UPNunknown>"
        f"<PersonBirthDate>{birth}</PersonBirthDate><GenderCurrent>{sex}</GenderCurrent></ChildIdentifiers>"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>{more}</ChildCharacteristics>{''.join(details)}</Child>\n"
    )


def referral(day: str, *inner: str, closed: str = "", source: str = "1A", no_action: str = "0") -> str:
    closure = f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>" if closed else ""
    return (
        f"<CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>{source}</ReferralSource>"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode>{closure}{''.join(inner)}<ReferralNFA>{no_action}</ReferralNFA>"
        "</CINdetails>"
    )


def plan(day: str, end: str = "", category: str = "NEG") -> str:
    ended = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    return (
        f"<ChildProtectionPlans><CPPstartDate>{day}</CPPstartDate>{ended}"
        f"<InitialCategoryOfAbuse>{category}</InitialCategoryOfAbuse>"
        f"<LatestCategoryOfAbuse>{category}</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP>"
        "</ChildProtectionPlans>"
    )


def assessment(day: str, done: str, *factors: str) -> str:
    listed = "".join(f"<AssessmentFactors>{one}</AssessmentFactors>" for one in factors)
    return (
        f"<Assessments><AssessmentActualStartDate>{day}</AssessmentActualStartDate>"
        f"<AssessmentAuthorisationDate>{done}</AssessmentAuthorisationDate>"
        f"<FactorsIdentifiedAtAssessment>{listed}</FactorsIdentifiedAtAssessment></Assessments>"
    )


def assessed(*factors: str) -> str:
    return assessment("2022-05-03", "2022-06-01", *factors)


def enquiry(day: str, conference: str = "") -> str:
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return f"<Section47><S47ActualStartDate>{day}</S47ActualStartDate>{held}</Section47>"


def return_of(year: int, *children: str, at: str = "", serial: str = "") -> Callable[[str], tuple[str, str]]:
    """A census of a year by whatever authority; `at` and `serial` are what its header says of itself."""

    def written(la_code: str) -> tuple[str, str]:
        text = census(*children, year=year, la_code=la_code)
        said = f"<SerialNo>{serial}</SerialNo>" if serial else ""
        said += f"<DateTime>{at}</DateTime>" if at else ""
        # A name that says nothing of the order.
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"social_care/{la_code}/{year}/{name}.xml", text.replace("</LEA>", f"</LEA>{said}")

    return written


def table_of(year: int, name: str, header: str, *rows: str) -> Callable[[str], tuple[str, str]]:
    def written(la_code: str) -> tuple[str, str]:
        place = year or "local"
        return f"social_care/{la_code}/{place}/{name}.csv", "\n".join([header, *rows]) + "\n"

    return written


@dataclass(frozen=True)
class Scenario:
    """Files of one run after another, and what becomes of the records of one kind: column, disposition, from when on
    it is absent."""

    runs: Sequence[Sequence[Callable[[str], tuple[str, str]]]]
    record_id: str
    told: str
    expected: Sequence[tuple[object, ...]]


ON, OFF = "2023-05-01T10:00:00", "2023-06-01T10:00:00"
TAKEN_UP = referral("2022-05-02", plan("2022-06-01"))
NO_ACTION = referral("2022-05-02", closed="2022-05-02", source="3A", no_action="1")
EPISODE_2023 = "K1,01/06/2022,S,C2,N1,U6,PR1,,,,,,"


def turned(content: str) -> str:
    """A file with its records the other way round: children of a census and what lies in them, lines of a table."""
    if content.startswith("<?xml"):
        for tag in ("AssessmentFactors", "Assessments", "Section47", "ChildProtectionPlans", "CINdetails", "Child"):
            blocks = re.findall(rf"(?:<{tag}>(?:(?!<{tag}>).)*?</{tag}>\n?)+", content, re.S)
            for block in blocks:
                parts = re.findall(rf"<{tag}>.*?</{tag}>\n?", block, re.S)
                content = content.replace(block, "".join(reversed(parts)))
        return content
    head, *rows = content.splitlines()
    return "\n".join([head, *reversed(rows)]) + "\n"
