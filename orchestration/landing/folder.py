"""Landing: delivered files into `raw.*`, one load per file, append-only.

What identifies a child never reaches the warehouse in clear: identifiers become keyed pseudonyms, the date of
birth a month, the postcode a sector, and a column outside the catalogue is not stored at all. A file is
landed whole with its ledger entry in one transaction, or refused whole with a sentence; records that cannot
be read are written down one by one with their place and reason. Landed and rejected records add up to the
records of the file.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb

from catalogue import Catalogue, Question, load_catalogue
from catalogue.returns import load_returns
from orchestration.errors import OperatorError
from orchestration.landing.forms.recognise import ERASURE, FileRefusedError, Recognised, header_score, recognise
from orchestration.landing.ledger import (
    LoadResult,
    RejectedLine,
    ensure_ledger,
    landed_hashes,
    landed_load,
    next_load_seq,
    record_load,
)
from orchestration.landing.minimise import sector_sql
from orchestration.landing.pseudonym import (
    DEVELOPMENT_NOTICE,
    PseudonymKey,
    identifier_sql,
    key_from_environment,
    pseudonym_sql,
)
from orchestration.landing.reading import date_sql, month_sql, service_sql
from orchestration.landing.returns.land import is_return, land_return
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.landing.tabular import (
    Source,
    Tally,
    head_records,
    open_source,
    sha256_of,
    split_cells,
    write_working_copy,
)
from orchestration.settings import Settings
from orchestration.warehouse import literal, open_warehouse

__all__ = ["LoadResult", "ensure_raw_tables", "land_file", "land_folder", "raw_table"]

META_COLUMNS = (
    ("landed_row_id", "BIGINT"),
    ("load_id", "VARCHAR"),
    ("load_seq", "INTEGER"),
    ("source_file", "VARCHAR"),
    ("source_row", "BIGINT"),
    ("content_hash", "VARCHAR"),
    ("landed_at", "TIMESTAMP"),
    ("is_erased", "BOOLEAN"),
)
ROW_ID_FACTOR = 4_294_967_296
_WORK_FOLDER = "landing_work"
_COPY = "records-{}.csv"
_IGNORED_NAMES = {"readme.md"}
# Two exports of one submission differ in these even when nobody changed an answer.
_NOT_CONTENT = {"submission_id", "form_version", "submitted_at", "edited_at"}
_KINDS = {"submission_id": "submission", "client_id": "client", "case_reference": "case"}
_MAXIMUM_SERVICES = 50
_TOO_SHORT = "It has too few columns."
_TOO_LONG = "It has too many columns."
_UNREADABLE = "It holds characters that cannot be read."
_SHIFTED = "It has a value beyond its last column, so its values may stand in the wrong columns."
_QUOTES = "Its quotation marks do not pair up."


@dataclass(frozen=True)
class _Reading:
    """A working copy, and how DuckDB is to read it."""

    copy: Path
    delimiter: bytes
    width: int
    tally: Tally
    first_record: int

    @property
    def records(self) -> int:
        """How many records lie below the header rows."""
        return self.tally.records - self.first_record + 1

    def table_sql(self) -> str:
        """The table function that reads the copy: record_no, c1 … cN, all VARCHAR.

        Records it cannot read are passed over; which those are is told by the numbers that did not arrive. What
        DuckDB itself notes about them is not used: after a broken quotation mark it names the wrong lines, and
        it would keep their text.
        """
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in ["record_no", *self.names()])
        return (
            f"read_csv({literal(self.copy)}, auto_detect = false, header = false, columns = {{{columns}}}, "
            f"delim = '{self.delimiter.decode()}', quote = '\"', escape = '\"', new_line = '\\n', "
            "ignore_errors = true)"
        )

    def names(self) -> list[str]:
        """Names of the columns of the file, in order."""
        return [f"c{place}" for place in range(1, self.width + 1)]


@dataclass
class _Delivery:
    """A file as far as it can be read without the warehouse; `error` is what stopped that, if anything did.

    `copy` is where its working copy lies, when it is a form; it belongs to whoever lands the file.
    """

    path: Path
    copy: Path
    sha256: str = ""
    size_bytes: int = 0
    recognised: Recognised | None = None
    reading: _Reading | None = None
    error: Exception | None = None


def raw_table(form_id: str) -> str:
    """Qualified name of the raw table of a form."""
    return f"raw.insights_{form_id}"


def land_folder(
    settings: Settings,
    *,
    run_id: str,
    progress: Callable[[str], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[LoadResult]:
    """Land every file below the raw folder, in the order of their paths.

    README.md files and names that begin with a dot are passed over; everything else is landed, already
    landed or refused. One refusal never stops the rest.

    Parameters:
        settings: where the raw folder and the warehouse are.
        run_id: written beside every ledger entry.
        progress: receives one line per file; lines hold names and counts, never a value of a row.
        meanwhile: called once, when the first file has been read and the database begins to write it: from then on
            the interpreter is idle most of the time.

    Returns one LoadResult per file, in the order of landing.

    Raises OperatorError: the raw folder is missing, the pseudonym key is missing or weak, the warehouse is in
    use by another process, or its disk fails. Files landed before that stay landed.
    """
    say = progress or (lambda line: None)
    key = key_from_environment(settings.environment)
    if not settings.raw_dir.is_dir():
        raise OperatorError(
            f"The raw folder {settings.raw_dir} does not exist. Nothing was landed. Create it and put the exports "
            "there, or name another one with --raw."
        )
    if key.is_development:
        say(DEVELOPMENT_NOTICE)
    paths = list(_deliveries(settings.raw_dir))
    if not paths:
        say(f"There are no files in {settings.raw_dir}.")
    catalogue = load_catalogue()
    results = []
    with open_warehouse(settings, for_landing=True) as con:
        work_dir = settings.warehouse_path.parent / _WORK_FOLDER
        with _private_folder(work_dir):
            ensure_ledger(con)
            ensure_raw_tables(con, catalogue)
            ensure_return_tables(con, load_returns())
            # Left to itself DuckDB tries every way of compressing on each of three hundred columns of text: as much
            # work as reading the file.
            con.execute("set force_compression = 'dict_fsst'")
            # A checkpoint after every small file would write the last row group of a wide table again each time.
            con.execute("set wal_autocheckpoint = '1TB'")
            read = partial(_read, raw_dir=settings.raw_dir, catalogue=catalogue, known=landed_hashes(con))
            with closing(_read_ahead(paths, work_dir, read)) as deliveries:
                for delivery in deliveries:
                    if meanwhile is not None:
                        meanwhile()
                        meanwhile = None
                    result = _land_delivery(
                        con, delivery, raw_dir=settings.raw_dir, catalogue=catalogue, key=key, run_id=run_id
                    )
                    say(_line(result))
                    results.append(result)
    return results


def land_file(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    raw_dir: Path,
    catalogue: Catalogue,
    key: PseudonymKey,
    run_id: str,
    work_dir: Path,
) -> LoadResult:
    """Land one file: rows and ledger entry in one transaction.

    Parameters:
        con: a connection to the warehouse, on which `ensure_ledger` and `ensure_raw_tables` were called.
        path: the file; ``raw_dir`` is the folder its name in the ledger is relative to.
        work_dir: an existing private folder for the working copy, which is gone when this returns.

    Returns the result; a refused file is a result, not an exception.

    Raises OperatorError: the disk or the memory failed; nothing of this file is landed.
    """
    copy = work_dir / _COPY.format(0)
    delivery = _read(path, copy, raw_dir=raw_dir, catalogue=catalogue, known=landed_hashes(con))
    return _land_delivery(con, delivery, raw_dir=raw_dir, catalogue=catalogue, key=key, run_id=run_id)


def _read_ahead(paths: Iterable[Path], work_dir: Path, read: Callable[[Path, Path], _Delivery]) -> Generator[_Delivery]:
    """Every file in order, each read while the one before is landed: the database leaves part of a processor idle."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as pool:
        waiting: deque[Future[_Delivery]] = deque()
        for number, path in enumerate(paths):
            waiting.append(pool.submit(read, path, work_dir / _COPY.format(number)))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read(path: Path, copy: Path, *, raw_dir: Path, catalogue: Catalogue, known: Collection[str]) -> _Delivery:
    """Hash a file and, if it is a form of a content not `known` yet, recognise it and write its working copy."""
    delivery = _Delivery(path, copy)
    try:
        delivery.sha256 = sha256_of(path)
        delivery.size_bytes = path.stat().st_size
        if delivery.sha256 not in known and not is_return(path, raw_dir):
            source = open_source(path)
            delivery.recognised, delimiter = _recognise(catalogue, source)
            delivery.reading = _copy(source, delimiter, delivery.recognised, copy)
    except Exception as error:
        # Told when it is this file's turn.
        delivery.error = error
    return delivery


