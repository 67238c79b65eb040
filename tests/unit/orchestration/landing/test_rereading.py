"""What changed since files landed is read again, and equals a home made anew; what cannot be waits for a decision."""

from __future__ import annotations

import pytest

from catalogue import folding
from orchestration.environment import write_programme
from orchestration.landing import ledger, rereading
from tests.support.forms import header, record, table
from tests.support.landed_programme import BOTH, CHANGES, HEAD

ACCEPT = (
    "insert into ops.check_acceptance select 'loads_of_earlier_services', load_id || '@' || read_as, 'r' "
    "from ops.unread_load where reason = 'services'"
)
UNREAD = "select source_file, reason from ops.unread_load order by all"


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_a_changed_list_concerns_is_read_again_and_the_forgotten_stay_so(programme, change):
    programme.land()
    erased = programme.rows("select source_row from raw.insights_intake where is_erased")
    assert erased == [(2,)]
    programme.declare(CHANGES[change])
    programme.land()
    assert programme.rows("select source_row from raw.insights_intake where is_erased") == erased
    # A form of the forgotten that comes later, under the new code.
    programme.deliver("y.csv", {"client_id": "CL-XJ77K-1"})
    programme.land()
    assert programme.rows("select is_erased from raw.insights_intake where source_file = 'y.csv'") == [(True,)]
    programme.land("anew")
    of_a = (
        "select source_row, intake_admin_service, intake_admin_client_id, is_erased from raw.insights_intake order by 1"
    )
    assert programme.rows(of_a) == programme.rows(of_a, "anew")
    readings = programme.rows("select load_seq, count(*) from ops.reading group by all order by 1")
    assert readings[0] == (1, 2)


@pytest.mark.parametrize("before", ["merged", "renamed", "a spelling", "declared"])
@pytest.mark.parametrize("after", ["as it was", "another code", "declared"])
def test_a_list_put_right_again_is_read_by(programme, before, after):
    """Merged and parted, exchanged and put back: what a code stood for is in the files, and not in the code."""
    (programme.folder / "raw" / "z.csv").unlink()
    programme.declare(CHANGES[before])
    programme.land()
    programme.declare({**CHANGES, "as it was": BOTH}[after])
    programme.land()
    programme.assert_like_a_home_made_anew()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("s1,Oak,,,,,\ns2,Elm,,,,,\n", "s1,Elm,,,,,\ns2,Oak,,,,,\n"),
        ("s1,Oak,The old oak,,,,\ns2,Elm,,,,,\n", "s1,Oak,,,,,\ns2,Elm,The old oak,,,,\n"),
        ("s1,Oak,,,,,s2\ns2,Elm,,,,,\ns3,Ash,,,,,\n", "s1,Oak,,,,,s3\ns2,Elm,,,,,\ns3,Ash,,,,,\n"),
        ("s1,Oak,,,,,s2\ns2,Elm,,,,,\n", "s2,Oak,,,,,s1\ns1,Elm,,,,,\n"),
    ],
)
def test_a_text_that_means_another_service_now_is_read_again(programme, first, second):
    (programme.folder / "raw" / "z.csv").unlink()
    for number, listed in enumerate((first, second, first)):
        programme.declare(HEAD + listed)
        programme.land()
        programme.land(f"anew {number}")
        assert programme.content("home") == programme.content(f"anew {number}")


def test_the_erased_of_services_that_were_merged_and_parted(programme):
    programme.declare(CHANGES["merged"])
    programme.land()
    programme.declare(BOTH)
    programme.land()
    programme.deliver("x.csv", {"service": "Elm", "client_id": "CL-XJ77K-3"})
    (programme.folder / "raw" / "y.csv").write_text("service,client_id,requested_on\nElm,cl xj77k 3,2024-01-01\n")
    programme.land()
    erased = "select source_file, source_row from raw.insights_intake where is_erased order by all"
    assert programme.rows(erased) == [("a.csv", 2), ("a.csv", 4), ("x.csv", 2)]


def test_loads_of_a_list_that_was_not_written_down_are_read_again_where_it_is_another(programme):
    programme.land()
    programme.rows("drop table ops.services_read")
    programme.land()
    assert programme.rows("select count(*) from ops.reading") == [(3,)]
    programme.rows("drop table ops.services_read")
    programme.declare(CHANGES["declared"])
    programme.land()
    assert programme.rows("select count(*) from ops.reading") == [(6,)]


def test_what_is_read_again_leaves_no_trace_of_the_forgotten_in_the_file(programme):
    programme.land()
    # It lands after the list of the forgotten, and is read again before it.
    programme.deliver("c.csv", {"consent": "marker of client one"})
    programme.land()
    warehouse = programme.folder / "home" / "warehouse" / "insights.duckdb"
    assert b"marker of client one" not in warehouse.read_bytes()
    programme.declare(CHANGES["renamed"])
    programme.land()
    assert programme.rows("select count(*) from raw.insights_intake where is_erased") == [(2,)]
    assert b"marker of client one" not in warehouse.read_bytes()


