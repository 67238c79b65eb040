"""Children, their cases and the forms filled in about them, drawn by chance; and what goes wrong with forms."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from tests.independent.catalogue_files import Catalogue, Question

SERVICES = {  # code: the name as declared, then ways in which cells write it
    "OAK": ("Oak House", "OAK HOUSE", "Oak  House", "Oak House ", "oak house"),
    "WAN": ("Women's Aid North", "Women’s Aid North", "WOMEN'S AID NORTH"),
    "SIX": ("Six & Co.", "Six and Co", "SIX & CO"),
}
PLACEHOLDERS = ("N/A", "unknown", "TBC", "0", "-", "NULL", "#N/A", "nan", "none", "xxx", "2.02306E+15")
UNREADABLE = ("2014", "Unborn", "31/02/2014", "")
FIRST_DAY, LAST_DAY = date(2020, 4, 1), date(2025, 2, 10)


@dataclass(frozen=True)
class Entry:
    """One form as somebody typed it: not yet written in the words and columns of a file."""

    form: str
    service: str
    submission: str
    client: str
    reference: str
    born: date | None
    event: date | None
    submitted: datetime
    edited: datetime | None = None
    consent: bool = True
    is_test: bool = False
    born_text: str = ""
    event_text: str = ""
    postcode: str = ""
    answers: dict[str, object] = field(default_factory=dict)


@dataclass
class Drawer:
    """Draws forms; every draw comes from the one generator of its seed."""

    dice: random.Random
    catalogue: Catalogue
    without: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def chance(self, share: float, fault: str = "") -> bool:
        """True in that share of draws, never for a fault that this run leaves out (the draw is made all the same)."""
        return self.dice.random() < share and fault not in self.without

    def number(self, length: int, prefix: str = "") -> str:
        """An id of its own, without zeros, so that no folding joins it with another."""
        while True:
            text = prefix + "".join(self.dice.choice("123456789") for _ in range(length))
            if text.lower() not in self.used:
                self.used.add(text.lower())
                return text

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randint(0, max(0, (last - first).days)))

    def single(self, question: Question) -> str:
        options = [option.code for option in self.catalogue.options[question.option_set]]
        if "yes" in options and self.dice.random() < 0.55:
            return "yes"
        return self.dice.choice(options)

    def answer(self, question: Question) -> object:
        """A code; for ticks a list of codes (a ? before a word that no form offers); a text for a number."""
        if question.kind == "number":
            if self.chance(0.08, "odd_numbers"):
                return self.dice.choice(["seven", "0", "999999", "1,000", "-3", "since birth"])
            high = 60 if question.maximum == 1000 else 200
            return str(self.dice.randint(int(question.minimum or 0), high)) + (".0" if self.dice.random() < 0.1 else "")
        if question.kind == "tick_all":
            options = [option.code for option in self.catalogue.options[question.option_set]]
            ticks = self.dice.sample(options, min(len(options), self.dice.choice([1, 1, 2, 3])))
            if self.chance(0.06, "unknown_ticks"):
                ticks = [*ticks[: self.dice.randint(0, 1)], "?great_aunt"]
            return ticks
        return "?something" if self.chance(0.02, "unknown_options") else self.single(question)

    def answers(self, form: str) -> dict[str, object]:
        """Answers to a whole form; gates are obeyed but for a few, open questions are left blank now and then."""
        given: dict[str, object] = {}
        opened: dict[str, bool] = {}
        for question in self.catalogue.of_form(form):
            if not question.is_answered:
                continue
            is_open = not question.parent or (
                opened[question.parent] and given.get(question.parent) in question.parent_codes
            )
            opened[question.id] = is_open
            if self.dice.random() < (0.88 if is_open else 0.0) or (not is_open and self.chance(0.03, "gates")):
                given[question.id] = self.answer(question)
        return given


def draw_entries(drawer: Drawer, children: int) -> list[Entry]:
    """The forms of that many children, then what goes wrong with some of them."""
    entries: list[Entry] = []
    while children > 0:
        family = 2 if drawer.chance(0.15, "siblings") else 1
        entries += _family(drawer, family)
        children -= family
    entries += _two_births(drawer)
    return [later for entry in entries for later in _fates(drawer, entry, entries)]


def _family(drawer: Drawer, size: int) -> list[Entry]:
    """Brothers and sisters share a case reference and the days; twins the birth as well; each has an id."""
    dice, service = drawer.dice, drawer.dice.choice(list(SERVICES))
    born = drawer.day(date(2004, 6, 1), date(2018, 12, 31))
    numeric = dice.random() < 0.3
    ids = [drawer.number(5) if numeric else drawer.number(5, dice.choice(["KC", "kx", "Ab"])) for _ in range(size)]
    births = [born if dice.random() < 0.4 else drawer.day(date(2004, 6, 1), date(2018, 12, 31)) for _ in ids]
    entries: list[Entry] = []
    start = drawer.day(FIRST_DAY, LAST_DAY)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        reference = drawer.number(6, "R") if dice.random() < 0.7 else ""
        end = start + timedelta(days=dice.randint(5, 300))
        for client, birth in zip(ids, births, strict=True):
            entries += _case(drawer, service, client, birth, reference, start, end)
        start = end if drawer.chance(0.25, "same_day") else end + timedelta(days=dice.randint(1, 200))
        if start > LAST_DAY:
            break
    return entries


def _case(drawer: Drawer, service: str, client: str, born: date, reference: str, start: date, end: date) -> list[Entry]:
    dice = drawer.dice

    def entry(form: str, event: date, own: str) -> Entry:
        moment = datetime(event.year, event.month, event.day, 9, tzinfo=UTC) + timedelta(
            days=dice.randint(0, 20), minutes=dice.randint(0, 500)
        )
        birth = born if form == "intake" else None
        number, answers = drawer.number(6, "S"), drawer.answers(form)
        made = Entry(form, service, number, client, own, birth, event, moment, answers=answers)
        return replace(made, postcode=dice.choice(["NG7 2RD", "ng7 2rd", "NG1 5AB", ""]))

    def own_reference() -> str:
        if drawer.chance(0.15, "references"):
            return ""
        return drawer.number(6, "R") if drawer.chance(0.04, "references") else reference

    made = []
    if not drawer.chance(0.06, "unmatched"):
        made.append(entry("intake", start, own_reference()))
        if drawer.chance(0.05, "same_day"):
            made.append(entry("intake", start, own_reference()))
    days = sorted({dice.randint(1, max(1, (end - start).days)) for _ in range(dice.choice([0, 0, 1, 1, 2]))})
    made += [entry("review", start + timedelta(days=day), reference) for day in days]
    if dice.random() < 0.8 and end <= LAST_DAY:
        made.append(entry("exit", end, own_reference()))
        if drawer.chance(0.03, "same_day"):
            made.append(entry("exit", end, own_reference()))
    return made


def _two_births(drawer: Drawer) -> list[Entry]:
    """A family number that two children share; and two ids that differ in capitals only, of two children."""
    made = []
    for fault, endings in (
        ("shared_id", ("", "")),
        ("capitals", ("aB", "Ab")),
    ):
        if drawer.chance(1.0, fault):
            number = drawer.number(5, "F")
            for ending, born in zip(endings, (date(2010, 5, 3), date(2016, 8, 9)), strict=True):
                start = drawer.day(FIRST_DAY, LAST_DAY)
                end = start + timedelta(days=90)
                made += _case(drawer, "OAK", number + ending, born, drawer.number(6, "R"), start, end)
    return made


def _correction(drawer: Drawer, entry: Entry, moment: datetime) -> Entry:
    """The whole form again with another answer to a question that every form has open."""
    always = {
        "intake": "intake_referral_status",
        "review": "review_direct_reported",
        "exit": "exit_closure_type",
    }
    question = drawer.catalogue.questions[always[entry.form]]
    codes = [option.code for option in drawer.catalogue.options[question.option_set]]
    other = drawer.dice.choice([code for code in codes if code != entry.answers.get(question.id)])
    return replace(entry, edited=moment, answers={**entry.answers, question.id: other})


def _fates(drawer: Drawer, entry: Entry, entries: list[Entry]) -> list[Entry]:
    """The form, changed or followed by other submissions, as some forms are."""
    if entry.client.startswith("F"):
        return [entry]
    moment = entry.submitted + timedelta(days=drawer.dice.randint(1, 60), minutes=drawer.dice.randint(1, 400))
    if drawer.chance(0.05, "corrections"):
        corrected = _correction(drawer, entry, moment)
        if entry.form == "intake" and drawer.chance(0.3, "corrected_dates"):
            corrected = replace(corrected, event=(entry.event or FIRST_DAY) + timedelta(days=1))
        if drawer.chance(0.2, "withdrawn"):
            corrected = replace(corrected, consent=False)
        elif drawer.chance(0.1, "withdrawn"):
            corrected = replace(corrected, is_test=True)
        return [entry, corrected]
    if drawer.chance(0.015, "conflicts"):
        return [entry, replace(_correction(drawer, entry, moment), edited=entry.edited)]
    if drawer.chance(0.02, "repeated"):
        return [entry, entry]
    if drawer.chance(0.03, "sent_twice"):
        again = entry.submitted + timedelta(minutes=drawer.dice.randint(1, 9))
        return [entry, replace(entry, submission=drawer.number(6, "S"), submitted=again)]
    return [_one_fault(drawer, entry, entries)]


def _one_fault(drawer: Drawer, entry: Entry, entries: list[Entry]) -> Entry:
    dice = drawer.dice
    faults: dict[str, Callable[[], Entry]] = {
        "tests": lambda: replace(entry, is_test=True),
        "no_consent": lambda: replace(entry, consent=False),
        "no_client": lambda: replace(entry, client=dice.choice([*PLACEHOLDERS, ""])),
        "no_submission": lambda: replace(entry, submission=dice.choice(["N/A", "", "-"])),
        "no_service": lambda: replace(entry, service=""),
        "undeclared": lambda: replace(entry, service="Elm Project"),
        "unreadable_event": lambda: replace(entry, event_text=dice.choice(["31/02/2023", "soon", ""]), event=None),
        "unreadable_birth": lambda: replace(entry, born_text=dice.choice(UNREADABLE), born=None),
        "born_after": lambda: _born_after(drawer, entry),
        "old_year": lambda: replace(entry, event=date(2017, 6, 5)) if entry.form != "exit" else entry,
        "far_year": lambda: replace(entry, event=date(2032, 6, 5), submitted=datetime(2032, 6, 8, 9, tzinfo=UTC)),
        "too_early": lambda: replace(entry, submitted=entry.submitted - timedelta(days=40)),
        "restart": lambda: replace(entry, submission=dice.choice(entries).submission),
    }
    for fault, change in faults.items():
        if drawer.chance(0.008, fault):
            return change()
    return entry


def _born_after(drawer: Drawer, entry: Entry) -> Entry:
    """An intake dated before the birth, of a client of its own: whose other forms would say another month."""
    if entry.form != "intake" or entry.event is None:
        return entry
    return replace(entry, client=drawer.number(5, "Zb"), born=entry.event + timedelta(days=70))
