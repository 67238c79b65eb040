"""One private copy of a delivered file, whose bytes were hashed while it was written: all that lands comes from it.

The delivered file may be written, replaced or taken away at any moment. So it is opened once, without following a link,
and copied; before anything is committed it is looked at again. If it is not what was copied, nothing of it is kept, and
it is left for the next run.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from orchestration.errors import OperatorError
from orchestration.landing.refusal import FileRefusedError

_CHUNK = 4 * 1024 * 1024
# Some disks know times to two seconds only, so two versions of one size may look alike.
_COARSEST_TIME = 2 * 10**9
_NEXT_TIME = "so it is left for the next run. Nothing of this file was landed"
_DELIVER_WHOLE = "Deliver files under another name and rename them when they are complete."


class LeftError(Exception):
    """This file is left for the next run. The message is the sentence for the screen: no value of a row."""


@dataclass(frozen=True)
class _Look:
    """What tells one state of a file from another without reading it."""

    device: int
    number: int
    size: int
    modified: int
    changed: int

    @classmethod
    def at(cls, descriptor: int) -> _Look:
        state = os.fstat(descriptor)
        return cls(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


def _resized(before: _Look, after: _Look) -> LeftError:
    return LeftError(
        f"It changed while it was read (from {before.size:,} to {after.size:,} bytes), {_NEXT_TIME}. {_DELIVER_WHOLE}"
    )


@dataclass(frozen=True)
class Snapshot:
    """The bytes of a delivered file as they were copied; ``copy`` is None when they are known and need no reading."""

    raw_dir: Path
    path: Path
    sha256: str
    copy: Path | None
    look: _Look
    is_fresh: bool

    @property
    def size_bytes(self) -> int:
        """How many bytes were hashed."""
        return self.look.size

    def require_unchanged(self) -> None:
        """Raise LeftError unless the delivered file still holds the bytes of the snapshot.

        What looks as it did is taken to be so, unless it had changed just before it was copied; else the bytes decide.
        """
        try:
            with open_beneath(self.raw_dir, self.path) as handle:
                look = _Look.at(handle.fileno())
                if look == self.look and not self.is_fresh:
                    return
                if look.size != self.look.size:
                    raise _resized(self.look, look)
                is_same = hashlib.file_digest(handle, "sha256").hexdigest() == self.sha256
        except OSError as error:
            what = "was taken away" if isinstance(error, FileNotFoundError) else "could not be opened a second time"
            raise LeftError(f"It {what} while it was read, {_NEXT_TIME}.") from None
        if not is_same:
            raise LeftError(f"It was written while it was read, {_NEXT_TIME}. {_DELIVER_WHOLE}")


def take_snapshot(raw_dir: Path, path: Path, target: Path, known: Mapping[str, int]) -> Snapshot:
    """Copy a file of the raw folder to ``target``, whose folder is made, and hash what is copied.

    Parameters:
        known: SHA-256 and size of what has landed; a file with bytes among these is hashed and not copied.

    Raises LeftError: the file changed meanwhile, or is no file any more. Raises FileRefusedError: its name is too long
    for the disk of the warehouse. Raises OperatorError: the copy cannot be written. Raises OSError: the file cannot be
    read.
    """
    with open_beneath(raw_dir, path) as handle:
        look = _Look.at(handle.fileno())
        is_fresh = abs(time.time_ns() - max(look.modified, look.changed)) < _COARSEST_TIME
        copy: Path | None = None
        sha256 = ""
        if look.size in known.values():
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            handle.seek(0)
        if sha256 not in known:
            copy = target
            sha256 = _copy(handle, target)
            if sha256 in known:
                target.unlink()
                copy = None
        after = _Look.at(handle.fileno())
        if after.size != look.size:
            raise _resized(look, after)
        snapshot = Snapshot(raw_dir, path, sha256, copy, look, is_fresh)
        if after != look:
            snapshot.require_unchanged()
    return snapshot


@contextmanager
def open_beneath(raw_dir: Path, path: Path) -> Iterator[BufferedReader]:
    """Open a file of the raw folder, folder by folder, so that no link put there meanwhile is followed.

    Raises LeftError: it is no file any more. Raises OSError.
    """
    *folders, name = path.relative_to(raw_dir).parts
    flags = os.O_RDONLY | os.O_CLOEXEC
    folder = os.open(raw_dir, flags | os.O_DIRECTORY)
    try:
        for part in folders:
            below = os.open(part, flags | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        # A pipe put in its place would wait for a writer.
        descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO):
            raise LeftError(f"Something else was put in its place while it was read, {_NEXT_TIME}.") from None
        raise
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise LeftError(f"Something else was put in its place while it was read, {_NEXT_TIME}.")
    with os.fdopen(descriptor, "rb") as handle:
        yield handle


def hash_now(raw_dir: Path, path: Path) -> str | None:
    """SHA-256 of a file of the raw folder as it lies there; None when it cannot be read, which a run has to tell."""
    try:
        with open_beneath(raw_dir, path) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (OSError, LeftError):
        return None


def _copy(handle: BufferedReader, target: Path) -> str:
    """Copy to the end; returns the hash of the bytes that were copied."""
    digest = hashlib.sha256()
    with _writing():
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode=0o600)
    try:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            with _writing():
                left = memoryview(chunk)
                while left:
                    left = left[os.write(copy, left) :]
    finally:
        os.close(copy)
    return digest.hexdigest()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise FileRefusedError("Its name is too long to be copied. Give it a shorter one.") from None
        raise OperatorError(
            f"Landing failed while the private copy of a file was written ({error.strerror}). Nothing of this file was "
            "landed; files before it stay landed. Make room on the disk of the warehouse and run again."
        ) from None
