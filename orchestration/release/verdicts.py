"""No way round a gate: whoever goes on asks for the stored verdict over exactly what lies in the warehouse."""

from __future__ import annotations

import duckdb

from expectations.results import read_verdict, results_of
from orchestration.errors import OperatorError
from orchestration.release.state import MARTS, STAGING, built_state, changed_since_built

# The gate that judges what each dbt step builds.
GATE_OF = {STAGING: 1, MARTS: 2}
_BUILDS = {STAGING: "dbt_staging", MARTS: "dbt_marts"}
_WHAT = {STAGING: "staging tables", MARTS: "marts"}


def require_verdict(con: duckdb.DuckDBPyConnection, step: str) -> str:
    """The run in which the gate of a step let through exactly the tables that are there now.

    Raises OperatorError: the gate never judged them, did not let them through, or they have changed since.
    """
    gate, what = GATE_OF[step], _WHAT[step]
    again = (
        f"Nothing was built from them or published; the last release stays in place. Run {_BUILDS[step]} and "
        f"gate_{gate}, or the whole job (`insights run`)."
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
    built = built_state(con, step)
    if verdict.state != built:
        raise OperatorError(f"The {what} were built again after gate {gate} had judged them. {again}")
    changed = changed_since_built(con, step)
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise OperatorError(
            f"{', '.join(changed[:3])}{more} in the warehouse: not what gate {gate} judged. Something was changed by "
            f"hand or built by itself, or files have landed since. {again}"
        )
    return verdict.run_id
