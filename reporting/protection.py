"""How the figures of the public side are protected, and how a reader is told: counts rounded, or small ones hidden.

A year stays as it was printed first, so years beside each other may be protected by different methods, or be rounded to
different numbers. What is said of a page names the method of its own years, and which is which where there are two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Protected:
    """Years that were printed alike: counts rounded to multiples of `rounded_to`, or small counts hidden where it is
    None. `years` are the words for them, each with its subject (forms of 2023-24)."""

    rounded_to: int | None
    years: tuple[str, ...]


def together(*groups: Iterable[Protected]) -> tuple[Protected, ...]:
    """Groups of several subjects as one list: each method once, rounding before hiding, the smallest base first."""
    years: dict[int | None, list[str]] = {}
    for one in (one for group in groups for one in group):
        years.setdefault(one.rounded_to, []).extend(one.years)
    order = sorted(years, key=lambda base: (base is None, base or 0))
    return tuple(Protected(base, tuple(dict.fromkeys(years[base]))) for base in order)


def how_protected(protected: Sequence[Protected]) -> tuple[str, ...]:
    """What a reader has to know of the figures on a page, a sentence or two for each method; empty for none."""
    if len(protected) == 1:
        return (_whole(protected[0].rounded_to),)
    return tuple(f"{_listed(one.years)}: {_part(one.rounded_to)}" for one in protected)


def explained(protected: Sequence[Protected], of_rounding: Sequence[str], of_hiding: Sequence[str]) -> tuple[str, ...]:
    """What a reader has to know of the figures, with more on each method by which any of them are protected."""
    methods = {one.rounded_to is not None for one in protected}
    return (
        *how_protected(protected),
        *(of_rounding if True in methods else ()),
        *(of_hiding if False in methods else ()),
    )


def method_named(rounded_to: int | None) -> str:
    """The method in a few words."""
    return "Small counts hidden" if rounded_to is None else f"Counts rounded to multiples of {rounded_to}"


def _whole(rounded_to: int | None) -> str:
    if rounded_to is None:
        return "Small counts, and figures from which one could be worked out, are hidden; no count is rounded."
    return (
        f"Counts are rounded to multiples of {rounded_to}, each within {rounded_to - 1} of the true count, so that "
        "nobody can be recognised. They need not add up, and a 0 can stand for a few."
    )


def _part(rounded_to: int | None) -> str:
    """One line of a printed page, because the foot of it has room for a few only."""
    if rounded_to is None:
        return "small counts, and figures that would tell one, are hidden; no count is rounded."
    return (
        f"counts are rounded to multiples of {rounded_to}, each within {rounded_to - 1} of the true one; they need not "
        "add up, and a 0 can stand for a few."
    )


def _listed(years: Sequence[str]) -> str:
    text = ", and ".join(years)
    return text[:1].upper() + text[1:]


def spans(years: Iterable[int], called: Callable[[int], str] = str) -> list[str]:
    """Years in words, a span for each run without a gap: 2016, 2018 to 2020."""
    return [called(first) if first == last else f"{called(first)} to {called(last)}" for first, last in _runs(years)]


def _runs(years: Iterable[int]) -> list[tuple[int, int]]:
    """Years in runs without a gap, each as its first and its last, in order."""
    found: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        if found and found[-1][1] == year - 1:
            found[-1] = (found[-1][0], year)
        else:
            found.append((year, year))
    return found
