"""Pictures of the way of the data, drawn as SVG: columns of boxes from left to right, lines between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from reporting.documentation.lineage import Lineage, place_of

_FONT, _CHARACTER, _HEIGHT, _GAP, _BETWEEN = 12, 7.3, 24, 8, 70
_MOST_IN_COLUMN = 14
_COLOURS = {
    "files": "#ffffff",
    "raw": "#f0ece2",
    "ops": "#ece9f3",
    "reference": "#e9f1e6",
    "staging": "#f6eedd",
    "intermediate": "#e4eef5",
    "checked": "#e4eef5",
    "facts": "#d3e4f0",
    "counts": "#e4eef5",
    "marts": "#d3e4f0",
    "release": "#ffffff",
}
_FILES = "files: forms, returns"
# Which column of the overview each layer or stage stands in: behind the files, before the release. One of another name
# stands beside the marts.
_STAGES = {"raw": 1, "ops": 1, "reference": 1, "staging": 2, "checked": 3, "intermediate": 3, "facts": 4, "counts": 5}
_LAST, _RELEASE = 6, 7


def picture(lineage: Lineage, name: str) -> str:
    """SVG of two steps before a table, one after it."""
    parents = lineage.parents(name)
    known = {name, *parents}
    before = sorted(
        {one for parent in parents for one in lineage.parents(parent) if one not in known},
        key=place_of,
    )
    columns = [column for column in (before, parents, [name], lineage.children(name)) if column]
    edges = {
        (parent, child)
        for left, right in pairwise(columns)
        for child in right
        for parent in lineage.parents(child)
        if parent in left
    }
    return _draw(columns, edges, name, f"Where {name} comes from and what is made from it")


def overview(lineage: Lineage) -> str:
    """SVG of the whole way in groups: the stages of the models, with how many tables are in each."""
    groups = {name: lineage.group(name) for name in lineage.tables}
    held = Counter(groups.values())
    by_column: dict[int, list[str]] = {0: [_FILES], _RELEASE: ["release"]}
    for group in sorted(held):
        by_column.setdefault(_STAGES.get(_layer_of(group), _LAST), []).append(group)
    columns = [column for _, column in sorted(by_column.items())]
    place = {group: number for number, column in enumerate(columns) for group in column}
    edges = {
        (groups[parent], groups[name])
        for name in lineage.tables
        for parent in lineage.parents(name)
        if place[groups[parent]] + 1 == place[groups[name]]
    }
    edges |= {(_FILES, group) for group in held if _layer_of(group) in {"raw", "ops"}}
    edges |= {(groups[name], "release") for name, table in lineage.tables.items() if table.schema == "marts"}
    labels = {group: f"{group} ({number})" for group, number in held.items()}
    return _draw(
        [[labels.get(group, group) for group in column] for column in columns],
        {(labels.get(one, one), labels.get(other, other)) for one, other in edges},
        "",
        "The way of the data from files to the release, in groups of tables",
    )


def _layer_of(text: str) -> str:
    """The layer or stage that the text of a box begins with."""
    return re.split(r"[./: ]", text, maxsplit=1)[0]


def _draw(columns: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]], marked: str, title: str) -> str:
    """Columns of boxes from left to right, lines between them. Sizes follow the texts; nothing is measured."""
    shown: list[list[str]] = []
    for column in columns:
        kept = list(column)
        if len(kept) > _MOST_IN_COLUMN:
            kept = [*kept[: _MOST_IN_COLUMN - 1], f"and {len(kept) - _MOST_IN_COLUMN + 1} more"]
        shown.append(kept)
    height = max(len(column) for column in shown) * (_HEIGHT + _GAP) + _GAP
    boxes: dict[str, tuple[float, float, float]] = {}
    drawn, left = [], 1.0
    for column in shown:
        width = max(len(text) for text in column) * _CHARACTER + 16
        top = (height - len(column) * (_HEIGHT + _GAP) + _GAP) / 2
        for text in column:
            fill = _COLOURS.get(_layer_of(text), "#ffffff")
            stroke = 'stroke="#8a3d00" stroke-width="2"' if text == marked else 'stroke="#5c6873"'
            if not text.startswith("and "):
                boxes[text] = (left, top + _HEIGHT / 2, width)
            drawn.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_HEIGHT}" rx="3" fill="{fill}" '
                f'{stroke}/><text x="{left + 8:.1f}" y="{top + 16.5:.1f}">{escape(text)}</text>'
            )
            top += _HEIGHT + _GAP
        left += width + _BETWEEN
    lines = []
    for one, other in sorted(edges):
        if one not in boxes or other not in boxes:
            continue
        start, end = boxes[one], boxes[other]
        x, to = start[0] + start[2], end[0]
        middle = (x + to) / 2
        lines.append(f'<path d="M{x:.1f} {start[1]:.1f}C{middle:.1f} {start[1]:.1f} {middle:.1f} {end[1]:.1f} '
                     f'{to:.1f} {end[1]:.1f}"/>')  # fmt: skip
    total = left - _BETWEEN + 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {total:.0f} {height:.0f}" width="{total:.0f}" height="{height:.0f}">'
        f'<g fill="none" stroke="#8b97a3" stroke-width="1">{"".join(lines)}</g>'
        f'<g font-family="Menlo, Consolas, monospace" font-size="{_FONT}" fill="#1b2733">{"".join(drawn)}</g></svg>'
    )
