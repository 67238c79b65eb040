"""What a programme says of returns: rows that hold together, and one cell of them wrong at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from catalogue.assembly import write_catalogue
from catalogue.programme import Programme
from tests.support.coherent_programme import Cells, assert_refused, write_programme

_INDICATOR = {
    "topic": "referrals", "unit": "count", "numerator": "referrals", "denominator": "", "record_source": "referrals",
    "time_basis": "year", "polarity": "none", "why": "",
}  # fmt: skip
_LINE = {
    "line_order": "1", "breakdown": "total", "shown_value": "", "numerator_measure": "referrals",
    "denominator_measure": "children_0_17", "denominator_breakdown": "total", "decimals": "1", "time_kind": "flow",
    "windows": "year",
}  # fmt: skip
_TERM = {
    "indicator_id": "north_model", "breakdown": "total", "breakdown_value": "total", "coefficient": "1", "input_2": "",
    "input_3": "", "period_label": "2021", "period": "2021", "unit": "count", "decimals": "0",
}  # fmt: skip
_INPUT = {
    "la_code": "999", "value": "", "lower_95": "", "upper_95": "", "interval_basis": "none", "sex": "", "first_age": "",
    "last_age": "", "mid_year": "", "source": "Census",
}  # fmt: skip
GOOD: Mapping[str, list[Cells]] = {
    "authorities.csv": [{"code": "999", "area_code": "E06999999", "name": "North"}],
    "catalogue/social_care_window.csv": [
        {"window_id": "spring", "window_label": "Spring", "starts_on": "2024-03-01", "ends_on": "2024-05-31"},
    ],
    "catalogue/social_care_indicator.csv": [
        {"indicator_id": "north_rate", "indicator_order": "901", "title": "Rate", "computable": "yes", **_INDICATOR},
        {"indicator_id": "north_model", "indicator_order": "902", "title": "Model", **_INDICATOR,
         "computable": "model"},
        {"indicator_id": "north_survey", "indicator_order": "903", "title": "Survey", **_INDICATOR,
         "computable": "external", "why": "A survey."},
    ],
    "catalogue/social_care_indicator_line.csv": [
        {"indicator_id": "north_rate", "statistic": "rate", "multiplier": "1000", **_LINE,
         "unit": "per 1,000 children"},
        {"indicator_id": "north_rate", **_LINE, "line_order": "2", "statistic": "count", "multiplier": "",
         "unit": "count", "denominator_measure": "", "denominator_breakdown": "", "windows": "year;spring"},
        {"indicator_id": "north_rate", **_LINE, "line_order": "3", "statistic": "percentage", "multiplier": "100",
         "unit": "% of children"},
    ],
    "catalogue/model_input.csv": [
        {"input_id": "north_share", "input_label": "Share", **_INPUT, "value": "0.5", "lower_95": "0.4",
         "upper_95": "0.6"},
        {"input_id": "north_women", "input_label": "Women", **_INPUT, "sex": "F", "first_age": "16", "last_age": "59",
         "mid_year": "2021"},
    ],
    "catalogue/model_term.csv": [
        {"term_no": "1", "input_1": "north_women", **_TERM, "input_2": "north_share"},
        {"term_no": "2", "input_1": "north_women", **_TERM},
    ],
    "catalogue/value_spelling.csv": [{"code_list": "flag", "spelling": "aye", "code": "true"}],
    "catalogue/annex_a_heading.csv": [
        {"record_id": "annex_a_care_leaver", "field_id": "activity", "pattern": "^(main )?activity"},
        {"record_id": "annex_a_contact", "field_id": "birth_month", "pattern": "^(born|date of birth)"},
    ],
}  # fmt: skip
WRONG: tuple[tuple[str, int, Cells, str], ...] = (
    ("social_care_window", 0, {"window_id": "year"}, "`window_id` year is the engine's"),
    ("social_care_window", 0, {"starts_on": "2024-08-31"}, "`starts_on` is after `ends_on`"),
    ("social_care_indicator", 2, {"why": ""}, "say `why`, and leave it without lines"),
    ("social_care_indicator", 2, {"computable": "yes"}, "no line of social_care_indicator_line.csv belongs to it"),
    ("social_care_indicator_line", 0, {"indicator_id": "north_survey"}, "which is external"),
    ("social_care_indicator_line", 0, {"multiplier": ""}, "have to be given, but for a count"),
    ("social_care_indicator_line", 0, {"denominator_measure": ""}, "have to be given, but for a count"),
    ("social_care_indicator_line", 1, {"denominator_measure": "children_0_17"}, "have to be given, but for a count"),
    ("social_care_indicator_line", 2, {"multiplier": "1"}, "`multiplier` of a percentage has to be 100"),
    ("social_care_indicator_line", 2, {"unit": "count"}, "`multiplier` of a percentage has to be 100"),
    ("social_care_indicator_line", 0, {"multiplier": "-1000"}, "`multiplier` has to be more than 0"),
    ("social_care_indicator_line", 0, {"unit": "per 10,000 children"}, "`unit` says per 10,000, and `multiplier`"),
    ("social_care_indicator_line", 0, {"time_kind": "stock"}, "`time_kind` is stock, and the measure is within"),
    ("social_care_indicator_line", 1, {"windows": "year;sprung"}, "Did you mean `spring`?"),
    ("model_term", 1, {"unit": "households"}, "`unit` is another than that of other terms of the same estimate"),
    ("model_term", 1, {"period": "2022"}, "`period` is another than that of other terms"),
    ("model_term", 1, {"input_2": "north_share"}, "a term of the same inputs is part of the estimate already"),
    ("model_term", 1, {"coefficient": "0"}, "`coefficient` must not be 0 or blank"),
    ("model_input", 0, {"value": "0.7"}, "`value` is outside of the interval"),
    ("model_input", 0, {"upper_95": ""}, "both or neither"),
    ("model_input", 0, {"value": ""}, "either `value` or the ages of a population"),
    ("model_input", 1, {"value": "3", "lower_95": ""}, "either `value` or the ages of a population"),
    ("model_input", 1, {"mid_year": ""}, "of a population have to be given"),
    ("model_input", 1, {"first_age": "60"}, "`first_age` is above `last_age`"),
    ("model_input", 1, {"sex": "X"}, "`sex` has to be M, F or blank"),
    ("model_input", 1, {"la_code": "998"}, "which is no authority of authorities.csv"),
    ("value_spelling", 0, {"code": "yes"}, "which is no code of flag"),
    ("value_spelling", 0, {"code_list": "flags"}, "Did you mean `flag`?"),
    ("value_spelling", 0, {"spelling": "false"}, "`spelling` is another code of the same list"),
    ("value_spelling", 0, {"spelling": "not-known."}, "`spelling` means another code of the same list already"),
    ("annex_a_heading", 0, {"pattern": "^full name"}, "`pattern` matches a heading such as `full name`"),
    ("annex_a_heading", 0, {"pattern": "notes"}, "`pattern` matches a heading such as `notes`"),
    ("annex_a_heading", 1, {"field_id": "contact_date"}, "`pattern` matches a heading such as `date of birth`"),
    ("annex_a_heading", 1, {"pattern": "^address"}, "the field is kept by its month"),
    ("annex_a_heading", 0, {"pattern": "((("}, "`pattern` is no regular expression"),
    ("annex_a_heading", 0, {"pattern": "(a+)+$"}, "would be looked for for ever"),
    ("annex_a_heading", 0, {"pattern": ".*"}, "matches every heading"),
    ("annex_a_heading", 0, {"field_id": "activities"}, "Did you mean `activity`?"),
)  # fmt: skip


def test_rows_that_hold_together_are_a_catalogue(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    write_catalogue(north, tmp_path / "catalogue")


@pytest.mark.parametrize(("table", "place", "cells", "said"), WRONG, ids=lambda value: str(value)[:40])
def test_a_cell_that_does_not_hold_is_refused_with_its_place(
    north: Programme, tmp_path: Path, table: str, place: int, cells: Cells, said: str
) -> None:
    path = write_programme(GOOD, north.folder, table, place, cells)
    assert_refused(north, tmp_path / "catalogue", path, said)
