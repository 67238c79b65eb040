"""Up to which count the public may not see it, as the programme says."""

from __future__ import annotations

from collections.abc import Iterable

# dbt can build tables without rows (--empty): without the programme's word nearly all is hidden.
_WITHOUT_A_WORD = 100


def threshold_of(settings: Iterable[tuple[int]]) -> int:
    """The threshold in the rows of `reference.programme`, of which there is one; 100 where there is none."""
    return max((int(threshold) for (threshold,) in settings), default=_WITHOUT_A_WORD)
