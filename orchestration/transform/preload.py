"""Importing what later steps need while files land, which leaves part of a processor idle.

Two threads must not import packages that import each other at the same time, so whoever needs what is imported here
waits first: `start` when landing has begun, `wait` before dbt, which comes before everything else of this.
"""

from __future__ import annotations

import contextlib
import importlib
import threading

_MODULES = ("dbt.cli.main", "dbt.adapters.duckdb", "dbt.task.build", "expectations.engine", "sqlglot")
_threads: list[threading.Thread] = []


def start() -> None:
    """Begin to import, in a thread that does not keep the process alive."""
    thread = threading.Thread(target=_import, name="preload", daemon=True)
    _threads.append(thread)
    thread.start()


def wait() -> None:
    """Return when everything begun is there."""
    while _threads:
        _threads.pop().join()


def _import() -> None:
    for name in _MODULES:
        # Whoever needs it imports it again, and says what is wrong with it.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
