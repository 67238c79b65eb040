"""No order of records or files moves a figure, and a resubmission leaves nothing of what it takes back.

On random returns of `returns/writing.py`: the same deliveries with their records in another order and their files under
other names; and a home that has seen only the deliveries in force. All facts and what is made of them by SQL alone must
be the same, row by row, but for the numbers of landed rows. More authorities: RECOUNT_SEEDS, as in the recount.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.independent.rearranging_returns import rearrange_returns
from tests.independent.returns.writing import KNOWN, draw_deliveries
from tests.support.paths import DBT_PROJECT
from tests.support.returns_made import ReturnsMade

SEEDS = [int(seed) for seed in os.environ.get("RECOUNT_SEEDS", "11").split()]
CHILDREN = int(os.environ.get("RECOUNT_CHILDREN", "40"))
#: Of a landed row: which it is, and where it came from.
_OF_THE_ROW = ("landed_row_id", "load_id", "load_seq", "source_file", "source_row", "source_path", "landed_at")
#: What tells of deliveries, and not of events.
_LEDGERS = ("return_disposition", "return_waterfall")
TABLES = sorted({path.stem for path in (DBT_PROJECT / "models" / "facts" / "returns").rglob("*.sql")} - {*_LEDGERS})
Rows = dict[str, Counter[tuple[object, ...]]]


def made(folder: Path, runs: Sequence[Mapping[str, bytes]]) -> ReturnsMade:
    folder.mkdir()
    place = ReturnsMade(folder)
    place.deliver(*runs)
    place.make(*TABLES)
    return place


def rows(place: ReturnsMade) -> Rows:
    """The rows of every fact, without what is only of the landed row."""
    found: Rows = {}
    for table in TABLES:
        columns = place.rows(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            f"where schema_name in ('intermediate', 'marts') and table_name = '{table}'"
        )
        kept = [
            f'"{name}"'
            for _, name, kind in columns
            # The key of a fact is the number of a landed row.
            if name not in _OF_THE_ROW and not (str(name).endswith("_key") and kind == "BIGINT")
        ]
        # As text: a row may hold a list.
        found[table] = Counter(place.rows(f"select row({', '.join(kept)})::varchar from {columns[0][0]}"))
    return found


def differing(one: Rows, other: Rows) -> dict[str, str]:
    return {
        table: f"{sum((one[table] - other[table]).values())} and {sum((other[table] - one[table]).values())} rows"
        for table in one
        if one[table] != other[table]
    }


def in_force(place: ReturnsMade, runs: Sequence[Mapping[str, bytes]]) -> list[dict[str, bytes]]:
    """The files of the deliveries in force, each in its run."""
    kept = {
        str(file)
        for (file,) in place.rows(
            "select distinct source_file from ops.delivery_standing inner join ops.load using (load_seq) "
            "where standing = 'in_force'"
        )
    }
    return [{name: content for name, content in files.items() if name in kept} for files in runs]


@pytest.fixture(scope="module", params=SEEDS)
def told(request, tmp_path_factory) -> tuple[int, list[dict[str, bytes]], ReturnsMade]:
    runs = draw_deliveries(request.param, "999", CHILDREN, KNOWN)
    deliveries = [{name: text.encode() for name, text in files.items()} for files in runs]
    return request.param, deliveries, made(tmp_path_factory.mktemp("told") / "as_it_stands", deliveries)


def test_no_order_of_records_and_files_moves_anything(told, tmp_path):
    seed, deliveries, place = told
    shuffled = [rearrange_returns(files, seed + number) for number, files in enumerate(deliveries)]
    assert all(set(one) != set(other) for one, other in zip(deliveries, shuffled, strict=True) if one)
    before = rows(place)
    assert sum(sum(one.values()) for one in before.values()) > 100
    assert differing(before, rows(made(tmp_path / "shuffled", shuffled))) == {}


def test_a_resubmission_leaves_nothing_of_what_it_takes_back(told, tmp_path):
    """But for children that a header took back of older tables: who never saw the earlier header cannot know."""
    _, deliveries, place = told
    assert place.rows("select count(*) > 0 from intermediate.int_returns_disposition where disposition = 'withdrawn'")
    fresh = made(tmp_path / "fresh", in_force(place, deliveries))
    taken_back = "select count(*) from ops.set_aside where check_id = 'SC320'"
    assert place.rows(taken_back) == [(0,)], "draw another seed: this one has a child that a header took back"
    assert differing(rows(place), rows(fresh)) == {}


def test_another_row_is_seen(told):
    """Seen to fail: one value of one row."""
    _, _, place = told
    before = rows(place)
    place.con.execute(
        "update marts.fct_referral set referral_source = '9' where referral_key = "
        "(select min(referral_key) from marts.fct_referral where referral_source is distinct from '9')"
    )
    assert differing(before, rows(place)) == {"fct_referral": "1 and 1 rows"}
