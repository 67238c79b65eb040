"""What the data dictionary says of each table of a release, and in which part of it the table stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from reporting.documentation.examples import example_query
from reporting.documentation.lineage import Lineage
from reporting.programme import ReleaseProgramme
from reporting.release_files import DATABASE

Query = Callable[[str], list[dict[str, Any]]]

_FORMS = "Forms: facts and dimensions"
_RETURNS = "Social care: children and events"
_ANSWERS = "Social care: answers to open questions"
_STATISTICS = "Statistics: differences, pairs, what occurs together"
_OTHER = "Other marts"
# The parts of the dictionary in order, each with the tables that stand there by name. A table stands in the first part
# that names it; a mart that none names where `_part_of_mart` puts it. Names are those that analysts use: they do not
# change with the folders of the models.
PARTS: Mapping[str, tuple[str, ...]] = {
    "Indicators: the numbers, and what they mean": (
        *("marts.indicator", "marts.indicator_*", "marts.reconciliation*", "marts.reportable_value"),
        "marts.dim_population",
    ),
    "Published: what the public may see, and the proof that the rest stays hidden": (
        *("marts.published_*", "marts.disclosure_*"),
    ),
    _STATISTICS: (*("marts.year_change", "marts.service_comparison", "marts.paired_*", "marts.co_occurrence"),),
    _FORMS: ("marts.dim_question", "marts.dim_answer"),
    _RETURNS: (
        *("marts.dim_authority", "marts.child_conflict", "marts.child_disability", "marts.child_on_*"),
        *("marts.return_disposition", "marts.return_waterfall", "marts.service_count", "marts.comparator_rate"),
        *("marts.population_estimate", "marts.annex_a_comparison"),
    ),
    _ANSWERS: (),
    _OTHER: (),
    "Reference: the catalogue, the publications and their errors": ("reference.*",),
    "Operations: files and checks": ("ops.*",),
}
# Schemas whose tables are made from nothing else in the warehouse, and where they come from.
ORIGINS = {
    "raw": "Files of the raw folder, landed by the run",
    "ops": "Written by the run",
    "reference": "A list kept in the repository",
}
_KINDS = {"model": "table made by a model", "seed": "list kept in the repository", "source": "written by the run"}


@dataclass(frozen=True)
class DescribedTable:
    """One table or view of a release. `description` is in paragraphs, `columns` are name, type and description.

    `page` is its page as seen from the first one; `part` the part of the dictionary; `rows` empty where not counted.
    """

    schema: str
    table: str
    page: str
    part: str
    description: tuple[str, ...]
    grain: str
    kind: str
    key: tuple[str, ...]
    path: str
    columns: tuple[tuple[str, str, str], ...]
    rows: str
    example: str
    parents: Sequence[str]
    children: Sequence[str]
    origins: Sequence[str]

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}"

    @property
    def origin(self) -> str:
        """Where a table comes from that is made from no other."""
        return ORIGINS.get(self.schema, "Made from nothing else.").rstrip(".") + "."


def described_tables(query: Query, lineage: Lineage, manifest: Mapping[str, Any]) -> list[DescribedTable]:
    """Every table and view of a release by name, with its description, columns, key, example and place in the flow."""
    columns: dict[str, list[tuple[str, str, str]]] = {}
    for row in query(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal "
        "order by schema_name, table_name, column_index"
    ):
        name = f"{row['schema_name']}.{row['table_name']}"
        columns.setdefault(name, []).append((row["column_name"], row["data_type"], (row["comment"] or "").strip()))
    counts = manifest.get("outputs", {}).get(DATABASE, {}).get("tables", {})
    found = []
    for row in query(
        "select schema_name, table_name, comment, 'table' as kind from duckdb_tables() union all "
        "select schema_name, view_name, comment, 'view' from duckdb_views() where not internal order by 1, 2"
    ):
        name = f"{row['schema_name']}.{row['table_name']}"
        known = lineage.tables.get(name)
        key = known.key if known else ()
        description = (row["comment"] or (known.description if known else "") or "Not described.").strip()
        kind = _KINDS[known.kind] if known else "table"
        rows = counts.get(name, {}).get("rows")
        own = columns.get(name, [])
        found.append(
            DescribedTable(
                schema=row["schema_name"],
                table=row["table_name"],
                page=f"tables/{re.sub(r'[^a-z0-9_.]', '-', name.lower())}.html",
                part=part_of(name, lineage),
                description=tuple(part.strip() for part in description.split("\n\n") if part.strip()),
                grain=first_sentence(description),
                kind=kind.replace("table made", "view made") if row["kind"] == "view" else kind,
                key=key,
                path=f"dbt_project/{known.path}" if known else "",
                columns=tuple(own),
                rows="" if rows is None else f"{rows:,}",
                example=example_query(name, {column: type_ for column, type_, _ in own}, key),
                parents=lineage.parents(name),
                children=lineage.children(name),
                origins=[one for one in lineage.upstream(name) if one.split(".")[0] in ORIGINS],
            )
        )
    return found


def part_of(name: str, lineage: Lineage) -> str:
    """The part of the dictionary that a table stands in; a schema of its own for what is no mart and in no part."""
    for part, patterns in PARTS.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return part
    schema, table = name.split(".", 1)
    return _part_of_mart(table, lineage.upstream(name)) if schema == "marts" else schema


def _part_of_mart(table: str, upstream: Sequence[str]) -> str:
    """By the files that a mart is counted from: those of the forms, or of the returns and there facts or the rest."""
    landed = {one for one in upstream if one.startswith("raw.")}
    of_forms = {one for one in landed if one.startswith("raw.insights_")}
    if not landed or (of_forms and landed - of_forms):
        return _OTHER
    if of_forms:
        return _FORMS
    return _RETURNS if table.startswith(("fct_", "dim_")) else _ANSWERS


def parts_with_tables(tables: Sequence[DescribedTable]) -> list[tuple[str, list[DescribedTable]]]:
    """The parts of the dictionary in order, each with its tables; every table is in exactly one."""
    names = [*PARTS, *sorted({table.part for table in tables} - set(PARTS))]
    parts = [(name, [table for table in tables if table.part == name]) for name in names]
    return [(name, held) for name, held in parts if held]


def parts_without_files(programme: ReleaseProgramme) -> dict[str, str]:
    """The parts whose tables are empty because the programme has no such theme, and the sentence that says so."""
    of_returns = dict.fromkeys((_RETURNS, _ANSWERS), "This programme reports on no returns: these tables are empty.")
    of_forms = dict.fromkeys((_FORMS, _STATISTICS), "This programme reports on no forms: these tables are empty.")
    return (of_returns if not programme.has_returns else {}) | (of_forms if not programme.has_forms else {})


def first_sentence(text: str) -> str:
    """The first sentence of a description, which says what a row is."""
    return re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(":")
