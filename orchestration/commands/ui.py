"""`insights ui`: the web page, and the daemon that takes runs from the queue and, where asked, starts them itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from orchestration.environment import SCHEDULE, SCHEDULE_OFF, make_home, write_programme
from orchestration.errors import OperatorError
from orchestration.permissions import close_home
from orchestration.settings import Settings
from orchestration.transform.project import is_parsed, parse

_MODULE = ("-m", "orchestration.definitions")


def serve(settings: Settings, port: int, *, unattended: bool) -> None:
    """Run the web server and the daemon until they are stopped. Both are Dagster's own programs.

    Without the daemon a run started on the page would wait in the queue for ever; the schedule and the sensor are on
    where `unattended`.

    Raises OperatorError when they are not installed or stop by themselves.
    """
    make_home(settings)
    close_home(settings)
    write_programme(settings)
    if not is_parsed():
        parse()
    os.environ.update(
        {
            "INSIGHTS_HOME": str(settings.home),
            "INSIGHTS_RAW": str(settings.raw_dir),
            "INSIGHTS_PROGRAMME": str(settings.programme_dir),
        }
    )
    if not unattended:
        os.environ[SCHEDULE] = SCHEDULE_OFF
    server = [_program("dagster-webserver"), "-h", "127.0.0.1", "-p", str(port), *_MODULE]
    signal.signal(signal.SIGTERM, _interrupt)
    started = [subprocess.Popen(command) for command in (server, [_program("dagster-daemon"), "run", *_MODULE])]
    try:
        while all(process.poll() is None for process in started):
            time.sleep(1)
    except KeyboardInterrupt:
        return
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
    raise OperatorError(
        f"The web server or the daemon stopped by itself. If port {port} is taken, name another with --port."
    )


def _program(name: str) -> str:
    """The full name of a program that is installed beside this Python."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise OperatorError(f"{name} is not installed. Run `make` in the repository, then try again.")
    return str(path)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
