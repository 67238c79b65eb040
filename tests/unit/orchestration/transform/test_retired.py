"""Relations of models that are gone go too; nothing else does."""

from __future__ import annotations

import duckdb

from orchestration.transform.retired import drop_retired

MANIFEST = {
    "nodes": {
        "model.insights.fct_thing": {"resource_type": "model", "schema": "marts", "name": "fct_thing"},
        "model.insights.renamed": {
            "resource_type": "model",
            "schema": "staging",
            "name": "renamed",
            "alias": "stg_new",
        },
        "seed.insights.code": {"resource_type": "seed", "schema": "reference", "name": "code"},
        "test.insights.t": {"resource_type": "test", "schema": "main_dbt_test__audit", "name": "t"},
    }
}


def test_what_no_model_makes_is_dropped_and_named() -> None:
    with duckdb.connect() as con:
        for statement in (
            "create schema marts", "create schema staging", "create schema reference", "create schema raw",
            "create schema ops",
            "create table marts.fct_thing as select 1 as id",
            "create table marts.old as select 1 as id",
            "create view marts.old_view as select * from marts.old",
            "create table staging.stg_new as select 1 as id",
            'create table staging."stg_ol""d" as select 1 as id',
            "create table reference.code as select 1 as id",
            "create table raw.insights_intake as select 1 as id",
            "create table ops.load as select 1 as id",
        ):  # fmt: skip
            con.execute(statement)
        assert sorted(drop_retired(con, MANIFEST)) == ["marts.old", "marts.old_view", 'staging.stg_ol"d']
        left = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()
        assert [row[0] for row in left] == [
            "marts.fct_thing", "ops.load", "raw.insights_intake", "reference.code", "staging.stg_new",
        ]  # fmt: skip
        assert con.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
        assert drop_retired(con, MANIFEST) == []
