"""Pseudonyms: the SQL gives what Python's hmac gives, and only sensible keys are taken."""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import string

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import (
    DEVELOPMENT_KEY,
    KEY_VARIABLE,
    PseudonymKey,
    clean_identifier,
    clean_sql,
    identifier_sql,
    is_power_of_ten_sql,
    key_from_environment,
    normalise_identifier,
    pseudonym_sql,
    short_code_sql,
)

SHORT = PseudonymKey(b"thirty-two characters, or a few more", is_development=False)
LONG = PseudonymKey(b"longer than the block of the hash " * 5, is_development=False)
GOOD = "0f4c9a7be2d18365c07fa94b1e6d2c38"
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
SERVICES = ["NORTH STAR", "north-star", "", None, "999"]


def in_sql(key: PseudonymKey, kind: str, service: str | None, identifier: str | None) -> str | None:
    sql = pseudonym_sql(kind, "$service", identifier_sql("$identifier"))
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
    assert in_sql(SHORT, "client", "NORTH STAR", "cl-00123") == expected


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


def test_key_never_shows_itself():
    assert "thirty" not in repr(SHORT)


def test_without_a_key_the_sample_runs_on_the_development_key(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    assert key_from_environment("sample").is_development
    monkeypatch.setenv(KEY_VARIABLE, GOOD)
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
    monkeypatch.setenv(KEY_VARIABLE, GOOD)
    assert not key_from_environment("production").is_development


WEAK = [
    "k" * 40,
    "ab" * 20,
    "correct-horse" * 4,
    "passwordpasswordpasswordpassword1",
    "Password1!Secret2?ChangeMe3!Welcome",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "1234567890123456789012345678901234567890",
    "aabbccddeeaabbccddeeaabbccddee-1",
]


@pytest.mark.parametrize("environment", ["sample", "production"])
@pytest.mark.parametrize("value", WEAK)
def test_a_key_that_is_easy_to_guess_is_refused_everywhere(monkeypatch, environment, value):
    monkeypatch.setenv(KEY_VARIABLE, value)
    with pytest.raises(OperatorError, match="too easy to guess") as refusal:
        key_from_environment(environment)
    assert value not in str(refusal.value)


def test_keys_drawn_at_random_are_taken(monkeypatch):
    drawn = random.Random(18)
    for alphabet in ("0123456789abcdef", string.ascii_letters + string.digits, string.digits):
        for _ in range(300):
            monkeypatch.setenv(KEY_VARIABLE, "".join(drawn.choices(alphabet, k=40)))
            key_from_environment("production")


GUARDED: dict[str | None, list[str | None]] = {
    "00123": ["00123", " 00123", '="00123"', "'00123", "\u201900123", '"00123"', '""00123""', "\x1f00123", "\t00123"],
    "CL 7": ["CL\u00a07", "CL\u200b 7", "\ufeffCL  7 ", "CL 7\u00ad"],
    "0015g00000AbCdE": ["0015g00000AbCdE"],
    None: ["", " ", "'", '=""', None, "2.02306E+15", "5e+05", "'2,02306E+15", "5E+05 "],
    "5E05": ["5E05"],
    "ab==": ["ab=="],
}


def test_guards_and_what_cannot_be_seen_are_no_part_of_an_id():
    for clean, written in GUARDED.items():
        assert {clean_identifier(text) for text in written} == {clean}, clean
        for text in written:
            assert duckdb.execute(f"select {clean_sql('$text::varchar')}", {"text": text}).fetchone() == (clean,), text


def test_what_a_spreadsheet_made_of_an_id_is_known():
    for text, expected in [("2.02306E+15", True), ("'5e+05", True), ("5E05", False), ("CL-1", False)]:
        assert duckdb.execute(f"select {is_power_of_ten_sql('$text::varchar')}", {"text": text}).fetchone() == (
            expected,
        )


def test_an_exact_key_tells_capitals_and_zeros_apart():
    ids = ["0015g00000AbCdE", "0015g00000aBcDe", "017", "17"]
    assert len({SHORT.exact_pseudonym("client", "A", one) for one in ids}) == 4
    assert SHORT.exact_pseudonym("client", "A", "17") == SHORT.pseudonym("client", "A", "017")


def test_the_short_code_of_a_service_is_keyed_and_is_no_code():
    sql = f"select {short_code_sql('$text::varchar')}"
    assert duckdb.execute(sql, {**SHORT.parameters(), "text": "oak"}).fetchone() == (SHORT.short_code("oak"),)
    assert SHORT.short_code("oak") != LONG.short_code("oak")
    assert re.fullmatch(r"[?][0-9a-f]{8}", SHORT.short_code("oak"))
