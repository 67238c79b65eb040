"""What is said at the end of a run."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.commands.summary import reconciliation_lines


@pytest.mark.parametrize("form_id", ["intake", "cin_census"])
def test_the_needs_assessment_is_compared_where_a_return_has_landed(form_id: str) -> None:
    """A service without returns would be told of figures that differ from no data."""
    con = duckdb.connect()
    con.execute("create schema ops; create schema marts")
    con.execute("create table ops.load as select $1 as form_id, 'landed' as status, 'a' as sha256", [form_id])
    con.execute("insert into ops.load values ('police', 'refused', 'b'), (null, 'landed', 'c')")
    con.execute("create table marts.reconciliation as select 2024 as year, 'match' as status")
    con.execute("create table marts.reconciliation_social_care as select 'not_computable' as status from range(2)")
    told = ["Report   2024: 1 match"]
    if form_id == "cin_census":
        told.append("         needs assessment: 2 not computable")
    assert reconciliation_lines(con) == told
