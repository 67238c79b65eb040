"""What is said of a file before it lands, against what its rows were made to be; and that nothing of it stays."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.landing.pseudonym import KEY_VARIABLE
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


# A submission whose latest edit stands above, one of which nothing tells the later version, a number of two children.
VERSIONS = [
    {"submission_id": "a", "client_id": "a", "edited_at": "2023-06-03", "intake_date": "2024-09-02"},
    {"submission_id": "a", "client_id": "a", "edited_at": "2023-06-02"},
    {"submission_id": "A", "client_id": "a", "edited_at": "2023-06-01"},
    {"submission_id": "c", "client_id": "c"}, {"submission_id": "c", "client_id": "c", "postcode": "E1 6AN"},
    {"submission_id": "d"}, {"submission_id": "d", "date_of_birth": "2013-05-06"},
]  # fmt: skip


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
        {"is_test": "yes"}, {"intake_date": "31/02/2024"}, {"intake_date": "01/07/2024"},
        {"submitted_at": "2023-05-01"}, *VERSIONS,
    ]  # fmt: skip
    records = rows(*({"submitted_at": "2025-01-01", **change} for change in changes))
    path.write_text(table([cells, *records, records[0]]), encoding="utf-8")
    lines = said(settings, path)
    assert lines[0] == f"an intake form, version v2, 17 records, {len(cells)} columns"
    place = cells.index("profile_ethnicty") + 1
    assert lines[1].startswith(f"column {place} is not understood; did you mean `profile_ethnicity`? 17 forms would")
    assert "services: Oak House (16)" in lines
    assert "1 form names a service that is not declared (?" in lines[-1]
    assert "Dates of `intake_date` do not show whether day or month comes first" in lines[-1]
    (verdict,) = [line for line in lines if line.startswith("would be: ")]
    assert sorted(verdict.removeprefix("would be: ").split(", ")) == sorted(
        [
            "6 accepted", "if nothing else is wrong", "2 earlier versions", "1 duplicate", "1 without a possible date",
            "2 versions of which nothing says which is later", "1 of undeclared services", "1 without a key",
            "1 without consent", "1 test record", "1 set aside (event_after_submission__intake)",
        ]
    )  # fmt: skip
    assert "years: 2023 (4), 2024 (1), 2025 (provisional) (1)" in lines
    noted = "would be noted: check submission_number_used_again, 2 forms. Not so: A number of a submission stands"
    assert [line for line in lines if line.startswith(noted)]
    assert "Zebediah" not in " ".join(lines)
    assert not settings.home.exists()


def test_answers_that_no_form_offers(settings, tmp_path):
    path = tmp_path / "intake.csv"
    changes = [{"profile_gender_at_birth": "purple" if number < 8 else "female"} for number in range(12)]
    path.write_text(table([header(), *rows(*changes)]), encoding="utf-8")
    words = "answers that the form does not offer, which count as not given: 1 word for "
    blocks = "would block a release: check answers_not_understood (intake_"
    lines = said(settings, path)
    assert f"{words}intake_profile_gender_at_birth in 8 forms of OAK" in lines
    assert [line for line in lines if line.startswith(f"{blocks}profile_gender_at_birth). Not so: Of the answers to")]
    # From three on, as in a run; and of ticks that none of a cell is understood of.
    for question, changed, is_blocked in (("gender_at_birth", 2, False), ("residency", 3, True)):
        changes = [{f"profile_{question}": "purple" if number < changed else ""} for number in range(5)]
        path.write_text(table([header(), *rows(*changes)]), encoding="utf-8")
        lines = said(settings, path)
        assert f"{words}intake_profile_{question} in {changed} forms of OAK" in lines
        assert any(line.startswith(blocks) for line in lines) == is_blocked


def test_what_cannot_be_used_is_a_line(settings, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("name,colour\nZebediah,blue\n", encoding="utf-8")
    assert said(settings, path)[0].startswith("would be refused: The header row is not one of")
    assert said(settings, tmp_path / "nothing.csv") == ["would be refused: No such file or directory"]
    (lock := tmp_path / "~$intake.csv").write_text("x", encoding="utf-8")
    (line,) = said(settings, lock)
    assert line.startswith("would be passed over: It is a lock file of an office program")
    assert said(settings, tmp_path) == ["would be passed over: It is a folder."]


def test_without_a_key_no_short_code_is_told_as_if_it_stayed(settings, tmp_path, monkeypatch):
    path = tmp_path / "intake.csv"
    path.write_text(table([header("review"), record(1, "review")]).replace("North Star", "Elm"), encoding="utf-8")
    line = "short codes of services are others in a run, because there is no key here"
    assert line not in said(settings, path)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    assert line in said(replace(settings, environment="production"), path)


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
    first, refused = said(settings, path)
    assert first == "an erasure list, 6 records"
    assert refused.startswith("would be refused: Rows 3, 5 name a service that is not declared, so whose data")
    assert "Zebediah" not in refused
    path.write_text(head + "OAK,1,\n,5,\nOAK,,\n", encoding="utf-8")
    assert said(settings, path)[1] == "2 records would be rejected (rows 3, 4): It names no service or no client."


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
    path.write_text(table([[*header(), "other notes"], [*record(1), "38"]]), encoding="utf-8")
    assert not [line for line in said(settings, path) if line.startswith("a column is called by its place where")]
