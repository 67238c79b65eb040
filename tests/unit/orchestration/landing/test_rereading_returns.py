"""A spelling or a heading learnt after a return has landed takes effect on it; without its file, that is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from orchestration.environment import write_programme
from tests.support.landed_programme import BOTH, Programme
from tests.support.returns import census, child, need

ANNEX, CENSUS = "social_care/999/2017/annex_a.xlsx", "social_care/999/2017/census.xml"
HEADINGS = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact", "Who rang")
LEARNT = {
    "a spelling": ("value_spelling", "code_list,spelling,code\nethnicity,cornish,WBRI\n"),
    "a heading": ("annex_a_heading", "record_id,field_id,pattern\nannex_a_contact,contact_source,^who rang\n"),
}
KEPT = "select * exclude (landed_at) from raw.annex_a_contact order by all"
READINGS = "select source_file, count(*) from ops.reading inner join ops.load using (load_seq) group by 1 order by 1"


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """A raw folder with a workbook and a census, landed by a catalogue that knows less."""
    programme = Programme(tmp_path, monkeypatch)
    programme.declare(BOTH)
    for name in (ANNEX, CENSUS):
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(tmp_path / "raw" / ANNEX))
    sheet = book.add_worksheet("List 1")
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, ("XJ77K1", "a) Male", "Cornish", "2012-04-03", "2016-09-01", "6: Police"))
    book.close()
    (tmp_path / "raw" / CENSUS).write_text(census(child(1, details=need())))
    programme.land()
    assert programme.rows("select ethnicity, contact_source from raw.annex_a_contact") == [("(unreadable)", None)]
    return programme


def learn(programme: Programme, what: str) -> None:
    table, text = LEARNT[what]
    (programme.folder / "list" / "catalogue").mkdir(exist_ok=True)
    (programme.folder / "list" / "catalogue" / f"{table}.csv").write_text(text)
    write_programme(programme.settings())


@pytest.mark.parametrize(
    ("what", "expected", "readings"),
    [("a spelling", ("Cornish", None), (2, 2)), ("a heading", ("(unreadable)", "6: Police"), (2, 1))],
)
def test_what_is_learnt_later_is_read_in_the_file(
    programme: Programme, what: str, expected: tuple[str, str | None], readings: tuple[int, int]
) -> None:
    learn(programme, what)
    for _ in range(2):
        lines = programme.land()
        assert programme.rows("select ethnicity, contact_source from raw.annex_a_contact") == [expected]
        # The census has the same list of codes and no headings; what was read again once is not with every run.
        assert programme.rows(READINGS) == list(zip((ANNEX, CENSUS), readings, strict=True))
        assert not [line for line in lines if "could not be read again" in line]
    programme.land("anew")
    for table in (
        KEPT,
        "select * exclude (landed_at) from raw.cin_child",
        "select load_seq, load_id from ops.load order by 1",
    ):
        assert programme.rows(table) == programme.rows(table, "anew")


def test_a_file_that_is_gone_is_told_and_read_when_it_is_back(programme: Programme) -> None:
    path, away = programme.folder / "raw" / ANNEX, programme.folder / "away.xlsx"
    path.rename(away)
    learn(programme, "a heading")
    before = programme.rows(KEPT)
    for _ in range(2):
        (told,) = [line for line in programme.land() if "could not be read again" in line]
        assert told.startswith(
            f"1 load of earlier rules, services or an earlier catalogue could not be read again ({ANNEX})"
        )
        assert told.endswith(
            "What landed stays as it is, and what has been learnt since, a spelling or a heading, has no effect on it."
        )
        assert programme.rows("select source_file, reason from ops.unread_load") == [(ANNEX, "returns")]
    assert programme.rows(KEPT) == before
    away.rename(path)
    programme.land()
    assert programme.rows("select contact_source from raw.annex_a_contact") == [("6: Police",)]
    assert programme.rows("select * from ops.unread_load") == []


def test_a_return_of_a_version_that_wrote_down_no_reading_is_read_again(programme: Programme) -> None:
    programme.rows("delete from ops.reading")
    programme.rows("update raw.annex_a_contact set ethnicity = 'SURNAME'")
    programme.land()
    assert programme.rows("select ethnicity from raw.annex_a_contact") == [("(unreadable)",)]
