"""What a chart is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.document.blocks import Chart, Paragraph


@dataclass(frozen=True)
class Item:
    """One figure to draw: its label, value in the chart's unit, 95 % interval and n.

    `status` is the figure's (`ok`, `c`, `z`, `x`, `low`); with `value` None the status is written in its place.
    """

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    status: str = ""


@dataclass(frozen=True)
class Drawing:
    """A Vega-Lite specification, None where nothing can be drawn, and the text alternative."""

    spec: Mapping[str, Any] | None
    alt: str

    def block(self, chart_id: str, title: str) -> Chart | Paragraph:
        """The chart as a block of a document, or the sentence that stands where nothing can be drawn."""
        if self.spec is None:
            return Paragraph(f"{title}: {self.alt}", "note")
        return Chart(chart_id=chart_id, title=title, spec=self.spec, alt=self.alt)


def hidden_labels(items: Iterable[Item]) -> list[str]:
    """Labels of the items that disclosure control hides."""
    return [item.label for item in items if item.status == "c"]


def has_values(items: Iterable[Item]) -> bool:
    """Whether any of the items has a value to draw."""
    return any(item.value is not None for item in items)


def nothing_drawn(
    what: str,
    hidden: Sequence[str],
    *,
    if_hidden: str = "every figure is hidden to protect children.",
    if_empty: str = "there are no figures.",
) -> Drawing:
    """The drawing of `what` where no figure can be drawn: a sentence that says whether that is for hiding."""
    return Drawing(None, f"{what[:1].upper()}{what[1:]}: {if_hidden if hidden else if_empty} No chart is drawn.")
