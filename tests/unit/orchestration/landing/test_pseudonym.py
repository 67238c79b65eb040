"""Pseudonyms: the SQL gives what Python's hmac gives, and only sensible keys are taken."""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import string

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import (
    DEVELOPMENT_KEY,
    KEY_VARIABLE,
    PseudonymKey,
    clean_identifier,
    clean_sql,
    identifier_sql,
    is_damaged_sql,
    key_from_environment,
    normalise_identifier,
    pseudonym_sql,
    short_code_sql,
    stands_for_none,
    stands_for_none_sql,
)
from tests.support.forms import CATALOGUE

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


DRESSED: dict[str | None, list[str | None]] = {
    "00482": [
        "00482", " 00482", '="00482"', "'00482", "\u201900482", '"00482"', '""00482""', '"" 00482 ""', "`00482`",
        "'=\"00482\"", "= 00482", "\u00ab00482\u00bb", "\u201e00482\u201f", "\u203200482",
        "\x1f00482", "\t00482\t", "\ufeff00482", "\u200b00482\u2060", "00\u00ad482", "00482\ufe0f", "\u280000482",
        "\x0000482", "\u300000482", "\uff10\uff10\uff14\uff18\uff12", "\uff02\uff10\uff10482",
    ],
    "KL 9": ["KL\u00a09", "KL\u200b 9", "\ufeffKL  9 ", "KL 9\u00ad", "KL\u202f9", "KL\u20099", "\uff2b\uff2c 9"],
    "KL-9": ["KL\u20109", "KL\u20119", "KL\u20139", "KL\u20149", "KL\u22129", "KL\uff0d9", "KL\ufe639", "KL\u20439"],
    "Ren\u00e94": ["Ren\u00e94", "Rene\u03014", "Ren\u00e9\u200d4", "Rene\u200b\u03014"],
    "Strasse 7": ["Strasse 7", "Stra\u00dfe 7"],
    "STRASSE 7": ["STRASSE 7", "STRA\u1e9eE 7"],
    "00AbCd": ["00AbCd"],
    None: ["", " ", "'", '=""', None, "\u200b", "``"],
    # No number in powers of ten, and no dress.
    "5E05": ["5E05"], "7e2": ["7e2"], "ab==": ["ab=="], "#12": ["#12"], "A#": ["A#"], "1.5": ["1.5"],
    "\u0131x": ["\u0131x"], "2023-03-01": ["2023-03-01"], "Mar-05": ["Mar-05"], "#abc": ["#abc"],
}  # fmt: skip
DAMAGED = [
    "2.02306E+15", "5e+05", "'2,02306E+15", "5E+05 ", "1.0E5", "1.23457E+11", "2.02 E+15", "2.02E +15", "-3.1e+12",
    '="4.4E+08"', "\uff15E+05", "1,0e-3", "#N/A", "#n/a", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "########",
    " #REF! ",
]  # fmt: skip
# The word that stands for it, or None: nothing but zeros and marks.
NO_ID = ["N/A", "n.a.", "NA", "n / a", "Unknown", "not-known", " TBC ", "tbc.", "(none)", "NULL", "<null>", "nan",
         "0", "00", "000", "0-0", "00/00/0000", "-", "--", "?", "???", ".", "*", "XX", "x", "No ID", "no_id",
         "\uff38\uff38", "Un\u200bknown", "not recorded", "[blank]", "Not Applicable"]  # fmt: skip
ARE_IDS = [
    "999",
    "9999",
    "123456",
    "10",
    "X1",
    "NA1",
    "TESTA",
    "unknown 2",
    "none7",
    "tbca",
    "A",
    "0A",
    "nano",
    "N A 3",
]
TEXT = "$text::varchar"
PLACEHOLDERS = CATALOGUE.id_placeholders
ALPHABET = (
    "0019aAeEzZ=+'\"`#!?/.,-_ \t\n\x1f\x00\u00a0\u00ad\u00e9\u0301\u00df\u1e9e\u0131\u0130\u01f0\ufb01\u0149"
    "\u200b\u200d\u2013\u2212\u2043\u2060\u2018\u201d\u2032\u3000\u3164\u2800\ufe0f\ufeff\uff10\uff21\uff0d\uff07\u034f\x85"
)


def sql(expression: str, text: str | None) -> object:
    row = duckdb.execute(f"select {expression}", {"text": text}).fetchone()
    assert row is not None
    return row[0]


def test_what_is_no_part_of_an_id_is_taken_off():
    for clean, written in DRESSED.items():
        assert {clean_identifier(text) for text in written} == {clean}, clean
        for text in written:
            assert sql(clean_sql(TEXT), text) == clean, text


def test_what_a_spreadsheet_put_in_the_place_of_an_id_is_none():
    for text in DAMAGED:
        assert clean_identifier(text) is None, text
        assert sql(clean_sql(TEXT), text) is None, text
        assert sql(is_damaged_sql(TEXT), text) is True, text
    for clean in filter(None, DRESSED):
        assert sql(is_damaged_sql(TEXT), clean) is False, clean


@pytest.mark.parametrize("placeholders", [PLACEHOLDERS, (*PLACEHOLDERS, "99999", "It's 7")], ids=["engine", "own"])
def test_words_and_marks_that_stand_for_no_id(placeholders):
    none = dict.fromkeys(NO_ID, True) | dict.fromkeys(ARE_IDS, False)
    none |= dict.fromkeys(("99999", " 099999", "its 7", "IT'S-7"), "99999" in placeholders)
    for text, expected in none.items():
        normalised = normalise_identifier(clean_identifier(text))
        assert stands_for_none(normalised, placeholders) == expected, text
        assert sql(stands_for_none_sql(identifier_sql(clean_sql(TEXT)), placeholders), text) == expected, text
    assert sql(stands_for_none_sql(TEXT, placeholders), None) is True
    assert stands_for_none(None, placeholders)


@settings(deadline=None, max_examples=40)
@given(st.text(ALPHABET, max_size=12))
@example("e\u200b\u0301")
@example("#n/a\u00ad")
def test_python_and_sql_say_the_same_of_every_id(text):
    clean = clean_identifier(text)
    assert sql(clean_sql(TEXT), text) == clean
    normalised = normalise_identifier(clean)
    assert sql(identifier_sql(clean_sql(TEXT)), text) == normalised
    said = sql(stands_for_none_sql(identifier_sql(clean_sql(TEXT)), PLACEHOLDERS), text)
    assert said == stands_for_none(normalised, PLACEHOLDERS)
    # Cleaned once is clean, but for what guards and dress hid from each other.
    assert clean is None or clean_identifier(clean) in (clean, None)


def test_an_exact_key_tells_capitals_and_zeros_apart():
    ids = ["0015g00000AbCdE", "0015g00000aBcDe", "017", "17"]
    assert len({SHORT.exact_pseudonym("client", "A", one) for one in ids}) == 4
    assert SHORT.exact_pseudonym("client", "A", "17") == SHORT.pseudonym("client", "A", "017")


def test_the_short_code_of_a_service_is_keyed_and_is_no_code():
    sql = f"select {short_code_sql('$text::varchar')}"
    assert duckdb.execute(sql, {**SHORT.parameters(), "text": "oak"}).fetchone() == (SHORT.short_code("oak"),)
    assert SHORT.short_code("oak") != LONG.short_code("oak")
    assert re.fullmatch(r"[?][0-9a-f]{8}", SHORT.short_code("oak"))
