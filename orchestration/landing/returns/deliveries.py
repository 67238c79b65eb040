"""Deliveries: of which records a file of a return is the whole, and which of several such files is in force.

A return is a complete statement: within an authority, a return and a year, a later delivery replaces the earlier one
whole. Local lists add to each other, whoever sent them where they are the same for all, unless the programme says that
a later one replaces (`return_type.later_delivery`).
Which of two deliveries is later is told by, the first that tells:

1. the file: the moment it was written, else the number of the message, else (Annex A) the last day of its lists;
2. a decision, of an operator or of an earlier arrival (`decisions.jsonl`);
3. arrival in a later run, which is written down as a decision when it is seen, so that a home made anew needs not know.

Deliveries that nothing orders wait: none of them replaces anything or counts until somebody says which is later. The
same bytes in the folders of two years or authorities are two deliveries; where the file of one was moved to the other,
that counts alone, until somebody says that both hold. One that somebody calls a mistake counts nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import duckdb

from catalogue.returns import ANNEX_A, ReturnCatalogue
from orchestration.decisions import (
    ARRIVAL,
    DELIVERY_IS,
    EMPTY,
    LATER_DELIVERY,
    MISTAKE,
    PART,
    Decision,
    append_decisions,
    load_decisions,
    now,
)
from orchestration.landing.ledger import LoadResult
from orchestration.landing.raw_folder import lies_at
from orchestration.landing.reading import date_sql
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.order import (
    MISTAKEN,
    MOVED,
    UNCONFIRMED,
    WAITING,
    Order,
    Sent,
    Standing,
    file_key,
    grouped,
    standings,
)
from orchestration.landing.returns.reader import Statement
from orchestration.landing.returns.tables import return_table
from orchestration.progress import first_of, many
from orchestration.settings import Settings

_SHOWN = 5


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
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    returns: ReturnCatalogue,
    run_id: str,
    files: Sequence[LoadResult],
) -> list[Decision]:
    """Say of every delivery whether it is in force (`ops.delivery_standing`), and write down what arrival decides.

    Parameters:
        files: what lies in the raw folder, as it was found by this landing.

    Returns the decisions that are new. Raises OperatorError: the file of decisions is damaged or cannot be written.
    """
    _note_earlier_loads(con, returns)
    decisions = load_decisions(con, settings)
    sent = _sent(con, returns, decisions, _moved(con, files))
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
    for group in grouped(sent, lambda one: (*one.scope, one.record_id)).values():
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
        (
            MOVED,
            "lie in another folder now and count there alone: `insights decide` says where, and asks whether both hold",
        ),
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


def _moved(con: duckdb.DuckDBPyConnection, files: Sequence[LoadResult]) -> set[int]:
    """Loads whose file was put into the folder of another year or authority: it is gone, and the same bytes lie there.

    Files may be taken away once they have landed, and a table of one line may be the same in two years: so only where
    others of its folder are still there, or all that came from its folder lie elsewhere.
    """
    names = {file.source_file for file in files}
    places = {lies_at(name) for name in names}
    here = {(file.sha256, lies_at(file.source_file)) for file in files if file.status in ("landed", "already_landed")}
    elsewhere = {sha256 for sha256, _ in here}
    gone: dict[str, set[int]] = defaultdict(set)
    archived = set()
    for load_seq, sha256, source_file in con.execute(
        "select load_seq, sha256, source_file from ops.load where status = 'landed' "
        "and load_seq in (select load_seq from ops.delivery)"
    ).fetchall():
        place = lies_at(source_file)
        if source_file in names or (sha256, place) in here:
            continue
        if sha256 in elsewhere:
            gone[place].add(int(load_seq))
        elif place not in places:
            archived.add(place)
    return {load_seq for place, loads in gone.items() if place not in archived for load_seq in loads}


def _sent(
    con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, decisions: Iterable[Decision], moved: Collection[int]
) -> list[Sent]:
    """Every delivery that has landed, with what was decided of it."""
    said = {one.key: one.decided for one in decisions if one.kind == DELIVERY_IS}
    rows = con.execute(
        """
        with landed as (
            select load_seq, sha256, rows_landed, min(load_seq) over (partition by run_id) as arrival
            from ops.load where status = 'landed'
        )
        select
            load_seq, load_id, sha256, record_id, la_code, return_id, collection_year,
            epoch(sent_at), serial_no, epoch(listed_to), arrival, rows_landed = 0
        from ops.delivery inner join landed using (load_seq)
        order by load_seq, record_id
        """
    ).fetchall()
    sent = []
    for load_seq, load_id, sha256, record_id, la_code, return_id, year, *written, arrival, is_empty in rows:
        if record_id not in returns.records:
            continue
        # Before a place was part of the key, what was said was said of the bytes.
        word = said.get(file_key(sha256, la_code, year), said.get(sha256[:32]))
        scope = ("" if returns.returns[return_id].later_delivery == "adds_to_all" else la_code, return_id, year)
        sent.append(
            Sent(
                load_seq,
                load_id,
                sha256,
                record_id,
                scope,
                la_code,
                tuple(written),
                arrival,
                is_part=word == PART,
                apart=_apart(word, is_empty=is_empty, is_moved=load_seq in moved),
            )
        )
    return sent


def _apart(word: str | None, *, is_empty: bool, is_moved: bool) -> str | None:
    """Why a delivery counts nowhere, by what somebody said of it; None where it counts as its order has it."""
    if word == MISTAKE:
        return MISTAKEN
    if is_moved and word is None:
        return MOVED
    return UNCONFIRMED if is_empty and word != EMPTY else None


class Sameness:
    """Whether two deliveries hold the same records, whatever their order: of all kinds of which both are the whole,
    because what lies in a record of one file is not put under that of another.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, sent: Iterable[Sent]) -> None:
        self._con = con
        self._returns = returns
        self._kinds = grouped(sent, lambda one: one.load_seq)
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
