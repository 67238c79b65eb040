"""The ledger of loads: what arrived, what became of it, and whose data must not be kept.

Tables, all in schema `ops`:

- `load`: one row per landed file, and one per refused file (bytes and path); what was refused and lands later (services
  were declared since, say) is one that landed. Key: load_id, source_file.
- `rejected_line`: one row per record of a landed file that could not be read. A place and a reason, never
  the text.
- `absent_question`: one row per stored question of which a landed file of forms has no column, with how many
  columns of the file were not understood. A load of before this table was kept has no rows. Key: load_id,
  question_id.
- `unknown_column`: one row per column of a landed file of forms that was not understood: its place, its header where
  that can be told, the known header most like it. Key: load_id, place.
- `unknown_word`: one row per load of forms, question and service with answers that the form does not offer: in how many
  forms, in how many different words; the words are not kept. Key: load_id, question_id, service_code.
- `load_note`: one row per thing noticed of the dates (`kind` `dates`) or ids (`ids`) of a load of forms: columns and
  counts in a few words. Key: load_id, place.
- `delivery`: one row per landed file of returns and kind of record of which it is the whole, with what it says of when
  it was written. Key: load_seq, record_id.
- `delivery_standing`: one row per row of `delivery`: whether it is in force, by which load it was replaced, its place
  among those of its authority and year. Written anew by each landing. Key: load_seq, record_id.
- `unread_load`: one row per load that would be read otherwise now and whose file is gone, and reason (`rules`,
  `services`, `catalogue`, `erasure`; `returns` of a return, which blocks nothing); `read_as` is a hash of how it would
  be read: what an operator accepts is load and hash. Replaced by each landing. Key: load_id, reason.
- `forgotten`: the tombstones of `decisions.jsonl`, and those of forms of which consent was not understood: whose data
  must go and stay gone (`tombstones.py`).
- `held_back`: one row per landed form with the id of somebody who was forgotten and another month of birth, by keyed
  hashes of both: nothing of it is kept until somebody has said whose it is. Key: load_seq, source_row.
- `erased_record`: one row per record of a return that is of somebody who was forgotten: where it stood, and nothing
  of it. Key: landed_row_id, record_id.
- `forgetting`: a row while what was emptied may still lie in free blocks of the file, in releases, in records of runs.
- `services_read`: one row per list of services that exports were read by and text that it declares, as a short code,
  with the service that it meant. Key: services, text_code.
- `reading`: by which rules each landed export of forms, and each return, was read: versions of folding and cleaning, a
  hash of the list of services (of a return none) and one of the catalogue. Key: load_seq.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from catalogue.folding import FOLDING_VERSION
from catalogue.returns import load_returns
from orchestration.landing.pseudonym import CLEANING_VERSION
from orchestration.landing.raw_folder import lies_at

#: SQL of the moment at which something landed, in UTC.
NOW = "cast(now() at time zone 'UTC' as timestamp)"

#: SQL of the reading of each load that counts.
LAST_READING = "select * from ops.reading qualify row_number() over (partition by load_seq order by read_at desc) = 1"

_CREATE = """
create schema if not exists raw;
create schema if not exists ops;
create table if not exists ops.load (
    load_id varchar not null,
    load_seq integer,
    source_file varchar not null,
    sha256 varchar,
    size_bytes bigint,
    form_id varchar,
    form_version varchar,
    convention_id varchar,
    service varchar,
    rows_landed bigint not null,
    rejected_lines bigint not null,
    ignored_columns varchar,
    status varchar not null,
    reason varchar,
    run_id varchar not null,
    landed_at timestamp not null
);
create table if not exists ops.rejected_line (
    load_id varchar not null,
    source_file varchar not null,
    source_row bigint not null,
    column_name varchar,
    reason varchar not null,
    source_path varchar
);
alter table ops.rejected_line add column if not exists source_path varchar;
create table if not exists ops.absent_question (
    load_id varchar not null,
    form_id varchar not null,
    question_id varchar not null,
    unknown_columns integer not null
);
create table if not exists ops.unknown_column (
    load_id varchar not null,
    form_id varchar not null,
    place integer not null,
    header varchar,
    nearest varchar,
    question_id varchar
);
create table if not exists ops.unknown_word (
    load_id varchar not null,
    form_id varchar not null,
    question_id varchar not null,
    service_code varchar,
    forms bigint not null,
    words bigint not null
);
create table if not exists ops.load_note (
    load_id varchar not null,
    place integer not null,
    kind varchar not null,
    said varchar not null
);
create table if not exists ops.delivery (
    load_seq integer not null,
    load_id varchar not null,
    la_code varchar not null,
    return_id varchar not null,
    collection_year integer,
    record_id varchar not null,
    sent_at timestamp,
    serial_no integer,
    listed_to date
);
create table if not exists ops.delivery_standing (
    load_seq integer not null,
    record_id varchar not null,
    la_code varchar not null,
    collection_year integer,
    standing varchar not null,
    place integer not null,
    replaced_by_load_id varchar
);
-- Version 0.2.0 kept the refusal of what has landed since.
delete from ops.load where status = 'refused' and load_id in (select load_id from ops.load where status = 'landed');
create table if not exists ops.unread_load (load_id varchar not null, source_file varchar not null);
alter table ops.unread_load add column if not exists reason varchar;
alter table ops.unread_load add column if not exists read_as varchar;
create table if not exists ops.forgotten (
    subject varchar not null,
    key varchar not null,
    owner varchar,
    owner_now varchar,
    text_code varchar,
    form_id varchar,
    known varchar[] not null,
    others varchar[] not null,
    until timestamp,
    requested_on date,
    load_id varchar,
    list_rows bigint[] not null,
    is_met boolean not null
);
create table if not exists ops.held_back (
    load_id varchar not null,
    load_seq integer not null,
    form_id varchar not null,
    source_row bigint not null,
    key varchar not null,
    month varchar not null
);
create table if not exists ops.erased_record (
    record_id varchar not null,
    landed_row_id bigint not null,
    load_id varchar not null,
    load_seq integer not null,
    source_row bigint,
    source_path varchar,
    la_code varchar not null,
    collection_year integer
);
create table if not exists ops.forgetting (since timestamp not null);
create table if not exists ops.services_read (
    services varchar not null,
    text_code varchar not null,
    service_code varchar not null
);
create table if not exists ops.reading (
    load_id varchar not null,
    load_seq integer not null,
    folding_version integer not null,
    cleaning_version integer not null,
    services varchar not null,
    catalogue varchar not null,
    read_at timestamp not null
);
"""


@dataclass(frozen=True)
class LoadResult:
    """What became of one file.

    ``status`` is `landed`, `refused`, `already_landed`, `left` (it changed while it was read, so the next run takes it)
    or `passed_over` (it is nothing that is landed, or a table that is not used); these two have no entry in the ledger.
    ``form_id`` is a form, `erasure`, or None where the file was not recognised; ``reason`` one sentence (why it was
    refused, or what to know about what landed); counts are of records. No field holds a value of a row, except
    ``service``: the codes of the services that sent the file.
    """

    source_file: str
    status: str
    load_id: str
    sha256: str | None = None
    size_bytes: int | None = None
    load_seq: int | None = None
    form_id: str | None = None
    form_version: str | None = None
    convention_id: str | None = None
    service: str | None = None
    rows_landed: int = 0
    rejected_lines: int = 0
    ignored_columns: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class RejectedLine:
    """One record that could not be read: where it is (header = 1; in XML the line and the path) and why."""

    source_row: int
    column_name: str | None
    reason: str
    source_path: str | None = None


def ensure_ledger(con: duckdb.DuckDBPyConnection) -> None:
    """Create the schemas and the ledger tables where they are missing."""
    con.execute(_CREATE)


def landed_load(con: duckdb.DuckDBPyConnection, sha256: str, source_file: str) -> tuple[str, int, str] | None:
    """Source file, load_seq and load_id of the load that holds these bytes of this place (`lies_at`), or None."""
    place = lies_at(source_file)
    for file, load_seq, load_id in con.execute(
        "select source_file, load_seq, load_id from ops.load where sha256 = ? and status = 'landed' order by load_seq",
        [sha256],
    ).fetchall():
        if not place or lies_at(file) == place:
            return str(file), int(load_seq), str(load_id)
    return None


def new_load_id(con: duckdb.DuckDBPyConnection, sha256: str, source_file: str) -> str:
    """The first half of a file's hash; where the load of another place has that, of the hash of bytes and place."""
    load_id = sha256[:16]
    if con.execute("select 1 from ops.load where load_id = ? and status = 'landed'", [load_id]).fetchone():
        return hashlib.sha256(f"{sha256}|{lies_at(source_file)}".encode()).hexdigest()[:16]
    return load_id


