"""How the rows of a home were read: by which key, by which rules, and by which list of services (`ops.read_by`).

A home belongs to one key: under another every client would be a new one. Nothing of the key can be told from what is
kept of it. Rows that landed before services were declared hold the name of their service as the file had it; they are
carried over to codes once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from catalogue import Catalogue
from catalogue.folding import FOLDING_VERSION, fold
from catalogue.services import Services
from orchestration.errors import OperatorError
from orchestration.hashing import sha256_of_file
from orchestration.landing.forms.identity import UNDECLARED, admin_question
from orchestration.landing.forms.recognise import FormExport, recognise_form
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import landed_hashes
from orchestration.landing.pseudonym import (
    CLEANING_VERSION,
    KEY_VARIABLE,
    PseudonymKey,
    identifier_sql,
    pseudonym_sql,
)
from orchestration.landing.reading import white_space
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.rereading import note_services
from orchestration.landing.transaction import transaction
from orchestration.warehouse import exists, identifier

_CREATE = """
create schema if not exists ops;
create table if not exists ops.read_by (name varchar primary key, value varchar not null)
"""


def hold_to(
    con: duckdb.DuckDBPyConnection,
    key: PseudonymKey,
    services: Services,
    catalogue: Catalogue,
    raw_dir: Path,
    work_dir: Path,
) -> list[str]:
    """Hold a home to its key before anything lands, and write down by what it is read from now on.

    Parameters:
        con: a connection to the warehouse that has the tables of the ledger and the forms.
        work_dir: an empty private folder, for the working copy of a file.

    Returns what to say of it: nothing, unless the home was made before its key was written down.

    Raises OperatorError: the home belongs to another key, or it holds names of services and none is declared.
    """
    con.execute(_CREATE)
    noted = dict(con.execute("from ops.read_by").fetchall())
    said: list[str] = []
    if "key_check" in noted:
        if noted["key_check"] != key.check_value():
            raise _other_key()
    elif landed_hashes(con):
        is_known = _is_key_of(con, key, catalogue, raw_dir, work_dir / "key-check.csv")
        if is_known is False:
            raise _other_key()
        said.append(
            f"This home was made before it remembered its key. {KEY_VARIABLE} "
            + ("made the keys that are in it, so it is" if is_known else "could not be compared, for want of a file")
            + (" remembered from now on." if is_known else " that has landed; it is taken for the right one.")
        )
    with transaction(con):
        if "services" not in noted:
            said += _carry_over(con, key, services, catalogue)
        con.execute("delete from ops.read_by")
        con.executemany(
            "insert into ops.read_by values (?, ?)",
            [
                ("key_check", key.check_value()),
                ("folding_version", str(FOLDING_VERSION)),
                ("cleaning_version", str(CLEANING_VERSION)),
                ("services", services_hash(services)),
            ],
        )
        note_services(con, services, key)
    return said


def services_hash(services: Services) -> str:
    """A hash over all that the list of services says."""
    return hashlib.sha256(repr(services.declared).encode()).hexdigest()


def has_read_by(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether it is written down by what the home was read: not before version 0.3.0."""
    return exists(con, "ops", "read_by")


def belongs_to(con: duckdb.DuckDBPyConnection, key: PseudonymKey) -> bool:
    """Whether a key is that of the home, or none is written down yet."""
    noted = (
        con.execute("select value from ops.read_by where name = 'key_check'").fetchone() if has_read_by(con) else None
    )
    return noted is None or noted == (key.check_value(),)


def _other_key() -> OperatorError:
    return OperatorError(
        f"{KEY_VARIABLE} is not the key that this home was made with. Nothing was landed: under another key every "
        "client would count as a new one, and no erasure would hold. Set the key of this home and run again, or name "
        "an empty home with --home to begin anew from the raw folder."
    )


