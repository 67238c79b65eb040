"""What the readers of both catalogues share: rows of a seed, the fingerprint of a folder of seeds, headers compared."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

#: The folder of all seeds.
SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"
_WHITE_SPACE = re.compile(r"[\s\u00a0]+")
# The characters that dbt_project/macros/reading.sql reads as plain ones, in Python because landing compares headers
# before there is a table; a test holds the two together. A mark of the encoding may stand before the first header.
_PLAIN = str.maketrans(
    "\u2018\u2019\u201b\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "'''\"\"-------", "\ufeff"
)

_Row = TypeVar("_Row")


def normalise_header(text: str) -> str:
    """Reduce a header cell to the form in which headers are compared.

    Lower case, plain quotation marks and dashes, white space (no-break spaces included) collapsed and trimmed, so that
    the same header typed by Excel, Qualtrics or a person is one header.
    """
    return _WHITE_SPACE.sub(" ", text.translate(_PLAIN)).strip().lower()


def _convert(annotation: str, text: str) -> Any:
    """Turn one seed cell into the type its dataclass field declares."""
    if annotation.startswith("tuple"):
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if annotation == "bool":
        return text.strip().lower() == "true"
    if annotation in ("int", "int | None"):
        return int(text) if text.strip() else None
    if annotation.endswith("| None"):
        return text or None
    return text


def read_seed(seeds_dir: Path, name: str, row_type: type[_Row]) -> tuple[_Row, ...]:
    """The rows of a seed as instances of the dataclass whose fields are its columns."""
    annotations = {field.name: str(field.type) for field in fields(row_type)}  # type: ignore[arg-type]
    with (seeds_dir / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            row_type(**{key: _convert(annotations[key], cell) for key, cell in record.items()})
            for record in csv.DictReader(handle)
        )


def seeds_fingerprint(seeds_dir: Path) -> str:
    """SHA-256, as hex, over the names and bytes of every seed of a folder."""
    digest = hashlib.sha256()
    for path in sorted(seeds_dir.glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def all_seeds_fingerprint(seeds: Path) -> str:
    """SHA-256 over the seeds of every folder below one, and over what their YAML promises."""
    digest = hashlib.sha256()
    for path in sorted([*seeds.rglob("*.csv"), *seeds.glob("_*.yml")]):
        digest.update(path.relative_to(seeds).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
