"""The folder in which working copies of delivered files lie while they are read: personal data in clear."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.settings import Settings

_WORK_FOLDER = "landing_work"


def work_folder(settings: Settings) -> Path:
    """Where the working copies lie. Outside a run there is no such folder, unless one was killed."""
    return settings.warehouse_path.parent / _WORK_FOLDER


@contextmanager
def private_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder only this user can read, removed afterwards.

    What an interrupted run left there is personal data in clear, so it goes first. Whoever asks holds the lock of the
    warehouse.
    """
    folder = work_folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
