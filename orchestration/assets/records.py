"""Dagster's records of runs, of which those go that were made before somebody was forgotten.

They hold counts, names of files and sentences, and nothing of a row; but counts before and after tell what somebody
added to them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import dagster as dg


def forget_records(instance: dg.DagsterInstance, dagster_home: Path, *, but: str | None) -> None:
    """Delete the records of all runs that have ended, but of one, and give back the blocks that they lay in."""
    kept = set()
    for run in instance.get_runs():
        if run.run_id == but or not run.is_finished:
            kept.add(run.run_id)
        else:
            instance.delete_run(run.run_id)
    # Each run has a file of events of its own, which stays behind empty.
    for path in (dagster_home / "history" / "runs").glob("*.db"):
        if path.stem != "index" and path.stem not in kept:
            path.unlink(missing_ok=True)
    for path in (dagster_home / "history").rglob("*.db"):
        # The page may hold it open; its blocks are used again by what is written next.
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=1)) as con:
            con.execute("vacuum")
