"""A small warehouse that passes both gates, built straight from the catalogue; tests then spoil one thing in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from catalogue.returns import load_returns
from expectations.outcome import GateResult
from expectations.runner import run_gate_1, run_gate_2
from orchestration.landing.returns.tables import ensure_return_tables
from synthetic.sample_catalogue import sample_catalogue
from tests.support.gate_figures import COHORT_N, SERVICE, build_figures
from tests.support.paths import sample_seeds

LOADS = 6
FORMS_PER_LOAD = 40
RUN = "run-1"
STATE = "the fixture"


@dataclass(frozen=True)
class Home:
    """The two paths that a gate needs."""

    root: Path

    @property
    def warehouse_path(self) -> Path:
        return self.root / "insights.duckdb"

    @property
    def data_docs_path(self) -> Path:
        return self.root / "data_docs"

    def execute(self, *statements: str) -> None:
        """Change the warehouse."""
        with duckdb.connect(str(self.warehouse_path)) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the warehouse."""
        with duckdb.connect(str(self.warehouse_path), read_only=True) as connection:
            return connection.execute(query).fetchall()


def pseudonym(text: str) -> str:
    """Any 32 hexadecimal characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def build(root: Path) -> Home:
    """A warehouse with staging, marts and loads that every check is content with."""
    home = Home(root)
    with duckdb.connect(str(home.warehouse_path)) as connection:
        for schema in ("reference", "staging", "intermediate", "marts", "ops"):
            connection.execute(f"create schema {schema}")
        ensure_return_tables(connection, load_returns())
        connection.execute(
            "create table intermediate.int_returns_problem "
            "(rule_code varchar, record_id varchar, landed_row_id bigint, field_id varchar)"
        )
        connection.execute(
            "create table intermediate.int_returns_record (record_id varchar, landed_row_id bigint, load_seq integer, "
            "la_code varchar, collection_year integer, has_key boolean, has_date boolean, withdrawn_by_load_id varchar)"
        )
        connection.execute(
            "create table ops.delivery_standing (load_seq integer, record_id varchar, la_code varchar, "
            "collection_year integer, standing varchar, place integer, replaced_by_load_id varchar)"
        )
        connection.executemany(
            "insert into intermediate.int_returns_record (record_id, landed_row_id) values (?, ?)",
            [[record_id, number] for number, record_id in enumerate(load_returns().records, start=1)],
        )
        for seed in sorted(sample_seeds().rglob("*.csv")):
            connection.execute(f"create table reference.{seed.stem} as from read_csv(?, header = true)", [str(seed)])
        connection.execute(
            "create table reference.reporting_year as select y::integer as reporting_year, make_date(y - 1, 4, 1) as "
            "starts_on, make_date(y, 3, 31) as ends_on, y > 2021 as is_reported, false as is_provisional "
            "from range(2021, 2025) as years(y)"
        )
        connection.execute(
            "create or replace table reference.service (service_code varchar, service_name varchar, region varchar, "
            "first_day date, last_day date, became varchar, carried_on_by varchar)"
        )
        connection.execute(
            "create or replace table reference.not_asked (form_id varchar, question_id varchar, form_version varchar, "
            "service_code varchar, first_day date, last_day date)"
        )
        _staging(connection)
        _facts(connection)
        build_figures(connection)
    return home


def _staging(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table ops.load (load_id varchar, load_seq integer, source_file varchar, form_id varchar, "
        "service varchar, rows_landed bigint, rejected_lines bigint, status varchar)"
    )
    connection.execute(
        "create table ops.unread_load (load_id varchar, source_file varchar, reason varchar, read_as varchar)"
    )
    connection.execute(
        "create table ops.absent_question (load_id varchar, form_id varchar, question_id varchar, unknown_columns int)"
    )
    connection.execute(
        "create table staging.problem_rows "
        "(form_id varchar, landed_row_id bigint, question_no integer, problem varchar)"
    )
    for form_no, form_id in enumerate(sample_catalogue().forms):
        connection.execute(
            f"""
            create table staging.stg_forms__{form_id} as
            select (load_seq * 4294967296 + i + 2)::bigint as landed_row_id, '{form_id}-' || load_no as load_id,
                load_seq::integer as load_seq, (i + 2)::bigint as source_row,
                md5('{form_id}' || load_no || '-' || i) as content_hash,
                false as is_erased, null::varchar as left_out, 'v2' as form_version, '{SERVICE}' as service_code,
                md5('submission {form_id} ' || load_no || '-' || i) as submission_key,
                md5('client ' || load_no || '-' || i) as client_key, null::varchar as case_key,
                null::varchar as client_exact_key,
                event_date, event_date + interval 3 day + interval 9 hour as submitted_at,
                event_date + interval 3 day + interval 9 hour as edited_at, true as has_consent, false as is_test,
                date '2012-05-01' as birth_month, 'AB1 2' as postcode_sector, []::integer[] as answers
            from (
                select load_no, i, {form_no * LOADS} + load_no as load_seq,
                    date '2021-04-01' + interval (6 * (load_no - 1)) month + interval (i) day as event_date
                from range(1, {LOADS + 1}) as l(load_no), range({FORMS_PER_LOAD}) as f(i)
            )"""
        )
        connection.execute(
            f"""
            insert into ops.load
            select load_id, any_value(load_seq), load_id || '.csv', '{form_id}', '{SERVICE}', count(*), 0, 'landed'
            from staging.stg_forms__{form_id} group by load_id"""
        )
    connection.execute(
        "create view intermediate.int_form_landed as "
        + " union all ".join(
            f"select landed_row_id, event_date from staging.stg_forms__{form_id}"
            for form_id in sample_catalogue().forms
        )
    )
    connection.execute(
        "create table intermediate.int_form_submission (form_id varchar, landed_row_id bigint, submission_key varchar);"
        "create table intermediate.int_form_replaced (landed_row_id bigint, replaced_by_landed_row_id bigint, "
        "disposition varchar);"
        "create table intermediate.int_form_accepted as select landed_row_id, false as is_tied "
        "from staging.stg_forms__intake"
    )
    connection.execute(
        """
        create view intermediate.int_form_problem as
        select p.form_id, p.landed_row_id, p.question_no, q.question_id, p.problem
        from staging.problem_rows as p left join reference.question as q using (question_no)"""
    )


def _facts(connection: duckdb.DuckDBPyConnection) -> None:
    columns = {"intake": "intake_date", "exit": "closure_date", "review": "review_date"}
    yes = {
        name: sample_catalogue().answer_id(f"intake_{section}_supported", "yes")
        for name, section in (("exposed", "exposure"), ("direct", "direct"), ("harmful", "harmful"))
    }
    for form_id, date_column in columns.items():
        n = COHORT_N[f"{form_id}_form"]
        clients = COHORT_N.get(f"{form_id}_client", n)
        partner = ", md5('intake ' || y || '-' || i) as intake_form_key" if form_id != "intake" else ""
        connection.execute(
            f"""
            create table marts.fct_{form_id} as
            select md5('{form_id} ' || y || '-' || i) as form_key, '{SERVICE}' as service_code,
                y::integer as reporting_year,
                make_date(y::bigint - 1, 4, 1) + ((i * 3) % 365)::integer as {date_column},
                i < {clients} as is_client_record,
                list_filter([case when i < {COHORT_N["exit_exposed_at_intake"]} then {yes["exposed"]} end,
                    case when i < {COHORT_N["exit_direct_at_intake"]} then {yes["direct"]} end,
                    case when i < {COHORT_N["exit_harmful_at_intake"]} then {yes["harmful"]} end],
                    x -> x is not null) as answers,
                null::integer[] as not_asked
                {partner}
            from range(2022, 2025) as a(y), range({n}) as f(i)"""
        )
    connection.execute(
        "create table marts.fct_case as select form_key as case_id, form_key as exit_form_key, intake_form_key, "
        "service_code, reporting_year from marts.fct_exit"
    )
    connection.execute(
        """
        create table marts.form_disposition as
        with landed as (
            select 'intake' as form_id, landed_row_id, load_id from staging.stg_forms__intake
            union all select 'review', landed_row_id, load_id from staging.stg_forms__review
            union all select 'exit', landed_row_id, load_id from staging.stg_forms__exit
        ), numbered as (select *, row_number() over (partition by form_id order by landed_row_id) - 1 as i from landed)
        -- The facts hold 360 forms of each kind, staging 240: the loads below make up for the difference.
        select form_id, landed_row_id, load_id, 'NORTH' as service_code, (2022 + i % 3)::integer as reporting_year,
            'accepted' as disposition from numbered
        """
    )
    # As many more landed rows as the facts need, in a load of their own that gate 1 is not shown.
    connection.execute(
        f"""
        insert into marts.form_disposition
        select form_id, 900000 + row_number() over () as landed_row_id, 'more', '{SERVICE}',
            (2022 + i % 3)::integer, 'accepted'
        from (values ('intake'), ('review'), ('exit')) as f(form_id), range({3 * 120 - LOADS * FORMS_PER_LOAD}) as r(i);
        insert into marts.form_disposition values ('intake', 990000, 'more', '{SERVICE}', 2024, 'no_consent');
        insert into ops.load
        select 'more', 0, 'more.csv', 'intake', '{SERVICE}', count(*), 0, 'landed'
        from marts.form_disposition where load_id = 'more' and form_id = 'intake';
        update marts.form_disposition set load_id = 'more-' || form_id where load_id = 'more' and form_id <> 'intake';
        insert into ops.load
        select load_id, 0, load_id || '.csv', form_id, '{SERVICE}', count(*), 0, 'landed'
        from marts.form_disposition where load_id like 'more-%' group by load_id, form_id;
        create table marts.waterfall as
        select form_id, reporting_year, disposition, count(*) as forms from marts.form_disposition group by all"""
    )


def first_gate(home: Home, run_id: str = RUN, **options: Any) -> GateResult:
    """Gate 1 over the warehouse as it is."""
    return run_gate_1(home, run_id, **{"state": STATE, **options})


def second_gate(home: Home, run_id: str = RUN, **options: Any) -> GateResult:
    """Gate 2 over the warehouse as it is, as if it held the sample."""
    return run_gate_2(home, run_id, **{"state": STATE, "forms_block": True, "returns_block": True, **options})


def failed(result: GateResult) -> dict[str, int | None]:
    """How many rows fail, by check that does not hold."""
    return {outcome.check.check_id: outcome.unexpected_count for outcome in result.failed}


def failing_keys(home: Home, check_id: str) -> list[Any]:
    """What `ops.check_failure` holds of a check: texts, or (form, row, question)."""
    rows = home.rows(
        "select form_id, landed_row_id, question_no, key from ops.check_failure "
        f"where run_id = '{RUN}' and check_id = '{check_id}' order by all"
    )
    return [row[3] if row[3] is not None else row[:3] for row in rows]


def row_ids(home: Home, form_id: str, where: str) -> list[int]:
    """Numbers of staged forms."""
    return [
        row[0]
        for row in home.rows(f"select landed_row_id from staging.stg_forms__{form_id} where {where} order by all")
    ]
