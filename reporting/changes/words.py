"""A difference in words: one line for each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reporting.changes.difference import (
    CheckChange,
    DefinitionChange,
    FigureChange,
    FileChange,
    ReleaseDiff,
    TableChange,
)
from reporting.document.blocks import printable

LIMIT = 20


def text_lines(diff: ReleaseDiff, limit: int = LIMIT) -> list[str]:
    """The difference as lines of plain text; `limit` entries of each list, all of them with 0."""
    if diff.is_empty:
        return [f"{diff.old} and {diff.new} are the same in everything that a release holds."]
    lines = [f"From {diff.old} to {diff.new}"]

    def part(title: str, none: str, summary: str, entries: Sequence[str]) -> None:
        lines.append("")
        lines.append(f"{title}: {summary if entries else none}")
        shown = entries if limit == 0 else entries[:limit]
        lines.extend(f"  {printable(' '.join(entry.split()))}" for entry in shown)
        if len(shown) < len(entries):
            lines.append(f"  and {len(entries) - len(shown):,} more: --limit 0 lists all")

    part("Files", "the same", _kinds(one.kind for one in diff.files), [file_text(one) for one in diff.files])
    part("Code", "the same", "another version", [f"{name}: {before} -> {now}" for name, before, now in diff.code])
    tables = [*diff.tables]
    part("Tables", "the same", _kinds(one.kind for one in tables), [table_text(one) for one in tables])
    part(
        "Figures",
        f"all {diff.figures_compared:,} the same",
        f"{len(diff.figures):,} differ; the newer release has {diff.figures_compared:,}",
        [figure_text(one) for one in diff.figures],
    )
    part(
        "Definitions",
        "the same",
        f"{len(diff.definitions):,} differ",
        [definition_text(one) for one in diff.definitions],
    )
    part("Checks", "the same result", f"{len(diff.checks):,} differ", [check_text(one) for one in diff.checks])
    return lines


def file_text(change: FileChange) -> str:
    """One changed file as a line."""
    if change.kind == "removed":
        return f"removed {change.file}"
    if change.status != "landed":
        return f"{change.kind} {change.file}: {change.status.replace('_', ' ')}"
    rows = f"{_count(change.rows_now)} rows"
    if change.kind == "changed":
        rows = f"{_count(change.rows_before)} rows before, {rows} now"
    return f"{change.kind} {change.file}: {rows}"


def table_text(change: TableChange) -> str:
    """One changed table as a line."""
    if change.kind != "changed":
        return f"{change.kind} {change.name}"
    parts = [
        f"column{'s' if len(names) > 1 else ''} {', '.join(names)} {what}"
        for names, what in (
            (change.columns_added, "added"),
            (change.columns_removed, "removed"),
            (change.columns_retyped, "of another type"),
        )
        if names
    ]
    counts = ((change.rows_added, "added"), (change.rows_removed, "removed"), (change.rows_changed, "changed"))
    rows = [f"{count:,} {what}" for count, what in counts if count]
    if rows:
        parts.append(f"rows: {', '.join(rows)}" + ("" if change.paired else " (without a key: a change is both)"))
    return f"changed {change.name}: {'; '.join(parts)}"


def without_rows(change: TableChange) -> TableChange | None:
    """The change without what it says of rows; None where nothing is left."""
    bare = replace(change, rows_added=0, rows_removed=0, rows_changed=0, paired=True)
    return None if bare == TableChange(change.schema, change.table, "changed") else bare


def figure_text(change: FigureChange) -> str:
    """One changed figure as a line."""
    key = change.key
    where = [str(key["period_label"])]
    if key["geography_code"] != "all_services":
        where.append(f"{key['geography_level']} {key['geography_code']}")
    if key["breakdown"] != "total":
        where.append(f"{key['breakdown']} {key['breakdown_value']}")
    where += [str(part) for part in (key["point"], change.row_label, change.column_label) if part]
    return (
        f"{key['indicator_id']}, {', '.join(where)}: "
        f"{_numbers(change.before, change.unit)} -> {_numbers(change.now, change.unit)}"
    )


def definition_text(change: DefinitionChange) -> str:
    """One changed definition as a line."""
    if change.before is None or change.now is None:
        if change.where.startswith("description"):
            return f"{change.where}, {change.name}: {change.before or '(none)'} -> {change.now or '(none)'}"
        return f"{change.where}: {change.name} {'added' if change.before is None else 'removed'}"
    return f"{change.where}, {change.name}: {change.before or '(blank)'} -> {change.now or '(blank)'}"


def check_text(change: CheckChange) -> str:
    """One check with another result as a line."""
    where = f" on {change.table}" if change.table else ""
    if change.before is None:
        return f"{change.check}{where}: new, {change.now:,} rows fail it"
    if change.now is None:
        return f"{change.check}{where}: no longer there"
    return f"{change.check}{where}: {change.before:,} -> {change.now:,} rows fail it"


def _numbers(numbers: Mapping[str, Any] | None, unit: str) -> str:
    if numbers is None:
        return "not there"
    if numbers["value"] is None:
        return f"no figure ({numbers['status']})"
    value = f"{numbers['value']:,.2f}".rstrip("0").rstrip(".")
    shown = f"{value} {unit}".strip() if unit else value
    # A count is its own numerator, and not a part of the n.
    if numbers["numerator"] in (None, numbers["value"]) or numbers["denominator"] is None:
        return shown
    return f"{numbers['numerator']:,} of {numbers['denominator']:,} ({shown})"


def _kinds(kinds: Iterable[str]) -> str:
    counted = Counter(kinds)
    return ", ".join(f"{counted[kind]:,} {kind}" for kind in ("added", "removed", "changed") if counted[kind])


def _count(value: int | None) -> str:
    return "no" if value is None else f"{value:,}"
