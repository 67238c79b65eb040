"""Which table of a file is the export: a text has one, a workbook may have lists and notes on other sheets.

Sheets are told by their number: the name of one may be that of a child.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import Catalogue
from orchestration.landing.forms.header_rows import FIRST_RECORDS, find_header, known_headers
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.records import Source, head_records
from orchestration.landing.tabular.workbook import Sheet

_SHOWN = 10


def first_rows(catalogue: Catalogue, source: Source) -> tuple[bytes, list[list[str]]]:
    """The delimiter under which most headers show, and the first records as lists of cells."""
    best: tuple[int, bytes, list[list[str]]] | None = None
    for delimiter in source.delimiters:
        rows = head_records(source, delimiter, FIRST_RECORDS)
        known = known_headers(catalogue, rows)
        if best is None or known > best[0]:
            best = (known, delimiter, rows)
    assert best is not None
    return best[1], best[2]


def choose_table(catalogue: Catalogue, sources: Sequence[Source]) -> tuple[Source, str | None]:
    """The table of forms among those of a file, and a sentence on the sheets that are not read.

    Raises FileRefusedError: several sheets are forms, or none that is not hidden.
    """
    sheets = [one for one in sources if isinstance(one, Sheet)]
    if len(sources) == 1 or not sheets:
        return sources[0], None
    # Whether a sheet has the header row of a form, and whether it has records below it.
    found = {one.number: _forms(catalogue, one) for one in sheets}
    visible = [one for one in sheets if not one.is_hidden]
    forms = [one for one in visible if found[one.number] is not None]
    forms = [one for one in forms if found[one.number]] or forms
    if len(forms) > 1:
        raise FileRefusedError(
            f"The workbook has {len(forms)} sheets of forms ({_numbers(forms)}), and one load is one form. Save each "
            "sheet as a file of its own."
        )
    if not forms and len(visible) == 1:
        return visible[0], None
    if not forms:
        hidden = [one for one in sheets if found[one.number] is not None]
        if hidden:
            raise FileRefusedError(
                f"Its forms stand on a hidden sheet ({_numbers(hidden)}), and hidden sheets are not read. Show it and "
                "save the workbook again, or export it as CSV."
            )
        raise FileRefusedError(
            f"The workbook has {len(sheets)} sheets with content, and none has the header row of an intake, review or "
            "exit form. Check that the column names stand above the records as the portal exports them."
        )
    return forms[0], _note(forms[0], sheets, found)


def _forms(catalogue: Catalogue, sheet: Sheet) -> bool | None:
    """Whether there are records below the header row of a form; None where there is no such row."""
    _, rows = first_rows(catalogue, sheet)
    header = find_header(catalogue, rows)
    return None if header is None else len(rows) > header[1]


def _note(chosen: Sheet, sheets: Sequence[Sheet], found: dict[int, bool | None]) -> str:
    others = [one for one in sheets if one is not chosen]
    several = len(others) > 1
    note = f"Of the workbook, sheet {chosen.number} was read; {_numbers(others)} {'were' if several else 'was'} not."
    alike = [one for one in others if found[one.number]]
    if alike:
        it = "each" if len(alike) > 1 else "it"
        note += (
            f" The header row of a form stands on {_numbers(alike)} too: show and save {it} as a file of its own, "
            "if its forms should count."
        )
    return note


def _numbers(sheets: Sequence[Sheet]) -> str:
    shown = [f"{one.number}{' (hidden)' if one.is_hidden else ''}" for one in sheets[:_SHOWN]]
    if len(sheets) > _SHOWN:
        shown.append(f"{len(sheets) - _SHOWN:,} more")
    listed = ", ".join(shown[:-1])
    return f"sheets {listed} and {shown[-1]}" if listed else f"sheet {shown[0]}"
