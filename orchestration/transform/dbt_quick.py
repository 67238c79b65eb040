"""dbt's nodes without what a run has no use for: a quarter of the time of a small run was such work.

For every node dbt renders its SQL in Jinja again, writes it to disk twice, and wraps even a test that reads one column
in a transaction, a connection and a template of its own. Inside `quick_nodes`

- what a node was compiled to is remembered from one run to the next, for exactly these files (see `dbt_cache`): its SQL
  is made from the project and the seeds, and from nothing else but whether an incremental table is there already;
- compiled SQL is written to disk for nodes that fail, and only for them;
- a data test is one query on a cursor that stays open;
- a table or view is one statement, in place of a dozen that build it beside the old one, rename both and drop one;
- of what may run, that runs first on which the longest chain waits. dbt goes by the distance from the start,
  so the chain that decides how long a run takes would stand behind whatever is short.

What is selected, what waits for what, what a failure means and what it is called remain dbt's business. So does
every model that is more than a plain table, view or incremental table: hooks, grants, Python, and any contract that the
SQL does not meet to the letter, so that dbt's own words say what is wrong with it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb


class _Quick:
    """The replaced parts; one object per invocation of dbt."""

    def __init__(self, compiled: MutableMapping[str, str], target: Path) -> None:
        self.compiled = compiled
        self.target = target
        self.ran: dict[str, str] = {}
        self.handles: dict[int, Any] = {}
        self.lock = threading.Lock()

    def compiled_key(self, node: Any, adapter: Any, flags: Any) -> str | None:
        """Under which name a node's SQL is remembered; None for what is not remembered (Python, seeds)."""
        if str(node.resource_type) not in {"model", "test"} or str(node.language) != "sql":
            return None
        if node.config.materialized != "incremental":
            return str(node.unique_id)
        # The same question as dbt's macro is_incremental(), whose answer is all that such a model's SQL depends on.
        there = adapter.get_relation(node.database, node.schema, node.alias)
        adds = there is not None and there.type == "table" and not self.begins(node, flags)
        return f"{node.unique_id} {'adds' if adds else 'begins'}"

    def begins(self, node: Any, flags: Any) -> bool:
        """Whether an incremental table is to be made from the beginning."""
        return bool(node.config.full_refresh if node.config.full_refresh is not None else flags.FULL_REFRESH)

    def cursor(self) -> Any:
        """This thread's cursor for tests. It holds the database open, as any of dbt's own would."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        thread = threading.get_ident()
        if thread not in self.handles:
            handle = DuckDBConnectionManager.env().handle()
            with self.lock:
                self.handles[thread] = handle
        return self.handles[thread].cursor()

    def statements(self, node: Any, adapter: Any, flags: Any) -> list[str] | None:
        """The SQL that builds a model; None where dbt is to do it. A list of several is one transaction."""
        config = node.config
        kind = config.materialized
        if kind not in {"table", "view", "incremental"} or str(node.language) != "sql":
            return None
        if (
            config.pre_hook
            or config.post_hook
            or config.grants
            or config.get("sql_header")
            or any(config.persist_docs.values())
        ):
            return None
        if config.get("indexes") or getattr(node, "constraints", None):
            return None
        there = adapter.get_relation(node.database, node.schema, node.alias)
        if there is not None and there.type != ("view" if kind == "view" else "table"):
            return None
        name = f'"{node.schema}"."{node.alias}"'
        if kind == "incremental" and there is not None and not self.begins(node, flags):
            return self._added(node, name)
        columns = self._declared(node) if config.contract.enforced else []
        if columns is None:
            return None
        if kind == "view":
            return [f"create or replace view {name} as (\n{node.compiled_code}\n)"]
        if not columns:
            return [f"create or replace table {name} as (\n{node.compiled_code}\n)"]
        wanted = ", ".join(column for column, _, _ in columns)
        selected = f"select {wanted} from (\n{node.compiled_code}\n) as model_subq"
        if not any(is_required for _, _, is_required in columns):
            return [f"create or replace table {name} as {selected}"]
        # A table made from a query has no constraints.
        specs = ", ".join(f"{column} {kind}{' not null' if required else ''}" for column, kind, required in columns)
        return [f"create or replace table {name} ({specs})", f"insert into {name} ({wanted}) {selected}"]

    def _declared(self, node: Any) -> list[tuple[str, str, bool]] | None:
        """Name, type and whether it is required, of the columns of a contract; None unless the SQL meets it exactly."""
        columns = []
        for column in node.columns.values():
            kinds = [constraint.type.value for constraint in column.constraints]
            if column.quote or any(kind != "not_null" for kind in kinds):
                return None
            columns.append((column.name, column.data_type, bool(kinds)))
        nulls = ", ".join(f"cast(null as {data_type}) as {name}" for name, data_type, _ in columns)
        declared = self._described(f"select {nulls}")
        return columns if declared == self._described(str(node.compiled_code)) else None

    def _described(self, sql: str) -> dict[str, str]:
        rows = self.cursor().execute(f"describe (\n{sql}\n)").fetchall()
        return {str(row[0]).lower(): str(row[1]) for row in rows}

    def _added(self, node: Any, name: str) -> list[str] | None:
        """What adds new rows to an incremental table: appended, or put in the place of those with the same key."""
        config = node.config
        key = config.unique_key
        if config.incremental_strategy == "append":
            key = None
        elif config.incremental_strategy != "delete+insert" or not isinstance(key, str):
            return None
        if config.get("incremental_predicates") or config.on_schema_change != "fail" or config.contract.enforced:
            return None
        columns = self._described(f"from {name}")
        if columns != self._described(str(node.compiled_code)):
            return None
        wanted = ", ".join(f'"{column}"' for column in columns)
        if key is None:
            return [f"insert into {name} ({wanted}) select {wanted} from (\n{node.compiled_code}\n) as added"]
        fresh = f'"{node.alias}__fresh"'
        return [
            f"create temp table {fresh} as (\n{node.compiled_code}\n)",
            f"delete from {name} where {key} in (select {key} from {fresh})",
            f"insert into {name} ({wanted}) select {wanted} from {fresh}",
            f"drop table {fresh}",
        ]

    def run(self, statements: list[str]) -> None:
        """Run statements as one transaction."""
        cursor = self.cursor()
        if len(statements) == 1:
            cursor.execute(statements[0])
            return
        cursor.execute("begin transaction")
        try:
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("commit")
        except BaseException:
            cursor.execute("rollback")
            raise

    def close(self) -> None:
        """Let go of the database."""
        for handle in self.handles.values():
            handle.close()
        self.handles.clear()

    def keep_sql(self, node: Any) -> None:
        """Write the SQL of a failed node where the operator is told to look for it."""
        code = self.ran.get(node.unique_id) or getattr(node, "compiled_code", None)
        if code:
            path = Path(node.get_target_write_path(str(self.target), "run"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, encoding="utf-8")


def _chains(graph: Any) -> dict[str, int]:
    """How many nodes the longest chain from each node to an end of the graph has."""
    lengths: dict[str, int] = {}
    for node in TopologicalSorter({node: graph.successors(node) for node in graph.nodes}).static_order():
        behind = max((lengths[after] for after in graph.successors(node)), default=0)
        lengths[node] = behind + 1
    return lengths


@contextmanager
def quick_nodes(compiled: MutableMapping[str, str], target: Path) -> Iterator[None]:
    """Inside the block, dbt runs nodes the short way.

    Parameters:
        compiled: SQL by node, of earlier invocations over the same project and seeds; what is new is added to it.
        target: dbt's target folder, for the SQL of failed nodes.
    """
    from dbt.adapters.factory import get_adapter
    from dbt.artifacts.schemas.results import NodeStatus
    from dbt.artifacts.schemas.run import RunResult, RunStatus
    from dbt.compilation import Compiler
    from dbt.contracts.graph.nodes import ParsedNode
    from dbt.flags import get_flags
    from dbt.graph.queue import GraphQueue
    from dbt.task.base import BaseRunner
    from dbt.task.run import ModelRunner
    from dbt.task.runnable import GraphRunnableTask
    from dbt.task.test import TestResultData, TestRunner
    from dbt_common.exceptions import DbtRuntimeError

    quick = _Quick(compiled, target)
    originals: list[tuple[Any, str, Any]] = []

    def replace(owner: Any, name: str, replacement: Any) -> Any:
        # From the class's own dictionary: what it inherits must not become its own.
        original = owner.__dict__[name]
        originals.append((owner, name, original))
        setattr(owner, name, replacement)
        return original

    compile_original = Compiler.compile_node

    def compile_node(
        self: Any, node: Any, manifest: Any, extra_context: Any = None, write: bool = True, split_suffix: Any = None
    ) -> Any:
        key = quick.compiled_key(node, get_adapter(self.config), get_flags())
        if key is None:
            return compile_original(self, node, manifest, extra_context, False, split_suffix)
        if key in quick.compiled:
            node.compiled_code = quick.compiled[key]
            node.compiled = node.extra_ctes_injected = True
            return node
        node = compile_original(self, node, manifest, extra_context, False, split_suffix)
        if not node.extra_ctes:
            quick.compiled[key] = node.compiled_code
        return node

    execute_original = TestRunner.execute_data_test

    def execute_data_test(self: Any, data_test: Any, manifest: Any) -> Any:
        config = data_test.config
        if config.store_failures:
            return execute_original(self, data_test, manifest)
        limit = f"limit {config.limit}" if config.limit is not None else ""
        row = (
            quick.cursor()
            .execute(
                f"select {config.fail_calc}, {config.fail_calc} {config.warn_if}, {config.fail_calc} {config.error_if} "
                f"from ({data_test.compiled_code}\n{limit}) as dbt_internal_test"
            )
            .fetchone()
        )
        return TestResultData(
            failures=int(row[0]), should_warn=bool(row[1]), should_error=bool(row[2]), adapter_response={}
        )

    execute_model_original = ModelRunner.execute

    def execute_model(self: Any, model: Any, manifest: Any) -> Any:
        statements = quick.statements(model, self.adapter, get_flags()) if type(self) is ModelRunner else None
        if statements is None:
            return execute_model_original(self, model, manifest)
        quick.ran[model.unique_id] = ";\n".join(statements)
        try:
            quick.run(statements)
        except duckdb.Error as error:
            raise DbtRuntimeError(str(error)) from error
        kind = "view" if model.config.materialized == "view" else "table"
        relation = self.adapter.Relation.create_from(self.config, model).incorporate(type=kind)
        self.adapter.cache_added(relation.incorporate(dbt_created=True))
        return RunResult(
            node=model,
            status=RunStatus.Success,
            timing=[],
            thread_id=threading.current_thread().name,
            execution_time=0.0,
            message="OK",
            adapter_response={},
            failures=None,
            batch_results=None,
        )

    run_original = BaseRunner.compile_and_execute

    def compile_and_execute(self: Any, manifest: Any, ctx: Any) -> Any:
        # What is compiled already and runs on the cursor kept here needs no connection of its own.
        key = quick.compiled_key(self.node, self.adapter, get_flags())
        if key not in quick.compiled or not isinstance(self, ModelRunner | TestRunner):
            return run_original(self, manifest, ctx)
        is_test = str(self.node.resource_type) == "test" and not self.node.config.store_failures
        with nullcontext() if is_test else self.adapter.connection_named(self.node.unique_id, self.node):
            ctx.node = self.compile(manifest)
            result = self.run(ctx.node, manifest)
            ctx.node = result.node
        return result

    def write_node(self: Any, project_root: str, path: str, code: str) -> None:
        quick.ran[self.unique_id] = code

    safe_original = BaseRunner.safe_run

    def safe_run(self: Any, manifest: Any) -> Any:
        result = safe_original(self, manifest)
        if result.status in (NodeStatus.Error, NodeStatus.Fail):
            quick.keep_sql(result.node)
        return result

    def scores(self: Any, graph: Any) -> dict[str, int]:
        return {node: -length for node, length in _chains(graph).items()}

    run_queue_original = GraphRunnableTask.run_queue

    def run_queue(self: Any, pool: Any) -> None:
        self.job_queue.quick_most = self.config.threads
        run_queue_original(self, pool)

    get_original = GraphQueue.get

    def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
        # dbt hands out at once whatever may run, and then it is too late to prefer anything. Not even one is handed out
        # in advance: it would keep a thread from what comes to be possible in the meantime and matters more.
        with self.lock:
            self.some_task_done.wait_for(lambda: len(self.in_progress) < self.quick_most)
        return get_original(self, block, timeout)

    replace(GraphQueue, "_get_scores", scores)
    replace(GraphQueue, "get", get)
    replace(GraphRunnableTask, "run_queue", run_queue)
    replace(Compiler, "compile_node", compile_node)
    replace(ParsedNode, "write_node", write_node)
    replace(TestRunner, "execute_data_test", execute_data_test)
    replace(ModelRunner, "execute", execute_model)
    replace(BaseRunner, "compile_and_execute", compile_and_execute)
    replace(BaseRunner, "safe_run", safe_run)
    try:
        yield
    finally:
        for owner, name, original in reversed(originals):
            setattr(owner, name, original)
        quick.close()
