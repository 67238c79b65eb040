"""Tombstones: whose data must go and stay gone, as `decisions.jsonl` keeps them and landing asks for them.

A tombstone is a keyed hash of a pseudonym, never the pseudonym: of somebody who was forgotten nothing is left by which
what was stored before could be found. It is written down, and on the disk, before a row is touched; so whenever a
run is stopped, the next one knows of it and does again what was not done.

An id belongs to the service that gave it out. A tombstone keeps the code under which the key was made and the short
code of the name that was typed: whichever service the name means now, and whatever its code is, it holds for that one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from catalogue.services import Services
from orchestration.decisions import (
    ANOTHER,
    CLIENT,
    FORGOTTEN,
    IS_FORGOTTEN,
    LIST,
    SAME,
    SUBMISSION,
    Decision,
    append_decisions,
    forget_decisions,
    now,
    read_decisions,
)
from orchestration.landing.ledger import NOW
from orchestration.landing.pseudonym import CLEANING_VERSION, PseudonymKey, tombstone_sql
from orchestration.landing.transaction import transaction
from orchestration.settings import Settings
from orchestration.warehouse import exists

#: Why nothing is kept of a landed form: whose it is was forgotten; it may be of somebody who was; there is no consent.
ERASED, HELD_BACK, NO_CONSENT = "erased", "held_back", "no_consent"


class Memory:
    """Where tombstones are written down. This one forgets them, for a trial."""

    def add(self, tombstones: Sequence[Decision]) -> None:
        """Write tombstones down, and return when they are on the disk."""

    def forget(self, keys: Collection[str]) -> None:
        """Take out what was decided of clients and submissions with these keys."""

    def has_releases(self) -> bool:
        """Whether anything was ever published that may hold somebody."""
        return False


@dataclass(frozen=True)
class HomeMemory(Memory):
    """The file of decisions of a home. Raises OperatorError where it is damaged or cannot be written."""

    settings: Settings

    def add(self, tombstones: Sequence[Decision]) -> None:
        """Only those that are not there yet."""
        there = {_what(one) for one in read_decisions(self.settings)} if tombstones else set()
        append_decisions(self.settings, [one for one in tombstones if _what(one) not in there])

    def forget(self, keys: Collection[str]) -> None:
        """As `forget_decisions`."""
        forget_decisions(self.settings, keys)

    def has_releases(self) -> bool:
        """Whether a folder of one lies there, whole or not."""
        root = self.settings.published_path
        return root.is_dir() and any(path.is_dir() for path in root.iterdir())


def _what(one: Decision) -> tuple[object, ...]:
    """What a tombstone says, whoever asked for it and when."""
    return one.kind, one.decided, one.key, one.form, one.of, one.text, one.known, one.until


def settle_tombstones(
    con: duckdb.DuckDBPyConnection, settings: Settings, key: PseudonymKey, services: Services
) -> list[Decision]:
    """Bring `ops.forgotten` in line with the file of decisions and the services of now.

    Returns the tombstones that the warehouse did not have: what lies in it has not been held to them. Tombstones of a
    home of an earlier version are carried over first.

    Raises OperatorError when the file of decisions is damaged or cannot be written.
    """
    _carry_over(con, settings, key)
    decisions = read_decisions(settings)
    held = {
        _identity(*row)
        for row in con.execute("select subject, key, form_id, owner, known from ops.forgotten").fetchall()
    }
    tombstones = {
        _identity(one.decided, one.key, one.form, one.of, one.known): one for one in decisions if one.kind == FORGOTTEN
    }
    new = [one for identity, one in tombstones.items() if identity not in held]
    with transaction(con):
        insert_tombstones(con, new)
        _note_owners(con, key, services)
        _note_months(con, [one for one in decisions if one.kind == IS_FORGOTTEN])
    return new


def _identity(
    subject: str, key: str, form_id: str | None, owner: str | None, known: Sequence[str]
) -> tuple[object, ...]:
    """What makes two tombstones one. Of a person more months may become known; of a form they say which it is."""
    return subject, key, form_id, owner, tuple(known) if subject == SUBMISSION else ()


def insert_tombstones(
    con: duckdb.DuckDBPyConnection, tombstones: Sequence[Decision], *, list_rows: Sequence[Sequence[int]] | None = None
) -> None:
    """Write tombstones into `ops.forgotten`, within a transaction; with the rows of the list that asked, of each."""
    if not tombstones:
        return
    con.execute(
        "insert into ops.forgotten select * from (select unnest($subject::varchar[]), unnest($key::varchar[]), "
        "unnest($owner::varchar[]), unnest($owner::varchar[]), unnest($text::varchar[]), unnest($form::varchar[]), "
        "unnest($known::varchar[][]), []::varchar[], "
        "unnest($until::varchar[])::timestamptz at time zone 'UTC', null::date, unnest($who::varchar[]), "
        "unnest($rows::bigint[][]), false)",
        {
            "subject": [one.decided for one in tombstones],
            "key": [one.key for one in tombstones],
            "owner": [one.of for one in tombstones],
            "text": [one.text for one in tombstones],
            "form": [one.form for one in tombstones],
            "known": [list(one.known) for one in tombstones],
            "until": [one.until for one in tombstones],
            "who": [one.who if one.by != "operator" else None for one in tombstones],
            "rows": [list(rows) for rows in list_rows] if list_rows else [[] for _ in tombstones],
        },
    )


def is_forgotten_file(con: duckdb.DuckDBPyConnection, key: PseudonymKey, sha256: str | None) -> bool:
    """Whether the file with these bytes was forgotten itself."""
    found = con.execute(
        "select 1 from ops.forgotten where subject = 'delivery' and key = ?", [key.tombstone(sha256 or "")]
    ).fetchone()
    return found is not None


def note_unfinished(con: duckdb.DuckDBPyConnection) -> None:
    """Write down that rows were emptied whose bytes, releases and records have still to go; in their transaction."""
    con.execute(f"insert into ops.forgetting select {NOW} where not exists (select 1 from ops.forgetting)")


def is_unfinished(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether something that was emptied may still lie in free blocks, releases or records."""
    return exists(con, "ops", "forgetting") and con.execute("select 1 from ops.forgetting").fetchone() is not None


