"""Figures of the report of the forms, made by hand, and a small release of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from reporting.figures import Figure
from tests.support.figures import figure as any_figure
from tests.support.figures import put_figures, put_indicators

_TABLE = {"theme": "insights"}
_AGE: Mapping[str, object] = {
    "indicator_id": "client_age", "row_label": "3-5 years old", "numerator": 40, "denominator": 160,
    "lower_95": 18.9, "upper_95": 32.3, "population_id": "intake_clients",
}  # fmt: skip


def figure(**changes: object) -> Figure:
    """A share of 40 of 160 forms of all services in 2024; what differs is named."""
    return any_figure(**{**_AGE, **changes})


def hidden(one: Figure) -> Figure:
    nothing = dict.fromkeys(("numerator", "value", "value_rounded", "lower_95", "upper_95"))
    return replace(one, status="c", **nothing)  # type: ignore[arg-type]


def nobody(one: Figure) -> Figure:
    return replace(
        one, numerator=0, denominator=0, value=None, value_rounded=None, lower_95=None, upper_95=None, status="z"
    )


def write_report_release(path: Path, internal: Sequence[Figure], public: Sequence[Figure]) -> Path:
    """A release with two reported years, two services and one table: figures of the internal and the public side."""
    with duckdb.connect(str(path)) as con:
        con.execute(
            """
            create schema marts; create schema reference; create schema ops;
            create table reference.reporting_year as from (values
                (2022, date '2021-04-01', date '2022-03-31', 'April 2021 to March 2022', false),
                (2023, date '2022-04-01', date '2023-03-31', 'April 2022 to March 2023', true),
                (2024, date '2023-04-01', date '2024-03-31', 'April 2023 to March 2024', true)
            ) as y(reporting_year, starts_on, ends_on, reporting_year_label, is_reported);
            create table reference.report_row as select
                'client_age' as table_id, null::varchar as point, 8 as row_order, 0 as decimals;
            create table marts.dim_service as from (values
                ('BEACON', 'Beacon House', date '2022-05-01', date '2024-03-01'),
                ('SMALL', 'Small', date '2022-06-01', date '2022-09-01')
            ) as s(service_code, service_name, first_form_date, last_form_date);
            create table marts.dim_population as select
                'intake_clients' as population_id, 'Unique clients at intake' as population_label;
            create table marts.dim_authority(la_code varchar, area_name varchar);
            create table marts.waterfall(
                form_id varchar, reporting_year integer, disposition varchar, forms bigint);
            insert into marts.waterfall values ('intake', 2024, 'accepted', 160), ('intake', 2024, 'no_consent', 3);
            create table marts.reconciliation(
                year integer, status varchar, table_id varchar, anomaly_id varchar, anomaly_kind varchar);
            create table ops.check_result(gate integer, suite varchar, check_id varchar, severity varchar,
                success boolean, description varchar, action varchar);
            insert into ops.check_result values
                (1, 'gate_1_intake', 'day_is_real', 'set_aside_form', false, 'The day exists.', 'Set aside.'),
                (1, 'gate_1_returns_SC1xx', 'SC101', 'note', false, 'A rule of returns.', 'Noted.');
            """
        )
        put_figures(con, "marts.reportable_value", internal)
        put_figures(con, "marts.published_value", public)
        put_indicators(
            con,
            {**_TABLE, "indicator_id": "service_of_100", "indicator_order": 2, "section": "At a glance",
             "subsection": "Service of 100", "title": "Of 100", "response_type": "statistic"},
            {**_TABLE, "indicator_id": "client_age", "indicator_order": 9, "section": "Client profile",
             "title": "Age of client", "response_type": "single"},
        )  # fmt: skip
    return path
