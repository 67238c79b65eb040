"""The cell that prints a part of a figure.

A part that is not there is printed as the symbol of why, never as 0: that of the figure's status, or `c` where only
this part is hidden, as the n and the limits of a true zero can be.
"""

from __future__ import annotations

from reporting.document.blocks import Cell
from reporting.figures import Figure
from reporting.numbers import is_share, part_text


def figure_cell(figure: Figure, part: str, decimals: int = 0) -> Cell:
    """The cell that prints one part of a figure, or the symbol of why it is not there."""
    text = part_text(figure, part, decimals)
    if text and part == "count_of_n" and (figure.numerator is None or figure.denominator is None):
        return Cell(text, figure.key, part, "c")
    if text:
        marks_low = part == "value" and figure.status == "low"
        return Cell(text, figure.key, part, "low" if marks_low else "")
    if figure.status in {"ok", "low"} and part in _always_there(figure):
        # Where it is not, it would give a hidden count back.
        return Cell("c", figure.key, part, "c")
    if figure.status in {"c", "x", "z"}:
        return Cell(figure.status, figure.key, part, figure.status)
    return Cell("", figure.key, part)


def _always_there(figure: Figure) -> set[str]:
    """Parts that every figure of its kind has: a share its n and its interval, an average its n."""
    if is_share(figure):
        return {"n", "denominator", "interval"}
    return {"n", "denominator"} if figure.statistic in {"mean", "median"} else set()
