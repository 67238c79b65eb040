"""Who asked to be erased is erased also in loads whose file is gone, whatever code their service had then."""

from __future__ import annotations

import pytest

from tests.support.landed_programme import HEAD, Programme

ERASED = "select source_file, source_row from raw.insights_intake where is_erased order by all"
UNREAD = "select source_file, reason from ops.unread_load order by all"
LISTED = HEAD + "s1,Oak,,,,,\ns2,Elm,,,,,\n"
MERGED = HEAD + "s1,Oak,,,,,\ns2,Elm,,,,,s1\n"
EXCHANGED = HEAD + "s1,Elm,,,,,\ns2,Oak,,,,,\n"


def _list(programme: Programme, service: str, name: str = "z.csv") -> None:
    (programme.folder / "raw" / name).write_text(f"service,client_id,requested_on\n{service},C-7,2024-01-01\n")


@pytest.fixture
def gone(programme: Programme) -> Programme:
    """One client's id in two services, and in a name that nobody declared; the file of one of them is gone."""
    for path in (programme.folder / "raw").glob("*.csv"):
        path.unlink()
    programme.declare(LISTED)
    programme.deliver("oak.csv", {"client_id": "C-7"})
    programme.deliver("elm.csv", {"service": "Elm", "client_id": "c 7"}, {"service": "The ash", "client_id": "C-7"})
    programme.land()
    (programme.folder / "raw" / "elm.csv").unlink()
    return programme


def test_a_list_reaches_forms_of_a_service_that_became_its_own(gone: Programme) -> None:
    gone.declare(MERGED)
    _list(gone, "Oak")
    gone.land()
    assert gone.rows(ERASED) == [("elm.csv", 2), ("oak.csv", 2)]


def test_a_list_that_landed_before_the_services_became_one_is_read_again(gone: Programme) -> None:
    _list(gone, "Oak")
    gone.land()
    assert gone.rows(ERASED) == [("oak.csv", 2)]
    gone.declare(MERGED)
    gone.land()
    assert gone.rows(ERASED) == [("elm.csv", 2), ("oak.csv", 2)]
    readings = gone.rows("select count(*) from ops.reading")
    gone.land()
    assert gone.rows("select count(*) from ops.reading") == readings, "once"


def test_a_list_that_is_gone_too_blocks(gone: Programme) -> None:
    _list(gone, "Oak")
    gone.land()
    (gone.folder / "raw" / "z.csv").unlink()
    gone.declare(MERGED)
    gone.land()
    assert gone.rows(UNREAD) == [("elm.csv", "services"), ("z.csv", "erasure")]


def test_a_list_that_is_gone_does_not_block_where_every_form_is_read_again(gone: Programme) -> None:
    _list(gone, "Oak")
    gone.land()
    (gone.folder / "raw" / "z.csv").unlink()
    gone.deliver("elm.csv", {"service": "Elm", "client_id": "c 7"}, {"service": "The ash", "client_id": "C-7"})
    gone.declare(MERGED)
    gone.land()
    assert gone.rows(UNREAD) == []
    assert gone.rows(ERASED) == [("elm.csv", 2), ("oak.csv", 2)]


def test_a_list_reaches_forms_of_a_name_that_was_not_declared_then(gone: Programme) -> None:
    gone.declare(LISTED + "s3,Ash,The ash,,,,\n")
    _list(gone, "Ash")
    gone.land()
    assert gone.rows(ERASED) == [("elm.csv", 3)]


@pytest.mark.parametrize(
    ("service", "erased"),
    [
        # Codes exchanged: who has the same id in the other service is another child.
        ("Elm", [("elm.csv", 2)]),
        # What landed under a code counts with the service that has it now, as whoever accepts the load reads.
        ("Oak", [("elm.csv", 2), ("oak.csv", 2)]),
    ],
)
def test_a_list_reaches_what_a_text_meant_then(gone: Programme, service: str, erased: list[tuple[str, int]]) -> None:
    gone.declare(EXCHANGED)
    _list(gone, service)
    gone.land()
    assert gone.rows(ERASED) == erased
