"""One file: what it is, and who lands it; its transaction, its entry in the ledger, and what is said when it fails."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import duckdb

from catalogue.services import Services
from orchestration.errors import OperatorError
from orchestration.landing.forms.erasure import land_erasures
from orchestration.landing.forms.land import land_form
from orchestration.landing.forms.read_again import forget_again, rekey_forgotten
from orchestration.landing.forms.recognise import ErasureList, FormExport
from orchestration.landing.ledger import (
    LoadResult,
    RejectedLine,
    landed_load,
    new_load_id,
    next_load_seq,
    record_load,
    record_reading,
    record_rejected,
)
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.raw_folder import lies_at, shown_name
from orchestration.landing.recognise import Recognised
from orchestration.landing.refusal import FileRefusedError, NotUsedError, Refused
from orchestration.landing.rereading import (
    StaleLoad,
    forget_reading,
    rekey_decisions,
)
from orchestration.landing.returns.land import land_return
from orchestration.landing.returns.recognise import Return
from orchestration.landing.snapshot import LeftError, Snapshot, take_snapshot
from orchestration.landing.tombstones import Memory
from orchestration.landing.transaction import transaction
from orchestration.warehouse import literal

#: Where the private copy of a file lies in its private folder, and where what is made of it.
_RAW = "raw"
_RECORDS = "records.csv"


@dataclass(frozen=True)
class Left:
    """A file of which nothing is kept: it changed while it was read, so the next run takes it, or it is not used."""

    reason: str
    status: str = "left"

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry as the operator reads it; the ledger gets none."""
        # What is not used was read, and need not be looked at again until it changes.
        sha256 = result.sha256 if self.status == "passed_over" else None
        return replace(result, status=self.status, reason=self.reason, sha256=sha256, size_bytes=None, load_seq=None)


class Reading(Protocol):
    """Who reads files; in a run, `confined.readers.Readers`."""

    def recognise(self, path: Path, raw_dir: Path, copy: Path) -> Recognised:
        """What a private file is by its place below ``raw_dir``; what is made of it goes to ``copy``.

        Raises FileRefusedError, OperatorError.
        """

    def release(self, copy: Path) -> None:
        """The file that was recognised with this copy has landed, or will not."""


@dataclass(frozen=True)
class _Lander:
    """Who lands a kind of file; ``memory_limit`` is what DuckDB may use meanwhile, where that is less than usual."""

    land: Callable[
        [duckdb.DuckDBPyConnection, Any, LoadResult, PseudonymKey, Services, Memory],
        tuple[LoadResult, list[RejectedLine]],
    ]
    memory_limit: str | None = None


LANDERS: dict[type, _Lander] = {
    FormExport: _Lander(land_form),
    ErasureList: _Lander(land_erasures),
    # DuckDB would keep in memory what it has written, as long as there is any.
    Return: _Lander(lambda con, what, result, key, _, __: land_return(con, what, result, key), memory_limit="400MB"),
}


@dataclass(frozen=True)
class DeliveredFile:
    """A file as far as it can be read without the warehouse.

    ``what`` is None when its content is known already. ``place`` is a private folder for its copy and what is made of
    it; it belongs to whoever lands the file. ``snapshot`` is None when the file could not be copied.
    """

    path: Path
    place: Path
    snapshot: Snapshot | None = None
    what: Recognised | Left | None = None


