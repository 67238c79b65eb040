"""Keyed pseudonyms: how an identifier becomes 32 hex characters that nobody can turn back without the key.

The same rule exists twice: as SQL, because a million rows are hashed where they are read, and as a few
lines of Python, which say what the SQL must give (a test compares the two). The key never stands in SQL
text: its two HMAC blocks are bound as parameters.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestration.errors import OperatorError
from orchestration.warehouse import literal

KEY_VARIABLE = "INSIGHTS_PSEUDONYM_KEY"
MINIMUM_KEY_LENGTH = 32
#: Written down on purpose: it protects nothing, so it is good for synthetic exports only.
DEVELOPMENT_KEY = "development-key-for-synthetic-samples-only"
DEVELOPMENT_NOTICE = (
    f"Identifiers are hashed with the published development key, which protects nobody. Set {KEY_VARIABLE} "
    "before any real export is landed."
)

# What a key of 32 characters drawn at random has, whatever it is written in, but for one in billions.
_DISTINCT = 8
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "09876543210", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORDS = ("password", "passwort", "secret", "changeme", "insights", "pseudonym", "example", "letmein", "welcome")
_BLOCK_BYTES = 64
_SEPARATOR = "\x1f"
#: Raised whenever another id comes out of cleaning: keys of rows that landed before were made by another rule.
#: Version 1 kept guards such as ="00123", took 2.02306E+15 for an id, and had no exact keys. Version 2 took words such
#: as "unknown" for ids, and letters and dashes that look alike for different ones.
CLEANING_VERSION = 3
# White space of any script, zero-width characters, and the marks people put between parts of an id (a word
# processor turns a hyphen into one of several dashes).
_DROPPED = r"[\s\v\x1c-\x1f\x{85}\p{Z}\x{200B}-\x{200D}\x{FEFF}\x{2010}-\x{2015}_/.\-]+"
_DROPPED_PY = re.compile("[\\s\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u3000\ufeff\u2010-\u2015_/.\\-]+")
_LEADING_ZEROS_PY = re.compile(r"(^|[^0-9])0+([0-9])")
# A separator between two digits is part of the id, whatever character it is: 1-23 and 12-3 are two children.
_KEPT = "\x01"
_BETWEEN_DIGITS_PY = re.compile(f"(?<=[0-9])(?:{_DROPPED_PY.pattern})(?=[0-9])")
# What a spreadsheet or a person puts around an id so that its zeros stay.
_QUOTES = "\\s'\"`\u00b4\u00ab\u00bb\u2018-\u201f\u2032\u2033\u2039\u203a"
_GUARDS = f"[={_QUOTES}]*"
_AFTER = f"[{_QUOTES}]*"
# What cannot be seen: formats, controls, and letters without a shape (fillers, selectors of a variant).
_SHAPELESS = ((0x34F, 0x34F), (0x115F, 0x1160), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0))
_UNSEEN = (
    r"[\p{Cf}\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}"
    + "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in _SHAPELESS)
    + "]"
)
_WHITE = r"[\s\v\x1c-\x1f\x{85}\p{Z}]+"
_WHITE_PY = re.compile("[\\s\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Dashes, and what is put in their place: minus signs and a bullet that is a hyphen.
_DASHES = r"[\p{Pd}\x{2D7}\x{2043}\x{2212}]"
_DASHES_PY = "\u02d7\u2043\u2212"
# Letters and digits as wide as an ideograph, with the ones that everybody else types.
_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_NARROW = "".join(map(chr, range(0x21, 0x7F)))
# Another id stood there: a number in powers of ten, an error of a spreadsheet, a cell too narrow for its number.
_DAMAGED = (
    r"[-+]?(?:[0-9]+[.,][0-9]+ ?[eE] ?[-+]?|[0-9]+ ?[eE] ?[+]) ?[0-9]+"
    r"|#+|#(?i:N/A|N/V|[A-Z]+[!?]|[A-Z]+/0!)"
)
# Nearly every id is written so, which is told in a tenth of the time.
_CLEAN = "[0-9A-Za-z]+(?:[-_/ ][0-9A-Za-z]+)*"
_NO_LETTER = r"[^\p{L}\p{N}]"


@dataclass(frozen=True)
class PseudonymKey:
    """The secret, ready for HMAC-SHA-256. Its text form shows nothing of it."""

    secret: bytes = field(repr=False)
    is_development: bool

    def _block(self) -> bytes:
        secret = self.secret
        if len(secret) > _BLOCK_BYTES:
            secret = hashlib.sha256(secret).digest()
        return secret.ljust(_BLOCK_BYTES, b"\0")

    def parameters(self) -> dict[str, bytes]:
        """The two HMAC blocks (64 bytes each), to be bound as ``$ipad`` and ``$opad``."""
        block = self._block()
        return {"ipad": bytes(byte ^ 0x36 for byte in block), "opad": bytes(byte ^ 0x5C for byte in block)}

    def pseudonym(self, kind: str, owner: str | None, identifier: str | None) -> str | None:
        """What the SQL gives, computed in Python: 32 hex characters, or None where there is no id.

        `owner` is who gives out ids of this kind: the code of a service or of an authority.
        """
        return self._keyed(kind, owner, normalise_identifier(identifier))

    def exact_pseudonym(self, kind: str, owner: str | None, identifier: str | None) -> str | None:
        """The same of the id as it was written, only cleaned: ids that differ in capitals or zeros have different ones.

        An id that is written as it is compared has one key for both.
        """
        return self._keyed(kind, owner, clean_identifier(identifier))

    def short_code(self, text: str) -> str:
        """What stands for a service that is not declared: no code of a declared one looks like it (`short_code_sql`).

        `text` is folded (`catalogue.folding`).
        """
        return "?" + str(self._keyed("service", None, text))[:8]

    def tombstone(self, text: str) -> str:
        """What is kept of the pseudonym of somebody who was forgotten (`tombstone_sql`)."""
        return str(self._keyed("forgotten", None, text))

    def rounding_key(self) -> str:
        """The key of the draws by which public counts are rounded (`disclosure.rounding`): a secret like this one."""
        return hmac.new(self.secret, b"draws of public counts", hashlib.sha256).hexdigest()

    def check_value(self) -> str:
        """What a home keeps of the key, to know it again; nothing of the key can be told from it."""
        return str(self._keyed("key check", None, "of this home"))

    def _keyed(self, kind: str, owner: str | None, text: str | None) -> str | None:
        if text is None:
            return None
        message = _SEPARATOR.join((kind, owner or "", text)).encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:32]


def key_from_environment(environment: str) -> PseudonymKey:
    """The key of INSIGHTS_PSEUDONYM_KEY, or the development key where the environment is not `production`.

    Raises OperatorError for a key that is too easy to guess, and in production for a missing or development key.
    """
    secret = os.environ.get(KEY_VARIABLE, "")
    is_production = environment == "production"
    if is_production and secret in ("", DEVELOPMENT_KEY):
        raise OperatorError(
            f"This is production, and {KEY_VARIABLE} is {'the development key' if secret else 'not set'}. "
            "Nothing was landed. Set it to a secret of at least "
            f"{MINIMUM_KEY_LENGTH} characters that is kept outside the warehouse, then run again."
        )
    if secret in ("", DEVELOPMENT_KEY):
        return PseudonymKey(DEVELOPMENT_KEY.encode(), is_development=True)
    weakness = _weakness(secret)
    if weakness:
        raise OperatorError(
            f"{KEY_VARIABLE} {weakness}, which is too easy to guess. Nothing was landed. Set one drawn at random, for "
            'instance by `python3 -c "import secrets; print(secrets.token_hex(32))"`, keep it, and run again. (A home '
            "belongs to its key: one that was made with this key has to be made anew.)"
        )
    return PseudonymKey(secret.encode(), is_development=False)


def _weakness(secret: str) -> str | None:
    """Why a key is easy to guess, or None."""
    if len(secret) < MINIMUM_KEY_LENGTH:
        return f"is shorter than {MINIMUM_KEY_LENGTH} characters"
    if len(set(secret)) < _DISTINCT:
        return f"has fewer than {_DISTINCT} different characters"
    if any(secret[:-length] == secret[length:] for length in range(1, MINIMUM_KEY_LENGTH // 2)):
        return "repeats a few characters over and over"
    lower = secret.lower()
    steps = sum(lower[place : place + 2] in row for place in range(len(lower) - 1) for row in _ROWS)
    if 2 * steps > len(lower):
        return "is a row of the keyboard or the alphabet"
    for word in _WORDS:
        lower = lower.replace(word, "")
    if len(lower) < MINIMUM_KEY_LENGTH // 2:
        return "is made of words that everybody would try"
    return None


def clean_identifier(identifier: str | None) -> str | None:
    """An id as it was written, without what is no part of it: characters that cannot be seen, blanks around it, and the
    guards that keep a spreadsheet from changing it (="00123", '00123). Characters that only look otherwise (accents
    composed or not, wide letters, dashes of any kind, a sharp s) are one. Capitals and zeros stay.

    None where nothing is left, and where a spreadsheet has changed it: 2.02306E+15 may be any of a billion ids.
    """
    bare = _undressed(identifier or "")
    return None if not bare or re.fullmatch(_DAMAGED, bare) else bare


def _undressed(text: str) -> str:
    seen = "".join(letter for letter in text if _is_seen(letter)).translate(str.maketrans(_WIDE, _NARROW))
    composed = unicodedata.normalize("NFC", seen.replace("\u00df", "ss").replace("\u1e9e", "SS"))
    plain = "".join(
        "-" if unicodedata.category(letter) == "Pd" or letter in _DASHES_PY else letter for letter in composed
    )
    plain = _WHITE_PY.sub(" ", plain)
    return re.sub(f"^{_GUARDS}|{_AFTER}$", "", plain)


def _is_seen(letter: str) -> bool:
    if any(first <= ord(letter) <= last for first, last in _SHAPELESS):
        return False
    return unicodedata.category(letter) not in ("Cf", "Cc") or _WHITE_PY.fullmatch(letter) is not None


def normalise_identifier(identifier: str | None) -> str | None:
    """An id as everybody would have typed it: upper case, no leading zeros in any run of digits, no separators.

    Separators beside a letter are dropped; between two digits they all count as the same one, because without it
    two ids could become one, and a false merge can disclose one family to another.
    """
    # Letter by letter, as DuckDB does it: a ligature has no capital of one letter and stays.
    upper = "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in identifier or "")
    text = _DROPPED_PY.sub("", _BETWEEN_DIGITS_PY.sub(_KEPT, upper))
    return _LEADING_ZEROS_PY.sub(r"\1\2", text) or None


def stands_for_none(normalised: str | None, placeholders: Iterable[str]) -> bool:
    """Whether what `normalise_identifier` gives stands for no id: nothing but zeros and marks, or one of the words in
    `placeholders`, however they are written."""
    letters = _letters(normalised)
    return not letters.strip("0") or letters in {_letters(normalise_identifier(word)) for word in placeholders}


def _letters(text: str | None) -> str:
    return "".join(letter for letter in text or "" if unicodedata.category(letter)[0] in "LN")


def is_identifier(text: str | None) -> bool:
    """Whether anything of an identifier is left once spaces and separators are dropped."""
    return text is not None and (text.isalnum() or normalise_identifier(text) is not None)


def clean_sql(column: str) -> str:
    """SQL of `clean_identifier` for a VARCHAR expression."""
    bare = _undressed_sql(column)
    return (
        f"case when regexp_full_match({column}, '{_CLEAN}') then {column} "
        f"when not regexp_full_match({bare}, '{_DAMAGED}') then nullif({bare}, '') end"
    )


def _undressed_sql(column: str) -> str:
    seen = f"translate(regexp_replace({column}, '{_UNSEEN}', '', 'g'), {literal(_WIDE)}, {literal(_NARROW)})"
    composed = f"nfc_normalize(replace(replace({seen}, '\u00df', 'ss'), '\u1e9e', 'SS'))"
    plain = f"regexp_replace({composed}, '{_DASHES}', '-', 'g')"
    plain = f"regexp_replace({plain}, '{_WHITE}', ' ', 'g')"
    return f"regexp_replace(regexp_replace({plain}, {literal('^' + _GUARDS)}, ''), {literal(_AFTER + '$')}, '')"


def is_damaged_sql(column: str) -> str:
    """SQL of whether a spreadsheet has put something else in the place of an id."""
    damaged = f"regexp_full_match({_undressed_sql(column)}, '{_DAMAGED}')"
    return f"coalesce(not regexp_full_match({column}, '{_CLEAN}') and {damaged}, false)"


def stands_for_none_sql(normalised: str, placeholders: Iterable[str]) -> str:
    """SQL of `stands_for_none` for a VARCHAR expression; true where it is NULL."""
    words = sorted({_letters(normalise_identifier(word)) for word in placeholders})
    letters = f"regexp_replace({normalised}, '{_NO_LETTER}', '', 'g')"
    is_word = f"regexp_full_match({letters}, '0*') or list_contains([{', '.join(map(literal, words))}], {letters})"
    # Few ids have no digit but zeros; only those are compared, unless a programme has named a number.
    if not re.search("[1-9]", "".join(words)):
        is_word = f"not regexp_matches({normalised}, '[1-9]') and ({is_word})"
    return f"coalesce({is_word}, true)"


def identifier_sql(column: str) -> str:
    """SQL of `normalise_identifier` for a VARCHAR expression."""
    # Twice, because the expressions of DuckDB have no look-ahead: in 1-2-3 the first pass uses up the 2.
    kept = f"upper({column})"
    between = f"([0-9]){_DROPPED}([0-9])"
    for _ in range(2):
        kept = f"regexp_replace({kept}, '{between}', '\\1' || chr({ord(_KEPT)}) || '\\2', 'g')"
    # Asked first whether there is any: few ids have one, and matching costs less than replacing.
    kept = f"case when regexp_matches({column}, '{between}') then {kept} else upper({column}) end"
    dropped = f"regexp_replace({kept}, '{_DROPPED}', '', 'g')"
    return f"nullif(regexp_replace({dropped}, '(^|[^0-9])0+([0-9])', '\\1\\2', 'g'), '')"


def pseudonym_sql(kind: str, owner: str, text: str) -> str:
    """SQL of a key.

    Parameters:
        kind: which kind of id this is; letters and underscores only, because it stands in the SQL.
        owner: VARCHAR expression: the code of who gives out ids of this kind.
        text: VARCHAR expression: the id by `identifier_sql`, or by `clean_sql` for the exact key.

    The statement must be run with `PseudonymKey.parameters()` bound.
    """
    if not re.fullmatch(r"[a-z_]+", kind):
        raise ValueError(f"not a kind of identifier: {kind}")
    message = f"encode('{kind}' || chr(31) || coalesce({owner}, '') || chr(31) || {text})"
    return f"left(sha256($opad || unhex(sha256($ipad || {message}))), 32)"


def tombstone_sql(text: str) -> str:
    """SQL of what is kept of a pseudonym, or of what else is known of somebody who was forgotten.

    It is no pseudonym: what was stored or published of the child before, and somebody may hold a copy of, cannot be
    joined to it without the key.
    """
    return pseudonym_sql("forgotten", "''", text)


def short_code_sql(text: str) -> str:
    """SQL of `PseudonymKey.short_code` for a folded text."""
    return f"'?' || left({pseudonym_sql('service', chr(39) * 2, text)}, 8)"
