"""Rows of a programme that name what is not there, beside rows of the same tables that hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.assembly import write_catalogue
from catalogue.coherence import BREAKDOWNS
from catalogue.errors import ProgrammeError
from catalogue.programme import Programme, read_programme
from tests.support.paths import ROOT

WORDING = "form_id,form_version,item_type,item_id,wording\n"
NOT_ASKED = "form_id,question_id,form_version,service_code,first_day,last_day\n"
ROW = (
    "table_id,point,row_order,column_order,column_label,population_id,question_id,option_codes,option_group,statistic\n"
)
POPULATION = "population_id,cohort_id,question_id,option_codes,population_label\n"
MEMBER = "set_id,member_order,question_id,option_codes\n"
BREAKDOWN = "breakdown,breakdown_order,question_id,level,breakdown_label\n"
COLUMN = "column_set,column_order,column_label,option_codes\n"
IGNORED = "form_id,header\n"

GOOD = {
    "catalogue/wording.csv": WORDING
    + "intake,v1,section_code,intake_profile,child\nintake,v2,question_label,intake_profile_disability,Disability?\n"
    + "exit,v2,option_label,yes_no.yes,Aye\n",
    "catalogue/not_asked.csv": NOT_ASKED + "intake,intake_profile_disability,v1,oak,2023-01-01,2023-12-31\n"
    "exit,exit_closure_contacts,,,,\n",
    "catalogue/report_row.csv": ROW
    + "client_age,,901,,,intake_forms,intake_profile_gender_at_birth,female;missing,,percentage\n"
    + "client_age,,902,,,intake_forms,intake_profile_ethnicity,,White,percentage\n"
    + "client_age,,903,,,intake_forms,,*,,count\n",
    "catalogue/population.csv": POPULATION + "girls,intake_form,intake_profile_gender_at_birth,female,Girls\n",
    "catalogue/breakdown.csv": BREAKDOWN + "gender,2,intake_profile_gender_at_birth,option,Gender\n",
    "catalogue/column_set.csv": COLUMN + "own,1,Girl,female\nown,2,Missing,missing\n",
    "catalogue/removed.csv": "table,key\nbreakdown,abuse_timing\n",
    "mappings/ignored.csv": IGNORED + "intake,Row colour\n,Batch\n",
    "services.csv": "code,name,spellings,region,from,to,became\noak,Oak House,,,,,\n",
}

AVERAGE = "table_id,point,row_order,column_order,column_label,row_label,population_id,question_id,statistic\n"
OPTION = "option_set,option_no,option_code,option_label,option_kind\n"
WRONG = {
    "an average that does not say which": (
        "catalogue/report_row.csv",
        AVERAGE + "client_age,,904,,,Age,intake_forms,intake_profile_age,mean\n",
        "report_row.csv, line 2: `row_label` has to say that it is a mean, such as: Siblings (mean). ",
    ),
    "an option with a blank in its code": (
        "catalogue/option.csv",
        OPTION + "own,1,a b,Two words,answer\n",
        "option.csv, line 2: `option_code` has to be small letters, digits and _",
    ),
    "an option called like no answer": (
        "catalogue/option.csv",
        OPTION + "own,1,not_asked,Not asked,answer\n",
        "option.csv, line 2: `option_code` has to be small letters, digits and _",
    ),
    "wording of no version": (
        "catalogue/wording.csv",
        WORDING + "intake,v1,section_code,intake_profile,child\nintake,v9,section_code,intake_profile,child\n",
        "wording.csv, line 3: `form_version` names `v9`, which the intake form has not; its versions are v1, v2. ",
    ),
    "wording of no question": (
        "catalogue/wording.csv",
        WORDING + "intake,v2,question_label,intake_profile_disabilty,Disabled\n",
        "wording.csv, line 2: `item_id` names `intake_profile_disabilty`, which is no question of the intake form. "
        "Did you mean `intake_profile_disability`? Nothing was done.",
    ),
    "wording of another form's question": (
        "catalogue/wording.csv",
        WORDING + "exit,v2,question_label,intake_profile_disability,Disabled\n",
        "which is no question of the exit form",
    ),
    "wording of a question as a section": (
        "catalogue/wording.csv",
        WORDING + "intake,v2,section_label,intake_profile_disability,Disabled\n",
        "which is no section of the intake form",
    ),
    "wording of no option": (
        "catalogue/wording.csv",
        WORDING + "intake,v2,option_label,yes_no.yess,Aye\n",
        "which is no option of the intake form. Did you mean `yes_no.yes`?",
    ),
    "wording of nothing": (
        "catalogue/wording.csv",
        WORDING + "intake,v2,question_label,intake_profile_disability,\n",
        "`wording` must not be blank",
    ),
    "not asked by no version": (
        "catalogue/not_asked.csv",
        NOT_ASKED + "intake,intake_profile_disability,v9,,,\n",
        "not_asked.csv, line 2: `form_version` names `v9`",
    ),
    "not asked of another form": (
        "catalogue/not_asked.csv",
        NOT_ASKED + "exit,intake_profile_disability,,,,\n",
        "which is no question of the exit form",
    ),
    "not asked of no question": (
        "catalogue/not_asked.csv",
        NOT_ASKED + "intake,intake_profile_disabilty,,,,\n",
        "Did you mean `intake_profile_disability`?",
    ),
    "not asked by no service": (
        "catalogue/not_asked.csv",
        NOT_ASKED + "intake,intake_profile_disability,,oaks,,\n",
        "not_asked.csv, line 2: `service_code` names `oaks`, which `service` has not. Did you mean `oak`?",
    ),
    "not asked the wrong way round": (
        "catalogue/not_asked.csv",
        NOT_ASKED + "intake,intake_profile_disability,,,2024-01-01,2023-01-01\n",
        "`first_day` is after `last_day`",
    ),
    "row of no question": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_forms,intake_profile_ages,,,percentage\n",
        "report_row.csv, line 2: `question_id` names `intake_profile_ages`",
    ),
    "row of no answer": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_forms,intake_profile_gender_at_birth,femal,,percentage\n",
        "which is no option of intake_profile_gender_at_birth. Did you mean `female`? Nothing",
    ),
    "row of no population": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_form,,*,,count\n",
        "`population_id` names `intake_form`, which `population` has not. Did you mean `intake_forms`?",
    ),
    "row of answers to nothing": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_forms,,yes,,percentage\n",
        "`question_id` does not say to which question",
    ),
    "row of no group": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_forms,intake_profile_ethnicity,,Whit,percentage\n",
        "which is no group of options of intake_profile_ethnicity. Did you mean `White`?",
    ),
    "row of no statistic": (
        "catalogue/report_row.csv",
        ROW + "client_age,,901,,,intake_forms,,*,,percent\n",
        "`statistic` names `percent`, which is none of percentage",
    ),
    "population of no answer": (
        "catalogue/population.csv",
        POPULATION + "girls,intake_form,intake_profile_gender_at_birth,femal,Girls\n",
        "Did you mean `female`?",
    ),
    "member of no answer": (
        "catalogue/co_occurrence_member.csv",
        MEMBER + "ace_types,1,intake_profile_ace_types,verbal_abus\n",
        "co_occurrence_member.csv, line 2: `option_codes` names `verbal_abus`",
    ),
    "column of no answer": (
        "catalogue/column_set.csv",
        COLUMN + "own,1,Girl,femal\n",
        "column_set.csv, line 2: `option_codes` names `femal`, which is no option. Did you mean `female`?",
    ),
    "breakdown that is none": (
        "catalogue/breakdown.csv",
        BREAKDOWN + "genders,5,intake_profile_gender_at_birth,option,Gender\n",
        "breakdown.csv, line 2: `breakdown` names `genders`",
    ),
    "breakdown by another form": (
        "catalogue/breakdown.csv",
        BREAKDOWN + "gender,2,exit_closure_contacts,option,Gender\n",
        "a question of the intake form that has options",
    ),
    "breakdown by groups that are none": (
        "catalogue/breakdown.csv",
        BREAKDOWN + "gender,2,intake_profile_gender_at_birth,group,Gender\n",
        "no option of intake_profile_gender_at_birth has an `option_group`",
    ),
    "ignored in no form": (
        "mappings/ignored.csv",
        IGNORED + "intakes,Row colour\n",
        "ignored.csv, line 2: `form_id` names `intakes`, which `form` has not. Did you mean `intake`?",
    ),
    "removed from no table": (
        "catalogue/removed.csv",
        "table,key\nbreakdown,genders\n",
        "`breakdown` has no row `genders`. Did you mean `gender`?",
    ),
}


@pytest.fixture
def north(tmp_path: Path) -> Programme:
    folder = tmp_path / "north"
    folder.mkdir()
    (folder / "programme.toml").write_text(
        'id = "north"\nname = "North"\npublisher = "N"\nthemes = ["forms"]\n', encoding="utf-8"
    )
    for name, text in GOOD.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_programme(folder)


def test_rows_that_name_what_is_there_hold_together(north: Programme, tmp_path: Path) -> None:
    write_catalogue(north, tmp_path / "catalogue")


@pytest.mark.parametrize("name", WRONG)
def test_a_row_that_names_what_is_not_there_is_refused_with_its_place(
    north: Programme, tmp_path: Path, name: str
) -> None:
    file, text, said = WRONG[name]
    north.path(file).write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError) as error:
        write_catalogue(north, tmp_path / "catalogue")
    assert said in str(error.value)
    assert str(error.value).startswith(str(north.path(file)))
    assert ".." not in str(error.value)
    assert "?." not in str(error.value)


def test_the_breakdowns_are_those_of_the_models() -> None:
    macro = (ROOT / "dbt_project" / "macros" / "breakdowns.sql").read_text(encoding="utf-8")
    assert f"return({list(BREAKDOWNS)})" in macro
