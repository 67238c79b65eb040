"""What is counted and printed: populations, tables of the report and their rows and columns, combinations, breakdowns.

A row that names what is there can still count nothing, or count what is not its n: such a row would print a number that
nobody meant, so each statistic is held to what it is made from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from catalogue.coherence.held import COUNTED, NO_ANSWER, Held, by, check_codes, listed, unknown, wrong
from catalogue.errors import nearest, shown
from catalogue.merge import Row

#: What figures can be broken down by: each is a column of the fact tables.
BREAKDOWNS = ("age_band", "gender", "ethnicity_group", "abuse_timing")
_STATISTICS = ("percentage", "count", "per_100", "mean", "median", "services", "external")
_AVERAGES = ("mean", "median")
_SHARES = ("percentage", "per_100")
# Beside its own, a later form is counted by answers of the intake form that is matched to it.
_MATCHED = frozenset({("exit", "intake"), ("review", "intake")})
_FEWEST_MEMBERS = 2
_POINTS = 2
# What a row of a table prints, wherever it stands.
_MEANING = (
    "table_id", "point", "row_label", "column_label", "column_set", "population_id", "question_id", "option_codes",
    "option_group", "statistic",
)  # fmt: skip
# What a number of days, weeks, months or years may be printed in.
_SPANS = ({"days", "weeks"}, {"months", "years"})
_OF_STATISTIC = {"percentage": ("%",), "services": ("services",)}


def check_report(held: Held) -> None:
    """Hold what is counted. Raises ProgrammeError: the first row that is wrong, with file and line."""
    for row in held.tables["population"]:
        _check_population(held, row)
    for row in held.own("column_set"):
        _check_column(held, row)
    for row in held.tables["report_row"]:
        _check_row(held, row)
        _check_place(row, held.kinds[row.cells["table_id"]])
        _check_counted(held, row)
    _check_tables(held)
    _check_cells_of_tables(held)
    _check_combinations(held)
    for row in held.tables["breakdown"]:
        _check_breakdown(held, row)


def _check_population(held: Held, row: Row) -> None:
    cells = row.cells
    if bool(cells["question_id"]) != bool(cells["option_codes"]):
        raise wrong(row, "`question_id` and `option_codes` say which answer limits it: both or neither")
    if cells["question_id"]:
        question = held.questions[cells["question_id"]]
        _check_form(held.cohorts[cells["cohort_id"]]["form_id"], row, question)
        check_codes(held, row, "option_codes", question)


def _check_form(form_id: str, row: Row, question: Row) -> None:
    """A question is one of the forms that are counted, or of the intake form that is matched to them."""
    asked_by = question.cells["form_id"]
    if asked_by != form_id and (form_id, asked_by) not in _MATCHED:
        raise wrong(
            row,
            f"`question_id` names {question.cells['question_id']}, a question of the {asked_by} form, and it counts "
            f"{form_id} forms",
        )


def _check_column(held: Held, row: Row) -> None:
    """A column is of many questions, and some of them have not all of its answers; each is an answer of some set.

    The engine's may count an option that a programme has left out."""
    known = {one.cells["option_code"] for one in held.tables["option"]}
    for code in listed(row.cells["option_codes"]):
        if code not in known | NO_ANSWER:
            raise wrong(row, f"`option_codes` names `{shown(code)}`, which is no option", nearest(code, known))


