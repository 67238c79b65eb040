"""One rule of folding, in Python where a catalogue is read and in SQL where exports and answers are: the two agree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.folding import PLAIN_CHARACTERS, TYPED_CHARACTERS, fold
from tests.support.macros import macro, read

BUDGET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
LETTERS = st.one_of(
    st.sampled_from(" \t\u00a0\u2009\u202f\u2028\u3000\u0085\x0b\x1f" + TYPED_CHARACTERS),
    st.sampled_from("'\"-.,/&()%"),
    st.characters(codec="ascii", categories=["L", "N"]),
    st.sampled_from("éèöüñçÉÈÖÜÑÇŵŶ"),
)
WORDS = st.text(LETTERS, max_size=24)
# Also what nobody types on purpose: accents by themselves, what cannot be seen, letters of other scripts.
ANYTHING = st.text(
    st.one_of(
        LETTERS,
        st.sampled_from("\u00ad\u0300\u0301\u0308\u061c\u200b\u200d\u200e\u2060\ufeff\u0007ΣςИйİıßﬁ"),
        st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0"),
    ),
    max_size=24,
)


@BUDGET
@given(st.lists(WORDS, min_size=1, max_size=40))
def test_text_read_while_sql_is_written_is_read_as_in_sql(texts):
    assert [macro("folded_spelling", text) for text in texts] == read(macro("folded_text", "cell"), texts)


def test_every_character_that_is_typed_for_another_by_itself_and_within_a_word():
    # The few of ASCII among them are read by a branch of their own, which drawing may miss.
    texts = [
        text for letter in (*map(chr, range(32, 127)), *TYPED_CHARACTERS) for text in (letter, f"a{letter}b {letter}")
    ]
    assert [macro("folded_spelling", text) for text in texts] == read(macro("folded_text", "cell"), texts)
    assert [fold(text) for text in texts] == read(macro("folded_text", "cell"), texts)


@BUDGET
@given(st.lists(ANYTHING, min_size=1, max_size=40))
def test_text_is_folded_in_python_as_in_sql(texts):
    assert [fold(text) for text in texts] == read(macro("folded_text", "cell"), texts)
    assert [fold(fold(text)) for text in texts] == [fold(text) for text in texts]


def test_the_two_lists_of_typed_characters_and_the_letters_with_accents():
    assert macro("typed_characters") == TYPED_CHARACTERS
    assert macro("plain_characters") == PLAIN_CHARACTERS
    assert len(TYPED_CHARACTERS) == len(PLAIN_CHARACTERS)
    letters = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))]
    accented = [letter for letter in letters if letter == letter.lower() and fold(letter) != letter]
    assert macro("accented_letters") == "".join(accented)
    assert macro("plain_letters") == "".join(fold(letter) for letter in accented)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Women's Aid North", "women\u2019s  aid\u00a0NORTH\u200b"),
        ("St. Mary's & All Souls", "St Mary\u00b4s and all souls"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("Ty\u0302 Gwyn", "ty gwyn"),
        ("N.S.P.C.C.", "NSPCC"),
        ("1.a.1", "1a1"),
        ("North \u2014 South", "north - so\u00aduth"),
    ],
)
def test_the_same_name_typed_in_two_ways(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("1.0", "10"), ("1-23", "123"), ("Womens Aid", "Women's Aid")])
def test_what_is_not_the_same(one, other):
    assert fold(one) != fold(other)
