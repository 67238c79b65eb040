"""`insights forget`: who is asked what, what becomes of it, what is told; and nothing about whom it was."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.commands.forget import Asking, Whom, forget, forgotten_lines, held_files
from orchestration.decisions import CHILD, CLIENT, DELIVERY, FORGOTTEN, read_decisions
from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import PseudonymKey
from tests.support.landed_programme import BOTH, KEY, Programme
from tests.support.returns import census, child, need

BY, WHY = "Ada", "the family asked"
LEFT = "select source_file, source_row, left_out from raw.insights_{} where left_out is not null order by all"
CENSUS, PUPILS = "social_care/999/2017/census.xml", "social_care/999/local/pupil.csv"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    one = Programme(tmp_path / "programme", monkeypatch)
    one.declare(BOTH)
    return one


def piped(text: str, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Nobody to ask; the id comes through the standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    def ask(question: str) -> str:
        raise AssertionError(question)

    return Asking(is_terminal=False, ask=ask)


def answering(*answers: str) -> tuple[Asking, list[str]]:
    asked: list[str] = []
    left = list(answers)

    def ask(question: str) -> str:
        asked.append(question)
        return left.pop(0)

    return Asking(is_terminal=True, ask=ask), asked


def test_a_client_goes_from_every_form_and_is_told_of_by_nobody(
    home: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.deliver("a.csv", {}, {}, {"client_id": "C-7"})
    home.deliver("b.csv", {"client_id": "c7"}, form_id="exit")
    home.land()
    settings = home.settings()
    lines = forget(settings, Whom(CLIENT, "oak"), piped("c 7\n", monkeypatch), by=BY, reason=WHY, is_sure=True)
    assert lines == ["2 forms emptied. What comes later is kept out."]
    assert home.rows(LEFT.format("intake")) == [("a.csv", 4, "erased")]
    assert home.rows(LEFT.format("exit")) == [("b.csv", 2, "erased")]
    (said,) = [one for one in read_decisions(settings) if one.kind == FORGOTTEN]
    pseudonym = str(PseudonymKey(KEY.encode(), is_development=False).pseudonym("client", "OAK", "c7"))
    assert (said.decided, said.by, said.who, said.reason, said.of) == (CLIENT, "operator", BY, WHY, "OAK")
    assert len(said.known) == 1
    assert said.key != pseudonym
    written = settings.decisions_path.read_text()
    stored = settings.warehouse_path.read_bytes()
    assert pseudonym not in written
    assert "C-7" not in written
    assert BY.encode() not in stored, "who decided and why stands in the decisions alone"
    told = [*forgotten_lines(settings), *held_files(settings)]
    assert told[0] == "1 client forgotten; 2 rows emptied."
    assert "  a.csv: 1 row" in told
    assert "  b.csv: 1 row" in told
    assert any("`insights run` does" in line for line in told)


def test_on_a_terminal_all_is_asked_and_nothing_done_without_a_yes(home: Programme) -> None:
    home.deliver("a.csv", {})
    home.land()
    asking, asked = answering("cl xj77k 1", BY, WHY, "no")
    with pytest.raises(OperatorError, match="Nothing was forgotten"):
        forget(home.settings(), Whom(CLIENT, "Oak"), asking, by=None, reason=None, is_sure=False)
    assert [question.partition(" ")[0] for question in asked] == ["Id", "Who", "Why", "This"]
    assert read_decisions(home.settings()) == []
    asking, _ = answering("cl xj77k 1", BY, WHY, "yes")
    assert forget(home.settings(), Whom(CLIENT, "Oak"), asking, by=None, reason=None, is_sure=False)[0].startswith(
        "1 form"
    )


REFUSED = [
    (Whom(CLIENT, "Nowhere"), "C-7", BY, WHY, "No service is declared"),
    (Whom(CLIENT, "Oak"), "", BY, WHY, "no id"),
    (Whom(CLIENT, "Oak"), "N/A", BY, WHY, "no id"),
    (Whom(CLIENT, "Oak"), "2.02306E+15", BY, WHY, "no id"),
    (Whom(CLIENT, "Oak"), "C-7", None, WHY, "--by NAME"),
    (Whom(CLIENT, "Oak"), "C-7", BY, None, "--reason WORDS"),
    (Whom(CLIENT, "Oak"), "C-7", BY, "", "who decided it and why"),
    (Whom(CLIENT, "Oak"), "C-7", BY, "one\nline", "who decided it and why"),
    (Whom(CHILD, "891"), "unknown", BY, WHY, "no id"),
    (Whom(DELIVERY, "never.csv"), "", BY, WHY, "No file of that name has landed"),
    (Whom(DELIVERY, "z.csv"), "", BY, WHY, "a list of clients"),
]


def test_what_cannot_be_done_is_a_sentence(home: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    home.deliver("a.csv", {})
    (home.folder / "raw" / "z.csv").write_text("service,client_id,requested_on\nOak,someone,\n")
    home.land()
    before = read_decisions(home.settings())
    for whom, typed, by, reason, said in REFUSED:
        asking = piped(typed + "\n", monkeypatch)
        with pytest.raises(OperatorError, match=said) as told:
            forget(home.settings(), whom, asking, by=by, reason=reason, is_sure=True)
        assert "Nothing was forgotten" in str(told.value)
        assert not typed or typed not in str(told.value)
    assert read_decisions(home.settings()) == before


def test_somebody_of_whom_nothing_has_landed_is_kept_out_all_the_same(
    home: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.deliver("a.csv", {})
    home.land()
    asking = piped("C-7\n", monkeypatch)
    (line,) = forget(home.settings(), Whom(CLIENT, "Oak"), asking, by=BY, reason=WHY, is_sure=True)
    assert line.startswith("Nothing that has landed is of this client.")
    home.deliver("b.csv", {"client_id": "c/7"})
    home.land()
    assert home.rows(LEFT.format("intake")) == [("b.csv", 2, "erased")]


def test_a_home_that_no_run_has_been_in_says_so(home: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.environment import make_home

    make_home(home.settings())
    with pytest.raises(OperatorError, match="No run has been in"):
        forget(home.settings(), Whom(CLIENT, "Oak"), piped("C-7\n", monkeypatch), by=BY, reason=WHY, is_sure=True)


@pytest.fixture
def with_returns(home: Programme) -> Programme:
    deliver_returns(home, "census.xml", child(1, details=need()), child(2, details=need()))
    path = home.folder / "raw" / PUPILS
    path.parent.mkdir(parents=True)
    path.write_text(
        "upn,census_date,birth_date,sex,sen_provision,sen_primary_need\n"
        "A999XJ77K0001,2017-01-19,2012-04-03,M,K,SEMH\nA999XJ77K0002,2017-01-19,2012-04-03,M,K,SEMH\n"
    )
    home.land()
    return home


def deliver_returns(home: Programme, name: str, *children: str) -> None:
    path = home.folder / "raw" / "social_care/999/2017" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(census(*children))


SPELLINGS = ("XJ77K1", "xj77k1", "\u200bXJ77K1 ", "=&quot;XJ77K1&quot;", "\uff38\uff2a\uff17\uff17\uff2b\uff11")
COUNTS = (
    "select (select count(*) from raw.cin_child), (select count(*) from raw.cin_referral), "
    "(select count(*) from raw.school_census_pupil), (select count(*) from ops.erased_record)"
)


def test_a_child_goes_from_every_return_of_its_authority(
    with_returns: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = with_returns
    assert home.rows(COUNTS) == [(2, 2, 2, 0)]
    asking = piped(" xj77k1\n", monkeypatch)
    (line,) = forget(home.settings(), Whom(CHILD, "999"), asking, by=BY, reason=WHY, is_sure=True)
    before = home.rows("select count(*) from ops.erased_record")[0][0]
    assert line == f"{before} records emptied. What comes later is kept out."
    # By the pupil number that its own records name, also from the list of pupils.
    assert home.rows(COUNTS)[0][:3] == (1, 1, 1)
    held = home.rows("select distinct record_id from ops.erased_record order by 1")
    assert {("cin_child",), ("cin_referral",), ("school_census_pupil",)} <= set(held)
    # Nothing of a later delivery, in whatever spelling; everything adds up to what landed.
    for number, spelling in enumerate(SPELLINGS):
        told = child(1, details=need(f"2016-06-0{number + 1}"))
        deliver_returns(home, f"{number}.xml", told.replace("XJ77K1<", f"{spelling}<"))
    home.land()
    assert home.rows(COUNTS)[0][:3] == (1, 1, 1)
    tables = [str(name) for (name,) in home.rows("select table_name from duckdb_tables() where schema_name = 'raw'")]
    held_now = sum(int(str(home.rows(f"select count(*) from raw.{name}")[0][0])) for name in tables)
    ((landed, erased),) = home.rows(
        "select (select sum(rows_landed) from ops.load where status = 'landed'), "
        "(select count(*) from ops.erased_record)"
    )
    assert landed == held_now + int(str(erased))
    assert all(child not in home.settings().decisions_path.read_text() for child in ("XJ77K1", "xj77k1"))


def test_a_child_of_another_authority_stays(with_returns: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = piped("XJ77K1\n", monkeypatch)
    forget(with_returns.settings(), Whom(CHILD, "998"), asking, by=BY, reason=WHY, is_sure=True)
    assert with_returns.rows(COUNTS) == [(2, 2, 2, 0)]


@pytest.mark.parametrize("file", ["a.csv", CENSUS])
def test_a_delivery_goes_and_its_bytes_stay_out(
    with_returns: Programme, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    home = with_returns
    home.deliver("a.csv", {}, {})
    home.land()
    rows = {str(name): landed for name, landed in home.rows("select source_file, rows_landed from ops.load")}
    lines = forget(home.settings(), Whom(DELIVERY, file), piped("", monkeypatch), by=BY, reason=WHY, is_sure=True)
    assert lines == [f"{rows[file]} rows emptied. What comes later is kept out."]

    def gone(name: str) -> object:
        held = home.rows(
            "select (select count(*) from raw.insights_intake where is_erased) "
            "+ (select count(*) from ops.erased_record)",
            name,
        )
        return held[0][0]

    assert gone("home") == rows[file]
    anew = home.settings("anew")
    anew.home.mkdir()
    anew.decisions_path.write_bytes(home.settings().decisions_path.read_bytes())
    home.land("anew")
    assert gone("anew") == rows[file]
    assert [one.decided for one in read_decisions(anew)] == [DELIVERY]


def test_the_tombstone_is_on_the_disk_before_a_row_is_touched(home: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in between, the next run does it."""
    home.deliver("a.csv", {}, {})
    home.land()

    def killed(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("orchestration.landing.forms.erasure.insert_tombstones", killed)
        asking = piped("cl xj77k 1\n", monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            forget(home.settings(), Whom(CLIENT, "Oak"), asking, by=BY, reason=WHY, is_sure=True)
    assert home.rows(LEFT.format("intake")) == []
    assert len(read_decisions(home.settings())) == 1
    home.land()
    assert home.rows(LEFT.format("intake")) == [("a.csv", 2, "erased")]
    assert home.rows("select count(*) from ops.forgetting") == [(1,)]


def test_tombstones_of_a_version_before_are_carried_over(home: Programme) -> None:
    home.deliver("a.csv", {}, {})
    home.land()
    ((key,),) = home.rows("select intake_admin_client_id from raw.insights_intake where source_row = 2")
    with duckdb.connect(str(home.settings().warehouse_path)) as con:
        con.execute("drop table ops.forgotten")
        con.execute(
            "create table ops.erasure as select 'OAK' as service, $key as client_key, null::date as requested_on, "
            "'0123456789abcdef' as load_id, $key as exact_key",
            {"key": key},
        )
    home.land()
    assert home.rows(LEFT.format("intake")) == [("a.csv", 2, "erased")]
    assert home.rows("select count(*) from duckdb_tables() where table_name = 'erasure'") == [(0,)]
    (said,) = read_decisions(home.settings())
    assert (said.decided, said.by, said.of) == (CLIENT, "list", "OAK")
    assert str(key) not in home.settings().decisions_path.read_text()
    home.land()
    assert len(read_decisions(home.settings())) == 1


def test_nothing_forgotten_says_how(home: Programme) -> None:
    home.deliver("a.csv", {})
    home.land()
    lines = forgotten_lines(home.settings())
    assert lines[0] == "Nobody forgotten; 0 rows emptied."
    assert "insights forget --client SERVICE" in lines[-1]
    assert held_files(home.settings()) == []
