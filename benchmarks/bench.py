"""`make bench`: the whole run against `floor.sql`, at growing sizes, on the same generated files.

Each side runs as a process of its own: the floor, the run, and the floor again, because a machine shared with others
may be half as fast again a few minutes later. The run is compared with the mean of the two, and how far they lie
apart says how far the ratio can be trusted; the times alone mean little. Processor time is given beside it. Memory is
the peak resident size of the process and of what it started.

The floor makes no documents. So the run is given twice: without the step that makes them, which is what the floor can
be compared with, and as a whole. Before any time counts, both must have counted the same (`agreement`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from benchmarks.agreement import agreement
from synthetic.forms.scale import MONTHS, write_month, write_scaled

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 100_000, 1_000_000)
FLOOR = "floor.duckdb"
REPORTS = "reports"  # the step that makes documents and open data, where the graph has one


@dataclass(frozen=True)
class Measure:
    """Wall time and processor time in seconds, and peak memory in GiB, of one process."""

    seconds: float
    cpu: float
    gib: float


def measure(command: list[str], log: Path, env: dict[str, str] | None = None) -> Measure:
    """Run a command to its end. Raises SystemExit when it fails, naming the log."""
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        pid = os.posix_spawn(
            command[0],
            command,
            os.environ | (env or {}),
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
        )
        _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command[:3])} failed; see {log}")
    return Measure(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024 / 1024)


def floor(raw: Path, work: Path) -> Measure:
    """The hand-written script, in a DuckDB file of its own."""
    work.mkdir(parents=True, exist_ok=True)
    program = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); "
        'con.execute("set variable folder = \'" + sys.argv[2] + "\'"); con.execute(open(sys.argv[3]).read())'
    )
    database = work / FLOOR
    database.unlink(missing_ok=True)
    command = [sys.executable, "-c", program, str(database), str(raw), str(HERE / "floor.sql")]
    return measure(command, work / "floor.log")


def pipeline(raw: Path, home: Path, log: Path) -> Measure:
    """`insights run`, from files to release."""
    command = [sys.executable, "-m", "orchestration.commands.cli", "run", "--raw", str(raw), "--home", str(home)]
    return measure(command, log)


def stages(home: Path) -> dict[str, float]:
    """Seconds of each step of the newest run, from Dagster's record."""
    os.environ["DAGSTER_HOME"] = str(home / "dagster")
    with dg.DagsterInstance.get() as instance:
        run = instance.get_runs(limit=1)[0]
        steps = instance.get_run_step_stats(run.run_id)
    return {
        step.step_key: step.end_time - step.start_time
        for step in sorted(steps, key=lambda step: step.start_time or 0)
        if step.start_time is not None and step.end_time is not None
    }


def bench(sizes: list[int], work: Path, say: Callable[[str], None]) -> None:
    """Measure every size and print the tables."""
    shutil.rmtree(work / f"{sizes[-1]}" / "raw" / "one_more_month", ignore_errors=True)  # of a run that was cut short
    results: dict[int, Measure] = {}
    steps: dict[int, dict[str, float]] = {}
    for size in sizes:
        raw, home = work / f"{size}" / "raw", work / f"{size}" / "home"
        if not raw.exists():
            say(f"Generating {size:,} intake forms with their reviews and exits")
            write_scaled(raw, intake_forms=size, text_services=())
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        before = floor(raw, work / f"{size}")
        whole = pipeline(raw, home, work / f"{size}" / "run.log")
        after = floor(raw, work / f"{size}")
        both = agreement(work / f"{size}" / FLOOR, home / "warehouse" / "insights.duckdb")
        results[size] = whole
        steps[size] = stages(home)
        compared = whole.seconds - steps[size].get(REPORTS, 0.0)
        seconds, cpu = (before.seconds + after.seconds) / 2, (before.cpu + after.cpu) / 2
        say(
            f"{size:>9,} intake forms: floor {before.seconds:.1f} and {after.seconds:.1f} s ({before.cpu:.1f} and "
            f"{after.cpu:.1f} s of processor, {after.gib:.1f} GiB), run {whole.seconds:.1f} s ({whole.cpu:.1f} s, "
            f"{whole.gib:.1f} GiB), ratio {compared / seconds:.2f} without reports, {whole.seconds / seconds:.2f} with "
            f"them, {whole.cpu / cpu:.2f} by processor time"
        )
        say(f"{'':>9} {both.same:,} of {both.compared:,} counts of the report are the same in both")
        if both.differing:
            raise SystemExit(
                f"Floor and run differ in {both.compared - both.same:,} counts, for example in "
                f"{', '.join(both.differing)}, so their times cannot be compared. One of them counts wrong: find out "
                "which."
            )
    say("")
    say(f"{'step':<28}" + "".join(f"{size:>12,}" for size in sizes) + (f"{'growth':>9}" if len(sizes) > 1 else ""))
    for step in steps[sizes[-1]]:
        row = [steps[size].get(step, 0.0) for size in sizes]
        growth = f"{row[-1] / row[-2]:>8.1f}x" if len(row) > 1 and row[-2] else ""
        say(f"{step:<28}" + "".join(f"{seconds:>10.1f} s" for seconds in row) + growth)
    size = sizes[-1]
    month = work / f"{size}" / "raw" / "one_more_month"
    shutil.rmtree(month, ignore_errors=True)
    write_month(month, intake_forms=size, text_services=())
    more = pipeline(work / f"{size}" / "raw", work / f"{size}" / "home", work / f"{size}" / "month.log")
    shutil.rmtree(month, ignore_errors=True)
    share = more.seconds / results[size].seconds
    say("")
    say(
        f"One more month ({size // MONTHS:,} intake forms) on top of {size:,}: {more.seconds:.1f} s, "
        f"{100 * share:.0f}% of the full run"
    )


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description="Time the whole run against the hand-written floor.")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="numbers of intake forms")
    parser.add_argument("--work", type=Path, default=HERE / "data", help="folder for generated files and homes")
    arguments = parser.parse_args()
    bench(arguments.sizes, arguments.work, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
