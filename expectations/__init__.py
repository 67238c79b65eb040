"""The two gates: Great Expectations on what landed, and on what would be published.

`suites` derives the checks from the catalogue, `runner` runs them inside DuckDB and keeps the results in `ops`,
`docs` writes pages that open without a network, `dialect` lets Great Expectations read DuckDB at all.

Great Expectations takes seconds to import, so nothing here imports it before a gate runs.
"""

from expectations.runner import (
    Acceptance,
    CheckOutcome,
    GateError,
    GatePaths,
    GateResult,
    create_ops_tables,
    run_gate_1,
    run_gate_2,
)
from expectations.suites import Check, Severity, gate_1_checks, gate_2_checks

__all__ = [
    "Acceptance",
    "Check",
    "CheckOutcome",
    "GateError",
    "GatePaths",
    "GateResult",
    "Severity",
    "create_ops_tables",
    "gate_1_checks",
    "gate_2_checks",
    "run_gate_1",
    "run_gate_2",
]
