"""What the documentation says about how numbers are printed, as parameters of the attack."""

from __future__ import annotations

from dataclasses import dataclass

UNBOUNDED = 10**9


@dataclass(frozen=True)
class Rules:
    """Rounding to multiples of `base`, each within `within`; counts and percentages over a printed n of `minimum_n`."""

    base: int = 5
    within: int = 4
    minimum_n: int = 25
    threshold: int = 5
    group: int = 10
    not_asked: bool = False
    """Some services may not ask some questions: the n of a table may lack their forms."""
    hiding: bool = False
    """The earlier method: what is shown is exact, what is hidden is above zero, zeros are hidden over a small n."""

    def bounds(self, printed: int) -> tuple[int, int]:
        """Smallest and largest whole number that may have been printed so."""
        if self.hiding:
            return printed, printed
        return max(0, printed - self.within), printed + self.within


def whole(text: str | None) -> int | None:
    """A printed whole number, with or without thousands commas; None for a symbol or a blank."""
    if text is None:
        return None
    bare = text.strip().replace(",", "").replace("−", "-")
    if bare.endswith(".0"):
        bare = bare[:-2]
    return int(bare) if bare.lstrip("-").isdigit() else None


def decimal(text: str | None) -> float | None:
    """A printed number with decimals; None for a symbol or a blank."""
    if text is None:
        return None
    bare = text.strip().replace(",", "").replace("−", "-").replace("+", "")
    try:
        return float(bare)
    except ValueError:
        return None
