"""`python -m tools.seeds_list [--check]`: the engine's seeds by hash, so that an edit is told."""

from __future__ import annotations

import argparse
import sys

from catalogue.seeds import LIST, SEEDS, edited_seeds, seed_lines


def main(arguments: list[str] | None = None) -> int:
    """Write the list; with --check only name the seeds that are not as it has them, 1 when any are."""
    parser = argparse.ArgumentParser(prog="python -m tools.seeds_list", description="The list of the engine's seeds.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a seed is not as the list has it"
    )
    if parser.parse_args(arguments).check:
        edited = edited_seeds(SEEDS)
        print("\n".join(edited) or "Every seed is as the list has it")
        return 1 if edited else 0
    (SEEDS / LIST).write_text("\n".join(seed_lines(SEEDS)) + "\n", encoding="utf-8")
    print(f"{len(seed_lines(SEEDS))} seeds listed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
