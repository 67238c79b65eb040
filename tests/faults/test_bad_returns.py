"""Whatever arrives below `social_care/`, it is landed, set aside element by element, or refused with a sentence.

What must hold is always the same: no exception, no half load, no lost record, no value of a record in any message.
(Tables in CSV and workbooks: test_bad_return_tables.py.)
"""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.landing.ledger import LoadResult
from orchestration.landing.returns.xml_children import NotPlainError
from orchestration.landing.returns.xml_reader import XmlReader
from tests.support.forms import ReadHere
from tests.support.returns import (
    CENSUS,
    PLAN,
    ReturnLanding,
    assessment,
    census,
    check,
    child,
    episode,
    episodes,
    need,
    refused,
)

BUDGET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
CHILDREN = [child(number, details=need(inner=assessment("2B", "3B") + PLAN)) for number in range(1, 5)]
CLEAN = census(*CHILDREN)
RECORDS = 4 * 9  # child, disability, referral, assessment, two factors, plan, two reviews
CSV = episodes(*(episode(number) for number in range(1, 7)))
LOOKED_AFTER = "social_care/999/2017/e.csv"
# One warehouse for all examples, emptied before each: making its tables takes longer than landing a file.
FOLDER = tempfile.TemporaryDirectory()
PLACE = ReturnLanding(Path(FOLDER.name))


def outcome(content: bytes | str, name: str = CENSUS) -> LoadResult:
    """Land one file in an empty warehouse and check everything that must hold whatever it was."""
    PLACE.empty()
    result = PLACE.land(name, content)
    check(PLACE, result)
    return result