def _check_row(held: Held, row: Row) -> None:
    cells = row.cells
    if cells["statistic"] not in _STATISTICS:
        raise unknown(row, "statistic", _STATISTICS, f"which is none of {', '.join(_STATISTICS)}")
    average = cells["statistic"] if cells["statistic"] in _AVERAGES else ""
    if average not in cells["row_label"].lower():
        raise wrong(row, f"`row_label` has to say that it is a {average}, such as: Siblings ({average})")
    if cells["column_set"] and cells["column_set"] not in held.columns:
        raise unknown(row, "column_set", held.columns, "which is none")
    codes = listed(cells["option_codes"])
    if not cells["question_id"]:
        if cells["option_group"] or any(code != "*" for code in codes):
            raise wrong(row, "it counts answers, and `question_id` does not say to which question")
        return
    question = held.questions[cells["question_id"]]
    if row.place.is_own and (question.cells["answer_type"] not in COUNTED or question.cells["storage"] != "store"):
        raise wrong(
            row,
            f"it counts {question.cells['question_id']}, whose answers are not counted (`answer_type` "
            f"{question.cells['answer_type']}, `storage` {question.cells['storage']}): counted are "
            f"{', '.join(COUNTED)} with the storage store",
        )
    check_codes(held, row, "option_codes", question, NO_ANSWER)
    groups = held.groups(question)
    if cells["option_group"] and cells["option_group"] not in groups:
        raise unknown(row, "option_group", groups, f"which is no group of options of {cells['question_id']}")
    if cells["column_set"]:
        offered = {
            code for column in held.columns[cells["column_set"]] for code in listed(column.cells["option_codes"])
        }
        if not offered & held.codes(question):
            raise wrong(row, f"no column of `{shown(cells['column_set'])}` counts an option of {cells['question_id']}")


def _check_place(row: Row, kind: str) -> None:
    """Where a row stands in its kind of table: with a point, in columns, or in neither."""
    cells = row.cells
    if (kind == "paired") != bool(cells["point"]):
        raise wrong(row, "`point` is for tables whose `response_type` is paired, which need it, and no other")
    if cells["column_set"] and (cells["column_label"] or cells["column_order"]):
        raise wrong(row, "`column_set` brings columns of its own: leave `column_label` and `column_order` blank")
    if (kind == "matrix") != bool(cells["column_set"] or cells["column_label"]):
        said = (
            "`column_set` or `column_label` is for tables whose `response_type` is matrix, which need it, and no other"
        )
        raise wrong(row, said)
    if bool(cells["column_label"]) != bool(cells["column_order"]):
        raise wrong(row, "`column_label` and `column_order` belong together: both or neither")


def _check_counted(held: Held, row: Row) -> None:
    """What a statistic is made from: who is counted, which question, which of its answers."""
    cells = row.cells
    statistic = cells["statistic"]
    if statistic == "external":
        if cells["population_id"] or cells["question_id"]:
            raise wrong(row, "`statistic` external is of no form: leave `population_id` and `question_id` blank")
        if not cells["row_label"]:
            raise wrong(row, "`row_label` must not be blank: no question names it")
        return
    if not cells["population_id"]:
        raise wrong(row, "`population_id` must not be blank: it says what is counted")
    codes = listed(cells["option_codes"])
    named = [column for column in ("option_codes", "option_group", "column_set") if cells[column]]
    if len(named) > 1:
        raise wrong(row, f"`{named[0]}` and `{named[1]}` both say which answers it counts: give one")
    if statistic == "services" or statistic in _AVERAGES:
        if named:
            raise wrong(row, f"`{named[0]}` has to be blank: `statistic` {statistic} counts no answers")
    elif not named:
        raise wrong(row, "it counts no answer: give `option_codes`, `option_group` or, in a matrix, `column_set`")
    if "*" in codes and len(codes) > 1:
        raise wrong(row, "`option_codes` names `*`, which is everybody, and more")
    if "*" in codes and statistic != "count":
        raise wrong(row, f"`option_codes` names `*`, everybody, of whom a {statistic} is always 100")
    _check_unit(held, row)
    if not cells["question_id"]:
        if statistic not in ("count", "services"):
            raise wrong(row, f"`question_id` must not be blank: `statistic` {statistic} is of answers to a question")
        return
    if statistic == "services":
        raise wrong(row, "`question_id` has to be blank: `statistic` services counts who takes part")
    question = held.questions[cells["question_id"]]
    _check_question(held, row, question, codes)