def is_open(con: duckdb.DuckDBPyConnection, decisions: Iterable[Decision]) -> bool:
    """Whether a run has something to do about tombstones: some are not done to the end, or the warehouse has not got
    them, or somebody has said whose a form is that was held back."""
    if is_unfinished(con) or not exists(con, "ops", "forgotten"):
        return is_unfinished(con) or any(one.kind == FORGOTTEN for one in decisions)
    held = set(con.execute("select distinct subject, key from ops.forgotten").fetchall())
    return any(one.kind == FORGOTTEN and (one.decided, one.key) not in held for one in decisions)


def _carry_over(con: duckdb.DuckDBPyConnection, settings: Settings, key: PseudonymKey) -> None:
    """Write down the tombstones that a version before kept in the warehouse alone, by the pseudonyms themselves."""
    if not exists(con, "ops", "erasure"):
        return
    rows = con.execute(
        f"select {tombstone_sql('client_key')}, any_value(service), min(load_id) from ops.erasure group by client_key "
        "order by all",
        key.parameters(),
    ).fetchall()
    reason = "on an erasure list, before reasons were asked for"
    HomeMemory(settings).add(
        [
            Decision(
                FORGOTTEN, tombstone, CLIENT, LIST, now(), load_id, of=service, rules=CLEANING_VERSION, reason=reason
            )
            for tombstone, service, load_id in rows
        ]
    )
    with transaction(con):
        con.execute("drop table ops.erasure")
        if rows:
            note_unfinished(con)


def _note_owners(con: duckdb.DuckDBPyConnection, key: PseudonymKey, services: Services) -> None:
    """Which service each tombstone of forms is about now: the one that its name means, else its code."""
    means = {key.short_code(text): code for text, code in services.folded.items()}
    owners = con.execute("select distinct owner, text_code from ops.forgotten where owner is not null").fetchall()
    for owner, text in owners:
        last = services.last(owner).code if owner in services.by_code else owner
        con.execute(
            "update ops.forgotten set owner_now = ? where owner = ? and text_code is not distinct from ? "
            "and subject in ('client', 'submission')",
            [means.get(text, last), owner, text],
        )


def _note_months(con: duckdb.DuckDBPyConnection, said: Sequence[Decision]) -> None:
    """What was decided of forms with the id of somebody who was forgotten and another month of birth, the last word."""
    con.execute("update ops.forgotten set others = [] where others <> []")
    last = {(one.key, month): one.decided for one in said for month in one.over}
    for (tombstone, month), decided in last.items():
        for column, word in (("known", SAME), ("others", ANOTHER)):
            if decided == word:
                con.execute(
                    f"update ops.forgotten set {column} = list_append({column}, $month) "
                    f"where subject = 'client' and key = $key and not list_contains({column}, $month)",
                    {"key": tombstone, "month": month},
                )
