"""What changed between two releases: files, code, tables, rows, figures, definitions, checks.

Rows are paired by the key of their table; where a row was delivered is no difference unless it is the key. Of tables
with a row for each form or child only counts are told, never a key or a value; figures and definitions are told with
what they were and what they are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.settings import Settings
from reporting.changes.releases import DATABASE, Keys, find_release, internal_side, keys_of, manifest_of
from reporting.document.blocks import printable

FIGURE_KEY = (
    "theme", "indicator_id", "period", "period_label", "geography_level", "geography_code", "breakdown",
    "breakdown_value", "point", "row_order", "column_order",
)  # fmt: skip
_FIGURE_PARTS = ("numerator", "denominator", "value", "lower_95", "upper_95", "status")
_FIGURE_LABELS = ("row_label", "column_label", "unit")
_FIGURES = ("marts", "indicator_value")
# Marts that say what things mean and hold nothing counted.
_DEFINITIONS = ("indicator", "dim_population", "dim_question", "dim_answer", "indicator_cell")
# Where a row was delivered: a form that comes again unchanged in another file is the same form.
_PLACES = {"landed_row_id", "load_id", "source_row"}
_LIMIT = 20
# Two runs add floating-point numbers in the same order; releases of two versions of the engine perhaps not.
_SAME = 1e-9


@dataclass(frozen=True)
class FileChange:
    """One file of the raw folder. `kind` is added, removed or changed (another content under the name)."""

    file: str
    kind: str
    status: str
    rows_before: int | None
    rows_now: int | None


@dataclass(frozen=True)
class TableChange:
    """One table or view that was added, removed or changed; rows are counted for changed tables only.

    `paired` is False where rows could not be paired by a key: then a changed row is one that went and one that came.
    """

    schema: str
    table: str
    kind: str
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: tuple[str, ...] = ()
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    paired: bool = True

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class FigureChange:
    """One row of marts.indicator_value that came, went or has other numbers.

    `before` is None for one that came, `now` for one that went. Both map numerator, denominator, value, lower_95,
    upper_95 and status to what they were and are.
    """

    key: Mapping[str, Any]
    row_label: str
    column_label: str
    unit: str
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None


@dataclass(frozen=True)
class DefinitionChange:
    """One description or one row of a list of definitions. `before` or `now` is None where it came or went."""

    where: str
    name: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class CheckChange:
    """One check of the data: how many rows failed it before and now; None where the check was not there."""

    check: str
    table: str
    before: int | None
    now: int | None


@dataclass(frozen=True)
class ReleaseDiff:
    """Everything that two releases differ in. `code` and `packages` hold (name, before, now) of what is another."""

    old: str
    new: str
    code: tuple[tuple[str, str, str], ...]
    files: tuple[FileChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[FigureChange, ...]
    figures_compared: int
    definitions: tuple[DefinitionChange, ...]
    checks: tuple[CheckChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is different."""
        return not (self.code or self.files or self.tables or self.figures or self.definitions or self.checks)


def diff_lines(settings: Settings, old: str, new: str, limit: int = _LIMIT) -> list[str]:
    """The lines of `insights diff OLD NEW`: `limit` entries of each list, all of them with 0.

    Raises OperatorError for a release that does not exist.
    """
    root = settings.published_path
    return text_lines(diff_releases(find_release(root, old), find_release(root, new)), limit)


def diff_releases(old: Path, new: Path, keys: Keys | None = None) -> ReleaseDiff:
    """Compare two release folders. `keys` by (schema, table); without it those that the releases tell of themselves."""
    if keys is None:
        keys = {**keys_of(old), **keys_of(new)}
    manifests = manifest_of(old), manifest_of(new)
    con = duckdb.connect()
    try:
        for name, release in (("before", old), ("now", new)):
            path = str(internal_side(release) / DATABASE).replace("'", "''")
            con.execute(f"attach '{path}' as {name} (read_only)")
        compared = _Comparison(con, keys, *(_contents(manifest) for manifest in manifests))
        tables = compared.tables()
        return ReleaseDiff(
            old=str(manifests[0].get("release") or old.name),
            new=str(manifests[1].get("release") or new.name),
            code=_code_changes(*manifests),
            files=compared.files(),
            tables=tables,
            figures=compared.figures(),
            figures_compared=compared.count_of_figures(),
            definitions=compared.definitions(),
            checks=compared.checks(),
        )
    finally:
        con.close()


