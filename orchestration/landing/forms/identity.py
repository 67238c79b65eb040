"""Who a form is of: its service by code, and its client, case and submission by two keys each.

The first key is of the id as everybody would have typed it, and joins what people typed differently. The exact one is
of the id as it was written, and tells apart what must not be joined: `int_form_identity` decides, when it knows the
months of birth. The text of a service's cell goes no further than this: what stands in its place is the code of the
declared service that carries on its work, or the short code of one that is not declared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from catalogue import Catalogue
from catalogue.services import Services
from orchestration.landing.pseudonym import (
    clean_sql,
    identifier_sql,
    pseudonym_sql,
    short_code_sql,
    stands_for_none_sql,
)
from orchestration.landing.reading import folded_sql
from orchestration.warehouse import identifier

#: Which question of administration is an id, and of what kind.
KINDS = {"submission_id": "submission", "client_id": "client", "case_reference": "case"}
UNDECLARED = "?"


def admin_question(form_id: str, code: str) -> str:
    """A question of administration by its code, such as `service`; its raw column has the same name."""
    return f"{form_id}_admin_{code}"


def exact_column(name: str) -> str:
    """The raw column with the exact key of an id, from the one with its key."""
    return f"{name}__exact"


def id_columns(catalogue: Catalogue, form_id: str) -> dict[str, str]:
    """The raw columns of a form that hold the key of an id, each with the kind of it."""
    return {
        column.name: KINDS.get(code, code)
        for column in catalogue.raw_columns(form_id)
        for code in [catalogue.questions[column.question_id].question_code]
        if catalogue.questions[column.question_id].storage == "pseudonym"
    }


def service_parameters(services: Services) -> dict[str, Any]:
    """What `identity_sql` needs bound, besides the parameters of the key."""
    return {
        "service_texts": list(services.exact),
        "service_codes": list(services.exact.values()),
        "folded_texts": list(services.folded),
        "folded_codes": list(services.folded.values()),
    }


def identity_sql(table: str, service: str, ids: dict[str, tuple[str, str]], placeholders: Collection[str]) -> str:
    """SELECT of all columns of a table with `service_code`, and key and exact key of every id.

    Parameters:
        table: what the records are read from.
        service: VARCHAR expression of the cell that names the service.
        ids: name of the column to make -> kind of id and VARCHAR expression of its cell.
        placeholders: words that stand for no id (`Catalogue.id_placeholders`).

    The statement must be run with `service_parameters` and `PseudonymKey.parameters()` bound.
    """

    def hit(text: str, texts: str, codes: str) -> str:
        return f"(${codes}::varchar[])[nullif(list_position(${texts}::varchar[], {text}), 0)]"

    return keys_sql(
        f"""
        (select *,
            coalesce(
                service_declared,
                {hit("service_folded", "folded_texts", "folded_codes")},
                {short_code_sql("service_folded")}
            ) as service_code
        from (
            select *, case when service_declared is null then nullif({folded_sql(service)}, '') end as service_folded
            from (select *, {hit(service, "service_texts", "service_codes")} as service_declared from {table})
        ))
        """,
        ids,
        placeholders,
    )


def written_sql(table: str, texts: Mapping[str, str], placeholders: Collection[str]) -> str:
    """SELECT of all columns of a table, with three of every id: `__clean`, as it was written and NULL where a
    spreadsheet has changed it; `__same`, as it is compared; `__written`, the first, NULL where it stands for no id.

    Parameters:
        texts: name of an id -> VARCHAR expression of its cell.
    """
    cleaned = {made(name, "clean"): clean_sql(text) for name, text in texts.items()}
    compared = {made(name, "same"): identifier_sql(made(name, "clean")) for name in texts}
    written = {
        made(name, "written"): (
            f"case when not {stands_for_none_sql(made(name, 'same'), placeholders)} then {made(name, 'clean')} end"
        )
        for name in texts
    }
    return _with_columns(table, cleaned, compared, written)


def keys_sql(table: str, ids: dict[str, tuple[str, str]], placeholders: Collection[str]) -> str:
    """SELECT of all columns of a table that has `service_code`, with key and exact key of every id (`identity_sql`).

    The statement must be run with `PseudonymKey.parameters()` bound.
    """
    written = written_sql(table, {name: text for name, (_, text) in ids.items()}, placeholders)

    def key(name: str, text: str) -> str:
        return pseudonym_sql(ids[name][0], "service_code", text)

    # Two clients without an id are not one: what stands for none has no key.
    keys = {
        identifier(name): f"case when {made(name, 'written')} is not null then {key(name, made(name, 'same'))} end"
        for name in ids
    }
    # Hashed once more only where the id is not written as it is compared.
    exact = {
        identifier(exact_column(name)): (
            f"case when {made(name, 'written')} = {made(name, 'same')} then {identifier(name)} "
            f"else {key(name, made(name, 'written'))} end"
        )
        for name in ids
    }
    return _with_columns(f"({written})", keys, exact)


def made(name: str, what: str) -> str:
    """The column that `written_sql` makes of an id."""
    return identifier(f"{name}__{what}")


def _with_columns(table: str, *steps: Mapping[str, str]) -> str:
    """SELECT of all columns of a table with more, by name; each step may use the columns of those before it."""
    for step in steps:
        table = f"(select *{''.join(f', {sql} as {name}' for name, sql in step.items())} from {table})"
    return table[1:-1]
