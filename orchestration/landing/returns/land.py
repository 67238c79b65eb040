"""Landing of one file below `social_care/`: recognise, read, append, all in one transaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb

from catalogue.returns import ANNEX_A, CENSUS, LOOKED_AFTER, ReturnCatalogue, load_returns
from orchestration.landing.forms.recognise import FileRefusedError
from orchestration.landing.ledger import LoadResult, next_load_seq, record_load
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.reading import date_sql
from orchestration.landing.returns.annex_a import read_annex_a
from orchestration.landing.returns.csv_reader import read_csv, recognise_csv
from orchestration.landing.returns.delivery import Delivery, deliver
from orchestration.landing.returns.sink import Sink
from orchestration.landing.returns.tables import FOLDER
from orchestration.landing.returns.xml_reader import NotPlainError, read_plain_census, read_xml, recognise_xml
from orchestration.landing.tabular import open_source

_MEMORY_LIMIT = "400MB"


def is_return(path: Path, raw_dir: Path) -> bool:
    """Whether a file lies where returns lie; everything else is a form."""
    return path.relative_to(raw_dir).parts[0] == FOLDER


def land_return(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    result: LoadResult,
    *,
    raw_dir: Path,
    key: PseudonymKey,
    run_id: str,
    copy: Path,
    returns: ReturnCatalogue | None = None,
) -> LoadResult:
    """Land a file whose bytes are not landed yet: records of all kinds and the ledger entry in one transaction.

    Parameters:
        result: what is known of the file: its name, its hash, its size.
        copy: a path in a private folder, for the unpacked text of a packed file; the caller removes it.

    Raises FileRefusedError: nothing of the file was landed; the message says why.
    """
    seeds = returns or load_returns()
    delivery = deliver(path, raw_dir)
    result = replace(
        result,
        service=delivery.la_code,
        form_version=str(delivery.year) if delivery.year else None,
        load_seq=next_load_seq(con),
    )
    # DuckDB would keep in memory what it has written, as long as there is any.
    (limit,) = con.execute("select current_setting('memory_limit')").fetchall()[0]
    con.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
    con.execute("begin transaction")
    try:
        result = _read(con, delivery, result, seeds, key, copy)
        record_load(con, result, run_id, [])
        con.execute("commit")
    except BaseException:
        # An error of the commit itself has ended the transaction already.
        with suppress(duckdb.TransactionException):
            con.execute("rollback")
        raise
    finally:
        con.execute(f"set memory_limit = '{limit}'")
    return result


def _read(
    con: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    result: LoadResult,
    seeds: ReturnCatalogue,
    key: PseudonymKey,
    copy: Path,
) -> LoadResult:
    def sink_of(known: LoadResult) -> Sink:
        return Sink(con, seeds, known, delivery.la_code, delivery.year, key)

    if delivery.suffix == ".xml":
        facts = recognise_xml(seeds, delivery)
        result = _recognised(seeds, delivery, result, facts.return_id, "xml")
        try:
            if facts.return_id != CENSUS:
                raise NotPlainError
            with sink_of(result) as sink:
                ignored = read_plain_census(seeds, delivery, facts, sink)
        except NotPlainError:
            con.execute("rollback")
            con.execute("begin transaction")
            with sink_of(result) as sink:
                ignored = read_xml(seeds, delivery, facts, sink)
        result = replace(result, ignored_columns=ignored)
    elif delivery.suffix == ".xlsx":
        result = _recognised(seeds, delivery, result, ANNEX_A, "xlsx")
        with sink_of(result) as sink:
            ignored, note = read_annex_a(seeds, delivery.path, sink)
            result = replace(result, ignored_columns=ignored, reason=note)
    else:
        source = open_source(delivery.unpack_to(copy))
        columns = recognise_csv(seeds, source, delivery.year)
        return_id = seeds.records[columns.record_id].return_id
        result = _recognised(seeds, delivery, result, return_id, "csv")
        with sink_of(result) as sink:
            records = read_csv(seeds, source, columns, sink)
            note = columns.note() if records else "It holds a header row and no records."
            result = replace(result, ignored_columns=columns.ignored(), reason=note)
    if result.form_id == LOOKED_AFTER:
        _check_year(con, delivery, result)
    return replace(result, status="landed", rows_landed=sink.landed, rejected_lines=sink.rejected)


def _recognised(
    seeds: ReturnCatalogue, delivery: Delivery, result: LoadResult, return_id: str, file_format: str
) -> LoadResult:
    """The result with the return in it. Raises FileRefusedError when the return has no place in its folder."""
    kind = seeds.returns[return_id]
    if kind.has_collection_year and delivery.year is None:
        raise FileRefusedError(
            f"It is {kind.return_label}, which is collected by year. Put it in social_care/{delivery.la_code}/<year>."
        )
    if not kind.has_collection_year and delivery.year is not None:
        raise FileRefusedError(
            f"It is {kind.return_label}, which is not collected by year. Put it in "
            f"social_care/{delivery.la_code}/local."
        )
    return replace(result, form_id=return_id, convention_id=file_format)


def _check_year(con: duckdb.DuckDBPyConnection, delivery: Delivery, result: LoadResult) -> None:
    """Refuse episodes that cannot be those of the year of the folder: the return itself does not say its year."""
    counts = con.execute(
        f"""
        with episode as (
            select {date_sql("start_date")} as started, {date_sql("end_date")} as ended
            from raw.s903_episode
            where load_seq = $load_seq
        )
        select
            count(*), count(*) filter (started >= make_date($year, 4, 1)),
            count(*) filter (ended < make_date($year - 1, 4, 1))
        from episode
        """,
        {"load_seq": result.load_seq, "year": delivery.year},
    ).fetchall()[0]
    episodes, later, earlier = (int(count) for count in counts)
    if episodes and later * 2 > episodes:
        raise FileRefusedError(
            f"Most of its episodes begin after the year of its folder, {delivery.year}. Put it in the folder of its "
            "own year."
        )
    if episodes and earlier == episodes:
        raise FileRefusedError(
            f"All of its episodes ended before the year of its folder, {delivery.year}. Put it in the folder of its "
            "own year."
        )
