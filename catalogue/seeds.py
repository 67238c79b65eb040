"""What the readers of both catalogues share: rows of a seed, the fingerprint of a folder of seeds, and whether the
engine's seeds are those that it came with."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

#: The folder of all seeds.
SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"
#: The engine's seeds, and what their YAML promises, as it came with them, a line for each as `sha256sum` writes it;
#: `make seeds-list` writes it again.
LIST = "shipped.sha256"
_Row = TypeVar("_Row")


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
    """The rows of a seed as instances of the dataclass whose fields are columns of it."""
    annotations = {field.name: str(field.type) for field in fields(row_type)}  # type: ignore[arg-type]
    with (seeds_dir / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            row_type(**{key: _convert(annotations[key], cell) for key, cell in record.items() if key in annotations})
            for record in csv.DictReader(handle)
        )


@dataclass(frozen=True)
class _IdPlaceholder:
    """A word that people write where there is no id."""

    placeholder: str


def read_id_placeholders(forms_dir: Path) -> tuple[str, ...]:
    """The words in the place of an id that say that there is none, of forms and of returns; the folder of the forms."""
    return tuple(row.placeholder for row in read_seed(forms_dir, "id_placeholder", _IdPlaceholder))


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
    for path in _files(seeds):
        digest.update(path.relative_to(seeds).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(seeds: Path) -> list[Path]:
    return sorted([*seeds.rglob("*.csv"), *seeds.glob("_*.yml")])


def seed_lines(seeds: Path) -> list[str]:
    """The lines of the list of seeds: SHA-256 and path below the folder of each."""
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(seeds).as_posix()}"
        for path in _files(seeds)
    ]


def edited_seeds(seeds: Path) -> list[str]:
    """The seeds that are not as the list of the folder has them, or missing, or not on it; none without a list."""
    if not (seeds / LIST).exists():
        return []
    differing = set(seed_lines(seeds)) ^ set((seeds / LIST).read_text(encoding="utf-8").splitlines())
    return sorted({line.split("  ", 1)[-1] for line in differing})
