"""The services of the made-up exports, declared for every test of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import Settings
from tests.support.forms import SERVICES_CSV


@pytest.fixture(autouse=True)
def declared_services(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.mktemp("programme") / "services.csv"
    path.write_text(SERVICES_CSV, encoding="utf-8")
    monkeypatch.setattr(Settings, "services_path", path)
    return path
