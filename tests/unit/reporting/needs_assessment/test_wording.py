"""What the seeds of the returns say in words is true of every authority: figures of one are computed or targets."""

from __future__ import annotations

import csv
import re

import pytest

from catalogue.returns import SEEDS_DIR

# What only somebody who has looked at one authority's records can say.
OF_ONE_AUTHORITY = re.compile(r"\b(sample|half|thirds?|quarters?|per cent|hundreds?|thousands?|five (yearly|years))\b")


def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_limits_of_an_answer_state_no_fact_of_one_authority() -> None:
    found = {row["gap_no"]: OF_ONE_AUTHORITY.findall(row["limits"]) for row in rows("gap_question")}
    assert len(found) == 23
    assert {number: words for number, words in found.items() if words} == {}


@pytest.mark.parametrize("column", ["title", "numerator", "denominator"])
def test_a_definition_holds_no_figure_of_the_published_document(column: str) -> None:
    found = []
    for row in rows("social_care_indicator"):
        # Years, and the name of a projection, are part of a definition; a number in brackets or with commas is not.
        text = re.sub(r"\bmid-\d{4}|\b(19|20)\d\d\b", "", row[column])
        if re.search(r"\([^)]*\d[^)]*\)|\d,\d{3}", text):
            found.append((row["indicator_id"], row[column]))
    assert found == []
