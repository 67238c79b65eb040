"""The hash by which files and values are known: SHA-256, as hex."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError when it cannot be read."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_of_json(value: Any) -> str:
    """SHA-256 of a value as JSON with sorted keys. Raises TypeError when it cannot be written as JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
