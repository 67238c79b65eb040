"""The sample, drawn once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthetic.forms.sample import Sample, make_sample, write


@pytest.fixture(scope="session")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="session")
def folder(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("insights")
    write(sample, out)
    return out
