"""One catalogue out of the engine's and a programme's: rows added, replaced, left out, and held to what tables promise.

A programme's `catalogue/` holds tables of the engine's names and columns. A row whose key is new is added. A row whose
key the engine has takes its place where the table allows that; a question, a section or an option keeps what it is for
ever, because stored answers are made of its numbers. `removed.csv` (`table`, `key`) leaves rows of the engine out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown
from catalogue.files import read_own_text, refuse_strays
from catalogue.programme import Programme
from catalogue.seeds import LIST, SEEDS, edited_seeds
from catalogue.shapes import Shape, shapes

REMOVED = "removed.csv"
_SHOWN = 5
# Where a programme writes what becomes rows of another table's name.
_GIVEN_IN = {
    "authority": "authorities.csv", "service": "services.csv", "programme": "programme.toml",
    "programme_text": "text",
}  # fmt: skip
_LARGEST_FILE = 20 * 1024 * 1024
#: The engine's row gives way to a row of the programme with the same key.
REPLACED = frozenset(
    {
        "wording", "report_table", "report_row", "breakdown", "header_convention", "population", "column_set",
        "co_occurrence_set", "co_occurrence_member", "not_asked", "published_figure", "published_anomaly",
        "published_correction", "social_care_published", "social_care_anomaly", "social_care_indicator",
        "social_care_indicator_line", "social_care_window", "value_spelling", "annex_a_heading", "missing_break",
        "model_input", "model_term", "id_placeholder", "return_type",
    }
)  # fmt: skip
# Only rows with keys of their own: what the engine's mean is stored in every answer.
_ADDED_TO = frozenset({"section", "question", "option", "form_version", "return_difference"})
# Blanks around it are a part of it.
_AS_IT_STANDS = frozenset({"option_separator"})
# What goes with a row that is left out.
_PARTS = {"report_table": "report_row", "co_occurrence_set": "co_occurrence_member"}
_LEFT_OUT = frozenset(
    {"option", "report_table", "breakdown", "header_convention", "co_occurrence_set", "id_placeholder"}
)


@dataclass(frozen=True)
class Place:
    """Where a row stands: a file and a line. Without a line: the engine's, or of a programme's lists."""

    file: str
    line: int | None
    is_given: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is the programme's."""
        return self.is_given or self.line is not None

    def __str__(self) -> str:
        if self.line:
            return f"{self.file}, line {self.line}"
        return f"the programme's {self.file}" if self.is_given else f"the engine's {self.file}"


