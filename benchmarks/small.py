"""`python -m benchmarks.small [CHECKOUT [CHECKOUT]]`: seconds of `insights run` on the sample, of one checkout or two.

Three kinds of run, in this order and each so many times: the first run that has to parse dbt's project (a fresh home,
`dbt_project/target` put aside), a run in a fresh home once the project is parsed, and a run in that home with nothing
new. Of two checkouts each kind is run by turns, and who begins changes from round to round. Every checkout is run by
its own `.venv/bin/insights`, on its own sample.

Homes, and whatever a run writes for its user, lie in a temporary folder that is gone at the end, also when a run fails
or somebody presses Ctrl-C; `dbt_project/target` is put back as it was. For the duration nobody else may run the
checkouts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.bench import HERE, insights_of, measure

PARSING, FRESH, NOTHING_NEW = "has to parse", "fresh home", "nothing new"
KINDS = (PARSING, FRESH, NOTHING_NEW)
# What would lead a run elsewhere than to its checkout and home.
FOREIGN = ("INSIGHTS_", "DAGSTER_", "DBT_", "PYTHONPATH", "VIRTUAL_ENV")


@contextmanager
def target_aside(checkout: Path, aside: Path) -> Iterator[Path]:
    """`dbt_project/target` of a checkout, missing at first; as it was before when the block ends."""
    target = checkout / "dbt_project" / "target"
    if target.exists():
        shutil.move(target, aside)
    try:
        yield target
    finally:
        shutil.rmtree(target, ignore_errors=True)
        if aside.exists():
            shutil.move(aside, target)


def run(checkout: Path, home: Path, work: Path) -> float:
    """Seconds of `insights run` on the sample. Raises SystemExit when it fails."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    user = {"HOME": str(work), "TMPDIR": str(work), "XDG_CACHE_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
    command = [insights_of(checkout), "run", "--raw", str(checkout / "data" / "raw"), "--home", str(home)]
    return measure(command, work / "run.log", kept | user).seconds


def measure_round(
    checkouts: list[Path],
    targets: list[Path],
    work: Path,
    say: Callable[[str], None],
    found: dict[str, dict[Path, list[float]]],
) -> None:
    """Every kind once for each checkout, in the order in which the checkouts are given."""
    homes = {checkout: work / f"home_{number}" for number, checkout in enumerate(checkouts)}
    for kind in KINDS:
        for checkout, target in zip(checkouts, targets, strict=True):
            if kind != NOTHING_NEW:
                shutil.rmtree(homes[checkout], ignore_errors=True)
                homes[checkout].mkdir()
            if kind == PARSING:
                shutil.rmtree(target, ignore_errors=True)
            seconds = run(checkout, homes[checkout], work)
            found[kind][checkout].append(seconds)
            say(f"{kind:<14}{seconds:>8.1f} s  {checkout}")
    for home in homes.values():
        shutil.rmtree(home)


def small(checkouts: list[Path], repeats: int, say: Callable[[str], None]) -> None:
    """Measure, and print every run, the medians and, of two checkouts, the second over the first."""
    found: dict[str, dict[Path, list[float]]] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="insights_small_")))
        targets = {
            checkout: stack.enter_context(target_aside(checkout, work / f"target_{number}"))
            for number, checkout in enumerate(checkouts)
        }
        for number in range(repeats):
            order = checkouts[:: -1 if number % 2 else 1]
            measure_round(order, [targets[checkout] for checkout in order], work, say, found)
    say("")
    say(f"{'medians of ' + str(repeats):<14}" + "".join(f"{checkout.name:>20}" for checkout in checkouts))
    for kind in KINDS:
        medians = [statistics.median(found[kind][checkout]) for checkout in checkouts]
        ratio = f"   ratio {medians[1] / medians[0]:.2f}" if len(medians) > 1 else ""
        say(f"{kind:<14}" + "".join(f"{median:>18.1f} s" for median in medians) + ratio)


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.small", description="Time `insights run` on the sample, of one checkout or two."
    )
    parser.add_argument("checkouts", nargs="*", type=Path, default=[HERE.parent], help="one or two (default: this one)")
    parser.add_argument("--runs", type=int, default=3, help="how often each kind is run (default: %(default)s)")
    arguments = parser.parse_args()
    checkouts = [checkout.resolve() for checkout in arguments.checkouts]
    if len(checkouts) > 2 or len(set(checkouts)) < len(checkouts) or arguments.runs < 1:
        raise SystemExit("One checkout or two different ones can be compared, with one run or more of each kind.")
    for checkout in checkouts:
        insights_of(checkout)
    # Stopped, it puts everything back.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))
    small(checkouts, arguments.runs, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
