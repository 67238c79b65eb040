"""The checks are derived from the catalogue, and say what they are."""

from __future__ import annotations

import csv
import re
import shutil
from typing import get_args

import pytest
from sqlglot import parse_one

from catalogue import load_catalogue
from catalogue.forms import SEEDS_DIR
from expectations.check import Check, Severity
from expectations.check_files import load_check_files
from expectations.suites import gate_1_checks, gate_2_checks


def _gate_1() -> dict[str, Check]:
    return {check.check_id: check for check in gate_1_checks(load_catalogue())}


def _gate_2(blocks: bool = True) -> dict[str, Check]:
    checks = gate_2_checks(forms_block=blocks, returns_block=blocks)
    return {check.check_id: check for check in checks}


def test_every_stored_choice_question_has_one_check_of_its_answers():
    asked = {
        question.question_id
        for question in load_catalogue().questions.values()
        if question.derivation is None
        and question.is_stored
        and question.answer_type in ("single", "matrix", "tick_all", "flag")
    }
    assert {c.question_id for c in _gate_1().values() if c.problem == "unknown_answer"} == asked


def test_every_gated_question_has_one_check_that_it_is_blank_unless_opened():
    gated = {
        question.question_id
        for question in load_catalogue().questions.values()
        if question.derivation is None and question.is_stored and question.parent_question_id
    }
    assert {c.question_id for c in _gate_1().values() if c.problem == "answered_unasked"} == gated


def test_every_required_question_has_a_check():
    required = {q.question_id for q in load_catalogue().questions.values() if q.is_required}
    checked = {c.question_id for c in _gate_1().values() if c.check_id.startswith("required__")}
    assert checked == required


def test_every_hidden_identifier_has_a_check_of_its_shape():
    hidden = {
        q.question_id for q in load_catalogue().questions.values() if q.storage in ("pseudonym", "month", "sector")
    }
    assert {c.question_id for c in _gate_1().values() if c.check_id.startswith("shape__")} == hidden


def test_no_check_is_decorative():
    for check in [*_gate_1().values(), *_gate_2().values()]:
        # A rule may be a note; what it finds is on record in ops.check_failure.
        assert check.severity != "comparison", check.check_id
        assert check.severity in get_args(Severity), check.check_id


def test_check_ids_are_unique():
    ids = [c.check_id for c in gate_1_checks(load_catalogue())]
    ids += [c.check_id for c in gate_2_checks(forms_block=True, returns_block=True)]
    assert len(ids) == len(set(ids))


def test_published_figures_never_block_other_data():
    severities = {c.check_id: c.severity for c in _gate_2(blocks=False).values()}
    assert severities["reconciliation_explained"] == "comparison"
    assert {name for name, severity in severities.items() if severity == "comparison"} == {
        "reconciliation_explained",
        "social_care_reconciliation_explained",
        "social_care_every_indicator_valued",
    }


@pytest.mark.parametrize("blocks", [(True, False), (False, True)], ids=["forms", "returns"])
def test_forms_and_returns_block_each_for_their_own_figures(blocks):
    forms, returns = blocks
    for check in gate_2_checks(forms_block=forms, returns_block=returns):
        if check.suite == "gate_2_reconciliation":
            of_returns = check.check_id.startswith("social_care_")
            assert (check.severity == "blocking") == (returns if of_returns else forms), check.check_id


def test_description_and_action_are_sentences():
    for check in [*_gate_1().values(), *_gate_2().values()]:
        for text in (check.description, check.action):
            assert re.match(r"[A-Z0-9'‘“]", text), text
            assert text.endswith("."), text


def test_set_aside_queries_return_keys_of_forms_and_the_others_no_more_than_keys():
    for check in [*_gate_1().values(), *_gate_2().values()]:
        if check.query is None:
            assert check.problem, check.check_id
            continue
        selected = parse_one(check.query, dialect="duckdb").named_selects
        assert set(selected) <= {"form_id", "landed_row_id", "question_no", "field_id", "key"}, check.check_id
        if check.severity.startswith("set_aside_"):
            assert selected[:2] == ["form_id", "landed_row_id"], check.check_id
        else:
            assert selected == ["key"] or selected[:2] == ["form_id", "landed_row_id"], check.check_id


def test_every_form_of_the_catalogue_is_in_the_files_that_name_forms():
    """They are written by hand, so a form that is added to the catalogue has to be added to them."""
    queries = {file.check.check_id: file.check.query or "" for gate in (1, 2) for file in load_check_files(gate)}
    for form_id in load_catalogue().forms:
        assert f"staging.stg_forms__{form_id}" in queries["load_volume"]
        for check_id in ("accepted_forms_in_facts", "base_equals_forms", "year_on_year"):
            assert f"marts.fct_{form_id}" in queries[check_id]


def test_a_question_added_to_the_seeds_is_checked_without_any_other_change(tmp_path):
    seeds = tmp_path / "catalogue"
    shutil.copytree(SEEDS_DIR, seeds)
    with (seeds / "question.csv").open(encoding="utf-8", newline="") as handle:
        fields = csv.DictReader(handle).fieldnames or []
    row = dict.fromkeys(fields, "") | {
        "question_no": "900", "question_id": "intake_profile_new", "form_id": "intake", "section_id": "intake_profile",
        "question_order": "900", "question_code": "new", "question_label": "A new question?", "answer_type": "single",
        "option_set": "yes_no", "parent_question_id": "intake_profile_disability", "parent_option_codes": "yes",
        "is_required": "false", "storage": "store",
    }  # fmt: skip
    with (seeds / "question.csv").open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, fields).writerow(row)
    with (seeds / "form_version.csv").open("a", encoding="utf-8") as handle:
        handle.write("intake,v3,false,A later wording\n")
    added = {c.check_id: c for c in gate_1_checks(load_catalogue(seeds))}
    assert set(added) - set(_gate_1()) == {
        "unknown_answer__intake_profile_new", "answered_unasked__intake_profile_new",
    }  # fmt: skip
    assert "'v3'" in (added["form_version__intake"].query or "")
