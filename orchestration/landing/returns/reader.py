"""What the readers of returns share: one class for each format a return comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from catalogue.returns import ReturnCatalogue
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery


class ReadAgainError(Exception):
    """A file has to be read from its beginning once more; nothing of what was written may be kept."""


class ReturnReader(Protocol):
    """A file of a return whose beginning is understood, wherever it is read.

    ``ignored`` and ``note`` are asked once it has been read.
    """

    @property
    def return_id(self) -> str:
        """Which return it is."""

    @property
    def file_format(self) -> str:
        """How the ledger calls the format."""

    def read(self, writer: RecordBatches) -> None:
        """Hand every record to the writer.

        Raises FileRefusedError: the file cannot be used after all. Raises ReadAgainError.
        """

    def ignored(self) -> str | None:
        """What was not stored, in words: names of the format, and places or counts of anything else."""

    def note(self) -> str | None:
        """A sentence on what has landed, where there is something to know."""


class FileReader(ReturnReader, Protocol):
    """A format that a return comes in."""

    @classmethod
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> ReturnReader:
        """Look at the beginning of a file; ``copy`` is a private place for its unpacked text.

        Raises FileRefusedError: it is no return of this format.
        """
