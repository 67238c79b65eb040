"""Models of dbt made without dbt, for one file that is tried: what a run would make of what has landed, by its own SQL.
The tests of the rules of the returns make theirs here, too.

What a model means is written down in `dbt_project/` alone. dbt takes seconds to start and wants a home of its own; the
few models that say what becomes of a form need nothing of it but that names of tables are filled in.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb

from catalogue.shapes import shapes
from orchestration.landing.reading import MACROS, sql_environment
from orchestration.warehouse import exists, literal

if TYPE_CHECKING:
    import jinja2

_MODELS = MACROS.parents[1] / "models"
# The macros that models of forms use, up to their dispositions.
_USED = ("answer_list", "catalogue", "engine", "forms", "reading", "stage_form", "years")


# Models that lie in `reference`, beside the seeds.
_OF_REFERENCE = ("reporting_year",)


class _Table(str):
    """The name of a table, as dbt hands it to models."""

    __slots__ = ()

    def render(self) -> str:
        """The name by which the database knows it."""
        return str(self)


class Models:
    """Makes tables of models and of the catalogue in a warehouse; ``seeds`` are the tables of the catalogue.

    ``macros`` are the names of the files of macros that the models use, below the folder of macros.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, seeds: Path, macros: tuple[str, ...] = _USED) -> None:
        self._con = con
        self._seeds = seeds
        given: dict[str, Any] = {
            "ref": self._ref,
            "source": lambda schema, name: _Table(f"{schema}.{name}"),
            "config": lambda **_: "",
            "is_incremental": lambda: False,
            "run_query": self._asked,
            "execute": True,
            "context": {},
        }
        self._names = {**vars(_macros(macros).make_module(given)), **given}
        given["context"].update(self._names)

    def make(self, *names: str) -> None:
        """Make tables by their name in dbt, and all that they read; one that is there stays as it is."""
        for name in names:
            self._ref(name)

    def make_of(self, name: str, text: str) -> None:
        """Make the table of a model from another text than its own, unless it is there."""
        self._ref(name, text)

    def _ref(self, name: str, text: str | None = None) -> _Table:
        others = "reference" if name in shapes() or name in _OF_REFERENCE else "marts"
        schema = {"stg": "staging", "int": "intermediate"}.get(name.partition("_")[0], others)
        if not exists(self._con, schema, name):
            sql = self._seed(name) if name in shapes() else self._model(text or _text_of(name))
            self._con.execute(f"create schema if not exists {schema}")
            self._con.execute(f"create table {schema}.{name} as {sql}")
        return _Table(f"{schema}.{name}")

    def _seed(self, name: str) -> str:
        shape = shapes()[name]
        columns = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in shape.types.items())
        return (
            f"select * from read_csv({literal(self._seeds / shape.file)}, auto_detect = false, header = true, "
            f"delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
        )

    def _model(self, text: str) -> str:
        return sql_environment().from_string(text).render(self._names)

    def _asked(self, sql: str) -> SimpleNamespace:
        found = self._con.execute(sql)
        names = [name for name, *_ in found.description or []]
        return SimpleNamespace(rows=[dict(zip(names, row, strict=True)) for row in found.fetchall()])


@lru_cache(maxsize=2)
def _macros(names: tuple[str, ...]) -> jinja2.Template:
    texts = [(MACROS.parent / f"{name}.sql").read_text(encoding="utf-8") for name in names]
    return sql_environment().from_string("\n".join(texts))


def _text_of(name: str) -> str:
    (path,) = _MODELS.rglob(f"{name}.sql")
    return path.read_text(encoding="utf-8")