class _Comparison:
    """Two attached releases, `before` and `now`, and what of each table differs."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, keys: Keys, before: Mapping[str, str], now: Mapping[str, str]
    ) -> None:
        self._con = con
        self._keys = keys
        self._same = {name for name, digest in now.items() if before.get(name) == digest}
        self._columns = {side: _columns(con, side) for side in ("before", "now")}
        self._views = {
            (str(schema), str(view))
            for schema, view in con.execute(
                "select schema_name, view_name from duckdb_views() where database_name in ('before', 'now')"
            ).fetchall()
        }
        self._changed: set[tuple[str, str]] = set()

    def tables(self) -> tuple[TableChange, ...]:
        """Added, removed and changed tables by name. Leaves the differing rows of each in temporary tables."""
        before, now = self._columns["before"], self._columns["now"]
        found = []
        for relation in sorted(set(before) | set(now)):
            if relation not in before or relation not in now:
                found.append(TableChange(*relation, "added" if relation in now else "removed"))
                continue
            old, new = before[relation], now[relation]
            change = TableChange(
                *relation,
                "changed",
                columns_added=tuple(name for name in new if name not in old),
                columns_removed=tuple(name for name in old if name not in new),
                columns_retyped=tuple(name for name in new if name in old and old[name] != new[name]),
            )
            # A view shows rows of tables that are compared themselves.
            if relation not in self._views and f"{relation[0]}.{relation[1]}" not in self._same:
                change = self._rows(change)
            if change != TableChange(*relation, "changed", paired=change.paired):
                found.append(change)
        return tuple(found)

    def _rows(self, change: TableChange) -> TableChange:
        relation = (change.schema, change.table)
        old, new = (self._columns[side][relation] for side in ("before", "now"))
        common = [name for name in new if old.get(name) == new[name]]
        key = self._key(relation, common)
        common = [name for name in common if name in key or name not in _PLACES]
        if not common:
            return change
        columns = ", ".join(map(_name, common))
        # Adding up a hash of each row costs a tenth of comparing the rows, and most tables are the same.
        before, now = (self._digest(side, relation, columns) for side in ("before", "now"))
        if before == now:
            return change
        went, came = (_name(f"{result} {change.name}") for result in ("went", "came"))
        self._separate(went, came, relation, common, key)
        rows_went, rows_came = self._count(went), self._count(came)
        if rows_came - rows_went != now[0] - before[0]:
            # Some rows are there twice, so the key is none.
            self._separate(went, came, relation, common, ())
            rows_went, rows_came = self._count(went), self._count(came)
        self._changed.add(relation)
        paired = bool(key) and self._is_unique(went, key) and self._is_unique(came, key)
        pairs = self._number(f"select count(*) from {went} as o join {came} as n on {_equal(key)}") if paired else 0
        removed, added = rows_went - pairs, rows_came - pairs
        return replace(
            change,
            rows_added=added,
            rows_removed=removed,
            rows_changed=pairs,
            paired=paired or not (added and removed),
        )

    def _separate(
        self, went: str, came: str, relation: tuple[str, str], columns: Sequence[str], key: Sequence[str]
    ) -> None:
        """Leave the rows that only one of the two releases has in two temporary tables."""
        for table, one, other in ((went, "before", "now"), (came, "now", "before")):
            self._con.execute(
                f"create or replace temp table {table} as {self._only_in(one, other, relation, columns, key)}"
            )

    def _only_in(
        self, one: str, other: str, relation: tuple[str, str], columns: Sequence[str], key: Sequence[str]
    ) -> str:
        """SQL of the rows of one side that the other does not have.

        With a key, of which no table holds two, rows are compared by a hash beside it: setting whole rows against each
        other takes a minute for a million forms. Of tables whose rows are only counted the key is all that is kept.
        """
        listed = ", ".join(map(_name, columns))
        if not key:
            return (
                f"select {listed} from {one}.{_relation(relation)} "
                f"except all select {listed} from {other}.{_relation(relation)}"
            )
        hashed = f"select {{}}, hash({listed}) as row_hash from {{}}.{_relation(relation)}"
        kept = listed if _is_told(relation) else ", ".join(map(_name, key))
        return (
            f"select {kept} from ({hashed.format(listed, one)}) as o "
            f"anti join ({hashed.format(', '.join(map(_name, key)), other)}) as n "
            f"on {_equal(key)} and o.row_hash = n.row_hash"
        )

    def _key(self, relation: tuple[str, str], columns: Sequence[str]) -> tuple[str, ...]:
        key = FIGURE_KEY if relation == _FIGURES else self._keys.get(relation, ())
        return key if set(key) <= set(columns) else ()

    def _is_unique(self, table: str, key: Sequence[str]) -> bool:
        columns = ", ".join(map(_name, key))
        return not self._number(
            f"select count(*) from (select 1 from {table} group by {columns} having count(*) > 1 limit 1)"
        )

    def figures(self) -> tuple[FigureChange, ...]:
        """Rows of marts.indicator_value whose numbers differ, by key, newest period first."""
        if _FIGURES not in self._changed:
            return ()
        shown = [*FIGURE_KEY, *_FIGURE_LABELS, *_FIGURE_PARTS]
        if any(set(shown) - set(self._columns[side][_FIGURES]) for side in ("before", "now")):
            return ()
        went, came = (_name(f"{result} marts.indicator_value") for result in ("went", "came"))
        described = ", ".join(f"coalesce(n.{name}, o.{name})" for name in (*FIGURE_KEY, *_FIGURE_LABELS))
        parts = ", ".join(f"{side}.{part}" for side in "on" for part in _FIGURE_PARTS)
        rows = self._con.execute(
            f"select {described}, o.theme is not null, n.theme is not null, {parts} "
            f"from {went} as o full join {came} as n on {_equal(FIGURE_KEY)} "
            "order by 1, 2, 3 desc, 4, 5, 6, 7, 8, 9, 10, 11"
        ).fetchall()
        found = []
        width, part = len(FIGURE_KEY), len(_FIGURE_PARTS)
        for row in rows:
            label, column, unit, was, is_now = row[width : width + 5]
            numbers = row[width + 5 :]
            before = dict(zip(_FIGURE_PARTS, numbers[:part], strict=True)) if was else None
            now = dict(zip(_FIGURE_PARTS, numbers[part:], strict=True)) if is_now else None
            if before is not None and now is not None and all(_same(before[name], now[name]) for name in now):
                continue
            key = dict(zip(FIGURE_KEY, row[:width], strict=True))
            found.append(FigureChange(key, label or "", column or "", unit or "", before, now))
        return tuple(found)

    def count_of_figures(self) -> int:
        """Rows of marts.indicator_value in the newer release."""
        if _FIGURES not in self._columns["now"]:
            return 0
        return self._number("select count(*) from now.marts.indicator_value")

    def definitions(self) -> tuple[DefinitionChange, ...]:
        """Descriptions of tables and columns, and rows of the lists that say what things mean."""
        found = [
            DefinitionChange(f"description of {schema}.{table}", column or "the table", before, now)
            for schema, table, column, before, now in self._con.execute(_COMMENTS).fetchall()
        ]
        listed = sorted(
            (schema, table)
            for schema, table in self._changed
            if (schema, table) != _FIGURES and _is_told((schema, table))
        )
        for relation in listed:
            found += self._changed_rows(relation)
        return tuple(found)

    def _changed_rows(self, relation: tuple[str, str]) -> list[DefinitionChange]:
        where = ".".join(relation)
        old, new = (self._columns[side][relation] for side in ("before", "now"))
        columns = [name for name in new if old.get(name) == new[name]]
        key = self._key(relation, columns)
        columns = [name for name in columns if name in key or name not in _PLACES]
        sides = []
        for result in ("went", "came"):
            rows = self._con.execute(f"select * from {_name(f'{result} {where}')} order by all").fetchall()
            named = [dict(zip(columns, row, strict=True)) for row in rows]
            sides.append({tuple(str(row[name]) for name in key or columns): row for row in named})
        went, came = sides
        found = []
        for name in sorted(went.keys() | came.keys()):
            before, now = went.get(name), came.get(name)
            shown = " / ".join(part for part in name if part not in ("", "None"))
            if before is None or now is None:
                one = "came" if before is None else "went"
                found.append(DefinitionChange(where, shown, None if one == "came" else one, one if now else None))
                continue
            found += [
                DefinitionChange(where, f"{shown}: {column}", _text(before[column]), _text(now[column]))
                for column in columns
                if before[column] != now[column]
            ]
        return found

    def files(self) -> tuple[FileChange, ...]:
        """Files that one release knows and the other does not, by name."""
        known = []
        for side in ("before", "now"):
            rows = (
                self._con.execute(
                    f"select source_file, sha256, status, rows_landed from {side}.ops.load order by all"
                ).fetchall()
                if ("ops", "load") in self._columns[side]
                else []
            )
            known.append({(file, digest): (status, landed) for file, digest, status, landed in rows})
        before, now = known
        came = {file: value for (file, digest), value in now.items() if (file, digest) not in before}
        went = {file: value for (file, digest), value in before.items() if (file, digest) not in now}
        earlier = {file: value for (file, _), value in before.items()}
        found = []
        for file in sorted(came.keys() | went.keys()):
            if file in came:
                kind = "changed" if file in earlier else "added"
                found.append(FileChange(file, kind, came[file][0], earlier.get(file, ("", None))[1], came[file][1]))
            else:
                found.append(FileChange(file, "removed", went[file][0], went[file][1], None))
        return tuple(found)

    def checks(self) -> tuple[CheckChange, ...]:
        """Checks with another number of failing rows, and those that came or went, by name."""
        if any(("ops", "check_result") not in self._columns[side] for side in ("before", "now")):
            return ()
        counted = (
            "select suite, check_id, coalesce(table_name, ''), sum(coalesce(unexpected_count, (not success)::int)) "
            "from {}.ops.check_result group by all"
        )
        before, now = (
            {(suite, check, table): int(count) for suite, check, table, count in rows}
            for rows in (self._con.execute(counted.format(side)).fetchall() for side in ("before", "now"))
        )
        return tuple(
            CheckChange(f"{name[0]} / {name[1]}", name[2], before.get(name), now.get(name))
            for name in sorted(before.keys() | now.keys())
            if before.get(name) != now.get(name)
        )

    def _digest(self, side: str, relation: tuple[str, str], columns: str) -> tuple[int, int]:
        row = self._con.execute(
            f"select count(*), coalesce(sum(hash({columns})::hugeint), 0) from {side}.{_relation(relation)}"
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def _count(self, table: str) -> int:
        return self._number(f"select count(*) from {table}")

    def _number(self, sql: str) -> int:
        row = self._con.execute(sql).fetchone()
        return int(row[0]) if row else 0


_COMMENTS = """
with described as (
    select database_name, schema_name, table_name, null as column_name, comment from duckdb_tables()
    union all
    select database_name, schema_name, view_name, null, comment from duckdb_views()
    union all
    select database_name, schema_name, table_name, column_name, comment from duckdb_columns()
), sides as (
    select o.schema_name, o.table_name, o.column_name, trim(o.comment) as before, trim(n.comment) as now
    from described as o
    join described as n
        on o.schema_name = n.schema_name and o.table_name = n.table_name
        and o.column_name is not distinct from n.column_name
    where o.database_name = 'before' and n.database_name = 'now'
)
select * from sides where before is distinct from now order by all nulls first
"""


def text_lines(diff: ReleaseDiff, limit: int = _LIMIT) -> list[str]:
    """The difference as lines of plain text; `limit` entries of each list, all of them with 0."""
    if diff.is_empty:
        return [f"{diff.old} and {diff.new} are the same in everything that a release holds."]
    lines = [f"From {diff.old} to {diff.new}"]

    def part(title: str, none: str, summary: str, entries: Sequence[str]) -> None:
        lines.append("")
        lines.append(f"{title}: {summary if entries else none}")
        shown = entries if limit == 0 else entries[:limit]
        lines.extend(f"  {printable(' '.join(entry.split()))}" for entry in shown)
        if len(shown) < len(entries):
            lines.append(f"  and {len(entries) - len(shown):,} more: --limit 0 lists all")

    part("Files", "the same", _kinds(one.kind for one in diff.files), [file_text(one) for one in diff.files])
    part("Code", "the same", "another version", [f"{name}: {before} -> {now}" for name, before, now in diff.code])
    tables = [*diff.tables]
    part("Tables", "the same", _kinds(one.kind for one in tables), [table_text(one) for one in tables])
    part(
        "Figures",
        f"all {diff.figures_compared:,} the same",
        f"{len(diff.figures):,} differ; the newer release has {diff.figures_compared:,}",
        [figure_text(one) for one in diff.figures],
    )
    part(
        "Definitions",
        "the same",
        f"{len(diff.definitions):,} differ",
        [definition_text(one) for one in diff.definitions],
    )
    part("Checks", "the same result", f"{len(diff.checks):,} differ", [check_text(one) for one in diff.checks])
    return lines


def file_text(change: FileChange) -> str:
    """One changed file as a line."""
    if change.kind == "removed":
        return f"removed {change.file}"
    if change.status != "landed":
        return f"{change.kind} {change.file}: {change.status.replace('_', ' ')}"
    rows = f"{_count(change.rows_now)} rows"
    if change.kind == "changed":
        rows = f"{_count(change.rows_before)} rows before, {rows} now"
    return f"{change.kind} {change.file}: {rows}"


def table_text(change: TableChange) -> str:
    """One changed table as a line."""
    if change.kind != "changed":
        return f"{change.kind} {change.name}"
    parts = [
        f"column{'s' if len(names) > 1 else ''} {', '.join(names)} {what}"
        for names, what in (
            (change.columns_added, "added"),
            (change.columns_removed, "removed"),
            (change.columns_retyped, "of another type"),
        )
        if names
    ]
    counts = ((change.rows_added, "added"), (change.rows_removed, "removed"), (change.rows_changed, "changed"))
    rows = [f"{count:,} {what}" for count, what in counts if count]
    if rows:
        parts.append(f"rows: {', '.join(rows)}" + ("" if change.paired else " (without a key: a change is both)"))
    return f"changed {change.name}: {'; '.join(parts)}"


def without_rows(change: TableChange) -> TableChange | None:
    """The change without what it says of rows; None where nothing is left."""
    bare = replace(change, rows_added=0, rows_removed=0, rows_changed=0, paired=True)
    return None if bare == TableChange(change.schema, change.table, "changed") else bare


def figure_text(change: FigureChange) -> str:
    """One changed figure as a line."""
    key = change.key
    where = [str(key["period_label"])]
    if key["geography_code"] != "all_services":
        where.append(f"{key['geography_level']} {key['geography_code']}")
    if key["breakdown"] != "total":
        where.append(f"{key['breakdown']} {key['breakdown_value']}")
    where += [str(part) for part in (key["point"], change.row_label, change.column_label) if part]
    return (
        f"{key['indicator_id']}, {', '.join(where)}: "
        f"{_numbers(change.before, change.unit)} -> {_numbers(change.now, change.unit)}"
    )


def definition_text(change: DefinitionChange) -> str:
    """One changed definition as a line."""
    if change.before is None or change.now is None:
        if change.where.startswith("description"):
            return f"{change.where}, {change.name}: {change.before or '(none)'} -> {change.now or '(none)'}"
        return f"{change.where}: {change.name} {'added' if change.before is None else 'removed'}"
    return f"{change.where}, {change.name}: {change.before or '(blank)'} -> {change.now or '(blank)'}"


def check_text(change: CheckChange) -> str:
    """One check with another result as a line."""
    where = f" on {change.table}" if change.table else ""
    if change.before is None:
        return f"{change.check}{where}: new, {change.now:,} rows fail it"
    if change.now is None:
        return f"{change.check}{where}: no longer there"
    return f"{change.check}{where}: {change.before:,} -> {change.now:,} rows fail it"


def _numbers(numbers: Mapping[str, Any] | None, unit: str) -> str:
    if numbers is None:
        return "not there"
    if numbers["value"] is None:
        return f"no figure ({numbers['status']})"
    value = f"{numbers['value']:,.2f}".rstrip("0").rstrip(".")
    shown = f"{value} {unit}".strip() if unit else value
    if numbers["numerator"] is None or numbers["denominator"] is None:
        return shown
    return f"{numbers['numerator']:,} of {numbers['denominator']:,} ({shown})"


def _code_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    before, now = (
        {"code": manifest.get("code_version"), "python": manifest.get("python"), **manifest.get("packages", {})}
        for manifest in (old, new)
    )
    return tuple(
        (name, str(before.get(name) or "unknown"), str(now.get(name) or "unknown"))
        for name in [*now, *sorted(before.keys() - now.keys())]
        if before.get(name) != now.get(name)
    )


def _contents(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Hash of the content of each table by name, as far as the manifest tells it."""
    tables = manifest.get("outputs", {}).get(DATABASE, {}).get("tables", {})
    return {name: str(told["content_sha256"]) for name, told in tables.items() if told.get("content_sha256")}


def _columns(con: duckdb.DuckDBPyConnection, side: str) -> dict[tuple[str, str], dict[str, str]]:
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, data_type in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal order by schema_name, table_name, column_index",
        [side],
    ).fetchall():
        columns.setdefault((schema, table), {})[column] = data_type
    return columns


def _is_told(relation: tuple[str, str]) -> bool:
    """Whether rows of a table are told one by one: figures and definitions, never forms or children."""
    schema, table = relation
    return relation == _FIGURES or schema == "reference" or (schema == "marts" and table in _DEFINITIONS)


def _equal(key: Iterable[str]) -> str:
    return " and ".join(f"o.{_name(name)} is not distinct from n.{_name(name)}" for name in key)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
    return bool(one == other)


def _kinds(kinds: Iterable[str]) -> str:
    counted = Counter(kinds)
    return ", ".join(f"{counted[kind]:,} {kind}" for kind in ("added", "removed", "changed") if counted[kind])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _count(value: int | None) -> str:
    return "no" if value is None else f"{value:,}"


def _relation(relation: tuple[str, str]) -> str:
    return ".".join(map(_name, relation))


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