def landed_hashes(con: duckdb.DuckDBPyConnection, *, of_returns: bool | None = None) -> frozenset[str]:
    """SHA-256 of every file that has been landed; with `of_returns`, of the returns only or of all else only."""
    statement = "select sha256 from ops.load where status = 'landed'"
    given: dict[str, object] = {}
    if of_returns is not None:
        statement += " and list_contains($returns, coalesce(form_id, '')) = $wanted"
        given = {"returns": sorted(load_returns().returns), "wanted": of_returns}
    return frozenset(str(sha256) for (sha256,) in con.execute(statement, given).fetchall())


def landed_sizes(con: duckdb.DuckDBPyConnection, but: Collection[tuple[str, str]] = ()) -> dict[str, dict[str, int]]:
    """Place (`lies_at`) -> SHA-256 -> size of every file that has landed there, those of `but` left out.

    Of files that have no place it counts what has landed anywhere.
    """
    sizes: dict[str, dict[str, int]] = {"": {}}
    for source_file, sha256, size in con.execute(
        "select source_file, sha256, coalesce(size_bytes, -1) from ops.load where status = 'landed'"
    ).fetchall():
        place = lies_at(source_file)
        if (place, sha256) not in but:
            sizes[""][sha256] = sizes.setdefault(place, {})[sha256] = int(size)
    return sizes


