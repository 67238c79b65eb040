"""What rows of the catalogue say together: answers that exist, headers that mean one thing, rows that count.

`merge` holds each table to its own promises; here belongs what takes a look at several cells, rows or tables. The
engine's own catalogue passes; whatever fails was brought by a programme. ``cells`` is of any table, ``questions`` of
what is asked and offered, ``report`` of what is counted and printed, ``exports`` of what a file may be called and hold,
``returns`` of what a programme says of returns, ``held`` what they share.
"""

from __future__ import annotations

from pathlib import Path

from catalogue.coherence.cells import check_cells
from catalogue.coherence.exports import check_exports
from catalogue.coherence.held import Held
from catalogue.coherence.questions import check_questions
from catalogue.coherence.report import BREAKDOWNS, check_report
from catalogue.coherence.returns import check_returns
from catalogue.merge import Tables

__all__ = ["BREAKDOWNS", "check_coherence"]


def check_coherence(tables: Tables, forms_dir: Path) -> None:
    """Hold a merged catalogue together. ``forms_dir`` is where its tables of forms have been written.

    Raises ProgrammeError: the first thing that is wrong, with file and line.
    """
    held = Held(tables)
    check_cells(tables)
    check_questions(held)
    check_report(held)
    check_returns(held)
    check_exports(held, forms_dir)
