"""What is asked and what is offered: numbers, names, what is kept of an answer, gates, rules that derive an answer."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.coherence.held import COUNTED, NAME, Held, check_codes, listed, unknown, wrong
from catalogue.errors import nearest, shown
from catalogue.folding import fold
from catalogue.merge import Row
from catalogue.shapes import is_of

#: Numbers of questions from here on are a programme's; the engine never gives one of them.
FIRST_OWN_QUESTION = 5001
# An answer is question_no * 100 + option_no, and the cube of answers keeps six digits for it.
_LAST_QUESTION = 9_999
_LAST_OPTION = 97
# What may be kept of an answer to a programme's question: nothing that holds a name, an id or a day of somebody's life.
_KEPT = {
    "text": ("never",),
    "identifier": ("pseudonym", "never"),
    "date": ("month", "never"),
    "timestamp": ("month", "never"),
}
_KEPT_OTHERWISE = ("store", "never")
_OF_OPTIONS = ("single", "tick_all", "matrix")
# What answers are called that are no option of a set.
_RESERVED = frozenset({"missing", "closed", "not_asked", "unknown", "given"})
_RESERVED_LABELS = frozenset({"missing", "not asked"})
# What stands in the column of one option of several.
_TICKS = frozenset({"0", "1"})
# What a derived answer is of, and the answers its set has to offer.
_DERIVED = {
    "age_years": ("number", ()),
    "case_length": ("number", ("error",)),
    "client_reviewed": ("single", ("yes", "no")),
    "tick_count": ("number", ()),
    "any_yes": ("single", ()),
}
_WHOLE = "a whole number of at most nine digits"
# Rules that the models know for one source only, which the engine's own question names.
_OF_ONE_SOURCE = ("age_years", "case_length", "client_reviewed")


def check_questions(held: Held) -> None:
    """Hold options and questions. Raises ProgrammeError: the first that is wrong, with file and line."""
    for row in held.tables["option"]:
        _check_option(held, row)
    _check_meanings(held)
    _check_bands(held)
    for row in held.tables["question"]:
        if row.place.is_own:
            _check_own(held, row)
        if row.cells["option_set"] and row.cells["option_set"] not in held.sets:
            raise unknown(row, "option_set", held.sets, "of which there are no options")
        if row.cells["parent_question_id"] or row.cells["parent_option_codes"]:
            _check_gate(held, row)
        if row.place.is_own and (row.cells["derivation"] or row.cells["derived_from"]):
            _check_derivation(held, row)
    for row in held.own("option"):
        if row.cells["option_set"] not in held.askers:
            raise unknown(row, "option_set", held.askers, "which no question offers")


def _check_option(held: Held, row: Row) -> None:
    cells = row.cells
    if not 1 <= int(cells["option_no"]) <= _LAST_OPTION:
        raise wrong(row, f"`option_no` has to be from 1 to {_LAST_OPTION}")
    if not row.place.is_own:
        return
    if not NAME.fullmatch(cells["option_code"]) or cells["option_code"] in _RESERVED:
        raise wrong(
            row,
            "`option_code` has to be small letters, digits and _, beginning with a letter, and none of "
            + ", ".join(sorted(_RESERVED)),
        )
    if fold(cells["option_label"]) in _RESERVED_LABELS:
        raise wrong(row, "`option_label` is what reports call the absence of an answer. Word it otherwise")
    if held.is_of_several(cells["option_set"]):
        if ";" in cells["option_label"]:
            raise wrong(row, "`option_label` holds a `;`, which stands between the answers to a question with several")
        if fold(cells["option_label"]) in _TICKS:
            raise wrong(row, "`option_label` is what the column of a tick holds (0 or 1). Word it otherwise")


def _check_meanings(held: Held) -> None:
    """No two options of a set may read the same in any wording: an answer would be both."""
    seen: dict[tuple[str, str], str] = {}
    spelt = [
        (row, row.cells["option_set"], row.cells["option_code"], row.cells[column])
        for row in held.tables["option"]
        for column in ("option_code", "option_label")
    ]
    for row in held.tables["wording"]:
        if row.cells["item_type"].startswith("option_"):
            option_set, _, code = row.cells["item_id"].partition(".")
            spelt.append((row, option_set, code, row.cells["wording"]))
    for row, option_set, code, text in spelt:
        other = seen.setdefault((option_set, fold(text)), code)
        if other != code:
            raise wrong(row, f"`{shown(text)}` reads like the option `{shown(other)}` of the same set")


def _check_bands(held: Held) -> None:
    """Bands are of whole numbers, of questions with a number, and no number is in two of them."""
    for option_set, rows in held.sets.items():
        bands = _bands(rows)
        limits: list[tuple[float, float, Row]] = []
        for row in bands:
            for column in ("lower_bound", "upper_bound"):
                if row.cells[column] and not is_of("integer", row.cells[column]):
                    raise wrong(row, f"`{column}` has to be {_WHOLE}; numbers are rounded down before")
            least, most = float(row.cells["lower_bound"] or "-inf"), float(row.cells["upper_bound"] or "inf")
            if least > most:
                raise wrong(row, "`lower_bound` is above `upper_bound`")
            other = next((one for low, high, one in limits if low <= most and least <= high), None)
            if other is not None:
                raise wrong(row, f"its band and that of `{shown(other.cells['option_code'])}` hold the same numbers")
            limits.append((least, most, row))
        # Not the engine's `error`, which a rule gives.
        loose = [row for row in rows if row not in bands and row.cells["option_kind"] == "answer" and row.place.is_own]
        if bands and loose and loose[0].cells["option_code"] != "error":
            raise wrong(
                loose[0], "`lower_bound` and `upper_bound` are blank, and the other options of the set are bands"
            )
        for asker in held.askers.get(option_set, ()):
            if bool(bands) != (asker.cells["answer_type"] == "number"):
                said = (
                    f"names `{shown(option_set)}`, whose options are bands of a number, and `answer_type` is not number"
                    if bands
                    else f"names `{shown(option_set)}`, and options of a number are bands: they need `lower_bound` "
                    "and `upper_bound`"
                )
                raise wrong(asker, f"`option_set` {said}")


def _check_own(held: Held, row: Row) -> None:
    cells = row.cells
    kind = cells["answer_type"]
    if not FIRST_OWN_QUESTION <= int(cells["question_no"]) <= _LAST_QUESTION:
        raise wrong(row, f"`question_no` of a programme has to be from {FIRST_OWN_QUESTION} to {_LAST_QUESTION}")
    if not NAME.fullmatch(cells["question_id"]) or not cells["question_id"].startswith(f"{cells['form_id']}_"):
        raise wrong(row, f"`question_id` has to be small letters, digits and _, beginning {cells['form_id']}_")
    sections = {one.cells["section_id"] for one in held.of_form("section", cells["form_id"])}
    if cells["section_id"] not in sections:
        raise unknown(row, "section_id", sections, f"which is no section of the {cells['form_id']} form")
    kept = _KEPT.get(kind, _KEPT_OTHERWISE)
    if cells["storage"] not in kept:
        why = " may hold what identifies a child" if kind in _KEPT else " is kept as it is or not at all"
        raise wrong(row, f"an answer of type {kind}{why}, so `storage` has to be {' or '.join(kept)}")
    if kind in _OF_OPTIONS and not cells["option_set"]:
        raise wrong(row, f"`option_set` must not be blank: an answer of type {kind} is one of its options")
    if kind not in COUNTED and cells["option_set"]:
        raise wrong(row, f"`option_set` has to be blank: an answer of type {kind} has no options")
    if (kind == "matrix") != bool(cells["matrix_id"]) or bool(cells["matrix_id"]) != bool(cells["matrix_label"]):
        raise wrong(row, "`matrix_id` and `matrix_label` belong to a question of type matrix, both, and to no other")
    for other in held.tables["question"]:
        if cells["matrix_id"] and other.cells["matrix_id"] == cells["matrix_id"]:
            for column in ("form_id", "section_id", "matrix_label", "option_set"):
                if other.cells[column] != cells[column]:
                    raise wrong(
                        row, f"`{column}` is another than that of {other.cells['question_id']}, of the same matrix"
                    )
    _check_number(held, row)
    if cells["is_required"] == "true" and (cells["parent_question_id"] or cells["derivation"]):
        raise wrong(row, "`is_required` has to be false: the question is derived, or not put to everybody")


def _check_number(held: Held, row: Row) -> None:
    cells = row.cells
    limits = [cells[column] for column in ("minimum", "maximum")]
    if cells["answer_type"] != "number":
        if any((*limits, cells["unit"])):
            raise wrong(row, "`unit`, `minimum` and `maximum` belong to a question of type number")
        return
    if not cells["unit"]:
        raise wrong(row, "`unit` must not be blank: say what the number counts, such as years")
    if not cells["derivation"] and not all(limits):
        raise wrong(row, "`minimum` and `maximum` must not be blank: a number outside of them is not counted")
    if any(limit and not is_of("integer", limit) for limit in limits):
        raise wrong(row, f"`minimum` and `maximum` have to be {_WHOLE} each")
    if all(limits) and float(limits[0]) > float(limits[1]):
        raise wrong(row, "`minimum` is above `maximum`")
    if all(limits):
        _check_covered(held, row, int(limits[0]), int(limits[1]))


def _check_covered(held: Held, row: Row, least: int, most: int) -> None:
    """Every number that is accepted is in a band: one that is in none would count as missing, though it was given."""
    bands = sorted(
        (
            int(one.cells["lower_bound"]) if one.cells["lower_bound"] else least,
            int(one.cells["upper_bound"]) if one.cells["upper_bound"] else most,
        )
        for one in _bands(held.options(row))
    )
    wanted = least
    for low, high in bands:
        if low > wanted:
            break
        wanted = max(wanted, high + 1)
    if bands and wanted <= most:
        raise wrong(
            row, f"no band of `{shown(row.cells['option_set'])}` holds {wanted}, which `minimum` and `maximum` accept"
        )


def _bands(options: Sequence[Row]) -> list[Row]:
    return [row for row in options if row.cells["lower_bound"] or row.cells["upper_bound"]]


def _check_gate(held: Held, row: Row) -> None:
    """The question that opens another: of the same form, asked, with options, and not opened by the other in turn."""
    cells = row.cells
    if not cells["parent_question_id"] or not cells["parent_option_codes"]:
        raise wrong(row, "`parent_question_id` and `parent_option_codes` say which answer opens it: both or neither")
    parent = held.questions[cells["parent_question_id"]]
    if parent.cells["form_id"] != cells["form_id"]:
        raise wrong(row, "`parent_question_id` names a question of another form")
    check_codes(held, row, "parent_option_codes", parent)
    if not row.place.is_own:
        return
    if parent.cells["derivation"] or parent.cells["storage"] != "store":
        raise wrong(row, "`parent_question_id` names a question whose answers are derived or not kept, and opens none")
    above, passed = parent, {cells["question_id"]}
    while True:
        if above.cells["question_id"] in passed:
            raise wrong(row, f"`parent_question_id` names {cells['parent_question_id']}, which it opens itself")
        passed.add(above.cells["question_id"])
        if not above.cells["parent_question_id"]:
            return
        above = held.questions[above.cells["parent_question_id"]]


def _check_derivation(held: Held, row: Row) -> None:
    cells = row.cells
    rule, source = cells["derivation"], cells["derived_from"]
    if not rule or not source:
        raise wrong(row, "`derivation` and `derived_from` say how it is derived: both or neither")
    kind, answers = _DERIVED[rule]
    if cells["answer_type"] != kind or cells["storage"] != "store" or not cells["option_set"]:
        raise wrong(row, f"`derivation` {rule} makes an answer of type {kind} with an `option_set`, kept as it is")
    if rule == "any_yes" and len(held.options(row)) > 1:
        raise wrong(
            row, "`derivation` any_yes gives one answer or none: `option_set` has to be a set of one, as any_yes"
        )
    if rule == "tick_count" and any(int(one.cells["lower_bound"] or 0) < 1 for one in held.options(row)):
        raise wrong(row, "`derivation` tick_count counts from 1: no band of `option_set` may hold 0")
    lacking = set(answers) - held.codes(row)
    if lacking:
        raise wrong(row, f"`option_set` lacks {', '.join(sorted(lacking))}, which `derivation` {rule} gives")
    if rule in _OF_ONE_SOURCE:
        _check_one_source(held, row)
        return
    for part in listed(source):
        name, _, code = part.partition("=")
        counted = held.questions.get(name)
        if counted is None or counted.cells["form_id"] != cells["form_id"] or counted.cells["derivation"]:
            own = [one.cells["question_id"] for one in held.of_form("question", cells["form_id"])]
            raise wrong(
                row,
                f"`derived_from` names `{shown(name)}`, which is no question that the {cells['form_id']} form asks",
                nearest(name, (one for one in own if one != name)),
            )
        if rule == "tick_count" and (counted.cells["answer_type"] != "tick_all" or part != source):
            raise wrong(row, "`derivation` tick_count counts the ticks of one question of type tick_all")
        if rule == "any_yes" and code not in held.codes(counted):
            raise wrong(
                row,
                f"`derived_from` names `{shown(code)}`, which is no option of {name}; write question_id=option_code",
                nearest(code, held.codes(counted)),
            )


def _check_one_source(held: Held, row: Row) -> None:
    cells = row.cells
    engines = next(
        one.cells
        for one in held.tables["question"]
        if not one.place.is_own and one.cells["derivation"] == cells["derivation"]
    )
    if any(cells[column] != engines[column] for column in ("form_id", "derived_from", "unit")):
        unit = f" and `unit` {engines['unit']}" if engines["unit"] else ""
        raise wrong(
            row,
            f"`derivation` {cells['derivation']} is a rule of the {engines['form_id']} form with `derived_from` "
            f"{engines['derived_from']}{unit}",
        )
