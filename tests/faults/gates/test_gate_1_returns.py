"""Gate 1 on returns: each rule names its records, and nothing that identifies may be stored in clear."""

from __future__ import annotations

from catalogue.returns import load_returns
from tests.support.gate_warehouse import RUN, failed, failing_keys, first_gate


def _in_clear(record_id: str, field_id: str, storage: str) -> str:
    """A record whose one field holds what its storage forbids."""
    value = {"pseudonym": "AB 12345", "month": "2012-05-17", "sector": "AB1 2CD"}[storage]
    return f"insert into raw.{record_id} by name select 7 as landed_row_id, '{value}' as {field_id}"


def test_every_rule_names_its_records(home):
    rules = load_returns().rules.values()
    home.execute(
        *(
            f"insert into intermediate.int_returns_problem values ('{rule.rule_code}', 'cin_child', {number}, 'field')"
            for number, rule in enumerate(rules, start=1)
        )
    )
    result = first_gate(home)
    assert failed(result) == {rule.rule_code: 1 for rule in rules}
    assert result.passed == all(rule.severity != "blocking" for rule in rules)
    for number, rule in enumerate(rules, start=1):
        assert failing_keys(home, rule.rule_code) == [("cin_child", number, None)]
    severities = {rule.rule_code: rule.severity for rule in rules}
    assert home.rows("select check_id, field_id from ops.set_aside order by all") == sorted(
        (code, "field" if severity == "set_aside_value" else None)
        for code, severity in severities.items()
        if severity.startswith("set_aside_")
    )


def test_rules_are_counted_by_a_stock_expectation(home):
    home.execute("insert into intermediate.int_returns_problem values ('SC101', 'cin_child', 1, null)")
    first_gate(home)
    assert home.rows(
        "select distinct expectation_type from ops.check_result where table_name = 'intermediate.int_returns_problem' "
        f"and run_id = '{RUN}' and check_id like 'SC%'"
    ) == [("expect_table_row_count_to_equal",)]


def test_a_problem_of_no_rule_blocks(home):
    home.execute(
        "insert into intermediate.int_returns_problem "
        "values ('SC000', 'cin_child', 3, null), (null, 'cin_child', 4, null)"
    )
    result = first_gate(home)
    assert failed(result) == {"return_problem_without_rule": 2}
    assert not result.passed
    assert [key[1] for key in failing_keys(home, "return_problem_without_rule")] == [3, 4]


def test_whatever_identifies_and_is_stored_in_clear_blocks(home):
    returns = load_returns()
    expected: dict[str, int] = {}
    for record in returns.records.values():
        for field in returns.stored(record.record_id):
            if field.storage in ("pseudonym", "month", "sector"):
                home.execute(_in_clear(record.record_id, field.field_id, field.storage))
                check_id = f"return_shape__{record.return_id}"
                expected[check_id] = expected.get(check_id, 0) + 1
    result = first_gate(home)
    assert failed(result) == expected
    assert len(result.blocking_failures) == len(expected)
    assert failing_keys(home, "return_shape__cin_census")[0] == ("cin_child", 7, None)


def test_what_landing_stores_of_an_unreadable_value_is_no_fault(home):
    returns = load_returns()
    for record in returns.records.values():
        for field in returns.stored(record.record_id):
            if field.storage in ("month", "sector"):
                home.execute(
                    f"insert into raw.{record.record_id} by name "
                    f"select 7 as landed_row_id, '(unreadable)' as {field.field_id}"
                )
    assert failed(first_gate(home)) == {}