def _land_delivery(
    con: duckdb.DuckDBPyConnection,
    delivery: _Delivery,
    *,
    raw_dir: Path,
    catalogue: Catalogue,
    key: PseudonymKey,
    run_id: str,
) -> LoadResult:
    path, copy = delivery.path, delivery.copy
    source_file = path.relative_to(raw_dir).as_posix().encode("utf-8", "replace").decode()
    result = LoadResult(source_file=source_file, status="refused", load_id="")
    try:
        if delivery.sha256:
            sha256 = delivery.sha256
            result = replace(result, load_id=sha256[:16], sha256=sha256, size_bytes=delivery.size_bytes)
            landed = landed_load(con, sha256)
            if landed is not None:
                same = "" if landed[0] == source_file else f" as {landed[0]}"
                return replace(
                    result,
                    status="already_landed",
                    load_seq=landed[1],
                    reason=f"The same bytes were landed before{same}.",
                )
        recognised = delivery.recognised
        if recognised is not None:
            result = replace(
                result,
                form_id=recognised.form_id,
                form_version=recognised.form_version,
                convention_id=recognised.convention_id,
                ignored_columns=recognised.ignored(),
            )
        if delivery.error is not None:
            raise delivery.error
        if recognised is None or delivery.reading is None:
            return land_return(con, path, result, raw_dir=raw_dir, key=key, run_id=run_id, copy=copy)
        result = replace(result, load_seq=next_load_seq(con))
        return _land(con, delivery.reading, recognised, result, catalogue, key, run_id)
    except FileRefusedError as refusal:
        return _refuse(con, result, f"{refusal} Nothing of this file was landed.", run_id)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # DuckDB's own message quotes the line it stumbled over, so it is not passed on.
        return _refuse(
            con, result, "It cannot be read as a table. Nothing of this file was landed. Export it again.", run_id
        )
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise OperatorError(
            f"Landing {source_file} failed because the disk or the memory is full, or the warehouse cannot be "
            "written. Nothing of this file was landed; files before it stay landed. Make room and run again."
        ) from None
    except OSError as error:
        if copy.exists():
            raise OperatorError(
                f"Landing {source_file} failed while its working copy was written ({error.strerror}). Nothing of "
                "this file was landed. Make room on the disk of the warehouse and run again."
            ) from None
        if not result.load_id:
            result = replace(result, load_id=_name_hash(con, source_file))
        return _refuse(
            con,
            result,
            f"It cannot be opened ({error.strerror}). Nothing of this file was landed. Check its permissions.",
            run_id,
        )
    finally:
        copy.unlink(missing_ok=True)


