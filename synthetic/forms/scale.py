"""The same forms, copied to any number for benchmarks.

The drawn forms are written once per convention, then multiplied inside DuckDB: each copy has clients, cases and
submissions of its own, so cases still match and nothing is a duplicate. There is no dirt.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import numpy as np

from catalogue import Catalogue
from synthetic.forms.drawing import SEED, draw
from synthetic.forms.records import Record, RecordMaker, make_records
from synthetic.forms.styles import STYLES, Style
from synthetic.forms.writers import ExportFile, ExportSheet
from synthetic.sample_catalogue import sample_catalogue

# Which services export by which convention: three in four forms as codes, the rest as text.
TEXT_LIST_SERVICES = ("Kestrel", "Lantern")
CONVENTIONS = ("code_columns", "text_list")
COPIES_PER_FILE = 40  # about 260,000 intake forms
SERVICE_GROUPS = 3  # each made-up service stands for three
LAST_MONTH = (date(2024, 3, 1), date(2024, 3, 31))
MONTHS = 48  # the drawn intakes span four reporting years
_ORDER = "copy_order"  # a column of the working table only: in which order clients enter an incomplete copy


@dataclass(frozen=True)
class ScaledExport:
    """What was written: the files, and the number of forms by form_id."""

    files: tuple[Path, ...]
    forms: dict[str, int]


def write_scaled(
    out_dir: Path,
    intake_forms: int = 1_000_000,
    *,
    text_services: Sequence[str] = TEXT_LIST_SERVICES,
    catalogue: Catalogue | None = None,
) -> ScaledExport:
    """Write exports with a given number of intake forms, and reviews and exits in proportion.

    Args:
        out_dir: folder to write to, made if need be.
        intake_forms: intake forms wanted; a few more or less are written, because clients are never cut in two.
        text_services: services that export full question text and lists; the others export codes and 0/1 columns.
        catalogue: the sample's catalogue unless another is given.

    Returns:
        The files and the number of forms in them.

    Raises:
        ValueError: ``intake_forms`` is not positive.
    """
    if intake_forms < 1:
        raise ValueError("The number of intake forms must be at least 1.")
    return _write(out_dir, intake_forms, 0, None, text_services, catalogue)


def scaled_services() -> str:
    """The list of services of what `write_scaled` and `write_month` write, as `services.csv` of a programme."""
    names = [f"{service} {number}" for service in STYLES for number in range(1, SERVICE_GROUPS + 1)]
    rows = [f"{name.upper()},{name},,,,," for name in names]
    return "\n".join(["code,name,spellings,region,from,to,became", *rows, ""])


def write_month(
    out_dir: Path,
    intake_forms: int = 1_000_000,
    *,
    text_services: Sequence[str] = TEXT_LIST_SERVICES,
    catalogue: Catalogue | None = None,
) -> ScaledExport:
    """Write one more month on top of ``write_scaled(…, intake_forms)``: new clients, dated in the last month.

    Args:
        out_dir: folder to write to; the names of the files differ from those of ``write_scaled``.
        intake_forms: the number that was given to ``write_scaled``; the month has about a forty-eighth of it.
        text_services: as given to ``write_scaled``.
        catalogue: the sample's catalogue unless another is given.

    Returns:
        The files and the number of forms in them.

    Raises:
        ValueError: ``intake_forms`` is not positive.
    """
    if intake_forms < 1:
        raise ValueError("The number of intake forms must be at least 1.")
    return _write(out_dir, max(1, intake_forms // MONTHS), 1_000_000, LAST_MONTH, text_services, catalogue)


def _write(
    out_dir: Path,
    wanted: int,
    first_copy: int,
    month: tuple[date, date] | None,
    text_services: Sequence[str],
    catalogue: Catalogue | None,
) -> ScaledExport:
    catalogue = catalogue or sample_catalogue()
    records = [r for r in _clean_records(catalogue) if month is None or month[0] <= r.event_date <= month[1]]
    out_dir.mkdir(parents=True, exist_ok=True)
    prefix = "month_" if month else ""
    order, ends = _client_order(records)
    whole, rest = divmod(wanted, ends[-1])
    # Clients enter the last copy in their order until its share of intake forms is reached.
    cut = sum(1 for end in ends if end <= rest)
    copies = range(first_copy, first_copy + whole + (1 if cut else 0))
    files: list[Path] = []
    forms: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        for form_id in catalogue.forms:
            for convention_id in CONVENTIONS:
                is_text = convention_id == "text_list"
                rows = [r for r in records if r.form_id == form_id and (r.service in text_services) == is_text]
                if not rows:
                    continue
                columns = _working_table(con, catalogue, form_id, convention_id, rows, order, Path(scratch))
                # A month arrives as one file: a remainder of a few forms would look like a broken delivery.
                per_file = len(copies) if month else COPIES_PER_FILE
                for start in range(0, len(copies), per_file):
                    part = list(copies[start : start + per_file])
                    path = out_dir / f"{prefix}{form_id}_{convention_id}_{start // per_file + 1}.csv"
                    forms[form_id] = forms.get(form_id, 0) + _copy(
                        con, catalogue, form_id, columns, part, (first_copy + whole, cut), path
                    )
                    files.append(path)
    return ScaledExport(tuple(files), forms)


@lru_cache(maxsize=1)
def _clean_records(catalogue: Catalogue) -> tuple[Record, ...]:
    """All drawn forms; kept, because a benchmark writes several sizes."""
    return tuple(make_records(draw(catalogue), RecordMaker(np.random.default_rng(SEED + 1))))


def _client_order(records: list[Record]) -> tuple[dict[tuple[str, str], int], list[int]]:
    """A number for every client, and the running total of intake forms up to and including each."""
    order: dict[tuple[str, str], int] = {}
    intakes: list[int] = []
    for record in records:
        client = (record.service, record.client_id)
        if client not in order:
            order[client] = len(order)
            intakes.append(0)
        intakes[order[client]] += record.form_id == "intake"
    return order, [int(total) for total in np.cumsum(intakes)]


def _working_table(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    form_id: str,
    convention_id: str,
    rows: list[Record],
    order: dict[tuple[str, str], int],
    scratch: Path,
) -> list[str]:
    """Load the drawn forms of one kind, as one convention writes them; returns the export's header."""
    style = Style("", convention_id, "", "", "", yes="1", no="0")
    sheet = ExportSheet(catalogue, ExportFile("", style, form_id, "v2", tuple(rows)))
    path = scratch / f"{form_id}_{convention_id}.csv"
    (header,) = sheet.headers()
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([_ORDER, *header])
        for record in rows:
            # A note of several lines is dirt, and would slow down every reader alike.
            writer.writerow([order[record.service, record.client_id], *_one_line(sheet.cells(record))])
    con.execute("drop table if exists drawn")
    con.execute(
        "create table drawn as from read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"')",
        [str(path)],
    )
    return header


