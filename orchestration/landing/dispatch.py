"""One file: what it is, and who lands it; its transaction, its entry in the ledger, and what is said when it fails."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from catalogue import Catalogue
from catalogue.returns import ReturnCatalogue
from orchestration.errors import OperatorError
from orchestration.hashing import sha256_of_file
from orchestration.landing.forms.erasure import land_erasures
from orchestration.landing.forms.land import land_form
from orchestration.landing.forms.recognise import ErasureList, FormExport, recognise_form
from orchestration.landing.ledger import (
    LoadResult,
    RejectedLine,
    landed_load,
    next_load_seq,
    record_load,
    record_rejected,
)
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.refusal import FileRefusedError, Refused
from orchestration.landing.returns.land import land_return
from orchestration.landing.returns.recognise import Return, lies_with_returns, recognise_return
from orchestration.landing.transaction import transaction

#: What a file is, as far as it can be told without the warehouse.
Recognised = FormExport | ErasureList | Return | Refused


@dataclass(frozen=True)
class _Lander:
    """Who lands a kind of file; ``memory_limit`` is what DuckDB may use meanwhile, where that is less than usual."""

    land: Callable[[duckdb.DuckDBPyConnection, Any, LoadResult, PseudonymKey], tuple[LoadResult, list[RejectedLine]]]
    memory_limit: str | None = None


LANDERS: dict[type, _Lander] = {
    FormExport: _Lander(land_form),
    ErasureList: _Lander(land_erasures),
    # DuckDB would keep in memory what it has written, as long as there is any.
    Return: _Lander(land_return, memory_limit="400MB"),
}


@dataclass(frozen=True)
class DeliveredFile:
    """A file as far as it can be read without the warehouse.

    ``what`` is None when its content is known already. ``copy`` is where its working copy lies, if it has one; it
    belongs to whoever lands the file. ``sha256`` is empty when the file could not be opened.
    """

    path: Path
    copy: Path
    sha256: str = ""
    size_bytes: int = 0
    what: Recognised | None = None


@dataclass(frozen=True)
class FileLander:
    """Lands one file at a time: `read` needs no warehouse and may run while another file lands."""

    raw_dir: Path
    catalogue: Catalogue
    returns: ReturnCatalogue
    key: PseudonymKey
    run_id: str

    def read(self, path: Path, copy: Path, *, known: Collection[str]) -> DeliveredFile:
        """Hash a file and, if its content is not `known` yet, recognise it; its working copy goes to ``copy``.

        What is wrong with the file is told when it lands.

        Raises OperatorError: the working copy cannot be written.
        """
        sha256, size_bytes = "", 0
        what: Recognised | None = None
        try:
            sha256, size_bytes = sha256_of_file(path), path.stat().st_size
            if sha256 not in known:
                what = self._recognise(path, copy)
        except FileRefusedError as refusal:
            what = Refused.because(refusal)
        except OSError as error:
            what = _not_read(self._source_file(path), copy, error)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return DeliveredFile(path, copy, sha256, size_bytes, what)

    def land(self, con: duckdb.DuckDBPyConnection, delivered: DeliveredFile) -> LoadResult:
        """Land a file: rows and ledger entry in one transaction. Its working copy is gone when this returns.

        Parameters:
            con: a connection to the warehouse that has the tables of the ledger, the forms and the returns.

        Returns the result; a refused file is a result, not an exception.

        Raises OperatorError: the disk or the memory failed; nothing of this file is landed.
        """
        source_file = self._source_file(delivered.path)
        result = LoadResult(source_file=source_file, status="refused", load_id=_load_id(delivered, source_file))
        try:
            if delivered.sha256:
                result = replace(result, sha256=delivered.sha256, size_bytes=delivered.size_bytes)
                landed = landed_load(con, delivered.sha256)
                if landed is not None:
                    same = "" if landed[0] == source_file else f" as {landed[0]}"
                    reason = f"The same bytes were landed before{same}."
                    return replace(result, status="already_landed", load_seq=landed[1], reason=reason)
            what = delivered.what
            assert what is not None, "its content was known, so it has landed"
            result = what.describe(result)
            outcome = what if isinstance(what, Refused) else self._land(con, what, result, delivered.copy)
            if isinstance(outcome, Refused):
                outcome = replace(result, reason=outcome.reason)
                record_load(con, outcome, self.run_id)
            return outcome
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise OperatorError(
                f"Landing {source_file} failed because the disk or the memory is full, or the warehouse cannot be "
                "written. Nothing of this file was landed; files before it stay landed. Make room and run again."
            ) from None
        finally:
            delivered.copy.unlink(missing_ok=True)

    def _recognise(self, path: Path, copy: Path) -> Recognised:
        if lies_with_returns(path, self.raw_dir):
            return recognise_return(self.returns, path, self.raw_dir, copy)
        return recognise_form(self.catalogue, path, copy)

    def _land(
        self, con: duckdb.DuckDBPyConnection, what: Recognised, result: LoadResult, copy: Path
    ) -> LoadResult | Refused:
        """Rows and entry in one transaction; nothing but the reason where that cannot be done."""
        lander = LANDERS[type(what)]
        result = replace(result, load_seq=next_load_seq(con))
        try:
            with _memory_limit(con, lander.memory_limit), transaction(con):
                result, rejected = lander.land(con, what, result, self.key)
                result = replace(result, status="landed")
                record_load(con, result, self.run_id)
                record_rejected(con, result, rejected)
        except FileRefusedError as refusal:
            return Refused.because(refusal)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            # DuckDB's own message quotes the line it stumbled over, so it is not passed on.
            return Refused("It cannot be read as a table. Nothing of this file was landed. Export it again.")
        except OSError as error:
            return _not_read(result.source_file, copy, error)
        return result

    def _source_file(self, path: Path) -> str:
        """The name of a file in the ledger: where it lies in the raw folder."""
        return path.relative_to(self.raw_dir).as_posix().encode("utf-8", "replace").decode()


def _not_read(source_file: str, copy: Path, error: OSError) -> Refused:
    """What follows when a file cannot be read; with a working copy begun, it is the copy that cannot be written."""
    if copy.exists():
        copy.unlink()
        raise OperatorError(
            f"Landing {source_file} failed while its working copy was written ({error.strerror}). Nothing of "
            "this file was landed. Make room on the disk of the warehouse and run again."
        ) from None
    return Refused(f"It cannot be opened ({error.strerror}). Nothing of this file was landed. Check its permissions.")


def _load_id(delivered: DeliveredFile, source_file: str) -> str:
    """The first half of a file's hash; of a file whose bytes cannot be read, that of its name."""
    digest = delivered.sha256 or hashlib.sha256(source_file.encode()).hexdigest()
    return digest[:16]


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
        # Not set to what it said before: that is rounded down, a little more with every file.
        con.execute("reset memory_limit")
