"""The checks of both gates: those that are files, and those that the catalogue repeats for what it lists."""

from __future__ import annotations

from catalogue import Catalogue, load_catalogue
from catalogue.returns import load_returns
from expectations.check import Check
from expectations.check_files import load_check_files
from expectations.families.forms_answers import answer_checks
from expectations.families.forms_required import required_checks
from expectations.families.forms_rules import form_rule_checks
from expectations.families.forms_shapes import shape_checks
from expectations.families.returns_rules import rule_checks
from expectations.families.returns_shapes import return_shape_checks


def gate_1_checks(catalogue: Catalogue) -> list[Check]:
    """Checks on what landed: a suite for each form, for answers, for loads, for each family of rules of returns."""
    returns = load_returns()
    checks: list[Check] = []
    for form_id in catalogue.forms:
        checks += required_checks(catalogue, form_id)
        checks += shape_checks(catalogue, form_id)
        checks += form_rule_checks(catalogue, form_id)
    checks += answer_checks(catalogue)
    checks += return_shape_checks(returns)
    checks += rule_checks(returns)
    checks += [file.check for file in load_check_files(1)]
    return checks


def gate_2_checks(*, forms_block: bool, returns_block: bool) -> list[Check]:
    """Checks on what would be published.

    `forms_block` is true where the loaded forms are the sample, from which every published figure must come out, and
    `returns_block` where the returns are; for other data, or none, the comparison is recorded and never blocks.
    """
    return [file.judged(forms_block=forms_block, returns_block=returns_block) for file in load_check_files(2)]


def acceptable_checks() -> set[str]:
    """The checks that judge plausibility only; every other one states a fact that nobody can overrule."""
    checks = [*gate_1_checks(load_catalogue()), *gate_2_checks(forms_block=False, returns_block=False)]
    return {check.check_id for check in checks if check.is_acceptable}
