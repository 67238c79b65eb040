"""The documentation of a release as pages: dictionary, indicators, lineage, methods, release notes.

Static files that open from disk, without a script and without a network. The internal site says how many rows a table
has, which files came and which figures changed; the public one is made from descriptions and lists alone, so nothing in
it depends on any child (`tests/integration/test_desk.py` empties every other table and gets the same bytes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import duckdb
import jinja2
from markupsafe import Markup

from reporting.changes import diff as differences
from reporting.changes.diff import ReleaseDiff, diff_releases
from reporting.changes.releases import CURRENT, DATABASE, TABLES
from reporting.document.blocks import printable
from reporting.documentation.catalogue import THEMES, Entry, entries
from reporting.documentation.examples import example_query
from reporting.documentation.graph import Lineage
from reporting.documentation.methods import METHODS, STATUSES
from reporting.figures import Mode

SITE = (
    ("index.html", "Documentation"),
    ("dictionary.html", "Data dictionary"),
    ("indicators.html", "Indicators"),
    ("lineage.html", "Lineage"),
    ("methods.html", "Methods"),
    ("release-notes.html", "Release notes"),
)
_HERE = Path(__file__).resolve().parent
_STYLES = (_HERE.parent / "document" / "assets" / "document.css", _HERE / "site.css")
_GROUPS = {
    "marts/shared": "Indicators: the numbers, what they mean, what of them the public may see",
    "marts/forms": "Forms: statistics, and the published report beside them",
    "facts/forms": "Forms: facts and dimensions",
    "marts/returns": "Social care: trends, comparisons, answers to open questions",
    "facts/returns": "Social care: children and events",
    "marts": "Other marts",
    "reference": "Reference: the catalogue, the publications and their errors",
    "ops": "Operations: files and checks",
}
_LAYERS = {
    "marts": "Marts: what a release holds",
    "intermediate": "Intermediate: what counts",
    "staging": "Staging: what was delivered, read",
    "raw": "Raw: records as landed",
    "ops": "Operations: what the run writes",
    "reference": "Reference: lists",
}
_ORIGINS = {
    "raw": "Files of the raw folder, landed by the run",
    "ops": "Written by the run",
    "reference": "A list kept in the repository",
}
_KINDS = {"model": "table made by a model", "seed": "list kept in the repository", "source": "written by the run"}
_MOST = 200
_FIRST = "There is no release before it to compare it with."


def write_documentation(
    internal: Path,
    public: Path,
    *,
    manifest: Mapping[str, Any],
    graph: Mapping[str, Any],
    published: Path,
    report_page: str = "",
) -> list[Path]:
    """Write `documentation/` of both sides of a release that is being made; returns the files in order.

    `internal` holds the release's database and manifest; `published` is the folder of releases, whose release in force
    the notes compare with; `graph` is dbt's manifest; `report_page` the report's page as seen from `documentation/`.
    """
    difference, note = difference_before(published, internal.parent, graph)
    written = []
    for folder, mode in ((internal, "internal"), (public, "public")):
        written += write_site(
            internal / DATABASE,
            folder / TABLES.parent,
            cast(Mode, mode),
            manifest=manifest,
            graph=graph,
            difference=difference,
            without_difference=note,
            report_page=report_page,
        )
    return written


def difference_before(published: Path, release: Path, graph: Mapping[str, Any]) -> tuple[ReleaseDiff | None, str]:
    """What a release that is being made changes against the one in force in the folder of releases.

    None, with the sentence that says why, for the first release and where the one before cannot be read any more: that
    is no reason not to publish a new one.
    """
    before = published / CURRENT
    if not before.exists():
        return None, _FIRST
    try:
        return diff_releases(before.resolve(), release, Lineage(graph).keys()), ""
    except (duckdb.Error, OSError):
        return None, f"The release before, {before.resolve().name}, cannot be read, so nothing is compared."


def write_site(
    release_database: Path,
    folder: Path,
    mode: Mode,
    *,
    manifest: Mapping[str, Any],
    graph: Mapping[str, Any],
    difference: ReleaseDiff | None = None,
    without_difference: str = "",
    report_page: str = "",
) -> list[Path]:
    """Write the pages of one side into `folder`, made if it is not there; returns the files in order.

    `release_database` is the release's DuckDB file; `manifest` its manifest, `graph` dbt's; `difference` that to the
    release before, or None with the sentence that stands in its place. `report_page` is the report's page as seen from
    `folder`; empty for no links.
    """
    con = duckdb.connect(str(release_database), read_only=True)
    try:
        return _Site(con, Lineage(graph), folder, mode, manifest, report_page).write(
            difference, without_difference or _FIRST
        )
    finally:
        con.close()


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )


class _Site:
    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        lineage: Lineage,
        folder: Path,
        mode: Mode,
        manifest: Mapping[str, Any],
        report_page: str,
    ) -> None:
        self._con = con
        self._lineage = lineage
        self._folder = folder
        self._mode = mode
        self._manifest = manifest
        self._report_page = report_page
        self._tables = self._described()
        self._pages = {table["name"]: table["page"] for table in self._tables}
        self._written: list[Path] = []

    def write(self, difference: ReleaseDiff | None, without_difference: str) -> list[Path]:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "tables").mkdir(exist_ok=True)
        catalogue = entries(self._query, self._mode, self._report_page)
        self._index(len(catalogue))
        self._dictionary()
        self._indicators(catalogue)
        self._lineage_page()
        self._methods()
        self._notes(difference, without_difference)
        self._put("style.css", "\n".join(path.read_text(encoding="utf-8") for path in _STYLES))
        self._put(TABLES.name, self._machine_readable())
        return sorted(self._written)

    def _page(self, template: str, path: str, title: str, lead: str = "", here: str = "", **given: Any) -> None:
        text = (
            _environment()
            .get_template(template)
            .render(
                title=title,
                lead=lead,
                here=here or path,
                up="../" if "/" in path else "",
                mode=self._mode,
                site=SITE,
                release=self._manifest.get("release", "without a name"),
                pages=self._pages,
                **given,
            )
        )
        self._put(path, text)

    def _put(self, path: str, text: str) -> None:
        target = self._folder / path
        target.write_text(text, encoding="utf-8")
        self._written.append(target)

    def _query(self, sql: str) -> list[dict[str, Any]]:
        cursor = self._con.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _described(self) -> list[dict[str, Any]]:
        """Every table and view with its description, columns, key, example, and place in the flow."""
        columns: dict[str, list[tuple[str, str, str]]] = {}
        for row in self._query(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal "
            "order by schema_name, table_name, column_index"
        ):
            name = f"{row['schema_name']}.{row['table_name']}"
            columns.setdefault(name, []).append((row["column_name"], row["data_type"], (row["comment"] or "").strip()))
        counts = self._manifest.get("outputs", {}).get(DATABASE, {}).get("tables", {})
        found = []
        for row in self._query(
            "select schema_name, table_name, comment, 'table' as kind from duckdb_tables() union all "
            "select schema_name, view_name, comment, 'view' from duckdb_views() where not internal order by 1, 2"
        ):
            name = f"{row['schema_name']}.{row['table_name']}"
            known = self._lineage.tables.get(name)
            key = known.key if known else ()
            description = (row["comment"] or (known.description if known else "") or "Not described.").strip()
            upstream = self._lineage.upstream(name)
            rows = counts.get(name, {}).get("rows")
            kind = _KINDS[known.kind] if known else "table"
            found.append(
                {
                    "name": name,
                    "schema": row["schema_name"],
                    "table": row["table_name"],
                    "page": f"tables/{re.sub(r'[^a-z0-9_.]', '-', name.lower())}.html",
                    "group": self._lineage.group(name) if known else row["schema_name"],
                    "description": [part.strip() for part in description.split("\n\n") if part.strip()],
                    "grain": _first_sentence(description),
                    "kind": kind.replace("table made", "view made") if row["kind"] == "view" else kind,
                    "key": key,
                    "path": f"dbt_project/{known.path}" if known else "",
                    "columns": columns.get(name, []),
                    "rows": "" if rows is None else f"{rows:,}",
                    "example": example_query(name, {one: kind for one, kind, _ in columns.get(name, [])}, key),
                    "parents": self._lineage.parents(name),
                    "children": self._lineage.children(name),
                    "origins": [one for one in upstream if one.split(".")[0] in _ORIGINS],
                    "origin_text": _ORIGINS.get(row["schema_name"], "Made from nothing else.") + ".",
                }
            )
        return found

    def _index(self, indicators: int) -> None:
        facts = [
            ("Release", str(self._manifest.get("release", "without a name"))),
            ("Code", str(self._manifest.get("code_version", "unknown"))),
            *((name, str(version)) for name, version in sorted(self._manifest.get("packages", {}).items())),
        ]
        if self._mode == "internal":
            checks = self._manifest.get("checks", [])
            statuses = sorted({one["status"] for one in self._manifest.get("inputs", [])})
            facts += [
                (
                    f"Files {status.replace('_', ' ')}",
                    f"{sum(one['status'] == status for one in self._manifest['inputs']):,}",
                )
                for status in statuses
            ]
            facts.append(
                (
                    "Checks of the data",
                    f"{sum(one['checks'] for one in checks):,}, of which "
                    f"{sum(one['passed'] for one in checks):,} found nothing",
                )
            )
        self._page(
            "index.html",
            "index.html",
            "Documentation",
            "What is in this release, what it means and where it comes from",
            counts={"tables": len(self._tables), "indicators": indicators},
            facts=facts,
        )

    def _dictionary(self) -> None:
        known = [*_GROUPS, *sorted({table["group"] for table in self._tables} - set(_GROUPS))]
        groups = [
            (group, _GROUPS.get(group, group), [table for table in self._tables if table["group"] == group])
            for group in known
        ]
        self._page(
            "dictionary.html",
            "dictionary.html",
            "Data dictionary",
            "Every table of a release: what a row is, its key, its columns",
            groups=[one for one in groups if one[2]],
        )
        for table in self._tables:
            picture = Markup(self._lineage.picture(table["name"])) if table["name"] in self._lineage.tables else None
            self._page(
                "table.html",
                table["page"],
                table["name"],
                table["grain"],
                here="dictionary.html",
                table={**table, "picture": picture},
            )

    def _indicators(self, catalogue: Sequence[Entry]) -> None:
        themes = []
        for theme, words in THEMES.items():
            sections: dict[str, list[Entry]] = {}
            for entry in catalogue:
                if entry.theme == theme:
                    sections.setdefault(entry.section, []).append(entry)
            groups = []
            for section, found in sections.items():
                title = section[:1].upper() + section[1:]
                page = re.sub("[^a-z0-9]+", "-", f"indicators {theme} {section}".lower()).strip("-") + ".html"
                groups.append((title, page, found))
                self._page("section.html", page, title, f"Indicators: {words}", here="indicators.html", entries=found)
            if groups:
                themes.append((words, groups))
        self._page(
            "indicators.html",
            "indicators.html",
            "Indicators",
            "What each counts, over whom, and how far it can be trusted",
            themes=themes,
        )

    def _lineage_page(self) -> None:
        layers = [
            (
                layer,
                words,
                [
                    {
                        "name": name,
                        "origin": self._origin(name),
                        "parents": self._lineage.parents(name),
                        "children": self._lineage.children(name),
                    }
                    for name in sorted(self._lineage.tables)
                    if name.split(".")[0] == layer
                ],
            )
            for layer, words in _LAYERS.items()
        ]
        self._page(
            "lineage.html",
            "lineage.html",
            "Lineage",
            "What each table is made from, from the files to the release",
            picture=Markup(self._lineage.overview()),
            layers=[one for one in layers if one[2]],
        )

    def _origin(self, name: str) -> str:
        """What a table that is made from no other holds, and who writes it; empty for the others."""
        one = self._lineage.tables[name]
        written = _ORIGINS.get(one.schema, "")
        return f"{written}. {_first_sentence(one.description)}" if written and one.description else written

    def _methods(self) -> None:
        populations = [
            (
                row["population_id"],
                row["population_label"],
                row["counts"],
                row["opening_question"] or "",
                row["opening_answers"] or "",
            )
            for row in self._query("select * from marts.dim_population order by population_id")
        ]
        self._page(
            "methods.html",
            "methods.html",
            "Methods",
            "How figures, intervals and statuses are made",
            methods=METHODS,
            statuses=STATUSES,
            populations=populations,
        )

    def _notes(self, difference: ReleaseDiff | None, without_difference: str) -> None:
        parts: list[dict[str, Any]] = []

        def part(title: str, found: Sequence[str], none: str) -> None:
            more = f"{len(found) - _MOST:,}" if len(found) > _MOST else ""
            parts.append({"title": title, "entries": found[:_MOST], "none": none, "more": more})

        if difference is None:
            heading, sentences = "Nothing to compare with", [without_difference]
        else:
            heading = f"Since {difference.old}"
            sentences = []
            if self._mode == "internal":
                part("Files", [differences.file_text(one) for one in difference.files], "The same files.")
                part("Tables", [differences.table_text(one) for one in difference.tables], "No table is different.")
                part(
                    "Figures",
                    [differences.figure_text(one) for one in difference.figures],
                    f"All {difference.figures_compared:,} figures are the same.",
                )
            else:
                # How many rows or which figures changed would tell something about who came and went.
                sentences.append("Which figures changed is told in the internal edition only.")
                structure = [
                    differences.table_text(one)
                    for one in (differences.without_rows(one) for one in difference.tables)
                    if one is not None
                ]
                part("Tables and columns", structure, "No table or column was added or removed.")
            definitions = [
                one
                for one in difference.definitions
                if self._mode == "internal" or not one.where.startswith("reference.") or _is_public(one.where)
            ]
            part("Definitions", [differences.definition_text(one) for one in definitions], "The same definitions.")
            part(
                "Code",
                [f"{name}: {before} before, {now} now" for name, before, now in difference.code],
                "The same versions of everything.",
            )
            if self._mode == "internal":
                part("Checks", [differences.check_text(one) for one in difference.checks], "The same results.")
        self._page(
            "release-notes.html",
            "release-notes.html",
            "Release notes",
            heading=heading,
            sentences=sentences,
            parts=parts,
            before=difference.old if difference else "",
            now=difference.new if difference else "",
        )

    def _machine_readable(self) -> str:
        tables = [
            {
                "schema": table["schema"],
                "table": table["table"],
                "description": " ".join(" ".join(table["description"]).split()),
                "key": list(table["key"]),
                "columns": [
                    {"name": name, "type": kind, "description": words} for name, kind, words in table["columns"]
                ],
                "made_from": table["parents"],
                "example": table["example"],
            }
            for table in self._tables
        ]
        return json.dumps({"tables": tables}, indent=1, ensure_ascii=False) + "\n"


def _is_public(where: str) -> bool:
    """Whether a list may be told outside: not those of what the publications print, nor of an authority."""
    return where.removeprefix("reference.") in {
        "breakdown", "cohort", "column_set", "form", "form_version", "option", "population", "question", "report_row",
        "report_table", "reporting_year", "section", "social_care_indicator", "social_care_indicator_line",
        "social_care_measure", "social_care_window", "validation_rule", "wording",
    }  # fmt: skip


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(":")
