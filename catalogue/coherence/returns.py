"""What a programme says of returns: indicators and their lines, windows, models, spellings, headings of Annex A."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from catalogue.coherence.held import Held, by, listed, unknown, wrong
from catalogue.errors import nearest, shown
from catalogue.folding import fold
from catalogue.merge import Row

# Windows that are not written down: the year of the line, and all that is recorded.
_WINDOWS = ("year", "all_years")
_TIMINGS = {"flow": {"within", "overlapping", "year"}, "stock": {"on_day", "year"}}
_PER = re.compile(r"\bper (\d[\d, ]*\d|\d)\b")
# Headings of Annex A under which stands who a child is, or what somebody wrote: none of it may land in a field that is
# kept as it is.
_OF_A_PERSON = (
    "name", "full name", "child name", "childs name", "child's name", "first name", "forename", "surname", "last name",
    "family name", "address", "home address", "postcode", "telephone", "phone number", "email", "upn",
    "unique pupil number", "nhs number", "child unique id", "unique id", "child id", "case number", "notes", "comments",
    "social worker", "name of social worker", "date of birth", "dob", "birth date",
)  # fmt: skip
_BIRTH = ("date of birth", "dob", "birth date")
# A group that repeats and is repeated: looking for it can take for ever.
_NESTED = re.compile(r"[+*}]\)[+*{]")


def check_returns(held: Held) -> None:
    """Hold what a programme adds or replaces. Raises ProgrammeError: the first row that is wrong, with its place."""
    for row in held.own("social_care_window"):
        _check_window(row)
    measures = by(held.tables["social_care_measure"], "measure_id")
    windows = {row.cells["window_id"] for row in held.tables["social_care_window"]} | {*_WINDOWS}
    computable = {row.cells["indicator_id"]: row.cells["computable"] for row in held.tables["social_care_indicator"]}
    for row in held.own("social_care_indicator_line"):
        if computable[row.cells["indicator_id"]] == "external":
            raise wrong(
                row, f"`indicator_id` names {row.cells['indicator_id']}, which is external: nothing computes it"
            )
        _check_line(row, {one.cells["timing"] for one in measures.get(row.cells["numerator_measure"], ())}, windows)
    _check_indicators(held)
    _check_terms(held)
    for row in held.own("model_input"):
        _check_input(held, row)
    codes: dict[str, set[str]] = defaultdict(set)
    for row in held.tables["code"]:
        codes[row.cells["code_list"]].add(row.cells["code"])
    meant = _meanings(held)
    for row in held.own("value_spelling"):
        _check_spelling(row, codes, meant)
    fields = by(held.tables["return_field"], "record_id")
    for row in held.own("annex_a_heading"):
        _check_heading(row, {one.cells["field_id"]: one for one in fields.get(row.cells["record_id"], ())})


def _check_window(row: Row) -> None:
    cells = row.cells
    if cells["window_id"] in _WINDOWS:
        raise wrong(row, f"`window_id` {cells['window_id']} is the engine's. Give it another name")
    if cells["starts_on"] and cells["ends_on"] and cells["starts_on"] > cells["ends_on"]:
        raise wrong(row, "`starts_on` is after `ends_on`")


def _check_line(row: Row, timings: set[str], windows: set[str]) -> None:
    cells = row.cells
    statistic, multiplier = cells["statistic"], cells["multiplier"]
    has_denominator = bool(cells["denominator_measure"])
    if (statistic == "count") == has_denominator or has_denominator != bool(multiplier):
        raise wrong(
            row, "`denominator_measure` and `multiplier` have to be given, but for a count, which has neither of them"
        )
    if statistic == "percentage" and (float(multiplier) != 100 or not cells["unit"].startswith("%")):
        raise wrong(row, "`multiplier` of a percentage has to be 100, and its `unit` to begin with %")
    if multiplier and float(multiplier) <= 0:
        raise wrong(row, "`multiplier` has to be more than 0")
    said = _PER.search(cells["unit"])
    if said and multiplier and float(re.sub(r"[ ,]", "", said[1])) != float(multiplier):
        raise wrong(row, f"`unit` says {said[0]}, and `multiplier` is {shown(multiplier)}")
    if timings and not timings & _TIMINGS[cells["time_kind"]]:
        raise wrong(row, f"`time_kind` is {cells['time_kind']}, and the measure is {' or '.join(sorted(timings))}")
    for name in listed(cells["windows"]):
        if name not in windows:
            raise wrong(row, f"`windows` names `{shown(name)}`, which is no window", nearest(name, windows))


def _check_indicators(held: Held) -> None:
    lines = {row.cells["indicator_id"] for row in held.tables["social_care_indicator_line"]}
    for row in held.own("social_care_indicator"):
        cells = row.cells
        if cells["computable"] == "yes" and cells["indicator_id"] not in lines:
            raise wrong(row, "`computable` is yes, and no line of social_care_indicator_line.csv belongs to it")
        if (cells["computable"] == "external") and (not cells["why"] or cells["indicator_id"] in lines):
            raise wrong(row, "`computable` is external: say `why`, and leave it without lines")


def _check_terms(held: Held) -> None:
    first: dict[tuple[str, ...], Row] = {}
    seen: dict[tuple[str, ...], Row] = {}
    for row in held.tables["model_term"]:
        estimate = row.values(("indicator_id", "breakdown", "breakdown_value"))
        other = first.setdefault(estimate, row)
        for column in ("period_label", "period", "unit", "decimals"):
            if other.cells[column] != row.cells[column]:
                raise wrong(row, f"`{column}` is another than that of other terms of the same estimate")
        inputs = tuple(sorted(row.values(("input_1", "input_2", "input_3"))))
        if seen.setdefault((*estimate, *inputs), row) is not row:
            raise wrong(row, "a term of the same inputs is part of the estimate already")
        if float(row.cells["coefficient"] or 0) == 0:
            raise wrong(row, "`coefficient` must not be 0 or blank: the term would count nothing")


def _check_input(held: Held, row: Row) -> None:
    cells = row.cells
    of_ages = ("first_age", "last_age", "mid_year")
    if bool(cells["value"]) == any(cells[column] for column in (*of_ages, "sex")):
        raise wrong(
            row, "either `value` or the ages of a population (`first_age`, `last_age`, `mid_year`) has to be given"
        )
    if not cells["value"]:
        if not all(cells[column] for column in of_ages):
            raise wrong(row, "`first_age`, `last_age` and `mid_year` of a population have to be given")
        if int(cells["first_age"]) > int(cells["last_age"]):
            raise wrong(row, "`first_age` is above `last_age`")
        if cells["sex"] not in ("", "M", "F"):
            raise wrong(row, "`sex` has to be M, F or blank")
    elif bool(cells["lower_95"]) != bool(cells["upper_95"]):
        raise wrong(row, "`lower_95` and `upper_95` are the two ends of an interval: both or neither")
    elif cells["lower_95"] and not float(cells["lower_95"]) <= float(cells["value"]) <= float(cells["upper_95"]):
        raise wrong(row, "`value` is outside of the interval from `lower_95` to `upper_95`")
    known = {one.cells["la_code"] for one in held.tables["authority"]}
    if cells["la_code"] and cells["la_code"] not in known:
        raise unknown(row, "la_code", known, "which is no authority of authorities.csv")


def _meanings(held: Held) -> dict[tuple[str, str], set[str]]:
    """What each text of a list means, by its words: the codes of its codes, labels and spellings, as one is counted."""
    canonical = {row.values(("code_list", "code")): row.cells["canonical_code"] for row in held.tables["code"]}
    said = [(row, row.cells["code_label"]) for row in held.tables["code"]]
    said += [(row, row.cells["spelling"]) for row in held.tables["value_spelling"]]
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, text in said:
        meant[row.cells["code_list"], _words(text)].add(canonical.get(row.values(("code_list", "code")), ""))
    return meant


def _words(text: str) -> str:
    """A spelling without its punctuation, which says nothing where it is read."""
    return " ".join(re.sub(r"[^\w]|_", " ", fold(text).replace("'", "")).split())


def _check_spelling(row: Row, codes: Mapping[str, set[str]], meant: Mapping[tuple[str, str], set[str]]) -> None:
    cells = row.cells
    if cells["code_list"] not in codes:
        raise unknown(row, "code_list", codes, "of which there are no codes")
    if cells["code"] not in codes[cells["code_list"]]:
        raise unknown(row, "code", codes[cells["code_list"]], f"which is no code of {cells['code_list']}")
    if any(fold(code) == fold(cells["spelling"]) != fold(cells["code"]) for code in codes[cells["code_list"]]):
        raise wrong(row, "`spelling` is another code of the same list")
    if len(meant[cells["code_list"], _words(cells["spelling"])]) > 1:
        raise wrong(row, "`spelling` means another code of the same list already, and would be read as neither")


def _check_heading(row: Row, fields: Mapping[str, Row]) -> None:
    cells = row.cells
    if cells["field_id"] not in fields:
        raise unknown(row, "field_id", fields, f"which is no field of {cells['record_id']}")
    try:
        pattern = re.compile(cells["pattern"])
    except re.error as error:
        raise wrong(row, f"`pattern` is no regular expression ({error.msg})") from None
    if _NESTED.search(cells["pattern"]) or pattern.search(""):
        raise wrong(
            row, "`pattern` would be looked for for ever, or matches every heading. Write the words of the heading"
        )
    storage = fields[cells["field_id"]].cells["storage"]
    caught = [heading for heading in _OF_A_PERSON if pattern.search(heading)]
    if storage == "month":
        caught = [heading for heading in caught if heading not in _BIRTH]
    if caught and storage not in ("pseudonym", "never"):
        raise wrong(
            row,
            f"`pattern` matches a heading such as `{caught[0]}`, and what stands below that must not be kept; the "
            f"field is kept {'by its month' if storage == 'month' else 'as it is'}",
        )
