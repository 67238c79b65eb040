"""No way round a gate: whoever goes on asks for the stored verdict over exactly what lies in the warehouse."""

from __future__ import annotations

import duckdb

from expectations.results import read_verdict, results_of
from orchestration.errors import OperatorError
from orchestration.progress import first_of
from orchestration.release.state import MARTS, STAGING, built_by, built_state, changed_since_built

# The gate that judges what each dbt step builds.
GATE_OF = {STAGING: 1, MARTS: 2}
_WHAT = {STAGING: "staging tables", MARTS: "marts"}


def judged(state: str, code: str) -> str:
    """What a gate's verdict says it is about: the state of the tables, and the code of the checks."""
    return f"{state} {code}"


def require_same_code(con: duckdb.DuckDBPyConnection, code: str) -> None:
    """Raise OperatorError unless the tables were built and judged by the code, the catalogue and the checks of now."""
    verdicts = [read_verdict(con, gate) for gate in GATE_OF.values()]
    by = {built_by(con, step) for step in GATE_OF} | {
        verdict.state.partition(" ")[2] for verdict in verdicts if verdict is not None
    }
    if by != {code}:
        raise OperatorError(
            "The code, the catalogue or the checks have changed since the tables were built and judged. Nothing was "
            "published; the last release stays in place. Run the whole job (`insights run --force`)."
        )


def require_verdict(con: duckdb.DuckDBPyConnection, step: str) -> str:
    """The run in which the gate of a step let through exactly the tables that are there now.

    Raises OperatorError: the gate never judged them, did not let them through, or they have changed since.
    """
    gate, what = GATE_OF[step], _WHAT[step]
    again = (
        "Nothing was built from them or published; the last release stays in place. Run the whole job "
        "(`insights run --force`)."
    )
    verdict = read_verdict(con, gate)
    if verdict is None:
        raise OperatorError(f"Gate {gate} has not judged the {what} that lie in the warehouse. {again}")
    if not verdict.passed:
        raise OperatorError(
            f"Gate {gate} did not let the {what} through that lie in the warehouse (`insights check` says why). {again}"
        )
    if verdict.results != results_of(con, gate, verdict.run_id):
        raise OperatorError(f"The results of gate {gate} in the warehouse are not those that it wrote down. {again}")
    if built_state(con, step) is None:
        raise OperatorError(f"The {what} were not built to the end, or a dbt test of them does not hold. {again}")
    changed = changed_since_built(con, step)
    if changed:
        raise OperatorError(
            f"{first_of(changed, 3)} in the warehouse: not what dbt built and gate {gate} judged. "
            f"Something was changed by hand or built by itself, or files have landed since. {again}"
        )
    if verdict.state.partition(" ")[0] != built_state(con, step):
        raise OperatorError(
            f"The {what} were built again after gate {gate} judged them, or it judged some that were changed by hand. "
            f"{again}"
        )
    return verdict.run_id
