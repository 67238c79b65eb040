"""The figures of the open data: one per row of a CSV file, with everything that is printed of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

TOTAL = "Total"


@dataclass(frozen=True)
class Key:
    """Which figure: names as the open data print them, `` where a file has no such column."""

    data_set: str
    period: str
    place: str
    topic: str
    group: str = ""
    line: str = ""
    column: str = ""
    stage: str = ""
    breakdown: str = ""

    def words(self) -> str:
        """For people."""
        parts = [self.period, self.place, self.topic, self.group, self.line, self.column, self.stage, self.breakdown]
        return " | ".join(part for part in parts if part and part != TOTAL) or TOTAL


@dataclass
class Figure:
    """A row: its key and its printed texts by column."""

    key: Key
    values: dict[str, str] = field(default_factory=dict)


def _place(row: dict[str, str]) -> str:
    if "service" in row:
        return row["service"]
    area = row.get("la_name") or row.get("region_name") or row.get("country_name") or ""
    comparator = row.get("comparator", TOTAL)
    return area if comparator in {"", TOTAL} else f"{area}: {comparator}"


def _indicators(meta: Path) -> set[str] | None:
    if not meta.is_file():
        return None
    with meta.open(encoding="utf-8", newline="") as lines:
        return {row["col_name"] for row in csv.DictReader(lines) if row["col_type"] == "Indicator"}


def read(folder: Path) -> list[Figure]:
    """All figures of a folder of open data, in the order of its files."""
    figures = []
    for path in sorted(folder.glob("*.csv")):
        if path.name.endswith(".meta.csv"):
            continue
        printed = _indicators(path.with_name(path.stem + ".meta.csv"))
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                breakdown = row.get("breakdown", "")
                if breakdown and breakdown != TOTAL:
                    breakdown = f"{row.get('breakdown_topic', '')}: {breakdown}"
                key = Key(
                    path.stem,
                    f"{row['time_period']} {row['time_identifier']}",
                    _place(row),
                    _plain(row.get("topic", "")),
                    _plain(row.get("response_group", "")),
                    _plain(row.get("response", "")),
                    _plain(row.get("answer", "")),
                    row.get("stage", ""),
                    breakdown,
                )
                names = printed if printed is not None else set(row)
                values = {name: text for name, text in row.items() if name in names}
                if row.get("indicator_id"):
                    values["indicator_id"] = row["indicator_id"]
                figures.append(Figure(key, values))
    return figures


def _plain(label: str | None) -> str:
    """A label without the apostrophe that keeps a spreadsheet from running it."""
    text = label or ""
    bare = text.lstrip("'")
    return text[1:] if text.startswith("'") and bare[:1] in {"=", "+", "-", "@"} else text


def repeated(figures: list[Figure]) -> list[Key]:
    """Keys that stand more than once."""
    seen: set[Key] = set()
    twice = []
    for figure in figures:
        if figure.key in seen:
            twice.append(figure.key)
        seen.add(figure.key)
    return twice
