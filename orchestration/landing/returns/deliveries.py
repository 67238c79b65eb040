"""Deliveries: of which records a file of a return is the whole, and which of several such files is in force.

A return is a complete statement: within an authority, a return and a year, a later delivery replaces the earlier one
whole. Local lists add to each other, whoever sent them where they are the same for all, unless the programme says that
a later one replaces (`return_type.later_delivery`).
Which of two deliveries is later is told by, the first that tells:

1. the file: the moment it was written, else the number of the message, else (Annex A) the last day of its lists;
2. a decision, of an operator or of an earlier arrival (`decisions.jsonl`);
3. arrival in a later run, which is written down as a decision when it is seen, so that a home made anew needs not know.

Deliveries that nothing orders wait: none of them replaces anything or counts until somebody says which is later.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from catalogue.returns import ANNEX_A, ReturnCatalogue
from orchestration.decisions import (
    ARRIVAL,
    DELIVERY_IS,
    EMPTY,
    LATER_DELIVERY,
    PART,
    Decision,
    append_decisions,
    load_decisions,
    now,
)
from orchestration.landing.ledger import LoadResult
from orchestration.landing.reading import date_sql
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import Statement
from orchestration.landing.returns.tables import return_table
from orchestration.progress import first_of, many
from orchestration.settings import Settings

_SHOWN = 5
#: What became of a delivery: it counts, it counts beside the whole, a later one stands in its place, nothing says which
#: is later, or it is empty and nobody has confirmed that it is meant so.
IN_FORCE, IN_PART, REPLACED, WAITING, UNCONFIRMED = "in_force", "in_part", "replaced", "waiting", "unconfirmed"


@dataclass(frozen=True)
class Sent:
    """One delivery of one kind of record.

    `written` is what the file says of when it was written, as numbers that grow: moment, number of the message, last
    day of its lists. `arrival` grows from run to run; `is_part` where an operator said so.
    """

    load_seq: int
    sha256: str
    record_id: str
    scope: tuple[str, str, int | None]
    la_code: str
    written: tuple[float | None, ...]
    arrival: int
    is_empty: bool
    is_part: bool = False

    @property
    def load_id(self) -> str:
        """The load as the ledger calls it."""
        return self.sha256[:16]

    @property
    def subject(self) -> str:
        """What a decision on the order of deliveries of this authority, return and year is about."""
        return subject_key(*self.scope)


@dataclass(frozen=True)
class Standing:
    """What became of a delivery; `place` orders those of one authority, return and year, equal where nothing does."""

    standing: str
    place: int
    replaced_by_load_id: str | None = None


#: Whether the first of two deliveries is later than the second; None where nothing tells.
Later = Callable[[Sent, Sent], bool | None]


def subject_key(la_code: str, return_id: str, year: int | None) -> str:
    """The key of a decision on deliveries: 32 hex digits of an authority, a return and a year."""
    return hashlib.sha256(f"{la_code}|{return_id}|{year or ''}".encode()).hexdigest()[:32]


def record_delivery(
    con: duckdb.DuckDBPyConnection,
    returns: ReturnCatalogue,
    result: LoadResult,
    delivery: Delivery,
    statement: Statement,
) -> None:
    """Write down of which records a landed file is the whole, within its transaction."""
    con.execute("delete from ops.delivery where load_seq = ?", [result.load_seq])
    listed_to = _last_day(con, returns, result) if result.form_id == ANNEX_A else None
    con.executemany(
        "insert into ops.delivery values (?, ?, ?, ?, ?, ?, ?::timestamp, ?, ?)",
        [
            [
                result.load_seq,
                result.load_id,
                delivery.la_code,
                result.form_id,
                delivery.year,
                record_id,
                statement.sent_at,
                statement.serial_no,
                listed_to,
            ]
            for record_id in statement.record_ids
        ],
    )


def _last_day(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, result: LoadResult) -> object:
    """The last day that the lists of a workbook name, slips of the year left out."""
    days = " union all ".join(
        f"select {date_sql(str(record.event_date_field))} as day from {return_table(record.record_id)} "
        "where load_seq = $load_seq"
        for record in returns.records_of(ANNEX_A)
        if record.event_date_field
    )
    year = int(result.form_version or 0)
    row = con.execute(
        f"select max(day) from ({days}) where day < make_date($year + 2, 1, 1)",
        {"load_seq": result.load_seq, "year": year},
    ).fetchone()
    return row[0] if row else None


def settle_deliveries(
    con: duckdb.DuckDBPyConnection, settings: Settings, returns: ReturnCatalogue, run_id: str
) -> list[Decision]:
    """Say of every delivery whether it is in force (`ops.delivery_standing`), and write down what arrival decides.

    Returns the decisions that are new. Raises OperatorError: the file of decisions is damaged or cannot be written.
    """
    _note_earlier_loads(con, returns)
    decisions = load_decisions(con, settings)
    sent = _sent(con, returns, decisions)
    order = Order(sent, decisions)
    new = [
        Decision(LATER_DELIVERY, key, later, ARRIVAL, now(), run_id, over=tuple(sorted(over)))
        for (key, later), over in sorted(order.by_arrival().items())
    ]
    append_decisions(settings, new)
    if new:
        load_decisions(con, settings)
    found: dict[tuple[int, str], Standing] = {}
    same = Sameness(con, returns, sent)
    for group in _grouped(sent, lambda one: (*one.scope, one.record_id)).values():
        replaces = returns.returns[group[0].scope[1]].later_delivery == "replaces"
        found |= standings(group, order.later, same, replaces=replaces)
    rows = []
    for one in sent:
        what = found[one.load_seq, one.record_id]
        place = [one.load_seq, one.record_id, one.la_code, one.scope[2]]
        rows.append([*place, what.standing, what.place, what.replaced_by_load_id])
    con.begin()
    con.execute("delete from ops.delivery_standing")
    if rows:
        con.executemany("insert into ops.delivery_standing values (?, ?, ?, ?, ?, ?, ?)", rows)
    con.commit()
    return new


def delivery_lines(con: duckdb.DuckDBPyConnection, new: Sequence[Decision]) -> list[str]:
    """What to say of deliveries that arrival put in order, that nothing does, or that are empty."""
    lines = []
    if new:
        lines.append(
            f"{many(len(new), 'file')} of returns came after others, and nothing says which was written later: "
            "what came last counts, and that is written down in decisions.jsonl"
        )
    for standing, said in (
        (WAITING, "wait, because nothing says which is later, and count nowhere: `insights decide` asks"),
        (UNCONFIRMED, "hold no records and replace nothing: `insights decide` asks whether they are meant so"),
    ):
        files = [
            str(file)
            for (file,) in con.execute(
                "select distinct source_file from ops.delivery_standing inner join ops.load using (load_seq) "
                "where standing = ? and status = 'landed' order by source_file",
                [standing],
            ).fetchall()
        ]
        if files:
            lines.append(f"{many(len(files), 'file')} of returns {said} ({first_of(files, _SHOWN)})")
    return lines


class Order:
    """Which of two deliveries of an authority, return and year is later, by what they say, decisions and arrival."""

    def __init__(self, sent: Sequence[Sent], decisions: Iterable[Decision]) -> None:
        self._decided: dict[frozenset[str], str] = {}
        for one in decisions:
            if one.kind == LATER_DELIVERY:
                # Of two contradictory decisions the later one holds.
                self._decided |= {frozenset((one.decided, other)): one.decided for other in one.over}
        self._sent = sent

    def told(self, a: Sent, b: Sent) -> bool | None:
        """What the files and the decisions say."""
        for one, other in zip(a.written, b.written, strict=True):
            if one is not None and other is not None and one != other:
                return one > other
        later = self._decided.get(frozenset((a.sha256, b.sha256)))
        return None if later is None else later == a.sha256

    def later(self, a: Sent, b: Sent) -> bool | None:
        """What they say, or arrival."""
        told = self.told(a, b)
        return told if told is not None or a.arrival == b.arrival else a.arrival > b.arrival

    def by_arrival(self) -> dict[tuple[str, str], set[str]]:
        """What only arrival tells: the subject and the later file, with the earlier ones."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for group in _grouped(self._sent, lambda one: (*one.scope, one.record_id)).values():
            for a, b in combinations(sorted(group, key=lambda one: one.arrival), 2):
                if a.arrival != b.arrival and self.told(b, a) is None:
                    found[b.subject, b.sha256].add(a.sha256)
        return found


