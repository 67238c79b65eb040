"""What the readers of returns share: one class for each format a return comes in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue.returns import ReturnCatalogue
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery


class ReadAgainError(Exception):
    """A file has to be read from its beginning once more; nothing of what was written may be kept."""


@dataclass(frozen=True)
class Statement:
    """What a file says of itself: of which kinds of records it is the whole, and when it was written.

    ``sent_at`` is a moment (as 2024-05-02T09:30:00) and ``serial_no`` the number of the message, where the format has
    them. ``advice`` says what a record without an identifier should hold and what was found, for a refusal.
    """

    record_ids: tuple[str, ...]
    sent_at: str | None = None
    serial_no: int | None = None
    advice: str | None = None


class ReturnReader(Protocol):
    """A file of a return whose beginning is understood, wherever it is read.

    ``ignored``, ``note`` and ``statement`` are asked once it has been read.
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

    def statement(self) -> Statement:
        """What the file says of itself."""


class FileReader(ReturnReader, Protocol):
    """A format that a return comes in."""

    @classmethod
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> ReturnReader:
        """Look at the beginning of a file; ``copy`` is a private place for its unpacked text.

        Raises FileRefusedError: it is no return of this format.
        """
