"""`python -m tests.attack FOLDER [SECOND]`: attack a public folder, or two of them together."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.attack import documentation, html_numbers, open_data, pair, pdf_numbers, workbook_numbers
from tests.attack.attack import attack
from tests.attack.rules import Rules


def rules_of(given: argparse.Namespace) -> Rules:
    """The rules as given: whoever knows that p is 0 reads half the base."""
    within = given.within if given.within is not None else given.base - 1
    if given.chance == 0:
        within = given.base // 2
    if given.hiding:
        within = 0
    return Rules(given.base, within, given.minimum_n, given.threshold, given.group, given.not_asked, given.hiding)


def main() -> int:
    """Exit code 0: nothing is certain; 1: something is; 2: something could not be decided in time."""
    parser = argparse.ArgumentParser(prog="tests.attack", description=__doc__)
    parser.add_argument("folder", type=Path, help="public folder of a release")
    parser.add_argument("second", type=Path, nargs="?", help="public folder of a later release")
    parser.add_argument("--base", type=int, default=5)
    parser.add_argument("--within", type=int, help="base less 1 where it is not said")
    parser.add_argument("--chance", type=float, default=None, help="0: every print is the nearest multiple")
    parser.add_argument("--minimum-n", type=int, default=25)
    parser.add_argument("--threshold", type=int, default=5)
    parser.add_argument("--group", type=int, default=10)
    parser.add_argument("--hiding", action="store_true", help="the earlier method")
    parser.add_argument("--not-asked", action="store_true", help="some services may not ask some questions")
    parser.add_argument("--added", type=int, default=1, help="forms that came between two folders, at most")
    parser.add_argument("--seconds", type=float, default=600.0, help="for each year")
    parser.add_argument("--truth", action="store_true", help="take percentages for those of true counts")
    parser.add_argument("--formats", action="store_true", help="read HTML, workbook and PDF as well")
    parser.add_argument("--most", type=int, default=40, help="conclusions to print of each kind")
    given = parser.parse_args()
    rules = rules_of(given)
    if given.second is not None:
        pairs = pair.compare(given.folder, given.second, rules, given.added, given.seconds)
        for one in pairs:
            print("\n".join(one.lines(given.most)))
        certain = sum(len(one.together.found) + len(one.proved) + len(one.differing) for one in pairs)
        return 1 if certain else 2 if any(one.together.undecided for one in pairs) else 0
    if not any(given.folder.glob("open_data/*.csv")):
        parser.error(f"there are no open data in {given.folder}")
    report = attack(given.folder, rules, given.seconds, True if given.truth else None)
    print("\n".join(report.lines(given.most)))
    own: list[str] = []
    if given.formats:
        pages = documentation.read(given.folder / "documentation")
        figures = open_data.read(given.folder / "open_data")
        own = html_numbers.compare(given.folder, figures, pages, rules)
        own += workbook_numbers.compare(given.folder, figures)
        pdf, said = pdf_numbers.compare(given.folder, figures)
        print(said)
        own += pdf
        print(f"numbers of other formats that the open data do not print: {len(own)}")
        print("\n".join(f"  {text}" for text in own[: given.most]))
    broken = bool(report.contradictions) or any(part.result.contradiction for part in report.parts)
    print(f"certain: {report.certain}; undecided: {report.undecided}; contradictions: {int(broken)}")
    if report.certain or broken:
        return 1
    return 2 if report.undecided else 0


if __name__ == "__main__":
    sys.exit(main())
