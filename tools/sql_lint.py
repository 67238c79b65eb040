"""The templater that `.sqlfluff` names: sqlfluff's own for Jinja, which here compiles each macro file once.

sqlfluff's compiles all of `dbt_project/macros` again for every model it renders, twice: one to two seconds a model, in
one process whatever `--processes` says, which was half of the lint. What is compiled depends on the text alone, so it
is kept. Registered under `[project.entry-points.sqlfluff]` in pyproject.toml; nothing else imports this module.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

from jinja2 import Environment
from sqlfluff.core import FluffConfig
from sqlfluff.core.plugin import hookimpl
from sqlfluff.core.templaters import RawTemplater
from sqlfluff.core.templaters.jinja import JinjaTemplater

_compiled: dict[tuple[Any, ...], CodeType | str] = {}


class CompileOnceTemplater(JinjaTemplater):
    """sqlfluff's Jinja templater with a memory of compiled templates, for one process."""

    name = "jinja_compiled_once"

    def _get_jinja_env(self, config: FluffConfig | None = None) -> Environment:
        environment = super()._get_jinja_env(config)
        compile_anew = environment.compile

        def compile_once(*source: Any, **options: Any) -> CodeType | str:
            key = (*source, *sorted(options.items()))
            if key not in _compiled:
                _compiled[key] = compile_anew(*source, **options)
            return _compiled[key]

        # An environment is made for every model, by sqlfluff: only the method of this one can be replaced, and mypy
        # takes a replaced method for a mistake.
        environment.compile = compile_once  # type: ignore[assignment,method-assign]
        return environment


@hookimpl
def get_templaters() -> list[type[RawTemplater]]:
    """What sqlfluff asks its plugins for."""
    return [CompileOnceTemplater]
