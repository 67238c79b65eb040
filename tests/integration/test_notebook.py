"""The notebook opens a release, counts two findings itself, and finds what the marts hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.paths import ROOT
from tests.support.whole_runs import Ran

NOTEBOOK = ROOT / "notebooks" / "two_findings.py"


def run_notebook(release: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(NOTEBOOK)],
        cwd=folder,
        env=os.environ | {"INSIGHTS_RELEASE": str(release), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def findings(first: Ran, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = run_notebook(first.release, tmp_path_factory.mktemp("notebook"))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_both_findings_are_those_of_the_sample(findings: dict[str, Any]) -> None:
    exposure = findings["exposure"]
    assert (exposure["year"], exposure["pairs"], exposure["yes_at_intake"], exposure["yes_at_exit"]) == (
        2024, 1605, 1556, 102,
    )  # fmt: skip
    assert (exposure["stopped"], exposure["began"]) == (1457, 3)
    assert exposure["change"] == pytest.approx(-90.59, abs=0.005)
    assert exposure["change_lower_95"] < exposure["change"] < exposure["change_upper_95"] < 0
    assert exposure["p_value"] < 1e-100
    factors = findings["factors"]
    together = next(one for one in factors["combinations"] if all(one["has"]))
    assert (factors["year"], factors["base"], together["observed"]) == (2017, 3752, 398)
    assert together["observed_over_expected"] == pytest.approx(1.60, abs=0.005)
    assert sum(one["observed"] for one in factors["combinations"]) == 3752


def test_they_agree_with_the_marts_and_the_notebook_says_so(findings: dict[str, Any], first: Ran) -> None:
    assert findings["agrees_with_the_marts"] is True
    with duckdb.connect(str(first.release / "internal" / "insights.duckdb"), read_only=True) as con:
        paired = con.execute(
            "select change_lower_95, change_upper_95 from marts.paired_outcome where period = 2024 "
            "and outcome_id = 'exit_exposure_present' and geography_level = 'all_services' and base_kind = 'answered'"
        ).fetchone()
    exposure = findings["exposure"]
    assert paired == pytest.approx((exposure["change_lower_95"], exposure["change_upper_95"]), rel=1e-6)


def test_without_a_release_it_says_so_in_a_sentence(tmp_path: Path) -> None:
    done = run_notebook(tmp_path / "nothing", tmp_path)
    assert done.returncode != 0
    assert "There is no release at" in done.stderr
    assert "make run" in done.stderr
