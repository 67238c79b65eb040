"""A programme of nobody's, for every test of the catalogue: its settings, and folders to write into."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.programme import Programme, read_programme


@pytest.fixture
def north(tmp_path: Path) -> Programme:
    folder = tmp_path / "north"
    for name in ("catalogue", "text"):
        (folder / name).mkdir(parents=True)
    (folder / "programme.toml").write_text(
        'id = "north"\nname = "North"\npublisher = "N"\nthemes = ["forms"]\n', encoding="utf-8"
    )
    return read_programme(folder)
