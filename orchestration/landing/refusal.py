"""What is said of a file or a record that cannot be used: places and numbers, never a value of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from orchestration.landing.ledger import LoadResult


class FileRefusedError(Exception):
    """This file cannot be used. The message is the sentence for the ledger and the screen: no value of a row."""


class NotUsedError(FileRefusedError):
    """This file is a table that is known and not used: nothing is wrong with it, and nothing of it is kept."""


class Described(Protocol):
    """Anything that is known of a file before a row of it has landed."""

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger with what is known."""


@dataclass(frozen=True)
class Refused:
    """A file that cannot be used: why, and what is known of it all the same."""

    reason: str
    known: Described | None = None

    @classmethod
    def because(cls, refusal: FileRefusedError, known: Described | None = None) -> Refused:
        """A file of which nothing is landed, as a refusal says."""
        return cls(f"{refusal} Nothing of this file was landed.", known)

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger with what is known of the file."""
        return self.known.describe(result) if self.known else result


# Why a record of a table was not landed.
TOO_SHORT = "It has too few columns."
TOO_LONG = "It has too many columns."
UNREADABLE_CHARACTERS = "It holds characters that cannot be read."
BROKEN_QUOTES = "Its quotation marks do not pair up."
