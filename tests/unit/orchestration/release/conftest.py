"""What tests of releases share."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home that is empty but for the folder of its warehouse."""
    made = Settings(tmp_path / "home", tmp_path / "raw", "sample")
    made.warehouse_path.parent.mkdir(parents=True)
    return made
