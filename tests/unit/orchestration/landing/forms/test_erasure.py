"""Erasure lists: what landed before is emptied, what lands later stays empty."""

from __future__ import annotations

from datetime import date

from tests.support.forms import KEY, Landing, export

ERASURE_LIST = "service,client_id,requested_on\n north  star,CL.XJ77K.2,07/05/2024\n"


def assert_only_client_two_is_empty(place: Landing, form_id: str = "intake") -> None:
    for number, erased in ((1, False), (2, True), (3, False)):
        row = place.rows(f"select * exclude (landed_at) from raw.insights_{form_id} where source_row = {number + 1}")[0]
        assert row[5] is erased
        assert row[6] == ("erased" if erased else None)
        assert all(value is None for value in row[7:]) is erased
        assert (row[0] is None, row[3] is None, row[4]) == (False, False, number + 1)


def test_an_erasure_empties_what_landed_before(place):
    place.land("a.csv", export(3))
    place.land("a2.csv", export(3, "exit"))
    result = place.land("z.csv", ERASURE_LIST)
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "erasure", 1)
    assert_only_client_two_is_empty(place)
    assert_only_client_two_is_empty(place, "exit")
    key = KEY.tombstone(str(KEY.pseudonym("client", "NORTH STAR", "CLXJ77K2")))
    asked = "select key, requested_on, load_id, list_rows, is_met from ops.forgotten"
    assert place.rows(asked) == [(key, date(2024, 5, 7), result.load_id, [2], True)]


def test_an_erasure_holds_for_what_lands_later(place):
    place.land("0.csv", ERASURE_LIST)
    place.land("a.csv", export(3))
    assert_only_client_two_is_empty(place)


def test_an_erasure_list_with_unusable_records_says_which(place):
    unusable = ",5,2024-01-01\nnorth star,,2024-01-01\nnorth star\nnorth star,6\n"
    result = place.land("z.csv", ERASURE_LIST + unusable)
    # The last one says who has to go; only the day is not told.
    assert (result.rows_landed, result.rejected_lines) == (2, 3)
    assert place.rows("select source_row, column_name from ops.rejected_line order by 1") == [
        (3, "service"),
        (4, "client_id"),
        (5, None),
    ]
