"""The indicators of a release: the rows of `marts.indicator`, which say what figures mean and hold nothing counted."""

from __future__ import annotations

from dataclasses import dataclass, fields

from reporting.figures import Figures


@dataclass(frozen=True)
class Indicator:
    """One indicator, columns as in the mart. Of the forms it is a table of the report and `indicator_order` its number.

    What only the forms or only the returns have is None for the others.
    """

    theme: str
    indicator_id: str
    indicator_order: int
    section: str
    subsection: str | None
    title: str
    unit: str | None
    n_counts: str | None
    response_type: str | None
    numerator: str | None
    polarity: str | None
    computable: str | None
    why: str | None


_COLUMNS = ", ".join(field.name for field in fields(Indicator))


def read_indicators(figures: Figures, theme: str | None = None) -> list[Indicator]:
    """All indicators, or those of a theme, in published order."""
    rows = figures.query(
        f"select {_COLUMNS} from marts.indicator where theme = ? or ? is null order by theme, indicator_order",
        [theme, theme],
    )
    return [Indicator(*row) for row in rows]  # type: ignore[arg-type]
