"""The numbers that the open data print, and the roundings in which other formats may repeat them."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from fractions import Fraction

from tests.attack.derived import half_up, wilson
from tests.attack.open_data import Figure
from tests.attack.rules import decimal, whole

NUMBER = re.compile(r"(?<![\w.])[-−+]?\d[\d,]*(?:\.\d+)?(?![\w]|\.\d)")
YEAR = re.compile(r"\b(?:19|20)\d{2}(?:[-/–]\d{2,4})?\b")
DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
PLAIN = re.compile(
    r"\b95 %|99\.8 %|\bTable \d+\w?|\bper (?:10,000|1,000|100|30)\b|\bchildren 0-17|\b\d+-\d+\b|\bS\d+\b|\b0 to 17\b"
    r"|\b1-to-1\b|9\.549535706|\bof 100\b|\b100 (?:people|forms|x)|\bnote \d+"
)


def numbers(text: str) -> list[str]:
    """Numbers in a text that are not years, dates, numbers of tables or parts of labels."""
    for pattern in (DATE, YEAR, PLAIN):
        text = pattern.sub(" ", text)
    return [found.strip("+").replace("−", "-") for found in NUMBER.findall(text)]


@dataclass
class Printed:
    """Numbers as texts, in every rounding that a report may print."""

    texts: set[str] = field(default_factory=set)
    shares: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, figures: list[Figure]) -> Printed:
        """All numbers of some figures."""
        made = cls()
        for figure in figures:
            for name, text in figure.values.items():
                value = decimal(text)
                if value is None or name == "indicator_id":
                    continue
                exact = Fraction(text.replace(",", "").replace("−", "-"))
                for places in (0, 1, 2):
                    made.texts.add(_plain(str(half_up(exact, places))))
            number, base = whole(figure.values.get("number")), whole(figure.values.get("base"))
            if number is not None and base:
                share = Fraction(100 * number, base)
                made.shares.append(float(share))
                if 0 <= number <= base:
                    made.limits.extend(wilson(number, base))
                for places in (0, 1, 2):
                    made.texts.add(_plain(str(half_up(share, places))))
        made.shares.sort()
        made.limits.sort()
        return made

    def has(self, text: str) -> bool:
        """Whether the open data print the number."""
        bare = text.replace(",", "").lstrip("+").replace("−", "-")
        return _plain(bare) in self.texts or _plain(bare.lstrip("-")) in self.texts

    def near_share(self, share: float, within: float) -> bool:
        """Whether a share of two printed counts lies so near."""
        return _near(self.shares, share, within)

    def near_limit(self, limit: float, within: float) -> bool:
        """Whether a limit of a share of two printed counts lies so near."""
        return _near(self.limits, limit, within)


def _near(values: list[float], value: float, within: float) -> bool:
    place = bisect.bisect_left(values, value - within)
    return place < len(values) and values[place] <= value + within


def _plain(text: str) -> str:
    """A number without sign of zero and without zeros at its end."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