def standings(
    group: Sequence[Sent], later: Later, same: Callable[[Sent, Sent], bool], *, replaces: bool
) -> dict[tuple[int, str], Standing]:
    """What becomes of the deliveries of one kind of record of an authority, return and year.

    Parameters:
        later: which of two is later.
        same: whether two say the same, so that nothing hangs on which is later.
        replaces: whether a later whole one stands in the place of all before it; else they add to each other.
    """
    found: dict[tuple[int, str], Standing] = {}
    counted = [one for one in group if not one.is_empty]
    for one in group:
        if one.is_empty:
            found[one.load_seq, one.record_id] = Standing(UNCONFIRMED, 0)
    whole: Sent | None = None
    places = in_places(counted, later)
    for place in range(len(places) - 1, -1, -1):
        tied = places[place]
        if whole is not None:
            standing = Standing(REPLACED, place + 1, whole.load_id)
        elif not replaces:
            standing = Standing(IN_FORCE, place + 1)
        elif all(one.is_part for one in tied):
            standing = Standing(IN_PART, place + 1)
        elif len(tied) == 1 or all(same(tied[0], one) for one in tied[1:]):
            whole = min(tied, key=lambda one: one.sha256)
            standing = Standing(REPLACED, place + 1, whole.load_id)
        else:
            standing = Standing(WAITING, place + 1)
        for one in tied:
            found[one.load_seq, one.record_id] = Standing(IN_FORCE, place + 1) if one is whole else standing
    return found


