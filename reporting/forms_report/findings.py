"""Key findings: sentences drawn from the figures by rules that are stated, never typed.

Each rule is a function with the words of the rule beside it; the words go on the page of methods. A hidden figure is in
no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reporting.document.blocks import Paragraph
from reporting.figures import Figure
from reporting.forms_report.edition import Edition
from reporting.forms_report.tables import full_title, row_label
from reporting.numbers import decimal, interval, is_share, p_value, whole

# Fewer than these, and a difference of points says little to a reader.
_LEAST_BASE = 100
_OF_EACH = 3
# A share that is printed as 100 % finds nothing.
_EVERYBODY = 99.5
_ASIDE = {"Missing", "Don't know", "Not disclosed", "Other"}


# A sentence and the figures whose numbers it says.
Finding = tuple[str, tuple[Figure, ...]]


@dataclass(frozen=True)
class Rule:
    """A rule in words, and the sentences it gives for an edition."""

    words: str
    sentences: Callable[[Edition], list[Finding]]


def findings(edition: Edition) -> list[Paragraph]:
    """The findings of an edition, in order of the rules."""
    return [
        Paragraph(sentence, "finding", tuple(figure.key for figure in figures))
        for rule in RULES
        for sentence, figures in rule.sentences(edition)
    ]


def _candidates(edition: Edition) -> list[tuple[str, Figure]]:
    """Shares of the edition's first slice that are shown, with the title of their table; at one point of a case."""
    found = []
    for indicator in edition.indicators:
        for figure in edition.lead(indicator.indicator_id):
            if (
                is_share(figure)
                and figure.statistic == "percentage"
                and figure.value is not None
                and (figure.denominator or 0) >= _LEAST_BASE
                and figure.row_label not in _ASIDE | {"No"}
                and figure.column_label not in {"No", "Missing", "Don't know"}
                and not figure.point
            ):
                found.append((full_title(edition, indicator), figure))
    return found


def _name(title: str, figure: Figure) -> str:
    label = row_label(figure)
    if figure.column_label:
        label = f"{label}: {figure.column_label.replace('-or-', ' or ')}"
    return f"{title}, {label}"


def _changes(edition: Edition, mark: str, sign: int) -> list[Finding]:
    if edition.comparison != "change":
        return []
    found = [
        (title, figure)
        for title, figure in _candidates(edition)
        if figure.change_mark == mark and figure.change is not None
    ]
    found.sort(key=lambda pair: (-sign * (pair[1].change or 0.0), pair[1].key))
    return [
        (
            f"{_name(title, figure)}: {decimal(figure.value or 0.0, 1)} %, {mark} of "
            f"{decimal(abs(figure.change or 0.0), 1)} percentage points from the year before "
            f"({interval(figure.change_lower_95 or 0.0, figure.change_upper_95 or 0.0, signed=True)}).",
            (figure,),
        )
        for title, figure in found[:_OF_EACH]
    ]


def _differences(edition: Edition) -> list[Finding]:
    if edition.comparison != "difference":
        return []
    found = [
        (title, figure)
        for title, figure in _candidates(edition)
        if figure.comparison in {"higher", "lower"} and figure.difference is not None
    ]
    found.sort(key=lambda pair: (-abs(pair[1].difference or 0.0), pair[1].key))
    return [
        (
            f"{_name(title, figure)}: {decimal(figure.value or 0.0, 1)} %, {figure.comparison} than all other services "
            f"by {decimal(abs(figure.difference or 0.0), 1)} percentage points "
            f"({interval(figure.difference_lower_95 or 0.0, figure.difference_upper_95 or 0.0, signed=True)}).",
            (figure,),
        )
        for title, figure in found[: 2 * _OF_EACH]
    ]


_PRESENT = {
    "exit_exposure_present": "Exposure to domestic abuse",
    "exit_direct_present": "Direct abuse",
    "exit_harmful_present": "Harmful behaviour",
}


