"""What the run and a reading process say to each other, in frames: a length, then so many bytes.

To the reading process go requests. From it come what a file is, and of a return its records: as Arrow tables, which can
hold nothing but values. Everything else is one of the classes listed here, and nothing that is not listed is made from
what it sends.
"""

from __future__ import annotations

import io
import pathlib
import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from orchestration.landing.forms.recognise import ErasureList, FormExport, Header
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.refusal import Refused
from orchestration.landing.returns.batches import batch_width
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.tabular.records import Tally
from orchestration.landing.tabular.working_copy import WorkingCopy

_LENGTH = struct.Struct(">Q")
_LONGEST = 2 * 1024**3


@dataclass(frozen=True)
class Request:
    """Read this file: what is made of it goes to ``copy``. ``seconds`` of processor are allowed."""

    path: Path
    raw_dir: Path
    copy: Path
    seconds: int


@dataclass(frozen=True)
class FoundReturn:
    """It is a return; its batches follow."""

    delivery: Delivery
    return_id: str
    file_format: str


@dataclass(frozen=True)
class Batch:
    """Records that belong together: for each of these kinds, a table follows."""

    record_ids: tuple[str, ...]
    rejected: tuple[RejectedLine, ...]


@dataclass(frozen=True)
class Again:
    """All batches so far are void: the file is read from its beginning once more."""


@dataclass(frozen=True)
class Finished:
    """All records of a return have been sent."""

    ignored: str | None
    note: str | None


@dataclass(frozen=True)
class Refusal:
    """The file cannot be used; ``sentence`` says why."""

    sentence: str


@dataclass(frozen=True)
class DiskFailed:
    """What is made of the file cannot be written, or its private copy cannot be read."""

    why: str


@dataclass(frozen=True)
class Faulty:
    """The program has a fault: the kind of error and where it happened, without its message."""

    where: str


_MESSAGES = (FormExport, ErasureList, Refused, FoundReturn, Batch, Again, Finished, Refusal, DiskFailed, Faulty)
_PARTS = (Header, WorkingCopy, Tally, Delivery, RejectedLine, pathlib.PosixPath, pathlib.Path, set, frozenset)
_ALLOWED = {(one.__module__, one.__qualname__): one for one in (*_MESSAGES, *_PARTS)}


def send(stream: BinaryIO, payload: bytes | pa.Buffer) -> None:
    """Write one frame."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one frame. Raises EOFError: the other side has ended."""
    head = stream.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _LONGEST + 1
    payload = stream.read(length) if length <= _LONGEST else b""
    if len(payload) != length:
        raise EOFError
    return payload


def packed(message: Any, shared: Mapping[str, object]) -> bytes:
    """A message as bytes; of what both sides have (``shared``), only the name is sent."""
    names = {id(one): name for name, one in shared.items()}

    class Packer(pickle.Pickler):
        def persistent_id(self, obj: Any) -> str | None:
            return names.get(id(obj))

    buffer = io.BytesIO()
    Packer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(message)
    return buffer.getvalue()


def unpacked(payload: bytes, shared: Mapping[str, object]) -> Any:
    """The message of a reading process. Raises pickle.UnpicklingError: it holds something else."""

    class Unpacker(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if (module, name) not in _ALLOWED:
                raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
            return _ALLOWED[module, name]

        def persistent_load(self, pid: Any) -> Any:
            return shared[pid]

    message = Unpacker(io.BytesIO(payload)).load()
    if not isinstance(message, _MESSAGES):
        raise pickle.UnpicklingError("it is no message")
    return message


def table_to_bytes(table: pa.Table) -> pa.Buffer:
    """A table of records as a frame."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def table_from_bytes(payload: bytes) -> pa.Table:
    """The table in a frame. Raises pa.ArrowInvalid: it is not one of records."""
    table = pa.ipc.open_stream(pa.py_buffer(payload)).read_all()
    table.validate(full=True)
    if batch_width(table.schema) is None:
        raise pa.ArrowInvalid("it is no table of records")
    return table
