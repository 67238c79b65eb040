"""A warehouse that passes both gates, and a copy of it to be spoilt."""

from __future__ import annotations

import shutil

import pytest

from tests.support.gate_warehouse import Home, build


@pytest.fixture(scope="package")
def clean(tmp_path_factory) -> Home:
    return build(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def home(clean, tmp_path) -> Home:
    copy = Home(tmp_path)
    shutil.copyfile(clean.warehouse_path, copy.warehouse_path)
    return copy
