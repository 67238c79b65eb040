"""How text, dates, numbers and codes are read: by the macros of `dbt_project/macros/reading.sql`, as in staging.

Those macros are the only place where a rule of reading is written down. Here they become SQL without dbt, for landing,
which knows of a date only its month, of a code only whether it is one, and of a service only which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catalogue.returns import ReturnCatalogue
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse import literal

if TYPE_CHECKING:
    import duckdb
    import jinja2

MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "reading.sql"


class _Returned(Exception):  # noqa: N818  (no error: it carries what a macro hands back)
    """What a macro gives to dbt's `return`, on its way to the caller."""


def sql_environment() -> jinja2.Environment:
    """Templates of SQL that are read as dbt reads them: what a macro gives to `return` is the value of its call."""
    import jinja2
    from jinja2.runtime import Context

    def give_back(value: object) -> None:
        raise _Returned(value)

    class Caller(Context):
        """Calls macros as dbt does: what one returns is the value of the call."""

        def call(self, called: Any, *arguments: Any, **named: Any) -> Any:
            if called is give_back:
                raise _Returned(*arguments)
            try:
                return super().call(called, *arguments, **named)
            except _Returned as returned:
                return returned.args[0]

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.context_class = Caller
    environment.globals["return"] = give_back
    return environment


def macros_of(text: str) -> Callable[..., Any]:
    """The macros of a file as a function of a name and arguments: the SQL a macro writes, or the value it returns."""
    module = sql_environment().from_string(text).module

    def macro(name: str, *arguments: object) -> Any:
        try:
            return str(getattr(module, name)(*arguments))
        except _Returned as returned:
            return returned.args[0]

    return macro


@lru_cache(maxsize=1)
def _macros() -> Callable[..., Any]:
    return macros_of(MACROS.read_text(encoding="utf-8"))


def reading_macro(name: str, *arguments: object) -> str:
    """The SQL that a macro of reading writes."""
    return str(_macros()(name, *arguments))


def date_sql(cell: str, *, day_first: bool = True) -> str:
    """SQL DATE of a text: ISO (with or without a time), day/month/year, spreadsheet serial; NULL when it is none.

    Where `day_first` is false, month/day/year.
    """
    return str(_macros()("try_date", cell, day_first))


def month_sql(cell: str) -> str:
    """SQL of a date reduced to its month (`YYYY-MM`); a month as delivered stays, what cannot be read is NULL."""
    # Nearly every date is written this way, which is told in a tenth of the time.
    is_plain = f"regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') and try_cast({cell} as date) is not null"
    month = _macros()("try_month", cell)
    date = _macros()("try_one_date", cell)
    return f"case when {is_plain} then left({cell}, 7) else strftime(coalesce({date}, {month}), '%Y-%m') end"


def folded_sql(cell: str) -> str:
    """SQL of a text as it is compared (`catalogue.folding`); NULL stays NULL."""
    return str(_macros()("folded_text", cell))


def white_space() -> str:
    """White space of any script, as a regular expression of the engine."""
    return str(_macros()("white_space"))


def kept_sql(returns: ReturnCatalogue, kind: str, code_list: str | None, text: str) -> str:
    """SQL of what may be kept of a text that should be a code, a flag, a date or a number; NULL when it is none.

    A code and a number stay as they are written; a number of more digits than any that is sent may be a telephone's. Of
    a date stays the date, and of a code that is written another way what it means, because words may follow them.
    """
    macro = _macros()
    if code_list is not None:
        field = {"codes": codes_of_list(returns, code_list)}
        position = macro("code_position", text, field)
        meant = ", ".join(literal(one["spellings"][0] if one["spellings"] else one["code"]) for one in field["codes"])
        return f"case when {position} > 0 then {text} when {position} < 0 then ([{meant}])[-({position})] end"
    if kind == "date":
        return f"strftime({macro('try_one_date', text)}, '%Y-%m-%d')"
    if kind == "datetime":
        return f"strftime({macro('try_local_timestamp', text)}, '%Y-%m-%d %H:%M:%S.%f')"
    return f"case when abs({macro('try_number', text)}) <= 1e9 then {text} end"


def codes_of_list(returns: ReturnCatalogue, code_list: str) -> list[dict[str, Any]]:
    """The codes of a list with every spelling, as staging reads them from the same seeds."""
    spellings: dict[str, list[str]] = {}
    for one in returns.spellings:
        if one.code_list == code_list:
            spellings.setdefault(one.code, []).append(one.spelling)
    return [
        {
            "code": one.code,
            "canonical_code": one.canonical_code,
            "spellings": ([one.code_label] if one.code_label else []) + spellings.get(one.code, []),
        }
        for one in returns.codes.get(code_list, {}).values()
    ]


def read_texts(con: duckdb.DuckDBPyConnection, sql: str, texts: Sequence[str]) -> list[str | None]:
    """What an expression over `text` gives for each of some texts, in their order."""
    rows = con.execute(
        f"select ({sql})::varchar from (select unnest($texts::varchar[]) as text, unnest(range(len($texts))) as place) "
        "order by place",
        {"texts": list(texts)},
    ).fetchall()
    return [value for (value,) in rows]
