"""Results, pages, messages and errors hold counts and keys, never a value of a row."""

from __future__ import annotations

import dataclasses
import json

import pytest
from sqlglot import exp, parse_one
from sqlglot.lineage import lineage

from expectations import runner
from expectations.check import Check
from expectations.outcome import GateError
from expectations.suites import gate_1_checks, gate_2_checks
from orchestration.assets.gates import blocked_sentence
from synthetic.sample_catalogue import sample_catalogue
from tests.support.gate_warehouse import Home, failed, first_gate, second_gate

# The texts a key may be made of, by the name of their column, and what they are.
KEY_TEXTS = {
    # what the catalogue and the published documents call things
    "form_id", "record_id", "field_id", "indicator_id", "table_id", "question_id", "population_id", "outcome_id",
    "set_id", "option_codes", "point", "breakdown", "breakdown_value", "intake_answer", "exit_answer", "theme",
    "column_label", "period_label", "terms",
    # areas: a service by the code that its programme declared, or an authority
    "geography_level", "geography_code", "service_code",
    # a file, by a hash of its bytes, and one of how it would be read
    "load_id", "read_as", "withdrawn_by_load_id",
    # tables and columns of the program itself
    "table_name", "column_name",
}  # fmt: skip
CANARY, NUMBER, DAY = "CANARY-7F", 424242, "1911-11-11"


