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
from dataclasses import dataclass, field

from orchestration.errors import OperatorError

KEY_VARIABLE = "INSIGHTS_PSEUDONYM_KEY"
MINIMUM_KEY_LENGTH = 32
#: Written down on purpose: it protects nothing, so it is good for synthetic exports only.
DEVELOPMENT_KEY = "development-key-for-synthetic-samples-only"
DEVELOPMENT_NOTICE = (
    f"Identifiers are hashed with the published development key, which protects nobody. Set {KEY_VARIABLE} "
    "before any real export is landed."
)

_BLOCK_BYTES = 64
_SEPARATOR = "\x1f"
# White space of any script, zero-width characters, and the marks people put between parts of an id (a word
# processor turns a hyphen into one of several dashes).
_DROPPED = r"[\s\v\x1c-\x1f\x{85}\p{Z}\x{200B}-\x{200D}\x{FEFF}\x{2010}-\x{2015}_/.\-]+"
_DROPPED_PY = re.compile("[\\s\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u3000\ufeff\u2010-\u2015_/.\\-]+")
_LEADING_ZEROS_PY = re.compile(r"(^|[^0-9])0+([0-9])")
# A separator between two digits is part of the id, whatever character it is: 1-23 and 12-3 are two children.
_KEPT = "\x01"
_BETWEEN_DIGITS_PY = re.compile(f"(?<=[0-9])(?:{_DROPPED_PY.pattern})(?=[0-9])")
_SPACES_PY = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


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

    def pseudonym(self, kind: str, service: str | None, identifier: str | None) -> str | None:
        """What the SQL gives, computed in Python: 32 hex characters, or None where there is no id."""
        normalised = normalise_identifier(identifier)
        if normalised is None:
            return None
        message = _SEPARATOR.join((kind, normalise_service(service), normalised)).encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:32]


def key_from_environment(environment: str) -> PseudonymKey:
    """The key of INSIGHTS_PSEUDONYM_KEY, or the development key where the environment is not `production`.

    Raises OperatorError for a key shorter than 32 characters, and in production for a missing or
    development key.
    """
    secret = os.environ.get(KEY_VARIABLE, "")
    is_production = environment == "production"
    if is_production and secret in ("", DEVELOPMENT_KEY):
        raise OperatorError(
            f"This is production, and {KEY_VARIABLE} is {'the development key' if secret else 'not set'}. "
            "Nothing was landed. Set it to a secret of at least "
            f"{MINIMUM_KEY_LENGTH} characters that is kept outside the warehouse, then run again."
        )
    if not secret:
        return PseudonymKey(DEVELOPMENT_KEY.encode(), is_development=True)
    if len(secret) < MINIMUM_KEY_LENGTH:
        raise OperatorError(
            f"{KEY_VARIABLE} is shorter than {MINIMUM_KEY_LENGTH} characters, which is too easy to guess. "
            "Nothing was landed. Set a longer secret and run again."
        )
    return PseudonymKey(secret.encode(), is_development=secret == DEVELOPMENT_KEY)


def normalise_identifier(identifier: str | None) -> str | None:
    """An id as everybody would have typed it: upper case, no leading zeros in any run of digits, no separators.

    Separators beside a letter are dropped; between two digits they all count as the same one, because without it
    two ids could become one, and a false merge can disclose one family to another.
    """
    text = _DROPPED_PY.sub("", _BETWEEN_DIGITS_PY.sub(_KEPT, (identifier or "").upper()))
    return _LEADING_ZEROS_PY.sub(r"\1\2", text) or None


def is_identifier(text: str | None) -> bool:
    """Whether anything of an identifier is left once spaces and separators are dropped."""
    return text is not None and (text.isalnum() or normalise_identifier(text) is not None)


def normalise_service(service: str | None) -> str:
    """A service name for comparison: trimmed, upper case, inner white space collapsed (`reading.service_sql`)."""
    return _SPACES_PY.sub(" ", (service or "").upper()).strip()


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


def pseudonym_sql(kind: str, service: str, identifier: str) -> str:
    """SQL of `PseudonymKey.pseudonym`.

    Parameters:
        kind: which kind of id this is; letters and underscores only, because it stands in the SQL.
        service: VARCHAR expression, already normalised by `reading.service_sql`.
        identifier: VARCHAR expression, already normalised by `identifier_sql`.

    The statement must be run with `PseudonymKey.parameters()` bound.
    """
    if not re.fullmatch(r"[a-z_]+", kind):
        raise ValueError(f"not a kind of identifier: {kind}")
    message = f"encode('{kind}' || chr(31) || coalesce({service}, '') || chr(31) || {identifier})"
    return f"left(sha256($opad || unhex(sha256($ipad || {message}))), 32)"
