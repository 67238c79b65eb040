"""The settings of a programme as strangers write them: what is taken, and what is said of the rest."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import ProgrammeError
from catalogue.programme import SAMPLE, programme_fingerprint, read_programme

LEAST = 'id = "north"\nname = "North"\npublisher = "North Council"\nthemes = ["forms"]\n'


def programme(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "programme.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_least_a_programme_says(tmp_path: Path) -> None:
    found = read_programme(programme(tmp_path / "north", LEAST))
    assert (found.programme_id, found.name, found.themes) == ("north", "North", ("forms",))
    assert (found.year_starts, found.first_year, found.final_to, found.threshold) == ("04-01", None, None, 5)
    assert (found.no_year_share, found.client_conflict_share) == (0.05, 0.01)
    assert not found.is_sample


def test_all_that_it_can_say(tmp_path: Path) -> None:
    text = (
        'id = "north"\nname = "North"\npublisher = "N"\nthemes = ["returns", "forms"]\nfinal_to = 2026-08-31\n'
        'raw = "../raw"\nhome = "../home"\ndate_order = "month_first"\ncontact = "c"\nnext_release = "May"\n'
        '[forms]\nyear_starts = "09-01"\nfirst_year = 2025\nno_year_share = 0.2\n[disclosure]\nthreshold = 10\n'
    )
    found = read_programme(programme(tmp_path / "north", text))
    assert found.themes == ("forms", "returns")
    assert (found.raw, found.home) == (tmp_path / "raw", tmp_path / "home")
    assert (found.year_starts, found.first_year, found.final_to) == ("09-01", 2025, date(2026, 8, 31))
    assert (found.date_order, found.threshold, found.no_year_share) == ("month_first", 10, 0.2)


@pytest.mark.parametrize(
    ("theme", "day", "year_starts"),
    [
        ("forms", "2024-03-31", "04-01"),
        ("forms", "2024-02-29", "03-01"),
        ("forms", "2023-02-28", "03-01"),
        ("forms", "2024-12-31", "01-01"),
        ("forms", "2024-04-05", "04-06"),
        ("returns", "2024-03-31", "09-01"),
        ("forms", "1990-03-31", "04-01"),
        ("forms", "2100-12-31", "01-01"),
    ],
)
def test_a_year_is_over_on_its_last_day(tmp_path: Path, theme: str, day: str, year_starts: str) -> None:
    text = LEAST.replace("forms", theme) + f'final_to = {day}\n[forms]\nyear_starts = "{year_starts}"\n'
    assert read_programme(programme(tmp_path / "north", text)).final_to == date.fromisoformat(day)


def test_the_sample_is_a_programme_like_any_other() -> None:
    found = read_programme(SAMPLE)
    assert found.is_sample
    assert found.forms_publication is not None
    assert found.forms_publication.files


WRONG = {
    "unknown": (LEAST + 'publsher = "x"\n', "no setting `publsher`. Did you mean `publisher`?"),
    "in the wrong table": (LEAST + "threshold = 5\n", "belongs into the table [disclosure]"),
    "missing": ('id = "north"\nname = "North"\nthemes = ["forms"]\n', "`publisher` is missing"),
    "broken": (LEAST + "raw = ../raw\n", "line 5"),
    "twice": (LEAST + 'name = "South"\n', "line 5, column 15: this setting or table stands here for the second time"),
    "table twice": (LEAST + "[forms]\n[disclosure]\n[forms]\n", "stands here for the second time. Put its settings"),
    "text for a table": (LEAST + 'forms = "yes"\n', "`forms` is a table. Write [forms] on a line by itself"),
    "list of tables": (LEAST + "[[forms]]\nfirst_year = 2024\n", "`forms` is a table. Write [forms]"),
    "table for a value": (LEAST + "[final_to]\nyear = 2024\n", "`final_to` has to be a date"),
    "unknown table": (LEAST + "[form]\nfirst_year = 2024\n", "no table [form]. Did you mean [forms]?"),
    "name with a point": (LEAST + '"forms.first_year" = 2024\n', "stands in quotation marks"),
    "path of Windows": (LEAST + 'raw = "C:\\Users\\raw"\n', "a backslash cannot stand in quotation marks"),
    "path of Windows as it is": (LEAST + "raw = 'D:\\raw'\n", "`raw` is a path of Windows"),
    "drive": (LEAST + 'raw = "D:/raw"\n', "`raw` is a path of Windows"),
    "home of nobody": (LEAST + 'raw = "~nobodyatall/raw"\n', "begins with ~ and nobody's name"),
    "no quotation marks": (LEAST.replace('"North"', "North"), "line 2, column 8: this is no value"),
    "curly quotation marks": (LEAST.replace('"North"', "\u201cNorth\u201d"), "straight quotation marks"),
    "decimal comma": (LEAST + "[forms]\nno_year_share = 0,05\n", "a number is written 5 or 0.05"),
    "date of a letter": (LEAST + "final_to = 31/03/2024\n", "a date 2024-03-31"),
    "day that is none": (LEAST + "final_to = 2024-02-31\n", "there is no such day"),
    "open text": (LEAST + 'contact = "abc\n', "the quotation mark that ends the text is missing"),
    "blank": (LEAST.replace('"North"', '"  "'), "`name` must not be blank"),
    "empty": (LEAST.replace('"North Council"', '""'), "`publisher` must not be blank"),
    "tab in a name": (LEAST.replace('"North"', '"North\tSouth"'), "without tabs"),
    "long": (LEAST.replace('"North"', f'"{"N" * 501}"'), "at most 500 letters"),
    "threshold as text": (LEAST + '[disclosure]\nthreshold = "5"\n', "`disclosure.threshold` has to be a whole number"),
    "other order of dates": (LEAST + 'date_order = "dmy"\n', "has to be `day_first` or `month_first`"),
    "report of a theme that is not there": (LEAST + '[returns]\npublication = "R"\n', "`themes` does not name returns"),
    "not a list": (LEAST.replace('["forms"]', '"forms"'), "`themes` has to be a list such as"),
    "no theme": (LEAST.replace('["forms"]', "[]"), "`themes` is missing"),
    "unknown theme": (LEAST.replace('["forms"]', '["form"]'), "`themes` has to be"),
    "id with blanks": (LEAST.replace('"north"', '"the north"'), "`id` has to be of small letters"),
    "date as text": (LEAST + 'final_to = "2024-03-31"\n', "`final_to` has to be a date"),
    "date with a time": (LEAST + "final_to = 2024-03-31T00:00:00\n", "`final_to` has to be a date"),
    "end of no year": (
        LEAST + "final_to = 2024-06-15\n",
        "begin on 04-01. Write 2024-03-31 or 2025-03-31, the last day of the last year that is over",
    ),
    "first day of a year": (LEAST + "final_to = 2024-04-01\n", "Write 2024-03-31 or 2025-03-31"),
    "end of a year of others": (
        LEAST + 'final_to = 2024-03-31\n[forms]\nyear_starts = "01-01"\n',
        "begin on 01-01. Write 2023-12-31 or 2024-12-31",
    ),
    "day before a leap day": (
        LEAST + 'final_to = 2024-02-28\n[forms]\nyear_starts = "03-01"\n',
        "Write 2023-02-28 or 2024-02-29",
    ),
    "end of no year of returns": (
        LEAST.replace("forms", "returns") + 'final_to = 2024-08-31\n[forms]\nyear_starts = "09-01"\n',
        "begin on 04-01. Write 2024-03-31 or 2025-03-31",
    ),
    "end of another age": (LEAST + "final_to = 0001-03-31\n", "`final_to` has to be a day of 1990 to 2100"),
    "over before the first year": (
        LEAST + "final_to = 2024-03-31\n[forms]\nfirst_year = 2025\n",
        "before the first year that is reported (`forms.first_year` is 2025)",
    ),
    "day of no year": (LEAST + '[forms]\nyear_starts = "02-30"\n', "`forms.year_starts` has to be"),
    "leap day": (LEAST + '[forms]\nyear_starts = "02-29"\n', "`forms.year_starts` has to be"),
    "first year of no century": (LEAST + "[forms]\nfirst_year = 24\n", "from 1990 to 2100"),
    "share of more than all": (LEAST + "[forms]\nno_year_share = 1.5\n", "from 0.0 to 1.0"),
    "share of not a number": (LEAST + "[forms]\nno_year_share = nan\n", "from 0.0 to 1.0"),
    "true for a share": (LEAST + "[forms]\nno_year_share = true\n", "a number such as 0.05"),
    "whole number above all": (LEAST + "[forms]\nno_year_share = 2\n", "from 0.0 to 1.0"),
    "true for a number": (LEAST + "[forms]\nfirst_year = true\n", "has to be a whole number"),
    "threshold too low": (LEAST + "[disclosure]\nthreshold = 2\n", "from 5 to 100"),
    "raw inside": (LEAST + 'raw = "raw"\n', "would get into the programme's git"),
    "raw around": (LEAST + 'raw = ".."\n', "would get into the programme's git"),
    "home inside": (LEAST + 'home = "./a/../home"\n', "would get into the programme's git"),
    "list leaves": (
        LEAST + '[forms]\npublication = "R"\npublication_files = "../../x.sha256"\n',
        "names a file outside the programme's folder",
    ),
    "list without a report": (LEAST + '[forms]\npublication_files = "x.sha256"\n', "needs `forms.publication`"),
    "list not there": (
        LEAST + '[forms]\npublication = "R"\npublication_files = "x"\n',
        "names a file that is not there",
    ),
    "two lines": (LEAST.replace('"North"', '"North\\nSouth"'), "`name` has to be one line"),
    "10 MB": (LEAST + "#" + "x" * 10_000_000, "is larger than 256 KB"),
    "deep": (LEAST + "a = " + "[" * 5000 + "]" * 5000, "programme.toml"),
}


@pytest.mark.parametrize("share", [0, 1])
def test_a_whole_number_is_a_share(tmp_path: Path, share: int) -> None:
    text = f"{LEAST}[forms]\nunknown_question_share = {share}\n"
    found = read_programme(programme(tmp_path / "north", text)).unknown_question_share
    assert (type(found), found) == (float, share)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_a_sentence_with_its_place(tmp_path: Path, name: str) -> None:
    text, said = WRONG[name]
    with pytest.raises(ProgrammeError) as error:
        read_programme(programme(tmp_path / "north", text))
    assert said in str(error.value)
    assert "programme.toml" in str(error.value)
    assert "Nothing was done" in str(error.value)


def test_blanks_around_a_text_and_bytes_before_the_first_are_no_part_of_it(tmp_path: Path) -> None:
    text = "\ufeff" + LEAST.replace(" = ", "\t=\t").replace('"North"', '" North "') + 'contact = "  "\n'
    found = read_programme(programme(tmp_path / "north", text.replace("\n", "\r\n")))
    assert (found.name, found.contact) == ("North", None)


def test_other_bytes_and_no_file_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match="There is no programme"):
        read_programme(tmp_path)
    (tmp_path / "programme.toml.txt").write_text(LEAST, encoding="utf-8")
    with pytest.raises(ProgrammeError, match=r"it has no programme.toml; `programme.toml.txt` has to be called so"):
        read_programme(tmp_path)
    os.mkfifo(tmp_path / "programme.toml")
    with pytest.raises(ProgrammeError, match="a folder, a pipe or a device"):
        read_programme(tmp_path)
    (tmp_path / "programme.toml").unlink()
    (tmp_path / "programme.toml").write_bytes(LEAST.replace("North", "N\u00f6rd").encode("cp1252"))
    with pytest.raises(ProgrammeError, match="not in UTF-8"):
        read_programme(tmp_path)


@given(st.text(max_size=60))
def test_any_text_is_a_programme_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "programme.toml").write_text(LEAST + text, encoding="utf-8", errors="surrogatepass", newline="")
    said = "a programme"
    try:
        read_programme(folder)
    except ProgrammeError as error:
        said = str(error)
    assert said.isprintable()


def test_the_fingerprint_is_of_all_files_but_hidden_ones(tmp_path: Path) -> None:
    found = read_programme(programme(tmp_path / "north", LEAST))
    before = programme_fingerprint(found)
    (found.folder / ".git").mkdir()
    (found.folder / ".git" / "HEAD").write_text("x", encoding="utf-8")
    assert programme_fingerprint(found) == before
    (found.folder / "services.csv").write_text("code,name\n", encoding="utf-8")
    assert programme_fingerprint(found) != before
