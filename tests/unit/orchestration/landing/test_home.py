"""A home knows its key, and one of a version before is carried over."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import identifier_sql, pseudonym_sql
from orchestration.settings import Settings
from tests.support.landed_programme import BOTH, CHANGES, KEY, Programme


def test_another_key_is_refused_before_anything_lands(programme):
    programme.land()
    programme.deliver("c.csv", {})
    programme.use_key(KEY[::-1])
    with pytest.raises(OperatorError, match=r"not the key that this home was made with\. Nothing was landed") as error:
        programme.land()
    assert KEY not in str(error.value)
    assert programme.rows("select count(*) from ops.load") == [(3,)]
    programme.use_key(KEY)
    programme.land()
    assert programme.rows("select count(*) from ops.load") == [(4,)]
    assert KEY not in str(programme.rows("from ops.read_by"))


def test_nothing_is_published_while_no_service_is_declared(programme):
    programme.declare("")
    programme.deliver("secret.csv", {"service": "Zebediah rang"})
    (programme.folder / "raw" / "z.csv").unlink()
    with pytest.raises(
        OperatorError, match=r"(?s)No services are declared, so nothing is published.*--declare"
    ) as error:
        programme.land()
    assert "7 forms have landed" in str(error.value).replace("\n", " ")
    assert "3 forms" in str(error.value)
    assert "Zebediah" not in str(error.value)
    programme.declare(BOTH + "old,Old Oak,The old oak,,,,\nz,Z,Zebediah rang,,,,\n")
    lines = programme.land()
    assert not any("already landed" in line for line in lines)
    assert programme.rows(
        "select distinct readings from (select count(*) as readings from ops.reading group by load_seq)"
    ) == [(2,)]
    programme.assert_like_a_home_made_anew()


def test_the_list_gone_missing_blocks_and_changes_nothing(programme):
    programme.land()
    before = programme.content("home")
    (programme.folder / "list" / "services.csv").unlink()
    with pytest.raises(OperatorError, match="No services are declared"):
        programme.land()
    assert programme.content("home") == before


def test_a_refused_erasure_list_blocks(programme):
    (programme.folder / "raw" / "y.csv").write_text("service,client_id,requested_on\nNowhere,1,2024-01-01\n")
    with pytest.raises(OperatorError, match=r"asked to be erased.*\n- y.csv: Row 2 names a service") as error:
        programme.land()
    assert "Nowhere" not in str(error.value)


def test_that_no_service_is_declared_is_said_before_what_follows_from_it(programme):
    programme.declare("")
    with pytest.raises(OperatorError, match="No services are declared"):
        programme.land()


def old_home(programme: Programme) -> None:
    """What version 0.2.0 left: names in clear, keys made with the name in capitals, no exact ones, no key check."""
    from orchestration.landing.pseudonym import key_from_environment

    programme.land()
    parameters = key_from_environment("sample").parameters()
    path = programme.folder / "home" / "warehouse" / "insights.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("drop table ops.read_by; drop table ops.reading; ")
        con.execute(
            "create table ops.erasure as select owner as service, key as client_key, load_id from ops.forgotten"
        )
        con.execute("drop table ops.forgotten")
        for form_id, number in (("intake", 4), ("exit", 2)):
            raw = f"raw.insights_{form_id}"
            con.execute(
                f"update {raw} set {form_id}_admin_service = 'The  old oak' where {form_id}_admin_service like '?%'"
            )
            con.execute(f"update {raw} set {form_id}_admin_service = 'Oak' where {form_id}_admin_service = 'OAK'")
            for row in range(1, number + 1):
                key = pseudonym_sql(
                    "client", f"upper({form_id}_admin_service)", identifier_sql(f"'cl XJ77K {row:05d}'")
                )
                con.execute(
                    f"update {raw} set {form_id}_admin_client_id = {key} "
                    f"where source_row = {row + 1} and not is_erased",
                    parameters,
                )
            for column in ("client_id", "submission_id", "case_reference"):
                con.execute(f"alter table {raw} drop column {form_id}_admin_{column}__exact")


@pytest.mark.parametrize("listed", [BOTH, CHANGES["another code"], CHANGES["merged"]])
def test_a_home_of_before_is_carried_over_and_read_again(programme, listed):
    old_home(programme)
    programme.declare(listed)
    lines = programme.land()
    assert any("made the keys that are in it" in line for line in lines)
    assert any("forms landed before services were declared; they hold codes now" in line for line in lines)
    programme.assert_like_a_home_made_anew()


def test_a_home_of_before_knows_another_key_by_its_files(programme):
    old_home(programme)
    programme.use_key(KEY[::-1])
    with pytest.raises(OperatorError, match="not the key"):
        programme.land()


def test_a_home_of_before_without_its_files_takes_the_key_and_says_so(programme):
    old_home(programme)
    for path in (programme.folder / "raw").iterdir():
        path.unlink()
    lines = programme.land()
    assert any("could not be compared" in line for line in lines)
    assert any("have to be read again from their files" in line for line in lines)
    assert programme.rows(
        "select distinct intake_admin_service from raw.insights_intake where not is_erased order by 1"
    )[1:] == [
        ("ELM",),
        ("OAK",),
    ]


def test_a_home_of_before_waits_for_a_list(programme):
    old_home(programme)
    programme.declare("")
    with pytest.raises(OperatorError, match="landed before services were declared, and no services are declared yet"):
        programme.land()
    assert ("The  old oak",) in programme.rows("select intake_admin_service from raw.insights_intake")


@pytest.mark.parametrize(("marker", "said"), [(b"south\n", "`south`"), (b"\xff\xfe", "belongs to the programme `")])
def test_a_home_that_says_it_is_another_programmes_is_refused(programme, marker, said):
    owner = programme.settings().owner_path
    owner.parent.mkdir(parents=True)
    owner.write_bytes(marker)
    with pytest.raises(OperatorError, match="Nothing was done") as error:
        Settings.from_environment(programme=programme.folder / "list")
    assert said in str(error.value)


def test_a_home_of_which_it_cannot_be_read_whose_it_is_is_refused(programme):
    programme.settings().owner_path.mkdir(parents=True)
    with pytest.raises(OperatorError, match="which says whose the home is, cannot be read"):
        Settings.from_environment(programme=programme.folder / "list")
