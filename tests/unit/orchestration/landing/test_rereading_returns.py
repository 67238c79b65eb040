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


def test_what_is_learnt_later_is_read_in_the_file(programme: Programme) -> None:
    # The census has the list of ethnicities as well, and no headings.
    for what, expected, readings in (
        ("a spelling", ("Cornish", None), (2, 2)),
        ("a heading", ("Cornish", "6: Police"), (3, 2)),
        ("a heading", ("Cornish", "6: Police"), (3, 2)),
    ):
        learn(programme, what)
        lines = programme.land()
        assert programme.rows("select ethnicity, contact_source from raw.annex_a_contact") == [expected]
        assert programme.rows(READINGS) == list(zip((ANNEX, CENSUS), readings, strict=True))
        assert not [line for line in lines if "could not be read again" in line]
    programme.land("anew")
    loads = "select load_seq, load_id from ops.load order by 1"
    for table in (KEPT, "select * exclude (landed_at) from raw.cin_child", loads):
        assert programme.rows(table) == programme.rows(table, "anew")


def test_a_file_that_is_gone_is_told_and_read_when_it_is_back(programme: Programme) -> None:
    path, away = programme.folder / "raw" / ANNEX, programme.folder / "away.xlsx"
    path.rename(away)
    learn(programme, "a heading")
    before = programme.rows(KEPT)
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
    # A version before wrote down no reading of a return, and kept capitals that may be a name.
    programme.rows("delete from ops.reading")
    programme.rows("update raw.annex_a_contact set ethnicity = 'SURNAME'")
    programme.land()
    found = programme.rows("select ethnicity, contact_source from raw.annex_a_contact")
    assert found == [("(unreadable)", "6: Police")]
    assert programme.rows("select * from ops.unread_load") == []
