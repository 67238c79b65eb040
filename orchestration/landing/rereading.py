"""Loads that have to be read again: what was hashed cannot be changed without the file.

A load is read again where its rows were read by older rules of folding or cleaning, where a service in it has been
declared since, or where one has become another. It keeps its place among the loads; its earlier rows leave the raw
table in the same transaction, and `ops.reading` keeps that they were. What was erased of it stays erased: row by row,
whatever the keys are called now. A load that has no file any more stays as it is, and a check of gate 1 blocks until
an operator has accepted what that costs.

A return is read again where the catalogue would keep something else of it: a heading or a spelling that was learnt
since. Without its file it stays as it is, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb

from catalogue import Catalogue
from catalogue.folding import FOLDING_VERSION
from catalogue.returns import ReturnCatalogue
from catalogue.services import Services
from orchestration.hashing import sha256_of_json
from orchestration.landing.forms.header_rows import ERASURE
from orchestration.landing.forms.identity import (
    UNDECLARED,
    admin_question,
)
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LAST_READING, LoadResult
from orchestration.landing.pseudonym import CLEANING_VERSION, PseudonymKey
from orchestration.landing.raw_folder import lies_at
from orchestration.landing.returns.tables import return_table
from orchestration.landing.tombstones import ERASED
from orchestration.progress import first_of, many
from orchestration.warehouse import exists, identifier

#: Why a load has to be read again, and the check of gate 1 that blocks where its file is gone. An erasure list has a
#: reason of its own.
REASONS = {
    "rules": "loads_of_earlier_rules",
    "services": "loads_of_earlier_services",
    "catalogue": "loads_of_an_earlier_catalogue",
    "erasure": "erasures_by_an_earlier_key",
}
#: Why a return has to be read again. Where its file is gone, nothing blocks: its cells stay as unreadable as they were.
RETURNS = "returns"
#: Why forms have to be read again of which somebody said that they are not of a child who was forgotten. Without their
#: file they stay held back.
HELD = "held"
_SHOWN = 5
_HEX = 12


@dataclass(frozen=True)
class StaleLoad:
    """A load to be read again, and why: some of `REASONS`, each with a check of gate 1 for when its file is gone.

    ``now`` is a hash of how it would be read: what an operator accepts of a load is that difference, not the next one.
    ``services`` are those that its codes mean now. ``only_reaches``: an erasure list that would be read as before, and
    has to reach forms that stand under the code of a service which has become one of its own.
    """

    load_seq: int
    load_id: str
    sha256: str
    form_id: str
    source_file: str
    reasons: tuple[str, ...]
    now: str
    services: frozenset[str]
    only_reaches: bool = False

    @property
    def key(self) -> str:
        """What an operator accepts."""
        return f"{self.load_id}@{self.now}"


def stale_loads(
    con: duckdb.DuckDBPyConnection, services: Services, key: PseudonymKey, catalogue: Catalogue
) -> dict[tuple[str, str], StaleLoad]:
    """The loads of forms and erasure lists that have to be read again, by the place and the hash of their file.

    None while no services are declared: whose the forms are is not known then, and nothing is published.
    """
    if not services:
        return {}
    means = {key.short_code(text): code for text, code in services.folded.items()}
    lost, known = _texts_that_were_lost(con, means)
    sent: dict[int, set[str]] = {}
    for table, column in [
        *((raw_table(form_id), _service(form_id)) for form_id in catalogue.forms),
        (
            "(select load_seq, owner from ops.forgotten inner join ops.load using (load_id) where subject = 'client')",
            "owner",
        ),
    ]:
        for load_seq, code in con.execute(f"select distinct load_seq, {column} from {table}").fetchall():
            sent.setdefault(int(load_seq), set()).add(str(code or ""))
    read_now = cache(lambda form_id: "" if form_id == ERASURE else catalogue.reading_fingerprint(form_id))
    stale = {}
    gained: set[str] = set()
    released = _released(con)
    # Forms first: an erasure list has to be read again also where forms of its service stand under another code.
    for load_seq, load_id, sha256, form_id, source_file, is_old, read_by, listed in con.execute(
        "select load.load_seq, load.load_id, sha256, form_id, source_file, reading.load_seq is null, "
        "reading.catalogue, reading.services "
        f"from ops.load as load left join ({LAST_READING}) as reading on load.load_seq = reading.load_seq "
        "and folding_version = $folding and cleaning_version = $cleaning "
        "where status = 'landed' and list_contains($forms, form_id) order by form_id = $erasure, load.load_seq",
        {
            "folding": FOLDING_VERSION,
            "cleaning": CLEANING_VERSION,
            "forms": [*catalogue.forms, ERASURE],
            "erasure": ERASURE,
        },
    ).fetchall():
        codes = sent.get(int(load_seq), set()) - {""}
        # Each code, and text, that means another service now, with the one that it means.
        moved = {code: _meaning(services, means, code) for code in codes if code in means or _is_moved(services, code)}
        for code in codes:
            moved |= lost.get((listed, code), {})
        if form_id == ERASURE and listed == services.fingerprint():
            # Tombstones of codes of before stay beside those of now, and hold for the service of now.
            moved = {}
        if codes and not is_old and listed not in known:
            moved["*"] = services.fingerprint()  # by a version that did not write lists down
        if form_id != ERASURE:
            gained |= set(moved.values())
        reached = codes & gained if form_id == ERASURE and listed != services.fingerprint() else set()
        applies: dict[str, object] = {
            "rules": is_old and [FOLDING_VERSION, CLEANING_VERSION],
            "services": moved,
            "catalogue": not is_old and read_by != read_now(str(form_id)) and read_now(str(form_id)),
            HELD: int(load_seq) in released,
        }
        reasons = tuple(reason for reason, is_one in applies.items() if is_one)
        if reasons or reached:
            # A tombstone by a key of before is of no effect on what comes from now on.
            stale[lies_at(source_file), str(sha256)] = StaleLoad(
                int(load_seq),
                str(load_id),
                str(sha256),
                str(form_id),
                str(source_file),
                ("erasure",) if form_id == ERASURE else reasons,
                sha256_of_json([applies, sorted(reached)])[:_HEX],
                frozenset(reached.union(moved.values())),
                only_reaches=not reasons,
            )
    return stale


def stale_returns(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> dict[tuple[str, str], StaleLoad]:
    """The loads of returns that would be read otherwise now, by the place and the hash of their file."""
    read_now = {return_id: returns.reading_fingerprint(return_id) for return_id in returns.returns}
    stale = {}
    for load_seq, load_id, sha256, return_id, source_file, read_by in con.execute(
        "select load.load_seq, load.load_id, sha256, form_id, source_file, reading.catalogue from ops.load as load "
        f"left join ({LAST_READING}) as reading on load.load_seq = reading.load_seq "
        "and folding_version = $folding and cleaning_version = $cleaning "
        "where status = 'landed' and list_contains($returns, form_id)",
        {"folding": FOLDING_VERSION, "cleaning": CLEANING_VERSION, "returns": list(read_now)},
    ).fetchall():
        now = read_now[return_id]
        if read_by != now:
            stale[lies_at(source_file), str(sha256)] = StaleLoad(
                int(load_seq), load_id, sha256, return_id, source_file, (RETURNS,), now[:_HEX], frozenset()
            )
    return stale


def tell_unread(con: duckdb.DuckDBPyConnection, stale: Iterable[StaleLoad]) -> list[str]:
    """Write down the loads that could not be read again, because no file has their bytes any more; what to say of them.

    Checks of gate 1 read `ops.unread_load`: each blocks until an operator accepts what it costs.
    """
    left = sorted(stale, key=lambda load: load.load_seq)
    # Where all forms could be read again, they are known by their new code, and so are those who asked to be erased.
    unread = {code for load in left if load.form_id != ERASURE for code in load.services}
    left = [load for load in left if not load.only_reaches or load.services & unread]
    con.execute("delete from ops.unread_load")
    for load in left:
        for reason in load.reasons:
            con.execute(
                "insert into ops.unread_load (load_id, source_file, reason, read_as) values (?, ?, ?, ?)",
                [load.load_id, load.source_file, reason, load.now],
            )
    accepted: set[tuple[str, str]] = set()
    if _has_decisions(con):
        # Accepted was that a load cannot be read again as it would be then. Once it was, or would be read otherwise,
        # the next time is another matter.
        for reason, check_id in REASONS.items():
            con.execute(
                "delete from ops.check_acceptance where check_id = ? "
                "and key not in (select load_id || '@' || read_as from ops.unread_load where reason = ?)",
                [check_id, reason],
            )
        accepted = set(con.execute("select check_id, key from ops.check_acceptance").fetchall())
    of_returns = [load for load in left if load.reasons == (RETURNS,)]
    held = [load for load in left if load.reasons == (HELD,)]
    left = [load for load in left if load not in of_returns and load not in held]
    taken = [
        load
        for load in left
        if all((REASONS[reason], load.key) in accepted for reason in load.reasons if reason in REASONS)
    ]
    waiting = [load for load in left if load not in taken]
    return [
        *_unread_line(of_returns, "and what has been learnt since, a spelling or a heading, has no effect on it."),
        *_unread_line(held, "and forms in it that are of another child than the one who was forgotten stay held back."),
        *_unread_line(
            waiting,
            "and gate 1 blocks until the file is back, unless what that costs is accepted; it says what it is.",
        ),
        *_unread_line(taken, "as was accepted."),
    ]


def _unread_line(loads: Sequence[StaleLoad], what_follows: str) -> list[str]:
    """What to say of some loads that could not be read again; nothing where there are none."""
    if not loads:
        return []
    shown = first_of([load.source_file for load in loads], _SHOWN)
    return [
        f"{many(len(loads), 'load')} of earlier rules, services or an earlier catalogue could not be read again "
        f"({shown}): there is no such file any more, or it was refused or left. What landed stays as it is, "
        f"{what_follows}"
    ]


def forget_reading(
    con: duckdb.DuckDBPyConnection, load: StaleLoad, returns: ReturnCatalogue | None = None
) -> list[int]:
    """Take the rows of an earlier reading and its entry out; returns the rows of the file that were erased.

    Of a return, the catalogue of the returns says in which tables they lie.
    """
    con.execute("delete from ops.load where load_seq = ? and status = 'landed'", [load.load_seq])
    con.execute("delete from ops.rejected_line where load_id = ?", [load.load_id])
    if load.form_id == ERASURE:
        con.execute("delete from ops.forgotten where load_id = ? and subject = 'client'", [load.load_id])
        return []
    if returns is not None:
        con.execute("delete from ops.erased_record where load_seq = ?", [load.load_seq])
        for record in returns.records_of(load.form_id):
            con.execute(f"delete from {return_table(record.record_id)} where load_seq = ?", [load.load_seq])
        return []
    table = raw_table(load.form_id)
    if _decisions_of(con, load.load_id):
        con.execute(
            f"create or replace temp table landing_before as select source_row, {_service(load.form_id)} as code "
            f"from {table} where load_seq = ?",
            [load.load_seq],
        )
    # What was held back, or came without consent, is judged anew.
    con.execute("delete from ops.held_back where load_seq = ?", [load.load_seq])
    con.execute("delete from ops.forgotten where load_id = ? and subject = 'submission'", [load.load_id])
    erased = con.execute(
        f"select source_row from {table} where load_seq = ? and is_erased "
        f"and coalesce(left_out, '{ERASED}') = '{ERASED}'",
        [load.load_seq],
    ).fetchall()
    con.execute(f"delete from {table} where load_seq = ?", [load.load_seq])
    return [int(row) for (row,) in erased]


def rekey_decisions(con: duckdb.DuckDBPyConnection, result: LoadResult) -> None:
    """Give what an operator accepted of a service in an earlier reading the service's code of this one.

    Only where the service is the same under another code. Where it has become one with another, or has been parted,
    what was accepted was something else: the check judges anew.
    """
    if result.form_id is None or not _decisions_of(con, result.load_id):
        return
    con.execute(
        f"""
        with moved as (
            select before.code, any_value(landed.code) as new_code
            from landing_before as before
            inner join (
                select source_row, {_service(result.form_id)} as code from {raw_table(result.form_id)}
                where load_seq = $load_seq
            ) as landed using (source_row)
            group by before.code
            having count(distinct landed.code) = 1
        )
        insert into ops.check_acceptance (check_id, key, run_id)
        select decision.check_id, $load_id || '|' || moved.new_code, decision.run_id
        from ops.check_acceptance as decision
        inner join moved on decision.key = $load_id || '|' || moved.code
        where moved.code <> moved.new_code
            and moved.new_code in (select new_code from moved group by new_code having count(*) = 1)
        """,
        {"load_seq": result.load_seq, "load_id": result.load_id},
    )
    con.execute("drop table landing_before")


def _decisions_of(con: duckdb.DuckDBPyConnection, load_id: str) -> bool:
    """Whether an operator has accepted something of a service in a load."""
    if not _has_decisions(con):
        return False
    found = con.execute("select 1 from ops.check_acceptance where starts_with(key, ? || '|')", [load_id]).fetchone()
    return found is not None


def _released(con: duckdb.DuckDBPyConnection) -> set[int]:
    """Loads with forms that were held back, of which somebody has said since that they are of another child."""
    return {
        int(load_seq)
        for (load_seq,) in con.execute(
            "select distinct held.load_seq from ops.held_back as held inner join ops.forgotten as forgotten "
            "on forgotten.subject = 'client' and held.key = forgotten.key "
            "and list_contains(forgotten.others, held.month)"
        ).fetchall()
    }


def _has_decisions(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether there is the table of what was accepted, which the first gate makes."""
    return exists(con, "ops", "check_acceptance")


