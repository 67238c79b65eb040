"""Which n is which count: follow-ups, matched forms, clients, and counts that are one in every place."""

from __future__ import annotations

from collections import defaultdict

from tests.attack.documentation import Cell, Population
from tests.attack.forms import COUNTED, Year, identity
from tests.attack.system import System

DIFFERENT = 5
"""How many different numbers above zero two cells have to share, and none contradict, to be taken for one."""


def relate(year: Year) -> None:
    """Add what the documentation says of each n, and what the prints say beyond doubt."""
    cells: dict[tuple[str, str, str], Cell] = {}
    for one in year.placed:
        if one.cell.statistic in COUNTED and one.cell.answers != "*":
            cells.setdefault(identity(one.cell), one.cell)
    for population in year.documentation.populations:
        if population.question:
            _opened(year, population, list(cells.values()))
        elif "matched" in population.words:
            _matched(year, population, list(cells.values()))
    _clients(year)
    _closed(year)
    _same_answers(year, list(cells.values()))


def alike(system: System, left: int, right: int) -> str:
    """`same`, `other` or `unsure`: whether two counts are printed alike."""
    a = {printed for _, printed in system.unknowns[left].prints}
    b = {printed for _, printed in system.unknowns[right].prints}
    if not a or not b:
        return "unsure"
    return "same" if a & b else "other"


def _everywhere(year: Year, left: tuple[str, str, str], right: tuple[str, str, str]) -> bool:
    """Whether two identities are printed alike in every place, often enough."""
    shared: set[int] = set()
    for place in year.places:
        a, b = year.system.known((place, left)), year.system.known((place, right))
        if a is None or b is None:
            continue
        verdict = alike(year.system, a, b)
        if verdict == "other":
            return False
        if verdict == "same":
            shared |= {printed for _, printed in year.system.unknowns[a].prints if printed}
    return len(shared) >= min(DIFFERENT, len(year.places))


def _possible(year: Year, left: tuple[str, str, str], right: tuple[str, str, str]) -> bool:
    for place in year.places:
        a, b = year.system.known((place, left)), year.system.known((place, right))
        if a is not None and b is not None and alike(year.system, a, b) == "other":
            return False
    return True


def _one(year: Year, left: tuple[str, str, str], right: list[tuple[str, str, str]], why: str) -> None:
    for place in year.places:
        a = year.system.known((place, left))
        numbers = [year.system.known((place, other)) for other in right]
        if a is not None and all(number is not None for number in numbers):
            year.system.equal(a, [number for number in numbers if number is not None], why)


def _opened(year: Year, population: Population, cells: list[Cell]) -> None:
    """The n of a follow-up is the count of the answers that open it."""
    side = population.name.split("_")[0]
    found: list[list[tuple[str, str, str]]] = []
    by_over: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.counted == population.question:
            by_over[cell.over].append(cell)
    for over, candidates in by_over.items():
        parent = year.documentation.population(over)
        if parent is None or parent.name.split("_")[0] != side or parent.counts != population.counts:
            continue
        chosen = []
        for answer in population.answers:
            fitting = [c for c in candidates if _is_answer(c, answer)]
            if fitting:
                chosen.append(identity(fitting[0]))
        if len(chosen) == len(population.answers):
            found.append(chosen)
    base = ("the form", "*", population.words)
    if len(found) > 1:
        found = [one for one in found if len(one) > 1 or _possible(year, base, one[0])]
    if len(found) == 1:
        _one(year, base, found[0], f"n is the answer that opens it: {population.words}")
        parent_over = found[0][0][2]
        for cell in by_over.get(population.words, []):
            same = [other for other in by_over[parent_over] if other.answers == cell.answers]
            if same and any(_is_answer(same[0], answer) for answer in population.answers):
                _one(year, identity(cell), [identity(same[0])], "an answer that admits is the same among the admitted")


def _is_answer(cell: Cell, answer: str) -> bool:
    code = answer.lower().replace(",", "").replace("'", "").replace("-", "_").replace(" ", "_")
    return cell.answers == code or answer in {cell.column, cell.row.split(" / ")[-1]}


def _matched(year: Year, population: Population, cells: list[Cell]) -> None:
    """An n of forms whose matched form says something is the count of that among all forms of its kind."""
    side = population.name.split("_")[0]
    base = ("the form", "*", population.words)
    fitting = []
    for cell in cells:
        parent = year.documentation.population(cell.over)
        if parent is None or parent.question or parent.name.split("_")[0] != side or cell.point != "intake":
            continue
        if _everywhere(year, base, identity(cell)):
            fitting.append(identity(cell))
    if len(fitting) == 1:
        _one(year, base, fitting, f"n is printed as a count as well: {population.words}")


def _closed(year: Year) -> None:
    """`Support provided` is asked where a need is identified: whoever answered it is among those with the need.

    The reports say so of each question: it is blank unless the answer to the other opens it. A table has both in a row.
    """
    rows: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    answered: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    for one in year.placed:
        cell = one.cell
        if cell.statistic not in COUNTED:
            continue
        if cell.column in {"Need identified", "Support provided"}:
            rows[(cell.indicator, cell.row)][cell.column] = cell
        elif "closed" in cell.answers.split(";"):
            answered[(cell.counted, cell.over)]["closed"] = cell
        if not cell.column:
            answered[(cell.counted, cell.over)].setdefault(cell.answers, cell)
    for columns in rows.values():
        if len(columns) < 2:
            continue
        need, given = columns["Need identified"], columns["Support provided"]
        cells = answered.get((given.counted, given.over), {})
        said = [cell for answers, cell in cells.items() if answers in {"yes", "no", "dont_know"}]
        if "closed" not in cells or need.over != given.over or not said:
            continue
        for place in year.places:
            large = year.system.known((place, identity(need)))
            numbers = [year.system.known((place, identity(cell))) for cell in said]
            if large is not None and all(number is not None for number in numbers):
                terms = [(1, large)] + [(-1, number) for number in numbers if number is not None]
                year.system.relate(terms, 0, 10**9, f"asked where the need is: {need.row}")


def _clients(year: Year) -> None:
    """Unique clients are no more than the forms."""
    for population in year.documentation.populations:
        if population.counts != "clients" or population.question:
            continue
        side = population.name.split("_")[0]
        forms = next(
            (
                one
                for one in year.documentation.populations
                if one.counts == "forms" and not one.question and one.name == f"{side}_forms"
            ),
            None,
        )
        if forms is None:
            continue
        for place in year.places:
            small = year.system.known((place, ("the form", "*", population.words)))
            large = year.system.known((place, ("the form", "*", forms.words)))
            if small is not None and large is not None:
                year.system.at_most(small, large, "clients are no more than forms")


def _same_answers(year: Year, cells: list[Cell]) -> None:
    """The same answer to a question of the same words, over two n: one count where it is printed alike everywhere."""
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[(cell.counted, cell.answers)].append(cell)
    for group in groups.values():
        for position, left in enumerate(group):
            for right in group[position + 1 :]:
                if left.over != right.over and _everywhere(year, identity(left), identity(right)):
                    why = f"printed alike in every place: {left.counted}, {left.answers}"
                    _one(year, identity(left), [identity(right)], why)
