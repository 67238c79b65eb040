"""When cases close: drawn a little too late, and the surplus closed earlier at each 31 March."""

from __future__ import annotations

from datetime import date, timedelta

from synthetic.returns.counts import YearCounts
from synthetic.returns.life.draws import LAST_DAY, Draws, majority, out_of_freeze
from synthetic.returns.model import Case, Child, year_end, year_start
from synthetic.returns.people import People


class Cases:
    """Closes cases."""

    def __init__(self, draws: Draws, people: People) -> None:
        self.draws = draws
        self.people = people

    def close_later(self, child: Child, case: Case, after: date) -> None:
        """Draw when a case closes: after everything in it, a little too late."""
        rng = self.draws.rng
        if rng.random() < 0.3 and not case.plans and not child.care:
            length = int(rng.integers(20, 75))
        else:
            length = int(60 + rng.exponential(420))
        end = max(after + timedelta(days=length), case.last_event() + self.draws.days(1, 40))
        if child.care:
            period = child.care[-1]
            end = max(end, (period.end + self.draws.days(0, 60)) if period.end else LAST_DAY + timedelta(days=100))
        last = majority(child)
        if child.care and child.care[-1].end:
            last = max(last, child.care[-1].end)
        end = out_of_freeze(max(min(end, last), case.last_event()))
        case.closure = end
        case.reason = self.draws.pick({"RC7": 0.62, "RC8": 0.3, "RC5": 0.04, "RC3": 0.02, "RC4": 0.02})

    def close_surplus(self, wanted: YearCounts) -> None:
        """Close so many cases earlier that the wanted number of children is in need at the year's end."""
        day = year_end(wanted.year)
        opened = [
            (child, case)
            for child in self.people.children
            for case in child.cases[-1:]
            if not case.is_no_further_action and (case.closure is None or case.closure > day)
        ]
        surplus = len(opened) - wanted.in_need
        if surplus < 0:
            raise RuntimeError(f"{-surplus} open cases too few on {day}")
        able = []
        for child, case in opened:
            last = max(case.last_event(), year_start(wanted.year))
            if child.care and (child.care[-1].end is None or child.care[-1].end > last):
                last = child.care[-1].end or LAST_DAY
            if not case.is_fixed and last < day - timedelta(days=20):
                able.append((case, last))
        for n in self.draws.rng.choice(len(able), surplus, replace=False):
            case, last = able[n]
            case.closure = out_of_freeze(self.draws.between(last + timedelta(days=1), day - timedelta(days=2)))
