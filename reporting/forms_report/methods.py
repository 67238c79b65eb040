"""The page of every report that says how the numbers, marks and findings come about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reporting.document.blocks import BulletList, Paragraph, Section
from reporting.numbers import SYMBOLS
from reporting.protection import Protected, explained

_METHODS = (
    "n includes Don't know and Missing unless the table says otherwise; each table says what its n counts.",
    "Who was not asked a question, because the service or its form does not have it, is not in n; a table says how "
    "many services asked, where not all did. Two years between which a service began or ceased to ask are not "
    "compared. Services that joined or left are no such reason: the change is then of the network, they included.",
    "Intervals of percentages are Wilson score intervals at 95 %. They say how far chance alone would move the figure.",
    "A change or a difference is that of two percentages with Newcombe's hybrid score interval. It is called an "
    "increase or decrease (higher or lower) only where the interval leaves zero out; otherwise none is clear.",
    "A trend needs five years without a gap: chi-square for trend on counts at 99.8 %, all five leave-one-out "
    "slopes of one sign. With fewer years it cannot be calculated.",
    "Averages are means or medians, as each row says, over those who gave a number.",
    "Of a client's intake forms of one year the latest counts. Intake and exit forms are matched within one client: by "
    "case reference, then by the forms that choose each other, then once more.",
)
_PERCENTAGES = "Percentages are 100 x count / n, from {}, rounded half up."
_HIDING = (
    "Where small counts are hidden, those are counts from 1 to the threshold, and as many others as are needed so that "
    "none of them can be worked out from everything published together. A true zero is shown."
)
_ROUNDING = (
    "A count that is rounded is rounded once and printed the same wherever it stands. Percentages, intervals, changes "
    "and findings come from the counts as printed. What stands over a small n is not shown."
)


def methods_section(
    finding_rules: Sequence[str], carried_on: Mapping[str, Sequence[str]], protected: Sequence[Protected]
) -> Section:
    """How numbers, marks and findings come about, and what the symbols mean.

    `carried_on` names the services that others have become, with those; `protected` says how figures of the public side
    are protected, and is empty inside.
    """
    methods = {one.rounded_to is not None for one in protected}
    counts = "unrounded counts"
    if True in methods:
        counts = "counts as printed" + (", rounded or not" if False in methods else "")
    told = explained(protected, (_ROUNDING,), (_HIDING,))
    histories = [
        f"{name} carries on the work of {' and of '.join(former)}: its figures hold the forms of all of them, in every "
        "year."
        for name, former in carried_on.items()
    ]
    return Section(
        "methods",
        "Methods",
        (BulletList((_PERCENTAGES.format(counts), *_METHODS, *histories, *told)),),
        (
            Section(
                "methods-findings",
                "Rules of the key findings",
                (
                    Paragraph("The key findings are drawn from the figures by these rules; nobody typed them."),
                    BulletList(tuple(finding_rules)),
                ),
            ),
            Section(
                "methods-symbols",
                "Symbols",
                (BulletList(tuple(f"{symbol}: {words}." for symbol, words in SYMBOLS.items())),),
            ),
        ),
    )
