"""What both catalogues share."""

from __future__ import annotations

from catalogue import normalise_header
from tests.support.macros import macro


def test_a_header_is_read_with_the_characters_that_text_is_read_with():
    typed, plain = macro("typed_characters"), macro("plain_characters")
    assert len(typed) == len(plain) > 0
    assert normalise_header(typed) == plain
    spaces = " \u00a0\u2009\u202f\u2028\u3000\u0085\t\x0b"
    assert normalise_header(f"\ufeff{spaces}Self{spaces}Harm\u2013A{spaces}") == "self harm-a"
