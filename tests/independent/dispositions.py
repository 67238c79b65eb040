"""What becomes of every form, who the clients are, and which exit belongs to which intake: by the rules in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.independent.reader import Form

FIRST_YEAR, YEAR_BEFORE = 2022, 2021
Place = tuple[str, int]
Client = tuple[str, object]


def reporting_year(day: date) -> int:
    return day.year + (day >= date(day.year, 4, 1))


@dataclass(frozen=True)
class Judged:
    """The forms of a folder, judged: the disposition of each place, the client of each that has one."""

    dispositions: dict[Place, str]
    accepted: list[Form]
    clients: dict[Place, Client]
    twins: dict[Place, Place]  # a form: the first of those that say just the same


def _agree(one: Form, other: Form) -> bool:
    """Whether two forms of one number are one submission: two of client, birth month and event date agree."""
    same = [one.client == other.client, one.event == other.event and one.event is not None]
    same.append(one.born == other.born and one.born is not None)
    return sum(same) >= 2


def submissions(forms: list[Form]) -> list[list[Form]]:
    """Forms with one number, of one service and kind, parted into submissions."""
    numbered: dict[tuple[str, str | None, str], list[list[Form]]] = defaultdict(list)
    for form in forms:
        groups = numbered[form.form, form.service, form.submission]
        near = [group for group in groups if any(_agree(form, member) for member in group)]
        joined = [form, *[member for group in near for member in group]]
        numbered[form.form, form.service, form.submission] = [group for group in groups if group not in near] + [joined]
    return [group for groups in numbered.values() for group in groups]


def identify(forms: list[Form]) -> tuple[dict[Place, Client], set[Place]]:
    """The client of each form, and the forms whose client nobody can tell: one id with two months of birth."""
    clients: dict[Place, Client] = {}
    doubtful: set[Place] = set()
    groups: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in forms:
        groups[form.service or "", form.client].append(form)
    for (service, folded), members in groups.items():
        months: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for form in members:
            if form.born:
                months[form.client_exact].add(form.born)
        every = set().union(*months.values()) if months else set()
        for form in members:
            own = months.get(form.client_exact, set())
            if len(every) > 1 and len(own) != 1:
                doubtful.add(form.place)
            clients[form.place] = service, (folded, min(own)) if len(every) > 1 and len(own) == 1 else folded
    return clients, doubtful


def _years(dated: Iterable[Form]) -> set[int]:
    """The year before the first, and every year on that a thousandth of the forms begins; a gap of years ends them."""
    counts = Counter(reporting_year(form.event) for form in dated if form.event)
    least = max(1, sum(counts.values()) / 1000)
    begun = sorted(year for year, forms in counts.items() if forms >= least and year >= FIRST_YEAR)
    years = {YEAR_BEFORE, *range(FIRST_YEAR, 2025)}
    for year in begun:
        if year - max(years) <= 2:
            years |= set(range(max(years), year + 1))
    return years


def _set_aside(form: Form) -> bool:
    if form.event is None or form.submitted is None:
        return False
    if form.event > form.submitted.date() + timedelta(days=1):
        return True
    return form.born is not None and _age(form) > 25


def _age(form: Form) -> int:
    assert form.born
    return (form.day.year * 12 + form.day.month - form.born[0] * 12 - form.born[1]) // 12


def _impossible(form: Form) -> bool:
    return form.event is None or (form.born is not None and (form.event.year, form.event.month) < form.born)


def _withdrawn(forms: list[Form]) -> set[Place]:
    """Forms of which a version without consent says that nothing of them is kept: it is not earlier than they are."""
    refused: dict[tuple[str, str | None, str], list[Form]] = defaultdict(list)
    for form in forms:
        if not form.consent and form.submission and form.client:
            refused[form.form, form.service, form.submission].append(form)
    return {
        form.place
        for form in forms
        for other in refused[form.form, form.service, form.submission]
        if (_agree(form, other) or (form.client == other.client and not (form.born and other.born)))
        and not ((other.edited or other.submitted) and form.moment > other.moment)
    }


def _versions(group: list[Form], verdict: dict[Place, str]) -> list[Form]:
    """Judges the versions of one submission; returns the forms that stay (none where nothing decides)."""
    latest = max(form.moment for form in group)
    top = [form for form in group if form.moment == latest]
    for form in group:
        is_same = any(form.content == other.content for other in top)
        if form.moment != latest:
            verdict[form.place] = "duplicate_submission" if is_same else "superseded"
    if len({form.content for form in top}) > 1:
        verdict.update({form.place: "conflicting_versions" for form in top})
        return []
    stays = min(top, key=lambda form: form.place)
    verdict.update({form.place: "duplicate_submission" for form in top if form is not stays})
    return [stays]


def judge(forms: list[Form], erased: Collection[tuple[str | None, str]] = ()) -> Judged:
    """Every form's disposition, in the order of precedence that the rules give; `erased`: service and id of clients."""
    verdict: dict[Place, str] = {}
    gone = {form.place for form in forms if form.client and (form.service, form.client) in erased}
    withdrawn = _withdrawn([form for form in forms if form.place not in gone])
    for form in forms:
        if form.place in gone:
            verdict[form.place] = "erased"
        elif not form.consent or form.place in withdrawn:
            verdict[form.place] = "no_consent"
        elif not (form.submission and form.client) or form.service == "":
            verdict[form.place] = "missing_key"
        elif form.service is None:
            verdict[form.place] = "undeclared_service"
    keyed = [form for form in forms if form.place not in verdict]
    current = [form for group in submissions(keyed) for form in _versions(group, verdict)]
    clients, doubtful = identify(current)
    for form in current:
        if form.is_test:
            verdict[form.place] = "test_record"
        elif _impossible(form):
            verdict[form.place] = "impossible_date"
    possible = [form for form in current if form.place not in verdict]
    aside = {form.place for form in possible if form.place in doubtful or _set_aside(form)}
    years = _years(form for form in possible if form.place not in aside)
    for form in possible:
        if reporting_year(form.day) not in years:
            verdict[form.place] = "outside_reporting_years"
        elif form.place in aside:
            verdict[form.place] = "set_aside" if _set_aside(form) else "client_conflict"
    same: dict[object, list[Form]] = defaultdict(list)
    for form in possible:
        if form.place not in verdict:
            same[clients[form.place], form.content].append(form)
    accepted = []
    for group in same.values():
        first = min(group, key=lambda form: (form.moment, form.place))
        accepted.append(first)
        verdict.update({form.place: "duplicate_submission" for form in group})
        verdict[first.place] = "accepted"
    return Judged(verdict, accepted, clients, _twins(forms))


