"""What a file is says its content; its ending is what somebody typed."""

from __future__ import annotations

import gzip

import pytest

from tests.support.returns import CENSUS, census, child, episode, episodes, need, workbook

_CENSUS = census(child(1, details=need()))
_EPISODES = episodes(episode(1))


@pytest.mark.parametrize(
    ("name", "content", "form_id", "convention"),
    [
        ("census.csv", _CENSUS, "cin_census", "xml"),
        ("census.txt", "\n\n" + _CENSUS.split("?>", 1)[1], "cin_census", "xml"),
        ("census.XML", _CENSUS, "cin_census", "xml"),
        ("census.xlsx", _CENSUS, "cin_census", "xml"),
        ("census.csv", _CENSUS.replace("utf-8", "utf-16").encode("utf-16"), "cin_census", "xml"),
        ("census.csv.gz", gzip.compress(_CENSUS.encode()), "cin_census", "xml"),
        ("episodes.xml", _EPISODES, "ssda903", "csv"),
        ("episodes.xlsx", _EPISODES, "ssda903", "csv"),
        ("episodes.txt", _EPISODES.replace(",", "\t"), "ssda903", "csv"),
        ("episodes.xml", _EPISODES.encode("utf-16"), "ssda903", "csv"),
        ("episodes.xml.gz", gzip.compress(_EPISODES.encode("utf-8-sig")), "ssda903", "csv"),
    ],
)
def test_its_content_says_what_a_file_is(place, name, content, form_id, convention):
    result = place.land(f"{CENSUS.rpartition('/')[0]}/{name}", content)
    assert (result.status, result.form_id, result.convention_id) == ("landed", form_id, convention), result.reason
    assert result.rows_landed > 0


@pytest.mark.parametrize("name", ["lists.csv", "lists.xml", "lists.txt"])
def test_nor_does_a_workbook_need_its_ending(place, tmp_path, name):
    workbook(tmp_path / "lists.xlsx").close()
    result = place.land(f"social_care/999/2017/{name}", (tmp_path / "lists.xlsx").read_bytes())
    assert (result.status, result.form_id, result.convention_id) == ("landed", "annex_a", "xlsx"), result.reason


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.pdf", "%PDF-1.7", "neither XML, CSV nor XLSX"),
        ("report.csv", "%PDF-1.7\n", "its content is a PDF document"),
        ("page.csv", "<html><body>No report</body></html>", "It is no children in need census and no looked-after"),
        ("lists.csv.gz", gzip.compress(b"PK\x03\x04"), "neither XML, CSV nor XLSX"),
        ("lists.csv", "PK\x03\x04", "workbook"),
    ],
)
def test_what_is_none_of_them_is_told_so(place, name, content, says):
    result = place.land(f"social_care/999/2017/{name}", content)
    assert result.status == "refused"
    assert says in str(result.reason)


_ROWS = [episode(number).rsplit(",", 1)[0] + "," for number in range(1, 21)]


@pytest.mark.parametrize(
    ("rows", "landed", "rejected"),
    [
        # Some programs end every row, but the header, with a delimiter.
        ([f"{row}," for row in _ROWS], 20, 0),
        # A comma within a cell: what follows has moved, and the blank last cell hides it.
        ([*_ROWS[:-1], _ROWS[-1].replace("U6,", "U6, foster,")], 19, 1),
        ([_ROWS[0].replace("U6,", "U6, foster,"), *_ROWS[1:]], 19, 1),
        (_ROWS, 20, 0),
    ],
)
def test_a_cell_too_many_is_nothing_only_where_every_row_has_it(place, rows, landed, rejected):
    result = place.land("social_care/999/2017/episodes.csv", episodes(*rows))
    assert (result.rows_landed, result.rejected_lines) == (landed, rejected), result.reason


def test_the_one_row_of_a_file_has_no_cell_too_many(place):
    result = place.land("social_care/999/2017/episodes.csv", episodes(_ROWS[0].replace("U6,", "U6, foster,")))
    assert result.status == "refused"
