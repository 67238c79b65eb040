"""Several columns of a file for one stored column: a question asked on two branches of a form, or under two names.

In each row the one that is filled counts. Where two are filled and differ, nobody can say which, and neither does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from catalogue import Catalogue
from orchestration.landing.forms.cells import NOT_UNDERSTOOD
from orchestration.landing.reading import reading_macro
from orchestration.landing.refusal import FileRefusedError
from orchestration.progress import first_of

# What pandas and R write behind a header that stands in the row already, as `fold_header` has it.
_NUMBERED = re.compile(r"(.+)/\d{1,3}")
_SHOWN = 10


def combined_sql(cells: Sequence[str], meaning: Callable[[str], str] | None = None) -> str:
    """SQL of what the columns of one question say together: the cell that is filled, `?` where two differ.

    Parameters:
        meaning: SQL of what a cell means, NULL where it is blank; without one cells are compared as texts.
    """
    if len(cells) == 1:
        return cells[0]
    texts = [reading_macro("filled_text", cell) for cell in cells]
    compared = ", ".join(map(meaning, cells) if meaning else texts)
    filled = ", ".join(
        f"case when ({text}) is not null then {cell} end" for text, cell in zip(texts, cells, strict=True)
    )
    return f"case when len(list_distinct([{compared}])) > 1 then '{NOT_UNDERSTOOD}' else coalesce({filled}) end"


def without_number(catalogue: Catalogue, form_id: str, name: str, names: Sequence[str]) -> str:
    """The header of which ``name`` is a numbered double (`status.1`), or '' where it is none.

    Behind a question with several answers a number may be an option's, so it is left alone.
    """
    numbered = _NUMBERED.fullmatch(name)
    if not numbered or numbered[1] not in names or numbered[1] in catalogue.tick_all_names(form_id):
        return ""
    return numbered[1]


def refuse_doubles(columns: Sequence[str | None]) -> None:
    """Refuse a file of which two columns are one; ``columns`` are what may not come twice, None where it may.

    Raises FileRefusedError: the first column that comes twice, with its places.
    """
    doubled = _doubled(columns)
    if doubled:
        places = [place for place, name in enumerate(columns, start=1) if name == doubled[0]]
        more = f", and so do {len(doubled) - 1} others" if len(doubled) > 1 else ""
        raise FileRefusedError(
            f"The column for `{doubled[0]}` comes {len(places)} times ({named_places(places)}){more}, and nothing says "
            "which one counts."
        )


def doubles_note(catalogue: Catalogue, form_id: str, columns: Sequence[str | None]) -> str | None:
    """What the operator reads of questions that the file has in several columns."""
    doubled = set(_doubled(columns))
    questions = list(
        dict.fromkeys(column.question_id for column in catalogue.raw_columns(form_id) if column.name in doubled)
    )
    if not questions:
        return None
    several = len(questions) > 1
    return (
        f"{len(questions):,} question{'s have' if several else ' has'} several columns for one answer in the file "
        f"({first_of(questions, _SHOWN)}): of each form the one that is filled counts, and where two are filled and "
        "differ the answer counts as not understood."
    )


def named_places(positions: Sequence[int]) -> str:
    """Columns by their places, the first ten of them."""
    return f"column{'s' if len(positions) > 1 else ''} {first_of(positions, _SHOWN)}"


def _doubled(columns: Sequence[str | None]) -> list[str]:
    counts = Counter(name for name in columns if name)
    return sorted(name for name, count in counts.items() if count > 1)