@dataclass(frozen=True)
class Row:
    """One row of a table, its cells by column as text, and where it stands."""

    cells: Mapping[str, str]
    place: Place

    def values(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Some of its cells."""
        return tuple(self.cells[column] for column in columns)


Tables = dict[str, list[Row]]


def merged(programme: Programme, given: Mapping[str, Sequence[Mapping[str, str] | Row]], seeds: Path = SEEDS) -> Tables:
    """Every table of the catalogue with what a programme changes, checked.

    `given` are whole tables that the programme writes elsewhere than in its `catalogue/` (settings, services,
    authorities); they take the place of the engine's. A Row says where it stands.

    Raises ProgrammeError: the first thing that is wrong, with file and line; the engine's tables were edited.
    """
    _require_unedited(seeds)
    known = shapes(seeds)
    tables = {
        name: list(_rows(seeds / shape.file, shape, Path(shape.file).name, own=False)) for name, shape in known.items()
    }
    # What a programme leaves out is looked at with the rest, and written nowhere.
    tables[Path(REMOVED).stem] = []
    for name, rows in given.items():
        # Cells that a table has and the programme's file has not are blank.
        blank = dict.fromkeys(known[name].types, "")
        tables[name] = [
            row
            if isinstance(row, Row)
            else Row({**blank, **row}, Place(_GIVEN_IN.get(name, f"{name}.csv"), None, is_given=True))
            for row in rows
        ]
    for path in sorted(programme.folder.glob("*.csv")):
        if path.stem in _own_tables(given) or path.name == REMOVED:
            raise ProgrammeError(
                f"{path}: nothing reads it there. Nothing was done. Move it into catalogue, then run again."
            )
    folder = programme.path("catalogue")
    if folder.is_dir():
        files = sorted(path for path in folder.iterdir() if path.suffix == ".csv" and not path.name.startswith("."))
        for path in files:
            if path.name != REMOVED:
                _add(tables, _own_shape(known, path, given), path)
        refuse_strays(folder, [*(f"{name}.csv" for name in _own_tables(given)), REMOVED])
        if (folder / REMOVED).exists():
            _remove(tables, known, folder / REMOVED)
    for name, shape in known.items():
        _check(tables, name, shape)
    return tables


def _require_unedited(seeds: Path) -> None:
    edited = [LIST] if seeds == SEEDS and not (seeds / LIST).exists() else edited_seeds(seeds)
    if edited:
        more = f" and {len(edited) - _SHOWN:,} more" if len(edited) > _SHOWN else ""
        raise ProgrammeError(
            f"Tables of the engine's own catalogue were edited ({', '.join(edited[:_SHOWN])}{more}, below {seeds}). "
            f"{NOTHING_DONE} An upgrade would undo that, and nobody could tell whose figures they are. Put the files "
            "back and write what differs into the programme's catalogue (docs/programme.md); who develops the engine "
            "runs `make seeds-list`."
        )


def write(tables: Tables, target: Path, seeds: Path = SEEDS) -> None:
    """Write every table below a folder, where its seed lies below the seeds."""
    for name, shape in shapes(seeds).items():
        path = target / shape.file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(shape.types)
            writer.writerows(row.values(list(shape.types)) for row in tables[name])


def read_table(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a programme's CSV with the line each ends on; columns the file lacks are blank.

    Raises ProgrammeError: it cannot be read, is no CSV in UTF-8, lacks a column of `required`, has one that is not in
    `columns` or has one twice, or a row has another number of cells.
    """
    text = read_own_text(path, _LARGEST_FILE, f"is larger than {_LARGEST_FILE // 1024**2} MB. {NOTHING_DONE}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(path, header, columns, required)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ProgrammeError(
                    f"{path}, line {reader.line_num}: it has {len(cells)} cells and the header row has "
                    f"{len(header)}. A cell with a comma in it stands in quotation marks. {NOTHING_DONE}"
                )
            row = dict.fromkeys(columns, "")
            row.update(
                (name, cell if name in _AS_IT_STANDS else cell.strip())
                for name, cell in zip(header, cells, strict=True)
            )
            yield reader.line_num, row
    except csv.Error as error:
        why = "a cell of it is far too long" if "limit" in str(error) else "its quotation marks do not pair up"
        raise ProgrammeError(f"{path} is not a CSV file: {why}. {NOTHING_DONE}") from None


def _check_header(path: Path, header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    for name in header:
        if name not in columns:
            raise ProgrammeError(
                f"{path}, line 1: there is no column `{shown(name)}`.{nearest(name, columns)} The columns are "
                f"{', '.join(columns)}. {NOTHING_DONE}"
            )
        if header.count(name) > 1:
            raise ProgrammeError(f"{path}, line 1: the column `{name}` comes twice. {NOTHING_DONE}")
    missing = [f"`{name}`" for name in required if name not in header]
    if missing:
        said = f"columns {', '.join(missing)} are" if len(missing) > 1 else f"column {missing[0]} is"
        raise ProgrammeError(f"{path}, line 1: the {said} missing. {NOTHING_DONE}")


def _own_tables(given: Mapping[str, object]) -> list[str]:
    """The tables that a programme may write rows of into its `catalogue/`."""
    return sorted((REPLACED | _ADDED_TO) - given.keys())


def _own_shape(known: Mapping[str, Shape], path: Path, given: Mapping[str, object]) -> Shape:
    name = path.stem
    allowed = _own_tables(given)
    if name in allowed:
        return known[name]
    if name in known:
        why = "is written elsewhere in the programme" if name in given else "belongs to the engine"
        raise ProgrammeError(f"{path}: the table `{name}` {why}. Nothing was done. Remove the file, then run again.")
    raise ProgrammeError(
        f"{path}: there is no table `{shown(name)}`.{nearest(name, allowed)} A programme may hold "
        f"{', '.join(allowed)} and {REMOVED}. {NOTHING_DONE}"
    )


def _rows(path: Path, shape: Shape, file: str, *, own: bool) -> Iterator[Row]:
    if own:
        for line, cells in read_table(path, list(shape.types), shape.key):
            yield Row(cells, Place(file, line))
        return
    with path.open(encoding="utf-8", newline="") as handle:
        for cells in csv.DictReader(handle):
            yield Row(cells, Place(file, None))


def _add(tables: Tables, shape: Shape, path: Path) -> None:
    rows = tables[shape.table]
    engine = {row.values(shape.key): number for number, row in enumerate(rows)}
    others = {(columns, row.values(columns)) for row in rows for columns in shape.unique}
    seen: dict[tuple[str, ...], Place] = {}
    for row in _rows(path, shape, str(path), own=True):
        key = row.values(shape.key)
        named = ", ".join(f"{column} {shown(cell)}" for column, cell in zip(shape.key, key, strict=True) if cell)
        if key in seen:
            raise ProgrammeError(f"{row.place}: {named} stands in line {seen[key].line} already. {NOTHING_DONE}")
        seen[key] = row.place
        if key in engine and shape.table in REPLACED:
            rows[engine[key]] = row
            continue
        is_engines = key in engine or any((columns, row.values(columns)) in others for columns in shape.unique)
        if is_engines and shape.table in _ADDED_TO:
            raise ProgrammeError(
                f"{row.place}: the engine has this row of `{shape.table}` ({named}), and what it means is stored in "
                "every answer. Nothing was done. Word it otherwise in wording.csv, or give yours another name and "
                "number (numbers from 5001 are yours), then run again."
            )
        rows.append(row)


def _remove(tables: Tables, known: Mapping[str, Shape], path: Path) -> None:
    for line, cells in read_table(path, ("table", "key"), ("table", "key")):
        name = cells["table"]
        tables[path.stem].append(Row(cells, Place(str(path), line)))
        if name not in _LEFT_OUT:
            raise ProgrammeError(
                f"{path}, line {line}: rows of `{shown(name)}` cannot be left out, only of "
                f"{', '.join(sorted(_LEFT_OUT))}. {NOTHING_DONE}"
            )
        key_of = _removal_key(known[name])
        if cells in (row.cells for row in tables[path.stem][:-1]):
            raise ProgrammeError(f"{path}, line {line}: `{shown(cells['key'])}` is left out already. {NOTHING_DONE}")
        keys = [key_of(row) for row in tables[name]]
        if cells["key"] not in keys:
            raise ProgrammeError(
                f"{path}, line {line}: `{name}` has no row `{shown(cells['key'])}`.{nearest(cells['key'], keys)} "
                f"{NOTHING_DONE}"
            )
        _leave_out(tables, name, key_of, cells["key"], f"{path}, line {line}")
        if name in _PARTS:
            _leave_out(tables, _PARTS[name], _first_of_key(known[name]), cells["key"], f"{path}, line {line}")


def _leave_out(tables: Tables, name: str, key_of: Callable[[Row], str], key: str, said_in: str) -> None:
    own = next((row for row in tables[name] if key_of(row) == key and row.place.is_own), None)
    if own is not None:
        raise ProgrammeError(
            f"{said_in}: `{shown(key)}` is left out, and {own.place} writes a row of it. Nothing was done. Take one of "
            "the two out, then run again."
        )
    tables[name] = [row for row in tables[name] if key_of(row) != key]


def _first_of_key(shape: Shape) -> Callable[[Row], str]:
    """What a part is a part of: its column of the same name."""
    return lambda row: row.cells[shape.key[0]]


def _removal_key(shape: Shape) -> Callable[[Row], str]:
    """How `removed.csv` names a row: an option as option_set.option_code, anything else by its key."""
    columns = ("option_set", "option_code") if shape.table == "option" else shape.key
    return lambda row: ".".join(row.values(columns))


def _check(tables: Tables, name: str, shape: Shape) -> None:
    """Hold the rows of a table to what it promises: types, cells that are there, values, keys, references."""
    there = {column: {row.cells[field] for row in tables[table]} for column, (table, field) in shape.references.items()}
    for row in tables[name]:
        for column, cell in row.cells.items():
            wanted = shape.wrong_type(column, cell)
            if wanted is not None:
                raise ProgrammeError(f"{row.place}: `{column}` has to be {wanted}. {NOTHING_DONE}")
            if not cell:
                if column in shape.not_null:
                    raise ProgrammeError(f"{row.place}: `{column}` must not be blank. {NOTHING_DONE}")
                continue
            if cell not in shape.accepted.get(column, (cell,)):
                raise ProgrammeError(
                    f"{row.place}: `{column}` has to be one of {', '.join(shape.accepted[column])}. {NOTHING_DONE}"
                )
            if column in there and cell not in there[column]:
                table = shape.references[column][0]
                raise ProgrammeError(
                    f"{row.place}: `{column}` names `{shown(cell)}`, which `{table}` has not."
                    f"{nearest(cell, there[column])} {NOTHING_DONE}"
                )
    for columns in (shape.key, *shape.unique):
        first: dict[tuple[str, ...], Place] = {}
        for row in tables[name]:
            values = row.values(columns)
            # A column by itself may be blank in any number of rows, as in the test of the table.
            if values in first and not (len(columns) == 1 and columns != shape.key and not values[0]):
                raise ProgrammeError(
                    f"{row.place}: the same {' and '.join(columns)} stand{'s' if len(columns) == 1 else ''} in "
                    f"{first[values]} as well. {NOTHING_DONE}"
                )
            first[values] = row.place
