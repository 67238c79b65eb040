"""A small warehouse that both gates have let through, and the three steps that publish it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release.publish import Release, fill_release, prepare_release, publish_release
from orchestration.settings import Settings
from orchestration.transform.manifest import TableDoc
from tests.support.judged import judge

DOCS = {
    ("marts", "fct_thing"): TableDoc("One row per thing.", {"thing": "The thing's name."}, ("thing",)),
    ("marts", "thing_view"): TableDoc("The things again.", {"thing": "The same name."}, ()),
}


def build(home: Path, *, order: str = "asc", extra: str = "") -> Settings:
    """A warehouse with one mart, a view over it, a code list, and ops as a run leaves them."""
    settings = Settings(home, home / "raw", "sample")
    settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse_path.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(f"""
            create schema raw; create schema staging; create schema marts; create schema reference; create schema ops;
            create table raw.secret as select 1 as id;
            create table staging.stg as select 1 as id;
            create table marts.fct_thing as
                select 'thing ' || i as thing, [i, i + 1] as answers from range(1000) as t(i) order by i {order};
            create view marts.thing_view as select thing from insights.marts.fct_thing;
            create table reference.code as select 'a' as code;
            create table ops.load (
                load_id varchar, source_file varchar, sha256 varchar, status varchar, form_id varchar,
                rows_landed bigint, run_id varchar, landed_at timestamp
            );
            insert into ops.load
                values ('l', 'a.csv', 'abc', 'landed', 'intake', 1000, '{home.name}', now()::timestamp);
            create table ops.check_result (run_id varchar, gate integer, check_id varchar, severity varchar,
                success boolean, unexpected_count bigint);
            insert into ops.check_result values
                ('now', 1, 'a', 'blocking', true, 0), ('earlier', 1, 'a', 'blocking', false, 3);
            {extra}
        """)
        judge(con)
    return settings


def write_report(inside: Path, outside: Path, manifest: Mapping[str, Any]) -> None:
    """One document on each side."""
    for side in (inside, outside):
        (side / "report").mkdir()
        (side / "report" / "report.html").write_text(side.name, encoding="utf-8")


def publish(settings: Settings, *, documents: str = "") -> Release:
    """All three steps."""
    prepare_release(settings, docs=DOCS, documents=documents)
    fill_release(settings, write_report, documents=documents)
    return publish_release(settings, documents=documents)