def test_a_name_or_a_remark_reads_nothing_again(programme):
    programme.land()
    programme.declare("# remark\n" + BOTH.replace(",Oak,", ",Oak the First,Oak"))
    programme.land()
    assert programme.rows("select count(*) from ops.reading") == [(3,)]


@pytest.mark.parametrize("change", ["renamed", "merged"])
def test_what_was_read_again_once_is_not_read_again_with_every_run(programme, change):
    """The last reading counts, not those before it."""
    programme.land()
    programme.declare(CHANGES[change])
    (programme.folder / "list" / "catalogue").mkdir()
    (programme.folder / "list" / "catalogue" / "question.csv").write_text(PETS)
    write_programme(programme.settings())
    programme.land()
    readings = programme.rows("select load_seq, count(*) from ops.reading group by all order by 1")
    assert (1, 2) in readings
    lines = programme.land()
    assert programme.rows("select load_seq, count(*) from ops.reading group by all order by 1") == readings
    assert sum("already landed" in line for line in lines) == 3


def test_a_rule_of_reading_that_changed_reads_all_again(programme, monkeypatch):
    programme.land()
    for module in (folding, ledger, rereading):
        monkeypatch.setattr(module, "FOLDING_VERSION", 99)
    programme.land()
    assert programme.rows("select load_seq, count(*) from ops.reading group by all order by 1") == [
        (1, 2),
        (2, 2),
        (3, 2),
    ]
    programme.assert_like_a_home_made_anew()


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_file_that_is_gone_is_told_and_waits_for_a_decision(programme, change):
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    programme.declare(CHANGES[change])
    (told,) = [line for line in programme.land() if "could not be read again" in line]
    assert "1 load of earlier" in told
    assert "(a.csv)" in told
    assert programme.rows(UNREAD) == [("a.csv", "services")]
    # Put back, it is read, and nothing waits any more.
    programme.deliver("a.csv", {}, {}, {"service": "Elm"}, {"service": "The old oak"})
    programme.land()
    assert programme.rows(UNREAD) == []


@pytest.mark.parametrize(
    ("change", "kept"),
    [("another code", ["o"]), ("renamed", ["house"]), ("merged", []), ("a spelling", []), ("declared", [])],
)
def test_what_was_accepted_of_a_service_goes_with_its_code_unless_it_is_another_service(programme, change, kept):
    programme.land()
    ((load,),) = programme.rows("select load_id from ops.load where source_file = 'a.csv'")
    programme.rows("create table ops.check_acceptance (check_id varchar, key varchar, run_id varchar)")
    programme.rows(
        f"insert into ops.check_acceptance values ('load_volume', '{load}|OAK', 'r'), ('other', '{load}', 'r')"
    )
    programme.declare(CHANGES[change])
    programme.land()
    keys = [key for (key,) in programme.rows("select key from ops.check_acceptance where check_id = 'load_volume'")]
    # Of a spelling more, the service is the same, and holds more forms than were looked at.
    assert keys == [f"{load}|OAK", *(f"{load}|{code}" for code in kept)]


def test_an_erasure_list_that_is_gone_waits_for_a_decision(programme):
    programme.land()
    (programme.folder / "raw" / "z.csv").unlink()
    programme.declare(CHANGES["a spelling"])
    programme.land()
    assert programme.rows(UNREAD) == [], "its tombstones are as they would be made now"
    programme.declare(CHANGES["another code"])
    programme.land()
    assert programme.rows(UNREAD) == [("z.csv", "erasure")]
    # Of what it erased, the file is there: the tombstone was made anew from that.
    programme.deliver("y.csv", {"client_id": "CL-XJ77K-1"})
    programme.land()
    assert programme.rows("select is_erased from raw.insights_intake where source_file = 'y.csv'") == [(True,)]


def test_an_erasure_list_that_is_there_and_names_a_service_no_longer_declared_waits_for_a_decision(programme):
    programme.land()
    programme.declare(HEAD + "ELM,Elm,,,,,\n")
    lines = programme.land()
    assert any("z.csv: REFUSED" in line for line in lines)
    assert ("z.csv", "erasure") in programme.rows(UNREAD)
    assert programme.rows("select source_row from raw.insights_intake where is_erased") == [(2,)]


