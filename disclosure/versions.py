"""Two versions of one year, held by the same reader: what has been printed of it, and what is to be printed now.

Each version is a system of its own, with the same counts and relations. Between them the reader is given how many forms
have changed, which nobody is told: no count can differ by more. Which counts are drawn alike is not used: a print that
differs only says that its count does. Nor are the averages that were printed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from disclosure.system import System, Terms


def beside_printed(now: System, reach: Sequence[int], moved: int, within: int) -> System:
    """One system of both versions: count `i` as it is now, and as it was at `len(now.values) + i`.

    Parameters:
        now: the counts and relations of the year.
        reach: by how much one form can change each count.
        moved: so many forms are others at most.
        within: by how much at most the earlier prints differ from their counts.

    What was printed before is given to `settle`, with None for every count of which nothing was.
    """
    size = len(now.values)
    if any(now.is_known):
        raise ValueError("What others have published has no versions.")
    is_figure = [now.is_figure(count) for count in range(size)]
    between = [
        ({count: sign, size + count: -sign}, moved * by)
        for count, by in enumerate(reach)
        if is_figure[count]
        for sign in (1, -1)
    ]
    return replace(
        now,
        values=now.values * 2,
        # What was printed is there already: it can be neither drawn anew nor closed.
        is_base=[*now.is_base, *[False] * size],
        is_known=now.is_known * 2,
        over=[*now.over, *({size + count} if is_figure[count] else set() for count in range(size))],
        tables=now.tables * 2,
        groups=now.groups * 2,
        index={**now.index, **{("before", name): size + count for name, count in now.index.items()}},
        within=dict.fromkeys(range(size, 2 * size), within),
        parts=now.parts | {(size + whole, size + part) for whole, part in now.parts},
        equal=[*now.equal, *(_later(terms, size) for terms in now.equal)],
        at_least_zero=[
            *now.at_least_zero,
            *((_later(terms, size), constant) for terms, constant in now.at_least_zero),
            *between,
        ],
    )


def _later(terms: Terms, size: int) -> Terms:
    return {size + count: factor for count, factor in terms.items()}
