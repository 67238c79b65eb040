"""Records on their way into the raw tables: gathered in batches, minimised in SQL, appended in one transaction.

What a reader finds lies in memory only until its batch is written; identifiers become pseudonyms, dates of birth months
and postcodes sectors in the statement that inserts them, and of a code, a date or a number only what can be one is
kept. Batches are written by a second thread while the next one is read.
"""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import duckdb
import pyarrow as pa

from catalogue.social_care import ReturnCatalogue, ReturnField
from orchestration.ledger import LoadResult, RejectedLine
from orchestration.minimise import month_sql, sector_sql
from orchestration.pseudonym import PseudonymKey, identifier_sql, normalise_identifier, pseudonym_sql
from orchestration.social_care.tables import META_COLUMNS, return_table

#: Stands in raw for a value that is no code, date or number and so may be anything, a name included.
UNREADABLE = "(unreadable)"
ROW_ID_FACTOR = 4_294_967_296
_BATCH_ROWS = 60_000
_LONGEST_TEXT = 200
_SPACES = re.compile(r"\s+")
_PATTERNS = {
    "date": "^[0-9][0-9TtZz:./ +-]{0,39}$",
    "datetime": "^[0-9][0-9TtZz:./ +-]{0,39}$",
    "integer": "^[-+0-9., eE]{1,30}$",
    "number": "^[-+0-9., eE]{1,30}$",
}
# A code nobody knows is worth seeing; a word of more letters is not kept.
_CODE_PATTERN = "^[A-Z0-9*][A-Z0-9*_.-]{0,6}$"

#: (number in the file, line or record, path, number of the record it lies in, number of the child), then the values.
Row = tuple[object, ...]


