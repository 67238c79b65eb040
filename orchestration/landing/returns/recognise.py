"""Which return a file is: by the folder it lies in, its name and its beginning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from catalogue.returns import ReturnCatalogue
from orchestration.landing.ledger import LoadResult
from orchestration.landing.raw_folder import RETURNS_FOLDER
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.annex_a import WorkbookReader
from orchestration.landing.returns.csv_reader import CsvReader
from orchestration.landing.returns.delivery import Delivery, deliver
from orchestration.landing.returns.reader import FileReader, ReturnReader
from orchestration.landing.returns.xml_reader import XmlReader

_READERS: dict[str, type[FileReader]] = {".csv": CsvReader, ".xml": XmlReader, ".xlsx": WorkbookReader}


@dataclass(frozen=True)
class Return:
    """A file of a return, and who reads it."""

    returns: ReturnCatalogue
    delivery: Delivery
    reader: ReturnReader

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger as it is: a return says what it is when it has been read."""
        return result


def lies_with_returns(path: Path, raw_dir: Path) -> bool:
    """Whether a file lies where returns lie; everything else is a form."""
    return path.relative_to(raw_dir).parts[0] == RETURNS_FOLDER


def recognise_return(returns: ReturnCatalogue, path: Path, raw_dir: Path, copy: Path) -> Return:
    """What a file is that lies where returns lie; a packed table is unpacked to ``copy``.

    Raises FileRefusedError: it is no return, or one that has no place in its folder.
    """
    delivery = deliver(path, raw_dir)
    reader = _READERS[delivery.suffix].recognise(returns, delivery, copy)
    kind = returns.returns[reader.return_id]
    if kind.has_collection_year and delivery.year is None:
        raise FileRefusedError(
            f"It belongs to '{kind.return_label}', which is collected by year. Put it in "
            f"social_care/{delivery.la_code}/<year>."
        )
    if not kind.has_collection_year and delivery.year is not None:
        raise FileRefusedError(
            f"It belongs to '{kind.return_label}', which is not collected by year. Put it in "
            f"social_care/{delivery.la_code}/local."
        )
    return Return(returns, delivery, reader)
