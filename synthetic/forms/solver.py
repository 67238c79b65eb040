"""Integer programmes and random allocations used to draw forms that meet given margins.

Everything here is deterministic: the programmes have a fixed objective, and every random choice comes from the
generator that the caller passes in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class InfeasibleTargetError(ValueError):
    """The margins asked for cannot all hold; the message names the question, never a value of a form."""


def percent_interval(percent: int, n: int) -> tuple[int, int]:
    """Smallest and largest whole count out of ``n`` that prints as ``percent`` when rounded half-up.

    Args:
        percent: published whole percentage.
        n: base of the percentage, a positive number of forms or clients.

    Returns:
        ``(low, high)``, both inclusive, cut to 0..n.

    Raises:
        InfeasibleTargetError: no count out of ``n`` rounds to ``percent``.
    """
    low = max(0, -((-n * (2 * percent - 1)) // 200))
    high = min(n, -((-n * (2 * percent + 1)) // 200) - 1)
    if low > high:
        raise InfeasibleTargetError(f"No count out of {n} rounds to {percent} per cent.")
    return low, high


@dataclass
class IntegerProgram:
    """A small integer programme: variables with bounds and a wished-for value, and linear constraints.

    The objective is the weighted sum of absolute distances from the wished-for values, so a solution is close to
    plausible proportions wherever the constraints leave room.
    """

    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    wishes: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, low: float, high: float, wish: float) -> int:
        """Add an integer variable and return its index."""
        self.lows.append(low)
        self.highs.append(high)
        self.wishes.append(wish)
        return len(self.lows) - 1

    def constraint(self, coefficients: Mapping[int, float], low: float, high: float) -> None:
        """Require ``low <= sum(coefficient * variable) <= high``."""
        self.rows.append((dict(coefficients), low, high))

    def solve(self, what: str) -> IntArray:
        """Solve the programme.

        Args:
            what: name of the question or table, for the error message.

        Returns:
            One integer per variable.

        Raises:
            InfeasibleTargetError: no solution exists.
        """
        count = len(self.lows)
        data: list[float] = []
        row_index: list[int] = []
        column_index: list[int] = []
        lower: list[float] = []
        upper: list[float] = []

        def add(coefficients: Mapping[int, float], low: float, high: float) -> None:
            row = len(lower)
            for column, value in sorted(coefficients.items()):  # the same matrix whatever order sets have
                row_index.append(row)
                column_index.append(column)
                data.append(value)
            lower.append(low)
            upper.append(high)

        for coefficients, low, high in self.rows:
            add(coefficients, low, high)
        # distance[i] >= |x[i] - wish[i]|
        for i, wish in enumerate(self.wishes):
            add({i: 1.0, count + i: 1.0}, wish, np.inf)
            add({i: 1.0, count + i: -1.0}, -np.inf, wish)
        matrix = csr_matrix((data, (row_index, column_index)), shape=(len(lower), 2 * count))
        # Distances weigh less where much is wished for, so that small cells keep their shape; the tiny slope
        # makes the optimum unique and so independent of the solver's path.
        weights = [1.0 / (1.0 + abs(wish)) ** 0.5 + 1e-6 * i for i, wish in enumerate(self.wishes)]
        result = milp(
            c=np.array([0.0] * count + weights),
            constraints=LinearConstraint(matrix, np.array(lower), np.array(upper)),
            bounds=Bounds(np.array(self.lows + [0.0] * count), np.array(self.highs + [np.inf] * count)),
            integrality=np.array([1] * count + [0] * count),
        )
        if result.x is None:
            raise InfeasibleTargetError(f"The published figures for {what} cannot all hold together.")
        return np.array([round(value) for value in result.x[:count]], dtype=np.int64)


@dataclass(frozen=True)
class Margin:
    """``low <= number of forms in any of ``cells`` whose answer is any of ``options`` <= high``."""

    cells: tuple[Hashable, ...]
    options: tuple[str, ...]
    low: int
    high: int


def allocate_single(
    what: str,
    cells: Mapping[Hashable, int],
    options: Sequence[str],
    margins: Sequence[Margin],
    shares: Callable[[Hashable], Mapping[str, float]],
) -> dict[Hashable, dict[str, int]]:
    """Numbers of each answer of a single-choice question in each cell of forms, such that all margins hold.

    Args:
        what: name of the question, for error messages.
        cells: number of forms per cell.
        options: possible answers, including ``missing``.
        margins: what must hold.
        shares: plausible share of each answer in a cell, used where the margins leave room.

    Returns:
        ``{cell: {option: forms}}``; each cell's numbers add to its forms.

    Raises:
        InfeasibleTargetError: the margins contradict each other.
    """
    programme = IntegerProgram()
    index: dict[tuple[Hashable, str], int] = {}
    for cell, size in cells.items():
        share = shares(cell)
        total = sum(share.get(option, 0.0) for option in options) or 1.0
        for option in options:
            index[cell, option] = programme.variable(0, size, size * share.get(option, 0.0) / total)
        programme.constraint({index[cell, option]: 1.0 for option in options}, size, size)
    for margin in margins:
        programme.constraint(
            {index[cell, option]: 1.0 for cell in margin.cells if cell in cells for option in margin.options},
            margin.low,
            margin.high,
        )
    solution = programme.solve(what)
    return {cell: {option: int(solution[index[cell, option]]) for option in options} for cell in cells}


def spread(rng: np.random.Generator, counts: Mapping[str, int]) -> list[str]:
    """A list holding each key as often as its count says, in random order."""
    values = [key for key, count in counts.items() for _ in range(count)]
    order = rng.permutation(len(values))
    return [values[i] for i in order]


def tick_matrix(rng: np.random.Generator, forms: int, counts: Sequence[int], what: str) -> BoolArray:
    """Ticks of a tick-all question: every form has at least one tick, every option its count.

    Args:
        rng: source of randomness.
        forms: number of forms with at least one tick.
        counts: ticks per option, in option order.
        what: name of the question, for error messages.

    Returns:
        Boolean array of shape (forms, options).

    Raises:
        InfeasibleTargetError: an option has more ticks than forms, or there are fewer ticks than forms.
    """
    ticks = np.zeros((forms, len(counts)), dtype=np.bool_)
    if forms == 0 and sum(counts) == 0:
        return ticks
    if max(counts, default=0) > forms or sum(counts) < forms:
        raise InfeasibleTargetError(f"The ticks of {what} cannot cover each of {forms} forms at least once.")
    # First one tick per form, options in proportion to their counts, then the other ticks anywhere else.
    first = largest_remainder(counts, forms)
    owner = np.repeat(np.arange(len(counts)), first)
    ticks[rng.permutation(forms), owner] = True
    for option, count in enumerate(counts):
        free = np.flatnonzero(~ticks[:, option])
        more = rng.choice(free, size=count - first[option], replace=False)
        ticks[more, option] = True
    return ticks


def tick_matrix_with_row_sums(
    rng: np.random.Generator, row_sums: IntArray, counts: Sequence[int], what: str, swaps: int = 6_000
) -> BoolArray:
    """Ticks of a tick-all question with a given number of ticks on every form and on every option.

    Built option by option, most frequent first, on the forms with most ticks still to give (which succeeds whenever
    any solution exists), then mixed by exchanges that keep both margins.

    Args:
        rng: source of randomness.
        row_sums: ticks per form.
        counts: ticks per option; adds to the sum of ``row_sums``.
        what: name of the question, for error messages.
        swaps: number of attempted exchanges.

    Returns:
        Boolean array of shape (forms, options).

    Raises:
        InfeasibleTargetError: no such array exists.
    """
    left = row_sums.copy()
    ticks = np.zeros((len(row_sums), len(counts)), dtype=np.bool_)
    for option in sorted(range(len(counts)), key=lambda o: (-counts[o], o)):
        order = np.lexsort((rng.random(len(left)), -left))
        chosen = order[: counts[option]]
        if counts[option] and left[chosen].min() < 1:
            raise InfeasibleTargetError(f"The numbers of ticks of {what} contradict each other.")
        ticks[chosen, option] = True
        left[chosen] -= 1
    if left.any():
        raise InfeasibleTargetError(f"The numbers of ticks of {what} contradict each other.")
    for a, b in rng.integers(0, len(row_sums), (swaps, 2)):
        only_a = np.flatnonzero(ticks[a] & ~ticks[b])
        only_b = np.flatnonzero(ticks[b] & ~ticks[a])
        if len(only_a) and len(only_b):
            give, take = rng.choice(only_a), rng.choice(only_b)
            ticks[a, give], ticks[b, give] = False, True
            ticks[a, take], ticks[b, take] = True, False
    return ticks


def largest_remainder(weights: Sequence[float], total: int) -> IntArray:
    """Whole numbers in proportion to ``weights`` that add to ``total``; none above a weight that is a larger count."""
    array = np.asarray(weights, dtype=np.float64)
    if array.sum() <= 0:
        return np.zeros(len(array), dtype=np.int64)
    exact = array * total / array.sum()
    whole: IntArray = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def numbers_in_bands(
    rng: np.random.Generator,
    bands: Sequence[tuple[int, int, int]],
    mean: tuple[float, float],
    what: str,
    *,
    step: int = 1,
    decay: float = 1.0,
    strict: bool = True,
) -> list[int]:
    """Whole numbers with a given count in each band and a mean inside a given interval.

    Args:
        rng: source of randomness.
        bands: ``(low, high, count)`` per band, both ends inclusive.
        mean: lowest and highest admissible mean.
        what: name of the question, for error messages.
        step: numbers are multiples of this where the band has some (people say "18 months").
        decay: weight of each number in a band relative to the one before; below 1 favours low numbers.
        strict: whether a mean outside the interval is an error; else the nearest possible mean is taken.

    Returns:
        The numbers, band by band (not shuffled).

    Raises:
        InfeasibleTargetError: the bands do not allow such a mean.
    """
    values: list[int] = []
    lows: list[int] = []
    highs: list[int] = []
    for low, high, count in bands:
        if not count:
            continue
        choices = [v for v in range(low, high + 1) if v % step == 0] or list(range(low, high + 1))
        weights = decay ** np.arange(len(choices))
        values += [choices[int(i)] for i in rng.choice(len(choices), count, p=weights / weights.sum())]
        lows += [low] * count
        highs += [high] * count
    if not values:
        return values
    numbers = np.array(values, dtype=np.int64)
    lowest, highest = np.array(lows), np.array(highs)
    wanted = round(len(numbers) * (mean[0] + mean[1]) / 2)
    wanted = int(np.clip(wanted, lowest.sum(), highest.sum()))
    order = rng.permutation(len(numbers))
    for unit in (step, 1):
        moved = True
        while moved and abs(wanted - int(numbers.sum())) >= unit:
            moved = False
            for i in order:
                gap = wanted - int(numbers.sum())
                if abs(gap) < unit:
                    break
                target = numbers[i] + (unit if gap > 0 else -unit)
                if lowest[i] <= target <= highest[i]:
                    numbers[i] = target
                    moved = True
    if strict and not mean[0] - 1e-9 <= numbers.mean() <= mean[1] + 1e-9:
        raise InfeasibleTargetError(f"The bands of {what} do not allow the published average.")
    return [int(v) for v in numbers]


def numbers_with_median(
    rng: np.random.Generator, bands: Sequence[tuple[int, int, int]], median: int, what: str, plateau: int = 20
) -> list[int]:
    """Whole numbers with a given count in each band and a given median.

    Args:
        rng: source of randomness.
        bands: ``(low, high, count)`` per band, both ends inclusive, ascending.
        median: the median, inside one of the bands.
        what: name of the question, for error messages.
        plateau: how many numbers around the middle equal the median.

    Returns:
        The numbers, ascending.

    Raises:
        InfeasibleTargetError: the counts do not allow that median.
    """
    middle = sum(count for _, _, count in bands) // 2
    numbers: list[int] = []
    for low, high, count in bands:
        if not low <= median <= high:
            spread_over = min(high, low + 4 * (high - low + 1) // 5) if high > low else high
            numbers += [int(v) for v in rng.integers(low, spread_over + 1, count)]
            continue
        shorter = middle - plateau // 2 - len(numbers)
        if low == median:  # nothing can be shorter within this band
            shorter, equal = 0, middle + plateau // 2 - len(numbers)
        else:
            equal = plateau
        longer = count - shorter - equal
        if min(shorter, equal, longer) < 0 or (median == high and longer):
            raise InfeasibleTargetError(f"The counts of {what} do not allow the published median.")
        numbers += [int(v) for v in rng.integers(low, median, shorter)] if shorter else []
        numbers += [median] * equal
        numbers += [int(v) for v in rng.integers(median + 1, high + 1, longer)] if longer else []
    return sorted(numbers)
