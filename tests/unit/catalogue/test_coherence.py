"""A programme whose rows hold together, and one cell of it wrong at a time: each is a sentence with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.assembly import write_catalogue
from catalogue.coherence import BREAKDOWNS
from catalogue.errors import ProgrammeError
from catalogue.forms import Catalogue
from catalogue.programme import Programme
from tests.support.coherent_programme import GOOD, Cells, assert_refused, write_programme
from tests.support.forms import CATALOGUE
from tests.support.paths import ROOT

_NAMED = "has to be small letters, digits and _, beginning with a letter"
# Table, place of the row, the cells that are otherwise, and what the sentence says.
WRONG: tuple[tuple[str, int, Cells, str], ...] = (
    # Cells of any table.
    ("option", 0, {"option_label": "Cat\nDog"}, "`option_label` holds the control character U+000A"),
    ("option", 0, {"option_label": "Cat\x00"}, "`option_label` holds the control character U+0000"),
    ("section", 0, {"section_label": "At \u202ehome"}, "`section_label` holds the control character U+202E"),
    ("report_table", 0, {"title": "\u200b"}, "`title` holds nothing that can be read"),
    ("question", 0, {"question_label": "..."}, "`question_label` holds nothing that can be read"),
    ("question", 0, {"question_label": ""}, "`question_label` must not be blank"),
    ("question", 0, {"question_order": "-3"}, "`question_order` counts from 1"),
    ("report_row", 0, {"row_order": "0"}, "`row_order` counts from 1"),
    ("report_row", 1, {"decimals": "-1"}, "`decimals` has to be from 0 to 4"),
    ("report_row", 1, {"decimals": "12"}, "`decimals` has to be from 0 to 4"),
    ("report_row", 0, {"option_codes": "cat;"}, "`option_codes` has a `;` or a blank too many"),
    ("report_row", 3, {"option_codes": "female; missing"}, "`option_codes` has a `;` or a blank too many"),
    ("report_row", 3, {"option_codes": "female;female"}, "`option_codes` names `female` twice"),
    ("header_convention", 0, {"convention_id": "../bars"}, f"`convention_id` {_NAMED}"),
    ("population", 0, {"population_id": "Who moved"}, f"`population_id` {_NAMED}"),
    ("section", 0, {"section_code": "at home"}, f"`section_code` {_NAMED}"),
    # Options.
    ("option", 0, {"option_no": "98"}, "`option_no` has to be from 1 to 97"),
    ("option", 0, {"option_code": "a b"}, f"`option_code` {_NAMED}"),
    ("option", 0, {"option_code": "not_asked"}, f"`option_code` {_NAMED}"),
    ("option", 0, {"option_label": "Missing"}, "what reports call the absence of an answer"),
    ("option", 0, {"option_label": "Not  asked."}, "what reports call the absence of an answer"),
    ("option", 0, {"option_label": "1"}, "what the column of a tick holds"),
    ("option", 0, {"option_label": "Cat; tabby"}, "`option_label` holds a `;`"),
    ("option", 0, {"option_label": "DOG"}, "option.csv, line 3: `dog` reads like the option `cat` of the same set"),
    ("option", 5, {"option_set": "why_move"}, "which no question offers. Did you mean `why_moved`?"),
    ("option", 2, {"lower_bound": "3", "upper_bound": "2"}, "`lower_bound` is above `upper_bound`"),
    ("option", 2, {"upper_bound": "3"}, "its band and that of `few` hold the same numbers"),
    ("option", 2, {"upper_bound": "2.5"}, "`upper_bound` has to be a whole number"),
    # Questions.
    ("question", 0, {"question_no": "05001"}, "`question_no` has to be a whole number"),
    ("question", 0, {"question_no": "300"}, "`question_no` of a programme has to be from 5001 to 9999"),
    ("question", 8, {"question_id": "home_moved_on"}, "`question_id` has to be small letters, digits and _"),
    ("question", 0, {"question_code": "my pets"}, f"`question_code` {_NAMED}"),
    ("question", 0, {"section_id": "exit_closure"}, "which is no section of the intake form"),
    ("question", 0, {"option_set": ""}, "`option_set` must not be blank: an answer of type tick_all"),
    ("question", 2, {"option_set": ""}, "`option_set` must not be blank: an answer of type single"),
    ("question", 8, {"option_set": "yes_no"}, "`option_set` has to be blank: an answer of type date"),
    ("question", 2, {"option_set": "yes_noo"}, "of which there are no options. Did you mean `yes_no`?"),
    ("question", 2, {"option_set": "siblings"}, "whose options are bands of a number"),
    ("question", 1, {"minimum": "-4"}, "no band of `siblings` holds -4"),
    ("question", 1, {"maximum": "1e308"}, "a whole number of at most nine digits"),
    ("option", 2, {"upper_bound": "1"}, "no band of `siblings` holds 2, which `minimum` and `maximum` accept"),
    ("option", 3, {"upper_bound": "1e308"}, "`upper_bound` has to be a whole number"),
    ("option", 3, {"lower_bound": ""}, "the other options of the set are bands"),
    ("option", 7, {"lower_bound": "0"}, "no band of `option_set` may hold 0"),
    ("question", 7, {"option_set": "yes_no"}, "`option_set` has to be a set of one"),
    ("question", 6, {"derived_from": "intake_home_pet_count"}, "no question that the intake form asks. Did you mean"),
    ("question", 1, {"option_set": "yes_no"}, "options of a number are bands"),
    ("question", 8, {"storage": "store"}, "an answer of type date may hold what identifies a child"),
    ("question", 8, {"answer_type": "timestamp", "storage": "store"}, "`storage` has to be month or never"),
    ("question", 8, {"answer_type": "text"}, "`storage` has to be never"),
    ("question", 8, {"answer_type": "identifier"}, "`storage` has to be pseudonym or never"),
    ("question", 2, {"storage": "month"}, "an answer of type single is kept as it is or not at all"),
    ("question", 2, {"matrix_id": "home_rooms"}, "belong to a question of type matrix"),
    ("question", 3, {"matrix_label": ""}, "belong to a question of type matrix"),
    ("question", 3, {"matrix_label": "Room"}, "`matrix_label` is another than that of intake_home_quiet"),
    ("question", 2, {"unit": "moves"}, "belong to a question of type number"),
    ("question", 2, {"maximum": "3"}, "belong to a question of type number"),
    ("question", 1, {"unit": ""}, "`unit` must not be blank"),
    ("question", 1, {"maximum": ""}, "`minimum` and `maximum` must not be blank"),
    ("question", 1, {"minimum": "30"}, "`minimum` is above `maximum`"),
    ("question", 1, {"maximum": "2.5"}, "a whole number of at most nine digits"),
    ("question", 5, {"is_required": "true"}, "`is_required` has to be false"),
    ("question", 5, {"parent_option_codes": ""}, "which answer opens it: both or neither"),
    ("question", 5, {"parent_question_id": ""}, "which answer opens it: both or neither"),
    ("question", 5, {"parent_option_codes": "yess"}, "`yess`, which is no option of intake_home_moved"),
    ("question", 5, {"parent_question_id": "exit_closure_type", "parent_option_codes": "planned"}, "of another form"),
    ("question", 5, {"parent_question_id": "intake_home_any_room"}, "derived or not kept, and opens none"),
    ("question", 5, {"parent_question_id": "intake_home_why", "parent_option_codes": "work"}, "it opens itself"),
    ("question", 2, {"parent_question_id": "intake_home_why", "parent_option_codes": "work"}, "it opens itself"),
    ("question", 6, {"derived_from": ""}, "`derivation` and `derived_from` say how it is derived: both or neither"),
    ("question", 7, {"derivation": ""}, "both or neither"),
    ("question", 6, {"derived_from": "intake_home_pet"}, "Did you mean `intake_home_pets`?"),
    ("question", 6, {"derived_from": "intake_home_moved"}, "counts the ticks of one question of type tick_all"),
    ("question", 6, {"answer_type": "single", "unit": ""}, "whose options are bands of a number"),
    ("question", 7, {"derived_from": "intake_home_safe=aye"}, "which is no option of intake_home_safe"),
    ("question", 7, {"derived_from": "intake_home_safe"}, "write question_id=option_code"),
    ("question", 7, {"storage": "never"}, "makes an answer of type single with an `option_set`, kept as it is"),
    ("question", 7, {"derivation": "client_reviewed", "option_set": "yes_no"}, "is a rule of the exit form"),
    ("question", 6, {"derivation": "age_years"}, "is a rule of the intake form with `derived_from` intake_admin_date"),
    ("question", 6, {"derivation": "case_length"}, "`option_set` lacks error"),
    # Populations, tables and rows.
    ("population", 0, {"option_codes": ""}, "which answer limits it: both or neither"),
    ("population", 0, {"option_codes": "femal"}, "which is no option of intake_home_moved"),
    ("population", 0, {"cohort_id": "intake_forms"}, "Did you mean `intake_form`?"),
    ("population", 0, {"question_id": "exit_closure_type", "option_codes": "planned"}, "a question of the exit form"),
    ("report_table", 0, {"table_id": "homes"}, "`table_id` names `home`, which `report_table` has not."),
    ("report_table", 1, {"response_type": "multi"}, "is for tables whose `response_type` is matrix"),
    ("report_table", 2, {"response_type": "single"}, "`point` is for tables whose `response_type` is paired"),
    ("report_table", 0, {"response_type": "paired"}, "`point` is for tables whose `response_type` is paired"),
    ("report_row", 0, {"question_id": "intake_profile_ages"}, "`question_id` names `intake_profile_ages`"),
    ("report_row", 0, {"option_codes": "cats"}, "which is no option of intake_home_pets. Did you mean `cat`? Nothing"),
    ("report_row", 0, {"option_codes": "*;cat"}, "`option_codes` names `*`, which is everybody, and more"),
    ("report_row", 0, {"option_codes": ""}, "it counts no answer"),
    ("report_row", 0, {"option_codes": "cat;dog"}, "would count twice in a share"),
    ("report_row", 0, {"option_codes": "", "option_group": "Furred"}, "would count twice in a share"),
    ("report_row", 0, {"option_codes": "cat;missing"}, "would count twice in a share"),
    ("report_row", 6, {"question_id": "intake_home_pets", "column_set": "two"}, "would count twice in a share"),
    ("report_row", 0, {"option_codes": "*"}, "everybody, of whom a percentage is always 100"),
    ("report_row", 0, {"population_id": "movers"}, "intake_home_pets is put to others as well"),
    ("report_row", 0, {"population_id": "movers", "question_id": "intake_home_moved", "option_codes": "no"},
     "put to others as well"),
    ("report_row", 0, {"unit": "forms"}, "`unit` of a percentage has to be % here"),
    ("report_row", 4, {"unit": "clients"}, "`unit` of a count has to be forms here"),
    ("report_row", 5, {"unit": "%"}, "`unit` of a services has to be services here"),
    ("report_row", 1, {"unit": "weeks"}, "`unit` of a mean has to be siblings here"),
    ("report_row", 0, {"statistic": "per_100"}, "`unit` has to say what is counted per 100"),
    ("report_row", 5, {"statistic": "external", "population_id": "", "row_label": ""}, "no question names it"),
    ("report_row", 1, {"question_id": "intake_home_pets", "row_label": "", "statistic": "percentage", "unit": "%",
                       "option_codes": "cat"}, "it prints what row 1 of the same table prints already"),
    ("report_row", 9, {"row_order": "2"}, "this one stands alone"),
    ("report_row", 9, {"statistic": "per_100", "unit": "people per 100"}, "this one stands alone"),
    ("report_row", 10, {"population_id": "intake_clients"}, "is another than that of other rows"),
    ("report_row", 2, {"option_codes": "irish"}, "both say which answers it counts"),
    ("report_row", 2, {"option_group": "Whit"}, "which is no group of options of intake_profile_ethnicity"),
    ("report_row", 0, {"question_id": ""}, "`question_id` does not say to which question"),
    ("report_row", 5, {"statistic": "mean", "row_label": "Mean"}, "is of answers to a question"),
    ("report_row", 4, {"option_codes": ""}, "it counts no answer"),
    ("report_row", 0, {"statistic": "percent"}, "`statistic` names `percent`, which is none of percentage"),
    ("report_row", 0, {"population_id": "intake_form"}, "Did you mean `intake_forms`?"),
    ("report_row", 0, {"population_id": ""}, "`population_id` must not be blank"),
    ("report_row", 9, {"population_id": "intake_forms"}, "a question of the exit form, and it counts intake forms"),
    ("report_row", 8, {"point": "review"}, "`point` is review, and the question is of the intake form"),
    ("report_row", 8, {"point": "before"}, "`point` has to be one of intake, exit, review"),
    ("report_row", 8, {"point": ""}, "`point` is for tables whose"),
    ("report_row", 0, {"point": "intake"}, "`point` is for tables whose"),
    ("report_row", 1, {"row_label": "Siblings"}, "such as: Siblings (mean)"),
    ("report_row", 1, {"question_id": "intake_home_moved"}, "is of numbers, and intake_home_moved has none"),
    ("report_row", 1, {"option_codes": "few"}, "`statistic` mean counts no answers"),
    ("report_row", 5, {"question_id": "intake_home_pets"}, "counts who takes part"),
    ("report_row", 5, {"statistic": "external"}, "is of no form"),
    ("report_row", 0, {"question_id": "intake_home_moved_on"}, "whose answers are not counted (`answer_type` date"),
    ("report_row", 3, {"parent_row_order": "4"}, "of a row above it in the same table"),
    ("report_row", 3, {"parent_row_order": "77"}, "of a row above it in the same table"),
    ("report_row", 0, {"parent_row_order": "2"}, "of a row above it in the same table"),
    ("report_row", 6, {"column_set": "owns"}, "`column_set` names `owns`"),
    ("report_row", 6, {"question_id": "intake_home_pets"}, "no column of `own` counts an option of intake_home_pets"),
    ("report_row", 6, {"column_label": "Yes"}, "`column_set` brings columns of its own"),
    ("report_row", 7, {"column_order": ""}, "`column_label` and `column_order` belong together"),
    ("report_row", 7, {"row_order": "1"}, "the column `Yes` of this row of rooms is given twice"),
    ("report_row", 0, {"column_order": "1", "column_label": "Yes"}, "is for tables whose `response_type` is matrix"),
    ("report_row", 3, {"question_id": "intake_home_moved", "option_codes": "", "column_set": "own"},
     "is for tables whose `response_type` is matrix"),
    ("column_set", 0, {"option_codes": "yess"}, "which is no option. Did you mean `yes`?"),
    ("column_set", 1, {"column_label": "Yes"}, "the column `Yes` of this row of rooms is given twice"),
    ("column_set", 0, {"option_codes": ""}, "`option_codes` must not be blank"),
    ("co_occurrence_member", 1, {"member_order": "3"}, "`member_order` counts without a gap: 2 is missing"),
    ("co_occurrence_member", 1, {"option_codes": "dogs"}, "`option_codes` names `dogs`"),
    ("co_occurrence_member", 1, {"question_id": "exit_closure_type", "option_codes": "planned"}, "of the intake form"),
    ("co_occurrence_member", 1, {"option_codes": "cat"}, "it says an answer that member 1 says"),
    ("co_occurrence_set", 0, {"set_id": "homes"}, "which `co_occurrence_set` has not. Did you mean `homes`?"),
    ("breakdown", 0, {"breakdown": "genders"}, "`breakdown` names `genders`"),
    ("breakdown", 0, {"question_id": "exit_closure_contacts"}, "a question of the intake form that has options"),
    ("breakdown", 0, {"level": "group"}, "no option of intake_profile_gender_at_birth has an `option_group`"),
    ("breakdown", 0, {"question_id": "intake_home_pets"}, "that has options, and one answer"),
    # Exports.
    ("form_version", 0, {"form_version": "V3"}, "`form_version` has to be small letters"),
    ("form_version", 0, {"form_version": "v;4"}, "`form_version` has to be small letters"),
    ("section", 0, {"section_code": "profile"}, "`section_code` reads like the section `intake_profile`"),
    ("section", 0, {"section_label": "Client  Profile"}, "`section_label` reads like the section `intake_profile`"),
    ("header_convention", 0, {"option_separator": "e"}, "no letters and no digits"),
    ("form_version", 0, {"is_current": "true"}, "`is_current` has to be false"),
    ("header_convention", 0, {"option_separator": ""}, "`option_separator` has to be given"),
    ("header_convention", 0, {"tick_all_style": "list"}, "`option_separator` has to be given"),
    ("header_convention", 0, {"tick_all_style": "list", "option_separator": "", "list_delimiter": "|"},
     "`list_delimiter` has to be ;"),
    ("wording", 0, {"form_version": "v9"}, "which the intake form has not; its versions are v1, v2, v3. "),
    ("wording", 1, {"item_id": "intake_profile_disabilty"}, "Did you mean `intake_profile_disability`? Nothing"),
    ("wording", 1, {"form_id": "exit"}, "which is no question of the exit form"),
    ("wording", 1, {"item_type": "section_label"}, "which is no section of the intake form"),
    ("wording", 1, {"item_id": "intake_profile_age"}, "no export has a column of intake_profile_age: it is derived"),
    ("wording", 1, {"wording": ""}, "`wording` must not be blank"),
    ("wording", 0, {"wording": "the child"}, "`wording` is the code of a section"),
    ("wording", 2, {"item_id": "yes_no.yess"}, "no option of the intake form. Did you mean `yes_no.yes`?"),
    ("wording", 3, {"wording": "dog."}, "`dog.` reads like the option `dog` of the same set"),
    ("wording", 3, {"wording": "Cats; tabby"}, "`wording` holds a `;`"),
    ("wording", 3, {"item_type": "option_code", "wording": "a cat"}, "stands between the codes"),
    ("wording", 1, {"wording": "Ethnicity"}, "wording.csv, line 3: the questions intake_profile_disability and "),
    ("question", 1, {"section_id": "intake_profile", "question_code": "disability", "question_label": "Disabled"},
     "question.csv, line 3: the questions intake_home_siblings and intake_profile_disability have one header"),
    ("question", 1, {"question_label": "Pets - Cat"}, "intake_home_pets and intake_home_siblings have one header in"),
    ("not_asked", 0, {"form_version": "v9"}, "`form_version` names `v9`"),
    ("not_asked", 0, {"form_id": "exit"}, "which is no question of the exit form"),
    ("not_asked", 0, {"question_id": "intake_profile_disabilty"}, "Did you mean `intake_profile_disability`?"),
    ("not_asked", 0, {"question_id": "intake_profile_age"}, "nobody is asked intake_profile_age: it is derived from"),
    ("not_asked", 0, {"question_id": "intake_admin_client_id"}, "no form can do without intake_admin_client_id"),
    ("not_asked", 0, {"service_code": "oaks"}, "which `service` has not. Did you mean `oak`?"),
    ("not_asked", 0, {"last_day": "2022-01-01"}, "`first_day` is after `last_day`"),
    ("ignored", 0, {"form_id": "intakes"}, "Did you mean `intake`?"),
    ("ignored", 0, {"header": "Client ID"}, "`Client ID` is the column of intake_admin_client_id"),
    ("ignored", 1, {"header": "Date of case closure"}, "in exports of the exit form and known as that"),
    ("ignored", 0, {"header": "*"}, "`header` has to be the name of one column"),
    ("removed", 0, {"key": "genders"}, "`breakdown` has no row `genders`. Did you mean `gender`?"),
    ("removed", 0, {"key": "gender"}, "`gender` is left out, and "),
    ("removed", 0, {"table": "option", "key": "yes_no.yes"},
     "removed.csv, line 2: the engine's question.csv needs this option (`intake_"),
    ("removed", 0, {"table": "option", "key": "gender_at_birth.female"},
     "unless your report_row.csv writes that row otherwise"),
    ("removed", 0, {"table": "option", "key": "pets.cat"}, "`pets.cat` is left out, and "),
    ("removed", 1, {"key": "home"}, "`home` is left out, and "),
)  # fmt: skip
# Sound as they are: they would be wrong by a rule that is too strict.
SOUND = (
    ("report_row", 0, {"population_id": "exit_forms"}),
    ("report_row", 0, {"option_codes": "missing;closed"}),
    ("report_row", 0, {"population_id": "movers", "question_id": "intake_home_why", "option_codes": "work"}),
    ("report_row", 0, {"population_id": "movers", "question_id": "intake_home_moved", "option_codes": "yes"}),
    ("question", 1, {"maximum": "2000000"}),
    ("report_row", 0, {"option_codes": "cat;dog", "statistic": "count", "unit": "ticks"}),
    ("option", 3, {"upper_bound": "1000"}),
    ("question", 8, {"storage": "never"}),
    ("ignored", 1, {"header": "Date of closure"}),
)


def test_rows_that_hold_together_are_a_catalogue(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    write_catalogue(north, tmp_path / "catalogue")


@pytest.mark.parametrize(("table", "place", "cells", "said"), WRONG, ids=lambda value: str(value)[:40])
def test_a_cell_that_does_not_hold_is_refused_with_its_place(
    north: Programme, tmp_path: Path, table: str, place: int, cells: Cells, said: str
) -> None:
    path = write_programme(GOOD, north.folder, table, place, cells)
    assert_refused(north, tmp_path / "catalogue", path, said)


@pytest.mark.parametrize(("table", "place", "cells"), SOUND)
def test_a_cell_that_does_hold_is_not_refused(
    north: Programme, tmp_path: Path, table: str, place: int, cells: Cells
) -> None:
    write_programme(GOOD, north.folder, table, place, cells)
    write_catalogue(north, tmp_path / "catalogue")


def test_the_blanks_of_a_separator_are_a_part_of_it(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    write_catalogue(north, tmp_path / "catalogue")
    known = Catalogue(tmp_path / "catalogue" / "seeds" / "forms").header_index("intake")
    assert {one.option_code for one in known["at home/pets/cat"]} == {"cat"}


def test_some_convention_has_to_stay(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    north.path("catalogue", "header_convention.csv").unlink()
    ids = sorted(CATALOGUE.conventions)
    rows = "".join(f"header_convention,{one}\n" for one in ids)
    north.path("catalogue", "removed.csv").write_text(f"table,key\n{rows}", encoding="utf-8")
    with pytest.raises(ProgrammeError, match=f"line {len(ids) + 1}: no convention is left"):
        write_catalogue(north, tmp_path / "catalogue")


def test_what_is_left_out_twice_is_a_sentence(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    twice = "table,key\n" + 2 * "report_table,client_age\n"
    north.path("catalogue", "removed.csv").write_text(twice, encoding="utf-8")
    with pytest.raises(ProgrammeError, match="line 3: `client_age` is left out already"):
        write_catalogue(north, tmp_path / "catalogue")


@pytest.mark.parametrize(
    ("stray", "said"),
    [
        ("catalogue/Question.CSV", "nothing reads `Question.CSV`. Did you mean `question.csv`?"),
        ("catalogue/wording.xlsx", "nothing reads `wording.xlsx`. Did you mean `wording.csv`?"),
        ("catalogue/old/question.csv", "nothing reads `old`."),
        ("catalogue/zzz.csv", "there is no table `zzz`."),
        ("mappings/ignore.csv", "nothing reads `ignore.csv`. Did you mean `ignored.csv`?"),
        ("mappings/columns", "nothing reads `columns`."),
        ("question.csv", "question.csv: nothing reads it there. Nothing was done. Move it into catalogue"),
    ],
)
def test_a_file_that_nothing_reads_is_refused(north: Programme, tmp_path: Path, stray: str, said: str) -> None:
    write_programme(GOOD, north.folder)
    path = north.path(stray)
    path.parent.mkdir(exist_ok=True)
    path.write_text("form_id\n", encoding="utf-8")
    with pytest.raises(ProgrammeError) as error:
        write_catalogue(north, tmp_path / "catalogue")
    assert said in str(error.value)


def test_the_breakdowns_are_those_of_the_models() -> None:
    macro = (ROOT / "dbt_project" / "macros" / "breakdowns.sql").read_text(encoding="utf-8")
    assert f"return({list(BREAKDOWNS)})" in macro
