"""Whether words stand anywhere in a release: in every decoded column, page, PDF, workbook, description and file name.

Words are compared folded: no capitals, and whatever is no letter or digit is a blank, so that `meadow_lane`,
`meadow-lane` and `Meadow Lane` are one, and `55,478` is `55478`. A word is found whole only. A number of fewer than
four digits is looked for in text, never among numbers, where any count may be it.
"""

from __future__ import annotations

import csv
import html
import re
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import lxml.html
from python_calamine import CalamineWorkbook

from catalogue.programme import SAMPLE
from tests.support.pdf_text import text_of

_TEXTS = {"", ".csv", ".json", ".css", ".txt", ".md"}
_ATTRIBUTES = ("href", "id", "title", "alt", "aria-label", "content", "data-key", "data-keys", "data-value")
_NUMBERS = ("INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DECIMAL", "SMALLINT", "TINYINT", "FLOAT", "UBIGINT", "UINTEGER")
_LEAST_DIGITS = 4
_WORD = re.compile(r"[^\W_]+")


def sample_words() -> list[str]:
    """What is only the sample's: its names, services, authority, publications, anomalies and some of its figures."""
    settings = tomllib.loads((SAMPLE / "programme.toml").read_text(encoding="utf-8"))
    words = [settings["name"], settings["publisher"], settings["forms"]["publication"]]
    words += [settings["returns"]["publication"], "Nottingham", "Sherwood", "55,478", "34,502"]
    # Their folders: the exports call them nothing else.
    words += [path.name for path in sorted((SAMPLE / settings["raw"] / "insights").iterdir()) if path.is_dir()]
    for file, columns in (
        ("services.csv", ("code", "name")),
        ("authorities.csv", ("code", "area_code", "name")),
        ("catalogue/option.csv", ("option_code", "option_label")),
        ("catalogue/published_anomaly.csv", ("anomaly_id",)),
        ("catalogue/social_care_anomaly.csv", ("anomaly_id",)),
        ("catalogue/social_care_window.csv", ("window_id",)),
        ("catalogue/model_input.csv", ("input_id",)),
    ):
        lines = (SAMPLE / file).read_text(encoding="utf-8").splitlines(keepends=True)
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        words += [row[column] for row in rows for column in columns]
    words += [line for path in sorted((SAMPLE / "text").glob("*.md")) for line in path.read_text().splitlines()]
    return list(dict.fromkeys(word for word in words if folded(word).strip()))


def leaks(release_folder: Path, words: Sequence[str]) -> list[str]:
    """Every place of a release in which one of the words stands, as `place: word`. Empty: none is anywhere.

    Raises ValueError for a kind of file that it cannot read: what is not searched is not free of anything.
    """
    wanted = {word: folded(word) for word in words}
    found = []
    for place, text, is_number in _places(release_folder):
        # In a PDF no blank stands where a line ends, so words are looked for without any; numbers are not.
        squeezed = text.replace(" ", "") if place.endswith(".pdf") else ""
        for word, fold in wanted.items():
            if is_number and not _is_large_number(fold):
                continue
            if fold in text or (squeezed and _squeezed(fold) in squeezed):
                found.append(f"{place}: {word}")
    return found


def folded(text: str) -> str:
    """A text as words with one blank before and after each."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    # A point within a number is no end of a word: 0.999 is not 999.
    plain = re.sub(r"(?<=\d)[.](?=\d)", "p", plain)
    return f" {' '.join(_WORD.findall(plain))} "


def _is_large_number(fold: str) -> bool:
    return fold.strip().isdigit() and len(fold.strip()) >= _LEAST_DIGITS


def _squeezed(fold: str) -> str:
    return fold if fold.strip().isdigit() else fold.replace(" ", "")


def _places(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Every place of a release, its text folded, and whether it holds numbers."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield f"name of {name}", folded(name), False
        if path.is_dir():
            continue
        if path.suffix == ".duckdb":
            yield from _database(path, name)
        elif path.suffix == ".parquet":
            with duckdb.connect() as con:
                con.read_parquet(str(path)).create_view("one")
                yield from _columns(con, "one", name)
        elif path.suffix == ".html":
            yield name, folded(_page(path)), False
        elif path.suffix == ".pdf":
            yield name, folded(text_of(path.read_bytes())), False
        elif path.suffix == ".xlsx":
            yield from _workbook(path, name)
        elif path.suffix in _TEXTS:
            yield name, folded(path.read_text(encoding="utf-8-sig")), False
        else:
            raise ValueError(f"{name}: nothing reads a file of this kind, so nothing is known of it.")


def _database(path: Path, name: str) -> Iterator[tuple[str, str, bool]]:
    with duckdb.connect(str(path), read_only=True) as con:
        for kind, what, comment in con.execute(
            "select schema_name || '.' || table_name, 'description', comment from duckdb_tables() union all "
            "select schema_name || '.' || view_name, 'description', concat_ws(' ', comment, sql) from duckdb_views() "
            "where not internal union all select schema_name || '.' || table_name, column_name, comment "
            "from duckdb_columns() where not internal order by all"
        ).fetchall():
            yield f"{name} {kind}, {what}", folded(f"{kind} {what} {comment or ''}"), False
        for (relation,) in con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() union all select schema_name || '.' || "
            "view_name from duckdb_views() where not internal order by 1"
        ).fetchall():
            yield from _columns(con, relation, f"{name} {relation}")


def _columns(con: duckdb.DuckDBPyConnection, relation: str, place: str) -> Iterator[tuple[str, str, bool]]:
    for column, data_type, *_ in con.execute(f"describe {relation}").fetchall():
        values = con.execute(f'select distinct "{column}"::varchar from {relation}').fetchall()
        text = "\n".join(str(value) for (value,) in values if value is not None)
        # A whole number as a double would end in .0.
        text = re.sub(r"(?m)^(-?\d+)\.0$", r"\1", text)
        yield f"{place}.{column}", folded(text), str(data_type).startswith(_NUMBERS)


def _page(path: Path) -> str:
    page = lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    texts = page.xpath("//text()[not(parent::style)]")
    told = [value for name in _ATTRIBUTES for value in page.xpath(f"//@{name}")]
    return "\n".join([*map(str, texts), *map(str, told)])


def _workbook(path: Path, name: str) -> Iterator[tuple[str, str, bool]]:
    book = CalamineWorkbook.from_path(str(path))
    for sheet in book.sheet_names:
        cells = [cell for row in book.get_sheet_by_name(sheet).to_python() for cell in row]
        yield f"{name} {sheet}", folded(f"{sheet} " + "\n".join(c for c in cells if isinstance(c, str))), False
        yield f"{name} {sheet}, numbers", folded("\n".join(f"{c:.10g}" for c in cells if isinstance(c, float))), True
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            if part.startswith("docProps/"):
                yield f"{name} {part}", folded(html.unescape(parts.read(part).decode())), False
