"""Lines of census elements for children who exist only as dirt."""

from __future__ import annotations

Lines = list[str]


def leaf(name: str, value: str) -> str:
    """An element on a line."""
    return f"<{name}>{value}</{name}>" if value else f"<{name}/>"


def extra_child(
    number: int, details: list[str], identifiers: list[str] | None = None, disabilities: tuple[str, ...] = ("NONE",)
) -> Lines:
    """A child of its own with the lines of its CINdetails elements."""
    own = identifiers or [
        leaf("LAchildID", f"98{number:05d}"),
        leaf("PersonBirthDate", "2005-06-07"),
        leaf("GenderCurrent", "1"),
    ]
    lines = ["<Child>", "<ChildIdentifiers>", *own, "</ChildIdentifiers>", "<ChildCharacteristics>"]
    codes = [leaf("Disability", code) for code in disabilities]
    lines += ["<Ethnicity>WBRI</Ethnicity>", "<Disabilities>", *codes, "</Disabilities>"]
    return [*lines, "</ChildCharacteristics>", *details, "</Child>"]


def particulars(number: int, *lines: str, birth: str = "2005-06-07", sex: str = "1") -> list[str]:
    """Identifiers of an extra child, with further lines."""
    return [leaf("LAchildID", f"98{number:05d}"), *lines, leaf("PersonBirthDate", birth), leaf("GenderCurrent", sex)]


def details(
    referral: str,
    *inner: str,
    nfa: str = "0",
    source: str = "2A",
    closure: str = "",
    need: str = "N1",
    reason: str = "RC7",
) -> list[str]:
    """Lines of one CINdetails element."""
    lines = ["<CINdetails>"]
    if referral:
        lines.append(leaf("CINreferralDate", referral))
    lines.append(leaf("ReferralSource", source))
    if need:
        lines.append(leaf("PrimaryNeedCode", need))
    if closure:
        lines.append(leaf("CINclosureDate", closure))
    if closure and reason:
        lines.append(leaf("ReasonForClosure", reason))
    return [*lines, *inner, leaf("ReferralNFA", nfa), "</CINdetails>"]


def plan(
    start: str, end: str, category: str = "NEG", previous: str = "0", latest: str | None = None, review: str = ""
) -> list[str]:
    """Lines of one plan."""
    latest = category if latest is None else latest
    reviews = ["<Reviews>", leaf("CPPreviewDate", review), "</Reviews>"] if review else []
    return [
        "<ChildProtectionPlans>",
        leaf("CPPstartDate", start),
        leaf("CPPendDate", end),
        leaf("InitialCategoryOfAbuse", category),
        *([leaf("LatestCategoryOfAbuse", latest)] if latest else []),
        leaf("NumberOfPreviousCPP", previous),
        *reviews,
        "</ChildProtectionPlans>",
    ]


def assessment(start: str, end: str, factors: list[str]) -> list[str]:
    """Lines of one assessment."""
    return [
        "<Assessments>",
        leaf("AssessmentActualStartDate", start),
        leaf("AssessmentAuthorisationDate", end),
        "<FactorsIdentifiedAtAssessment>",
        *(leaf("AssessmentFactors", factor) for factor in factors),
        "</FactorsIdentifiedAtAssessment>",
        "</Assessments>",
    ]


def enquiry(start: str, conference: str, needless: str = "0") -> list[str]:
    """Lines of one section 47 enquiry."""
    lines = ["<Section47>", leaf("S47ActualStartDate", start)]
    if conference:
        lines.append(leaf("DateOfInitialCPC", conference))
    return [*lines, leaf("ICPCnotRequired", needless), "</Section47>"]


def need_plan(year: int) -> list[str]:
    """Lines of a child in need plan, which no census of these years asks for."""
    return ["<CINPlanDates>", leaf("CINPlanStartDate", f"{year}-02-20"), leaf("CINPlanEndDate", ""), "</CINPlanDates>"]
