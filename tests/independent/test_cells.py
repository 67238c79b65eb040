"""The referee's own reading of single cells, against values worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.independent.cells import BothOrdersError, exact_id, folded, folded_id, month_comes_first, read_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-11-07", date(2022, 11, 7)),
        ("2022-11-07 23:30:00", date(2022, 11, 7)),
        ("2022-07-31T23:00:00Z", date(2022, 8, 1)),
        ("2022-12-31T23:00:00Z", date(2022, 12, 31)),
        ("2022-08-01T00:30:00+01:00", date(2022, 8, 1)),
        ("07/11/2022", date(2022, 11, 7)),
        ("7/11/22", date(2022, 11, 7)),
        ("07/11/69", date(1969, 11, 7)),
        ("7 November 2022", date(2022, 11, 7)),
        ("07-Nov-22", date(2022, 11, 7)),
        ("2022/11/07", date(2022, 11, 7)),
        ("44872", date(2022, 11, 7)),
        ("30/02/2022", None),
        ("2022", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text, day):
    assert read_date(text, month_first=False) == day


@pytest.mark.parametrize(
    ("column", "month_first"),
    [
        (["1/2/2022", "3/4/2022"], False),
        (["1/2/2022", "3/14/2022"], True),
        (["1/2/2022", "14/3/2022", "2022-12-14"], False),
        (["31/02/2022", "3/14/2022"], True),
    ],
)
def test_a_column_proves_its_order(column, month_first):
    assert month_comes_first(column) is month_first


def test_a_column_that_proves_both_orders_is_refused():
    with pytest.raises(BothOrdersError):
        month_comes_first(["3/14/2022", "14/3/2022"])


@pytest.mark.parametrize("text", ['="0042Q"', "'0042q", "\t0042Q ", "42Q\u200b", "0042q"])
def test_one_id_in_many_spellings(text):
    assert folded_id(text) == "42q"


@pytest.mark.parametrize("text", ["N/A", "tbc", "0", "000", " - ", "NULL", "#N/A", "nan", "XXX", "4.2E+15", ""])
def test_no_id(text):
    assert exact_id(text) == ""


def test_words_that_are_the_same():
    assert folded(" Doesn’t\u00a0say – CAFÉ ") == folded("doesn't say - cafe")
