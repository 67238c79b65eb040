"""One small release and its open data, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.figures import Figure
from reporting.open_data.writing import write_open_data
from tests.support.open_data_release import figures_of, read_csv, write_release


@pytest.fixture(scope="package")
def figures() -> list[Figure]:
    return figures_of()


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory, figures: list[Figure]) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "insights.duckdb", figures)


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Path:
    folder = tmp_path_factory.mktemp("public") / "open_data"
    written = write_open_data(database, folder)
    assert written == sorted(folder.iterdir())
    return folder


@pytest.fixture(scope="package")
def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The data files of the folder, by name."""
    return {path.stem: read_csv(path) for path in folder.glob("*.csv") if not path.stem.endswith(".meta")}
