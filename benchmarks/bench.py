"""`python -m benchmarks.bench [SIZE ...]`: the whole run against `baseline.sql`, on the same generated files.

Each side runs as a process of its own: the baseline, the run, and the baseline again, because a machine shared with
others may be half as fast again a few minutes later. The run is compared with the mean of the two, and how far they lie
apart says how far the ratio can be trusted; the times alone mean little. Processor time is given beside it. Memory is
the peak resident size of the process and of what it started.

The baseline makes no documents. So the run is given twice: without the step that makes them, which is what the baseline
can be compared with, and as a whole. Before any time counts, both must have counted the same (`agreement`). At the end
one more month is added to the largest size, unless `--no-month` says not to.

A run is whatever `insights run` of the checkout does, and its steps are those that it prints: nothing inside is asked.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.agreement import agreement
from orchestration.settings import Settings
from synthetic.forms.scale import MONTHS, scaled_services, write_month, write_scaled

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 100_000, 1_000_000)
BASELINE = "baseline.duckdb"
PROGRAMME = """\
id = "bench"
name = "Generated files"
publisher = "Nobody"
themes = ["forms"]
final_to = 2024-03-31

[forms]
first_year = 2022
"""
# How the lines begin with which a run says that a step begins. Preparing comes first, and REPORTS makes the documents.
REPORTS = "Publishing: reports"
STEPS = ("Landing", "Staging", "Gate 1", "Building", "Gate 2", "Publishing: tables", REPORTS, "Publishing: the switch")


@dataclass(frozen=True)
class Measure:
    """Wall time and processor time in seconds, and peak memory in GiB, of one process."""

    seconds: float
    cpu: float
    gib: float


def insights_of(checkout: Path) -> str:
    """The command line of a checkout, from its own environment. Raises SystemExit where it has none."""
    command = checkout.resolve() / ".venv" / "bin" / "insights"
    if not command.exists():
        raise SystemExit(f"There is no {command}. Nothing was measured. Make the environment there: make .venv/.ready.")
    return str(command)


def measure(command: list[str], log: Path, env: dict[str, str] | None = None) -> Measure:
    """Run a command to its end, in this environment or another. Raises SystemExit with its last words when it fails."""
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        pid = os.posix_spawn(
            command[0],
            command,
            os.environ if env is None else env,
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
            setpgroup=0,
        )
        try:
            _, status, usage = os.wait4(pid, 0)
        except BaseException:  # Stopped: so is the command, with everything that it started.
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
    if status:
        said = "\n".join(log.read_text(encoding="utf-8").splitlines()[-5:])
        raise SystemExit(f"{' '.join(command[:3])} failed, so nothing can be compared. Its last words:\n{said}")
    return Measure(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024 / 1024)


def baseline(raw: Path, work: Path) -> Measure:
    """The hand-written script, in a DuckDB file of its own."""
    work.mkdir(parents=True, exist_ok=True)
    program = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); "
        'con.execute("set variable folder = \'" + sys.argv[2] + "\'"); con.execute(open(sys.argv[3]).read())'
    )
    database = work / BASELINE
    database.unlink(missing_ok=True)
    command = [sys.executable, "-c", program, str(database), str(raw), str(HERE / "baseline.sql")]
    return measure(command, work / "baseline.log")


def write_programme(folder: Path) -> Path:
    """Write the programme of the generated files into a folder: their services, and the sample's years."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    (folder / "services.csv").write_text(scaled_services(), encoding="utf-8")
    return folder


def pipeline(insights: str, raw: Path, home: Path, log: Path) -> Measure:
    """`insights run`, from files to release, with the services of the files declared."""
    environment = {
        **os.environ,
        "INSIGHTS_PROGRAMME": str(write_programme(log.parent / "programme")),
        "INSIGHTS_ENV": "sample",  # with the key that everybody knows
    }
    return measure([insights, "run", "--raw", str(raw), "--home", str(home)], log, environment)


def steps_of(log: str, seconds: float) -> dict[str, float]:
    """Seconds of each step, from what a run of so many seconds printed: each lasts until the next begins."""
    begun = [("Preparing", 0.0)]
    for line in log.splitlines():
        said = re.match(r" *([0-9.]+) s  (\S.*)", line)
        step = next((step for step in STEPS if said and said[2].startswith(step)), None)
        if said and step and step not in dict(begun):
            begun.append((step, float(said[1])))
    ends = [start for _, start in begun[1:]] + [seconds]
    return {step: end - start for (step, start), end in zip(begun, ends, strict=True)}


