"""A warehouse in memory and a raw folder, or a programme with a home, for every test of landing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forms import Landing, landing
from tests.support.landed_programme import BOTH, Programme


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Landing]:
    with landing(tmp_path) as ready:
        yield ready


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    one = Programme(tmp_path / "programme", monkeypatch)
    one.declare(BOTH)
    one.deliver("a.csv", {}, {}, {"service": "Elm"}, {"service": "The old oak"})
    one.deliver("b.csv", {}, {"service": "Elm"}, form_id="exit")
    erased = "service,client_id,requested_on\noak,cl xj77k 1,2024-01-01\n"
    (one.folder / "raw" / "z.csv").write_text(erased)
    return one
