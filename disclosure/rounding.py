"""What is printed in place of a count: one of the two multiples of the base beside it, drawn once with a secret key.

A count that is a multiple is printed as it is. Every other one goes to the nearest multiple, or, with the probability
`MOVED`, to the other one beside it. So a printed 5k says 5k - 4 to 5k + 4 and no less, whoever knows the program but
not the key: each of these counts could have been printed so. The draw is a hash of what is counted, so one count is
rounded once, wherever it stands, and the same again each time.

[Random rounding to base 5 with a key in place of chance: the ranges of unbiased random rounding as Statistics New
Zealand and others use it, at the distance of conventional rounding (HESA) for nine counts in ten; the key after the
cell keys of the Australian Bureau of Statistics, Fraser and Wooton, "A proposed method for confidentialising tabular
output to protect against differencing", 2005]
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

# Of the counts between two multiples, how many are printed as the farther one. 0.05 and 0.2 pass as well: why this one,
# docs/disclosure-control.md says.
MOVED = 0.1
# The same of counts that are drawn anew, which are few: of all prints that may be, those that tell nothing have to be
# found before anything is not printed, because that nothing was found would tell of which counts it cannot be.
MOVED_ANEW = 0.5
# A figure is printed over an n of at least this many times the base.
_BASES_IN_N = 5
_SMALLEST_BASE = 5
# Of the same count: the first draw, the nearest multiple, and draws anew from here on.
NEAREST = 1
# dbt can build tables without rows (--empty): without the programme's word nearly all is rounded away.
_WITHOUT_A_WORD = 100
# Where a run leaves the key for the models: by its prefix dbt shows it to nobody.
KEY_VARIABLE = "DBT_ENV_SECRET_ROUNDING_KEY"


@dataclass(frozen=True)
class Rounding:
    """How counts are printed. `threshold`: counts from 1 to this must not be told. `key`: secret bytes, the home's."""

    threshold: int
    key: bytes

    def __post_init__(self) -> None:
        if self.threshold < 1:
            raise ValueError("The threshold must be at least 1.")
        if not self.key:
            raise ValueError("Without a key a draw is no secret.")

    @property
    def base(self) -> int:
        """Every printed count is a multiple of this."""
        return max(_SMALLEST_BASE, self.threshold)

    @property
    def within(self) -> int:
        """A printed count and the true one differ by at most this."""
        return self.base - 1

    @property
    def least_n(self) -> int:
        """The smallest printed n over which figures are printed."""
        return _BASES_IN_N * self.base

    def draw(self, name: str, value: int, attempt: int = 0) -> int:
        """What is printed for a count of `value`.

        `name` says what is counted, in the same words each time; `attempt` is 0 for the first draw, 1 for the nearest
        multiple, more for a draw anew.
        """
        lower, over = value // self.base * self.base, value % self.base
        if not over:
            return value
        nearest, other = (lower, lower + self.base) if 2 * over < self.base else (lower + self.base, lower)
        if attempt == NEAREST:
            return nearest
        digest = hmac.digest(self.key, f"{name}|{attempt}".encode(), hashlib.sha256)
        moved = MOVED if attempt == 0 else MOVED_ANEW
        return other if int.from_bytes(digest[:8]) < moved * 2**64 else nearest


def rounding_of(settings: Iterable[tuple[int]], key: str | None) -> Rounding:
    """The rounding of the rows of `reference.programme` (the threshold; 100 where there is no row) and a key.

    Raises ValueError where there is no key: by a key that everybody has, or by chance, nothing may be drawn.
    """
    if not key:
        raise ValueError(f"{KEY_VARIABLE} is not set; a run (`insights run`) sets it from the key of the home")
    return Rounding(max((int(threshold) for (threshold,) in settings), default=_WITHOUT_A_WORD), key.encode())
