"""Landing of a return: its records through its reader to the writer, and the refusal of a wrong year."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from catalogue.returns import LOOKED_AFTER
from orchestration.landing.ledger import LoadResult, RejectedLine
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.reading import date_sql
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.deliveries import record_delivery
from orchestration.landing.returns.reader import ReadAgainError, Statement
from orchestration.landing.returns.recognise import Return
from orchestration.landing.returns.tables import return_table
from orchestration.landing.returns.writer import RecordWriter
from orchestration.landing.transaction import begin_again
from orchestration.progress import many

#: A file of which more than one record in so many is rejected is refused.
_ONE_IN = 10
_SHOWN = 3


def land_return(
    con: duckdb.DuckDBPyConnection, delivered: Return, result: LoadResult, key: PseudonymKey
) -> tuple[LoadResult, list[RejectedLine]]:
    """Append the records of a return, within a transaction; rejected ones are written where they are found.

    Returns its entry in the ledger, and no rejected records that would still have to be written.

    Raises FileRefusedError: the file cannot be used; the message says why.
    """
    delivery, reader = delivered.delivery, delivered.reader
    result = replace(
        result,
        form_id=reader.return_id,
        form_version=str(delivery.year) if delivery.year else None,
        convention_id=reader.file_format,
        service=delivery.la_code,
    )
    while True:
        writer = RecordWriter(con, delivered.returns, result, delivery.la_code, delivery.year, key)
        try:
            with writer:
                reader.read(writer)
            break
        except ReadAgainError:
            begin_again(con)
    statement = reader.statement()
    _refuse_rejected(writer, statement)
    if reader.return_id == LOOKED_AFTER and delivery.year is not None:
        _refuse_other_year(con, delivery.year, result)
    record_delivery(con, delivered.returns, result, delivery, statement)
    result = replace(
        result,
        rows_landed=writer.landed,
        rejected_lines=writer.rejected,
        ignored_columns=reader.ignored(),
        reason=reader.note(),
    )
    return result, []


def _refuse_rejected(writer: RecordWriter, statement: Statement) -> None:
    """Refuse a file of which more than a tenth cannot be used: what is left of it is no statement of anything."""
    records = writer.landed + writer.rejected
    if writer.rejected * _ONE_IN <= records:
        return
    reasons = [
        f"{reason[:-1]}{f' ({column})' if column else ''}: {many(count, 'record')}"
        for (column, reason), count in writer.reasons.most_common(_SHOWN)
    ]
    raise FileRefusedError(
        f"{writer.rejected:,} of its {many(records, 'record')} cannot be used, more than one in {_ONE_IN}. "
        f"{'; '.join(reasons)}. {statement.advice + ' ' if statement.advice else ''}Export it again as the guide of "
        "the return lays it out."
    )


def _refuse_other_year(con: duckdb.DuckDBPyConnection, year: int, result: LoadResult) -> None:
    """Refuse episodes that cannot be those of the year of the folder: the return itself does not say its year."""
    counts = con.execute(
        f"""
        with episode as (
            select {date_sql("start_date")} as started, {date_sql("end_date")} as ended
            from {return_table("s903_episode")}
            where load_seq = $load_seq
        )
        select
            count(*), count(*) filter (started >= make_date($year, 4, 1)),
            count(*) filter (ended < make_date($year - 1, 4, 1))
        from episode
        """,
        {"load_seq": result.load_seq, "year": year},
    ).fetchall()[0]
    episodes, later, earlier = (int(count) for count in counts)
    if episodes and later * 2 > episodes:
        raise FileRefusedError(
            f"Most of its episodes begin after the year of its folder, {year}. Put it in the folder of its own year."
        )
    if episodes and earlier == episodes:
        raise FileRefusedError(
            f"All of its episodes ended before the year of its folder, {year}. Put it in the folder of its own year."
        )