def _is_key_of(
    con: duckdb.DuckDBPyConnection, key: PseudonymKey, catalogue: Catalogue, raw_dir: Path, copy: Path
) -> bool | None:
    """Whether the pseudonyms of a landed export come out again, by the rule of old; None where no file can tell."""
    loads = con.execute(
        "select form_id, load_seq, source_file, sha256 from ops.load where status = 'landed' "
        "and list_contains($forms, form_id) order by size_bytes",
        {"forms": list(catalogue.forms)},
    ).fetchall()
    for form_id, load_seq, source_file, sha256 in loads:
        path = raw_dir / str(source_file)
        try:
            if not path.is_file() or sha256_of_file(path) != sha256:
                continue
            export = recognise_form(catalogue, path, copy)
            if not isinstance(export, FormExport):
                continue
            columns = {code: admin_question(form_id, code) for code in ("client_id", "service")}
            place_of = export.header.place_of()
            service = f"trim(regexp_replace(upper({place_of[columns['service']]}), '{white_space()}', ' ', 'g'))"
            again = pseudonym_sql("client", service, identifier_sql(place_of[columns["client_id"]]))
            compared, same = con.execute(
                f"select count(*), count(*) filter (where again = landed.{identifier(columns['client_id'])}) from "
                f"(select cast(record_no as bigint) as source_row, {again} as again from {export.copy.table_sql()}) "
                f"inner join {raw_table(str(form_id))} as landed using (source_row) "
                f"where landed.load_seq = $load_seq and not landed.is_erased and again is not null "
                f"and landed.{identifier(columns['client_id'])} is not null",
                {**key.parameters(), "load_seq": load_seq},
            ).fetchall()[0]
            if compared:
                return bool(compared == same)
        except (OSError, FileRefusedError, KeyError, duckdb.InvalidInputException, duckdb.ConversionException):
            continue
        finally:
            copy.unlink(missing_ok=True)
    return None


def _carry_over(
    con: duckdb.DuckDBPyConnection, key: PseudonymKey, services: Services, catalogue: Catalogue
) -> list[str]:
    """Put codes in the place of the names that landed before services were declared.

    Raises OperatorError: no services are declared.
    """
    columns = {raw_table(form_id): identifier(admin_question(form_id, "service")) for form_id in catalogue.forms}
    found: dict[str, int] = {}
    for table, column in columns.items():
        for text, forms in con.execute(
            f"select {column}, count(*) from {table} where {column} is not null group by all"
        ).fetchall():
            found[str(text)] = found.get(str(text), 0) + int(forms)
    if not found:
        return []
    if not services:
        raise OperatorError(
            "This home holds forms that landed before services were declared, and no services are declared yet. "
            "Nothing was changed. Write the list (`services.csv` of the programme), best with the name in capitals as "
            "the code of each, so that nothing has to be read again, and run again."
        )
    kept = {text: _code_kept(text, key, services) for text in found}
    both = {"texts": list(kept), "codes": list(kept.values())}
    for table, column in columns.items():
        con.execute(
            f"update {table} set {column} = ($codes::varchar[])[list_position($texts::varchar[], {column})] "
            f"where {column} is not null",
            both,
        )
        con.execute(
            "update ops.load set service = named.service from (select load_seq, "
            f"string_agg(distinct {column}, ', ' order by {column}) as service from {table} group by load_seq) as "
            "named where ops.load.load_seq = named.load_seq"
        )
    if exists(con, "ops", "erasure"):
        for (text,) in con.execute("select distinct service from ops.erasure").fetchall():
            con.execute("update ops.erasure set service = ? where service = ?", [_code_kept(text, key, services), text])
    aside = sum(forms for text, forms in found.items() if kept[text].startswith(UNDECLARED))
    said = [f"{sum(found.values()):,} forms landed before services were declared; they hold codes now."]
    if aside:
        said.append(
            f"{aside:,} of them have to be read again from their files to count: their services are not declared, or "
            "by another code than the name in capitals, with which their keys were made."
        )
    return said


def _code_kept(text: str, key: PseudonymKey, services: Services) -> str:
    """The code in the place of a name that landed in clear. The keys beside it were made with the name in capitals:
    where that is not the code, the short code says that they are no keys of that service."""
    code = services.code_of(text)
    return code if code is not None and code == " ".join(text.upper().split()) else key.short_code(fold(text))
