"""Two releases attached to one connection, `before` and `now`, and what every part of a comparison asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from reporting.changes.releases import Keys, keys_of, manifest_of
from reporting.release_files import DATABASE, INTERNAL

# Schema and table.
Relation = tuple[str, str]

INDICATOR_VALUE: Relation = ("marts", "indicator_value")
FIGURE_KEY = (
    "theme", "indicator_id", "period", "period_label", "geography_level", "geography_code", "breakdown",
    "breakdown_value", "point", "row_order", "column_order",
)  # fmt: skip
# Marts that say what things mean and hold nothing counted.
_DEFINITIONS = ("indicator", "dim_population", "dim_question", "dim_answer", "indicator_cell", "indicator_count")
# Where a row was delivered: a form that comes again unchanged in another file is the same form.
_PLACES = {"landed_row_id", "load_id", "source_row"}


class TwoReleases:
    """Two attached releases: their manifests, the columns of their tables, their views."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, manifests: tuple[Mapping[str, Any], Mapping[str, Any]], keys: Keys
    ) -> None:
        self.con = con
        self.manifests = manifests
        self._keys = keys
        self.columns = {side: _columns(con, side) for side in ("before", "now")}
        self.views = {
            (str(schema), str(view))
            for schema, view in con.execute(
                "select schema_name, view_name from duckdb_views() where database_name in ('before', 'now')"
            ).fetchall()
        }
        before, now = (_contents(manifest) for manifest in manifests)
        self._same = {name for name, digest in now.items() if before.get(name) == digest}

    def is_same(self, relation: Relation) -> bool:
        """Whether both manifests give the same hash of a table's content."""
        return ".".join(relation) in self._same

    def both_have(self, relation: Relation, columns: Iterable[str] = ()) -> bool:
        """Whether a table, with these columns at least, is in both releases."""
        return all(
            relation in known and set(columns) <= set(known[relation])
            for known in (self.columns["before"], self.columns["now"])
        )

    def common_columns(self, relation: Relation) -> tuple[list[str], tuple[str, ...]]:
        """The columns of a table whose rows are compared, and its key, which is empty where it is none in both."""
        old, new = (self.columns[side][relation] for side in ("before", "now"))
        common = [name for name in new if old.get(name) == new[name]]
        key = FIGURE_KEY if relation == INDICATOR_VALUE else self._keys.get(relation, ())
        if not set(key) <= set(common):
            key = ()
        return [name for name in common if name in key or name not in _PLACES], key

    def number(self, sql: str) -> int:
        """The one number that a query returns."""
        row = self.con.execute(sql).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def attached(old: Path, new: Path, keys: Keys | None = None) -> Iterator[TwoReleases]:
    """Two release folders side by side, read-only.

    `keys` by (schema, table); without it those that the releases tell of themselves.
    """
    con = duckdb.connect()
    try:
        for name, release in (("before", old), ("now", new)):
            path = str(release / INTERNAL / DATABASE).replace("'", "''")
            con.execute(f"attach '{path}' as {name} (read_only)")
        known = {**keys_of(old), **keys_of(new)} if keys is None else keys
        yield TwoReleases(con, (manifest_of(old), manifest_of(new)), known)
    finally:
        con.close()


def is_told(relation: Relation) -> bool:
    """Whether rows of a table are told one by one: figures and definitions, never forms or children."""
    schema, table = relation
    return relation == INDICATOR_VALUE or schema == "reference" or (schema == "marts" and table in _DEFINITIONS)


def differing_rows(result: str, relation: Relation) -> str:
    """The temporary table of the rows of a table that went or came (`result`)."""
    return quoted(f"{result} {'.'.join(relation)}")


def keys_equal(key: Iterable[str]) -> str:
    """The condition that two rows, `o` and `n`, have the same key."""
    return " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in key)


def quoted(identifier: str) -> str:
    """A name as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def listed(columns: Sequence[str]) -> str:
    """Names of columns as SQL lists them."""
    return ", ".join(map(quoted, columns))


def _contents(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Hash of the content of each table by name, as far as the manifest tells it."""
    tables = manifest.get("outputs", {}).get(DATABASE, {}).get("tables", {})
    return {name: str(told["content_sha256"]) for name, told in tables.items() if told.get("content_sha256")}


def _columns(con: duckdb.DuckDBPyConnection, side: str) -> dict[Relation, dict[str, str]]:
    columns: dict[Relation, dict[str, str]] = {}
    for schema, table, column, data_type in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal order by schema_name, table_name, column_index",
        [side],
    ).fetchall():
        columns.setdefault((schema, table), {})[column] = data_type
    return columns
