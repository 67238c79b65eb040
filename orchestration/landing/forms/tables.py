"""The raw tables of the forms: one per form of the catalogue, whether or not a file has arrived."""

from __future__ import annotations

import duckdb

from catalogue import Catalogue
from orchestration.landing.forms.identity import exact_column, id_columns
from orchestration.landing.raw_tables import FORM_META, ensure_tables


def raw_table(form_id: str) -> str:
    """Qualified name of the raw table of a form."""
    return f"raw.{_table_name(form_id)}"


def ensure_form_tables(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Create the raw table of every form, and add columns the catalogue has gained."""
    columns = {
        _table_name(form_id): [
            *(column.name for column in catalogue.raw_columns(form_id)),
            *(exact_column(name) for name in id_columns(catalogue, form_id)),
        ]
        for form_id in catalogue.forms
    }
    ensure_tables(con, FORM_META, columns)


def _table_name(form_id: str) -> str:
    return f"insights_{form_id}"
