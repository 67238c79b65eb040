"""The issue's pencil line, from one CSV: 2022-23, direct abuse, Sexual, Yes. `python pencil.py PUBLIC_FOLDER`.

Under the earlier method (hiding) it ends with one exact count. Under rounding it prints what the same steps give.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

THRESHOLD, WITHIN = 5, 4


def main(folder: Path, period: str = "202223") -> int:
    """Print the line. Returns 1 where a count comes out exactly."""
    with (folder / "open_data" / "insights_history_of_abuse.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["time_period"] == period]
    yes = {
        row["service"]: row["number"]
        for row in rows
        if (row["topic"], row["response"], row["answer"]) == ("Type of direct abuse", "Sexual", "Yes")
    }
    total = yes.pop("Total")
    shown = {service: int(text) for service, text in yes.items() if text.isdigit()}
    hidden = [service for service, text in yes.items() if not text.isdigit()]
    print(f"all services {total} = " + " + ".join(f"{s} {n}" for s, n in shown.items()) + f" + {len(hidden)} hidden")
    if not hidden:
        away = WITHIN * (len(shown) + 1)
        rest = sum(shown.values()) - int(total)
        print(f"nothing is hidden; the services add up to {rest:+d} beside the total, {away} would still fit")
        return 0
    rest = int(total) - sum(shown.values())
    print(f"so {' + '.join(hidden)} = {rest}")
    low = {}
    for service in hidden:
        below = [
            row["response"]
            for row in rows
            if row["topic"] == "Type of sexual abuse" and row["service"] == service and row["number"] == "0"
        ]
        low[service] = THRESHOLD + 1 if below else 1
        if below:
            print(f"{service}: zeros over a hidden n ({'; '.join(below)}), so n is above {THRESHOLD}")
    exact = 0
    for service in hidden:
        high = rest - sum(low[other] for other in hidden if other != service)
        print(f"{service}: {low[service]} to {high}" if low[service] < high else f"{service}: exactly {high}")
        exact += low[service] >= high
    return int(exact > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
