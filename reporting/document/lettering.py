"""The letters of a document: how wide they are, and in which a chart is written.

Texts are placed from a table of character widths: no font is opened for it, and no machine gives another picture.
"""

from __future__ import annotations

import unicodedata

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
# Height of a line of a text that breaks, in pixels.
LINE = 16
# Widths of Helvetica's characters in thousandths of the size; what is not listed is 556, capitals 690.
_WIDTHS = {
    **dict.fromkeys("fijlt!.,:;/|I'[]() \u2009", 285),
    **dict.fromkeys("r-", 333),
    **dict.fromkeys("ckszxvy", 500),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("wWO%&@", 790),
    **dict.fromkeys("–+<>=", 584),
}


def em_width(text: str) -> float:
    """About how wide a text is in em, the size of its letters: the widest of its lines, in a sans-serif font."""
    widest = 0
    for line in text.split("\n"):
        width = 0
        for character in line:
            if character in _WIDTHS:
                width += _WIDTHS[character]
            elif unicodedata.combining(character):
                continue
            elif unicodedata.east_asian_width(character) in "WF":
                width += 1000
            else:
                width += 690 if character.isupper() else 556
        widest = max(widest, width)
    return widest / 1000
