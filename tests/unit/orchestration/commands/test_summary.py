"""What is said at the end of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from catalogue.programme import SAMPLE, read_programme
from expectations.results import create_ops_tables
from orchestration.commands.programme import check_catalogue, not_over_yet
from orchestration.commands.run import RunOutcome
from orchestration.commands.summary import check_lines, dates_note, ids_note, reconciliation_lines
from orchestration.commands.waterfall import waterfall_lines, year_lines

PROGRAMME = read_programme(SAMPLE)


@pytest.fixture(params=["intake", "cin_census"])
def con(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema ops; create schema marts")
    con.execute("create table ops.load as select $1 as form_id, 'landed' as status, 'a' as sha256", [request.param])
    con.execute("insert into ops.load values ('police', 'refused', 'b'), (null, 'landed', 'c')")
    con.execute("create table marts.reconciliation as select 2024 as year, 'match' as status")
    con.execute("create table marts.reconciliation_social_care as select 'not_computable' as status from range(2)")
    return con


def has_returns(con: duckdb.DuckDBPyConnection) -> bool:
    return con.execute("select form_id from ops.load where form_id = 'cin_census'").fetchone() is not None


def test_the_needs_assessment_is_compared_where_a_return_has_landed(con: duckdb.DuckDBPyConnection) -> None:
    """A service without returns would be told of figures that differ from no data."""
    told = ["Report   2024: 1 match"]
    if has_returns(con):
        told.append("         needs assessment: 2 not computable")
    assert reconciliation_lines(con, PROGRAMME) == told


def test_nothing_is_said_of_a_report_that_the_programme_has_not(con: duckdb.DuckDBPyConnection) -> None:
    neither = replace(PROGRAMME, forms_publication=None, returns_publication=None)
    assert reconciliation_lines(con, neither) == []
    of_returns = ["Report   needs assessment: 2 not computable"] if has_returns(con) else []
    assert reconciliation_lines(con, replace(PROGRAMME, forms_publication=None)) == of_returns


@pytest.mark.parametrize("forms", [0, 3])
def test_no_table_of_forms_where_none_has_landed(forms: int) -> None:
    con = duckdb.connect()
    con.execute("create schema marts; create schema reference")
    con.execute("create table marts.waterfall (form_id text, reporting_year int, disposition text, forms int)")
    for name in ("fct_intake", "fct_exit", "fct_case"):
        con.execute(f"create table marts.{name} (reporting_year int, is_client_record boolean)")
    con.execute("create table reference.reporting_year (reporting_year int, is_provisional boolean)")
    if forms:
        con.execute("insert into marts.waterfall values ('intake', 2024, 'accepted', ?)", [forms])
    told = waterfall_lines(con)
    assert len(told) == (4 if forms else 0), told


@pytest.mark.parametrize(
    ("years", "dated", "told"),
    [
        (
            {2021: None, 2022: False, 2023: False, 2024: False},
            {2019: 4, 2024: 1},
            ["Years    2022 to 2024 over", "         5 forms of no reporting year, dated in 2019 and 2024"],
        ),
        (
            {2024: False, 2025: True},
            {},
            ["Years    2024 over", "         2025 not over (final_to): provisional, internal only"],
        ),
        (
            {2025: True, 2026: True},
            {1899: 1, 1950: 1, 1998: 1, 2999: 1},
            [
                "Years    none over; the public side has no figures of forms",
                "         2025 and 2026 not over (final_to): provisional, internal only",
                "         4 forms of no reporting year, dated in 4 years from 1899 to 2999",
            ],
        ),
        ({}, {}, ["Years    none over; the public side has no figures of forms"]),
    ],
)
def test_years_are_told_with_what_is_of_none(
    years: dict[int, bool | None], dated: dict[int, int], told: list[str]
) -> None:
    """None stands for a year that only gives context."""
    con = duckdb.connect()
    con.execute("create schema reference; create schema intermediate")
    con.execute(
        "create table reference.reporting_year (reporting_year int, is_reported boolean, is_provisional boolean)"
    )
    con.execute("create table intermediate.int_form_disposition (event_date date, disposition varchar)")
    for year, is_provisional in years.items():
        reported, provisional = is_provisional is not None, bool(is_provisional)
        con.execute("insert into reference.reporting_year values (?, ?, ?)", [year, reported, provisional])
    for year, forms in dated.items():
        con.execute(
            "insert into intermediate.int_form_disposition "
            "select make_date(?, 6, 1), 'outside_reporting_years' from range(?)",
            [year, forms],
        )
    con.execute(
        "insert into intermediate.int_form_disposition values (date '2023-05-01', 'accepted'), (null, 'no_consent')"
    )
    assert year_lines(con) == told


@pytest.mark.parametrize(
    ("aside", "told"),
    [
        ([], ""),
        ([("set_aside_form", 1, None, None)], "; 1 form set aside"),
        ([("set_aside_answer", row, 7, None) for row in range(1200)], "; 1,200 answers count as not given"),
        ([("set_aside_value", 1, None, "sex")], "; 1 value counts as not given"),
        (
            # One form that fails two checks is one form; two answers of one form are two.
            [
                ("set_aside_form", 1, None, None),
                ("set_aside_form", 1, None, None),
                ("set_aside_record", 3, None, None),
                ("set_aside_answer", 1, 7, None),
                ("set_aside_answer", 1, 8, None),
                ("set_aside_value", 1, None, "sex"),
            ],
            "; 1 form and 1 record set aside; 2 answers and 1 value count as not given",
        ),
    ],
)
def test_what_is_set_aside_is_told_by_what_it_is(
    aside: list[tuple[str, int, int | None, str | None]], told: str
) -> None:
    with duckdb.connect() as con:
        create_ops_tables(con)
        for number, (severity, row, question, field) in enumerate(aside):
            result = "insert into ops.check_result (run_id, gate, check_id, severity, success) values (?, ?, ?, ?, ?)"
            con.execute(result, ["run", 1, f"c{number}", severity, False])
            con.execute("insert into ops.set_aside values ('intake', ?, ?, ?, ?)", [row, question, field, f"c{number}"])
        con.execute(
            "insert into ops.check_result (run_id, gate, check_id, severity, success) "
            "values ('run', 1, 'b', 'blocking', true), ('before', 1, 'c0', 'set_aside_form', false)"
        )
        (line,) = check_lines(con, RunOutcome("run", True, None, 1.0))
    assert line == f"Checks   gate 1: 1 of {1 + len(aside):,} hold{told}"


def test_a_year_called_over_that_is_not_is_a_reminder_and_no_more() -> None:
    assert PROGRAMME.final_to == date(2024, 3, 31)
    (line,) = not_over_yet(PROGRAMME, date(2024, 3, 31))
    assert "final_to in programme.toml is 2024-03-31" in line
    assert not_over_yet(PROGRAMME, date(2024, 4, 1)) == []
    assert not_over_yet(replace(PROGRAMME, final_to=None), date(2024, 3, 31)) == []
    # Nothing about returns waits for the end of a year.
    assert not_over_yet(replace(PROGRAMME, themes=("returns",)), date(2024, 3, 31)) == []
    assert len(check_catalogue(PROGRAMME)) == 1
    assert len(check_catalogue(replace(PROGRAMME, final_to=date(2099, 3, 31)))) == 2


def test_dates_and_ids_that_may_be_wrong_are_told_by_file() -> None:
    assert dates_note([]) == ids_note([]) == []
    assert dates_note(["a.csv: `intake_date` do not show it"]) == [
        "",
        "Dates    do not show whether day or month comes first, or have months first, in 1 file:",
        "         a.csv: `intake_date` do not show it",
        "         Ask the service how its portal writes dates. Where a file was read the wrong way round, set "
        "`date_order` of the programme, or have it exported with the year first.",
    ]
    told = ids_note([f"{number}.csv: damaged ids in 1 form (client id 1)" for number in range(12)])
    assert told[1].startswith("Ids      damaged, missing or doubtful in 12 files")
    assert told[-2] == "         and in 2 more files: `insights status` names all"
    assert "as its portal exports it" in told[-1]