@dataclass(frozen=True)
class FileLander:
    """Lands one file at a time: `read` needs no warehouse and may run while another file lands.

    ``memory`` is where it is written down whose data must not be kept.
    """

    raw_dir: Path
    key: PseudonymKey
    services: Services
    run_id: str
    reading: Reading
    memory: Memory = field(default_factory=Memory)

    def read(self, path: Path, place: Path, *, known: Mapping[str, Mapping[str, int]]) -> DeliveredFile:
        """Copy a file into the private folder ``place`` and, if its bytes are not `known` yet, recognise it.

        What is wrong with the file is told when it lands.

        Parameters:
            known: place -> SHA-256 -> size of what has landed (`landed_sizes`).

        Raises OperatorError: the copy, or what is made of it, cannot be written.
        """
        snapshot: Snapshot | None = None
        what: Recognised | Left | None = None
        try:
            sizes = known.get(lies_at(shown_name(path, self.raw_dir)), {})
            snapshot = take_snapshot(self.raw_dir, path, place / _RAW / path.relative_to(self.raw_dir), sizes)
            if snapshot.copy is not None:
                what = self.reading.recognise(snapshot.copy, place / _RAW, place / _RECORDS)
        except LeftError as left:
            what = Left(str(left))
        except NotUsedError as unused:
            what = Left(str(unused), "passed_over")
        except FileRefusedError as refusal:
            what = Refused.because(refusal)
        except OSError as error:
            what = Refused(
                f"It cannot be opened ({error.strerror}). Nothing of this file was landed. Check its permissions."
            )
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        if not isinstance(what, Return):
            # The working copy has all of it; two copies of gigabytes need not lie there while another file lands.
            shutil.rmtree(place / _RAW, ignore_errors=True)
        return DeliveredFile(path, place, snapshot, what)

    def land(
        self, con: duckdb.DuckDBPyConnection, delivered: DeliveredFile, again: StaleLoad | None = None
    ) -> LoadResult:
        """Land a file: rows and ledger entry in one transaction. Its private folder is gone when this returns.

        Parameters:
            con: a connection to the warehouse that has the tables of the ledger, the forms and the returns.
            again: the load of these bytes, where it has to be read again; the file was recognised although it is known.

        Returns the result; a refused file is a result, not an exception.

        Raises OperatorError: the disk failed; nothing of this file is landed.
        """
        source_file = shown_name(delivered.path, self.raw_dir)
        result = LoadResult(source_file, "refused", load_id=hashlib.sha256(source_file.encode()).hexdigest()[:16])
        try:
            snapshot, what = delivered.snapshot, delivered.what
            if snapshot is not None:
                result = replace(result, sha256=snapshot.sha256, size_bytes=snapshot.size_bytes)
                landed = None if again else landed_load(con, snapshot.sha256, source_file)
                if landed is not None:
                    snapshot.require_unchanged()
                    same = "" if landed[0] == source_file else f" as {landed[0]}"
                    reason = f"The same bytes were landed before{same}."
                    return replace(
                        result, status="already_landed", load_seq=landed[1], load_id=landed[2], reason=reason
                    )
                load_id = again.load_id if again else new_load_id(con, snapshot.sha256, source_file)
                result = replace(result, load_id=load_id)
            assert what is not None, "its content was known, so it has landed"
            result = what.describe(result)
            if isinstance(what, Left):
                return result
            outcome = what if isinstance(what, Refused) else self._land(con, what, result, snapshot, again)
            if isinstance(outcome, Refused):
                if snapshot is not None:
                    snapshot.require_unchanged()
                outcome = replace(result, reason=outcome.reason)
                # What cannot be read again has landed, and stays so: its entry is not one of a refused file.
                if again is None:
                    record_load(con, outcome, self.run_id)
            return outcome
        except LeftError as left:
            return Left(str(left)).describe(result)
        except duckdb.IOException:
            raise OperatorError(
                f"Landing {source_file} failed because the disk is full, or the warehouse cannot be written. Nothing "
                "of this file was landed; files before it stay landed. Make room and run again."
            ) from None
        finally:
            self.reading.release(delivered.place / _RECORDS)
            shutil.rmtree(delivered.place, ignore_errors=True)

    def _land(
        self,
        con: duckdb.DuckDBPyConnection,
        what: Recognised,
        result: LoadResult,
        snapshot: Snapshot | None,
        again: StaleLoad | None,
    ) -> LoadResult | Refused:
        """Rows and entry in one transaction; nothing but the reason where that cannot be done.

        Raises LeftError: the delivered file is not what was copied any more.
        """
        lander = LANDERS[type(what)]
        result = replace(result, load_seq=again.load_seq if again else next_load_seq(con))
        try:
            with _memory_limit(con, lander.memory_limit), transaction(con):
                returns = what.returns if isinstance(what, Return) else None
                erased = forget_reading(con, again, returns) if again else []
                if isinstance(what, FormExport):
                    rekey_forgotten(con, what, erased, self.key, self.services, self.memory)
                result, rejected = lander.land(con, what, result, self.key, self.services, self.memory)
                if isinstance(what, FormExport | ErasureList):
                    result = replace(result, reason=" ".join(filter(None, (result.reason, *what.notes))) or None)
                result = replace(result, status="landed")
                record_load(con, result, self.run_id)
                record_rejected(con, result, rejected)
                if isinstance(what, FormExport | ErasureList):
                    forget_again(con, what.catalogue, result, erased)
                    if again and isinstance(what, FormExport):
                        rekey_decisions(con, result)
                services = "" if isinstance(what, Return) else self.services.fingerprint()
                record_reading(con, result, services, _reading(what))
                if snapshot is not None:
                    snapshot.require_unchanged()
        except FileRefusedError as refusal:
            return Refused.because(refusal)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            # DuckDB's own message quotes the line it stumbled over, so it is not passed on.
            return Refused("It cannot be read as a table. Nothing of this file was landed. Export it again.")
        except duckdb.OutOfMemoryException:
            ((limit,),) = con.execute("select current_setting('memory_limit')").fetchall()
            return Refused(
                f"Landing it needs more memory than the database may use ({limit}), or more room on the disk beside "
                "it. Nothing of this file was landed. Deliver it in several files, or make room."
            )
        return result


def _reading(what: Recognised) -> str:
    """By what part of the catalogue a file was read; an erasure list is read by none of it."""
    if isinstance(what, Return):
        return what.returns.reading_fingerprint(what.reader.return_id)
    return what.catalogue.reading_fingerprint(what.header.form_id) if isinstance(what, FormExport) else ""


@contextmanager
def _memory_limit(con: duckdb.DuckDBPyConnection, limit: str | None) -> Iterator[None]:
    """Less memory for DuckDB during the block; None changes nothing."""
    if limit is None:
        yield
        return
    con.execute(f"set memory_limit = '{limit}'")
    try:
        yield
    finally:
        # Not set to what it said before: that is rounded down, a little more with every file. A reset alone changes
        # what the setting says and not what holds.
        con.execute("reset memory_limit")
        ((usual,),) = con.execute("select current_setting('memory_limit')").fetchall()
        con.execute(f"set memory_limit = {literal(usual)}")
