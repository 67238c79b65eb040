"""The documentation of a release as pages: dictionary, indicators, lineage, methods, release notes.

Static files that open from disk, without a script and without a network. The internal site says how many rows a table
has, which files came and which figures changed; the public one is made from descriptions and lists alone, so nothing in
it depends on any child (`tests/integration/test_documentation.py` empties every other table and gets the same bytes).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup

from reporting.changes.comparison import diff_releases
from reporting.changes.difference import ReleaseDiff
from reporting.document.blocks import printable
from reporting.document.rendering import STYLES
from reporting.documentation.dictionary import (
    ORIGINS,
    described_tables,
    first_sentence,
    parts_with_tables,
    parts_without_files,
)
from reporting.documentation.indicator_entries import THEMES, IndicatorEntry, indicator_entries
from reporting.documentation.lineage import Lineage
from reporting.documentation.methods import STATUSES, methods_of
from reporting.documentation.pictures import overview, picture
from reporting.documentation.release_notes import notes_parts
from reporting.figures import Figures, Mode
from reporting.programme import read_programme
from reporting.protection import Protected
from reporting.release_files import CURRENT, TABLES

PAGES = (
    ("index.html", "Documentation"),
    ("dictionary.html", "Data dictionary"),
    ("indicators.html", "Indicators"),
    ("lineage.html", "Lineage"),
    ("methods.html", "Methods"),
    ("release-notes.html", "Release notes"),
)
_HERE = Path(__file__).resolve().parent
_STYLES = (STYLES, _HERE / "site.css")
_LAYERS = {
    "marts": "Marts: what a release holds",
    "intermediate": "Intermediate: what counts",
    "staging": "Staging: what was delivered, read",
    "raw": "Raw: records as landed",
    "ops": "Operations: what the run writes",
    "reference": "Reference: lists",
}
_FIRST = "There is no release before it to compare it with."


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
        with Figures(release_database, "public") as figures:
            protected = figures.protected()
        return _Site(con, Lineage(graph), folder, mode, manifest, protected).write(
            difference, without_difference or _FIRST, report_page
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
    """The pages of one side, each written by a function of its own."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        lineage: Lineage,
        folder: Path,
        mode: Mode,
        manifest: Mapping[str, Any],
        protected: Sequence[Protected],
    ) -> None:
        self._protected = protected
        self._con = con
        self._lineage = lineage
        self._folder = folder
        self._mode = mode
        self._manifest = manifest
        self._programme = read_programme(lambda sql: con.execute(sql).fetchall())
        self._tables = described_tables(self._query, lineage, manifest)
        self._pages = {table.name: table.page for table in self._tables}
        self._written: list[Path] = []

    def write(self, difference: ReleaseDiff | None, without_difference: str, report_page: str) -> list[Path]:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "tables").mkdir(exist_ok=True)
        entries = indicator_entries(self._query, self._mode, self._programme, report_page)
        self._index(len(entries))
        self._dictionary()
        self._indicators(entries)
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
                site=PAGES,
                release=self._manifest.get("release", "without a name"),
                programme=self._programme,
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

    def _index(self, indicators: int) -> None:
        self._page(
            "index.html",
            "index.html",
            "Documentation",
            "What is in this release, what it means and where it comes from",
            is_compared=any(map(self._programme.publication, self._programme.themes)),
            counts={"tables": len(self._tables), "indicators": indicators},
            facts=[*self._programme.facts, *_facts(self._manifest, self._mode)],
        )

    def _dictionary(self) -> None:
        self._page(
            "dictionary.html",
            "dictionary.html",
            "Data dictionary",
            "Every table of a release: what a row is, its key, its columns",
            parts=parts_with_tables(self._tables),
            empty=parts_without_files(self._programme),
        )
        for table in self._tables:
            known = table.name in self._lineage.tables
            self._page(
                "table.html",
                table.page,
                table.name,
                table.grain,
                here="dictionary.html",
                table=table,
                picture=Markup(picture(self._lineage, table.name)) if known else None,
            )

    def _indicators(self, entries: Sequence[IndicatorEntry]) -> None:
        themes = []
        for theme, words in THEMES.items():
            sections: dict[str, list[IndicatorEntry]] = {}
            for entry in entries:
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
            picture=Markup(overview(self._lineage)),
            layers=[one for one in layers if one[2]],
        )

    def _origin(self, name: str) -> str:
        """What a table that is made from no other holds, and who writes it; empty for the others."""
        one = self._lineage.tables[name]
        written = ORIGINS.get(one.schema, "")
        return f"{written}. {first_sentence(one.description)}" if written and one.description else written

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
            methods=methods_of(self._programme, self._protected),
            statuses=STATUSES,
            populations=populations,
        )

    def _notes(self, difference: ReleaseDiff | None, without_difference: str) -> None:
        told_inside = ["Which figures changed is told in the internal edition only."]
        self._page(
            "release-notes.html",
            "release-notes.html",
            "Release notes",
            heading=f"Since {difference.old}" if difference else "Nothing to compare with",
            sentences=[without_difference] if difference is None else told_inside if self._mode == "public" else [],
            parts=notes_parts(difference, self._mode) if difference else [],
            before=difference.old if difference else "",
            now=difference.new if difference else "",
        )

    def _machine_readable(self) -> str:
        tables = [
            {
                "schema": table.schema,
                "table": table.table,
                "description": " ".join(" ".join(table.description).split()),
                "key": list(table.key),
                "columns": [{"name": name, "type": kind, "description": words} for name, kind, words in table.columns],
                "made_from": table.parents,
                "example": table.example,
            }
            for table in self._tables
        ]
        return json.dumps({"tables": tables}, indent=1, ensure_ascii=False) + "\n"


def _facts(manifest: Mapping[str, Any], mode: Mode) -> list[tuple[str, str]]:
    """What the first page says of the release itself; inside also how many files came and checks were made."""
    facts = [
        ("Release", str(manifest.get("release", "without a name"))),
        ("Code", str(manifest.get("code_version", "unknown"))),
        *((name, str(version)) for name, version in sorted(manifest.get("packages", {}).items())),
    ]
    if mode == "public":
        return facts
    statuses = Counter(one["status"] for one in manifest.get("inputs", []))
    facts += [(f"Files {status.replace('_', ' ')}", f"{statuses[status]:,}") for status in sorted(statuses)]
    checks = manifest.get("checks", [])
    made, passed = (sum(one[part] for one in checks) for part in ("checks", "passed"))
    return [*facts, ("Checks of the data", f"{made:,}, of which {passed:,} found nothing")]
