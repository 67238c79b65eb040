"""The benchmark of the sample: every kind of run of every checkout, by turns, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.paths import ROOT

# As much of a run as the benchmark sees: what was parsed lies beside the project, what was landed in the home.
RUN = """#!/bin/sh
here=$(dirname "$0")/../..
home=$5
echo "$(basename "$(cd "$here" && pwd)") $([ -e "$here/dbt_project/target/parsed" ] && echo parsed || echo parses) \\
$([ -e "$home/landed" ] && echo again || echo fresh) ${INSIGHTS_HOME:-own}" >> "$(dirname "$0")/../../../calls"
mkdir -p "$here/dbt_project/target/parsed"
touch "$home/landed" "$HOME/said"
[ ! -e "$here/fails" ] || { echo "There is no space left."; exit 1; }
[ ! -e "$here/hangs" ] || { touch "$here/started"; sleep 60; }
"""


@pytest.fixture
def checkouts(tmp_path: Path) -> list[Path]:
    """Two checkouts, the first of them parsed some time before."""
    made = [tmp_path / "old", tmp_path / "new"]
    for checkout in made:
        command = checkout / ".venv" / "bin" / "insights"
        command.parent.mkdir(parents=True)
        command.write_text(RUN, encoding="utf-8")
        command.chmod(0o755)
        (checkout / "dbt_project").mkdir()
    (made[0] / "dbt_project" / "target").mkdir()
    (made[0] / "dbt_project" / "target" / "kept").touch()
    (tmp_path / "tmp").mkdir()
    return made


def start(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.small", *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path / "tmp"), "INSIGHTS_HOME": "/elsewhere"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_nothing_is_left(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    assert [path.name for path in (old / "dbt_project" / "target").iterdir()] == ["kept"]
    assert not (new / "dbt_project" / "target").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_each_kind_is_run_by_turns_and_nothing_is_left(tmp_path: Path, checkouts: list[Path]) -> None:
    done = start(tmp_path, *map(str, checkouts), "--runs", "2")
    printed, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors
    kinds = ("parses fresh own", "parsed fresh own", "parsed again own")
    first, second = [f"{name} {kind}" for kind in kinds for name in ("old", "new")], []
    second = [f"{name} {kind}" for kind in kinds for name in ("new", "old")]
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == first + second
    lines = printed.splitlines()
    assert len(lines) == 2 * 6 + 2 + 3
    assert [line.split("  ")[0] for line in lines[-3:]] == ["has to parse", "fresh home", "nothing new"]
    assert all("ratio" in line for line in lines[-3:])
    assert_nothing_is_left(tmp_path)


def test_a_run_that_fails_leaves_nothing_either(tmp_path: Path, checkouts: list[Path]) -> None:
    (checkouts[1] / "fails").touch()
    done = start(tmp_path, *map(str, checkouts), "--runs", "1")
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 1
    assert "There is no space left." in errors
    assert_nothing_is_left(tmp_path)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(tmp_path: Path, checkouts: list[Path], how: signal.Signals) -> None:
    (checkouts[0] / "hangs").touch()
    done = start(tmp_path, *map(str, checkouts), "--runs", "1")
    waited_until = time.monotonic() + 30
    while not (checkouts[0] / "started").exists() and time.monotonic() < waited_until:
        time.sleep(0.05)
    done.send_signal(how)
    done.communicate(timeout=30)
    assert done.returncode != 0
    assert_nothing_is_left(tmp_path)


def test_one_checkout_needs_no_other(tmp_path: Path, checkouts: list[Path]) -> None:
    done = start(tmp_path, str(checkouts[0]), "--runs", "1")
    printed, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors
    assert "ratio" not in printed
    assert_nothing_is_left(tmp_path)
