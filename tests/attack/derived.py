"""Numbers worked out from counts: whether they come from the printed ones, and what they tell where they do not."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.attack.forms import COUNTED, Year, identity
from tests.attack.open_data import TOTAL, Figure, Key
from tests.attack.rules import UNBOUNDED, decimal, whole

Z95 = 1.959963984540054


def half_up(value: Fraction | float, places: int) -> Decimal:
    """Rounded half up from the exact value."""
    exact = Fraction(value)
    scaled = exact * 10**places
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    number = floor + (1 if rest >= Fraction(1, 2) else 0)
    return Decimal(number).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def wilson(count: int, n: int) -> tuple[float, float]:
    """95 % limits of a share, in per cent."""
    share = count / n
    middle = 2 * count + Z95**2
    wide = Z95 * math.sqrt(Z95**2 + 4 * count * (1 - share))
    low, high = (middle - wide) / (2 * (n + Z95**2)), (middle + wide) / (2 * (n + Z95**2))
    return (0.0 if count == 0 else 100 * low, 100.0 if count == n else 100 * high)


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float, float]:
    """Difference of two shares in points, with its limits."""
    p1, p2 = 100 * first[0] / first[1], 100 * second[0] / second[1]
    (l1, u1), (l2, u2) = wilson(*first), wilson(*second)
    low = math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return p1 - p2, p1 - p2 - low, p1 - p2 + high


@dataclass
class Derived:
    """What was compared, and what does not follow from the printed counts."""

    compared: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    strange: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    odd: set[Key] = field(default_factory=set)
    """Figures whose percentage is not that of their printed counts."""
    below: list[str] = field(default_factory=list)
    """A count, percentage or average printed over a printed n under the least that the rules name."""

    def differs(self, kind: str) -> int:
        """How many printed numbers of a kind do not follow from printed counts."""
        return len(self.strange.get(kind, []))


def compare(figures: list[Figure], minimum_n: int, base: int) -> Derived:
    """Work out every percentage, limit, change and difference again from printed counts."""
    made = Derived()
    by_key = {figure.key: figure for figure in figures}
    for figure in figures:
        if not figure.key.data_set.startswith("insights"):
            continue
        number, n = whole(figure.values.get("number")), whole(figure.values.get("base"))
        _limits_of_rules(made, figure, number, n, minimum_n, base)
        _percentage(made, figure, number, n)
        _difference(made, figure, number, n, by_key)
    return made


def _limits_of_rules(made: Derived, figure: Figure, number: int | None, n: int | None, least: int, base: int) -> None:
    where = figure.key.words()
    for name, printed in (("number", number), ("base", n)):
        if printed is not None and printed % base:
            made.strange[f"{name} no multiple of {base}"].append(f"{where}: {printed}")
    if n is None or n >= least:
        return
    shown = [name for name in ("percentage", "mean", "median") if decimal(figure.values.get(name)) is not None]
    if number is not None and figure.key.line != TOTAL and number != n:
        shown.append("number")
    if shown:
        made.below.append(f"{where}: {', '.join(shown)} over a printed n of {n}")


def _check(
    made: Derived, kind: str, where: str, printed: float | None, expected: float | Fraction, counts: str
) -> None:
    if printed is None:
        return
    made.compared[kind] += 1
    if abs(Fraction(str(printed)) - Fraction(expected)) > Fraction(501, 10000):
        made.strange[kind].append(f"{where}: printed {printed}, from {counts} it would be {float(expected):.4f}")


def _percentage(made: Derived, figure: Figure, number: int | None, n: int | None) -> None:
    printed = decimal(figure.values.get("percentage"))
    if printed is None:
        return
    where = figure.key.words()
    if number is None or n is None:
        made.strange["percentage beside no count"].append(f"{where}: {printed}")
        return
    if n <= 0:
        made.strange["percentage over n 0"].append(f"{where}: {printed}")
        return
    counts = f"{number}/{n}"
    share = Fraction(100 * number, n)
    before = made.differs("percentage")
    _check(made, "percentage", where, printed, Fraction(100) if printed == 100 and share > 100 else share, counts)
    if made.differs("percentage") > before:
        made.odd.add(figure.key)
    if 0 <= number <= n:
        low, high = wilson(number, n)
        _check(made, "limit", where, decimal(figure.values.get("percentage_lower_limit")), low, counts)
        _check(made, "limit", where, decimal(figure.values.get("percentage_upper_limit")), high, counts)


def _difference(made: Derived, figure: Figure, number: int | None, n: int | None, by_key: dict[Key, Figure]) -> None:
    key = figure.key
    if number is None or not n or number > n:
        return
    where = key.words()
    before = by_key.get(_year_before(key))
    if before is not None:
        other, other_n = whole(before.values.get("number")), whole(before.values.get("base"))
        if other is not None and other_n and other <= other_n:
            _three(made, "change", figure, where, newcombe((number, n), (other, other_n)))
    total = by_key.get(Key(**{**key.__dict__, "place": TOTAL}))
    if key.place != TOTAL and total is not None:
        all_number, all_n = whole(total.values.get("number")), whole(total.values.get("base"))
        if all_number is not None and all_n is not None and all_n > n and 0 <= all_number - number <= all_n - n:
            others = (all_number - number, all_n - n)
            _three(made, "difference", figure, where, newcombe((number, n), others))


def _three(made: Derived, kind: str, figure: Figure, where: str, expected: tuple[float, float, float]) -> None:
    names = (
        ("percentage_change", "percentage_change_lower_limit", "percentage_change_upper_limit")
        if kind == "change"
        else ("difference_to_other_services", "difference_lower_limit", "difference_upper_limit")
    )
    for name, value in zip(names, expected, strict=True):
        _check(made, kind, where, decimal(figure.values.get(name)), value, "printed counts")


def _year_before(key: Key) -> Key:
    digits = key.period.split(" ")[0]
    rest = key.period[len(digits) :]
    if len(digits) == 6:
        year = int(digits[:4]) - 1
        return Key(**{**key.__dict__, "period": f"{year}{(year + 1) % 100:02d}{rest}"})
    return Key(**{**key.__dict__, "period": f"{int(digits) - 1}{rest}"})


def from_truth(year: Year, only: set[Key] | None = None) -> int:
    """Take printed percentages, all or those of some figures, for those of true counts. Says how many."""
    made = 0
    for one in year.placed:
        if only is not None and one.figure.key not in only:
            continue
        printed = decimal(one.figure.values.get("percentage"))
        if printed is None or one.cell.statistic not in COUNTED or one.cell.answers == "*":
            continue
        place = one.figure.key.place
        number = year.system.known((place, identity(one.cell)))
        base = year.answers.get(number) if number is not None else None
        if number is None or base is None:
            continue
        tenths = round(printed * 10)
        high = [(2000, number), (-(2 * tenths + 1), base)]
        low = [(2000, number), (-(2 * tenths - 1), base)]
        year.system.relate(high, -UNBOUNDED, 0, "a percentage of true counts")
        year.system.relate(low, 0, UNBOUNDED, "a percentage of true counts")
        made += 1
    return made
