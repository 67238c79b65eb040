"""What the reading process runs: one request after the other, until the run closes its end or a limit is met."""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

import pyarrow as pa

from catalogue import Catalogue
from catalogue.returns import ReturnCatalogue
from orchestration.landing.confined import channel
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.limits import MEMORY_BYTES
from orchestration.landing.recognise import recognise
from orchestration.landing.refusal import FileRefusedError, NotUsedError
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.reader import ReadAgainError
from orchestration.landing.returns.recognise import Return

#: How the process ends that could not have the memory it asked for.
OUT_OF_MEMORY = 70


class _Sender(RecordBatches):
    """Sends every batch to the run."""

    batch_rows = 50_000

    def __init__(self, answers: _Answers) -> None:
        super().__init__()
        self._answers = answers

    def _hand_over(self, batch: dict[str, pa.Table], rejected: list[RejectedLine]) -> None:
        self._answers.say(channel.Batch(tuple(batch), tuple(rejected)))
        for table in batch.values():
            channel.send(self._answers.stream, channel.table_to_bytes(table))


class _Answers:
    """The way back to the run."""

    def __init__(self, stream: BinaryIO, shared: dict[str, object]) -> None:
        self.stream = stream
        self._shared = shared

    def say(self, message: object) -> None:
        """Send one message."""
        channel.send(self.stream, channel.packed(message, self._shared))


def main() -> None:
    """Read files as they are asked for; what a parser prints goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process.
    requests = sys.stdin.buffer
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    told = channel.unpacked(channel.receive(requests), {})
    forms, returns = Catalogue(told.forms), ReturnCatalogue(told.returns)
    answers = _Answers(stream, {"forms": forms, "returns": returns})
    _limit_memory()
    with suppress(EOFError, BrokenPipeError):
        while True:
            request = channel.unpacked(channel.receive(requests), {})
            _limit_time(request.seconds)
            try:
                what = recognise(forms, returns, request.path, request.raw_dir, request.copy)
                if isinstance(what, Return):
                    _send_return(what, answers)
                else:
                    answers.say(what)
            except FileRefusedError as refusal:
                answers.say(channel.Refusal(str(refusal), isinstance(refusal, NotUsedError)))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            except BrokenPipeError:
                raise
            except OSError as error:
                answers.say(channel.DiskFailed(str(error.strerror)))
            except Exception as error:
                answers.say(channel.Faulty(_place(error)))


def _send_return(found: Return, answers: _Answers) -> None:
    """Say that it is a return, and send its records."""
    reader = found.reader
    answers.say(channel.FoundReturn(found.delivery, reader.return_id, reader.file_format))
    while True:
        sender = _Sender(answers)
        try:
            reader.read(sender)
            sender.flush()
            break
        except ReadAgainError:
            answers.say(channel.Again())
    answers.say(channel.Finished(reader.ignored(), reader.note(), reader.statement()))


def _limit_memory() -> None:
    """No more than the limit beyond what lies in memory now, and no image of it on the disk when it breaks off.

    macOS takes the limit and does not keep it; there, the limits of time and cells hold alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, held + MEMORY_BYTES)
        return
    with suppress(OSError, ValueError):
        _lower(resource.RLIMIT_AS, MEMORY_BYTES)


def _limit_time(seconds: int) -> None:
    """So many seconds of processor from now on; then the system ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _lower(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _place(error: Exception) -> str:
    """Kind and place of an error, without its message, which may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}" if last else type(error).__name__


def run() -> NoReturn:
    """Run, and end without tidying up what the system tidies up faster."""
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    os._exit(0)


if __name__ == "__main__":
    run()
