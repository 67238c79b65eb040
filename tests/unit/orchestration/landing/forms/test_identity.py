"""Of whom a form is: the code of its service, never the text of the cell, and two keys for every id."""

from __future__ import annotations

import re

import pytest

from catalogue.services import Service, Services
from tests.support.forms import KEY, Landing, export, header, record, table

SLIPPED = "Mum of Zebediah Quillfeather rang, call back"
HISTORY = Services(
    [
        Service("oak", "C33 Oak", became="oak-house"),
        Service("oak-house", "C33 Oak House", ("Women's Oak",)),
        Service("long", "L" * 300),
    ]
)


def rows_of(*changes: dict[str, str], form_id: str = "intake") -> str:
    rows = []
    for number, change in enumerate(changes, start=1):
        row = record(number, form_id)
        for name, cell in change.items():
            row[header(form_id).index(name)] = cell
        rows.append(row)
    return table([header(form_id), *rows])


def test_the_text_of_a_slipped_cell_stands_nowhere(place):
    result = place.land("a.csv", rows_of({}, {"service": SLIPPED}, {"service": SLIPPED.upper() + "."}, {"service": ""}))
    assert (result.status, result.rows_landed) == ("landed", 4)
    short = KEY.short_code("mum of zebediah quillfeather rang, call back")
    codes = place.rows("select intake_admin_service from raw.insights_intake order by source_row")
    assert codes == [("NORTH STAR",), (short,), (short,), (None,)]
    assert result.service == f"{short}, NORTH STAR"
    assert f"2 forms name a service that is not declared ({short}) and are set aside" in str(result.reason)
    everything = place.everything() + str(result)
    assert not re.search("zebediah|quillfeather|rang", everything, re.IGNORECASE)


def test_so_many_undeclared_texts_are_no_services(place):
    result = place.land("a.csv", rows_of(*({"service": f"note {number}x"} for number in range(60))))
    assert result.service == "60 services"
    assert "60 forms name" in str(result.reason)
    assert "and 55 more" in str(result.reason)


def test_a_renamed_service_is_one_with_a_history(tmp_path):
    place = Landing(tmp_path, services=HISTORY)
    texts = ["C33 Oak", "c33 oak house", "Women\u2019s  Oak", "C33 Oak\u200b", "oak", "L" * 300]
    result = place.land("a.csv", rows_of(*({"service": text, "client_id": "7"} for text in texts)))
    assert (result.service, result.reason) == ("long, oak-house", None)
    keys = place.rows(
        "select distinct intake_admin_service, intake_admin_client_id from raw.insights_intake order by 1"
    )
    assert keys == [(code, KEY.pseudonym("client", code, "7")) for code in ("long", "oak-house")]
    place.con.close()


def test_every_id_has_a_key_that_joins_and_one_that_tells_apart(place):
    ids = ["0015g00000AbCdE", "0015g00000aBcDe", "017", "17", " 17 ", '="17"', "'17", "17\u00ad", "2.02306E+15", ""]
    place.land("a.csv", rows_of(*({"client_id": one, "case_reference": one, "submission_id": one} for one in ids)))
    columns = ", ".join(
        f"intake_admin_{name}, intake_admin_{name}__exact" for name in ("client_id", "case_reference", "submission_id")
    )
    rows = place.rows(f"select {columns} from raw.insights_intake order by source_row")
    for place_of, kind in ((0, "client"), (2, "case"), (4, "submission")):
        found = [row[place_of : place_of + 2] for row in rows]
        assert found[0][0] == found[1][0]
        assert found[0][1] == KEY.exact_pseudonym(kind, "NORTH STAR", ids[0])
        assert found[1][1] == KEY.exact_pseudonym(kind, "NORTH STAR", ids[1]) != found[0][1]
        assert found[2][0] == found[3][0] == found[3][1] == KEY.pseudonym(kind, "NORTH STAR", "17")
        assert found[2][1] != found[3][1]
        assert set(found[3:8]) == {found[3]}
        assert found[8:] == [(None, None)] * 2


def test_by_what_a_load_was_read_is_kept(place):
    place.land("a.csv", export(2))
    place.land("z.csv", "service,client_id,requested_on\nnorth star,5,2024-01-01\n")
    rows = place.rows("select load_seq, folding_version, cleaning_version, services from ops.reading order by 1")
    assert [row[:3] for row in rows] == [(1, 2, 3), (2, 2, 3)]
    assert {row[3] for row in rows} == {place.lander.services.fingerprint()}


@pytest.mark.parametrize("service", ["Nowhere", "North Star; South"])
def test_an_erasure_list_of_an_undeclared_service_is_refused(place, service):
    place.land("a.csv", export(2))
    listed = f"service,client_id,requested_on\nnorth star,cl XJ77K 1,2024-01-01\n{service},7,2024-01-01\n"
    result = place.land("z.csv", listed)
    assert (result.status, result.form_id) == ("refused", "erasure")
    assert "Row 3 names a service that is not declared" in str(result.reason)
    assert service not in str(result.reason)
    assert place.rows("select count(*) from ops.forgotten") == [(0,)]
    assert place.rows("select count(*) from raw.insights_intake where is_erased") == [(0,)]


def test_a_tombstone_is_no_pseudonym_and_holds_however_the_id_is_written(place):
    place.land("z.csv", 'service,client_id,requested_on\nNORTH star.,"=""cl-xj77k 1""",2024-01-01\n')
    pseudonym = KEY.pseudonym("client", "NORTH STAR", "CLXJ77K1")
    assert place.rows("select key from ops.forgotten") == [(KEY.tombstone(str(pseudonym)),)]
    assert str(pseudonym) not in place.everything()
    place.land("a.csv", export(3))
    assert place.rows("select source_row from raw.insights_intake where is_erased") == [(2,)]
    kept = "landed_row_id, load_id, load_seq, source_file, source_row, landed_at, is_erased, left_out"
    erased = place.rows(f"select * exclude ({kept}) from raw.insights_intake where is_erased")
    assert set(erased[0]) == {None}
