"""The looked-after return in XML: where the particulars of a child may lie, and who is unaccompanied by it."""

from __future__ import annotations

import pytest

from tests.support.returns import refused

EPISODE = "<EPISODE><DECOM>05/09/2023</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL></EPISODE>"
AWAY = "<AMISSING><MISSING>A</MISSING><MIS_START>01/11/2023</MIS_START></AMISSING>"
MISSING = "<MISSING><MISSING>M</MISSING><MIS_START>02/12/2023</MIS_START></MISSING>"
HEALTH = "<OC2><SDQ_SCORE>9</SDQ_SCORE><CONVICTED>0</CONVICTED></OC2>"
ENDED = "<UASC><DUC>03/04/2030</DUC></UASC>"


def particulars(number: int = 1, *inner: str) -> str:
    return f"<CHILDID>XJ77K{number}</CHILDID><SEX>2</SEX><DOB>03/04/2012</DOB>{''.join(inner)}"


def header(number: int = 1, *inner: str) -> str:
    return f"<HEADER>{particulars(number, *inner)}</HEADER>"


def file(*children: str, root: str = "EXPSSDA903") -> str:
    return f"<?xml version='1.0'?><{root}>{''.join(f'<CHILD>{one}</CHILD>' for one in children)}</{root}>"


#: What a file is, then how many records of each kind (header, episode, missing, health, unaccompanied).
LAYOUTS = {
    "flat": (file(particulars() + EPISODE + AWAY + HEALTH), (1, 1, 1, 1, 0)),
    "all in HEADER": (file(header(1, AWAY, HEALTH) + EPISODE), (1, 1, 1, 1, 0)),
    "records beside HEADER": (file(header() + HEALTH + AWAY + EPISODE), (1, 1, 1, 1, 0)),
    "HEADER behind the episodes": (file(EPISODE + EPISODE.replace("/09/", "/10/") + header()), (1, 2, 0, 0, 0)),
    "records in HEADER and beside it": (file(header(1, AWAY) + MISSING + EPISODE), (1, 1, 2, 0, 0)),
    "episodes in HEADER": (file(header(1, EPISODE)), (1, 1, 0, 0, 0)),
    "both layouts in one file": (file(header(1) + EPISODE, particulars(2) + EPISODE), (2, 2, 0, 0, 0)),
    "another root": (file(header() + EPISODE, root="EXPORT903"), (1, 1, 0, 0, 0)),
    "no HEADER but an empty one": (file("<HEADER/>" + particulars() + EPISODE), (1, 1, 0, 0, 0)),
    "an element UASC with its end": (file(particulars(1, ENDED) + EPISODE), (1, 1, 0, 0, 1)),
    "the same in HEADER": (file(header(1, ENDED) + EPISODE), (1, 1, 0, 0, 1)),
    "a mark is no record": (file(header(1, "<UASC>1</UASC>") + EPISODE), (1, 1, 0, 0, 0)),
    "an empty UASC is none": (file(header(1, "<UASC/>") + EPISODE), (1, 1, 0, 0, 0)),
    # As in the table, where a row without an end is of a child who is unaccompanied still.
    "one whose end is blank is one": (file(particulars(1, "<UASC><DUC/></UASC>") + EPISODE), (1, 1, 0, 0, 1)),
}
RECORDS = ("s903_header", "s903_episode", "s903_missing", "s903_health", "s903_uasc")


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_every_layout_gives_its_records(place, name):
    content, expected = LAYOUTS[name]
    result = place.land("social_care/999/2024/x.xml", content)
    assert (result.status, result.rejected_lines) == ("landed", 0), result.reason
    assert tuple(place.counts().get(record_id, 0) for record_id in RECORDS) == expected
    children = {key for record_id in RECORDS for (key,) in place.column(record_id, "child_key")}
    assert len(children) == expected[0]
    if place.counts().get("s903_health"):
        assert place.column("s903_health", "birth_month", "sdq_score") == [("2012-04", "9")]


def test_the_mark_of_an_unaccompanied_child_is_a_value_of_the_header(place):
    marks = ["<UASC>0</UASC>", "<UASC>1</UASC>", "<UASC/>", "", "<UASC> 1 </UASC><DUC>01/02/2024</DUC>"]
    place.land(
        "social_care/999/2024/x.xml", file(*(header(number, mark) + EPISODE for number, mark in enumerate(marks)))
    )
    assert place.column("s903_header", "is_unaccompanied", "unaccompanied_until") == [
        ("0", None), ("1", None), (None, None), (None, None), ("1", "01/02/2024"),
    ]  # fmt: skip


def test_a_file_without_identifiers_where_they_belong_says_what_was_expected_and_found(place):
    lost = "<WHO><CHILDID>XJ77K1</CHILDID></WHO><SEX>2</SEX>" + EPISODE
    result = place.land("social_care/999/2024/x.xml", file(lost, lost))
    refused(
        result, "4 of its 4 records cannot be used", "It has no identifier of its child: 2 records",
        "CHILDID of CHILD or CHILD/HEADER", "found was the elements EPISODE, SEX",
    )  # fmt: skip
    assert "WHO" not in str(result.reason)


@pytest.mark.parametrize(
    ("good", "bad", "status"),
    [(0, 1, "refused"), (8, 1, "refused"), (9, 1, "landed"), (19, 2, "landed"), (17, 2, "refused")],
)
def test_more_than_a_tenth_of_rejected_records_is_no_return(place, good, bad, status):
    rows = [f"XJ77K{number},1,03/04/2012,WBRI,,0,,0" for number in range(good)] + [",1,,,,,,"] * bad
    content = "\n".join(["CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB,UASC", *rows]) + "\n"
    result = place.land("social_care/999/2024/header.csv", content)
    assert result.status == status, result.reason
    assert place.counts().get("s903_header", 0) == (good if status == "landed" else 0)


UNUSED = {
    "AD1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "AD1 in another order": "DOB,CHILD,DATE_MATCH,DATE_INT,NB_ADOPTR,FOSTER_CARE,LS_ADOPTR,SEX_ADOPTR,NOTES",
    "OC3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "Reviews": "child;dob;review;review_code",
    "Placed": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "Permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
    "Social workers": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
}


@pytest.mark.parametrize("name", list(UNUSED))
def test_a_table_that_is_not_used_is_named_and_left_alone(place, name):
    columns = UNUSED[name]
    result = place.land("social_care/999/2024/x.csv", f"{columns}\n" + "XJ77K1" + "," * columns.count(",") + "\n")
    assert (result.status, place.counts(), place.rows("from ops.load")) == ("passed_over", {}, [])
    assert "is not used here" in str(result.reason)
    assert result.sha256


def test_an_element_that_is_not_used_is_named(place):
    inner = "<AREVIEW><REVIEW>01/11/2023</REVIEW></AREVIEW>" * 2 + "<OC3><ACCOM>Z1</ACCOM></OC3>"
    result = place.land("social_care/999/2024/x.xml", file(header(1, inner) + EPISODE))
    assert (result.status, result.ignored_columns) == ("landed", "AREVIEW (2, not used), OC3 (1, not used)")


@pytest.mark.parametrize("columns", ["CHILD,DOB", "CHILD,DOB,NOTES,REVIEWED", "CHILD,DOB,REVIEW_CODES,A,B"])
def test_a_table_of_nobody_is_refused(place, columns):
    refused(place.land("social_care/999/2024/x.csv", f"{columns}\nXJ77K1,03/04/2012\n"), "header row")
