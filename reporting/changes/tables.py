"""Which tables of two releases differ, in columns and in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reporting.changes.difference import TableChange
from reporting.changes.two_releases import (
    Relation,
    TwoReleases,
    differing_rows,
    is_told,
    keys_equal,
    listed,
    quoted,
)


def table_changes(two: TwoReleases) -> tuple[tuple[TableChange, ...], set[Relation]]:
    """Added, removed and changed tables by name, and those with differing rows: they lie in temporary tables then."""
    before, now = two.columns["before"], two.columns["now"]
    found = []
    differing: set[Relation] = set()
    for relation in sorted(set(before) | set(now)):
        if relation not in before or relation not in now:
            found.append(TableChange(*relation, "added" if relation in now else "removed"))
            continue
        old, new = before[relation], now[relation]
        change = TableChange(
            *relation,
            "changed",
            columns_added=tuple(name for name in new if name not in old),
            columns_removed=tuple(name for name in old if name not in new),
            columns_retyped=tuple(name for name in new if name in old and old[name] != new[name]),
        )
        # A view shows rows of tables that are compared themselves.
        if relation not in two.views and not two.is_same(relation) and (with_rows := _with_rows(two, change)):
            change = with_rows
            differing.add(relation)
        if change != TableChange(*relation, "changed", paired=change.paired):
            found.append(change)
    return tuple(found), differing


def _with_rows(two: TwoReleases, change: TableChange) -> TableChange | None:
    """The change with what it says of rows; None where all rows are the same."""
    relation = (change.schema, change.table)
    common, key = two.common_columns(relation)
    if not common:
        return None
    # Adding up a hash of each row costs a tenth of comparing the rows, and most tables are the same.
    before, now = (_digest(two, side, relation, common) for side in ("before", "now"))
    if before == now:
        return None
    went, came = (differing_rows(result, relation) for result in ("went", "came"))
    _separate(two, relation, common, key)
    rows_went, rows_came = (two.number(f"select count(*) from {rows}") for rows in (went, came))
    if rows_came - rows_went != now[0] - before[0]:
        # Some rows are there twice, so the key is none.
        _separate(two, relation, common, ())
        rows_went, rows_came = (two.number(f"select count(*) from {rows}") for rows in (went, came))
    paired = bool(key) and _is_unique(two, went, key) and _is_unique(two, came, key)
    pairs = two.number(f"select count(*) from {went} as o join {came} as n on {keys_equal(key)}") if paired else 0
    removed, added = rows_went - pairs, rows_came - pairs
    return replace(
        change,
        rows_added=added,
        rows_removed=removed,
        rows_changed=pairs,
        paired=paired or not (added and removed),
    )


def _separate(two: TwoReleases, relation: Relation, columns: Sequence[str], key: Sequence[str]) -> None:
    """Leave the rows that only one of the two releases has in two temporary tables."""
    for result, one, other in (("went", "before", "now"), ("came", "now", "before")):
        rows = _only_in(one, other, relation, columns, key)
        two.con.execute(f"create or replace temp table {differing_rows(result, relation)} as {rows}")


def _only_in(one: str, other: str, relation: Relation, columns: Sequence[str], key: Sequence[str]) -> str:
    """SQL of the rows of one side that the other does not have.

    With a key, of which no table holds two, rows are compared by a hash beside it: setting whole rows against each
    other takes a minute for a million forms. Of tables whose rows are only counted the key is all that is kept.
    """
    name = ".".join(map(quoted, relation))
    every = listed(columns)
    if not key:
        return f"select {every} from {one}.{name} except all select {every} from {other}.{name}"
    hashed = f"select {{}}, hash({every}) as row_hash from {{}}.{name}"
    kept = every if is_told(relation) else listed(key)
    return (
        f"select {kept} from ({hashed.format(every, one)}) as o "
        f"anti join ({hashed.format(listed(key), other)}) as n "
        f"on {keys_equal(key)} and o.row_hash = n.row_hash"
    )


def _is_unique(two: TwoReleases, rows: str, key: Sequence[str]) -> bool:
    return not two.number(
        f"select count(*) from (select 1 from {rows} group by {listed(key)} having count(*) > 1 limit 1)"
    )


def _digest(two: TwoReleases, side: str, relation: Relation, columns: Sequence[str]) -> tuple[int, int]:
    """Number of rows, and the sum of their hashes."""
    row = two.con.execute(
        f"select count(*), coalesce(sum(hash({listed(columns)})::hugeint), 0) "
        f"from {side}.{'.'.join(map(quoted, relation))}"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
