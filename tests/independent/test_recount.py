"""Random exports, read and counted a second time by code that knows nothing of the product but its rules in words.

By hand, since each run of the product takes a minute: `make foreign TEST=recount`. RECOUNT_SEEDS="7 8 9" names other
seeds, RECOUNT_CHILDREN how many children each has, RECOUNT_WITHOUT="separators,utc" leaves faults and spellings out.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter as Tally
from pathlib import Path

import pytest

from tests.independent.catalogue_files import EVENT_DATE
from tests.independent.comparing import Comparison
from tests.independent.counting import Counter, Figure, Key
from tests.independent.dispositions import judge
from tests.independent.export_writer import write_exports
from tests.independent.product import query, run_again, run_product
from tests.independent.reader import Reader
from tests.independent.rearranging import rearrange

SEEDS = [int(seed) for seed in os.environ.get("RECOUNT_SEEDS", "1 2").split()]
CHILDREN = int(os.environ.get("RECOUNT_CHILDREN", "90"))
WITHOUT = frozenset(filter(None, os.environ.get("RECOUNT_WITHOUT", "").split(",")))
FIGURES = """
    select * exclude (lower_95, upper_95) from marts.indicator_value where theme = 'insights' order by all
"""
WATERFALL = "select form_id, reporting_year, disposition, forms from marts.waterfall order by all"


def recount(folder: Path) -> tuple[dict[Key, Figure], Tally[tuple[str, str]]]:
    """What the reader alone makes of a folder: every figure, and how many forms have each disposition."""
    reader = Reader(folder)
    forms = reader.forms()
    judged = judge(forms, reader.erased)
    dispositions = Tally((form.form, judged.dispositions[form.place]) for form in forms)
    return Counter(reader.catalogue, judged).figures(), dispositions


def test_same_seed_writes_the_same_bytes(tmp_path):
    first = [path.read_bytes() for path in write_exports(tmp_path / "first", 3, 20)]
    second = [path.read_bytes() for path in write_exports(tmp_path / "second", 3, 20)]
    assert first == second


def test_every_fault_is_drawn(tmp_path):
    """A referee that is never asked says nothing: a few seeds reach every disposition and all three forms."""
    reached: Tally[tuple[str, str]] = Tally()
    for seed in range(4):
        write_exports(tmp_path / str(seed), seed, 90)
        reached += recount(tmp_path / str(seed))[1]
    assert {form for form, _ in reached} == set(EVENT_DATE)
    assert {disposition for _, disposition in reached} == {
        "accepted",
        "conflicting_versions",
        "duplicate_submission",
        "erased",
        "impossible_date",
        "missing_key",
        "no_consent",
        "outside_reporting_years",
        "client_conflict",
        "set_aside",
        "superseded",
        "test_record",
        "undeclared_service",
    }


def test_reader_does_not_see_files(tmp_path):
    """The recount itself rests on no name, batch or order of rows."""
    write_exports(tmp_path / "raw", 5, 60, frozenset({"month_first"}))
    rearrange(tmp_path / "raw", tmp_path / "again", 5)
    assert recount(tmp_path / "raw") == recount(tmp_path / "again")


@pytest.mark.by_hand
@pytest.mark.parametrize("seed", SEEDS)
def test_recount(tmp_path, seed):
    """The product and the reader agree on every file, form, client, case and figure."""
    write_exports(tmp_path / "raw" / "insights", seed, CHILDREN, WITHOUT)
    warehouse, said = run_product(tmp_path / "run", tmp_path / "raw")
    comparison = Comparison(tmp_path / "raw", warehouse)
    assert "Traceback" not in said
    assert not [form.place for form in comparison.forms if form.client[:2].isalpha() and form.client in said.casefold()]
    different = {kind: lines for kind, lines in comparison.differences().items() if lines}
    assert not different, "\n".join(
        [f"seed {seed}, without {sorted(WITHOUT)}", *_told(different, comparison.compared), said]
    )


@pytest.mark.by_hand
@pytest.mark.parametrize("seed", SEEDS[:1])
def test_other_files_with_the_same_forms(tmp_path, seed):
    """Other names, batches and orders of rows, and the files landed in two runs, give the same figures."""
    without = WITHOUT | {"month_first", "conflicts"}
    write_exports(tmp_path / "raw" / "insights", seed, CHILDREN, without)
    rearrange(tmp_path / "raw", tmp_path / "again", seed)
    once, _ = run_product(tmp_path / "once", tmp_path / "raw")
    other, _ = run_product(tmp_path / "other", tmp_path / "again")
    files = sorted((tmp_path / "raw" / "insights").iterdir())
    (tmp_path / "parts" / "insights").mkdir(parents=True)
    for path in files[::2]:
        shutil.copy(path, tmp_path / "parts" / "insights")
    twice, _ = run_product(tmp_path / "twice", tmp_path / "parts")
    for path in files[1::2]:
        shutil.copy(path, tmp_path / "parts" / "insights")
    run_again(tmp_path / "twice", tmp_path / "parts")
    for sql in (WATERFALL, FIGURES):
        expected = query(once, sql)
        for warehouse in (other, twice):
            found = query(warehouse, sql)
            assert found == expected, _first(expected, found)


def _told(different: dict[str, list[str]], compared: Tally[str]) -> list[str]:
    return [
        line
        for kind, lines in different.items()
        for line in [f"{kind}: {len(lines)} of {compared[kind]} differ (ours -> the product's)", *lines]
    ]


def _first(expected: list[tuple[object, ...]], found: list[tuple[object, ...]]) -> str:
    ours, theirs = Tally(expected), Tally(found)
    return "\n".join(map(str, [*(ours - theirs).elements(), "instead of", *(theirs - ours).elements()]))
