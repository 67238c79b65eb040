"""What must come out: the document's figures for the area that records can give, with the basis of each.

The document is the Joint strategic needs assessment, Safeguarding Children (Nottingham City, 2017). `targets.csv` has
one row per printed figure, in the order of the document's transcription; `check` counts each again, and the numbers
behind them are in `counts`. What does not follow from its own fraction (402 of 7,697 as "<1%", 487 of 1,335 as 37%)
comes out as the fraction; 972.1 cannot come out to the decimal (6,316 or 6,317 referrals make 972.0 or 972.2).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

TARGETS_FILE = Path(__file__).resolve().parent / "targets.csv"


@dataclass(frozen=True)
class Target:
    """One figure of the document for the area that records can give."""

    indicator: str
    period: str
    breakdown: str
    value: float  # as printed
    decimals: int
    numerator: int | None
    denominator: int | None
    qualifier: str  # how the print reads: = exactly, ~ about, < less than
    is_derived: bool  # worked out from rounded figures, so that it carries their rounding


def read_targets(path: Path = TARGETS_FILE) -> tuple[Target, ...]:
    """The printed figures, in their order."""
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Target(
                row["indicator"],
                row["period"],
                row["breakdown"],
                float(row["value"]),
                len(row["value"].partition(".")[2]),
                int(row["numerator"]) if row["numerator"] else None,
                int(row["denominator"]) if row["denominator"] else None,
                row["qualifier"],
                row["is_derived"] == "1",
            )
            for row in csv.DictReader(handle)
        )


TARGETS = read_targets()
