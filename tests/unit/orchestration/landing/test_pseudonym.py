"""Pseudonyms: the SQL gives what Python's hmac gives, and only sensible keys are taken."""

from __future__ import annotations

import hashlib
import hmac

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import (
    DEVELOPMENT_KEY,
    KEY_VARIABLE,
    PseudonymKey,
    identifier_sql,
    key_from_environment,
    normalise_identifier,
    normalise_service,
    pseudonym_sql,
)
from orchestration.landing.reading import service_sql

SHORT = PseudonymKey(b"thirty-two characters, or a few more", is_development=False)
LONG = PseudonymKey(b"longer than the block of the hash " * 5, is_development=False)
IDENTIFIERS = [
    "CL-00123",
    " cl 123 ",
    "cl.0123",
    "Cl_00\u00a0123",
    "a007b0100",
    "000",
    "0",
    "10",
    "x\u2013001",
    "Zo\u00eb 05",
    "\u200b7\ufeff",
    "\x1f1\x0b23\x85",
    "12/0034",
    "",
    "  -- ",
    None,
]
SERVICES = ["North Star", " north\u00a0  star ", "", None, "Caf\u00e9", "North\x0bStar\x1f", "North\u2028Star\x85"]


def in_sql(key: PseudonymKey, kind: str, service: str | None, identifier: str | None) -> str | None:
    sql = pseudonym_sql(kind, service_sql("$service"), identifier_sql("$identifier"))
    sql = sql.replace("$service", "$service::varchar").replace("$identifier", "$identifier::varchar")
    row = duckdb.execute(f"select {sql}", {**key.parameters(), "service": service, "identifier": identifier}).fetchone()
    assert row is not None
    return None if row[0] is None else str(row[0])


@pytest.mark.parametrize("key", [SHORT, LONG], ids=["short key", "key longer than a block"])
def test_sql_equals_python(key):
    for service in SERVICES:
        for identifier in IDENTIFIERS:
            assert in_sql(key, "client", service, identifier) == key.pseudonym("client", service, identifier)


def test_pseudonym_is_hmac_sha256_of_kind_service_and_id():
    expected = hmac.new(SHORT.secret, b"client\x1fNORTH STAR\x1fCL123", hashlib.sha256).hexdigest()[:32]
    assert in_sql(SHORT, "client", " north  star", "cl-00123") == expected


def test_ids_typed_differently_are_one_and_different_ids_are_two():
    assert len({normalise_identifier(text) for text in ["CL-00123", " cl 123", "cl.0123", "Cl/\u00a000123"]}) == 1
    assert normalise_identifier("a007b0100") == "A7B100"
    assert normalise_identifier("000") == "0"
    assert normalise_identifier("10") != normalise_identifier("1")
    assert normalise_identifier(" - ") is None
    # A separator between digits is part of the id: dropping it would make two children one.
    assert len({normalise_identifier(text) for text in ["1-23", "12-3", "123"]}) == 3
    assert len({normalise_identifier(text) for text in ["12-3", "12/003", " 12 - 3", "012.3"]}) == 1


def test_kind_service_and_key_separate_pseudonyms():
    keys = {
        SHORT.pseudonym("client", "A", "1"),
        SHORT.pseudonym("case", "A", "1"),
        SHORT.pseudonym("client", "B", "1"),
        LONG.pseudonym("client", "A", "1"),
        SHORT.pseudonym("client", "A1", ""),
    }
    assert len(keys) == 5
    assert normalise_service(" a\u00a0 b ") == "A B"


def test_key_never_shows_itself():
    assert "thirty" not in repr(SHORT)


def test_without_a_key_the_sample_runs_on_the_development_key(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    assert key_from_environment("sample").is_development
    monkeypatch.setenv(KEY_VARIABLE, "k" * 32)
    assert not key_from_environment("sample").is_development


@pytest.mark.parametrize("value", [None, "", DEVELOPMENT_KEY, "k" * 31])
def test_production_refuses_a_missing_development_or_short_key(monkeypatch, value):
    if value is None:
        monkeypatch.delenv(KEY_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(KEY_VARIABLE, value)
    with pytest.raises(OperatorError) as refusal:
        key_from_environment("production")
    assert KEY_VARIABLE in str(refusal.value)
    assert "k" * 31 not in str(refusal.value)
    assert DEVELOPMENT_KEY not in str(refusal.value)


def test_production_takes_a_good_key(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "k" * 32)
    assert not key_from_environment("production").is_development
