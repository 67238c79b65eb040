"""Landing of forms: what is stored of a file, and what is written about it."""

from __future__ import annotations

import pytest

from orchestration.landing.forms.tables import ensure_form_tables
from tests.support.forms import CATALOGUE, KEY, export, header, record, table


@pytest.mark.parametrize("convention", list(CATALOGUE.conventions))
def test_what_a_row_of_every_convention_becomes(place, convention):
    result = place.land("sub/a.csv", export(3, convention=convention))
    assert (result.status, result.rows_landed, result.rejected_lines, result.reason) == ("landed", 3, 0, None)
    assert (result.form_id, result.form_version, result.convention_id) == ("intake", "v2", convention)
    assert result.service == "NORTH STAR"
    row = place.con.execute("select * from raw.insights_intake order by source_row limit 1").fetchdf().iloc[0]
    assert row["landed_row_id"] == 4294967296 + 2
    assert (row["load_seq"], row["source_file"], row["source_row"]) == (1, "sub/a.csv", 2)
    assert row["load_id"] == result.sha256[:16]
    assert row["intake_admin_client_id"] == KEY.pseudonym("client", "NORTH STAR", "CLXJ77K1")
    assert row["intake_admin_submission_id"] == KEY.pseudonym("submission", "NORTH STAR", "SUBXJ77K1")
    assert row["intake_admin_case_reference"] == KEY.pseudonym("case", "NORTH STAR", "CASEXJ77K1")
    assert row["intake_admin_date_of_birth"] == "2012-04"
    assert row["intake_admin_postcode"] == "LS1 7"
    assert row["intake_admin_intake_date"] == "2023-06-01"
    # The service is its code, an answer its option's; the order of a header decides which column it goes to.
    cells = dict(zip(header(convention=convention), record(1, convention=convention), strict=True))
    assert row["intake_admin_service"] == "NORTH STAR"
    assert (row["intake_admin_form_version"], row["intake_admin_consent"], row["intake_admin_is_test"]) == (
        "v2",
        "1",
        "0",
    )
    assert row["intake_admin_submitted_at"] == "2023-05-01 10:00:00.000000"
    for column in CATALOGUE.headers("intake", "v2", convention):
        question = CATALOGUE.questions[column.question_id]
        if question.storage == "store" and not question.section_id.endswith("_admin"):
            stored, cell = row[column.raw_column], cells[column.header]
            meant = f"{float(cell)}" if question.answer_type == "number" else cell
            assert (meant or None) == (None if stored is None or stored != stored else stored)


def test_every_stored_column_of_the_catalogue_exists_and_tables_grow(place):
    place.land("a.csv", export(2, "review"))
    place.con.execute("alter table raw.insights_review drop column review_admin_consent")
    ensure_form_tables(place.con, CATALOGUE)
    for form_id in CATALOGUE.forms:
        columns = {row[0] for row in place.rows(f"describe raw.insights_{form_id}")}
        assert {column.name for column in CATALOGUE.raw_columns(form_id)} <= columns
    place.land("b.csv", export(3, "review"))
    assert place.rows("select count(review_admin_consent), count(*) from raw.insights_review") == [(3, 5)]


def test_the_ledger_names_what_was_not_stored(place):
    rows = [[*header(), "Free text of Zebediah"], [*record(1), "x"]]
    result = place.land("a.csv", table(rows))
    assert "intake_admin_notes" in result.ignored_columns
    assert str(len(header()) + 1) in result.ignored_columns
    assert place.rows("select ignored_columns from ops.load") == [(result.ignored_columns,)]


def test_same_bytes_land_once_whatever_the_name(place):
    first = place.land("a.csv", export())
    second = place.land("b/copy.csv", export())
    assert (first.status, second.status) == ("landed", "already_landed")
    assert second.load_seq == 1
    assert "a.csv" in second.reason
    assert place.landed() == 3
    assert place.rows("select count(*) from ops.load") == [(1,)]


def test_loads_are_numbered_and_row_ids_unique(place):
    place.land("a.csv", export(3))
    place.land("b.csv", "no table")
    place.land("c.csv", export(4))
    assert place.rows("select distinct load_seq from raw.insights_intake order by 1") == [(1,), (2,)]
    assert place.rows("select count(distinct landed_row_id) from raw.insights_intake") == [(7,)]


def test_a_refusal_is_written_once_and_takes_a_new_reason(place):
    place.land("a.csv", "nothing")
    place.land("a.csv", "nothing")
    place.land("b.csv", "nothing")
    assert place.rows("select source_file from ops.load order by 1") == [("a.csv",), ("b.csv",)]
    place.con.execute("update ops.load set reason = 'older'")
    place.land("a.csv", "nothing")
    assert place.rows("select count(*) from ops.load where reason = 'older'") == [(1,)]


def test_a_load_that_fails_half_way_leaves_nothing(place, monkeypatch):
    def fail(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("orchestration.landing.dispatch.record_load", fail)
    with pytest.raises(RuntimeError):
        place.land("a.csv", export())
    monkeypatch.undo()
    assert place.landed() == 0
    assert place.rows("select count(*) from ops.load") == [(0,)]
    assert list(place.work.iterdir()) == []
    assert place.land("a.csv", export()).rows_landed == 3


def test_what_a_file_has_no_column_for_is_written_down(place):
    absent = {"intake_referral_route", "intake_profile_ace_types"}
    columns = CATALOGUE.headers("intake", "v2", "code_columns")
    kept = [number for number, column in enumerate(columns) if column.question_id not in absent]

    def cut(*more: str) -> str:
        rows = [header(convention="code_columns"), record(1, convention="code_columns")]
        return table([[*(row[number] for number in kept), *more] for row in rows])

    understood = place.land("a.csv", cut(""))
    assert understood.reason == (
        "2 questions of this form have no column in the file (intake_referral_route, intake_profile_ace_types). They "
        "count as not asked."
    )
    unclear = place.land("b.csv", cut("Zebediah", ""))
    assert unclear.reason == (
        "2 questions of this form have no column in the file (intake_referral_route, intake_profile_ace_types). They "
        "count as missing, because one column of it was not understood and may hold them, unless the programme says "
        "that they are not asked."
    )
    place.land("c.csv", export(2))
    assert set(place.rows("select * from ops.absent_question")) == {
        (load.load_id, "intake", question, unknown)
        for load, unknown in ((understood, 0), (unclear, 1))
        for question in absent
    }
