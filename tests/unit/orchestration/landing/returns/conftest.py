"""A place where returns land, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.returns import ReturnLanding


@pytest.fixture
def place(tmp_path: Path) -> Iterator[ReturnLanding]:
    ready = ReturnLanding(tmp_path)
    yield ready
    ready.con.close()
