"""What is said of a file before it lands, against what its rows were made to be; and that nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.trial import try_files
from orchestration.settings import Settings
from tests.support.forms import header, record, table

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
        {"submission_id": "twice", "intake_date": "05/13/2024"},
    ]  # fmt: skip
    path.write_text(table([cells, *rows(*changes)]), encoding="utf-8")
    lines = said(settings, path)
    assert lines[0] == f"an intake form, version v2, 10 records, {len(cells)} columns"
    assert lines[1].startswith("`profile_ethnicty` is not understood; did you mean `profile_ethnicity`? 10 forms would")
    assert "services: Oak House (9)" in lines
    (aside,) = [line for line in lines if line.startswith("services that are not declared")]
    assert aside.endswith("(1)")
    assert "3 dates are written with slashes: 1 can only have the day first, 1 only the month; they are read with " in (
        " ".join(lines)
    )
    (verdict,) = [line for line in lines if line.startswith("would be: ")]
    # Of the two versions the one behind is the later; its date is none where the day comes first.
    assert sorted(verdict.removeprefix("would be: ").split(", ")) == sorted(
        [
            "3 accepted", "if nothing else is wrong", "2 without a date", "1 of undeclared services",
            "1 without a key", "1 without consent", "1 test records", "1 earlier versions",
        ]
    )  # fmt: skip
    assert "years: 2023 (2), 2025 (provisional) (1)" in lines
    assert "Zebediah" not in " ".join(lines)
    assert [one for one in (settings.home / "warehouse").iterdir() if one.name != "catalogue"] == []


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
    path.write_text("service,client_id,requested_on\nOak House,1,2024-01-01\n", encoding="utf-8")
    assert said(settings, path) == ["an erasure list, 1 records"]