class Sink:
    """Takes records and rejections of one file. Use as a context: leaving it waits for the last batch or drops it."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        returns: ReturnCatalogue,
        result: LoadResult,
        la_code: str,
        year: int | None,
        key: PseudonymKey,
    ) -> None:
        self._con = con
        self._returns = returns
        self._result = result
        self._la_code = la_code
        self._year = year
        self._key = key
        self._rows: dict[str, list[Row]] = {}
        self._rejected: list[RejectedLine] = []
        self._pool = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._statements: dict[str, str] = {}
        self.landed = 0
        self.rejected = 0

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._pool.shutdown(wait=True)
        if kind is None and self._writing is not None:
            self._writing.result()
            self._con.execute("drop table if exists landing_child")

    def rows(self, record_id: str) -> list[Row]:
        """The list to append records of a kind to. Call `settle` when they belong together with nothing to come."""
        return self._rows.setdefault(record_id, [])

    def reject(self, line: RejectedLine) -> None:
        """Note a record that cannot be landed."""
        self._rejected.append(line)
        self.rejected += 1

    def settle(self) -> None:
        """Write the batch if it is large enough: called between records that do not lie in one another."""
        if sum(map(len, self._rows.values())) + len(self._rejected) >= _BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand the batch to the writing thread, after it has finished the one before."""
        batch = {record_id: rows for record_id, rows in self._rows.items() if rows}
        rejected = self._rejected
        for record_id, rows in batch.items():
            self.landed += len(rows)
            self._rows[record_id] = []
        self._rejected = []
        if self._writing is not None:
            self._writing.result()
        self._writing = self._pool.submit(self._write, batch, rejected)

    def _write(self, batch: dict[str, list[Row]], rejected: list[RejectedLine]) -> None:
        con = self._con
        for record in self._returns.records_of(str(self._result.form_id)):
            rows = batch.pop(record.record_id, None)
            if rows is None:
                continue
            width = len(self._returns.stored(record.record_id))
            arrow = _arrow(rows, width)
            rows.clear()
            con.register("landing_batch", arrow)
            try:
                if self._is_child(record.record_id):
                    con.execute(self._child_sql(record.record_id), self._key.parameters())
                if record.record_id not in self._statements:
                    self._statements[record.record_id] = self._insert_sql(record.record_id)
                statement = self._statements[record.record_id]
                con.execute(statement, self._parameters(statement))
            finally:
                con.unregister("landing_batch")
        if rejected:
            con.execute(
                "insert into ops.rejected_line (load_id, source_file, source_row, column_name, reason, source_path) "
                "select ?, ?, unnest(?::bigint[]), unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::varchar[])",
                [
                    self._result.load_id,
                    self._result.source_file,
                    [line.source_row for line in rejected],
                    [line.column_name for line in rejected],
                    [line.reason for line in rejected],
                    [line.source_path for line in rejected],
                ],
            )

    def _is_child(self, record_id: str) -> bool:
        """Whether records of other kinds take their child from this one."""
        record = self._returns.records[record_id]
        return record.parent_record_id is None and any(
            self._returns.takes_child_of_parent(other.record_id) for other in self._returns.records_of(record.return_id)
        )

    def _child_sql(self, record_id: str) -> str:
        """The keys of the children of a batch, made once for everything that lies in them."""
        place, field = next(
            (place, field)
            for place, field in enumerate(self._returns.stored(record_id))
            if field.field_id == "child_key"
        )
        return (
            "create or replace temp table landing_child as "
            f"select no as child_no, {self._stored_sql(field, f'v{place}')} as child_key from landing_batch"
        )

    def _parameters(self, statement: str) -> dict[str, object]:
        parameters: dict[str, object] = {
            "load_id": self._result.load_id,
            "load_seq": self._result.load_seq,
            "source_file": self._result.source_file,
            "la_code": self._la_code,
            "collection_year": self._year,
        }
        if "$ipad" in statement:
            parameters |= self._key.parameters()
        return parameters

    def _insert_sql(self, record_id: str) -> str:
        """The statement that turns the rows of `landing_batch` into rows of the raw table."""
        fields = self._returns.stored(record_id)
        inherits = self._returns.takes_child_of_parent(record_id)
        is_child = self._is_child(record_id)
        stored = ["landing_child.child_key"] if inherits else []
        for place, field in enumerate(fields):
            is_keyed = is_child and field.field_id == "child_key"
            value = "landing_child.child_key" if is_keyed else self._stored_sql(field, f"batch.v{place}")
            stored.append(f"{value} as {field.field_id}")
        columns = self._returns.raw_columns(record_id)
        number = "no" if is_child else "child_no"
        child = ""
        if inherits or is_child:
            child = f"inner join landing_child on landing_child.child_no = batch.{number}"
        first = "cast($load_seq as bigint) * " + str(ROW_ID_FACTOR)
        return f"""
            insert into {return_table(record_id)} ({", ".join([*(name for name, _ in META_COLUMNS), *columns])})
            with stored as (
                select batch.no, batch.line, batch.path, batch.parent_no, {", ".join(stored)}
                from landing_batch as batch {child}
            )
            select
                {first} + no, $load_id, $load_seq, $source_file, line, path, {first} + parent_no,
                md5(concat({", chr(31), ".join(columns)})), cast(now() at time zone 'UTC' as timestamp),
                $la_code, $collection_year, {", ".join(columns)}
            from stored
        """

    def _stored_sql(self, field: ReturnField, value: str) -> str:
        """What is kept of one value, as the seeds say; of a code, date or number only what can be one."""
        if field.storage == "pseudonym":
            if field.kind == "upn":
                # A pupil keeps the number across authorities.
                return pseudonym_sql("upn", "''", identifier_sql(value))
            kind = "statutory_" + field.kind.removesuffix("_id")
            return pseudonym_sql(kind, f"'{self._la_code}'", identifier_sql(value))
        if field.storage == "month":
            return month_sql(value)
        if field.storage == "sector":
            return sector_sql(value)
        if field.kind in ("code", "flag"):
            known, spellings = self._known_texts(field)
            loose = (
                f"regexp_replace(regexp_replace(lower(translate({value}, '\u2018\u2019', '''''')), '\\s+', ' ', 'g'), "
                "'^[a-z0-9]{1,2}[).] *', '')"
            )
            return (
                f"case when {value} in ({known}) or regexp_matches({value}, '{_CODE_PATTERN}') "
                f"or {loose} in ({spellings}) then {value} when {value} is not null then '{UNREADABLE}' end"
            )
        if field.kind in _PATTERNS:
            return (
                f"case when regexp_matches({value}, '{_PATTERNS[field.kind]}') then {value} "
                f"when {value} is not null then '{UNREADABLE}' end"
            )
        return f"left({value}, {_LONGEST_TEXT})"

    def _known_texts(self, field: ReturnField) -> tuple[str, str]:
        """SQL lists of the codes as sent, and of everything they may be written as instead."""
        name = "flag" if field.kind == "flag" else str(field.code_list)
        codes = self._returns.codes.get(name, {})
        loose = {spelling.spelling for spelling in self._returns.spellings if spelling.code_list == name}
        loose |= {text for code in codes.values() for text in (code.code, code.code_label)}
        exact = {*codes, "true", "false"} if field.kind == "flag" else set(codes)
        return _literals(exact), _literals({simplify(text) for text in loose})


def simplify(text: str) -> str:
    """A value of a list as it is compared: lower case, single spaces, straight apostrophes."""
    return _SPACES.sub(" ", text.lower().replace("\u2018", "'").replace("\u2019", "'")).strip()


def is_identifier(text: str | None) -> bool:
    """Whether anything of an identifier is left once spaces and separators are dropped."""
    return text is not None and (text.isalnum() or normalise_identifier(text) is not None)


def _literals(texts: set[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(texts)) or "''"


def _arrow(rows: list[Row], width: int) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    names = ["no", "line", "path", "parent_no", "child_no", *(f"v{place}" for place in range(width))]
    types = [pa.int64(), pa.int64(), pa.string(), pa.int64(), pa.int64(), *([pa.string()] * width)]
    return pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)})
