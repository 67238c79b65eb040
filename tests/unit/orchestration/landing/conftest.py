"""A warehouse in memory and a raw folder for every test of landing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forms import Landing, landing


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Landing]:
    with landing(tmp_path) as ready:
        yield ready
