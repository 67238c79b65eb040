"""Who a form is of: its service by code, and its client, case and submission by two keys each.

The first key is of the id as everybody would have typed it, and joins what people typed differently. The exact one is
of the id as it was written, and tells apart what must not be joined: `int_form_identity` decides, when it knows the
months of birth. The text of a service's cell goes no further than this: what stands in its place is the code of the
declared service that carries on its work, or the short code of one that is not declared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
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


def keys_sql(table: str, ids: dict[str, tuple[str, str]], placeholders: Collection[str]) -> str:
    """SELECT of all columns of a table that has `service_code`, with key and exact key of every id (`identity_sql`).

    The statement must be run with `PseudonymKey.parameters()` bound.
    """

    def columns(made: str, expression: Callable[[str], str]) -> str:
        return "".join(f", {expression(name)} as {identifier(name + made)}" for name in ids)

    def same(name: str) -> str:
        return identifier(name + "__same")

    def written(name: str) -> str:
        return identifier(name + "__written")

    def key(name: str, text: str) -> str:
        return pseudonym_sql(ids[name][0], "service_code", text)

    cleaned = columns("__clean", lambda name: clean_sql(ids[name][1]))
    compared = columns("__same", lambda name: identifier_sql(identifier(name + "__clean")))
    # Two clients without an id are not one: what stands for none has no key.
    known = columns(
        "__written",
        lambda name: (
            f"case when not {stands_for_none_sql(same(name), placeholders)} then {identifier(name + '__clean')} end"
        ),
    )
    keys = columns("", lambda name: f"case when {written(name)} is not null then {key(name, same(name))} end")
    # Hashed once more only where the id is not written as it is compared.
    exact = columns(
        exact_column(""),
        lambda name: (
            f"case when {written(name)} = {same(name)} then {identifier(name)} else {key(name, written(name))} end"
        ),
    )
    for more in (cleaned, compared, known, keys, exact):
        table = f"(select *{more} from {table})"
    return table[1:-1]
