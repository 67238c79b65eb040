"""How figures are made, in words that hold for every release of a programme's themes."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.programme import ReleaseProgramme
from reporting.protection import Protected, explained

STATUSES = (
    ("ok", "The figure is there."),
    ("low", "It rounds to zero but is not zero."),
    ("c", "Confidential: hidden so that no child can be recognised. There is no number in its place, never a zero."),
    ("z", "Not applicable: nobody is in the base."),
    ("x", "Not available: no record holds it, or no service asked the question."),
)

# What only forms, or only returns, can be asked.
_OF_FORMS = (
    "A question that was asked and left blank counts as missing; one that was not opened counts nowhere. So the n of a "
    "follow-up table is the count of the answer that opens it.",
    "A question that a file, a form version or a service does not have was not asked: those forms are not in n, and "
    "how many they are is told beside it. Where other services asked in two years, all services are not compared over "
    "them.",
    "The same children at intake and at exit are compared by McNemar's test on the pairs that changed, the exact one "
    "below 25 of them, and by Newcombe's interval for paired shares.",
)
_OF_RETURNS = (
    "A rate per 10,000 children divides by the mid-year estimate of those aged 0 to 17 before the end of the year.",
    "Rates have Byar's limits, exact Poisson ones below ten events; standardised ratios Byar's on the observed count.",
)
_ROUNDING = (
    "Where counts are rounded, none is printed as it is: each is rounded once, by a secret key, to one of the two "
    "multiples of the base beside it. Percentages, intervals, changes, comparisons and charts are made of printed "
    "counts. Over a printed n below five times the base no count, percentage or average is printed.",
    "Afterwards it is looked for in whole numbers what somebody could conclude who holds everything printed and has "
    "read the program: of no count, nor of the rest of an n, that it is small, nor which number it is. A release stops "
    "where that could be.",
)
_HIDING = (
    "Where small counts are hidden, those are counts from 1 to the threshold, and as many other figures as are needed "
    "so that none of them can be worked out from everything published together. What is shown is not rounded, and a "
    "true zero is shown.",
)
_ONCE = "A year is published once and stays as it was printed, by whichever method that was."
_PUBLIC = "What the public does not see"
_METHODS = (
    (
        "Figures",
        (
            "A percentage is 100 times the count over n: inside of true counts, in public of the counts as they are "
            "printed there. What is printed is rounded half up. n includes Don't know and Missing unless the indicator "
            "says otherwise.",
            _OF_FORMS[0],
            _OF_FORMS[1],
            _OF_RETURNS[0],
            "Every average says whether it is a mean or a median, and over how many who gave a number.",
        ),
    ),
    (
        "Intervals and tests",
        (
            "Shares have Wilson's 95 per cent interval.",
            _OF_RETURNS[1],
            "Two years, or a service and all others, are compared by the difference of their shares with Newcombe's "
            "hybrid score interval. A change is named only where the interval leaves zero out.",
            _OF_FORMS[2],
            "A recent trend needs five years without a gap: the chi-square for trend has to be above 9.549535706 and "
            "the direction the same whichever year is left out. With fewer years it cannot be calculated.",
        ),
    ),
    (
        _PUBLIC,
        (
            _ONCE,
            "Identifiers are replaced by keyed pseudonyms before anything is stored. No table with a row for each "
            "child or form leaves the internal side.",
        ),
    ),
)


def methods_of(programme: ReleaseProgramme, protected: Sequence[Protected]) -> list[tuple[str, list[str]]]:
    """Headings and their paragraphs, as far as they are about the themes of a programme and the methods (`protected`)
    by which its years were printed."""
    foreign = {*(() if programme.has_forms else _OF_FORMS), *(() if programme.has_returns else _OF_RETURNS)}
    found = [(heading, [text for text in texts if text not in foreign]) for heading, texts in _METHODS]
    told = explained(protected, _ROUNDING, _HIDING)
    return [(heading, [*(told if heading == _PUBLIC else ()), *texts]) for heading, texts in found]
