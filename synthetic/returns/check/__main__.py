"""`python -m synthetic.returns.check [folder]`: one line per figure, and 1 if one does not come out."""

from __future__ import annotations

import sys
from pathlib import Path

from synthetic.returns.check.figures import ROOT, recount, verdict
from synthetic.returns.targets import TARGETS


def main() -> int:
    """Print one line per figure."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    if not any(root.glob("999/local/population.csv*")):
        print(f"There is no delivery of the synthetic authority in {root}. Nothing was counted. Name its folder.")
        return 1
    made = recount(root)
    wrong = 0
    for target in TARGETS:
        result = made.get((target.indicator, target.period, target.breakdown))
        word = verdict(target, result)
        bad = word not in ("match", "fraction", "match within the rounding it carries")
        wrong += bad
        counted = "" if result is None else f"{result[0]:.2f}"
        sign = "" if target.qualifier == "=" else target.qualifier
        label = f"{target.indicator} | {target.period} | {target.breakdown}"
        print(f"{'WRONG ' if bad else ''}{label}: printed {sign}{target.value:g}, counted {counted}: {word}")
    print(f"{len(TARGETS)} figures, {len(TARGETS) - wrong} come out, {wrong} do not")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
