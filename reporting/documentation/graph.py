"""The way of the data, read from dbt's manifest: which table is made from which, and pictures of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

LAYERS = ("raw", "ops", "reference", "staging", "intermediate", "marts")
# The folders of the models, in the order of the flow.
STAGES = ("staging", "checked", "facts", "counts", "marts")

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


@dataclass(frozen=True)
class Table:
    """One table of the warehouse. `folder` is the folder of its model; `kind` model, seed or source."""

    schema: str
    table: str
    kind: str
    description: str
    folder: str
    path: str
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}"


class Lineage:
    """Tables by name (`schema.table`), what each is made from, and what is made from it."""

    def __init__(self, graph: Mapping[str, Any]) -> None:
        nodes = {
            unique_id: node
            for unique_id, node in [*graph["nodes"].items(), *graph["sources"].items()]
            if node["resource_type"] in {"model", "seed", "source"}
        }
        keys = _unique_keys(graph)
        names = {unique_id: ".".join(_relation(node)) for unique_id, node in nodes.items()}
        self.tables = {
            names[unique_id]: Table(
                *_relation(node),
                kind=str(node["resource_type"]),
                description=str(node.get("description") or "").strip(),
                folder="/".join(str(node["original_file_path"]).split("/")[1:-1]),
                path=str(node["original_file_path"]),
                key=keys.get(unique_id, ()),
            )
            for unique_id, node in sorted(nodes.items())
        }
        self._parents = {
            names[unique_id]: sorted(
                {
                    names[parent]
                    for parent in (node.get("depends_on") or {}).get("nodes", [])
                    if parent in names and parent != unique_id
                },
                key=_place,
            )
            for unique_id, node in nodes.items()
        }
        self._children: dict[str, list[str]] = {name: [] for name in self.tables}
        for name in sorted(self._parents, key=_place):
            for parent in self._parents[name]:
                self._children[parent].append(name)

    def keys(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Key of every table that has one."""
        return {(one.schema, one.table): one.key for one in self.tables.values() if one.key}

    def parents(self, name: str) -> list[str]:
        """What a table is made from, by layer and name."""
        return self._parents.get(name, [])

    def children(self, name: str) -> list[str]:
        """What is made from a table, by layer and name."""
        return self._children.get(name, [])

    def upstream(self, name: str) -> list[str]:
        """Everything that a table is made from, at whatever distance."""
        return self._reached(name, self._parents)

    def downstream(self, name: str) -> list[str]:
        """Everything that is made from a table, at whatever distance."""
        return self._reached(name, self._children)

    @staticmethod
    def _reached(name: str, steps: Mapping[str, Sequence[str]]) -> list[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for one in steps.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return sorted(found - {name}, key=_place)

    def picture(self, name: str) -> str:
        """SVG of two steps before a table, one after it."""
        parents = self.parents(name)
        known = {name, *parents}
        before = sorted(
            {one for parent in parents for one in self.parents(parent) if one not in known},
            key=_place,
        )
        columns = [column for column in (before, parents, [name], self.children(name)) if column]
        edges = {
            (parent, child)
            for left, right in pairwise(columns)
            for child in right
            for parent in self.parents(child)
            if parent in left
        }
        return _draw(columns, edges, name, f"Where {name} comes from and what is made from it")

    def overview(self) -> str:
        """SVG of the whole way in groups: the stages of the models, with how many tables are in each."""
        groups = {name: self.group(name) for name in self.tables}
        order = [("files",), LAYERS[:3], *((stage,) for stage in STAGES), ("release",)]
        members: dict[str, list[str]] = {"files: forms, returns": []}
        for name, group in groups.items():
            members.setdefault(group, []).append(name)
        members["release"] = []
        columns = [sorted(group for group in members if group.split("/")[0].split(":")[0] in part) for part in order]
        columns = [column for column in columns if column]
        place = {group: index for index, column in enumerate(columns) for group in column}
        edges = {
            (groups[parent], groups[name])
            for name in self.tables
            for parent in self.parents(name)
            if place[groups[parent]] + 1 == place[groups[name]]
        }
        edges |= {("files: forms, returns", group) for group in members if group.split("/")[0] in {"raw", "ops"}}
        edges |= {(group, "release") for group in members if group.split("/")[0] in {"facts", "marts"}}
        labels = {group: f"{group} ({len(held)})" if held else group for group, held in members.items()}
        return _draw(
            [[labels[group] for group in column] for column in columns],
            {(labels[one], labels[other]) for one, other in edges},
            "",
            "The way of the data from files to the release, in groups of tables",
        )

    def group(self, name: str) -> str:
        """Stage and source of a model, as in `facts/returns`; the schema of any other table."""
        one = self.tables[name]
        return "/".join(one.folder.split("/")[:2]) if one.kind == "model" and one.folder else one.schema


def _relation(node: Mapping[str, Any]) -> tuple[str, str]:
    return str(node["schema"]), str(node.get("alias") or node.get("identifier") or node["name"])


def _unique_keys(graph: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The shortest combination of columns that a test holds unique, by the node it is tested on."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in graph["nodes"].values():
        test = node.get("test_metadata")
        if node["resource_type"] != "test" or not test or "unique" not in test["name"]:
            continue
        arguments = test["kwargs"]
        columns = arguments.get("combination_of_columns") or arguments.get("columns") or [arguments.get("column_name")]
        home = node.get("attached_node")
        if not home or not all(isinstance(column, str) for column in columns):
            continue
        found = tuple(columns)
        held = keys.get(home)
        if held is None or (len(found), found) < (len(held), held):
            keys[home] = found
    return keys


def _place(name: str) -> tuple[int, str]:
    schema = name.split(".", 1)[0]
    return (LAYERS.index(schema) if schema in LAYERS else len(LAYERS), name)


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
            layer = text.split(".")[0].split("/")[0].split(":")[0].split(" ")[0]
            fill = _COLOURS.get(layer, "#ffffff")
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
