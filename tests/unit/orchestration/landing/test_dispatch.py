"""What a file is, who lands it, and what is said when it cannot be read or its copy cannot be written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import pytest

from catalogue.services import Service, Services
from orchestration.errors import OperatorError
from orchestration.landing import dispatch
from orchestration.landing.dispatch import DeliveredFile
from orchestration.landing.forms.recognise import ErasureList, FormExport
from orchestration.landing.ledger import record_load
from orchestration.landing.recognise import Recognised
from orchestration.landing.refusal import Refused
from orchestration.landing.rereading import StaleLoad
from orchestration.landing.returns.recognise import Return
from tests.support.forms import Landing, export
from tests.support.returns import CENSUS, ReturnLanding, census, child, episode, episodes, workbook

EPISODES = episodes(episode(1))
ERASURES = "service,client_id,requested_on\nwest,1,2024-01-01\n"
WEST = Services([Service("WEST", "West")])
LOOKED_AFTER = "<SSDA903><CHILD><CHILDID>XJ77K1</CHILDID></CHILD></SSDA903>"


def read(place: Landing, name: str, content: str) -> DeliveredFile:
    path = place.raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return place.lander.read(path, place.work / "0", known={})


@pytest.mark.parametrize(
    ("name", "content", "kind", "says"),
    [
        ("a.csv", export(2), FormExport, "intake"),
        ("insights/a.csv", export(2, "exit", "v1", "text_list"), FormExport, "exit"),
        ("z.csv", "service,client_id,requested_on\nnorth star,1,2024-01-01\n", ErasureList, "erasure"),
        (CENSUS, census(child()), Return, "cin_census"),
        ("social_care/999/2017/x.xml", LOOKED_AFTER, Return, "ssda903"),
        ("social_care/999/2017/x.csv", EPISODES, Return, "ssda903"),
        ("social_care/999/local/x.csv", "child_id,open_date,close_date\n1,2016-01-01,\n", Return, "disabled_team"),
        ("a.csv", "dear colleague\n", Refused, "header row"),
        ("a.csv", export(2)[: export(2).rindex("Call")], Refused, "cut off"),
        ("a.pdf", "%PDF", Refused, "neither CSV nor XLSX"),
        ("social_care/999/2017/x.csv", export(2), Refused, "header row of any return"),
        ("social_care/999/local/x.csv", EPISODES, Refused, "collected by year"),
        ("social_care/x.csv", EPISODES, Refused, "folder"),
    ],
)
def test_recognition_says_what_a_file_is(place, name, content, kind, says):
    what = read(place, name, content).what
    assert type(what) is kind
    if isinstance(what, Return):
        assert what.reader.return_id == says
    elif isinstance(what, Refused):
        assert says in what.reason
    else:
        assert what.header.form_id == says


def test_a_workbook_among_the_returns_is_an_annex_a(tmp_path):
    place = ReturnLanding(tmp_path)
    path = place.raw / "social_care/999/2017/annex.xlsx"
    path.parent.mkdir(parents=True)
    workbook(path).close()
    what = place.lander.read(path, place.work / "0", known={}).what
    assert isinstance(what, Return)
    assert (what.reader.return_id, what.reader.file_format) == ("annex_a", "xlsx")
    place.con.close()


def test_every_kind_of_file_has_somebody_who_lands_it():
    assert {FormExport, ErasureList, Return} == set(dispatch.LANDERS)
    assert {*dispatch.LANDERS, Refused} == set(Recognised.__args__)


def test_a_file_whose_content_is_known_is_not_read(place):
    delivered = read(place, "a.csv", export(2))
    assert delivered.snapshot is not None
    shutil.rmtree(delivered.place)
    known = {"": {delivered.snapshot.sha256: delivered.snapshot.size_bytes}}
    again = place.lander.read(delivered.path, delivered.place, known=known)
    assert again.what is None
    assert not again.place.exists()


def test_a_file_that_is_gone_is_refused_under_a_name_of_its_own(place):
    delivered = place.lander.read(place.raw / "gone.csv", place.work / "0", known={})
    result = place.lander.land(place.con, delivered)
    assert (result.status, result.sha256, len(result.load_id)) == ("refused", None, 16)
    assert result.reason == (
        "It cannot be opened (No such file or directory). Nothing of this file was landed. Check its permissions."
    )
    assert place.rows("select source_file, load_id from ops.load") == [("gone.csv", result.load_id)]


def test_what_was_refused_and_lands_later_has_one_entry(place):
    assert [place.land(name, ERASURES).status for name in ("y.csv", "z.csv")] == ["refused", "refused"]
    place.lander = replace(place.lander, services=WEST)
    assert place.land("z.csv", ERASURES).status == "landed"
    assert place.rows("select source_file, status from ops.load") == [("z.csv", "landed")]


def test_what_is_refused_when_it_is_read_again_stays_one_load(place):
    lander, place.lander = place.lander, replace(place.lander, services=WEST)
    landed = place.land("z.csv", ERASURES)
    again = StaleLoad(
        landed.load_seq, landed.load_id, landed.sha256, "erasure", "z.csv", ("erasure",), "now", frozenset()
    )
    assert lander.land(place.con, read(place, "z.csv", ERASURES), again).status == "refused"
    assert place.rows("select source_file, status from ops.load") == [("z.csv", "landed")]


def test_a_disk_that_is_full_stops_the_run_and_leaves_no_copy(place):
    # Whatever is written to this device finds the disk full.
    (place.work / "0").mkdir()
    (place.work / "0" / "records.csv").symlink_to("/dev/full")
    with pytest.raises(OperatorError, match="No space left on device"):
        read(place, "a.csv", export(2))
    assert list(place.work.iterdir()) == []


def test_the_memory_of_the_database_is_less_for_a_return_and_as_usual_afterwards(tmp_path, monkeypatch):
    place = ReturnLanding(tmp_path)
    asked = "select memory_limit from pragma_database_size() limit 1"  # What holds; a setting may only say so.
    seen = []

    def record(*given: Any) -> None:
        seen.append(place.rows(asked))
        record_load(*given)

    monkeypatch.setattr(dispatch, "record_load", record)
    assert place.land("a.csv", export(2)).status == "landed"
    assert place.land(CENSUS, census(child())).status == "landed"
    assert place.land("social_care/999/2017/wrong_year.csv", EPISODES.replace("2016", "2019")).status == "refused"
    assert place.land("b.csv", export(3)).status == "landed"
    assert ["GiB" in str(limit) for limit in seen] == [True, False, True, True]
    assert seen[2] == seen[3]  # not a little less with every file
    place.con.close()
