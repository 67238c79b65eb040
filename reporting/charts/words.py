"""The sentences of a text alternative: what there is to see in a chart, for who does not see it."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.charts.drawing import Item
from reporting.charts.texts import short_unit, show


def number_at_mark(item: Item, unit: str) -> str:
    """What is written at the item's mark, without the unit's words; its status where it has no value."""
    if item.value is None:
        return item.status or "x"
    return show(item.value, short_unit(unit))


def hidden_sentence(labels: Sequence[str]) -> str:
    """A sentence with a space before it that names what is hidden; empty where nothing is."""
    return f" Hidden to protect children (c): {_joined(labels)}." if labels else ""


def extremes(items: Sequence[Item], unit: str) -> str:
    """The highest and the lowest of the items, with their intervals."""
    drawn = [item for item in items if item.value is not None]
    if not drawn:
        return ""
    highest = max(drawn, key=lambda item: item.value or 0.0)
    lowest = min(drawn, key=lambda item: item.value or 0.0)
    if len(drawn) == 1:
        return f"{_said(highest, unit)}."
    if highest.value == lowest.value:
        return f"All {len(drawn)} are {show(highest.value or 0.0, unit)}."
    return f"Highest: {_said(highest, unit)}; lowest: {_said(lowest, unit)}."


def change(items: Sequence[Item], unit: str) -> str:
    """The first and the last of the items that are shown; empty where there are not two."""
    drawn = [item for item in items if item.value is not None]
    if len(drawn) < 2:
        return ""
    first, last = drawn[0], drawn[-1]
    return (
        f"{show(first.value or 0.0, unit)} in {first.label}, {show(last.value or 0.0, unit)} in {last.label}"
        f"{_interval(last, unit)}"
    )


def _joined(labels: Sequence[str], most: int = 8) -> str:
    shown = [label.replace("\n", " ") for label in labels[:most]]
    if len(labels) > most:
        shown.append(f"{len(labels) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _interval(item: Item, unit: str) -> str:
    if item.lower is None or item.upper is None:
        return ""
    return f", 95 % interval {show(item.lower, unit)} to {show(item.upper, unit)}"


def _said(item: Item, unit: str) -> str:
    """Label and value with its interval; the item must have a value."""
    value = show(item.value, unit) if item.value is not None else item.status
    return f"{item.label} ({value}{_interval(item, unit)})"