def test_what_was_accepted_is_told_as_accepted(programme):
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    programme.declare(CHANGES["renamed"])
    assert "gate 1 blocks until the file is back" in programme.land()[-1]
    programme.rows("create table ops.check_acceptance (check_id varchar, key varchar, run_id varchar)")
    programme.rows(ACCEPT)
    assert programme.land()[-1].endswith("or it was refused or left. What landed stays as it is, as was accepted.")
    assert programme.land()[-1].endswith("as was accepted.")
    # Another change costs something else.
    programme.declare(CHANGES["merged"])
    assert "gate 1 blocks until the file is back" in programme.land()[-1]
    programme.rows(ACCEPT)
    assert programme.land()[-1].endswith("as was accepted.")
    # Read again meanwhile, it was not accepted for another time.
    programme.deliver("a.csv", {}, {}, {"service": "Elm"}, {"service": "The old oak"})
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    programme.declare(BOTH)
    assert "gate 1 blocks until the file is back" in programme.land()[-1]


def test_files_that_are_gone_when_a_rule_of_reading_changes_wait_for_a_decision(programme, monkeypatch):
    programme.land()
    for name in ("a.csv", "z.csv"):
        (programme.folder / "raw" / name).unlink()
    for module in (folding, ledger, rereading):
        monkeypatch.setattr(module, "FOLDING_VERSION", 99)
    programme.land()
    assert programme.rows(UNREAD) == [("a.csv", "rules"), ("z.csv", "erasure")]


PETS = (
    "question_no,question_id,form_id,section_id,question_order,question_code,question_label,answer_type,option_set,"
    "is_required,storage\n5001,intake_profile_pets,intake,intake_profile,900,pets,Pets,single,yes_no,false,store\n"
)
CATALOGUES = {
    "a question": ("question", PETS),
    "a wording": (
        "wording",
        "form_id,form_version,item_type,item_id,wording\nintake,v1,question_code,intake_profile_gender_at_birth,pets\n",
    ),
    "an option of several": (
        "option",
        "option_set,option_no,option_code,option_label,option_kind\nresidency,90,boat,Houseboat,answer\n",
    ),
}


@pytest.mark.parametrize("change", CATALOGUES)
def test_what_a_changed_catalogue_reads_otherwise_is_read_again(programme, change):
    """Landed by the catalogue before, the erasure list included; then changed: equal to a home made anew."""
    file, text = CATALOGUES[change]
    lines = [[*header(), "profile_pets"], [*record(1), "yes"], [*record(2), "no"]]
    for line in lines[1:]:
        line[header().index("service")] = "Oak"
    for line in lines if change == "a wording" else []:
        del line[header().index("profile_gender_at_birth")]
    (programme.folder / "raw" / "pets.csv").write_text(table(lines))
    programme.land()
    (programme.folder / "list" / "catalogue").mkdir()
    (programme.folder / "list" / "catalogue" / f"{file}.csv").write_text(text)
    write_programme(programme.settings())
    programme.land()
    of_pets = "select count(*) from ops.reading inner join ops.load using (load_seq) where source_file = 'pets.csv'"
    assert programme.rows(of_pets) == [(2,)]
    assert programme.rows("select count(distinct key) from ops.forgotten") == [(1,)]
    programme.assert_like_a_home_made_anew()


def test_a_load_of_an_earlier_catalogue_without_its_file_waits_for_a_decision(programme):
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    (programme.folder / "list" / "catalogue").mkdir()
    (programme.folder / "list" / "catalogue" / "question.csv").write_text(PETS)
    write_programme(programme.settings())
    assert "could not be read again (a.csv)" in programme.land()[-1]
    assert programme.rows(UNREAD) == [("a.csv", "catalogue")]
    (programme.folder / "list" / "catalogue" / "question.csv").unlink()
    write_programme(programme.settings())
    programme.land()
    assert programme.rows(UNREAD) == []


def test_cells_of_an_earlier_rule_without_their_file_are_read_where_they_lie(programme):
    """A version before kept cells as they were written, words of somebody among them."""
    programme.land()
    before = {
        "intake_referral_status": "Zebediah said so",
        "intake_profile_gender_at_birth": "Female",
        "intake_profile_residency": "Mother;Her great aunt;",
        "intake_profile_residency__mother": "TRUE",
        "intake_exposure_duration": "07700900123",
        "intake_admin_intake_date": "01/06/2023",
        "intake_admin_submitted_at": "2023-05-01T10:00:00Z",
    }
    changes = ", ".join(f"{name} = '{text}'" for name, text in before.items())
    programme.rows("update ops.reading set cleaning_version = 0")
    programme.rows(f"update raw.insights_intake set {changes} where source_file = 'a.csv' and not is_erased")
    (programme.folder / "raw" / "a.csv").unlink()
    for _ in range(2):
        programme.land()
        assert programme.rows(
            f"select distinct {', '.join(before)} from raw.insights_intake "
            "where source_file = 'a.csv' and not is_erased"
        ) == [("?", "female", "mother;?", "1", "?limits", "2023-06-01", "2023-05-01 10:00:00.000000")]
    assert programme.rows(UNREAD) == [("a.csv", "rules")]
