"""The deliveries of one authority: runs of files, of a census, a looked-after return in tables or XML, local lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from tests.independent.returns.lives import YEARS, Dice, Life, draw_lives
from tests.independent.returns.telling import (
    CENSUS,
    Told,
    care_of,
    census_of,
    disturbed,
    doubled,
    draw_mistakes,
)

Run = dict[str, str]
#: What is left out where nobody asks for it, because product and words are known to differ there.
KNOWN = frozenset(
    {
        "health_of_others",  # of children of whom no episode is known, or not how their care began
    }
)
COLUMNS = {
    "s903_header": ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"],
    "s903_episode": [
        "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
        "HOME_POST", "PL_POST", "URN",
    ],
    "s903_missing": ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"],
    "s903_uasc": ["CHILD", "SEX", "DOB", "DUC"],
    "s903_health": [
        "CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK",
        "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED",
    ],
}  # fmt: skip


def draw_deliveries(seed: int, la_code: str = "999", children: int = 60, without: frozenset[str] = KNOWN) -> list[Run]:
    """Three runs of files by name, as they would lie in the raw folder. The same seed draws the same."""
    dice = Dice(seed, without)
    lives = draw_lives(dice, children)
    draw_mistakes(dice, lives)
    runs: list[Run] = [{}, {}, {}]
    is_xml, has_mark = dice.chance(0.3, "xml_of_care"), dice.chance(0.3, "mark_in_header")
    for year in YEARS:
        if not dice.chance(0.06, "census_not_sent"):
            _write_censuses(dice, lives, year, la_code, runs)
        tables = care_of(dice, lives, year, has_mark or is_xml)
        for number in range(dice.choice([1, 2, 3])):
            _write_care(dice, tables, f"social_care/{la_code}/{year}", number, is_xml, has_mark, runs)
    _write_local(dice, lives, f"social_care/{la_code}/local", runs)
    return runs


def _write_care(
    dice: Dice,
    tables: Mapping[str, Sequence[Told]],
    place: str,
    number: int,
    is_xml: bool,
    has_mark: bool,
    runs: Sequence[Run],
) -> None:
    """The looked-after return of a year in a run: a file, or tables, of a later run some of them only."""
    told = {
        kind: doubled(dice, list(rows) if dice.chance(0.5) else disturbed(dice, list(rows)))
        for kind, rows in tables.items()
    }
    if is_xml != (number > 0 and dice.chance(0.2, "mixed_formats")):
        _put(runs, number, f"{place}/care{number}.xml", care_xml(told, dice))
        return
    for kind, rows in told.items():
        is_needed = kind == "s903_episode" and not dice.chance(1, "health_of_others")
        is_sent = rows and (dice.chance(0.4) if number else is_needed or not dice.chance(0.05, "table_not_sent"))
        if is_sent and not (kind == "s903_uasc" and has_mark):
            _put(runs, number, f"{place}/{kind}{number}.csv", care_csv(kind, rows))


def _put(runs: Sequence[Run], number: int, name: str, text: str) -> None:
    """A file of a run, but for one whose bytes have been delivered before: the same bytes land once."""
    if all(text not in run.values() for run in runs):
        runs[number][name] = text


def _write_censuses(dice: Dice, lives: list[Life], year: int, la_code: str, runs: list[Run]) -> None:
    """One to three deliveries, in any run: their headers say which is later; at times two that say the same moment."""
    told = census_of(dice, lives, year)
    stamp = datetime(year, 5, 1, 10, 0) + timedelta(minutes=dice.randint(0, 900))  # noqa: DTZ001  (as headers say it)
    serial = dice.randint(1, 30)
    deliveries = []
    for _ in range(dice.choice([1, 2, 2, 3])):
        if dice.chance(0.6):
            stamp += timedelta(hours=dice.randint(1, 500))
        else:
            serial += dice.randint(1, 90)
        deliveries.append((stamp, serial, dice.randrange(3)))
    are_two = len(deliveries) > 1 and dice.chance(0.25, "nothing_orders")
    if are_two:
        stamp += timedelta(days=3)
        deliveries += [(stamp, serial, 2), (stamp, serial, 2)]
    for number, (moment, message, run) in enumerate(deliveries):
        records = doubled(dice, told if dice.chance(0.5) else disturbed(dice, told))
        if are_two and number == len(deliveries) - 1 and not dice.chance(1, "nothing_orders_alike"):
            records = records[: len(records) // 2]
        text = census_xml(records, year, la_code, moment, message, dice)
        _put(runs, run, f"social_care/{la_code}/{year}/census{dice.randrange(1000)}_{number}.xml", text)


def census_xml(children: Sequence[Told], year: int, la_code: str, moment: datetime, message: int, dice: Dice) -> str:
    """A census; `moment` and `message` are what its header says of itself."""
    named = [(child, child.life.name) for child in children]
    if dice.chance(0.15, "child_without_identifier") and len(named) > 20 and named[0][0].inside:
        first = named[0][0]
        named.append((Told(first.kind, {}, first.life, [Told("cin_referral", first.inside[0].texts, first.life)]), ""))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n<Header>\n<CollectionDetails><Collection>CIN</Collection>'
        f"<Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails>\n<Source><LEA>{la_code}"
        f"</LEA><SerialNo>{message:03}</SerialNo><DateTime>{moment.isoformat()}</DateTime></Source>\n</Header>\n"
        "<Children>\n" + "".join(_child_xml(*one, dice) for one in named) + "</Children>\n</Message>\n"
    )


def _tag(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>" if text else f"<{name}/>" if name.startswith("CPP") else ""


def _child_xml(child: Told, name: str, dice: Dice) -> str:
    texts = {key: text for key, text in child.texts.items() if not key.startswith("disability")}
    codes = "".join(_tag("Disability", code) for key, code in child.texts.items() if key.startswith("disability"))
    names = f"<LAchildID>{name}</LAchildID>" if name else ""
    held = f"<Disabilities>{codes}</Disabilities>" if codes else ""
    head = (
        f"<ChildIdentifiers>{names}<UPNunknown>UN1</UPNunknown>"
        + "".join(_tag(key, text) for key, text in texts.items())
        + f"</ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity>{held}</ChildCharacteristics>"
    )
    cases = [_event_xml(case, dice) for case in child.inside]
    cut = dice.randint(1, len(cases)) if cases and dice.chance(0.05, "child_twice") else len(cases)
    parts = [part for part in (cases[:cut], cases[cut:]) if part] or [[]]
    return "".join(f"<Child>{head}{''.join(part)}</Child>\n" for part in parts)


def _event_xml(told: Told, dice: Dice) -> str:
    element, begun, ended = CENSUS[told.kind]
    factors = [text for key, text in told.texts.items() if key.startswith("factor")]
    texts = {key: text for key, text in told.texts.items() if not key.startswith("factor")}
    inner = "".join(_tag(key, _spelt(text, dice) if key in (begun, ended) else text) for key, text in texts.items())
    if factors:
        listed = "".join(_tag("AssessmentFactors", factor) for factor in factors)
        inner += f"<FactorsIdentifiedAtAssessment>{listed}</FactorsIdentifiedAtAssessment>"
    return f"<{element}>{inner}{''.join(_event_xml(one, dice) for one in told.inside)}</{element}>\n"


def _spelt(text: str, dice: Dice) -> str:
    """The same day with a zone behind it, at times."""
    return f"{text}Z" if text and dice.chance(0.02, "zones") else text


def care_csv(kind: str, rows: Sequence[Told]) -> str:
    """One table of the looked-after return."""
    columns = COLUMNS[kind] + ["UASC"] * any("UASC" in row.texts for row in rows)
    lines = [[{"CHILD": row.life.name, **row.texts}.get(column, "") for column in columns] for row in rows]
    return "\n".join(",".join(line) for line in [columns, *lines]) + "\n"


def care_xml(tables: Mapping[str, Sequence[Told]], dice: Dice) -> str:
    """The looked-after return as XML: the particulars in an element HEADER of the child, or beside its episodes."""
    is_flat = dice.chance(0.5)
    children = []
    for header in tables["s903_header"]:
        name = header.life.name
        own = {kind: [row for row in rows if row.life.name == name] for kind, rows in tables.items()}
        inside = "".join(_care_element("OC2", row, {}) for row in own["s903_health"])
        inside += "".join(_care_element("AMISSING", row, {}) for row in own["s903_missing"])
        head = f"<CHILDID>{name}</CHILDID>" + "".join(_tag(key, text) for key, text in header.texts.items())
        episodes = "".join(_care_element("EPISODE", row, {"PLACE": "PL"}) for row in own["s903_episode"])
        told = f"{head}{inside}" if is_flat else f"<HEADER>{head}{inside}</HEADER>"
        children.append(f"<CHILD>{told}{episodes}</CHILD>\n")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<EXPORT903>\n{"".join(children)}</EXPORT903>\n'


def _care_element(name: str, row: Told, other: Mapping[str, str]) -> str:
    inner = "".join(_tag(other.get(key, key), text) for key, text in row.texts.items() if key != "DOB")
    return f"<{name}>{inner}</{name}>"


def _write_local(dice: Dice, lives: list[Life], place: str, runs: list[Run]) -> None:
    """Two lists that add: notifications of missing children, and cases of the team for disabled children."""
    notices, cases = {}, {}
    for number in range(70):
        life = dice.choice(lives)
        begun = datetime(2020, 3, 20, dice.randrange(24), dice.randrange(60)) + timedelta(  # noqa: DTZ001  (as lists say it)
            days=dice.randint(0, 1105)
        )
        over = begun + timedelta(minutes=dice.choice([30, 600, 1440, 2000, 4000, 9000, 20000, 45000]))
        if dice.chance(0.04, "ends_before_it_begins"):
            over = begun - timedelta(days=2)
        notices[f"M{number}"] = [
            life.name, begun.isoformat(sep=" "), over.isoformat(sep=" ") if dice.chance(0.85) else "",
            dice.choice(["missing", "absent", "away", ""]), dice.choice(["1", "0", "yes", ""]),
            "" if dice.chance(0.5) else dice.after(begun.date(), 0, 9).isoformat(),
        ]  # fmt: skip
    for _ in range(40):
        opened = dice.after(date(2019, 10, 1), 0, 1270)
        closed = dice.after(opened, -3 if dice.chance(0.05, "ends_before_it_begins") else 10, 500)
        cases[f"{dice.choice(lives).name},{opened}"] = closed.isoformat() if dice.chance(0.5) else ""
    runs[0][f"{place}/missing_a.csv"] = _notices(notices, list(notices)[:50])
    runs[0][f"{place}/team_a.csv"] = _cases(cases, list(cases)[:30])
    for key in dice.sample(list(notices)[:50], 8):
        notices[key][3] = "missing"
        notices[key][2] = notices[key][1]
    for key in dice.sample(list(cases)[:30], 5):
        cases[key] = "2023-02-01" if key[-10:] < "2023-02-01" else ""
    runs[1][f"{place}/missing_b.csv"] = _notices(notices, list(notices)[40:])
    runs[1][f"{place}/team_b.csv"] = _cases(cases, list(cases)[20:])


def _notices(rows: Mapping[str, list[str]], which: Sequence[str]) -> str:
    head = "episode_id,child_id,started_at,ended_at,missing_class,is_vulnerable,interview_offered_on"
    return "\n".join([head, *(",".join([key, *rows[key]]) for key in which)]) + "\n"


def _cases(rows: Mapping[str, str], which: Sequence[str]) -> str:
    return "\n".join(["child_id,open_date,close_date", *(f"{key},{rows[key]}" for key in which)]) + "\n"
