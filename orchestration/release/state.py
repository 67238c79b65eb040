"""What the tables of a step hold, relation by relation: so that what was judged is known to be what is published.

A gate judges the tables as they lie there. Between its verdict and the publication somebody may build a table again, or
change one by hand. So whoever builds tables writes down what they held and by which code they were made
(`ops.built_state`), a gate's verdict names the state that it found and the code of its checks, and whoever goes on
compares both with what the tables hold now.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from orchestration.hashing import sha256_of_json
from orchestration.warehouse import exists, identifier

STAGING, MARTS = "staging", "marts"
# Everything in these schemas is published, so a table more is a change too. (What else a step makes is not.)
_PUBLISHED = ("marts", "reference")
# Part of the states beside what the steps make. The ledger: a file that has landed and is in no table yet must not be
# published as one that is. What files have no column for, and what gate 1 has set aside: the marts leave it out.
# What was decided: the marts obey it. Records of returns of which only the place is left.
_READ = {
    STAGING: (("ops", "load"), ("ops", "rejected_line")),
    MARTS: (
        ("ops", "load"),
        ("ops", "absent_question"),
        ("ops", "decision"),
        ("ops", "erased_record"),
        ("ops", "later_version"),
        ("ops", "rejected_line"),
        ("ops", "set_aside"),
    ),
}

# The code stands among the relations of a step, under a name that none can have.
_CODE = "(code)"

_CREATE = """
create schema if not exists ops;
create table if not exists ops.built_state (step varchar, relation varchar, held varchar, primary key (step, relation))
"""


def note_state(
    con: duckdb.DuckDBPyConnection, step: str, relations: Iterable[tuple[str, str]], *, code: str = ""
) -> None:
    """Write down what the tables of a step hold, once they are built. `relations` are (schema, table) of what it makes,
    `code` is the fingerprint of what made them (`code.py`).

    Of the step of the marts only what is published counts.
    """
    if step == MARTS:
        relations = _published(con)
    held = _held(con, [*relations, *_READ[step]]) | {_CODE: code}
    con.execute(_CREATE)
    con.begin()
    con.execute("delete from ops.built_state where step = ?", [step])
    con.execute(
        "insert into ops.built_state select ?, unnest(?::varchar[]), unnest(?::varchar[])",
        [step, list(held), list(held.values())],
    )
    con.commit()


def forget_state(con: duckdb.DuckDBPyConnection, step: str) -> None:
    """Take back what was written down of a step: it is being built again, or a test of it does not hold."""
    con.execute(_CREATE)
    con.execute("delete from ops.built_state where step = ?", [step])


def built_state(con: duckdb.DuckDBPyConnection, step: str) -> str | None:
    """A hash of what the tables of a step held when they were built; None when that was never written down."""
    noted = _noted(con, step)
    return sha256_of_json(noted) if noted else None


def present_state(con: duckdb.DuckDBPyConnection, step: str) -> str:
    """The same hash of what lies there now. One pass over the tables."""
    return sha256_of_json(_present(con, step, _noted(con, step)))


def built_by(con: duckdb.DuckDBPyConnection, step: str) -> str | None:
    """The fingerprint of the code that built the tables of a step; None when that was never written down."""
    return _rows(con, step).get(_CODE)


def changed_since_built(con: duckdb.DuckDBPyConnection, step: str) -> list[str]:
    """The tables and views of a step that do not hold now what they held when they were built, by name.

    One pass over the tables: a second for a million forms.
    """
    noted = _noted(con, step)
    held = _present(con, step, noted)
    return sorted(name for name in noted.keys() | held.keys() if noted.get(name) != held.get(name))


def same_read_since_built(con: duckdb.DuckDBPyConnection, step: str) -> bool:
    """Whether what is part of a state beside the tables of its step is as it was when they were built: the ledger, and
    of the marts what gate 1 has set aside. A few small tables, so this costs nothing.
    """
    noted, held = _noted(con, step), _held(con, _READ[step])
    return all(noted.get(f"{schema}.{table}") == held.get(f"{schema}.{table}") for schema, table in _READ[step])


def tables_since_built(con: duckdb.DuckDBPyConnection, step: str) -> list[str] | None:
    """The tables of a step that are not as they were built, by name; None when it was never written down how."""
    if not _noted(con, step):
        return None
    beside = {f"{schema}.{table}" for schema, table in _READ[step]}
    return [name for name in changed_since_built(con, step) if name not in beside]


def _present(con: duckdb.DuckDBPyConnection, step: str, noted: Iterable[str]) -> dict[str, str]:
    relations = {tuple(name.split(".", 1)) for name in noted} | set(_published(con) if step == MARTS else ())
    return _held(con, sorted((schema, table) for schema, table in relations))


def _noted(con: duckdb.DuckDBPyConnection, step: str) -> dict[str, str]:
    return {relation: held for relation, held in _rows(con, step).items() if relation != _CODE}


def _rows(con: duckdb.DuckDBPyConnection, step: str) -> dict[str, str]:
    if not exists(con, "ops", "built_state"):
        return {}
    return dict(con.execute("select relation, held from ops.built_state where step = ?", [step]).fetchall())


def _published(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database() "
        "and list_contains($schemas, schema_name) union all "
        "select schema_name, view_name from duckdb_views() where database_name = current_database() "
        "and list_contains($schemas, schema_name) order by all",
        {"schemas": list(_PUBLISHED)},
    ).fetchall()


def _held(con: duckdb.DuckDBPyConnection, relations: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of a table its columns, its number of rows and a hash over all of them, in no order; of a view its SQL.

    Absent: not there. The hash of a row knows nothing of the names of its columns, so they stand beside it. The sum is
    one of whole numbers: threads add floating-point numbers in another order each time. Two versions of DuckDB give two
    hashes, so nothing but the same home is compared by it.
    """
    views = dict(
        con.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views() where database_name = current_database()"
        ).fetchall()
    )
    # Asked for all tables at once: DuckDB goes through every column it has, whatever is asked of them.
    tables = dict(
        con.execute(
            "select schema_name || '.' || table_name, "
            "string_agg(column_name || ' ' || data_type, ', ' order by column_index) from duckdb_columns() "
            "where database_name = current_database() group by all"
        ).fetchall()
    )
    held = {}
    for schema, table in relations:
        name = f"{schema}.{table}"
        if name in views:
            held[name] = str(views[name])
        elif name in tables:
            rows, content = con.execute(
                f"select count(*), sum(hash(one_row)::hugeint) from {identifier(schema)}.{identifier(table)} as one_row"
            ).fetchall()[0]
            held[name] = f"{rows} {content} {tables[name]}"
    return held
