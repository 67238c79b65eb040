"""One Great Expectations session over the warehouse: read only, inside DuckDB, without values.

Great Expectations' own expectations fetch samples of the values that fail. The two used here cannot: one counts what
a query of keys returns, the other reads the counts of all questions' problems in a single pass, which also makes some
300 checks cost one query.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.dialect import DIALECT_NAME, register_dialect
from expectations.suites import Check

_ROW_COUNT = "unexpected_rows_query.row_count"
_PROBLEM_COUNTS = "insights_problem.counts"
_NOT_RUN = {
    "raised_exception": True,
    "exception_message": "The check could not be run.",
    "exception_traceback": "",
}


class ExpectNoFailingKeys(UnexpectedRowsExpectation):
    """No row comes out of a query of failing keys: only counted, no row is ever fetched."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (_ROW_COUNT,)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        count = metrics[_ROW_COUNT]
        return {"success": count == 0, "result": {"observed_value": count}}


class ProblemCounts(TableMetricProvider):
    """How many forms have each problem with each question: one query, shared by all checks of answers."""

    metric_name = _PROBLEM_COUNTS

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805  (Great Expectations makes a class method of it)
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, int]:
        batch, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        question: Any = sa.column("question_id")
        problem: Any = sa.column("problem")
        query = sa.select(question, problem, sa.func.count()).select_from(batch).group_by(question, problem)
        rows = execution_engine.execute_query(query).fetchall()
        return {f"{row[1]}__{row[0]}": int(row[2]) for row in rows}


class ExpectNoProblem(BatchExpectation):
    """No form has this problem with this question."""

    question_id: str
    problem: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (_PROBLEM_COUNTS,)
    success_keys: ClassVar[tuple[str, ...]] = ("question_id", "problem")
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "table")

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        count = metrics[_PROBLEM_COUNTS].get(f"{self.problem}__{self.question_id}", 0)
        return {"success": count == 0, "result": {"observed_value": count}}


def expectation_of(check: Check) -> Any:
    """The Great Expectations object of a check, with its sentences and its id in the metadata."""
    common: dict[str, Any] = {
        # What Data Docs print: the sentence, what a failure leads to, and the id under which the keys are kept.
        "description": f"{check.description} ({check.severity}: {check.action}) [{check.check_id}]",
        "severity": "critical" if check.severity == "blocking" else "warning",
        "meta": {"check_id": check.check_id, "severity": check.severity, "action": check.action},
    }
    if check.query is None:
        return ExpectNoProblem(question_id=check.question_id, problem=check.problem, **common)
    return ExpectNoFailingKeys(unexpected_rows_query=check.query, **common)


def validate(warehouse_path: Path, checks: Sequence[Check]) -> list[tuple[str, str, Any]]:
    """Run every check inside DuckDB, and let go of the file again.

    Returns one (suite, table, Great Expectations result) for each table of each suite, in the order of the checks.
    Results hold counts only. The file must not be open for writing in this process.
    """
    # Its log may quote the message of a failing query, and with it a value.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    register_dialect()
    # In memory, and without the temporary folder that Great Expectations would make for its own pages.
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False), analytics_enabled=False
        ),
    )
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=f"{DIALECT_NAME}:///{warehouse_path}",
        kwargs={"connect_args": {"read_only": True}},
        create_temp_table=False,
    )
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.suite, check.table), []).append(check)
    outcomes: list[tuple[str, str, Any]] = []
    try:
        for (suite_name, table), members in groups.items():
            schema, _, name = table.partition(".")
            asset = source.add_table_asset(f"{suite_name}.{table}", schema_name=schema, table_name=name)
            suite = gx.ExpectationSuite(
                name=f"{suite_name}.{name}", expectations=[expectation_of(check) for check in members]
            )
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            result = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
            for item in result.results:
                if "observed_value" not in item.result:
                    # The message of an engine may quote a value, so it goes no further.
                    item.exception_info = _NOT_RUN
            outcomes.append((suite_name, table, result))
    finally:
        # Great Expectations opens two engines; either of them keeps the file locked until it is disposed.
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return outcomes