def _one_line(cells: Sequence[object]) -> list[object]:
    return [" ".join(cell.split()) if isinstance(cell, str) and "\n" in cell else cell for cell in cells]


def _copy(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    form_id: str,
    header: list[str],
    copies: list[int],
    incomplete: tuple[int, int],
    path: Path,
) -> int:
    """Write some copies of the working table to one file; returns the number of rows."""
    ids = {
        name.header: question.question_code
        for name in (*catalogue.headers(form_id, "v2", "code_columns"), *catalogue.headers(form_id, "v2", "text_list"))
        for question in [catalogue.questions[name.question_id]]
        if question.answer_type == "identifier" or question.question_code == "service"
    }
    columns = []
    for name in header:
        quoted = '"' + name.replace('"', '""') + '"'
        code = ids.get(name)
        if code == "service":
            columns.append(f"{quoted} || ' ' || (copy % {SERVICE_GROUPS} + 1) as {quoted}")
        elif code:  # a letter between, so that no two copies can spell the same id
            columns.append(f"{quoted} || 'x' || copy as {quoted}")
        else:
            columns.append(quoted)
    copy_no, cut = incomplete
    source = f"""
        from unnest({copies}) as every(copy) cross join drawn
        where copy <> {copy_no} or {_ORDER}::integer < {cut}"""
    target = str(path).replace("'", "''")
    written = con.execute(f"copy (select {', '.join(columns)} {source}) to '{target}' (format csv, header true)")
    row = written.fetchone()
    return int(row[0]) if row else 0
