"""The reading processes as the run sees them: started when a file has to be read, and anew when one has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import pyarrow as pa

from catalogue import Catalogue
from catalogue.returns import ReturnCatalogue
from orchestration.errors import OperatorError
from orchestration.landing.confined import channel
from orchestration.landing.confined.child import OUT_OF_MEMORY
from orchestration.landing.limits import GIBIBYTE, MEMORY_BYTES, seconds_for
from orchestration.landing.recognise import Recognised
from orchestration.landing.refusal import FileRefusedError, NotUsedError
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.reader import ReadAgainError, Statement
from orchestration.landing.returns.recognise import Return
from orchestration.settings import PROJECT_ROOT

COMMAND = [sys.executable, "-m", "orchestration.landing.confined.child"]
# All that the process gets of the environment: no key, no token, nothing of the operator's.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "SYSTEMROOT")
_ONE_FILE = "Often it is one cell far below or beside the table, or a file packed to look small. "


class _ReadingProcess:
    """One process and its two pipes.

    ``seconds`` is what it was allowed for the file it reads; ``is_usable`` turns False when it has ended, or makes no
    sense.
    """

    def __init__(self, catalogues: channel.Catalogues, shared: dict[str, object]) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # Threads of libraries would each take a share of the memory it is allowed.
        environment |= {"PYTHONPATH": str(PROJECT_ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_ROOT,
            env=environment,
        )
        self._shared = shared
        self.seconds = 0
        self.is_usable = True
        self._say(catalogues)

    def ask(self, request: channel.Request) -> None:
        """Have a file read; the answers follow."""
        self.seconds = request.seconds
        self._say(request)

    def answer(self) -> Any:
        """The next message. Raises FileRefusedError: it is a refusal, or the process has ended.

        Raises OperatorError: the disk failed.
        """
        message = self._take(lambda payload: channel.unpacked(payload, self._shared))
        if isinstance(message, channel.Refusal):
            raise (NotUsedError if message.is_unused else FileRefusedError)(message.sentence)
        if isinstance(message, channel.Faulty):
            raise FileRefusedError(
                f"The program has a fault that this file brings out ({message.where}). Tell whoever looks after it."
            )
        if isinstance(message, channel.DiskFailed):
            raise OperatorError(
                f"Landing failed while the working copy of a file was written ({message.why}). Nothing of this file "
                "was landed; files before it stay landed. Make room on the disk of the warehouse and run again."
            )
        return message

    def table(self) -> pa.Table:
        """The table that follows a message. Raises FileRefusedError: the process has ended."""
        return self._take(channel.table_from_bytes)

    def end(self) -> None:
        """Stop the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast(Any, pipe).close()

    def _say(self, message: object) -> None:
        with suppress(BrokenPipeError):  # That it has ended shows when it does not answer.
            channel.send(cast(Any, self._process.stdin), channel.packed(message, {}))

    def _take(self, read: Callable[[bytes], Any]) -> Any:
        try:
            return read(channel.receive(cast(Any, self._process.stdout)))
        except EOFError:
            self.is_usable = False
            raise FileRefusedError(why_it_ended(self._process.wait(), self.seconds)) from None
        except (ValueError, pa.ArrowInvalid):
            self.is_usable = False
            raise FileRefusedError(
                "The process that read it answered with something else than records. Export it again."
            ) from None


class Readers:
    """Reads files in processes of their own: as many as files are read at once, each used again for the next file.

    Use as a context: leaving it ends all of them.
    """

    def __init__(self, forms: Catalogue, returns: ReturnCatalogue) -> None:
        self._shared: dict[str, object] = {"forms": forms, "returns": returns}
        self._returns = returns
        self._catalogues = channel.Catalogues(forms.seeds_dir, returns.seeds_dir)
        self._idle: list[_ReadingProcess] = []
        self._busy: dict[Path, _ReadingProcess] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in [*self._idle, *self._busy.values()]:
            process.end()
        self._idle.clear()
        self._busy.clear()

    def recognise(self, path: Path, raw_dir: Path, copy: Path) -> Recognised:
        """Tell what a private file is by its place below ``raw_dir``; what is made of it goes to ``copy``.

        A return goes on being read while it is landed: call `release` when that is over.

        Raises FileRefusedError: it breaks a limit, or is nothing that can be landed. Raises OperatorError: the disk
        fails.
        """
        process = self._idle.pop() if self._idle else _ReadingProcess(self._catalogues, self._shared)
        self._busy[copy] = process
        try:
            process.ask(channel.Request(path, raw_dir, copy, seconds_for(path.stat().st_size)))
            found = process.answer()
        except FileRefusedError:
            self._done(copy)
            raise
        except BaseException:
            self.release(copy)
            raise
        if isinstance(found, channel.FoundReturn):
            return Return(self._returns, found.delivery, _RemoteReader(process, found, lambda: self._done(copy)))
        self._done(copy)
        return cast(Recognised, found)

    def release(self, copy: Path) -> None:
        """End the process that still reads the file that was recognised with this copy, if one does."""
        process = self._busy.pop(copy, None)
        if process is not None:
            process.end()

    def _done(self, copy: Path) -> None:
        process = self._busy.pop(copy)
        if process.is_usable:
            self._idle.append(process)
        else:
            process.end()


class _RemoteReader:
    """A return that is read in another process: hands on what that sends."""

    def __init__(self, process: _ReadingProcess, found: channel.FoundReturn, done: Callable[[], None]) -> None:
        self._process = process
        self._done = done
        self._end = channel.Finished(None, None, Statement(()))
        self.return_id = found.return_id
        self.file_format = found.file_format

    def read(self, writer: RecordBatches) -> None:
        """Hand every record to the writer.

        Raises FileRefusedError: the file cannot be used after all. Raises ReadAgainError: call again.
        """
        try:
            while not isinstance(message := self._process.answer(), channel.Finished):
                if isinstance(message, channel.Again):
                    raise ReadAgainError
                for line in message.rejected:
                    writer.reject(line)
                # Records that lie in one another come in one batch, and have to be written in one.
                writer.add({record_id: self._process.table() for record_id in message.record_ids})
        except FileRefusedError:
            self._done()
            raise
        self._end = message
        self._done()

    def ignored(self) -> str | None:
        """What was not stored."""
        return self._end.ignored

    def note(self) -> str | None:
        """A sentence on what has landed."""
        return self._end.note

    def statement(self) -> Statement:
        """What the file says of itself."""
        return self._end.statement


def why_it_ended(code: int, seconds: int) -> str:
    """What is said of a file whose reading process ended with a code, having been allowed so many seconds."""
    if code == -signal.SIGXCPU:
        return (
            f"Reading it took more than {seconds:,} seconds of processor, the limit for a file of its size. "
            f"{_ONE_FILE}Export it again, as CSV if it is a workbook, or in several files."
        )
    # A library that is denied memory breaks off; a machine that has none left kills.
    if code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        return (
            f"Reading it needs more than {MEMORY_BYTES // GIBIBYTE} GB of memory, which is the limit. {_ONE_FILE}"
            "Export it again, as CSV if it is a workbook, or in several files."
        )
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return f"The process that read it broke off ({how}): it is damaged, or made to do harm. Export it again."
