"""Data Docs say what came of each check, and open without a network."""

from __future__ import annotations

import json
import re

import pytest

from expectations.check import Check, Severity
from expectations.docs import write_pages
from expectations.outcome import CheckOutcome, GateResult


def outcome(
    name: str, failing: int | None, severity: Severity = "blocking", table: str = "marts.thing"
) -> CheckOutcome:
    check = Check(name, 2, "gate_2_things", table, severity, f"What {name} <says>.", f"What {name} leads to.")
    return CheckOutcome(check, failing == 0, 1234, failing, "expect_no_failing_keys")


@pytest.fixture
def folder(tmp_path):
    outcomes = (
        outcome("holds_well", 0),
        outcome("fails_badly", 17),
        outcome("is_noted", 3, "note"),
        outcome("was_not_run", None),
        outcome("elsewhere", 0, table="marts.other"),
    )
    write_pages(tmp_path, GateResult(2, "run <7>", outcomes))
    return tmp_path


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]))


def test_a_page_says_of_each_check_what_came_of_it(folder):
    text = text_of((folder / "gate_2_things__thing.html").read_text(encoding="utf-8"))
    assert "gate_2_things: marts.thing" in text
    assert "4 checks, of which 1 hold (25%) and 2 keep the release back" in text
    assert "Run run &lt;7&gt;, Great Expectations 1." in text
    assert "holds What holds_well &lt;says&gt;. blocking: What holds_well leads to. 1234 0 holds_well" in text
    assert "does not hold What fails_badly &lt;says&gt;. blocking: What fails_badly leads to. 1234 17" in text
    assert "does not hold What is_noted &lt;says&gt;. note: What is_noted leads to. 1234 3 is_noted" in text
    assert "could not be run What was_not_run &lt;says&gt;. blocking: What was_not_run leads to. 1234 was" in text
    assert "elsewhere" not in text


def test_the_index_leads_to_every_page_of_both_gates(folder):
    write_pages(folder, GateResult(1, "run 8", (outcome("first", 0),)))
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert {"gate_2_things__thing.html", "gate_2_things__other.html"} <= set(re.findall(r'href="([^"]+)"', index))
    assert all((folder / link).exists() for link in re.findall(r'href="([^"]+)"', index))
    text = text_of(index)
    assert "Gate 1: passed Run run 8" in text
    assert "Gate 2: blocks publication Run run &lt;7&gt;" in text
    assert "gate_2_things marts.thing 4 3 2" in text


def test_a_gate_run_again_replaces_its_own_pages_only(folder):
    write_pages(folder, GateResult(1, "run 8", (outcome("first", 0, table="staging.thing"),)))
    write_pages(folder, GateResult(2, "run 9", (outcome("elsewhere", 0, table="marts.other"),)))
    assert not (folder / "gate_2_things__thing.html").exists()
    assert "run 9" in (folder / "gate_2_things__other.html").read_text(encoding="utf-8")
    assert json.loads((folder / "gate_1.json").read_text(encoding="utf-8"))["run_id"] == "run 8"


def test_nothing_is_fetched_and_nothing_is_run(folder):
    for path in folder.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"//|<(script|link|img|iframe)\b|@import|url\(", page), path.name
        assert page.startswith("<!DOCTYPE html>")
