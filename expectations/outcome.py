"""What came of checks: of one, and of all checks of a gate. Counts and sentences, never a value of a row."""

from __future__ import annotations

from dataclasses import dataclass, field

from expectations.check import Check


class GateError(Exception):
    """A gate could not be run. The message is a sentence for the operator and holds no value of a row."""


# How many keys a sentence names.
KEYS_TOLD = 6


@dataclass(frozen=True)
class Acceptance:
    """An operator's word that one key of one check of plausibility is right after all."""

    check_id: str
    key: str


@dataclass(frozen=True)
class CheckOutcome:
    """What came of one check. `unexpected_count` is None where the check could not be run.

    `keys` are those of the failing rows with how many rows have each, where an operator may accept them; in their
    order, and one more than are told.
    """

    check: Check
    success: bool
    evaluated_count: int
    unexpected_count: int | None
    expectation_type: str
    keys: tuple[tuple[str, int], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this outcome keeps anything from being published. A check that could not be run does."""
        could_not_run = self.unexpected_count is None and self.check.severity != "comparison"
        return could_not_run or (not self.success and self.check.severity == "blocking")

    @property
    def sentence(self) -> str:
        """The outcome as one or two sentences."""
        check = self.check
        if self.unexpected_count is None:
            return (
                f"Check {check.check_id} on {check.table} could not be run: the table or one of its columns is not "
                "there. Nothing is published; run the whole pipeline, and if it happens again, report the program."
            )
        if self.success:
            return f"{check.description} Holds (check {check.check_id})."
        noun = "row fails" if self.unexpected_count == 1 else "rows fail"
        count, told = str(self.unexpected_count), ""
        if self.keys:
            count += f" of {self.evaluated_count} ({100 * self.unexpected_count / max(self.evaluated_count, 1):.1f} %)"
            told = ": " + ", ".join(key if rows == 1 else f"{key} ({rows})" for key, rows in self.keys[:KEYS_TOLD])
            told += ", and more" if len(self.keys) > KEYS_TOLD else ""
        return (
            f"Not so: {check.description} {count} {noun} check {check.check_id} on {check.table}{told}. {check.action}"
        )


@dataclass(frozen=True)
class GateResult:
    """What came of a gate: passed means that nothing blocks, set-aside rows notwithstanding."""

    gate: int
    run_id: str
    outcomes: tuple[CheckOutcome, ...]
    set_aside: dict[str, int] = field(default_factory=dict)
    """Forms and records, or single values of them, set aside by check. A check that found none is absent."""
    aside: str = ""
    """The same in words, each counted once; empty where there are none."""

    @property
    def passed(self) -> bool:
        """Whether the run may go on."""
        return not any(outcome.blocks for outcome in self.outcomes)

    @property
    def checks_run(self) -> int:
        """How many checks there were."""
        return len(self.outcomes)

    @property
    def blocking_failures(self) -> list[str]:
        """One sentence for each check that blocks."""
        return [outcome.sentence for outcome in self.outcomes if outcome.blocks]

    @property
    def failed(self) -> list[CheckOutcome]:
        """Every check that did not hold, whatever follows from it."""
        return [outcome for outcome in self.outcomes if not outcome.success]
