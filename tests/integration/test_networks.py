"""Small networks drawn at random, from their programme to the public folder, and an outsider who attacks it; by hand.

The sample is a single large network. Whether somebody can be recognised is decided where counts are small, so here are
networks of a few services and a few forms, with the whole path of a run and the whole attack (`tests/attack`), which
reads nothing but the public folder. Every seed is printed, so that what is found can be drawn again.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reporting.release_files import PUBLIC
from tests.attack import documentation, html_numbers, open_data, pair, workbook_numbers
from tests.attack.attack import Report, attack
from tests.attack.questions import KINDS
from tests.attack.rules import Rules
from tests.support.networks import Drawing, Network, write_file
from tests.support.own_programme import OwnProgramme

pytestmark = pytest.mark.by_hand

SEEDS = range(1, 11)
#: What three of the ten are besides small.
PECULIAR: dict[int, dict[str, Any]] = {
    2: {"one_form": True},
    5: {"years": (2022, 2023, 2024), "empty_year": 2023},
    8: {"without": 1},
}
_SECONDS = 1800.0


def attacked(public: Path) -> Report:
    """Attack a public folder; nothing is certain, nothing open, nothing contradicts, and no other format says more."""
    report = attack(public, Rules(), _SECONDS)
    said = "\n".join(report.lines())
    kinds = ", ".join(f"{kind} {report.count(kind)}" for kind in KINDS)
    asked = sum(part.result.asked for part in report.parts)
    print(f"  attack: {asked} questions; {kinds}; undecided {report.undecided}; in words {len(report.statements)}")
    assert not report.contradictions, said
    assert not [part.name for part in report.parts if part.result.contradiction], said
    assert (report.certain, report.undecided, report.statements) == (0, 0, []), said
    assert asked > 1000
    figures = open_data.read(public / "open_data")
    pages = documentation.read(public / "documentation")
    own = html_numbers.compare(public, figures, pages, Rules()) + workbook_numbers.compare(public, figures)
    assert [text for text in own if re.search(r" (numerator|denominator|n|count_of_n): ", text)] == []
    return report


def without_value(place: OwnProgramme) -> str:
    """The share of public figures without a value, of all and of those over a printed n of 25 or more."""
    ((figures, no_value, over, hidden),) = place.rows(
        "select count(*), count(*) filter (value is null), count(*) filter (denominator >= 25), "
        "count(*) filter (denominator >= 25 and value is null) from marts.published_value where theme = 'insights'"
    )
    rows = place.rows("select sum(hidden), sum(drawn_anew), max(rounds), sum(told) from marts.disclosure_audit")
    ((closed, anew, rounds, told),) = rows
    assert told == 0
    return (
        f"{figures} figures, without a value {no_value / figures:.1%}, over a printed n of 25: {hidden} of {over}; "
        f"drawn anew {anew} in {rounds} rounds, hidden by the audit {closed}"
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_learns_anything_of_a_small_network(tmp_path: Path, seed: int) -> None:
    sizes = random.Random(f"sizes {seed}")
    services, forms = sizes.randint(2, 12), sizes.randint(20, 400)
    network = Drawing(seed).network(seed=seed, services=services, forms=forms, **PECULIAR.get(seed, {}))
    by_service = {name: sum(1 for _, service, _ in network.forms if service == name) for name in network.services}
    print(f"\nseed {seed}: {len(network.services)} services, {len(network.forms)} forms, years {network.years}")
    print(f"  forms of each service: {sorted(by_service.values())} {PECULIAR.get(seed, '')}")
    place = network.found(tmp_path / "place")
    place.insights("run")
    ((accepted,),) = place.rows("select count(*) from marts.form_disposition where disposition = 'accepted'")
    assert accepted == len(network.forms)
    print(f"  {without_value(place)}")
    attacked(place.release / PUBLIC)


def figures_inside(place: OwnProgramme, years: tuple[int, ...]) -> set[tuple[Any, ...]]:
    """Internal figures of some years."""
    return set(
        place.rows(
            "select period, geography_code, indicator_id, point, row_order, column_order, numerator, denominator "
            f"from marts.indicator_value where theme = 'insights' and breakdown = 'total' and period in {years}"
        )
    )


def public_rows(place: OwnProgramme, years: tuple[int, ...]) -> list[tuple[Any, ...]]:
    """Every column of every public figure of some years."""
    return place.rows(
        f"select * from marts.published_value where theme = 'insights' and period in {years} order by all"
    )


def csv_rows(public: Path, years: tuple[int, ...]) -> dict[str, list[dict[str, str]]]:
    """The rows of some years of every public CSV, and of its columns; of what has no year, all."""
    periods = {f"{year - 1}{year % 100:02d}" for year in years}
    made = {}
    for path in sorted(public.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        kept = [row for row in rows if row.get("time_period") in {None, *periods}]
        made[path.relative_to(public).as_posix()] = kept
    assert len(made) > 10
    return made


def not_as_printed(
    before: dict[str, list[dict[str, str]]], after: dict[str, list[dict[str, str]]], *, exactly: bool
) -> list[str]:
    """Files whose rows are not those of an earlier night. A year that is new may add files, columns, and what says them
    (`.meta.csv`); in the columns that there were, and of the years that there were, everything stays."""
    if exactly:
        return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    changed = []
    for name, rows in before.items():
        columns = rows[0].keys() if rows else []
        now = [{column: row.get(column, "") for column in columns} for row in after.get(name, [])]
        is_kept = all(row in now for row in rows) if name.endswith(".meta.csv") else now == rows
        if not is_kept:
            changed.append(name)
    return changed


def accepted(place: OwnProgramme, form_id: str, year: int) -> int:
    ((forms,),) = place.rows(
        "select coalesce(sum(forms), 0) from marts.waterfall "
        f"where disposition = 'accepted' and form_id = '{form_id}' and reporting_year = {year}"
    )
    return int(forms)


def deliver(drawing: Drawing, network: Network, place: OwnProgramme, night: int, service: str, year: int) -> str:
    """What comes in one night: later versions of three forms with other answers, and an intake form of a new client.

    Says the id of the new client.
    """
    edited = datetime(2025, 6, night, tzinfo=UTC)
    intakes = [one for one in network.of("intake", service) if in_year(one, year)]
    old = drawing.draw.sample(intakes, 3)
    client = drawing.client(service)
    (new,) = [cells for kind, _, cells in drawing.case(client, service, year) if kind == "intake"]
    forms = [*(drawing.corrected(one, "intake", service, edited) for one in old), new]
    write_file(place.raw / f"night_{night}.csv", "intake", forms)
    return client["client_id"]


def in_year(cells: dict[str, str], year: int) -> bool:
    return f"{year - 1}-04-01" <= cells["intake_admin_intake_date"] <= f"{year}-03-31"


def test_five_nights_of_one_home(tmp_path: Path) -> None:
    """What is corrected, added and forgotten moves the inside, and the years that are public stay bit for bit."""
    drawing = Drawing(101)
    network = drawing.network(seed=101, services=4, forms=240, years=(2023, 2024, 2025), again=0.3)
    over, busiest = (2023, 2024), max(network.services, key=lambda name: len(network.of("intake", name)))
    place = network.found(tmp_path / "place", final=2024)
    place.insights("run")
    nights = [_kept(place, tmp_path, 1)]
    print(f"\nseed 101: {len(network.services)} services, {len(network.forms)} forms; night 1: {without_value(place)}")
    printed, in_files = public_rows(place, over), csv_rows(nights[0], over)
    for night in (2, 3, 4, 5):
        year = over[night % 2]
        inside, forms, release = figures_inside(place, over), accepted(place, "intake", year), place.release.name
        deliver(drawing, network, place, night, busiest, year)
        if night == 4:
            place.say(final_to="2025-03-31")
        place.insights("run")
        # The new form counts, the later versions take the place of the earlier, and nothing is taken for a copy.
        assert accepted(place, "intake", year) == forms + 1
        assert place.rows(
            "select disposition, count(*) from marts.form_disposition "
            f"where source_file like '%night_{night}.csv' group by all"
        ) == [("accepted", 4)]
        if night == 3:
            gone = next(one for one in network.of("intake", busiest) if in_year(one, year))["intake_admin_client_id"]
            words = ("--by", "Nobody", "--reason", "asked for it", "--yes")
            said = place.insights("forget", "--client", busiest, *words, typed=f"{gone}\n")
            assert re.search(r"\d forms? emptied", said), said
            assert accepted(place, "intake", year) == forms
        moved = inside ^ figures_inside(place, over)
        assert moved
        assert place.release.name != release
        nights.append(_kept(place, tmp_path, night))
        years = sorted({period for (period,) in place.rows("select distinct period from marts.published_value")})
        print(f"  night {night}: {len(moved) // 2} internal figures of {over} moved; public years {years}")
        assert public_rows(place, over) == printed
        assert not_as_printed(in_files, csv_rows(nights[-1], over), exactly=night < 4) == []
        for one in pair.compare(nights[-2], nights[-1], Rules(), seconds=_SECONDS):
            print("  " + one.lines(0)[0])
            assert (one.differing, one.only_one, one.proved, one.together.found) == ([], 0, [], [])
    assert max(year for (year,) in place.rows("select distinct period from marts.published_value")) == 2025
    attacked(nights[-1])


def _kept(place: OwnProgramme, folder: Path, night: int) -> Path:
    """A copy of the public folder: who is forgotten takes the releases of earlier nights along."""
    return Path(shutil.copytree(place.release / PUBLIC, folder / f"night_{night}"))


def test_the_same_clients_in_two_years(tmp_path: Path) -> None:
    """Nearly all clients are back in the next year. Years share no count, so each is attacked by itself; what is said
    of two years together is made of what is printed of each."""
    network = Drawing(201).network(seed=201, services=3, forms=330, again=0.95)
    place = network.found(tmp_path / "place")
    place.insights("run")
    ((both,),) = place.rows(
        "select count(*) from (select client_key from marts.fct_intake group by all "
        "having count(distinct reporting_year) = 2)"
    )
    ((clients,),) = place.rows("select count(distinct client_key) from marts.fct_intake")
    print(f"\nseed 201: {len(network.forms)} forms, {both} of {clients} clients in both years; {without_value(place)}")
    assert both > clients / 3
    attacked(place.release / PUBLIC)
    changes = place.rows(
        "select now.change, 100 * (now.numerator / now.denominator - old.numerator / old.denominator) "
        "from marts.published_value as now join marts.published_value as old "
        "using (indicator_id, geography_code, breakdown, breakdown_value, point, row_order, column_order) "
        "where now.period = old.period + 1 and now.change is not null and now.statistic = 'percentage'"
    )
    assert len(changes) > 20
    assert [pair for pair in changes if abs(pair[0] - pair[1]) > 0.051] == []
