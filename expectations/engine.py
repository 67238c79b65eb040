"""One Great Expectations session over the warehouse: read only, inside DuckDB, counts and nothing else.

Three expectations say all that the checks say:

- the stock expectation on the number of rows of a table (ExpectTableRowCountToEqual, with a condition on the rows)
  where the failing rows are those with one value in one column: it fetches the number alone;
- ExpectNoFailingKeys where a query finds the failing rows. The stock expectation for that (UnexpectedRowsExpectation)
  runs each query twice, once to count and once to fetch rows, and wants SQL that is written for a formatter;
- ExpectNoProblem for the answers of forms: all of its some 250 checks share one query.

The stock expectations on values of columns (null, unique, in a set, between, a regular expression) are not used. On
DuckDB each asks the system tables four times, reads the table twice to count and once for a sample of the values,
forgets its condition in the query it returns for the keys of the failing rows, and knows no regular expressions.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
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
from great_expectations.expectations import ExpectTableRowCountToEqual
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.expectations.row_conditions import Column

from expectations.check import Check
from expectations.dialect import DIALECT_NAME, register_dialect

_KEY_COUNT = "insights_failing_keys.count"
_PROBLEM_COUNTS = "insights_problem.counts"


@dataclass(frozen=True)
class Count:
    """How many rows fail a check, by which expectation; None where it could not be run."""

    failing: int | None
    expectation_type: str


class FailingKeyCount(TableMetricProvider):
    """How many rows a query gives. It is taken as it is written: no batch is put in, nothing is formatted."""

    metric_name = _KEY_COUNT
    value_keys = ("query",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805  (Great Expectations makes a class method of it)
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> int:
        failing = sa.text(f"select count(*) from (\n{metric_value_kwargs['query']}\n) as failing")
        return int(execution_engine.execute_query(failing).fetchone()[0])


class ExpectNoFailingKeys(BatchExpectation):
    """No row comes out of a query of failing keys: only counted, no row is ever fetched."""

    query: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (_KEY_COUNT,)
    success_keys: ClassVar[tuple[str, ...]] = ("query",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "table")

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        return {"success": metrics[_KEY_COUNT] == 0, "result": {"observed_value": metrics[_KEY_COUNT]}}


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
    """The Great Expectations object of a check, with its id in the metadata."""
    common: dict[str, Any] = {
        "severity": "critical" if check.severity == "blocking" else "warning",
        "meta": {"check_id": check.check_id},
    }
    if check.rows_with is not None:
        column, value = check.rows_with
        return ExpectTableRowCountToEqual(value=0, row_condition=Column(column) == value, **common)
    if check.query is not None:
        return ExpectNoFailingKeys(query=check.query, **common)
    return ExpectNoProblem(question_id=check.question_id, problem=check.problem, **common)


def count_failing(warehouse_path: Path, checks: Sequence[Check]) -> dict[str, Count]:
    """Run every check inside DuckDB, and let go of the file again; how many rows fail, by check.

    What Great Expectations says of an exception may quote a value, so nothing of its results but the counts leaves
    here. The file must not be open for writing in this process.
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
    by_table: dict[str, list[Check]] = {}
    for check in checks:
        by_table.setdefault(check.table, []).append(check)
    counts: dict[str, Count] = {}
    try:
        for table, members in by_table.items():
            schema, _, name = table.partition(".")
            asset = source.add_table_asset(table, schema_name=schema, table_name=name)
            suite = gx.ExpectationSuite(name=table, expectations=[expectation_of(check) for check in members])
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            result = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
            for item in result.results:
                failing = item.result.get("observed_value")
                config = item.expectation_config
                counts[config.meta["check_id"]] = Count(None if failing is None else int(failing), config.type)
    finally:
        # Great Expectations opens two engines; either of them keeps the file locked until it is disposed.
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return counts
