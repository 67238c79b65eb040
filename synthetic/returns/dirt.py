"""What real returns hold besides: in small numbers, and with no effect on any target.

Records are bad in fields no target needs, or they are extra records dated in 2012-13 or February 2017, of children of
their own, closed again before anything is counted. Free text carries a mark, so that a test can look for it where it
must never be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthetic.returns.model import Child
from synthetic.returns.people import upn_of
from synthetic.returns.returns import census_children_by_id
from synthetic.returns.writers import Row, census_xml

PRIVATE_MARK = "ZZPRIVATE"
EMPTY_SHARE = 0.02  # children with an empty closure date and reason where the case is open
TRUE_FALSE_SHARE = 0.02  # children whose flags are written true and false

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


@dataclass(frozen=True)
class Window:
    """Days of a year in which an extra record does no harm: eight dates in order."""

    days: tuple[str, ...]


WINDOWS = {
    2013: Window(
        (
            "2012-05-03", "2012-06-01", "2012-06-20", "2012-08-06", "2012-09-14", "2012-10-23", "2012-12-04",
            "2013-02-12",
        )
    ),
    2017: Window(
        (
            "2017-02-03", "2017-02-06", "2017-02-10", "2017-02-17", "2017-02-24", "2017-03-03", "2017-03-10",
            "2017-03-20",
        )
    ),
}  # fmt: skip


def extra_children(year: int) -> list[Lines]:
    """Children that are wrong as a whole, in a year whose numbers nobody prints."""
    d = WINDOWS[year].days
    base = (year - 2000) * 100
    nobody = [leaf("PersonBirthDate", "2008-02-03"), leaf("GenderCurrent", "2")]
    unborn = [leaf("LAchildID", f"98{base + 20:05d}"), leaf("ExpectedPersonBirthDate", f"{year}-07-01")]
    unborn += [leaf("GenderCurrent", "0")]
    ancient = [leaf("LAchildID", f"98{base + 21:05d}"), leaf("PersonBirthDate", "1900-01-01")]
    ancient += [leaf("GenderCurrent", "9")]
    shared = upn_of(date(2005, 6, 7), 0, 999)
    lettered = [leaf("LAchildID", f"98{base + 22:05d}"), leaf("PersonBirthDate", "2009-09-09")]
    lettered += [leaf("GenderCurrent", "M")]
    return [
        # overlapping plans; an end before the start; a plan without a referral
        extra_child(base + 1, details(d[0], *plan(d[1], d[4]), *plan(d[3], d[6], "EMO", "1"), closure=d[7])),
        extra_child(base + 2, details(d[0], *plan(d[5], d[2]), closure=d[7])),
        extra_child(base + 3, details("", *plan(d[1], d[4]), closure=d[7])),
        # closed before it was referred; authorised before it began; a conference before the enquiry
        extra_child(base + 4, details(d[3], closure=d[1])),
        extra_child(base + 5, details(d[0], *assessment(d[3], d[1], ["3B", "4B"]), closure=d[7])),
        extra_child(base + 6, details(d[0], *enquiry(d[4], d[2]), closure=d[7])),
        # dates nobody lived: 1900 and 2099
        extra_child(base + 7, details("1900-01-01", nfa="1")),
        extra_child(base + 8, details("2099-01-01", nfa="1")),
        extra_child(base + 9, details(d[0], *assessment(d[0], "2099-12-31", ["1B"]), closure=d[7])),
        # codes nobody or no year of this time has: RB, 18B, 5D, an empty factor
        extra_child(base + 10, details(d[0], *assessment(d[0], d[2], ["RB", "3B"]), closure=d[7])),
        extra_child(base + 11, details(d[0], *assessment(d[0], d[2], ["18B", "24A", ""]), closure=d[7])),
        extra_child(base + 12, details(d[0], nfa="1", source="5D")),
        extra_child(base + 13, details(d[0], nfa="true", source="6X")),
        # no further action and yet a plan; open twice at a time
        extra_child(base + 14, details(d[0], *plan(d[1], d[4]), nfa="1", closure=d[7])),
        extra_child(base + 15, [*details(d[0], closure=d[5]), *details(d[3], closure=d[7])]),
        # what stands in no referral, or before it, or outside what it belongs to
        extra_child(base + 30, details("", *assessment(d[1], d[3], ["3B"]), *enquiry(d[1], d[2]), closure=d[7])),
        extra_child(base + 31, details(d[2], *plan(d[1], d[4]), *enquiry(d[0], ""), closure=d[7])),
        extra_child(base + 32, details(d[0], *plan(d[1], d[6]), closure=d[5])),
        extra_child(base + 33, details(d[0], *plan(d[2], d[4], review=d[6]), closure=d[7])),
        extra_child(base + 34, []),
        # what contradicts itself: 21 beside a factor, NONE beside a code, a number and a reason for having none
        extra_child(base + 35, details(d[0], *assessment(d[0], d[2], ["21", "4B"]), closure=d[7])),
        extra_child(base + 36, details(d[0], nfa="1"), None, ("NONE", "LD")),
        extra_child(0, details(d[0], nfa="1"), particulars(base + 37, leaf("UPN", shared), leaf("UPNunknown", "UN2"))),
        extra_child(0, details(d[0], nfa="1"), particulars(base + 38, leaf("UPN", shared))),
        extra_child(base + 39, details(d[0], *enquiry(d[1], d[2], "1"), closure=d[7])),
        # what is missing: a reason for closure, a need, a latest category
        extra_child(base + 40, details(d[0], closure=d[7], reason="")),
        extra_child(base + 41, details(d[0], closure=d[7], need="")),
        extra_child(base + 42, details(d[0], *plan(d[1], d[4], latest=""), closure=d[7])),
        # previous plans that do not grow; a referral before the birth, after the death; an adult
        extra_child(
            base + 43, details(d[0], *plan(d[1], d[2], "NEG", "2"), *plan(d[3], d[4], "NEG", "1"), closure=d[7])
        ),
        extra_child(0, details(d[0], nfa="1"), particulars(base + 44, birth=f"{year + 2}-03-03")),
        extra_child(0, details(d[0], nfa="1"), particulars(base + 45, leaf("PersonDeathDate", f"{year - 2}-01-05"))),
        extra_child(0, details(d[0], nfa="1"), particulars(base + 46, birth="1979-03-03")),
        # nobody's child, an unborn child, a birth in 1900, a letter where a number was the code
        extra_child(0, details(d[0], nfa="1"), nobody),
        extra_child(0, details(d[0], nfa="1"), [leaf("LAchildID", ""), *nobody]),
        extra_child(0, details(d[0], nfa="1"), unborn),
        extra_child(0, details(d[0], nfa="1"), ancient),
        extra_child(0, details(d[0], nfa="1"), lettered),
    ]


def dirty_census(children: list[Child], year: int, seed: int) -> bytes:
    """A census file with children sent twice, empty elements, stray text and the extra children of the year."""
    rng = np.random.default_rng([seed, 81, year])
    elements: list[Lines] = []
    made = census_children_by_id(children, year)
    twice = set(rng.choice(len(made), 6, replace=False).tolist())
    stray = set(rng.choice(len(made), 3, replace=False).tolist())
    later = set(rng.choice(len(made), 12, replace=False).tolist())
    for n, (child, lines) in enumerate(made):
        if rng.random() < EMPTY_SHARE:
            lines = _empty_closures(lines)
        if rng.random() < TRUE_FALSE_SHARE:
            lines = _true_false(lines)
        if year == 2017 and n in later:
            place = lines.index("<ReferralNFA>0</ReferralNFA>") if "<ReferralNFA>0</ReferralNFA>" in lines else 0
            if place:
                lines = [*lines[:place], *need_plan(year), *lines[place:]]
        if n in stray:
            place = lines.index("<CINdetails>")
            lines = [*lines[:place], f"{PRIVATE_MARK} note left by a typist", *lines[place:]]
        elements.append(lines)
        if n in twice:
            elements.append(_again(child, lines, n % 2 == 0))
    if year in WINDOWS:
        step = len(elements) // 25
        for n, extra in enumerate(extra_children(year)):
            elements.insert((n + 1) * step, extra)
    return census_xml(year, elements)


def _empty_closures(lines: Lines) -> Lines:
    """Empty closure date and reason where there is none."""
    made: Lines = []
    for n, line in enumerate(lines):
        made.append(line)
        if line.startswith("<PrimaryNeedCode>") and not lines[n + 1].startswith("<CINclosureDate"):
            made += ["<CINclosureDate/>", "<ReasonForClosure></ReasonForClosure>"]
    return made


def _true_false(lines: Lines) -> Lines:
    """Flags as words."""
    words = {"1": "true", "0": "false"}
    made = []
    for line in lines:
        for name in ("ReferralNFA", "ICPCnotRequired"):
            if line.startswith(f"<{name}>"):
                value = line[len(name) + 2]
                line = leaf(name, words[value])
        made.append(line)
    return made


def _again(child: Child, lines: Lines, by_birth: bool) -> Lines:
    """The same child a second time with another birth date, or another sex."""
    if by_birth:
        other = child.birth + timedelta(days=40 if child.birth.day < 15 else -40)
        return [
            leaf("PersonBirthDate", other.isoformat()) if line.startswith("<PersonBirthDate>") else line
            for line in lines
        ]
    sex = "2" if child.sex == "1" else "1"
    return [leaf("GenderCurrent", sex) if line.startswith("<GenderCurrent>") else line for line in lines]


def dirty_903(tables: dict[str, list[Row]], year: int, seed: int) -> dict[str, list[Row]]:
    """The looked-after tables with cut postcodes, UNKN, and in 2013 what is wrong as a whole."""
    rng = np.random.default_rng([seed, 82, year])
    made = {name: list(rows) for name, rows in tables.items()}
    episodes = made["episodes"]
    for n in rng.choice(len(episodes), 14, replace=False):
        row = list(episodes[n])
        row[11] = row[11].split()[0] if n % 2 else row[11][:-2]
        if n % 3 == 0:
            row[10] = "UNKN"
        episodes[n] = tuple(row)
    header = made["header"]
    first = header[3]
    day, month, rest = first[2].split("/")
    other_day = f"{int(day) % 27 + 1:02d}"
    other_month = f"{int(month) % 12 + 1:02d}"
    header.insert(9, (*first[:2], f"{other_day}/{other_month}/{rest}", *first[3:]))
    header.insert(30, (*first[:2], f"{other_day}/{month}/{int(rest) - 1}", *first[3:]))
    header[12] = (*header[12][:4], "UNKN", *header[12][5:])
    if year == 2013:
        blank = ("", "", "", "")
        header.append(("*DUMMY*", "1", "01/01/2001", "WBRI", "", "0", ""))
        header.append(("9890001", "1", "05/05/2003", "WBRI", "UN2", "0", ""))
        # Four letters that are no ethnicity of the code list.
        header.append(("9890002", "2", "06/06/2004", "XXXX", "UN2", "0", ""))
        bad = ("9890001", "05/09/2012", "S", "V2", "N1", "U6", "PR1", "01/07/2012", "E8", *blank)
        episodes.append(bad)
        episodes.append(("9890002", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/09/2012", "E8", *blank))
        episodes.append(("9890002", "01/07/2012", "S", "V2", "N1", "U6", "PR1", "01/10/2012", "E8", *blank))
        episodes.append(("9890002", "01/01/1900", "S", "V2", "N1", "U6", "PR1", "02/01/1900", "E8", *blank))
        episodes.append(("9890001", "31/02/2013", "S", "V2", "N1", "ZZ9", "PR9", "01/03/2013", "E8", *blank))
        # No reason for ending; a type of placement of 2025; no start before it; X1 and then nothing
        header.append(("9890003", "1", "05/05/2003", "WBRI", "UN2", "0", ""))
        episodes.append(("9890003", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/06/2012", "", *blank))
        episodes.append(("9890003", "05/07/2012", "P", "V2", "N1", "K3", "PR1", "01/08/2012", "X1", *blank))
        made["missing"].append(("9890003", "05/05/2003", "M", "01/12/2012", "02/12/2012"))
        made["uasc"].append(("9890004", "1", "05/05/2000", ""))
        other = header[20]
        header[20] = (other[0], "2" if other[1] == "1" else "1", *other[2:])
        episodes.append(("", "05/05/2012", "S", "V2", "N1", "U6", "PR1", "01/06/2012", "E8", *blank))
    return made


def repeated(rows: list[Row], rng: np.random.Generator, count: int) -> list[Row]:
    """Some rows a second time, further down."""
    made = list(rows)
    for n in sorted(rng.choice(len(rows), count, replace=False).tolist(), reverse=True):
        made.insert(min(n + 7, len(made)), rows[n])
    return made


def dirty_local(rows: dict[str, list[Row]], seed: int) -> dict[str, list[Row]]:
    """Local extracts with repeated rows, rows without an id, and days outside every period that is counted."""
    rng = np.random.default_rng([seed, 83])
    made = {name: list(table) for name, table in rows.items()}
    for name in ("missing_episode", "local_referral", "youth_offence", "police_incident", "school_census_pupil"):
        made[name] = repeated(made[name], rng, 4)
    extra: dict[str, list[Row]] = {
        "missing_episode": [
            ("M900001", "9891001", "1900-01-01T10:00", "", "missing", "police", "1900-01-01", "0", "", ""),
            ("M900002", "9891001", "2099-01-01T10:00", "", "missing", "police", "2099-01-01", "0", "", ""),
            (
                "M900003",
                "9891002",
                "2012-02-05T10:00",
                "2012-02-03T10:00",
                "missing",
                "family",
                "2012-02-05",
                "0",
                "",
                "",
            ),
            # two at a time, an interview before the episode
            (
                "M900006",
                "9891002",
                "2012-02-10T10:00",
                "2012-02-14T10:00",
                "missing",
                "family",
                "2012-02-10",
                "0",
                "",
                "",
            ),
            (
                "M900007",
                "9891002",
                "2012-02-12T10:00",
                "2012-02-13T10:00",
                "missing",
                "family",
                "2012-02-12",
                "1",
                "2012-02-11",
                "2012-02-11",
            ),
            ("M900004", "", "2012-02-05T10:00", "2012-02-05T18:00", "missing", "police", "2012-02-05", "0", "", ""),
            (
                "M900005",
                "9891003",
                "2012-02-06T09:00",
                "2012-02-06T18:00",
                "runaway",
                "police",
                "2012-02-06",
                "maybe",
                "",
                "",
            ),
        ],
        "local_referral": [
            ("R900001", "9891004", "2099-05-05", "school"),
            ("R900002", "", "2014-06-06", "police"),
            ("R900003", "9891005", "2014-07-07", "scout_group"),
        ],
        "youth_offence": [
            ("O900001", "9891006", "1900-01-01", "M", "2005-01-15", "", "community"),
            ("O900004", "9891007", "1990-01-01", "M", "2005-02-20", "2005-02-01", "other"),
            ("O900002", "", "1990-01-01", "M", "2005-02-15", "", "community"),
            ("O900003", "9891007", "1990-01-01", "M", "31/02/2005", "", "tagging"),
        ],
        "early_help_attendance": [
            ("9891008", "H1", "childrens_centre", "2099-01-01"),
            ("", "H1", "childrens_centre", "2014-01-01"),
        ],
        "school_census_pupil": [
            ("", "2016-01-21", "2005-01-01", "M", "N", ""),
            ("X99", "2016-01-21", "2005-13-01", "M", "Z", "ABC"),
        ],
        "treatment_episode": [
            ("", "2014-05-01", "", "other", "own", "1"),
            ("T000001", "1900-01-01", "1900-02-01", "other", "none", "none"),
        ],
        "police_person": [("I9999999", "P0000001", "survivor", "F", "1980-01-01")],
        "lado_referral": [("L900001", "2099-04-04", "ongoing")],
        "disabled_team_case": [("9891009", "2012-05-01", "2012-04-01"), ("", "2012-05-01", "2012-06-01")],
        "young_carer": [("9891010", "2012-06-01", "2012-05-01", "other")],
    }
    for name, table in extra.items():
        made[name] = made[name][: len(made[name]) // 2] + table + made[name][len(made[name]) // 2 :]
    return made
