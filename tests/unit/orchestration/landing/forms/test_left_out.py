"""Of which forms nothing is kept: consent of a submission, and forms that may be of somebody who was forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.commands.decide import decide_lines
from orchestration.decisions import FORGOTTEN, IS_FORGOTTEN, SUBMISSION, read_decisions
from tests.support.forms import header, landing, record, table
from tests.support.landed_programme import BOTH, CHANGES, Programme

LEFT = "select source_file, source_row, left_out from raw.insights_intake order by source_file, source_row"
EARLY, LATE = "2023-05-01T10:00:00Z", "2023-05-02T10:00:00Z"
YES, NO = {"consent": "yes"}, {"consent": "no"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    one = Programme(tmp_path / "programme", monkeypatch)
    one.declare(BOTH)
    return one


def left(home: Programme) -> list[object]:
    return [because for _, _, because in home.rows(LEFT)]


# What two versions of a submission say, and why nothing is kept of each.
CONSENT: dict[str, tuple[dict[str, str], dict[str, str], list[str | None]]] = {
    "withdrawn": ({**YES, "edited_at": EARLY}, {**NO, "edited_at": LATE}, ["no_consent"] * 2),
    "given later": ({**YES, "edited_at": LATE}, {**NO, "edited_at": EARLY}, [None, "no_consent"]),
    "at one time": ({**YES, "edited_at": LATE}, {**NO, "edited_at": LATE}, ["no_consent"] * 2),
    "at no time": (YES, {**NO, "submitted_at": "?", "edited_at": ""}, ["no_consent"] * 2),
    "a blank says no": (YES, {"consent": ""}, ["no_consent"] * 2),
    "a word nobody knows": (YES, {"consent": "Granted"}, ["no_consent"] * 2),
    "another spelling": ({"submission_id": "sub/7"}, {**NO, "submission_id": "SUB 007"}, ["no_consent"] * 2),
    "another submission": (YES, {**NO, "submission_id": "another"}, [None, "no_consent"]),
    "another service": (YES, {**NO, "service": "South"}, [None, "no_consent"]),
    "a client put right": (YES, {**NO, "client_id": "x-9"}, ["no_consent"] * 2),
    "a day put right": (YES, {**NO, "intake_date": "2023-06-09"}, ["no_consent"] * 2),
    "a month put right": (YES, {**NO, "date_of_birth": "2014-01-01"}, ["no_consent"] * 2),
    "no month": (YES, {**NO, "date_of_birth": "", "intake_date": "2023-06-09"}, ["no_consent"] * 2),
    "a number given again": (YES, {**NO, "client_id": "x-9", "date_of_birth": "2014-01-01"}, [None, "no_consent"]),
    "both times given": (YES, {**YES, "edited_at": LATE}, [None, None]),
}


@pytest.mark.parametrize("files", [(0, 1), (1, 0), (None,)], ids=["as sent", "the later first", "in one file"])
def test_consent_is_of_the_submission(tmp_path: Path, files: tuple[int | None, ...]) -> None:
    """In whichever order the versions of one land."""
    lines: dict[int, list[list[str]]] = {0: [], 1: []}
    for number, case in enumerate(CONSENT.values(), start=1):
        for sent, changes in enumerate((case[0], case[1])):
            line = record(number)
            for name, cell in changes.items():
                line[header().index(name)] = cell
            lines[sent].append(line)
    with landing(tmp_path) as place:
        for version in files:
            rows = [*lines[0], *lines[1]] if version is None else lines[version]
            place.land(f"{version or 0}.csv", table([header(), *rows]))
        found = [because for *_, because in place.rows(LEFT)]
    kept = dict(zip(CONSENT, zip(found[: len(CONSENT)], found[len(CONSENT) :], strict=True), strict=True))
    assert {name: list(each) for name, each in kept.items()} == {name: case[2] for name, case in CONSENT.items()}


def test_of_a_form_without_consent_its_service_and_its_month_stay(home: Programme) -> None:
    dated = {"intake_date": "2023-06-19"}
    home.deliver("a.csv", YES, {**NO, "service": "Elm", **dated}, {"consent": "Granted", **dated})
    home.land()
    meta = ("landed_row_id", "load_id", "load_seq", "source_file", "source_row", "landed_at", "is_erased", "left_out")
    rows = home.rows(
        f"select columns(c -> c not in {meta}) from raw.insights_intake where is_erased order by source_row"
    )
    assert [sorted(str(cell) for cell in row if cell is not None) for row in rows] == [
        ["0", "2023-06-01", "ELM"],
        ["2023-06-01", "?", "OAK"],
    ]
    # What was not understood is told; a word of which nobody knows what it means forgets nothing for ever.
    assert home.rows("select question_id, words from ops.unknown_word") == [("intake_admin_consent", 1)]
    said = [one for one in read_decisions(home.settings()) if one.kind == FORGOTTEN]
    assert [(one.decided, one.form, one.of) for one in said] == [(SUBMISSION, "intake", "ELM")]


def test_what_was_withdrawn_stays_gone_where_the_form_that_said_so_is_gone(home: Programme) -> None:
    """In a home made anew from what lies in the folder, with the decisions beside it."""
    number = {"submission_id": "sub-XJ77K-1"}
    home.deliver("a.csv", number)
    home.deliver("b.csv", number | NO)
    home.land()
    anew = home.settings("anew")
    anew.home.mkdir()
    anew.decisions_path.write_bytes(home.settings().decisions_path.read_bytes())
    (home.folder / "raw" / "b.csv").unlink()
    home.land("anew")
    assert home.rows(LEFT, "anew") == [("a.csv", 2, "no_consent")]
    home.deliver("c.csv", number | {"edited_at": "2024-01-01T00:00:00Z"})
    home.land("anew")
    assert home.rows(LEFT, "anew")[1:] == [("c.csv", 2, None)], "given again, by a later version"


def test_forms_that_a_version_before_kept_without_consent_are_emptied(home: Programme) -> None:
    number = {"submission_id": "sub-XJ77K-1"}
    home.deliver("a.csv", number, {})
    home.deliver("b.csv", number)
    home.land()
    home.rows("update raw.insights_intake set intake_admin_consent = '0' where source_file = 'b.csv'")
    home.land()
    assert home.rows(LEFT) == [("a.csv", 2, "no_consent"), ("a.csv", 3, None), ("b.csv", 2, "no_consent")]
    assert home.rows("select count(*) from ops.forgetting") == [(1,)]


LIST = "service,client_id,requested_on\nOak,cl xj77k 1,2024-01-01\n"


@pytest.fixture
def forgotten(home: Programme) -> Programme:
    home.deliver("a.csv", {"date_of_birth": "2012-04-03"}, {})
    home.land()
    (home.folder / "raw" / "z.csv").write_text(LIST)
    home.land()
    assert left(home) == ["erased", None]
    return home


SPELLINGS = (
    "CL XJ77K 00001",
    "cl-xj77k.1",
    "\u200bcl\u00a0xj77k 1 ",
    '="cl xj77k 00001"',
    "\uff43\uff4c \uff38\uff2a\uff17\uff17\uff2b \uff11",
)


def test_no_spelling_of_the_id_lands_again(tmp_path: Path) -> None:
    with landing(tmp_path) as place:
        place.land("a.csv", table([header(), record(1), record(2)]))
        place.land("z.csv", "service,client_id,requested_on\nNorth Star,cl xj77k 1,\n")
        for form_id in ("intake", "review", "exit"):
            names = header(form_id)
            lines = []
            for number, spelling in enumerate(SPELLINGS):
                line = record(1, form_id)
                line[names.index("client_id")], line[names.index("submission_id")] = spelling, f"new {number}"
                lines.append(line)
            place.land(f"{form_id}.csv", table([names, *lines]))
            of_file = f"select distinct left_out from raw.insights_{form_id} where source_file = '{form_id}.csv'"
            assert place.rows(of_file) == [("erased",)]


@pytest.mark.parametrize(("option", "expected"), [("same", "erased"), ("another", None)])
def test_another_month_of_birth_asks(forgotten: Programme, option: str, expected: str | None) -> None:
    forgotten.deliver("b.csv", {"client_id": "CL.XJ77K-1", "date_of_birth": "2015-01-01"}, {"client_id": "other"})
    forgotten.land()
    assert forgotten.rows(LEFT)[2:] == [("b.csv", 2, "held_back"), ("b.csv", 3, None)]
    assert all(cell is None for cell in forgotten.rows(
        "select columns('intake_.*') from raw.insights_intake where left_out = 'held_back'"
    )[0])  # fmt: skip
    lines = decide_lines(forgotten.settings(), None, None)
    assert lines[0] == "1 question open."
    assert "another month of birth. Are they of that child?" in lines[2]
    assert "b.csv, row 2" in lines[3]
    assert "2015" not in str(lines)
    decide_lines(forgotten.settings(), lines[2].split()[0], option)
    assert [one.decided for one in read_decisions(forgotten.settings()) if one.kind == IS_FORGOTTEN] == [option]
    forgotten.land()
    assert forgotten.rows(LEFT)[2:] == [("b.csv", 2, expected), ("b.csv", 3, None)]
    assert decide_lines(forgotten.settings(), None, None)[0] == "Nothing is open."
    # What was said holds for what comes later, also in a home made anew.
    forgotten.deliver("c.csv", {"client_id": "clxj77k1", "date_of_birth": "2015-01-09"})
    forgotten.land()
    assert forgotten.rows(LEFT)[-1] == ("c.csv", 2, expected)


def test_a_form_that_is_of_another_child_stays_held_back_without_its_file(forgotten: Programme) -> None:
    forgotten.deliver("b.csv", {"date_of_birth": "2015-01-01"})
    forgotten.land()
    lines = decide_lines(forgotten.settings(), None, None)
    decide_lines(forgotten.settings(), lines[2].split()[0], "another")
    (forgotten.folder / "raw" / "b.csv").unlink()
    assert any("(b.csv)" in line and "stay held back" in line for line in forgotten.land())
    assert forgotten.rows(LEFT)[-1] == ("b.csv", 2, "held_back")


@pytest.mark.parametrize("change", ["renamed", "another code", "merged"])
def test_a_tombstone_goes_with_its_service(forgotten: Programme, change: str) -> None:
    """The list that asked is gone: the name of the service means another code now."""
    (forgotten.folder / "raw" / "z.csv").unlink()
    forgotten.declare(CHANGES[change])
    forgotten.deliver("b.csv", {"client_id": "clxj77k-1"})
    forgotten.land()
    assert forgotten.rows(LEFT)[2:] == [("b.csv", 2, "erased")]


def test_rows_of_a_list_that_match_nobody_are_told_by_their_number(home: Programme) -> None:
    home.deliver("a.csv", {})
    rows = "Oak,nobody-7,\nOak,cl xj77k 1,\nElm,cl xj77k 1,\nOak,CL XJ77K 1,\n"
    (home.folder / "raw" / "0.csv").write_text(f"service,client_id,requested_on\n{rows}")
    lines = [line for line in home.land() if "nobody" in line]
    assert len(lines) == 1
    assert lines[0].startswith("0.csv: Rows 2, 4 name nobody of whom a form has landed")
    assert "nobody-7" not in str(lines)
    assert home.rows("select reason from ops.load where source_file = '0.csv'")[0][0] is not None
    assert left(home) == ["erased"]
    assert not [line for line in home.land() if "nobody" in line], "once"
    # Named again by another list, it is not nobody.
    (home.folder / "raw" / "1.csv").write_text("service,client_id,requested_on\nOak,clxj77k1,\n")
    assert not [line for line in home.land() if "nobody" in line]


def test_a_list_of_ten_thousand_rows(home: Programme) -> None:
    home.deliver("a.csv", {}, {})
    rows = "".join(f"Oak,cl xj77k {number},\n" for number in range(2, 10_002))
    (home.folder / "raw" / "z.csv").write_text(f"service,client_id,requested_on\n{rows}")
    (told,) = [line for line in home.land() if "nobody" in line]
    assert "Rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 9,989 more name nobody" in told
    assert left(home) == [None, "erased"]
    assert len(read_decisions(home.settings())) == 10_000


def test_what_was_decided_of_the_forgotten_goes(home: Programme) -> None:
    from orchestration.decisions import BIRTH_MONTH, OPERATOR, Decision, append_decisions

    home.deliver("a.csv", {}, {})
    home.land()
    keys = [
        str(key) for (key,) in home.rows("select intake_admin_client_id from raw.insights_intake order by source_row")
    ]
    lines = [Decision(BIRTH_MONTH, key, "2012-04", OPERATOR, "2024-01-01T00:00:00Z") for key in keys]
    append_decisions(home.settings(), lines)
    (home.folder / "raw" / "z.csv").write_text(LIST)
    home.land()
    kept = [one for one in read_decisions(home.settings()) if one.kind == BIRTH_MONTH]
    assert kept == lines[1:]
    assert keys[0] not in home.settings().decisions_path.read_text()