def ensure_raw_tables(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Create `raw.insights_<form>` for every form of the catalogue, and add columns the catalogue has gained.

    Columns the catalogue no longer has stay, with what they hold: raw tables only grow.
    """
    con.execute("create schema if not exists raw")
    for form_id in catalogue.forms:
        columns = [
            *META_COLUMNS,
            *((column.name, "VARCHAR") for column in catalogue.raw_columns(form_id)),
        ]
        table = raw_table(form_id)
        con.execute(f"create table if not exists {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
        present = _columns_of(con, form_id)
        for name, kind in columns:
            if name not in present:
                con.execute(f"alter table {table} add column {name} {kind}")


def _columns_of(con: duckdb.DuckDBPyConnection, form_id: str) -> list[str]:
    description = con.execute(f"select * from {raw_table(form_id)} limit 0").description or []
    return [str(column[0]) for column in description]


def _deliveries(raw_dir: Path) -> Iterator[Path]:
    """Files to land, in the order of their relative paths."""
    found = [
        path
        for path in raw_dir.rglob("*")
        if path.is_file()
        and path.name.lower() not in _IGNORED_NAMES
        and not any(part.startswith(".") for part in path.relative_to(raw_dir).parts)
    ]
    yield from sorted(found, key=lambda path: path.relative_to(raw_dir).as_posix())


@contextmanager
def _private_folder(folder: Path) -> Iterator[None]:
    """An empty folder only this user can read, removed afterwards.

    What an interrupted run left there is personal data in clear, so it goes first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _recognise(catalogue: Catalogue, source: Source) -> tuple[Recognised, bytes]:
    """The form of a file, and the delimiter under which it shows."""
    best: tuple[int, bytes, list[list[str]]] | None = None
    for delimiter in source.delimiters:
        rows = head_records(source, delimiter, count=4)
        score = header_score(catalogue, rows)
        if best is None or score > best[0]:
            best = (score, delimiter, rows)
    assert best is not None
    _, delimiter, rows = best
    recognised = recognise(catalogue, rows)
    if len(rows) > recognised.header_rows:
        recognised = _with_trailing_comma(recognised, rows[recognised.header_rows])
    return recognised, delimiter


def _with_trailing_comma(recognised: Recognised, first: Sequence[str]) -> Recognised:
    """Some portals end every record, or only the header row, with a comma: one column more, with nothing in it."""
    width = recognised.width
    if len(first) == width + 1 and not first[-1].strip():
        return replace(
            recognised,
            columns=(*recognised.columns, None),
            unnamed_positions=(*recognised.unnamed_positions, width + 1),
        )
    if len(first) == width - 1 and width in recognised.unnamed_positions:
        return replace(
            recognised,
            columns=recognised.columns[:-1],
            unnamed_positions=recognised.unnamed_positions[:-1],
        )
    return recognised


def _copy(source: Source, delimiter: bytes, recognised: Recognised, copy: Path) -> _Reading:
    tally = Tally(width=recognised.width)
    write_working_copy(source, delimiter, recognised.header_rows, copy, tally)
    reading = _Reading(copy, delimiter, recognised.width, tally, recognised.header_rows + 1)
    if reading.records < 1:
        raise FileRefusedError("It holds a header row and no records.")
    if tally.ends_open:
        raise FileRefusedError(
            f"It is cut off: record {tally.records:,}, the last one, ends in the middle of a quoted text. Export it "
            "again."
        )
    return reading


def _land(
    con: duckdb.DuckDBPyConnection,
    reading: _Reading,
    recognised: Recognised,
    result: LoadResult,
    catalogue: Catalogue,
    key: PseudonymKey,
    run_id: str,
) -> LoadResult:
    con.execute("begin transaction")
    try:
        if recognised.form_id == ERASURE:
            rejected = _land_erasures(con, reading, recognised, result, catalogue, key)
        else:
            rejected = _land_form(con, reading, recognised, result, catalogue, key)
            result = replace(
                result,
                form_version=_form_version(con, catalogue, recognised, result),
                service=_services(con, catalogue, recognised, result),
                reason=_absent_note(recognised),
            )
        result = replace(
            result,
            status="landed",
            rows_landed=reading.records - len(rejected),
            rejected_lines=len(rejected),
        )
        record_load(con, result, run_id, rejected)
        con.execute("commit")
    except BaseException:
        # An error of the commit itself has ended the transaction already.
        _rollback(con)
        raise
    return result


def _land_form(
    con: duckdb.DuckDBPyConnection,
    reading: _Reading,
    recognised: Recognised,
    result: LoadResult,
    catalogue: Catalogue,
    key: PseudonymKey,
) -> list[RejectedLine]:
    """Insert the rows of a form; returns the records that were not."""
    form_id = recognised.form_id
    has_tombstones = con.execute("select 1 from ops.erasure limit 1").fetchone() is not None
    names = [column.name for column in catalogue.raw_columns(form_id)]
    statement = (
        f"insert into {raw_table(form_id)} ({', '.join(name for name, _ in META_COLUMNS)}, {', '.join(names)}) "
        + _form_select(catalogue, recognised, reading, has_tombstones)
    )
    inserted = _count(
        con.execute(
            statement,
            {
                **key.parameters(),
                "load_id": result.load_id,
                "load_seq": result.load_seq,
                "source_file": result.source_file,
            },
        )
    )
    table = f"(select * from {raw_table(form_id)} where load_seq = {result.load_seq})"
    return _rejected(con, reading, recognised, inserted, table, names)


def _form_select(catalogue: Catalogue, recognised: Recognised, reading: _Reading, has_tombstones: bool) -> str:
    """The SELECT that turns records of the working copy into rows of the raw table."""
    form_id = recognised.form_id
    place_of = {name: f"c{place}" for place, name in enumerate(recognised.columns, start=1) if name}
    service = next(
        (
            place_of[column.name]
            for column in catalogue.raw_columns(form_id)
            if catalogue.questions[column.question_id].question_code == "service" and column.name in place_of
        ),
        "cast(null as varchar)",
    )
    stored: list[str] = []
    content: list[str] = []
    client_column = None
    for column in catalogue.raw_columns(form_id):
        question = catalogue.questions[column.question_id]
        if question.question_code == "client_id":
            client_column = column.name
        if column.name not in place_of:
            continue
        stored.append(f"{_stored_sql(question, place_of[column.name])} as {column.name}")
        if question.question_code not in _NOT_CONTENT:
            content.append(column.name)

    # Every cell keeps its place, empty or not, so that no two different rows read the same. (Naming the cells
    # and leaving out the empty ones would also do, at half as much again as the whole load.)
    content_hash = f"md5(concat({', chr(31), '.join(content)}))"
    erased = "false"
    if has_tombstones and client_column in place_of:
        erased = f"coalesce({client_column} in (select client_key from ops.erasure), false)"
    outputs = []
    for column in catalogue.raw_columns(form_id):
        output = column.name if column.name in place_of else "cast(null as varchar)"
        if has_tombstones and column.name in place_of:
            output = f"case when is_erased then null else {output} end"
        outputs.append(output)
    tails = _tail_columns(recognised)
    is_whole = " and ".join(f"{tail} is null" for tail in tails) or "true"
    hash_output = f"case when is_erased then null else {content_hash} end" if has_tombstones else content_hash
    return f"""
        with record as (
            select *, {service_sql(service)} as service_name
            from {reading.table_sql()}
            where {is_whole}
        ),
        stored as (
            select cast(record_no as bigint) as source_row, {", ".join(stored)}
            from record
        ),
        marked as (
            select *, {erased} as is_erased
            from stored
        )
        select
            cast($load_seq as bigint) * {ROW_ID_FACTOR} + source_row,
            $load_id,
            $load_seq,
            $source_file,
            source_row,
            {hash_output},
            cast(now() at time zone 'UTC' as timestamp),
            is_erased,
            {", ".join(outputs)}
        from marked
    """


def _stored_sql(question: Question, column: str) -> str:
    """What is kept of one cell: the text, a pseudonym, a month or a sector, as the catalogue says."""
    if question.storage == "pseudonym":
        kind = _KINDS.get(question.question_code, question.question_code)
        return pseudonym_sql(kind, "service_name", identifier_sql(column))
    if question.storage == "month":
        return month_sql(column)
    if question.storage == "sector":
        return sector_sql(column)
    return column


def _tail_columns(recognised: Recognised) -> list[str]:
    """Columns without a name at the end of the header row. A value there means a record that has slipped."""
    tails = []
    place = recognised.width
    while place in recognised.unnamed_positions:
        tails.append(f"c{place}")
        place -= 1
    return tails


def _rejected(
    con: duckdb.DuckDBPyConnection,
    reading: _Reading,
    recognised: Recognised,
    inserted: int,
    table: str,
    names: Sequence[str],
) -> list[RejectedLine]:
    """The records that did not arrive in ``table`` (a table or subquery with source_row and ``names``), and why.

    Refuses the file where a record that arrived may hold others, or where one that did not may hide others.
    """
    if inserted == reading.records:
        missing: list[int] = []
    else:
        missing = [
            int(number)
            for (number,) in con.execute(
                f"select number from range({reading.first_record}, {reading.tally.records + 1}) as r(number) "
                f"anti join {table} as arrived on arrived.source_row = r.number order by number"
            ).fetchall()
        ]
    counted = con.execute(
        f"select count(distinct source_row), coalesce(min(source_row), {reading.first_record}), "
        f"coalesce(max(source_row), 0) from {table}"
    ).fetchall()[0]
    is_whole = counted[0] == inserted and counted[1] >= reading.first_record and counted[2] <= reading.tally.records
    if missing and is_whole:
        # The copy has one record per line, so a line break in a cell is a record inside another.
        merged = " || ".join(f"coalesce({name}, '')" for name in names)
        is_whole = not _count(con.execute(f"select count(*) from {table} where contains({merged}, chr(10))"))
    if not is_whole or inserted + len(missing) != reading.records:
        raise FileRefusedError(
            f"Its {reading.records:,} records do not come out whole: its quotation marks or separators are broken. "
            "Export it again."
        )
    swallowing = sorted(reading.tally.swallowing.intersection(missing))
    if swallowing:
        raise FileRefusedError(
            f"A quotation mark opened in record {swallowing[0]:,} is not closed where it should be, so it cannot be "
            "told where the records below it begin. Export it again."
        )
    rejected = _reasons(reading, recognised, missing)
    last = reading.tally.records
    if reading.tally.ends_bare and rejected and rejected[-1] == RejectedLine(last, None, _TOO_SHORT):
        raise FileRefusedError(
            f"It is cut off: record {last:,}, the last one, ends before its last column. Export it again."
        )
    return rejected


def _reasons(reading: _Reading, recognised: Recognised, missing: Sequence[int]) -> list[RejectedLine]:
    """Why records did not arrive, in their order: read again, one by one, from the working copy."""
    broken = reading.tally.broken
    reasons = {number: _QUOTES for number in missing if number in broken}
    wanted = set(missing) - broken
    if wanted:
        with reading.copy.open("rb") as handle:
            for line in handle:
                number = int(line.partition(reading.delimiter)[0])
                if number in wanted:
                    reasons[number] = _reason(reading, recognised, line.rstrip(b"\n"))
    return [RejectedLine(number, None, reasons[number]) for number in missing]


def _reason(reading: _Reading, recognised: Recognised, line: bytes) -> str:
    cells = split_cells(line, reading.delimiter)[1:]
    if len(cells) != reading.width:
        return _TOO_SHORT if len(cells) < reading.width else _TOO_LONG
    if any(cells[int(tail[1:]) - 1] for tail in _tail_columns(recognised)):
        return _SHIFTED
    return _UNREADABLE if "\ufffd" in "".join(cells) else _QUOTES


def _land_erasures(
    con: duckdb.DuckDBPyConnection,
    reading: _Reading,
    recognised: Recognised,
    result: LoadResult,
    catalogue: Catalogue,
    key: PseudonymKey,
) -> list[RejectedLine]:
    """Write tombstones and empty the landed rows of those clients; returns the records that could not be used."""
    place_of = {name: f"c{place}" for place, name in enumerate(recognised.columns, start=1) if name}
    con.execute(
        "create or replace temp table landing_erasure as "
        f"with record as (select *, nullif({service_sql(place_of['service'])}, '') as service_name "
        f"from {reading.table_sql()}) "
        "select cast(record_no as bigint) as source_row, service_name, "
        f"{pseudonym_sql('client', 'service_name', identifier_sql(place_of['client_id']))} as client_key, "
        f"{date_sql(place_of['requested_on'])} as requested_on from record",
        key.parameters(),
    )
    read = _count(con.execute("select count(*) from landing_erasure"))
    cells = ["service_name", "client_key"]
    rejected = _rejected(con, reading, recognised, read, "landing_erasure", cells)
    unusable = con.execute(
        "select source_row, service_name is null from landing_erasure where service_name is null or client_key is null"
    ).fetchall()
    rejected += [
        RejectedLine(int(row), "service" if no_service else "client_id", "It names no service or no client.")
        for row, no_service in unusable
    ]
    con.execute(
        "insert into ops.erasure select service_name, client_key, min(requested_on), ? from landing_erasure "
        "where service_name is not null and client_key is not null "
        "and client_key not in (select client_key from ops.erasure) group by all order by client_key",
        [result.load_id],
    )
    con.execute("drop table landing_erasure")
    for form_id in catalogue.forms:
        client_column = next(
            column.name
            for column in catalogue.raw_columns(form_id)
            if catalogue.questions[column.question_id].question_code == "client_id"
        )
        meta = {name for name, _ in META_COLUMNS}
        emptied = ", ".join(f"{name} = null" for name in _columns_of(con, form_id) if name not in meta)
        con.execute(
            f"update {raw_table(form_id)} set {emptied}, content_hash = null, is_erased = true "
            f"where {client_column} in (select client_key from ops.erasure)"
        )
    return sorted(rejected, key=lambda line: line.source_row)


def _form_version(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, recognised: Recognised, result: LoadResult
) -> str | None:
    """The versions the records name, as far as the catalogue knows them; else the one the header row speaks."""
    column = _admin_column(catalogue, recognised, "form_version")
    if column is not None:
        rows = con.execute(
            f"select distinct lower(trim({column})) from {raw_table(recognised.form_id)} where load_seq = ?",
            [result.load_seq],
        ).fetchall()
        known = {version.form_version for version in catalogue.form_versions(recognised.form_id)}
        named = sorted(known & {row[0] for row in rows})
        if named:
            return ", ".join(named)
    return recognised.form_version


def _services(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, recognised: Recognised, result: LoadResult
) -> str | None:
    """The services that sent the records of a load, by normalised name."""
    column = _admin_column(catalogue, recognised, "service")
    if column is None:
        return None
    rows = con.execute(
        f"select distinct {service_sql(column)} as service from {raw_table(recognised.form_id)} "
        f"where load_seq = ? and {column} is not null order by service",
        [result.load_seq],
    ).fetchall()
    if len(rows) > _MAXIMUM_SERVICES:
        # So many names are no services: the column holds something else, which has no place in a ledger.
        return f"{len(rows):,} services"
    return ", ".join(str(row[0]) for row in rows) or None


def _admin_column(catalogue: Catalogue, recognised: Recognised, code: str) -> str | None:
    for column in catalogue.raw_columns(recognised.form_id):
        if catalogue.questions[column.question_id].question_code == code:
            return column.name if column.name in recognised.columns else None
    return None


def _absent_note(recognised: Recognised) -> str | None:
    if not recognised.absent_columns:
        return None
    several = recognised.absent_columns > 1
    return (
        f"{recognised.absent_columns:,} column{'s' if several else ''} of this form version "
        f"{'are' if several else 'is'} not in the file; what {'they' if several else 'it'} would hold counts as "
        "missing."
    )


def _refuse(con: duckdb.DuckDBPyConnection, result: LoadResult, reason: str, run_id: str) -> LoadResult:
    refused = replace(result, status="refused", load_seq=None, rows_landed=0, rejected_lines=0, reason=reason)
    record_load(con, refused, run_id, [])
    return refused


def _name_hash(con: duckdb.DuckDBPyConnection, source_file: str) -> str:
    """A load_id for a file whose bytes cannot be read."""
    row = con.execute("select left(sha256(?), 16)", [source_file]).fetchone()
    assert row is not None
    return str(row[0])


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("rollback")
    except duckdb.TransactionException:
        return


def _count(relation: duckdb.DuckDBPyConnection) -> int:
    row = relation.fetchone()
    assert row is not None
    return int(row[0])


def _line(result: LoadResult) -> str:
    """One line of progress about one file."""
    if result.status == "refused":
        return f"{result.source_file}: REFUSED. {result.reason}"
    if result.status == "already_landed":
        return f"{result.source_file}: already landed"
    what = "erasure list" if result.form_id == ERASURE else f"{result.form_id} {result.form_version or ''}".rstrip()
    rejected = f", {result.rejected_lines:,} rejected" if result.rejected_lines else ""
    return f"{result.source_file}: landed, {what}, {result.rows_landed:,} records{rejected}"
