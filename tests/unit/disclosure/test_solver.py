"""The solver as this project uses it."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import ROOT


def test_the_solver_says_nothing_on_the_screen() -> None:
    # In a process of its own: the solver writes through the C library, which keeps it until the process ends.
    program = """
from disclosure.rounding import Rounding
from disclosure.settle import settle
from disclosure.system import System
system = System()
sizes = {"all": 40, "a": 3, "b": 17, "c": 20}
total, *parts = [system.count(name, size) for name, size in sizes.items()]
for count in (total, *parts):
    system.show(count, None, "table")
system.relate_if_true({total: 1} | {part: -1 for part in parts})
assert not settle(system, Rounding(5, b"k"), str).told
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout + done.stderr == ""
