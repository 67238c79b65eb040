"""What the seeds of the returns say in words is true of every authority: figures of one are computed or targets."""

from __future__ import annotations

import csv
import re

from catalogue.social_care import SEEDS_DIR

# What only somebody who has looked at one authority's records can say.
OF_ONE_AUTHORITY = re.compile(
    r"\b(sample|half|thirds?|quarters?|per cent|dozens?|hundreds?|thousands?|(three|four|five|six|seven) (yearly|years))\b"
)


def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_limits_of_an_answer_state_no_fact_of_one_authority() -> None:
    found = {row["gap_no"]: OF_ONE_AUTHORITY.findall(row["limits"]) for row in rows("gap_question")}
    assert len(found) == 23
    assert {number: words for number, words in found.items() if words} == {}
