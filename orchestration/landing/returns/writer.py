"""Writes the records of one file: gathered in batches, minimised in SQL, appended within the transaction of the file.

What a reader finds lies in memory only until its batch is written; identifiers become pseudonyms, dates of birth months
and postcodes sectors in the statement that inserts them, and of a code, a date or a number only what can be one is
kept. Batches are written by a second thread while the next one is read.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import duckdb
import pyarrow as pa

from catalogue.returns import ALIKE_KEY, CHILD_ID, ReturnCatalogue, ReturnField
from orchestration.landing.ledger import NOW, LoadResult, RejectedLine, record_rejected
from orchestration.landing.minimise import minimised_sql
from orchestration.landing.pseudonym import PseudonymKey, clean_sql, identifier_sql, pseudonym_sql
from orchestration.landing.raw_tables import RETURN_META, content_hash_sql, row_id_sql
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.forgotten import child_text_sql, has_forgotten, is_forgotten_sql
from orchestration.landing.returns.tables import return_table
from orchestration.landing.returns.values import UNREADABLE, Values
from orchestration.landing.tombstones import is_forgotten_file
from orchestration.warehouse import identifier, literal


class RecordWriter(RecordBatches):
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
        super().__init__()
        self._con = con
        self._returns = returns
        self._result = result
        self._la_code = la_code
        self._year = year
        self._key = key
        self._pool = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._statements: dict[str, list[str]] = {}
        self._has_forgotten = has_forgotten(con)
        # Nothing of a file is kept that was forgotten itself.
        self._is_forgotten = is_forgotten_file(con, key, result.sha256)
        self._values = Values(con, returns)

    def __enter__(self) -> RecordWriter:
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

    def _hand_over(self, batch: dict[str, pa.Table], rejected: list[RejectedLine]) -> None:
        """Hand the batch to the writing thread, after it has finished the one before."""
        if self._writing is not None:
            self._writing.result()
        self._writing = self._pool.submit(self._write, batch, rejected)

    def _write(self, batch: dict[str, pa.Table], rejected: list[RejectedLine]) -> None:
        con = self._con
        landing_child: pa.Table | None = None
        for record in self._returns.records_of(str(self._result.form_id)):
            if record.record_id not in batch:
                continue
            # The statements read these two by their names here: a registered table would be held until the commit.
            landing_batch = self._values.judged(record.record_id, batch.pop(record.record_id))
            if self._is_child(record.record_id):
                keys = con.execute(self._child_sql(record.record_id), self._key.parameters())
                landing_child = keys.to_arrow_table()
            if record.record_id not in self._statements:
                self._statements[record.record_id] = self._insert_sql(record.record_id)
            for statement in self._statements[record.record_id]:
                con.execute(statement, self._parameters(statement))
            del landing_batch
        del landing_child
        record_rejected(con, self._result, rejected)

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
        key = self._stored_sql(field, f"v{place}")
        return f"select no as child_no, {key} as child_key from {self._batch_sql(record_id)}"

    def _parameters(self, statement: str) -> dict[str, object]:
        parameters: dict[str, object] = {
            "load_id": self._result.load_id,
            "load_seq": self._result.load_seq,
            "source_file": self._result.source_file,
            "la_code": self._la_code,
            "collection_year": self._year,
        }
        parameters = {name: value for name, value in parameters.items() if f"${name}" in statement}
        if "$ipad" in statement:
            parameters |= self._key.parameters()
        return parameters

    def _insert_sql(self, record_id: str) -> list[str]:
        """The statements that turn the rows of `landing_batch` into rows of the raw table; those of somebody who was
        forgotten into the places where they stood."""
        fields = self._returns.stored(record_id)
        inherits = self._returns.takes_child_of_parent(record_id)
        is_child = self._is_child(record_id)
        stored = ["landing_child.child_key"] if inherits else []
        for place, field in enumerate(fields):
            is_keyed = is_child and field.field_id == "child_key"
            value = "landing_child.child_key" if is_keyed else self._stored_sql(field, f"batch.v{place}")
            stored.append(f"{value} as {identifier(field.field_id)}")
            if field.kind == CHILD_ID:
                stored.append(f"{self._alike_sql(f'batch.v{place}')} as {ALIKE_KEY}")
        columns = [identifier(name) for name in self._returns.raw_columns(record_id)]
        number = "no" if is_child else "child_no"
        child = ""
        if inherits or is_child:
            child = f"inner join landing_child on landing_child.child_no = batch.{number}"
        meta = [identifier(name) for name, _ in RETURN_META]
        records = f"""
            with stored as (
                select batch.no, batch.line, batch.path, batch.parent_no, {", ".join(stored)}
                from {self._batch_sql(record_id)} as batch {child}
            )
        """
        forgotten = "true" if self._is_forgotten else is_forgotten_sql(self._returns, record_id)
        is_any = self._is_forgotten or self._has_forgotten
        inserted = f"""
            insert into {return_table(record_id)} ({", ".join([*meta, *columns])})
            {records}
            select
                {row_id_sql("no")}, $load_id, $load_seq, $source_file, line, path, {row_id_sql("parent_no")},
                {content_hash_sql(columns)}, {NOW},
                $la_code, $collection_year, {", ".join(columns)}
            from stored where {f"not ({forgotten})" if is_any else "true"}
        """
        left_out = f"""
            insert into ops.erased_record
            {records}
            select {literal(record_id)}, {row_id_sql("no")}, $load_id, $load_seq, line, path, $la_code, $collection_year
            from stored where {forgotten}
        """
        return [inserted, left_out] if is_any else [inserted]

    def _batch_sql(self, record_id: str) -> str:
        """The batch of a record with its identifiers of children (`v<i>`) as they were written, without what is no part
        of them."""
        cleaned = [
            f"{clean_sql(f'v{place}')} as v{place}"
            for place, field in enumerate(self._returns.stored(record_id))
            if field.kind == CHILD_ID
        ]
        return f"(select * replace ({', '.join(cleaned)}) from landing_batch)" if cleaned else "landing_batch"

    def _alike_sql(self, value: str) -> str:
        """SQL of the key that all identifiers share which differ from this one only in marks and leading zeros; NULL
        where it is the key of this one."""
        alike = identifier_sql(value)
        key = pseudonym_sql("statutory_child", f"'{self._la_code}'", alike)
        return f"case when {alike} <> {child_text_sql(self._returns, value)} then {key} end"

    def _stored_sql(self, field: ReturnField, value: str) -> str:
        """What is kept of one value, as the seeds say."""
        if field.storage == "pseudonym":
            if field.kind == "upn":
                # A pupil keeps the number across authorities. A code for having none is no number, and what has not
                # the shape of one gets a mark, so that it is no key of any two children.
                text = f"upper(trim({value}))"
                return (
                    f"case when regexp_full_match({text}, 'UN[0-9]|UNKN') then null "
                    f"when coalesce({text}, '') <> '' and not regexp_full_match({text}, '[A-Z][0-9A-Z]{{12}}') "
                    f"then repeat('0', 32) else {pseudonym_sql('upn', chr(39) * 2, identifier_sql(value))} end"
                )
            kind = "statutory_" + field.kind.removesuffix("_id")
            text = child_text_sql(self._returns, value) if field.kind == CHILD_ID else identifier_sql(value)
            return pseudonym_sql(kind, f"'{self._la_code}'", text)
        kept = minimised_sql(field.storage, value)
        if field.storage == "month":
            # A birth that cannot be read is not one that was left blank.
            return f"case when trim({value}) <> '' then coalesce({kept}, '{UNREADABLE}') end"
        return kept
