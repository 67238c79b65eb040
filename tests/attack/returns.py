"""The system of the returns: what an indicator counts stands in words, and two of the same words are one count."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.attack.documentation import Documentation, Table
from tests.attack.open_data import TOTAL, Figure
from tests.attack.rules import UNBOUNDED, Rules, whole
from tests.attack.system import System

NO_CHILDREN = re.compile(r"^(nothing|months?|days?|years?|children 0 17|residents\b.*|households\b.*)$")
PARTS = {"percentage"}
COUNTS = {"count", "percentage", "rate", "ratio", "standardised_ratio"}
NO_SUM = {"involvement", "basis", "summary", "group"}
MEAN_OF_YEARS = {
    "dva incidents each year": "Domestic abuse incidents known to the police",
    "dva crimes each year": "Domestic abuse incidents recorded as crimes",
    "offenders on plan each year": "Young people with an offence while on a plan",
    "offenders in need each year": "Young people with an offence while in need and not on a plan",
    "young people remanded each year": "Young people remanded",
    "young people in custody each year": "Young people sentenced to custody",
}
ADDED = {
    "Assessments with drugs and assessments with alcohol, added up": (
        "Assessments with a factor of drugs",
        "Assessments with a factor of alcohol",
        "Assessments with a factor of alcohol or drugs, of anybody",
    ),
    "Assessments with learning disability and assessments with physical disability, added up": (
        "Assessments with a factor of learning disability",
        "Assessments with a factor of physical disability or illness",
        "Assessments with a factor of learning disability, or of physical disability or illness",
    ),
}
WITHIN = [
    ("of a parent or carer", "of anybody"),
    ("of a parent or carer", ", of anybody"),
]
FINANCIAL = re.compile(r"^(\d{4})(\d{2}) Financial year$")


@dataclass
class Returns:
    """The figures of the returns and the system that they make."""

    rules: Rules
    system: System = field(default_factory=System)
    answers: dict[int, int] = field(default_factory=dict)
    loose: list[Figure] = field(default_factory=list)


def build(figures: list[Figure], documentation: Documentation, rules: Rules) -> Returns:
    """Unknowns, bounds and relations of all figures of the returns."""
    made = Returns(rules)
    parts: dict[tuple[str, str, str, str], list[tuple[int, int | None, str]]] = defaultdict(list)
    distinct_bases = _distinct_bases(figures)
    for figure in figures:
        if not figure.key.data_set.startswith("social_care"):
            continue
        table, period = _table(figure, documentation)
        way = _way(figure, table) if table else None
        if table is None or way is None or figure.key.place.startswith("England") or ": " in figure.key.place:
            made.loose.append(figure)
            continue
        number, base = _unknowns(made, figure, way, period, distinct_bases)
        kind = way[0].split(":")[0]
        if number is not None and kind not in NO_SUM and way[0] != "total":
            counted = _words(way[2])
            whole_of = _words(way[3]) if way[3] != "nothing" else counted
            if whole_of == counted or distinct_bases.get((figure.key.topic, figure.key.period)):
                parts[(figure.key.place, period, counted, kind)].append((number, base, whole_of))
    _sums(made, parts)
    _text_relations(made)
    return made


def _words(text: str) -> str:
    return re.sub(r", times [\d,]+$", "", text)


def _distinct_bases(figures: list[Figure]) -> dict[tuple[str, str], bool]:
    """Breakdowns whose rows have an n of their own."""
    bases: dict[tuple[str, str], set[int]] = defaultdict(set)
    for figure in figures:
        printed = whole(figure.values.get("base"))
        is_part = figure.key.breakdown and figure.key.breakdown != TOTAL
        if figure.key.data_set.startswith("social_care") and is_part and printed is not None:
            bases[(figure.key.topic, figure.key.period)].add(printed)
    return {key: len(found) > 1 for key, found in bases.items()}


def _table(figure: Figure, documentation: Documentation) -> tuple[Table | None, str]:
    """The indicator, and the period in words that no other figure of it has."""
    name = figure.values.get("indicator_id", "")
    topic = figure.key.topic
    found: list[tuple[int, Table, str]] = []
    for table in documentation.tables.values():
        if not table.ways:
            continue
        title = re.sub(rf" \({re.escape(table.indicator)}\)$", "", table.title)
        if not topic.startswith(title):
            continue
        rest = topic[len(title) :]
        unit = rest.lstrip(" (").split(")")[0] if rest.startswith(" (") else ""
        fitting = (2 if table.indicator == name else 0) + (1 if table.facts.get("Unit", "") == unit else 0)
        later = rest.rsplit("), ", 1)[-1] if "), " in rest else rest.removeprefix(", ") if rest[:2] == ", " else ""
        found.append((len(title) * 10 + fitting, table, later))
    if not found:
        return None, ""
    _, table, later = max(found, key=lambda one: one[0])
    return table, later or figure.key.period


def _way(figure: Figure, table: Table) -> list[str] | None:
    shown = figure.key.breakdown
    if shown in {"", TOTAL}:
        ways = [way for way in table.ways if way[0] == "total"]
    else:
        kind, value = (part.strip().lower() for part in shown.split(":", 1))
        ways = [way for way in table.ways if way[0].lower() in {kind, f"{kind}: {value}"}]
    return ways[0] if ways and ways[0][1] in COUNTS else None


def _unknowns(
    made: Returns, figure: Figure, way: list[str], period: str, distinct: dict[tuple[str, str], bool]
) -> tuple[int | None, int | None]:
    """The count and the n of a figure, with their prints."""
    place, where = figure.key.place, figure.key.words()
    shown = figure.key.breakdown if figure.key.breakdown != TOTAL else ""
    kind = way[0].split(":")[0].lower()
    part = "" if kind in {"basis", "total"} else shown
    number = base = None
    counted, divided = _words(way[2]), _words(way[3])
    number = made.system.number((place, period, counted, part), f"{period} | {place} | {counted} | {part}")
    _print(made, number, where, whole(figure.values.get("number")))
    if not NO_CHILDREN.match(divided):
        own = part if distinct.get((figure.key.topic, figure.key.period)) or kind == "summary" else ""
        base = made.system.number((place, period, divided, own), f"{period} | {place} | {divided} | {own}")
        _print(made, base, where + " (n)", whole(figure.values.get("base")))
        if way[1] in PARTS and base != number:
            made.system.at_most(number, base, "a part is no more than its n")
            made.answers[number] = base
    return number, base


def _print(made: Returns, number: int, where: str, printed: int | None) -> None:
    if printed is None or printed < 0:
        return
    low, high = made.rules.bounds(printed)
    made.system.unknowns[number].prints.append((where, printed))
    made.system.narrow(number, low, high, f"printed {printed} ({where})")


def _sums(made: Returns, parts: dict[tuple[str, str, str, str], list[tuple[int, int | None, str]]]) -> None:
    """Rows of a breakdown add up to all; rows with an n of their own in their n as well."""
    for (place, period, counted, kind), rows in parts.items():
        numbers = sorted({number for number, _, _ in rows})
        bases = sorted({base for _, base, _ in rows if base is not None})
        total = made.system.known((place, period, counted, ""))
        if total is not None:
            made.system.equal(total, numbers, f"rows of {kind} add up: {counted}")
        if len(bases) == len(numbers) and len(bases) > 1:
            n = made.system.known((place, period, rows[0][2], ""))
            if n is not None:
                made.system.equal(n, bases, f"n of {kind} add up: {rows[0][2]}")


def _text_relations(made: Returns) -> None:
    """Categories, bases that are added up, parts of a whole by their words, parts of periods, several years."""
    keys = [(key, number) for key, number in made.system.keys().items() if isinstance(key, tuple) and len(key) == 4]
    spots: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    series: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (place, period, counted, part), number in keys:
        if not part:
            spots[(place, period)][counted] = number
        series[(place, f"{counted}|{part}")][period] = number
    for counts in spots.values():
        categories = [n for words, n in counts.items() if words.startswith("Plans started with the category ")]
        if "Child protection plans started" in counts and len(categories) == 5:
            made.system.equal(counts["Child protection plans started"], categories, "categories of plans add up")
        for words, (one, other, _) in ADDED.items():
            if words in counts and one in counts and other in counts:
                made.system.equal(counts[words], [counts[one], counts[other]], "added up")
        for one, other, either in ADDED.values():
            if either in counts and one in counts and other in counts:
                made.system.at_most(counts[one], counts[either], "either holds each")
                made.system.at_most(counts[other], counts[either], "either holds each")
                terms = [(1, counts[one]), (1, counts[other]), (-1, counts[either])]
                made.system.relate(terms, 0, UNBOUNDED, "either is at most both added")
        for small, large in WITHIN:
            for words, number in counts.items():
                wider = words.replace(small, large)
                if small in words and wider in counts and wider != words:
                    made.system.at_most(number, counts[wider], "a parent or carer is somebody")
    _periods(made, series)


def _years(text: str) -> tuple[int, int] | None:
    """First and last financial year of `2009/10-2015/16`."""
    found = re.match(r"^(\d{4})/\d{2}-(\d{4})/\d{2}$", text)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _periods(made: Returns, series: dict[tuple[str, str], dict[str, int]]) -> None:
    """Several years together, years in several parts, and means per year."""
    for (_, label), numbers in series.items():
        years = {int(m.group(1)): n for text, n in numbers.items() if (m := FINANCIAL.match(text))}
        for period, number in numbers.items():
            span = _years(period)
            if period == "every complete year" and years:
                made.system.equal(number, years.values(), f"every complete year: {label}")
            elif span and all(year in years for year in range(span[0], span[1] + 1)):
                inside = [years[year] for year in range(span[0], span[1] + 1)]
                for one in inside:
                    made.system.at_most(one, number, f"several years hold each: {label}")
                terms = [(1, one) for one in inside] + [(-1, number)]
                made.system.relate(terms, 0, UNBOUNDED, f"several years are at most their sum: {label}")
            elif period == "July 2015-March 2016" and 2015 in years:
                made.system.at_most(number, years[2015], f"part of a year: {label}")
    for key, number in list(made.system.keys().items()):
        if not (isinstance(key, tuple) and len(key) == 4 and key[2] in MEAN_OF_YEARS):
            continue
        place, period, words, _ = key
        years = {
            int(m.group(1)): n
            for text, n in series.get((place, f"{MEAN_OF_YEARS[words]}|"), {}).items()
            if (m := FINANCIAL.match(text))
        }
        span = _years(period) or ((min(years), max(years)) if period == "every complete year" and years else None)
        if span and all(year in years for year in range(span[0], span[1] + 1)):
            inside = [years[year] for year in range(span[0], span[1] + 1)]
            made.system.equal(number, inside, f"mean per year is of the sum: {words}")