def test_keys_are_made_of_numbers_and_of_names_of_things_and_areas(clean):
    """Whatever the data: followed through every query of every check from its keys to the columns they come from."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for where, table, column, kind in clean.rows(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
    ):
        schema.setdefault(where, {}).setdefault(table, {})[column] = kind
    checks = [*gate_1_checks(sample_catalogue()), *gate_2_checks(forms_block=True, returns_block=True)]
    # The rules differ in nothing but the code.
    queries = {(check.query or "").replace(check.check_id, "rule"): check.check_id for check in checks if check.query}
    assert len(queries) > 80
    texts = set()
    for query, check_id in queries.items():
        for name in parse_one(query, dialect="duckdb").named_selects:
            for node in lineage(name, query, schema=schema, dialect="duckdb").walk():
                if node.downstream or not isinstance(node.source, exp.Table):
                    continue
                column, table = node.name.rpartition(".")[2], node.source
                assert column in schema[table.db][table.name], f"{check_id}: {column}"
                # The version in a row of not_asked.csv is the programme's word, and not what a file says of itself.
                if (table.name, column) == ("not_asked", "form_version"):
                    continue
                if schema[table.db][table.name][column] == "VARCHAR":
                    assert table.db != "raw", f"{check_id}: {column} as it was delivered"
                    texts.add(column)
    assert texts == KEY_TEXTS


def _plant(home: Home) -> None:
    """Put the canary into every text that is in no key, in every other row; spoil numbers and dates beside it."""
    texts: dict[str, list[str]] = {}
    for schema, table, column in home.rows(
        "select c.schema_name, c.table_name, c.column_name from duckdb_columns() as c "
        "join duckdb_tables() as t using (schema_name, table_name) "
        "where c.schema_name <> 'reference' and c.data_type = 'VARCHAR' order by all"
    ):
        if schema == "raw" or column not in KEY_TEXTS:
            texts.setdefault(f"{schema}.{table}", []).append(column)
    assert len(texts) > 50
    for name, columns in texts.items():
        canaries = {column: f"'{CANARY} {column}'" for column in columns}
        if name.startswith("raw."):
            values = ", ".join(f"{value} as {column}" for column, value in canaries.items())
            home.execute(f"insert into {name} by name select 3 as landed_row_id, {values}")
        else:
            changes = ", ".join(f"{column} = {value}" for column, value in canaries.items())
            home.execute(f"update {name} set {changes} where rowid % 2 = 0")
    home.execute(
        f"insert into staging.problem_rows values ('intake', 5, 20, '{CANARY} problem')",
        f"insert into intermediate.int_returns_problem values ('{CANARY} rule', 'cin_child', 1, null)",
        "insert into intermediate.int_returns_problem "
        "select rule_code, 'cin_child', 2, 'field' from reference.validation_rule",
        *(
            f"insert into staging.problem_rows values ('{check.form_id}', 6, {check.question_no}, '{check.problem}')"
            for check in gate_1_checks(sample_catalogue())
            if check.problem
        ),
        f"update staging.stg_forms__intake set birth_month = date '{DAY}' where source_row = 3",
        "update ops.load set rows_landed = 0 where load_id = 'intake-2'",
        f"update marts.indicator_value set numerator = {NUMBER}, value = {NUMBER} where rowid % 3 = 1",
        f"update marts.published_value set numerator = -{NUMBER} where rowid % 3 = 1",
        f"update marts.paired_transition set pairs = {NUMBER} where rowid % 3 = 1",
        f"update marts.co_occurrence set observed = {NUMBER} where rowid % 3 = 1",
        f"update marts.waterfall set forms = {NUMBER}",
        f"update marts.fct_case set case_id = '{CANARY} case'",
        "update marts.disclosure_audit set told = 1",
        "create table marts.extra as select 1 as client_id",
        # A column of the wrong type makes the engine quote a value in its error.
        f"alter table staging.stg_forms__exit alter is_erased type varchar using '{CANARY} erased'",
    )


def test_no_value_reaches_results_messages_or_pages(home, capfd, caplog):
    _plant(home)
    results = [first_gate(home), second_gate(home)]
    outcomes = [outcome for result in results for outcome in result.outcomes]
    suites = {outcome.check.suite for outcome in outcomes}
    assert suites == {outcome.check.suite for outcome in outcomes if not outcome.success}, "each has something to tell"
    assert any(outcome.unexpected_count is None for outcome in outcomes), "the spoilt column keeps checks from running"
    assert home.rows("select count(*) > 100 from ops.check_failure") == [(True,)]
    places = {
        "pages": "".join(path.read_text(encoding="utf-8") for path in home.data_docs_path.iterdir()),
        "tables": repr(
            [home.rows(f"select * from ops.{table}") for table in ("check_result", "check_failure", "set_aside")]
        ),
        "what Dagster is given": json.dumps([dataclasses.asdict(result) for result in results]),
        "what an operator reads": "".join(
            [*(outcome.sentence for outcome in outcomes)]
            + [blocked_sentence(f"gate_{result.gate}", result.blocking_failures) for result in results]
        ),
        "what is printed and logged": "".join(capfd.readouterr()) + caplog.text,
    }
    for place, said in places.items():
        for value in ("CANARY", str(NUMBER), DAY[:7]):
            assert value not in said, place


@pytest.mark.parametrize("failing", ["cast(status as integer)::varchar", "error(status)"])
def test_no_value_reaches_the_error_of_a_gate_that_cannot_be_run(home, monkeypatch, failing):
    """A key that cannot be made is only met when the keys are fetched: counting does not make them."""
    home.execute(f"update marts.reconciliation set status = '{CANARY} status'")
    check = Check(
        "told", 2, "gate_2_told", "marts.reconciliation", "blocking", "It holds.", "Nothing is published.",
        query=f"select {failing} as key from marts.reconciliation",
    )  # fmt: skip
    monkeypatch.setattr(runner, "gate_2_checks", lambda **_: [check])
    with pytest.raises(GateError, match="The checks could not be run") as caught:
        second_gate(home)
    assert "CANARY" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert home.rows("select count(*) from ops.gate_verdict") == [(0,)]


def test_a_service_is_the_one_delivered_text_in_a_key(home):
    """Its name is what an operator accepts a load by."""
    home.execute(
        "delete from staging.stg_forms__intake where load_id = 'intake-6' and source_row > 2",
        "update staging.stg_forms__intake set service_code = 'A SERVICE'",
    )
    assert failed(first_gate(home)) == {"load_volume": 1}
    assert home.rows("select key from ops.check_failure") == [("intake-6|A SERVICE",)]
