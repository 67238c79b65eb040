"""What a table of the catalogue promises, read from the YAML beside the seeds: columns, types, keys, references.

dbt tests the same promises on what a run has loaded; here they are held to rows before anything is loaded, so that
whoever wrote a row reads where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from catalogue.seeds import SEEDS

_REF = re.compile(r"ref\('(\w+)'\)")
_NUMBERS = {"integer": re.compile(r"0|-?[1-9][0-9]{0,8}"), "bigint": re.compile(r"0|-?[1-9][0-9]{0,17}")}
_WORDS = {
    "integer": "a whole number, without a 0 before it",
    "bigint": "a whole number, without a 0 before it",
    "double": "a number",
    "boolean": "true or false",
    "date": "a date such as 2024-03-31",
}


@dataclass(frozen=True)
class Shape:
    """One table: where its file lies below the seeds, and what its rows promise."""

    table: str
    file: str
    types: Mapping[str, str]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    not_null: tuple[str, ...]
    accepted: Mapping[str, tuple[str, ...]]
    references: Mapping[str, tuple[str, str]]

    def wrong_type(self, column: str, cell: str) -> str | None:
        """What a cell would have to be, in words; None where it is."""
        kind = self.types[column]
        if not cell or kind == "varchar":
            return None
        return None if is_of(kind, cell) else _WORDS[kind]


def is_of(kind: str, cell: str) -> bool:
    """Whether a cell is of the type of a column (integer, bigint, boolean, date, double)."""
    if kind in _NUMBERS:
        return bool(_NUMBERS[kind].fullmatch(cell))
    if kind == "boolean":
        return cell in ("true", "false")
    try:
        return bool(date.fromisoformat(cell)) if kind == "date" else isfinite(float(cell))
    except ValueError:
        return False


@lru_cache(maxsize=2)
def shapes(seeds: Path = SEEDS) -> Mapping[str, Shape]:
    """Every table of the catalogue by its name."""
    files = {path.stem: path.relative_to(seeds).as_posix() for path in sorted(seeds.rglob("*.csv"))}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Shape] = {}
    for path in sorted(seeds.glob("_*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=loader)["seeds"]:
            found[entry["name"]] = _shape(entry, files)
    return found


def _shape(entry: Mapping[str, Any], files: Mapping[str, str]) -> Shape:
    contract = next(_tests(entry, "table_contract"), {})
    references = {}
    for column in entry.get("columns", ()):
        for test in _tests(column, "relationships"):
            ref = _REF.fullmatch(test["to"])
            # A reference with a condition, or to what a run makes, is left to dbt.
            if ref is not None and ref[1] in files and len(test) == 2:
                references[column["name"]] = (ref[1], test["field"])
    return Shape(
        table=entry["name"],
        file=files[entry["name"]],
        types=dict(entry["config"]["column_types"]),
        key=tuple(contract.get("key", ())),
        unique=tuple(tuple(columns) for columns in contract.get("unique", ())),
        not_null=tuple(contract.get("not_null", ())),
        accepted={name: tuple(map(str, values)) for name, values in contract.get("accepted_values", {}).items()},
        references=references,
    )


def _tests(entry: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    for test in entry.get("data_tests", ()):
        if isinstance(test, Mapping) and name in test:
            yield test[name].get("arguments", {})