def _service(form_id: str) -> str:
    return identifier(admin_question(form_id, "service"))


def note_services(con: duckdb.DuckDBPyConnection, services: Services, key: PseudonymKey) -> None:
    """Write down which text the list of now takes for which service, texts by short code only."""
    fingerprint = services.fingerprint()
    if con.execute("select 1 from ops.services_read where services = ? limit 1", [fingerprint]).fetchone() is None:
        con.execute(
            "insert into ops.services_read select ?, unnest(?::varchar[]), unnest(?::varchar[])",
            [fingerprint, [key.short_code(text) for text in services.folded], list(services.folded.values())],
        )


def _texts_that_were_lost(
    con: duckdb.DuckDBPyConnection, means: Mapping[str, str]
) -> tuple[dict[tuple[str, str], dict[str, str]], set[str]]:
    """Of a hash of a list that exports were read by and a code in it: the texts that it stood for and that mean another
    service now, or none, with that one. Rows with the code may be of such a text; only the file can tell. Beside these
    all hashes that are known."""
    lost: dict[tuple[str, str], dict[str, str]] = {}
    read = con.execute("select services, text_code, service_code from ops.services_read").fetchall()
    for listed, text, code in read:
        if means.get(text) != code:
            lost.setdefault((listed, code), {})[text] = means.get(text, "")
    return lost, {listed for listed, *_ in read}


def _meaning(services: Services, means: Mapping[str, str], code: str) -> str:
    """The service that a code in landed rows means by the list of now; empty where it means none."""
    return means.get(code, services.last(code).code if code in services.by_code else "")


def _is_moved(services: Services, code: str) -> bool:
    """Whether a code stands in landed rows for a service that has become another, or has left the list."""
    if code.startswith(UNDECLARED):
        return False
    return code not in services.by_code or services.last(code).code != code
