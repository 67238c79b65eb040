"""What is said of a file before it lands, against what its rows were made to be; and that nothing of it stays."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from orchestration.landing.trial import try_files
from orchestration.settings import Settings
from tests.support.forms import header, record, table
from tests.support.paths import ROOT

PROGRAMME = (
    'id = "p"\nname = "P"\npublisher = "P"\nthemes = ["forms"]\nfinal_to = 2024-08-31\n'
    'raw = "../raw"\nhome = "../home"\n[forms]\nyear_starts = "09-01"\n'
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    programme = tmp_path / "programme"
    programme.mkdir()
    (programme / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    (programme / "services.csv").write_text(
        "code,name,spellings,region,from,to,became\nOAK,Oak House,North Star,,,,\n", encoding="utf-8"
    )
    return Settings(tmp_path / "home", tmp_path / "raw", "sample", programme)


def rows(*changes: dict[str, str]) -> list[list[str]]:
    made = []
    for number, change in enumerate(changes, start=1):
        row = record(number)
        for column, cell in change.items():
            row[header().index(column)] = cell
        made.append(row)
    return made


def said(settings: Settings, path: Path) -> list[str]:
    first, *lines = try_files(settings, [path])
    assert first == str(path)
    return [line.strip() for line in lines]


def test_what_the_file_itself_decides(settings, tmp_path):
    path = tmp_path / "intake.csv"
    cells = header()
    cells[cells.index("profile_ethnicity")] = "profile_ethnicty"
    changes = [
        {}, {"service": "north\u00a0STAR."}, {"service": "Zebediah rang"}, {"client_id": ""}, {"consent": "no"},
        {"is_test": "yes"}, {"intake_date": "31/02/2024"}, {"intake_date": "01/09/2024"}, {"submission_id": "twice"},
        {"submission_id": "twice", "intake_date": "13/13/2024"},
    ]  # fmt: skip
    path.write_text(table([cells, *rows(*changes)]), encoding="utf-8")
    lines = said(settings, path)
    assert lines[0] == f"an intake form, version v2, 10 records, {len(cells)} columns"
    assert lines[1].startswith("`profile_ethnicty` is not understood; did you mean `profile_ethnicity`? 10 forms would")
    assert "services: Oak House (9)" in lines
    (aside,) = [line for line in lines if line.startswith("services that are not declared")]
    assert aside.endswith("(1)")
    (order,) = [line for line in lines if line.startswith("dates of `intake_date` do not show whether day or month")]
    assert order.endswith("they are read with the day first, as the programme says.")
    (verdict,) = [line for line in lines if line.startswith("would be: ")]
    # Of the two versions the one behind is the later; its date is none.
    assert sorted(verdict.removeprefix("would be: ").split(", ")) == sorted(
        [
            "3 accepted", "if nothing else is wrong", "2 without a date", "1 of undeclared services",
            "1 without a key", "1 without consent", "1 test record", "1 earlier version",
        ]
    )  # fmt: skip
    assert "years: 2023 (2), 2025 (provisional) (1)" in lines
    assert "Zebediah" not in " ".join(lines)
    assert not settings.home.exists()


def test_answers_that_no_form_offers(settings, tmp_path):
    path = tmp_path / "intake.csv"
    changes = [{"profile_gender_at_birth": "purple" if number < 8 else "female"} for number in range(12)]
    path.write_text(table([header(), *rows(*changes)]), encoding="utf-8")
    assert "8 of 12 answers to intake_profile_gender_at_birth are none that the form offers" in said(settings, path)
    path.write_text(table([header(), *rows(*changes[6:])]), encoding="utf-8")
    assert "none that the form offers" not in " ".join(said(settings, path))


def test_what_cannot_be_used_is_a_line(settings, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("name,colour\nZebediah,blue\n", encoding="utf-8")
    assert said(settings, path)[0].startswith("would be refused: The header row is not one of")
    assert said(settings, tmp_path / "nothing.csv") == ["would be refused: No such file or directory"]


def test_how_a_file_was_read_is_a_line(settings, tmp_path):
    path = tmp_path / "intake.csv"
    path.write_text("Zebediah's report\n" + table([header(), record(1)]), encoding="utf-8")
    assert said(settings, path)[-1] == "1 row above the header row holds no names of columns and was passed over."
    path.write_text("service,client_id,requested_on\nOak House,7\n", encoding="utf-8")
    assert said(settings, path)[-1].startswith("1 record ends before the last column")


def test_a_home_that_is_there_stays_as_it_is(settings, tmp_path):
    (settings.home / "warehouse").mkdir(parents=True)
    (settings.home / "warehouse" / "insights.duckdb").write_bytes(b"x")
    path = tmp_path / "intake.csv"
    path.write_text(table([header(), record(1)]), encoding="utf-8")
    assert said(settings, path)[0].startswith("an intake form, version v2, 1 record, ")
    assert [one.name for one in (settings.home / "warehouse").iterdir()] == ["insights.duckdb"]


def test_an_erasure_list_says_what_would_refuse_it(settings, tmp_path):
    path = tmp_path / "erased.csv"
    head = "service,client_id,requested_on\n"
    path.write_text(head + "Oak House,1,2024-01-01\n", encoding="utf-8")
    assert said(settings, path) == ["an erasure list, 1 record"]
    path.write_text(head + "OAK,1,\nZebediah,2,\nnorth star.,3,\nElm,4,\n,5,\nOAK,,\n", encoding="utf-8")
    first, refused, nobody = said(settings, path)
    assert first == "an erasure list, 6 records"
    assert refused.startswith("would be refused: Rows 3, 5 name a service that is not declared, so whose data")
    assert nobody == "2 records without a service or a client, of no effect"
    assert "Zebediah" not in refused


def test_a_return_says_which_of_whom_for_when_and_how_many(settings, tmp_path):
    sample = ROOT / "data" / "raw" / "social_care"
    census = sample / "999" / "2017" / "cin_census_2017.xml.gz"
    (line,) = [one for one in said(settings, census) if "of authority" in one]
    children = re.fullmatch(r"Children in need census of authority 999, (\d{4}): ([\d,]+) records; .*", line)
    assert children is not None, line
    assert children[1] == census.parent.name
    text = gzip.decompress(census.read_bytes())
    assert int(children[2].replace(",", "")) > text.count(b"<Child>") > 0
    broken = tmp_path / "social_care" / "999" / census.parent.name / "census.xml"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(text[:-2000])
    (line,) = said(settings, broken)
    assert line.startswith("would be refused: It is cut off")
    assert not settings.home.exists()


def test_columns_told_by_their_place_say_why(settings, tmp_path):
    path = tmp_path / "intake.csv"
    extra = [f"what {number}" for number in range(len(header()))]
    path.write_text(table([[*header(), *extra], [*record(1), *extra]]), encoding="utf-8")
    lines = said(settings, path)
    assert f"column {len(header()) + 1} is not understood" in lines
    assert f"and {len(extra) - 5} more columns are not understood" in lines
    assert [line for line in lines if line.startswith("a column is called by its place where")]
    path.write_text(table([[*header(), "shoe size"], [*record(1), "38"]]), encoding="utf-8")
    assert not [line for line in said(settings, path) if line.startswith("a column is called by its place where")]