def next_load_seq(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the next load: 1, 2, 3, … in the order of landing."""
    row = con.execute("select coalesce(max(load_seq), 0) + 1 from ops.load").fetchone()
    assert row is not None
    return int(row[0])


def record_load(con: duckdb.DuckDBPyConnection, result: LoadResult, run_id: str) -> None:
    """Write the entry of one file. The same refusal of the same bytes and path is written once.

    When the reason of a refusal changes (the catalogue grew, say), the entry takes the new one; when the bytes land, it
    goes, under whatever names they were refused.
    """
    if result.status == "refused":
        known = con.execute(
            "select reason from ops.load where load_id = ? and source_file = ? and status = 'refused'",
            [result.load_id, result.source_file],
        ).fetchone()
        if known is not None:
            if known[0] != result.reason:
                con.execute(
                    "update ops.load set reason = ? where load_id = ? and source_file = ? and status = 'refused'",
                    [result.reason, result.load_id, result.source_file],
                )
            return
    if result.status == "landed":
        con.execute("delete from ops.load where load_id = ? and status = 'refused'", [result.load_id])
    con.execute(
        f"insert into ops.load values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {NOW})",
        [
            result.load_id,
            result.load_seq,
            result.source_file,
            result.sha256,
            result.size_bytes,
            result.form_id,
            result.form_version,
            result.convention_id,
            result.service,
            result.rows_landed,
            result.rejected_lines,
            result.ignored_columns,
            result.status,
            result.reason,
            run_id,
        ],
    )


def record_rejected(con: duckdb.DuckDBPyConnection, result: LoadResult, rejected: Sequence[RejectedLine]) -> None:
    """Write where the records of a file are that could not be landed, and why."""
    if rejected:
        con.execute(
            "insert into ops.rejected_line (load_id, source_file, source_row, column_name, reason, source_path) "
            "select ?, ?, unnest(?::bigint[]), unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::varchar[])",
            [
                result.load_id,
                result.source_file,
                [line.source_row for line in rejected],
                [line.column_name for line in rejected],
                [line.reason for line in rejected],
                [line.source_path for line in rejected],
            ],
        )


def rejected_lines_of(con: duckdb.DuckDBPyConnection, run_id: str | None = None) -> list[str]:
    """A line for each landed file of which records were rejected, of one run or of all: the file, and how many."""
    rows = con.execute(
        "select source_file, rejected_lines, rows_landed from ops.load where status = 'landed' and rejected_lines > 0 "
        "and ($run_id is null or run_id = $run_id) order by rejected_lines desc, source_file",
        {"run_id": run_id},
    ).fetchall()
    return [f"{file}: {rejected:,} of {rejected + landed:,} records" for file, rejected, landed in rows]


def record_reading(con: duckdb.DuckDBPyConnection, result: LoadResult, services: str, catalogue: str) -> None:
    """Write by which rules the records of a file were read; `services` and `catalogue` are hashes."""
    con.execute(
        f"insert into ops.reading values (?, ?, ?, ?, ?, ?, {NOW})",
        [result.load_id, result.load_seq, FOLDING_VERSION, CLEANING_VERSION, services, catalogue],
    )


def record_absent(
    con: duckdb.DuckDBPyConnection, result: LoadResult, question_ids: Sequence[str], *, unknown_columns: int
) -> None:
    """Write which questions a file of forms has no column for; what was written of the same load before goes.

    Parameters:
        unknown_columns: how many of its columns were not understood. One of them may hold what seems to be absent.
    """
    con.execute("delete from ops.absent_question where load_id = ?", [result.load_id])
    if question_ids:
        con.execute(
            "insert into ops.absent_question select ?, ?, unnest(?::varchar[]), ?",
            [result.load_id, result.form_id, list(question_ids), unknown_columns],
        )