def _check_question(held: Held, row: Row, question: Row, codes: Sequence[str]) -> None:
    cells, kind = row.cells, question.cells["answer_type"]
    _check_form(held.cohort_of(cells["population_id"])["form_id"], row, question)
    _check_within(held, row, question, held.populations[cells["population_id"]])
    if cells["point"] and cells["point"] != question.cells["form_id"]:
        raise wrong(row, f"`point` is {cells['point']}, and the question is of the {question.cells['form_id']} form")
    if cells["statistic"] in _AVERAGES and kind != "number":
        raise wrong(row, f"`statistic` {cells['statistic']} is of numbers, and {cells['question_id']} has none")
    if cells["statistic"] in _SHARES and kind == "tick_all":
        columns = held.columns.get(cells["column_set"], ())
        for named in [codes, *(listed(one.cells["option_codes"]) for one in columns)]:
            if cells["option_group"] or (len(named) > 1 and not NO_ANSWER.issuperset(named)):
                raise wrong(
                    row,
                    f"who gave two of the answers to {cells['question_id']} would count twice in a share: name one, or "
                    "take the `statistic` count, which counts ticks",
                )


def _check_within(held: Held, row: Row, question: Row, population: Row) -> None:
    """Whoever is counted is in the n: an answer that limits a population opens the questions of its rows."""
    limiting, limits = population.cells["question_id"], set(listed(population.cells["option_codes"]))
    if not limiting:
        return
    above: Row | None = question
    while above is not None:
        if above.cells["question_id"] == limiting:
            named = set(listed(row.cells["option_codes"])) if above is question else set()
            if named and named <= limits:
                return
        parent = above.cells["parent_question_id"]
        if parent == limiting and set(listed(above.cells["parent_option_codes"])) <= limits:
            return
        above = held.questions[parent] if parent else None
    raise wrong(
        row,
        f"`population_id` is of those who gave an answer to {limiting}, and {question.cells['question_id']} is put to "
        "others as well, who would be counted and not be in the n. Take the population of the whole form, or of the "
        "answer that opens the question",
    )


def _check_unit(held: Held, row: Row) -> None:
    """The unit says what is printed: whoever reads a figure without its table has nothing else."""
    cells = row.cells
    statistic, unit = cells["statistic"], cells["unit"]
    question = held.questions.get(cells["question_id"])
    of_number = question.cells["unit"] if question is not None else ""
    allowed = list(_OF_STATISTIC.get(statistic, ()))
    if statistic == "count":
        allowed = [held.cohort_of(cells["population_id"])["unit"]]
        if question is not None and question.cells["answer_type"] == "tick_all":
            allowed = ["ticks"]
    elif statistic in _AVERAGES:
        allowed = sorted({of_number, *(one for span in _SPANS if of_number in span for one in span)} - {""})
    if statistic == "per_100" and not unit.endswith("per 100"):
        raise wrong(row, "`unit` has to say what is counted per 100, such as: people per 100")
    if allowed and unit not in allowed:
        raise wrong(row, f"`unit` of a {statistic} has to be {' or '.join(allowed)} here")


def _check_tables(held: Held) -> None:
    filled = {row.cells["table_id"] for row in held.tables["report_row"]}
    for row in held.own("report_table"):
        if row.cells["table_id"] not in filled:
            raise wrong(row, "no row of report_row.csv belongs to it")
    first: dict[str, Row] = {}
    points: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    said: dict[tuple[str, ...], Row] = {}
    for row in held.tables["report_row"]:
        table_id = row.cells["table_id"]
        kind = held.kinds[table_id]
        other = first.setdefault(table_id, row)
        if kind == "single" and other.cells["population_id"] != row.cells["population_id"]:
            raise wrong(
                row if row.place.is_own else other,
                "`population_id` is another than that of other rows of a table whose `response_type` is single",
            )
        if kind == "paired":
            points[table_id, row.cells["row_order"], row.cells["statistic"]].add(row.cells["point"])
        other = said.setdefault(row.values(_MEANING), row)
        if other is not row and row.place.is_own:
            raise wrong(row, f"it prints what row {other.cells['row_order']} of the same table prints already")
    for row in held.tables["report_row"]:
        key = (row.cells["table_id"], row.cells["row_order"], row.cells["statistic"])
        if key in points and len(points[key]) < _POINTS:
            raise wrong(row, "a paired table has the same row and `statistic` at two points, and this one stands alone")