def _paired(edition: Edition) -> list[Finding]:
    """Reductions among the same children, with the interval for pairs."""
    points: dict[tuple[str, str], Figure] = {}
    for figure in edition.others.get("paired_outcome", ()):
        if figure.row_order == 1 and figure.indicator_id in _PRESENT:
            points[figure.indicator_id, figure.point] = figure
    sentences: list[Finding] = []
    for outcome, name in _PRESENT.items():
        intake, after = points.get((outcome, "intake")), points.get((outcome, "exit"))
        if intake is None or after is None or intake.value is None or after.value is None or after.change is None:
            continue
        if after.change_mark != "decrease":
            continue
        tested = "" if after.change_p_value is None else f"; McNemar's test {p_value(after.change_p_value)}"
        sentences.append(
            (
                f"{name}: from {decimal(intake.value, 1)} % at intake to {decimal(after.value, 1)} % at exit of the "
                f"same children (n = {whole(intake.denominator or 0)}), a decrease of {decimal(-after.change, 1)} "
                f"percentage points "
                f"({interval(after.change_lower_95 or 0.0, after.change_upper_95 or 0.0, signed=True)}{tested}).",
                (intake, after),
            )
        )
    return sentences


def _largest(edition: Edition) -> list[Finding]:
    found = [
        (title, figure)
        for title, figure in _candidates(edition)
        if (figure.value or 0.0) < _EVERYBODY and not figure.row_label.startswith("Total") and not figure.column_label
    ]
    found.sort(key=lambda pair: (-(pair[1].value or 0.0), pair[1].key))
    return [
        (
            f"{_name(title, figure)}: {decimal(figure.value or 0.0, 1)} % "
            f"({interval(figure.lower_95 or 0.0, figure.upper_95 or 0.0)}; n = {whole(figure.denominator or 0)}).",
            (figure,),
        )
        for title, figure in found[:_OF_EACH]
    ]


def _share(figure: Figure) -> str:
    n = "" if figure.denominator is None else f" (n = {whole(figure.denominator)})"
    return f"{decimal(figure.value or 0.0, 1)} %{n}"


def _reductions(edition: Edition) -> list[Finding]:
    paired = _paired(edition)
    if paired:
        return paired
    by_row: dict[int, dict[str, Figure]] = {}
    for figure in edition.lead("exit_abuse_presence"):
        by_row.setdefault(figure.row_order, {})[figure.point] = figure
    sentences: list[Finding] = []
    for points in by_row.values():
        intake, after = points.get("intake"), points.get("exit")
        if intake is None or after is None or intake.value is None or after.value is None:
            continue
        sentences.append(
            (
                f"{row_label(intake)}: of exit forms, present at intake in {_share(intake)} and at exit in "
                f"{_share(after)}. Forms without a matched intake are in n.",
                (intake, after),
            )
        )
    return sentences


RULES: Sequence[Rule] = (
    Rule(
        "Of the shares over at least 100 forms or clients whose change from the year before is clear (the 95 % "
        "interval leaves zero out), the three with the largest increase. Rows of no answer and of other answers are "
        "passed over, here and below.",
        lambda edition: _changes(edition, "increase", 1),
    ),
    Rule("Likewise the three with the largest decrease.", lambda edition: _changes(edition, "decrease", -1)),
    Rule(
        "In the edition of a service, the six shares over at least 100 forms that differ most from all other services "
        "together and whose 95 % interval leaves zero out.",
        _differences,
    ),
    Rule(
        "The three largest shares over at least 100 forms or clients, of tables with one answer column, below 99.5 %.",
        _largest,
    ),
    Rule(
        "For each kind of abuse, its presence at intake and at exit: of the same children, and only a clear decrease, "
        "where the paired interval is to be had; elsewhere both shares of all exit forms, matched or not; nothing "
        "where either is hidden.",
        _reductions,
    ),
)
