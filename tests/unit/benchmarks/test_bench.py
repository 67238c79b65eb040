"""What a bench reads off a run, and that it never goes on with a run that failed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.bench import insights_of, measure, steps_of, write_programme
from catalogue.programme import read_programme
from catalogue.services import read_services

PRINTED = """\
   2.0 s  Preparing
  10.0 s  Landing /exports
  10.5 s  insights/beacon/intake_2022-23_h1.csv: landed, intake v2, 251 records
  30.0 s  Staging from the beginning
  31.0 s    61 tables and views, 155 dbt tests
  40.0 s  Publishing: reports, open data, documentation
  90.0 s  Publishing: the switch

Release  r-9c7ac36cfb45 (new), 95 s
"""


def test_a_step_lasts_until_the_next_begins() -> None:
    assert steps_of(PRINTED, 96.0) == {
        "Preparing": 10.0,
        "Landing": 20.0,
        "Staging": 10.0,
        "Publishing: reports": 50.0,
        "Publishing: the switch": 6.0,
    }


def test_the_programme_of_a_bench_can_be_read(tmp_path: Path) -> None:
    programme = read_programme(write_programme(tmp_path / "programme"))
    assert programme.themes == ("forms",)
    assert read_services(programme.path("services.csv"))


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    program = "print('The exports are not there.'); raise SystemExit(1)"
    with pytest.raises(SystemExit, match=r"nothing can be compared.*\n.*The exports are not there"):
        measure([sys.executable, "-c", program], tmp_path / "log")


def test_a_checkout_without_an_environment_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Nothing was measured"):
        insights_of(tmp_path)