def compare(size: int, work: Path, insights: str, say: Callable[[str], None]) -> tuple[Measure, dict[str, float]]:
    """Measure one size, print its line, and return the run with its steps. Raises SystemExit when the counts differ."""
    raw, home, log = work / "raw", work / "home", work / "run.log"
    shutil.rmtree(raw / "one_more_month", ignore_errors=True)  # of a bench that was cut short
    if not raw.exists():
        say(f"Generating {size:,} intake forms with their reviews and exits")
        write_scaled(raw, intake_forms=size, text_services=())
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    before = baseline(raw, work)
    whole = pipeline(insights, raw, home, log)
    after = baseline(raw, work)
    try:
        both = agreement(work / BASELINE, Settings.from_environment(home=home).warehouse_path)
    except duckdb.Error as error:
        raise SystemExit(
            f"The counts of the run cannot be read as this checkout reads them ({str(error).splitlines()[0]}), so its "
            "times cannot be compared. Measure another checkout with its own bench."
        ) from None
    steps = steps_of(log.read_text(encoding="utf-8"), whole.seconds)
    seconds, cpu = (before.seconds + after.seconds) / 2, (before.cpu + after.cpu) / 2
    without = (
        f"{(whole.seconds - steps[REPORTS]) / seconds:.2f}" if REPORTS in steps else "? (the run names no such step)"
    )
    say(
        f"{size:>9,} intake forms: baseline {before.seconds:.1f} and {after.seconds:.1f} s ({before.cpu:.1f} and "
        f"{after.cpu:.1f} s of processor, {after.gib:.1f} GiB), run {whole.seconds:.1f} s ({whole.cpu:.1f} s, "
        f"{whole.gib:.1f} GiB), ratio {without} without reports, {whole.seconds / seconds:.2f} with them, "
        f"{whole.cpu / cpu:.2f} by processor time"
    )
    say(f"{'':>9} {both.same:,} of {both.compared:,} counts of the report are the same in both")
    if both.differing:
        raise SystemExit(
            f"Baseline and run differ in {both.compared - both.same:,} counts, for example in "
            f"{', '.join(both.differing)}, so their times cannot be compared. One of them counts wrong: find out which."
        )
    return whole, steps


def add_month(size: int, work: Path, insights: str, whole: Measure, say: Callable[[str], None]) -> None:
    """One more month on top of what was run, and its share of the whole run."""
    month = work / "raw" / "one_more_month"
    try:
        write_month(month, intake_forms=size, text_services=())
        more = pipeline(insights, work / "raw", work / "home", work / "month.log")
    finally:
        shutil.rmtree(month, ignore_errors=True)
    say("")
    say(
        f"One more month ({size // MONTHS:,} intake forms) on top of {size:,}: {more.seconds:.1f} s, "
        f"{100 * more.seconds / whole.seconds:.0f}% of the full run"
    )


def bench(sizes: list[int], work: Path, insights: str, month: bool, say: Callable[[str], None]) -> None:
    """Measure every size and print the tables."""
    runs = {size: compare(size, work / f"{size}", insights, say) for size in sizes}
    say("")
    say(f"{'step':<28}" + "".join(f"{size:>12,}" for size in runs) + (f"{'growth':>9}" if len(runs) > 1 else ""))
    last = sizes[-1]
    for step in runs[last][1]:
        row = [steps.get(step, 0.0) for _, steps in runs.values()]
        growth = f"{row[-1] / row[-2]:>8.1f}x" if len(row) > 1 and row[-2] else ""
        say(f"{step:<28}" + "".join(f"{seconds:>10.1f} s" for seconds in row) + growth)
    if month:
        add_month(last, work / f"{last}", insights, runs[last][0], say)


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench", description="Time the whole run against the hand-written baseline."
    )
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="numbers of intake forms")
    parser.add_argument("--no-month", action="store_true", help="leave out one more month on top of the last size")
    parser.add_argument(
        "--checkout", type=Path, default=HERE.parent, help="whose `insights` runs (default: this one's)"
    )
    parser.add_argument("--work", type=Path, default=HERE / "data", help="folder for generated files and homes")
    arguments = parser.parse_args()
    insights = insights_of(arguments.checkout)
    bench(arguments.sizes, arguments.work, insights, not arguments.no_month, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
