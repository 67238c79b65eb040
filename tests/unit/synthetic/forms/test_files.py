"""The sample's files, read back: the drawn answers, and every kind of row that does not count."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from synthetic.forms.records import PRIVATE_MARK
from synthetic.forms.sample import Sample
from synthetic.forms.skeleton import DrawnForm
from synthetic.sample_catalogue import sample_catalogue
from synthetic.sample_folder import checksums
from tests.support.form_exports import Row, day_of, dispositions, plain, read_back, same_id
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def waterfall(folder: Path) -> dict[str, list[Row]]:
    return dispositions(read_back(folder), folder)


def test_every_disposition_occurs_and_none_else(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    expected: dict[str, int] = defaultdict(int)
    for record in sample.records:
        expected[record.disposition] += 1
        expected["duplicate_submission"] += record.copies - 1
    found = {disposition: len(rows) for disposition, rows in waterfall.items()}
    # A cumulative file repeats the one before it, older versions of edited forms included.
    assert found.pop("duplicate_submission") >= expected.pop("duplicate_submission") + 100
    assert found.pop("superseded") >= expected.pop("superseded")
    assert found == dict(expected)
    assert set(waterfall) == {
        "accepted", "superseded", "duplicate_submission", "no_consent", "test_record", "missing_key",
        "impossible_date", "outside_reporting_years", "set_aside", "erased",
    }  # fmt: skip


def test_accepted_rows_hold_the_drawn_answers(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    catalogue = sample_catalogue()
    drawn: dict[tuple[str, str, str, date], DrawnForm] = {}
    for case in sample.drawing.skeleton.cases:
        assert case.client is not None
        for form in (case.intake, case.review, case.exit):
            if form is not None:
                key = (form.form_id, plain(case.client.service), same_id(case.client.client_id), form.event_date)
                assert key not in drawn
                drawn[key] = form
    off_gate = 0
    for row in waterfall["accepted"]:
        event = day_of(row.admin["event"])
        assert event is not None
        form = drawn.pop((row.form_id, plain(row.admin["service"]), same_id(row.admin["client_id"]), event))
        added = {question_id for question_id in row.answers if question_id not in form.answers}
        for question_id in added:  # only answers to questions that were not put
            question = catalogue.questions[question_id]
            assert form.answers.get(question.parent_question_id or "") not in question.parent_option_codes
        off_gate += len(added)
        assert {q: a for q, a in row.answers.items() if q not in added} == form.answers
    assert drawn == {}
    assert off_gate > 0


def test_matching_passes_find_the_drawn_cases(sample: Sample, waterfall: dict[str, list[Row]]) -> None:
    clients: dict[tuple[str, str], dict[str, list[tuple[date, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in waterfall["accepted"]:
        key = (plain(row.admin["service"]), same_id(row.admin["client_id"]))
        event = day_of(row.admin["event"])
        assert event is not None
        clients[key][row.form_id].append((event, same_id(row.admin["case_reference"])))
    found = set()
    for key, forms in clients.items():
        intakes, exits = sorted(forms["intake"]), sorted(forms["exit"])
        for one in list(exits):
            for other in intakes:
                if one[1] and one[1] == other[1]:
                    found.add((*key, other[0], one[0]))
                    intakes.remove(other)
                    exits.remove(one)
                    break
        for _ in range(2):
            pairs = []
            for one in exits:
                before = [i for i in intakes if i[0] <= one[0] and not (i[1] and one[1] and i[1] != one[1])]
                if before:
                    latest = max(before)
                    after = [e for e in exits if e[0] >= latest[0] and not (latest[1] and e[1] and latest[1] != e[1])]
                    if min(after) == one:
                        pairs.append((latest, one))
            for intake, one in pairs:
                found.add((*key, intake[0], one[0]))
                intakes.remove(intake)
                exits.remove(one)
    drawn = {
        (plain(case.client.service), same_id(case.client.client_id), case.start, case.end)
        for case in sample.drawing.skeleton.cases
        if case.intake and case.exit and case.client
    }
    assert found == drawn


def test_free_text_is_there_and_marked(folder: Path) -> None:
    text = (folder / "beacon" / "intake_2023-24_h2.csv").read_text(encoding="utf-8")
    assert PRIVATE_MARK in text
    assert re.search(r'"[^"]*\n[^"]*"', text)


def test_the_committed_sample_is_what_the_generator_writes(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*.*") if path.is_file())
    sums = ROOT / "programmes" / "sample" / "forms.sha256"
    assert checksums(files, folder) == sums.read_text(encoding="utf-8")
