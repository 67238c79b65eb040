"""What is said without a number of children: services that took part, symbols, checks, comparisons, editions."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tests.attack.forms import Year
from tests.attack.open_data import TOTAL, Figure
from tests.attack.rules import UNBOUNDED, decimal, whole

AT_LEAST_ONE = re.compile(
    r"\b((?:unknown_answer|answered_unasked|number_out_of_range|unreadable_number|unreadable_date|age_in_range"
    r"|event_after_submission|form_version)__\w+)"
)
MATCH = re.compile(r"\b(\d{4}) match (\d[\d,]*)")


def services(year: Year) -> list[str]:
    """`Services taking part`: a service that is counted there has a form; a form is a child."""
    own = []
    for one in year.placed:
        if one.cell.statistic != "services":
            continue
        number, place = whole(one.figure.values.get("number")), one.figure.key.place
        base = year.system.known((place, ("the form", "*", one.cell.over)))
        if number is None or base is None or place == TOTAL:
            continue
        unknown = year.system.unknowns[base]
        if number >= 1 and unknown.low == 0:
            own.append(f"{one.figure.key.words()}: took part, so its n (0 to {unknown.high}) is above zero")
            year.system.narrow(base, 1, UNBOUNDED, "the service took part")
        if number == 0 and unknown.high > 0:
            own.append(f"{one.figure.key.words()}: took no part, so its n is 0")
            year.system.narrow(base, 0, 0, "the service took no part")
    return own


def symbols(figures: list[Figure], minimum_n: int) -> list[str]:
    """Symbols that differ although the printed n is the same: they tell what the print does not.

    Also `low`, which says that a count is above zero, and a figure hidden over a printed n that allows it.
    """
    own = []
    seen: dict[tuple[str, str, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        n = whole(figure.values.get("base"))
        names = [name for name in ("number", "percentage") if name in figure.values]
        pattern = ", ".join(
            f"{name} {figure.values[name] if whole(figure.values[name]) is None else 'shown'}"
            for name in names
            if decimal(figure.values[name]) is None or name == "number"
        )
        if "low" in figure.values.values():
            own.append(f"{figure.key.words()}: low, so above zero")
        average = any(decimal(figure.values.get(name)) is not None for name in ("mean", "median"))
        if n is None or not names or average or figure.key.line == TOTAL:
            continue
        if n < minimum_n:
            key = (figure.key.topic, f"{figure.key.group}|{figure.key.line}|{figure.key.column}|{figure.key.stage}", n)
            seen[key][pattern].append(figure.key.words())
        elif figure.values.get("number") == "c":
            own.append(f"{figure.key.words()}: hidden over a printed n of {n}")
    for (_, line, n), patterns in seen.items():
        if len(patterns) > 1:
            told = "; ".join(f"{pattern}: {where[0]}" for pattern, where in patterns.items())
            own.append(f"symbols differ over the same printed n of {n} ({line}): {told}")
    return own


def pages(folder: Path, figures: list[Figure]) -> list[str]:
    """Checks that did not hold, figures of another publication that match, editions that are listed."""
    own: list[str] = []
    checks: set[str] = set()
    matches: set[str] = set()
    for path in sorted((folder / "report").glob("*.html")):
        text = re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8"))
        text = re.sub(r"\s+", " ", text)
        checks |= set(AT_LEAST_ONE.findall(text))
        matches |= {f"{year}: {count} figures" for year, count in MATCH.findall(text)}
    if checks:
        own.append(
            f"{len(checks)} checks are said not to have held, so each was broken by a form or answer at least: "
            + ", ".join(sorted(checks)[:6])
        )
    if matches:
        own.append("figures of another publication are said to equal the true ones: " + ", ".join(sorted(matches)))
    own.extend(_editions(folder, figures))
    return own


def _editions(folder: Path, figures: list[Figure]) -> list[str]:
    """Services that have an edition or rows in one year and none in another."""
    places: dict[str, set[str]] = defaultdict(set)
    for figure in figures:
        if figure.key.data_set.startswith("insights"):
            places[figure.key.period].add(figure.key.place)
    everybody = set().union(*places.values()) if places else set()
    own = [
        f"{period}: no rows of {', '.join(sorted(everybody - here))}, which other years have"
        for period, here in sorted(places.items())
        if everybody - here
    ]
    editions = {path.stem for path in (folder / "report").glob("insights-*.html")}
    slugs = {re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-") for place in everybody - {TOTAL}}
    years = {match.group(1) for stem in editions if (match := re.match(r"^insights-(\d{4})-", stem))}
    for year in sorted(years):
        lacking = [slug for slug in sorted(slugs) if f"insights-{year}-{slug}" not in editions]
        if lacking:
            own.append(f"no edition of {', '.join(lacking)} in {year}")
    return own


def listed_rows(figures: list[Figure]) -> list[str]:
    """Rows of a breakdown of the returns that stand in one period and not in another: there is somebody, or nobody."""
    rows: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for figure in figures:
        shown = figure.key.breakdown
        if figure.key.data_set.startswith("social_care") and shown not in {"", TOTAL}:
            kind, value = shown.split(": ", 1)
            if kind.lower() not in {"summary", "basis", "group"}:
                topic = re.sub(r"(?<=\)), .*$", "", figure.key.topic)
                rows[(topic, kind)][f"{figure.key.period} {figure.key.topic[len(topic) :]}"].add(value)
    own = []
    for (topic, kind), periods in rows.items():
        everything = set().union(*periods.values())
        for period, here in sorted(periods.items()):
            if everything - here:
                own.append(f"{topic}, {kind}, {period.strip()}: no row of {', '.join(sorted(everything - here))}")
    return own