def _twins(forms: list[Form]) -> dict[Place, Place]:
    """Rows that nothing tells apart stand for each other: which of them stays is nobody's rule."""
    first: dict[object, Place] = {}
    return {form.place: first.setdefault((form.submission, form.moment, form.content), form.place) for form in forms}


def _choices(exits: list[Form], intakes: list[Form], may: dict[tuple[Place, Place], bool]) -> list[tuple[Form, Form]]:
    """Pairs in which the exit chooses the intake (the latest open that morning) and the intake the exit (the first).

    Of several of one day the latest edit.
    """
    picks = {}
    for leaving in exits:
        open_then = [one for one in intakes if may[leaving.place, one.place] and one.day <= leaving.day]
        before = [one for one in open_then if one.day < leaving.day]
        if before or open_then:
            picks[leaving.place] = max(before or open_then, key=lambda one: (one.day, one.moment, one.place))
    made = []
    for one in intakes:
        after = [leaving for leaving in exits if may[leaving.place, one.place] and one.day <= leaving.day]
        later = [leaving for leaving in after if one.day < leaving.day]
        if later or after:
            day = min(leaving.day for leaving in later or after)
            of_day = [leaving for leaving in later or after if leaving.day == day]
            first = max(of_day, key=lambda leaving: (leaving.moment, leaving.place))
            if picks.get(first.place) is one:
                made.append((first, one))
    return made


def match(judged: Judged) -> dict[Place, Form]:
    """The place of an exit form: its intake form."""
    pairs: dict[Place, Form] = {}
    by_client: dict[Client, dict[str, list[Form]]] = defaultdict(lambda: {"intake": [], "review": [], "exit": []})
    for form in judged.accepted:
        by_client[judged.clients[form.place]][form.form].append(form)
    for forms in by_client.values():
        for rule in ("reference", "dates", "dates"):
            taken = {one.place for one in pairs.values()}
            intakes = [one for one in forms["intake"] if one.place not in taken]
            exits = [leaving for leaving in forms["exit"] if leaving.place not in pairs]
            may = {
                (leaving.place, one.place): leaving.reference == one.reference != ""
                if rule == "reference"
                else not (leaving.reference and one.reference) or leaving.reference == one.reference
                for leaving in exits
                for one in intakes
            }
            made = _choices(exits, intakes, may)
            if rule == "reference":
                made += _backwards(exits, intakes, may, made)
            pairs.update({leaving.place: one for leaving, one in made})
    return pairs


def _backwards(
    exits: list[Form], intakes: list[Form], may: dict[tuple[Place, Place], bool], made: list[tuple[Form, Form]]
) -> list[tuple[Form, Form]]:
    """By reference also an exit before its intake, where there is but one of each."""
    done = {form.place for pair in made for form in pair}
    found = []
    for leaving in exits:
        of_it = [one for one in intakes if may[leaving.place, one.place]]
        others = [other for other in exits if of_it and may[other.place, of_it[0].place]]
        if leaving.place not in done and len(of_it) == 1 == len(others) and of_it[0].place not in done:
            found.append((leaving, of_it[0]))
    return found
