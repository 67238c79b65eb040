"""`datapackage.json`: what lies in the folder, described for machines (Frictionless Data Package, version 1).

It holds no time of making: the same data give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from reporting.open_data.data_sets import TOLD
from reporting.open_data.ees import META_COLUMNS, SYMBOLS, DataSet, legend
from reporting.open_data.licence import NO_LICENCE, Licence
from reporting.open_data.titles import COUNTED_FROM, SUBJECTS, sentence_of
from reporting.programme import ReleaseProgramme
from reporting.protection import Protected, how_protected

_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_META = {
    "col_name": "Name of a column of the data file",
    "col_type": "Filter (whom or what a row is about) or Indicator (a number)",
    "label": "The column in words",
    "indicator_grouping": "Heading under which indicators are listed together",
    "indicator_unit": "Unit of an indicator: % or pp (percentage points); blank where it is a plain number",
    "indicator_dp": "Decimals an indicator is shown with",
    "filter_hint": "What the item Total of a filter means",
    "filter_grouping_column": "Column of the data file that groups the items of a filter",
    "filter_default": "Item of a filter that is shown first, where no item is called Total",
}

_SOURCES = {
    "insights": ("Intake, review and exit forms of services that support children harmed by domestic abuse",),
    "social_care": (
        "Statutory children's social care returns of local authorities",
        "Published figures of England and of statistical neighbours, as comparators",
    ),
}
# What the standard takes for an e-mail address or a web page; any other contact stands in the description only.
_EMAIL, _PAGE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), re.compile(r"https?://\S+")


def write_data_package(
    folder: Path,
    data_sets: Sequence[DataSet],
    workbook: Path | None,
    licence: Licence | None,
    programme: ReleaseProgramme,
    protected: Sequence[Protected] = (),
) -> Path:
    """Describe the files of a folder, which must all be written, in `datapackage.json`; returns its path."""
    resources = [resource for data_set in data_sets for resource in _pair(folder, data_set)]
    if workbook is not None:
        resources.append(
            _file(workbook, "workbook", "Tables for people", "All tables of the report as a spreadsheet.", _XLSX)
            | {"format": "xlsx", "profile": "data-resource"}
        )
    symbols = legend(cell for data_set in data_sets for row in data_set.rows for cell in row)
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": "insights-open-data",
        "title": f"{programme.name or sentence_of(SUBJECTS, programme.themes)}: open data",
        "description": (
            f"Indicators counted from {', and from '.join(COUNTED_FROM[theme] for theme in programme.themes)}, behind "
            f"disclosure control. {_sentences(how_protected(protected))}Each data set is a pair of files in the form "
            "of Explore Education Statistics. The columns indicator_id, counted and method say of each row which "
            "indicator it is of, what its base counts and how it was made; a data set that lacks one says in its "
            f"description what holds of all rows. Where a number is not there, a symbol says why. {symbols} A label "
            f"that would begin like a formula has an apostrophe before it. {_whose(programme)}{_published(programme)}"
            f"{'' if licence else NO_LICENCE}"
        ).strip(),
    }
    if programme.publisher:
        package["contributors"] = [_publisher(programme)]
    if licence is not None:
        package["licenses"] = [{"name": licence.name, "title": licence.title, "path": licence.path}]
    package["sources"] = [{"title": title} for theme in programme.themes for title in _SOURCES[theme]]
    package["resources"] = resources
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return path


def _sentences(texts: Sequence[str]) -> str:
    return "".join(f"{text} " for text in texts)


def _whose(programme: ReleaseProgramme) -> str:
    """That a row of the country is not about it, as a sentence with a blank after; nothing where no services stand."""
    if "insights" not in programme.themes:
        return ""
    return (
        "The standard has no level for services, so theirs stand at National; they are about the services of "
        f"{programme.name or 'this programme'} and not about all of England. "
    )


def _published(programme: ReleaseProgramme) -> str:
    """Who publishes the data and when they come next, as sentences with a blank after each."""
    told = (("Published by", programme.publisher), ("Contact:", programme.contact), ("Next:", programme.next_release))
    return "".join(f"{label} {value.rstrip('.')}. " for label, value in told if value)


def _publisher(programme: ReleaseProgramme) -> dict[str, str]:
    one = {"title": programme.publisher, "role": "publisher"}
    if _EMAIL.fullmatch(programme.contact):
        one["email"] = programme.contact
    elif _PAGE.fullmatch(programme.contact):
        one["path"] = programme.contact
    return one


def _pair(folder: Path, data_set: DataSet) -> Iterable[dict[str, Any]]:
    data, meta = folder / f"{data_set.name}.csv", folder / f"{data_set.name}.meta.csv"
    told = "".join(f" In every row: {label}: {item}." for label, item in data_set.told.items())
    yield _csv(data, data_set.name, data_set.title, f"One row per {_grain(data_set)}.{told}", _fields(data_set))
    yield _csv(
        *(
            meta,
            f"{data_set.name}.meta",
            f"{data_set.title}: columns",
            "One row per described column of the data file.",
        ),
        [{"name": name, "type": "string", "title": name, "description": _META[name]} for name in META_COLUMNS],
    )


def _grain(data_set: DataSet) -> str:
    names = ["period", "area", *(filter_.label.lower() for filter_ in data_set.filters if filter_.name not in TOLD)]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _fields(data_set: DataSet) -> list[dict[str, Any]]:
    text = {field.name: (field.label, field.label) for field in data_set.observed}
    for filter_ in data_set.filters:
        hint = filter_.hint or f"It has no item Total; {filter_.default!r} is shown first"
        text[filter_.name] = (filter_.label, f"{filter_.label}. {hint}.")
    fields = {name: {"type": "string", "title": title, "description": said} for name, (title, said) in text.items()}
    for indicator in data_set.indicators:
        unit = {"%": "in percent", "pp": "in percentage points"}.get(indicator.unit, "a plain number")
        fields[indicator.name] = {
            "type": "number" if indicator.decimals else "integer",
            "title": indicator.label,
            "description": f"{indicator.label}; {unit}, with {indicator.decimals} decimals, or a symbol.",
        }
    return [{"name": name, **fields[name]} for name in data_set.columns]


def _csv(path: Path, name: str, title: str, description: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return _file(path, name, title, description, _CSV) | {
        "format": "csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "missingValues": ["", *SYMBOLS] if not name.endswith(".meta") else [""]},
    }


def _file(path: Path, name: str, title: str, description: str, mediatype: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": name,
        "title": title,
        "description": description,
        "path": path.name,
        "mediatype": mediatype,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
