"""How text is folded before it is compared: names of services, answers and headers by one rule.

The rule stands twice: here, and as the macros `plain_text` and `folded_text` of `dbt_project/macros/reading.sql`, by
which a database reads a million rows. A test holds the two together. Identifiers have a rule of their own
(`orchestration/landing/pseudonym.py`): there, what looks alike may be another child.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Raised whenever two texts that were different fold to the same, or the other way round: what landed before was read
#: by another rule. Version 1 knew capitals, blanks, quotation marks and dashes only.
FOLDING_VERSION = 2

#: What word processors, spreadsheets and web pages put in the place of plain characters, and those plain ones.
TYPED_CHARACTERS = "‘’‚‛′´`ʼʻ＇“”„‟″＂‐‑‒–—―−⁃﹘﹣－"
PLAIN_CHARACTERS = "''''''''''" + '""""""' + "-----------"

_PLAIN = str.maketrans(TYPED_CHARACTERS, PLAIN_CHARACTERS)
_WHITE_SPACE = re.compile(r"[\s\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# A full stop says nothing, unless it stands between two digits: 1.0 is not 10.
_FULL_STOPS = re.compile(r"[.]{2,}|(^|[^0-9.])[.]|[.]([^0-9.]|$)")
# In a header a full stop between two words stands between a question and its option. That of `e.g.`, or at the end,
# says nothing.
_STOPS_OF_WORDS = re.compile(r"\b([a-z])[.]|[.](?=[)]|$)")
_CHOICE = re.compile(r" *\(choice=(.*)\)$")
_BETWEEN = re.compile(r"[_ ]*(?:__|[-/.:|>\[\]\\])[-/.:|>\[\]\\_ ]*")
# What Qualtrics writes behind a question, and before its options, where one of them may be specified in words.
_SELECTED_CHOICE = re.compile(r"(?<=.)/selected choice(?=/|$)")


def plain_text(text: str) -> str:
    """Text without what cannot be seen or is typed in several ways: lower case, single spaces, plain quotation marks
    and dashes, no accents, no zero-width characters or soft hyphens."""
    spaced = _WHITE_SPACE.sub(" ", text.translate(_PLAIN))
    if spaced.isascii() and spaced.isprintable():
        # Nearly every text: no letter of it has to be looked at by itself.
        return spaced.lower().strip()
    seen = "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cf", "Cc"))
    return _WHITE_SPACE.sub(" ", _lower(_without_accents(seen))).strip()


def fold(text: str) -> str:
    """The text as it is compared: `plain_text`, with "&" as "and" and without full stops (but those of a number)."""
    plain = plain_text(text).replace("&", " and ")
    # Twice: in `a.b.c` the first pass uses up the b.
    for _ in range(2):
        plain = _FULL_STOPS.sub(r"\1\2", plain)
    return _WHITE_SPACE.sub(" ", plain).strip()


# The headers of a form are folded again for every catalogue, version and convention.
@lru_cache(maxsize=16_384)
def fold_header(text: str) -> str:
    """A header as it is compared: as any text, and whatever a portal writes between a section, a question and an option
    is `/`: a slash, a colon, a dash, a bar, a full stop, brackets, two underscores or more, `(choice=...)`. A part
    `Selected Choice` says nothing."""
    plain = _STOPS_OF_WORDS.sub(r"\1", plain_text(text).replace("&", " and "))
    parted = _WHITE_SPACE.sub(" ", _BETWEEN.sub("/", _CHOICE.sub(r"/\1", plain))).strip().rstrip("/")
    return _SELECTED_CHOICE.sub("", parted)


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if unicodedata.category(letter)[0] != "M"))


def _lower(text: str) -> str:
    """Letter by letter, as databases do: the small sigma of Greek does not depend on its place."""
    return "".join(letter.lower() for letter in text)
