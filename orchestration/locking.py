"""One writer at a time: a lock file beside the warehouse.

DuckDB itself lets only one process write, but it would say so in the middle of a run. The lock is taken before
anything is touched, it is released by the operating system however the process ends, and it carries a sentence
about who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from orchestration.errors import OperatorError
from orchestration.permissions import make_home_folder
from orchestration.settings import Settings

LOCK_NAME = ".lock"


class WarehouseBusyError(OperatorError):
    """Somebody else has the warehouse open. The one failure of a run that trying again can mend."""


# The lock belongs to a process: the command line takes it for the whole run, the steps inside find it held.
_held: dict[Path, tuple[IO[str], int]] = {}


@contextmanager
def warehouse_lock(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold the warehouse for one run; a block inside a block of the same process passes straight through.

    Raises WarehouseBusyError when another process holds it.
    """
    path = settings.warehouse_path.parent / LOCK_NAME
    make_home_folder(settings.home)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = path.resolve()
    if key in _held:
        handle, depth = _held[key]
        _held[key] = (handle, depth + 1)
    else:
        _held[key] = (_take(path, run_id), 1)
    try:
        yield
    finally:
        handle, depth = _held.pop(key)
        if depth > 1:
            _held[key] = (handle, depth - 1)
        else:
            # Emptied, not removed: removing a file that another process waits on would give two holders.
            handle.truncate(0)
            handle.close()


def is_locked(settings: Settings) -> bool:
    """Whether a run, of this process or another, holds the warehouse now."""
    path = settings.warehouse_path.parent / LOCK_NAME
    if path.resolve() in _held:
        return True
    if not path.exists():
        return False
    with path.open("r", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def refuse_during_a_run(settings: Settings) -> None:
    """For whoever only looks: raises WarehouseBusyError while another process is at work on the warehouse.

    A reader that held the file open then would stop the run.
    """
    path = settings.warehouse_path.parent / LOCK_NAME
    if path.resolve() not in _held and is_locked(settings):
        raise WarehouseBusyError(
            f"A run is at work in {settings.home}, so what has landed there cannot be looked at now. Nothing was "
            "changed. Ask again when it has ended; `insights status` says whether it has."
        )


def _take(path: Path, run_id: str) -> IO[str]:
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(handle)
        handle.close()
        raise WarehouseBusyError(
            f"Another run is using this warehouse{holder}. Nothing was read or changed. "
            "Wait until it has finished and run again, or name another home with --home."
        ) from None
    handle.seek(0)
    handle.truncate(0)
    json.dump(
        {"pid": os.getpid(), "run_id": run_id, "since": datetime.now(UTC).isoformat(timespec="seconds")},
        handle,
    )
    handle.flush()
    return handle


def _holder(handle: IO[str]) -> str:
    """Who holds it, as the words after "Another run is using this warehouse"."""
    try:
        handle.seek(0)
        note = json.load(handle)
        return f" (process {note['pid']}, since {note['since']})"
    except (ValueError, KeyError, OSError):
        return ""