def _check_cells_of_tables(held: Held) -> None:
    """No two figures in one place, and every row stands below the one it is a part of."""
    first: dict[tuple[str, str, str, str], Row] = {}
    rows = held.tables["report_row"]
    for row in rows:
        cells = row.cells
        labels = [one.cells["column_label"] for one in held.columns.get(cells["column_set"], ())] or [
            cells["column_label"]
        ]
        for label in labels:
            place = (cells["table_id"], cells["point"], cells["row_order"], label)
            other = first.setdefault(place, row)
            if other is not row or labels.count(label) > 1:
                raise wrong(
                    row if row.place.is_own or other is row else other,
                    f"the column `{shown(label)}` of this row of {cells['table_id']} is given twice",
                )
    orders = {(row.cells["table_id"], row.cells["point"], row.cells["row_order"]) for row in rows}
    for row in rows:
        cells = row.cells
        if cells["parent_row_order"] and (
            (cells["table_id"], cells["point"], cells["parent_row_order"]) not in orders
            or int(cells["parent_row_order"]) >= int(cells["row_order"])
        ):
            raise wrong(row, "`parent_row_order` has to be the `row_order` of a row above it in the same table")


def _check_combinations(held: Held) -> None:
    members = by(held.tables["co_occurrence_member"], "set_id")
    for one in held.tables["co_occurrence_set"]:
        form_id = held.cohort_of(one.cells["population_id"])["form_id"]
        own = sorted(members.get(one.cells["set_id"], ()), key=lambda row: int(row.cells["member_order"]))
        if len(own) < _FEWEST_MEMBERS:
            raise wrong(one, f"a combination needs {_FEWEST_MEMBERS} members or more in co_occurrence_member.csv")
        for place, row in enumerate(own, start=1):
            if int(row.cells["member_order"]) != place:
                raise wrong(row, f"`member_order` counts without a gap: {place} is missing")
            question = held.questions[row.cells["question_id"]]
            if question.cells["form_id"] != form_id:
                raise wrong(row, f"`question_id` has to name a question of the {form_id} form, which the set counts")
            twin = next((one for one in own[: place - 1] if _overlaps(held, one, row)), None)
            if twin is not None:
                raise wrong(
                    row,
                    f"it says an answer that member {twin.cells['member_order']} says, or is of the same question, one "
                    "answer to which a form has",
                )
            # A member of the engine may be an option that a programme has left out: then nobody gave it.
            if row.place.is_own:
                check_codes(held, row, "option_codes", question)


def _overlaps(held: Held, one: Row, other: Row) -> bool:
    """Whether two members are of one question of which a form gives one answer, or of the same answer."""
    if one.cells["question_id"] != other.cells["question_id"]:
        return False
    is_of_several = held.questions[one.cells["question_id"]].cells["answer_type"] == "tick_all"
    return not is_of_several or bool({*listed(one.cells["option_codes"])} & {*listed(other.cells["option_codes"])})


def _check_breakdown(held: Held, row: Row) -> None:
    if row.cells["breakdown"] not in BREAKDOWNS:
        raise unknown(row, "breakdown", BREAKDOWNS, f"and figures can be broken down by {', '.join(BREAKDOWNS)} only")
    question = held.questions[row.cells["question_id"]]
    cells = question.cells
    if cells["form_id"] != "intake" or not cells["option_set"] or cells["answer_type"] == "tick_all":
        raise wrong(row, "`question_id` has to name a question of the intake form that has options, and one answer")
    if row.cells["level"] == "group" and not held.groups(question):
        raise wrong(row, f"`level` is group, and no option of {row.cells['question_id']} has an `option_group`")