@pytest.mark.parametrize("cut", [10, 200, len(CLEAN) // 2, len(CLEAN) - 12, len(CLEAN) - 2])
def test_a_census_cut_off(cut):
    refused(outcome(CLEAN[:cut]), "cut off")


ENTITIES = [f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in zip("abcdefg", "bcdefgh", strict=True)]


LAUGHS = f"<!DOCTYPE Message [<!ENTITY a 'Zebediah'>{''.join(ENTITIES)}]>\n"


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE Message SYSTEM "http://localhost:9/census.dtd">\n',
        '<!DOCTYPE Message [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>\n',
        "<!DOCTYPE Message>\n",
        "<!-- " + "long " * 3000 + " --><!DOCTYPE Message>\n",
    ],
    ids=["billion laughs", "external entity", "external subset", "parameter entity", "empty", "after a comment"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_read(head, encoding):
    text = census(child(details=need(source="&x;&h;")), head=head).replace("utf-8", encoding)
    refused(outcome(text.encode(encoding)), "declares a document type")


def test_an_entity_nobody_declared():
    refused(outcome(census(child(details=need(source="&x;")))), "not well-formed")


@pytest.mark.parametrize(
    "content",
    ["<Message/>", "<Message><Other/></Message>", "<Zebediah><Child/></Zebediah>", "<html><body>x</body></html>"],
)
def test_a_wrong_root_or_nothing_in_it(content):
    outcome(content)
    refused(outcome(content))


def test_two_authorities_in_one_folder():
    PLACE.empty()
    assert PLACE.land("social_care/999/2017/a.xml", CLEAN).status == "landed"
    second = PLACE.land("social_care/999/2017/b.xml", census(child(9), la_code="998"))
    refused(second, "another authority", "999")
    assert "998" not in str(second.reason)
    assert PLACE.counts()["cin_child"] == 4


def test_a_census_of_another_year_or_collection_or_without_saying():
    refused(outcome(census(child(), year=2018)), "another year", "2017")
    refused(outcome(census(child(), collection="SC")), "another collection")
    refused(outcome(census(child(), year="")), "does not say")
    refused(outcome(CLEAN.replace("Header", "Haeder")), "no header")
    refused(outcome(census()), "no child")


@pytest.mark.parametrize("name", ["social_care/x.xml", "social_care/99/2017/x.xml", "social_care/999/17/x.xml"])
def test_a_folder_that_does_not_say_whose_it_is(name):
    refused(outcome(CLEAN, name), "folder")


def test_a_return_in_the_folder_of_the_others():
    refused(outcome(CLEAN, "social_care/999/local/c.xml"), "collected by year")
    cases = "child_id,open_date,close_date\nXJ77K1,2016-01-01,\n"
    refused(outcome(cases, "social_care/999/2017/d.csv"), "not collected by year")


@pytest.mark.parametrize("identifier", ["", "<LAchildID/>", "<LAchildID> - </LAchildID>"])
def test_a_child_without_an_identifier_is_set_aside_with_all_that_lies_in_it(identifier):
    nameless = CHILDREN[1].replace("<LAchildID>XJ77K2</LAchildID>", identifier)
    result = outcome(census(CHILDREN[0], nameless, *CHILDREN[2:] * 4))
    assert (result.rows_landed, result.rejected_lines) == (81, 9)
    places = PLACE.rows("select source_path, reason from ops.rejected_line order by source_row, source_path")
    assert places[0] == ("Children/Child[2]", "It has no identifier of its child.")
    assert all(str(path).startswith("Children/Child[2]") for path, _ in places)
    assert PLACE.column("cin_child", "source_path")[:2] == [("Children/Child[1]",), ("Children/Child[3]",)]


@pytest.mark.parametrize("day", ["1900-01-01", "2099-12-31", "2017-02-31", "31/02/2017", "0000-00-00", "soon"])
def test_dates_that_cannot_be_are_landed_for_the_rules_to_judge(day):
    result = outcome(census(child(details=need(day))))
    assert (result.status, result.rejected_lines) == ("landed", 0)
    assert PLACE.column("cin_referral", "referral_date") == [(day if day != "soon" else "(unreadable)",)]


def test_codes_from_other_years_are_landed_for_the_rules_to_judge():
    assert (
        outcome(census(child(sex="<Sex>M</Sex>", details=need(source="5D", inner=assessment("24A"))))).rows_landed == 5
    )
    assert PLACE.column("cin_referral", "referral_source") == [("5D",)]


def test_a_packed_file_that_is_damaged_a_bomb_or_not_packed():
    packed = gzip.compress(CLEAN.encode())
    assert outcome(packed, CENSUS + ".gz").rows_landed == RECORDS
    refused(outcome(packed[:-20], CENSUS + ".gz"), "cut off")
    refused(outcome(packed, CENSUS), "right name")
    refused(outcome(CLEAN, CENSUS + ".gz"), "right name")
    bomb = gzip.compress(CLEAN.encode()[:-25] + b" " * 80 * 1024**2)
    refused(outcome(bomb, CENSUS + ".gz"))
    refused(outcome(gzip.compress(CSV.encode() + b"\n" * 80 * 1024**2), LOOKED_AFTER + ".gz"), "300 times its size")


def test_an_element_too_large_to_hold():
    refused(outcome(census(f"<Child><A>{'<B/>' * 9_000_000}</A></Child>")), "cannot be read safely")


MARKS = (
    "<", ">", "&", "</Child>", "<Child>", "<Child/>", "<Zebediah/>", "<!--", "-->", "<![CDATA[", "]]>", "<?x?>",
)  # fmt: skip


@BUDGET
@given(st.integers(0, len(CLEAN)))
@example(len(CLEAN) - 1)
def test_bytes_cut_off_at_the_end(length):
    result = outcome(CLEAN[:length])
    assert (result.status == "landed") is (length >= len(CLEAN) - 1)


@BUDGET
@given(st.integers(0, len(CLEAN)), st.integers(1, 400))
def test_bytes_cut_out_of_the_middle(start, length):
    outcome(CLEAN[:start] + CLEAN[start + length :])


@BUDGET
@given(st.integers(0, len(CLEAN)), st.binary(min_size=1, max_size=12))
def test_bytes_put_in(place, noise):
    outcome(CLEAN.encode()[:place] + noise + CLEAN.encode()[place:])


@BUDGET
@given(
    st.lists(st.integers(0, len(CLEAN)), min_size=1, max_size=3),
    st.sampled_from(MARKS),
)
def test_marks_put_in(places, mark):
    content = CLEAN
    for place in sorted(places, reverse=True):
        content = content[:place] + mark + content[place:]
    outcome(content)


ELEMENTS = (
    "Zebediah", "Child", "Header", "Children", "Message", "LAchildID", "GenderCurrent", "Sex", "Disability",
    "CINdetails", "Assessments", "AssessmentFactors", "Reviews", "CPPreviewDate", "FormerUPN",
)  # fmt: skip


TEXTS = st.sampled_from(
    ["", " ", "1", "N1", "XJ77K9", "2016-05-04", "Zebediah rang", "&amp;", "<![CDATA[<Child>]]>", "é"]
)


@settings(BUDGET, max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(0, CLEAN.count("\n<") - 1), st.sampled_from(ELEMENTS), TEXTS), min_size=1, max_size=4
    )
)
def test_elements_put_anywhere_read_the_same_both_ways(inserted):
    pieces = CLEAN.split("\n<")
    for place, name, text in inserted:
        pieces[place] += f"\n<{name}>{text}</{name}>"
    content = "\n<".join(pieces)
    both = []
    for is_slow in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if is_slow:
                patch.setattr(XmlReader, "read_plain", not_plain)
                patch.setattr(PLACE, "lander", replace(PLACE.lander, reading=ReadHere(PLACE.returns)))
            result = outcome(content)
        rows = {
            record_id: PLACE.rows(f"select * exclude (landed_at) from raw.{record_id} order by all")
            for record_id in PLACE.counts()
        }
        both.append((result, rows, PLACE.rows("from ops.rejected_line order by all")))
    assert both[0] == both[1]


def not_plain(*arguments: object) -> None:
    raise NotPlainError


@BUDGET
@given(st.text(max_size=200), st.sampled_from(["x.csv", "x.xml", "x.xlsx", "x.csv.gz", "x.xml.gz", "x", "x.txt"]))
def test_any_text_under_any_name(text, name):
    refused(outcome(text.encode("utf-8", "replace"), f"social_care/999/2017/{name}"))


@BUDGET
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xml", "x.xlsx", "x.csv.gz", "x.xml.gz", "x.pdf"]))
def test_any_bytes_under_any_name(content, name):
    refused(outcome(content, f"social_care/999/local/{name}"))


@pytest.mark.parametrize(
    ("reference_date", "is_noted"),
    [
        ("2017-03-31", False),
        ("2017-03-31Z", False),
        ("2017-03-31+01:00", False),
        (" 2017-03-31 ", False),
        ("31/03/2017", False),
        ("2016-03-31", True),
        ("2018-03-31", True),
        ("2017-04-01", True),
        ("31/03/2016", True),
        ("", True),
    ],
)
def test_another_reference_date_than_that_of_the_year_is_noted(reference_date, is_noted):
    year = "<Year>2017</Year>"
    result = outcome(CLEAN.replace(year, f"{year}<ReferenceDate>{reference_date}</ReferenceDate>"))
    assert (result.status, result.rows_landed) == ("landed", RECORDS)
    assert ("another reference date than 2017-03-31" in (result.reason or "")) is is_noted
