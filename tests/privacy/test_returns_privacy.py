"""Nothing that identifies a child leaves the raw folder with a return, and forms and returns share no key."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from catalogue.folding import fold
from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import DEVELOPMENT_KEY, KEY_VARIABLE
from orchestration.settings import Settings
from tests.support.forms import KEY, header, record, table
from tests.support.returns import (
    CENSUS,
    EPISODES,
    HEADER,
    PLAN,
    RETURNS,
    SECRETS,
    ReturnLanding,
    assessment,
    census,
    child,
    episode,
    episodes,
    need,
    workbook,
)

TELLTALES = (*SECRETS, "xj77k", "LS17QZ", "SC123456")
XML903 = (
    "<SSDA903><CHILD><CHILDID>XJ77K1</CHILDID><SEX>Zebediah</SEX><DOB>03/04/2012</DOB><UPN>A999XJ77K0001</UPN>"
    "<EPISODE><DECOM>05/09/2016</DECOM><PL>at Quillfeather</PL><HOME_POST>LS1 7QZ</HOME_POST><URN>SC123456</URN>"
    "</EPISODE></CHILD></SSDA903>"
)


@pytest.fixture
def place(tmp_path):
    ready = ReturnLanding(tmp_path)
    yield ready
    ready.con.close()


def deliver(raw: Path) -> None:
    """Returns of every kind, with personal data where it belongs and where it does not."""
    files = {
        CENSUS: census(
            child(1, details=need("rang Zebediah", source="Quillfeather", inner=assessment("Zebediah", "2B") + PLAN)),
            child(None, details=need(inner="<Zebediah>Quillfeather</Zebediah>")),
            *(child(3, characteristics="<Ethnicity>LS1 7QZ</Ethnicity>Zebediah") for _ in range(30)),
        ),
        "social_care/999/2017/cut.xml": census(child(4))[:-30],
        "social_care/999/2017/looked_after.xml": XML903,
        "social_care/999/2017/episodes.csv": episodes(
            *(f"{episode(number)},Zebediah" for number in range(1, 10)), header=f"{EPISODES},Name of Zebediah"
        )
        + "Zebediah,Quillfeather\n",
        "social_care/999/2017/header.csv": f"{HEADER}\nXJ77K1,1,03/04/2012,WBRI,A999XJ77K0001,0,03/04/2012\n",
        "social_care/999/2017/no_header.csv": f"{episode(1)}\n{episode(2)}\n",
        "social_care/999/local/offence.csv": "offence_id,person_id,birth_date,sex,offence_date,outcome_date,disposal\n"
        "XJ77K,XJ77K1,2012-04-03,M,2016-01-01,,sent to Zebediah\n",
        "social_care/999/local/pupil.csv": "upn,census_date,birth_date,sex,sen_provision,sen_primary_need\n"
        "A999XJ77K0001,2017-01-19,2012-04-03,Zebediah,K,SEMH\n",
    }
    for name, content in files.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (raw / "social_care/999/2017/packed.csv.gz").write_bytes(gzip.compress(episodes(episode(7)).encode()))
    book = workbook(raw / "social_care/999/2017/annex_a.xlsx", names={"List 1": "Zebediah"})
    book.worksheets()[0].write(1, 1, "Zebediah")
    book.worksheets()[0].write(0, 6, "Name of Zebediah")
    book.worksheets()[0].write(1, 6, "Quillfeather")
    book.close()


def test_nothing_that_identifies_a_child_is_stored_or_said(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    deliver(raw)
    lines: list[str] = []
    results = land_folder(Settings(tmp_path / "home", raw, "sample"), run_id="r", progress=lines.append)
    assert sum(result.status == "landed" for result in results) == 8
    assert sum(result.status == "refused" for result in results) == 2
    said = "\n".join(lines) + str(results)
    # What one test cannot see in a compressed file, it sees in the rows.
    with duckdb.connect(str(tmp_path / "home/warehouse/insights.duckdb"), read_only=True) as con:
        tables = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        stored = "\n".join(str(con.execute(f"from {name}").fetchall()) for (name,) in tables)
    files = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert files
    for telltale in TELLTALES:
        assert telltale not in said
        assert telltale not in stored
        assert all(telltale.encode() not in content for content in files)
    assert DEVELOPMENT_KEY not in said + stored
    assert not (tmp_path / "home/warehouse/landing_work").exists()


def test_forms_and_returns_never_share_a_key(place):
    """The same child, with the same identifier, sent by a service of the same name as the authority's code."""
    form = record(1)
    for name, value in {
        "service": "999",
        "client_id": "XJ77K1",
        "case_reference": "XJ77K1",
        "submission_id": "XJ77K1",
    }.items():
        form[header().index(name)] = value
    place.land("insights/a.csv", table([header(), form]))
    place.land(CENSUS, census(child(1)).replace("A999XJ77K0001", "XJ77K1"))
    for record_id in RETURNS.records:
        fields = RETURNS.fields(record_id)
        if RETURNS.returns[RETURNS.records[record_id].return_id].has_collection_year:
            continue
        cells = ["XJ77K1" if one.storage == "pseudonym" else "1" for one in fields]
        names = ",".join(fold(str(one.source_name)) for one in fields)
        assert place.land(f"social_care/999/local/{record_id}.csv", f"{names}\n{','.join(cells)}\n").status == "landed"
    names = "c -> c like '%client_id' or c like '%case_reference' or c like '%submission_id'"
    of_forms = {value for row in place.rows(f"select columns({names}) from raw.insights_intake") for value in row}
    of_returns = {
        value
        for record_id in RETURNS.records
        for one in RETURNS.stored(record_id)
        if one.storage == "pseudonym"
        for (value,) in place.rows(f"select {one.field_id} from raw.{record_id}")
    }
    assert None not in of_forms | of_returns
    assert len(of_forms) == 3
    assert len(of_returns) > 3
    assert not of_forms & of_returns
    assert KEY.pseudonym("child", "999", "XJ77K1") not in of_returns


def test_kinds_of_identifier_are_told_apart(place):
    """A child and an adult of another agency with one number are two people."""
    place.land("social_care/999/local/a.csv", "child_id,open_date,close_date\nXJ77K1,2016-01-01,\n")
    place.land("social_care/999/local/b.csv", "incident_id,person_id,role,sex,birth_date\nXJ77K1,XJ77K1,child,M,\n")
    keys = place.rows(
        "select child_key from raw.disabled_team_case union all select person_key from raw.police_person "
        "union all select incident_key from raw.police_person"
    )
    assert len(set(keys)) == 3


def test_an_interrupted_landing_leaves_nothing_of_a_return(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    deliver(raw)

    def fail(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orchestration.landing.dispatch.record_load", fail)
    settings = Settings(tmp_path / "home", raw, "sample")
    with pytest.raises(KeyboardInterrupt):
        land_folder(settings, run_id="r")
    assert not (tmp_path / "home/warehouse/landing_work").exists()
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert con.execute("select count(*) from ops.load").fetchone() == (0,)
        assert con.execute("select count(*) from raw.annex_a_contact").fetchone() == (0,)