def in_places(group: Sequence[Sent], later: Later) -> list[list[Sent]]:
    """Deliveries from the earliest to the latest; those that nothing orders stand in one place."""
    places: list[list[Sent]] = []
    for one in sorted(group, key=lambda one: one.sha256):
        below = [place for place in places if all(later(one, other) is True for other in place)]
        above = [place for place in places if all(later(one, other) is False for other in place)]
        # Whatever it is not clearly later or earlier than, and what lies between such, stands with it.
        among = [place for place in places if place not in below and place not in above]
        first = min([places.index(place) for place in (*among, *above)], default=len(places))
        last = max([places.index(place) for place in (*among, *below)], default=-1)
        if first > last:
            places.insert(first, [one])
        else:
            places[first : last + 1] = [[*(other for place in places[first : last + 1] for other in place), one]]
    return places


def _grouped(sent: Iterable[Sent], by: Callable[[Sent], object]) -> Mapping[object, list[Sent]]:
    groups: dict[object, list[Sent]] = defaultdict(list)
    for one in sent:
        groups[by(one)].append(one)
    return groups


def _sent(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, decisions: Iterable[Decision]) -> list[Sent]:
    """Every delivery that has landed, with what was decided of it."""
    said = {one.key: one.decided for one in decisions if one.kind == DELIVERY_IS}
    rows = con.execute(
        """
        with landed as (
            select load_seq, sha256, rows_landed, min(load_seq) over (partition by run_id) as arrival
            from ops.load where status = 'landed'
        )
        select
            load_seq, sha256, record_id, la_code, return_id, collection_year,
            epoch(sent_at), serial_no, epoch(listed_to), arrival, rows_landed = 0
        from ops.delivery inner join landed using (load_seq)
        order by load_seq, record_id
        """
    ).fetchall()
    return [
        Sent(
            load_seq,
            sha256,
            record_id,
            ("" if returns.returns[return_id].later_delivery == "adds_to_all" else la_code, return_id, year),
            la_code,
            tuple(written),
            arrival,
            is_empty and said.get(sha256[:32]) != EMPTY,
            said.get(sha256[:32]) == PART,
        )
        for load_seq, sha256, record_id, la_code, return_id, year, *written, arrival, is_empty in rows
        if record_id in returns.records
    ]


class Sameness:
    """Whether two deliveries hold the same records, whatever their order: of all kinds of which both are the whole,
    because what lies in a record of one file is not put under that of another.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, sent: Iterable[Sent]) -> None:
        self._con = con
        self._returns = returns
        self._kinds = _grouped(sent, lambda one: one.load_seq)
        self._found: dict[tuple[int, int], bool] = {}

    def __call__(self, one: Sent, other: Sent) -> bool:
        """Whether they do; asked of the warehouse once for two files."""
        pair = min(one.load_seq, other.load_seq), max(one.load_seq, other.load_seq)
        if pair not in self._found:
            of_both = {sent.record_id for sent in self._kinds[pair[0]]} & {
                sent.record_id for sent in self._kinds[pair[1]]
            }
            self._found[pair] = not any(self._differ(record_id, *pair) for record_id in of_both)
        return self._found[pair]

    def _differ(self, record_id: str, one: int, other: int) -> bool:
        """Whether the records of one kind differ, each taken with the record that it lies in."""
        parent = self._returns.records[record_id].parent_record_id
        lies_in = (
            f"left join {return_table(parent)} as parent on record.parent_row_id = parent.landed_row_id"
            if parent
            else ""
        )
        return bool(
            self._con.execute(
                f"select 1 from {return_table(record_id)} as record {lies_in} "
                f"where record.load_seq in ($one, $other) "
                f"group by record.content_hash{', parent.content_hash' if parent else ''} having "
                "count(*) filter (record.load_seq = $one) <> count(*) filter (record.load_seq = $other) limit 1",
                {"one": one, "other": other},
            ).fetchall()
        )


def _note_earlier_loads(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> None:
    """Write down deliveries of before this was kept: a census and an XML file are the whole of their return."""
    if not con.execute(
        "select 1 from ops.load where status = 'landed' and rows_landed > 0 and list_contains($returns, form_id) "
        "and load_seq not in (select load_seq from ops.delivery) limit 1",
        {"returns": list(returns.returns)},
    ).fetchone():
        return
    for record in returns.records.values():
        kinds = [one.record_id for one in returns.records_of(record.return_id)]
        table = return_table(record.record_id)
        con.execute(
            f"""
            insert into ops.delivery
            select
                load.load_seq, load.load_id, load.service, load.form_id, try_cast(load.form_version as integer),
                unnest(case when load.convention_id = 'csv' then [$record_id] else $kinds end), null, null, null
            from ops.load as load
            where
                load.status = 'landed' and load.form_id = $return_id
                and load.load_seq not in (select load_seq from ops.delivery)
                and load.load_seq in (select load_seq from {table})
            """,
            {"record_id": record.record_id, "kinds": kinds, "return_id": record.return_id},
        )
