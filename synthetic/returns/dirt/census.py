"""Census files with children sent twice, empty elements, stray text, and children that are wrong as a whole."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.dirt.elements import (
    Lines,
    assessment,
    details,
    enquiry,
    extra_child,
    leaf,
    need_plan,
    particulars,
    plan,
)
from synthetic.returns.model import Child
from synthetic.returns.national import census_children_by_id
from synthetic.returns.people import upn_of
from synthetic.returns.writers import census_xml

PRIVATE_MARK = "ZZPRIVATE"
EMPTY_SHARE = 0.02  # children with an empty closure date and reason where the case is open
TRUE_FALSE_SHARE = 0.02  # children whose flags are written true and false
# Days of a year in which an extra record does no harm: eight in order.
DAYS = {
    2013: (
        "2012-05-03", "2012-06-01", "2012-06-20", "2012-08-06", "2012-09-14",
        "2012-10-23", "2012-12-04", "2013-02-12",
    ),
    2017: (
        "2017-02-03", "2017-02-06", "2017-02-10", "2017-02-17", "2017-02-24",
        "2017-03-03", "2017-03-10", "2017-03-20",
    ),
}  # fmt: skip


def extra_children(year: int) -> list[Lines]:
    """Children that are wrong as a whole, in a year whose numbers nobody prints."""
    d = DAYS[year]
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
    if year in DAYS:
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
