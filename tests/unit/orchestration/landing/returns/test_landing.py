"""Landing of the social care returns: what each format becomes, and what ties its records together."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from orchestration.landing.raw_tables import ROW_ID_FACTOR
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.landing.returns.values import UNREADABLE
from orchestration.landing.returns.xml_children import NotPlainError
from orchestration.landing.returns.xml_reader import XmlReader
from orchestration.settings import PROJECT_ROOT
from tests.support.forms import KEY, export
from tests.support.returns import (
    CENSUS,
    CIN_PLAN,
    EPISODES,
    HEADER,
    PLAN,
    RETURNS,
    SECTION47,
    ReturnLanding,
    assessment,
    census,
    child,
    episode,
    episodes,
    need,
    workbook,
)

CHILD_ONE = KEY.pseudonym("statutory_child", "999", "XJ77K1")
FAMILY = census(
    child(1, details=need(inner=assessment("2B", "3B") + CIN_PLAN + SECTION47 + PLAN) + need("2015-01-02")),
    child(2, details=need(inner=assessment())),
)


@pytest.fixture
def element_by_element(monkeypatch):
    """Reads every census the slow way, which takes anything that is well-formed."""

    def not_plain(*arguments: object) -> None:
        raise NotPlainError

    monkeypatch.setattr(XmlReader, "read_plain", not_plain)


def test_a_census_becomes_a_table_for_each_kind_of_record(place):
    result = place.land(CENSUS, FAMILY)
    assert (result.status, result.form_id, result.form_version, result.service) == (
        "landed", "cin_census", "2017", "999",
    )  # fmt: skip
    assert place.counts() == {
        "cin_child": 2, "cin_disability": 2, "cin_referral": 3, "cin_assessment": 2, "cin_assessment_factor": 2,
        "cin_plan": 1, "cin_section47": 1, "cin_protection_plan": 1, "cin_plan_review": 2,
    }  # fmt: skip
    assert result.rows_landed == sum(place.counts().values())
    assert result.reason is None
    assert place.column("cin_child", "birth_month", "sex", "ethnicity", "death_month") == [
        ("2012-04", "1", "WBRI", None),
        ("2012-04", "1", "WBRI", None),
    ]
    assert place.column("cin_assessment_factor", "factor") == [("2B",), ("3B",)]
    assert place.column("cin_protection_plan", "initial_category", "latest_category", "previous_plans") == [
        ("NEG", None, "1")
    ]


def test_records_know_their_place_their_parent_and_their_child(place):
    place.land(CENSUS, FAMILY)
    lines = FAMILY.splitlines()
    for record_id, path, start in (
        ("cin_child", "Children/Child[1]", "<Child>"),
        ("cin_referral", "Children/Child[1]/CINdetails[1]", "<CINdetails>"),
        ("cin_assessment", "Children/Child[1]/CINdetails[1]/Assessments[1]", "<Assessments>"),
        (
            "cin_plan_review",
            "Children/Child[1]/CINdetails[1]/ChildProtectionPlans[1]/Reviews/CPPreviewDate[1]",
            "<CPPreviewDate>",
        ),
    ):
        (found, line), *_ = place.column(record_id, "source_path", "source_row")
        assert found == path
        assert lines[int(str(line)) - 1].startswith(start)
    ids = [int(str(row[0])) for name in place.counts() for row in place.column(name, "landed_row_id")]
    assert sorted(ids) == [ROW_ID_FACTOR + number for number in range(1, len(ids) + 1)]
    for record_id, record in RETURNS.records.items():
        if record.parent_record_id and record_id in place.counts():
            lost = place.rows(
                f"select count(*) from raw.{record_id} as inside left join raw.{record.parent_record_id} as outside "
                "on outside.landed_row_id = inside.parent_row_id and outside.child_key = inside.child_key "
                "where outside.landed_row_id is null"
            )
            assert lost == [(0,)]
    assert place.column("cin_plan_review", "child_key") == [(CHILD_ONE,)] * 2


def test_both_ways_of_reading_a_census_give_the_same_rows(tmp_path, request):
    fast = ReturnLanding(_folder(tmp_path / "fast"))
    slow = ReturnLanding(_folder(tmp_path / "slow"), is_read_here=True)
    fast.land(CENSUS, FAMILY)
    request.getfixturevalue("element_by_element")
    slow.land(CENSUS, FAMILY)
    for record_id in RETURNS.records:
        sql = f"select * exclude (landed_at) from raw.{record_id} order by all"
        assert fast.rows(sql) == slow.rows(sql)


def test_a_census_that_shows_late_that_it_is_not_plain_is_landed_once(tmp_path, monkeypatch):
    place = ReturnLanding(tmp_path, is_read_here=True)
    plain = XmlReader.read_plain

    def not_plain_after_all(reader, writer):
        plain(reader, writer)
        writer.flush()
        raise NotPlainError

    monkeypatch.setattr(XmlReader, "read_plain", not_plain_after_all)
    result = place.land(CENSUS, FAMILY)
    assert (result.status, result.rows_landed) == ("landed", 16)
    assert sum(place.counts().values()) == 16


def test_a_block_that_is_not_regular_keeps_its_lines_and_numbers(place):
    odd = child(2, details=need(source="<![CDATA[1A]]>").replace("\n", "\n\n"))
    cdata = census(child(1), odd, child(3))
    place.land(CENSUS, cdata)
    assert place.column("cin_referral", "referral_source", "source_path") == [("1A", "Children/Child[2]/CINdetails[1]")]
    attributes = census(child(1), child(2).replace("<Child>", '<Child kind="x">'), child(3))
    place.land("social_care/999/2017/again.xml", attributes)
    lines = attributes.splitlines()
    for path, line in place.rows("select source_path, source_row from raw.cin_child where load_seq = 2"):
        assert lines[int(str(line)) - 1].startswith("<Child"), path


@pytest.mark.parametrize("way", ["plain", "comment", "namespace", "crlf", "bom", "utf-16", "iso-8859-1", "gzip"])
def test_a_census_in_other_clothes_is_the_same_census(place, way):
    text = FAMILY
    name = CENSUS
    if way == "comment":
        text = text.replace("<Child>", "<!-- <Child> </Child> -->\n<Child>", 1)
    if way == "namespace":
        text = text.replace("<Message>", '<c:Message xmlns:c="http://example.org/cin">').replace("</M", "</c:M")
        text = re.sub(r"<(/?)(?![/?]|c:)", r"<\1c:", text)
    if way == "crlf":
        text = text.replace("\n", "\r\n")
    content = text.encode()
    if way == "bom":
        content = b"\xef\xbb\xbf" + content
    if way in ("utf-16", "iso-8859-1"):
        content = text.replace("utf-8", way).encode(way)
    if way == "gzip":
        content, name = gzip.compress(content), CENSUS + ".gz"
    result = place.land(name, content)
    assert (result.status, result.rows_landed, result.ignored_columns) == ("landed", 16, None), result.reason
    assert place.column("cin_child", "child_key")[0] == (CHILD_ONE,)


def test_elements_outside_the_format_are_counted_and_only_those_of_the_format_named(place):
    result = place.land(
        CENSUS,
        census(
            child(1, details=need(inner="<Zebediah><Disability>LD</Disability></Zebediah>")),
            child(2, identifiers="<FormerUPN>A1</FormerUPN><GenderCurrent>2</GenderCurrent>"),
        ),
    )
    assert result.ignored_columns == (
        "FormerUPN (1, never stored), Disability (1, in another place), GenderCurrent (1, given again), "
        "1 element not in the format"
    )


def test_what_public_samples_do_wrong_stays_with_the_element(place):
    text = census(
        child(1, details=need(inner=assessment("RB", "", "2A"), closed="<CINclosureDate/>stray words")),
    ).replace("<ReferralNFA>0", "<ReferralNFA>true")
    assert place.land(CENSUS, text).status == "landed"
    # A code of two letters is no factor of any year, and may be somebody's initials.
    assert place.column("cin_assessment_factor", "factor") == [("(unreadable)",), (None,), ("2A",)]
    assert place.column("cin_referral", "closure_date", "is_no_further_action") == [(None, "true")]


def test_of_a_code_a_date_or_a_number_only_what_can_be_one_is_kept(place):
    text = census(child(1, details=need("Zebediah rang", source="ask Quillfeather", inner=PLAN)))
    place.land(CENSUS, text.replace("PreviousCPP>1", "PreviousCPP>one for Zebediah"))
    assert place.column("cin_referral", "referral_date", "referral_source") == [(UNREADABLE, UNREADABLE)]
    assert place.column("cin_protection_plan", "previous_plans") == [(UNREADABLE,)]


@pytest.mark.parametrize(
    "content",
    [
        episodes(episode(1), episode(2)),
        "\ufeff" + episodes(episode(1), episode(2)).replace("\n", "\r\n"),
        episodes(
            *(",".join(reversed(episode(number).split(","))) for number in (1, 2)),
            header=",".join(reversed(EPISODES.split(","))),
        ),
        episodes(episode(1), episode(2)).replace(",", ";"),
        episodes(episode(1), episode(2)).replace(",", "\t").lower().replace("xj77k", "XJ77K"),
    ],
    ids=["plain", "bom and crlf", "columns in another order", "semicolons", "tabs and lower case"],
)
def test_a_csv_of_the_looked_after_return_is_known_by_its_columns(place, content):
    result = place.land("social_care/999/2017/any_name.csv", content)
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "ssda903", 2)
    assert result.ignored_columns == "URN (never stored)"
    rows = place.column("s903_episode", "child_key", "start_date", "home_postcode_sector", "source_row")
    assert rows[0] == (CHILD_ONE, "05/09/2016", "LS1 7", 2)


@pytest.mark.parametrize(
    ("columns", "record_id"),
    [
        (HEADER, "s903_header"),
        ("CHILD,DOB,MISSING,MIS_START,MIS_END", "s903_missing"),
        ("CHILD,SEX,DOB,DUC", "s903_uasc"),
        (
            "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
            "SUBSTANCE_MISUSE",
            "s903_health",
        ),
    ],
)
def test_tables_that_share_columns_are_told_apart(place, columns, record_id):
    row = ",".join("XJ77K1" if name == "CHILD" else "03/04/2012" for name in columns.split(","))
    assert place.land("social_care/999/2017/x.csv", f"{columns}\n{row}\n").status == "landed"
    assert place.counts() == {record_id: 1}


XML903 = (
    "<SSDA903><CHILD><CHILDID>XJ77K1</CHILDID><SEX>1</SEX><DOB>03/04/2012</DOB><ETHNIC>WBRI</ETHNIC>"
    "<EPISODE><DECOM>05/09/2016</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL></EPISODE>"
    "<MISSING><MISSING>M</MISSING><MIS_START>01/01/2017</MIS_START></MISSING>"
    "<UASC><DUC>03/04/2030</DUC></UASC><OC2><CONVICTED>0</CONVICTED></OC2></CHILD></SSDA903>"
)


def test_the_looked_after_return_in_xml_is_the_one_in_csv(place):
    result = place.land("social_care/999/2017/x.xml", XML903)
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "ssda903", 5)
    assert place.column("s903_episode", "child_key", "start_date", "placement_type", "source_path") == [
        (CHILD_ONE, "05/09/2016", "U6", "CHILD[1]/EPISODE[1]")
    ]
    assert place.column("s903_missing", "child_key", "birth_month", "missing_type") == [(CHILD_ONE, "2012-04", "M")]
    assert place.column("s903_uasc", "child_key", "sex", "birth_month", "end_date") == [
        (CHILD_ONE, "1", "2012-04", "03/04/2030")
    ]
    assert place.column("s903_health", "child_key", "is_convicted") == [(CHILD_ONE, "0")]


@pytest.mark.parametrize(
    ("birth", "kept"),
    [("03/04/2012", "2012-04"), ("20120403", "2012-04"), ("3-Apr-12", "2012-04"), ("41002", "2012-04"),
     ("2012-04-03Z", "2012-04"), ("31/04/2012", UNREADABLE), ("spring says Zebediah", UNREADABLE), (" ", None)],
)  # fmt: skip
def test_a_birth_that_cannot_be_read_is_not_one_that_is_blank(place, birth, kept):
    place.land("social_care/999/2017/header.csv", f"{HEADER}\nXJ77K1,1,{birth},WBRI,,,\n")
    assert place.column("s903_header", "birth_month") == [(kept,)]


def test_annex_a_is_read_by_its_headings(place):
    path = place.raw / "social_care/999/2017/annex_a.xlsx"
    path.parent.mkdir(parents=True)
    book = workbook(path, names={"List 2": "Early help (autumn)"})
    book.add_worksheet("Cover").write(0, 0, "Lists of the autumn")
    book.close()
    result = place.land_path(path)
    assert (result.status, result.rows_landed) == ("landed", 6)
    assert result.ignored_columns == "1 sheet that is no list"
    assert str(result.reason).startswith("List 3, List 4")
    assert place.column("annex_a_contact", "child_key", "sex", "birth_month", "source_path", "source_row")[0] == (
        CHILD_ONE, "a) Male", "2012-04", "List 1", 2,
    )  # fmt: skip
    assert place.column("annex_a_early_help", "source_path", "organisation")[0] == ("List 2", "Family Support Team")
    assert place.column("annex_a_protection_plan", "initial_category", "previous_plans")[0] == ("a) Neglect", "1")


LOCAL = sorted(
    record.record_id for record in RETURNS.records.values() if not RETURNS.returns[record.return_id].has_collection_year
)


@pytest.mark.parametrize("record_id", LOCAL)
def test_every_local_extract_lands_under_its_documented_columns(place, record_id):
    fields = RETURNS.fields(record_id)
    values = {"child_id": "XJ77K1", "date": "2016-05-04", "datetime": "2016-05-04T21:05:00", "integer": "3"}
    cells = [values.get(field.kind, "XJ77K1" if field.storage == "pseudonym" else "1") for field in fields]
    header = ",".join(str(field.source_name) for field in fields)
    result = place.land(
        f"social_care/999/local/{record_id}.csv.gz", gzip.compress(f"{header}\n{','.join(cells)}\n".encode())
    )
    assert (result.status, result.rows_landed, result.form_version) == ("landed", 1, None)
    assert place.counts() == {record_id: 1}
    assert place.column(record_id, "collection_year", "la_code") == [(None, "999")]


def test_one_child_has_one_key_in_every_return_of_an_authority_and_another_in_the_next(place):
    place.land(CENSUS, census(child(1)))
    place.land("social_care/999/2017/e.csv", episodes(episode(1)))
    place.land("social_care/999/local/d.csv", "child_id,open_date,close_date\n xj77k1 ,2016-01-01,\n")
    place.land("social_care/998/local/d.csv", "child_id,open_date,close_date\nXJ77K1,2016-01-01,\n")
    keys = place.rows(
        "select child_key from raw.cin_child union all select child_key from raw.s903_episode "
        "union all select child_key from raw.disabled_team_case where la_code = '999'"
    )
    assert keys == [(CHILD_ONE,)] * 3
    assert place.rows("select child_key from raw.disabled_team_case where la_code = '998'") != [(CHILD_ONE,)]


def test_a_pupil_number_is_one_key_across_authorities(place):
    place.land("social_care/998/local/s.csv", "upn,census_date,birth_date,sex,sen_provision,sen_primary_need\n"
               "A999XJ77K0001,2017-01-19,2012-04-03,M,K,SEMH\n")  # fmt: skip
    place.land(CENSUS, census(child(1)))
    assert place.column("cin_child", "upn_key") == place.column("school_census_pupil", "upn_key")


def test_what_is_no_pupil_number_is_no_key(place):
    numbers = ("A999202415001", " a999202415001 ", "UN2", "UNKN", "", "A99920241500")
    rows = [f"{number},1,01/02/2008,WBRI,{upn},0," for number, upn in enumerate(numbers, start=1)]
    place.land("social_care/999/2016/ssda903_header.csv", "\n".join([HEADER, *rows]) + "\n")
    keys = [key for (key,) in place.column("s903_header", "upn_key")]
    assert keys[0] == keys[1] == KEY.pseudonym("upn", "", "A999202415001")
    assert keys[2:5] == [None, None, None]
    assert keys[5] == "0" * 32


def test_the_same_bytes_land_once(place):
    assert place.land(CENSUS, FAMILY).status == "landed"
    assert place.land("social_care/999/2017/copy.xml", FAMILY).status == "already_landed"
    assert place.counts()["cin_child"] == 2


def test_forms_and_returns_go_their_own_ways(place):
    assert place.land("insights/a.csv", export(2)).form_id == "intake"
    assert place.land("social_care/999/local/a.csv", export(3)).status == "refused"
    refused = place.land("insights/census.xml", FAMILY)
    assert refused.status == "refused"
    assert str(refused.reason).endswith(".")


def test_tables_are_there_before_any_file_and_take_new_columns(place):
    assert set(RETURNS.records) <= {name for (name,) in place.rows("select table_name from duckdb_tables()")}
    place.con.execute("alter table raw.cin_child drop column ethnicity")
    ensure_return_tables(place.con, RETURNS)
    assert "ethnicity" in {name for (name, *_) in place.rows("describe raw.cin_child")}


def test_seeds_name_only_what_exists():
    for difference in RETURNS.differences:
        fields = {field.field_id for field in RETURNS.fields(difference.record_id)}
        assert difference.field_id is None or difference.field_id in fields
    for heading in RETURNS.headings:
        assert heading.field_id in {field.field_id for field in RETURNS.stored(heading.record_id)}
        re.compile(heading.pattern)
    for spelling in RETURNS.spellings:
        if spelling.code_list != "flag":
            assert spelling.code in RETURNS.codes[spelling.code_list], json.dumps(spelling.__dict__)
    for record_id in RETURNS.records:
        for field in RETURNS.fields(record_id):
            assert (field.kind == "code") == bool(field.code_list)
            assert field.code_list is None or field.code_list in RETURNS.codes


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_the_page_on_returns_describes_every_local_extract():
    page = (PROJECT_ROOT / "docs/social-care-returns.md").read_text(encoding="utf-8")
    for record_id in LOCAL:
        _, _, section = page.partition(f"(`{record_id}`)\n")
        described = re.findall(r"^\| `(\w+)` \|", section.partition("\n#")[0], flags=re.MULTILINE)
        assert described == [field.source_name for field in RETURNS.fields(record_id)]
