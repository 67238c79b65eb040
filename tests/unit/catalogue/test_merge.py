"""The engine's catalogue and a programme's become one, or somebody reads which row of which file does not fit."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from catalogue import load_catalogue, merge
from catalogue.assembly import given_tables, is_written, write_catalogue
from catalogue.errors import ProgrammeError
from catalogue.merge import merged
from catalogue.programme import SAMPLE, Programme
from catalogue.shapes import shapes
from tests.support.paths import SEEDS

QUESTION = (
    "question_no,question_id,form_id,section_id,question_order,question_code,question_label,answer_type,option_set,"
    "storage,is_required\n"
)
PETS = '5001,intake_profile_pets,intake,intake_profile,900,pets,"Pets at home, of any kind",single,pets,store,false\n'
OPTION = "option_set,option_no,option_code,option_label,option_kind\n"
PET_OPTIONS = OPTION + "pets,1,dog,Dog,answer\npets,2,none,None,none\n"


def put(programme: Programme, name: str, text: str) -> None:
    path = programme.path("catalogue", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def rows(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / "seeds" / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_programme_that_adds_nothing_has_the_engines_catalogue(north: Programme, tmp_path: Path) -> None:
    target = tmp_path / "catalogue"
    write_catalogue(north, target)
    for shape in shapes().values():
        if shape.table != "programme":
            with (SEEDS / shape.file).open(encoding="utf-8", newline="") as handle:
                assert rows(target, shape.file) == list(csv.DictReader(handle)), shape.file
    assert rows(target, "programme/programme.csv")[0]["programme_name"] == "North"


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Yes", "Aye"), encoding="utf-8")


@pytest.mark.parametrize("change", [edit, Path.unlink, lambda path: path.with_name("own.csv").write_text("a\n1\n")])
def test_an_edited_table_of_the_engine_is_told_and_not_merged(north: Programme, tmp_path: Path, change) -> None:
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    merged(north, given_tables(north), seeds)
    change(seeds / "forms" / "option.csv")
    with pytest.raises(
        ProgrammeError, match=r"own catalogue were edited \(forms/(option|own)\.csv, below .*Nothing was"
    ):
        merged(north, given_tables(north), seeds)


def test_an_engine_without_its_list_of_seeds_is_told(north: Programme, tmp_path: Path, monkeypatch) -> None:
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    (seeds / "shipped.sha256").unlink()
    monkeypatch.setattr(merge, "SEEDS", seeds)
    with pytest.raises(ProgrammeError, match=r"were edited \(shipped\.sha256, below"):
        merged(north, given_tables(north), seeds)


def test_nothing_of_the_sample_stands_in_the_engine() -> None:
    """Every cell of the sample's own rows that is a sentence, a name or a figure with a place is in no seed."""
    engine = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS.rglob("*.csv"))
    for path in sorted(SAMPLE.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                for name in (
                    "anomaly_id",
                    "explanation",
                    "note",
                    "area_name",
                    "window_label",
                    "break_label",
                    "window_id",
                    "input_id",
                ):
                    cell = row.get(name) or ""
                    assert len(cell) < 12 or cell not in engine, (path.name, cell)


def test_a_question_with_its_options_is_added(north: Programme, tmp_path: Path) -> None:
    put(north, "question.csv", QUESTION + PETS)
    put(north, "option.csv", PET_OPTIONS)
    target = tmp_path / "catalogue"
    write_catalogue(north, target)
    forms = load_catalogue(target / "seeds" / "forms")
    assert [option.option_code for option in forms.options_of("intake_profile_pets")] == ["dog", "none"]
    assert "profile_pets" in forms.header_index("intake")


def test_a_change_is_written_again_and_only_then(north: Programme, tmp_path: Path) -> None:
    target = tmp_path / "catalogue"
    write_catalogue(north, target)
    stamp = (target / "made_from").stat().st_mtime_ns
    write_catalogue(north, target)
    assert (target / "made_from").stat().st_mtime_ns == stamp
    put(north, "question.csv", QUESTION + PETS)
    put(north, "option.csv", PET_OPTIONS)
    assert not is_written(north, target)
    write_catalogue(north, target)
    assert is_written(north, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalogue", "north"]


def test_wording_of_the_programme_takes_the_place_of_the_engines(north: Programme, tmp_path: Path) -> None:
    put(north, "report_table.csv", "table_id,table_order,section,title,response_type,has_breakdowns\n"
        "client_age,12,Client profile,Age of the child,single,true\n")  # fmt: skip
    engine = {row["table_id"]: row for row in csv.DictReader((SEEDS / "forms/report_table.csv").open(encoding="utf-8"))}
    put(north, "report_table.csv", "table_id,table_order,section,title,response_type,has_breakdowns\n"
        f"client_age,{engine['client_age']['table_order']},Client profile,Age of the child,single,true\n")  # fmt: skip
    write_catalogue(north, tmp_path / "catalogue")
    found = {row["table_id"]: row for row in rows(tmp_path / "catalogue", "forms/report_table.csv")}
    assert found["client_age"]["title"] == "Age of the child"
    assert len(found) == len(engine)


def test_a_table_is_left_out_with_its_rows(north: Programme, tmp_path: Path) -> None:
    put(north, "removed.csv", "table,key\nreport_table,client_age\n")
    write_catalogue(north, tmp_path / "catalogue")
    assert all(row["table_id"] != "client_age" for row in rows(tmp_path / "catalogue", "forms/report_row.csv"))


WRONG = {
    "unknown table": ({"questions.csv": "a\n"}, "there is no table `questions`. Did you mean `question`?"),
    "the engine's table": ({"return_field.csv": "record_id\n"}, "belongs to the engine"),
    "written elsewhere": ({"authority.csv": "la_code\n"}, "is written elsewhere in the programme"),
    "unknown column": (
        {"option.csv": "option_set,option_no,option_code,option_lable\nx,1,a,b\n"},
        "option.csv, line 1: there is no column `option_lable`. Did you mean `option_label`?",
    ),
    "column twice": ({"option.csv": "option_set,option_no,option_no\n"}, "comes twice"),
    "no key": ({"option.csv": "option_no,option_code\n1,a\n"}, "the column `option_set` is missing"),
    "cells": ({"option.csv": OPTION + "pets,1,dog,Dog, big,answer\n"}, "line 2: it has 6 cells and the header row"),
    "quotes": ({"option.csv": OPTION + 'pets,1,dog,"Dog,answer\n'}, "quotation marks do not pair up"),
    "not a number": ({"option.csv": OPTION + "pets,one,dog,Dog,answer\n"}, "line 2: `option_no` has to be a whole"),
    "option too high": ({"option.csv": OPTION + "pets,99,dog,Dog,answer\n"}, "line 2: `option_no` has to be from 1"),
    "blank key": ({"option.csv": OPTION + "pets,1,,Dog,answer\n"}, "`option_code` must not be blank"),
    "kind": ({"option.csv": OPTION + "pets,1,dog,Dog,animal\n"}, "`option_kind` has to be one of answer"),
    "key twice": ({"option.csv": PET_OPTIONS + "pets,1,cat,Cat,answer\n"}, "line 4: option_set pets"),
    "code twice": ({"option.csv": PET_OPTIONS + "pets,3,dog,Hound,answer\n"}, "the same option_set and option_code"),
    "reads the same": (
        {"option.csv": PET_OPTIONS + "pets,3,dogs,dog,answer\n"},
        "line 4: `dog` reads like the option `dog`",
    ),
    "the engine's option": ({"option.csv": OPTION + "yes_no,1,ja,Ja,answer\n"}, "the engine has this row of `option`"),
    "the engine's question": (
        {
            "question.csv": QUESTION + PETS.replace("profile_pets", "profile_age"),
            "option.csv": PET_OPTIONS,
        },
        "the engine has this row of `question`",
    ),
    "the engine's number": (
        {"question.csv": QUESTION + PETS.replace("5001", "300"), "option.csv": PET_OPTIONS},
        "`question_no` of a programme has to be from 5001",
    ),
    "no such section": (
        {"question.csv": QUESTION + PETS.replace("intake_profile,", "intake_profil,"), "option.csv": PET_OPTIONS},
        "`section_id` names `intake_profil`, which `section` has not. Did you mean `intake_profile`?",
    ),
    "no such options": ({"question.csv": QUESTION + PETS}, "names `pets`, of which there are no options"),
    "another form's name": (
        {"question.csv": QUESTION + PETS.replace("intake_profile_pets", "exit_pets"), "option.csv": PET_OPTIONS},
        "beginning intake_",
    ),
    "free text is kept": (
        {"question.csv": QUESTION + PETS.replace("single,pets,store", "text,,store")},
        "may hold what identifies a child",
    ),
    "an id is kept": (
        {"question.csv": QUESTION + PETS.replace("single,pets,store", "identifier,,store")},
        "may hold what identifies a child",
    ),
    "the engine's header": (
        {"question.csv": QUESTION + PETS.replace(",pets,", ",gender_at_birth,", 1), "option.csv": PET_OPTIONS},
        "have one header in an export",
    ),
    "removed nothing": ({"removed.csv": "table,key\noption,yes_no.yess\n"}, "has no row `yes_no.yess`. Did you mean"),
    "removed what must stay": ({"removed.csv": "table,key\nquestion,intake_profile_age\n"}, "cannot be left out"),
    "removed what is counted": (
        {"removed.csv": "table,key\noption,yes_no.yes\n"},
        "needs this option (`intake_",
    ),
    "no key at all": (
        {"wording.csv": "wording\nAge\n"},
        "wording.csv, line 1: the columns `form_id`, `form_version`, `item_type`, `item_id` are missing.",
    ),
    "a control character": ({"option\x1b[31m.csv": "a\n"}, r"there is no table `option\x1b[31m`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_a_sentence_with_its_place(north: Programme, tmp_path: Path, name: str) -> None:
    files, said = WRONG[name]
    for file, text in files.items():
        put(north, file, text)
    with pytest.raises(ProgrammeError) as error:
        write_catalogue(north, tmp_path / "catalogue")
    assert said in str(error.value)
    assert "Nothing was done" in str(error.value)
    assert not (tmp_path / "catalogue").exists()


def test_a_table_that_leads_out_of_the_folder_is_not_followed(north: Programme, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text(PET_OPTIONS, encoding="utf-8")
    north.path("catalogue", "option.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(ProgrammeError, match="leads out of the programme's folder"):
        write_catalogue(north, tmp_path / "catalogue")


def test_other_bytes_are_a_sentence(north: Programme, tmp_path: Path) -> None:
    north.path("catalogue", "option.csv").write_bytes(PET_OPTIONS.replace("Dog", "H\u00fcnd").encode("cp1252"))
    with pytest.raises(ProgrammeError, match="not in UTF-8"):
        write_catalogue(north, tmp_path / "catalogue")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,area_code,name\n999,E06999999,\n", "line 2: `name` has to be its name as the reports print it"),
        ("code,area_code,name\n999,E06999999,A\n999,E06999998,B\n", "line 3: this `code` comes twice"),
        ("code,area_code,name\n999,E06999999,A\n998,E06999999,B\n", "line 3: this `area_code` comes twice"),
        ("code,area_code,name\n99,E06999999,A\n", "line 2: `code` has to be the three digits"),
        ("code,area_code,name\n999,Leeds,A\n", "line 2: `area_code` has to be a letter and eight digits"),
        ('code,area_code,name\n999,E06999999,"A\nB"\n', "line 3: `name` has to be its name"),
        ("code,area_code,name\n999,E06999999,\u202eA\n", "line 2: `name` has to be its name"),
        ("kode,area_code,name\n", "there is no column `kode`. Did you mean `code`?"),
        (
            "code,area_code,name,has_publication\n999,E06999999,A,yes\n",
            "`has_publication` has to be true, false or blank",
        ),
    ],
)
def test_authorities_are_checked(north: Programme, tmp_path: Path, text: str, said: str) -> None:
    north.path("authorities.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError) as error:
        write_catalogue(north, tmp_path / "catalogue")
    assert said in str(error.value)


def test_a_row_says_whose_it_is(north: Programme) -> None:
    put(north, "option.csv", PET_OPTIONS)
    north.path("authorities.csv").write_text("code,area_code,name\n999,E06999999,Northshire\n", encoding="utf-8")
    tables = merged(north, given_tables(north))
    assert {str(row.place).rpartition("/")[2] for row in tables["option"] if row.place.is_own} == {
        "option.csv, line 2", "option.csv, line 3",
    }  # fmt: skip
    assert [str(row.place) for row in tables["authority"]] == [f"{north.path('authorities.csv')}, line 2"]
    assert not any(row.place.is_own for row in tables["form"])
    assert str(tables["form"][0].place) == "the engine's form.csv"
