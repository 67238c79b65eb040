"""What the run and a reading process say to each other, in frames: a length, then so many bytes.

To the reading process go requests. From it come what a file is, and of a return its records: as Arrow tables, which can
hold nothing but values. Everything else is one of the classes listed here, as JSON; nothing else is made of what it
sends.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from orchestration.landing.forms.recognise import ErasureList, FormExport, Header
from orchestration.landing.forms.unknown import UnknownColumn
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.refusal import Refused
from orchestration.landing.returns.batches import batch_width
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import Statement
from orchestration.landing.tabular.records import Tally
from orchestration.landing.tabular.working_copy import WorkingCopy

_LENGTH = struct.Struct(">Q")
_LONGEST = 2 * 1024**3


@dataclass(frozen=True)
class Catalogues:
    """Read with the catalogues whose seeds lie in these folders. The first thing that is said."""

    forms: Path
    returns: Path


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
    statement: Statement


@dataclass(frozen=True)
class Refusal:
    """The file cannot be used, or is none that is; ``sentence`` says why."""

    sentence: str
    is_unused: bool = False


@dataclass(frozen=True)
class DiskFailed:
    """What is made of the file cannot be written, or its private copy cannot be read."""

    why: str


@dataclass(frozen=True)
class Faulty:
    """The program has a fault: the kind of error and where it happened, without its message."""

    where: str


_MESSAGES = (
    Catalogues, Request, FormExport, ErasureList, Refused, FoundReturn, Batch, Again, Finished, Refusal, DiskFailed,
    Faulty,
)  # fmt: skip
_PARTS = (Header, UnknownColumn, WorkingCopy, Tally, Delivery, RejectedLine, Statement)
_CLASSES: dict[str, type[Any]] = {one.__name__: one for one in (*_MESSAGES, *_PARTS)}


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
    """A message as bytes; of what both sides have (``shared``), only the name is sent.

    Raises TypeError: it holds something that has no place in a message.
    """
    return json.dumps(_plain(message, {id(one): name for name, one in shared.items()})).encode("ascii")


def unpacked(payload: bytes, shared: Mapping[str, object]) -> Any:
    """The message in a frame. Raises ValueError: it holds something else."""
    try:
        message = _made(json.loads(payload), shared)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no message: {type(error).__name__}") from None
    if not isinstance(message, _MESSAGES):
        raise ValueError("it is no message")
    return message


def _plain(value: Any, names: Mapping[int, str]) -> Any:
    """A value as JSON has it: text, numbers and nothing as they are, the rest as a kind and what is in it."""
    if value is None or isinstance(value, str | int | float):
        return value
    if id(value) in names:
        return ["shared", names[id(value)]]
    if isinstance(value, bytes):
        return ["bytes", value.decode("latin-1")]
    if isinstance(value, Path):
        return ["path", str(value)]
    if isinstance(value, tuple | list | set):
        return [type(value).__name__, [_plain(one, names) for one in value]]
    if _CLASSES.get(type(value).__name__) is type(value):
        return [type(value).__name__, {one.name: _plain(getattr(value, one.name), names) for one in fields(value)}]
    raise TypeError(f"{type(value).__name__} has no place in a message")


def _made(value: Any, shared: Mapping[str, object]) -> Any:
    """The value that was sent."""
    if not isinstance(value, list):
        return value
    kind, content = value
    if kind == "shared":
        return shared[content]
    if kind == "bytes":
        return content.encode("latin-1")
    if kind == "path":
        return Path(content)
    if kind in ("tuple", "list", "set"):
        return {"tuple": tuple, "list": list, "set": set}[kind](_made(one, shared) for one in content)
    return _CLASSES[kind](**{name: _made(one, shared) for name, one in content.items()})


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
