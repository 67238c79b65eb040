"""What disclosure control is given to decide from: nothing that readers do not know of."""

from __future__ import annotations

import runpy
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from disclosure.forms import years
from disclosure.rounding import KEY_VARIABLE, Rounding
from tests.support.paths import ROOT

MODEL = ROOT / "dbt_project" / "models" / "marts" / "shared" / "disclosure" / "int_disclosure_count.py"


def test_a_year_that_is_not_over_or_is_public_already_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def settle_years(*positional: Any) -> list[dict[str, Any]]:
        given.append(positional)
        return []

    monkeypatch.setattr(years, "settle_years", settle_years)
    monkeypatch.setenv(KEY_VARIABLE, "a key")
    with duckdb.connect() as con:
        con.execute(
            """
            create table int_listed_service as from (values (2022, 'OLD', true), (2023, 'OLD', false),
                (2023, 'NEW', false)) as l(reporting_year, service_code, is_public_already);
            create table int_indicator_slice as from (values (1, 'all_services', 'total'), (2, 'OLD', 'total'),
                (4, 'all_services', 'gender')) as s(slice_id, geography_code, breakdown);
            create table int_cohort_count as
                select y as reporting_year, s as slice_id, 'intake_form' as cohort_id, 'intake' as dataset,
                    3501 as answer_id, 1000 * s + y as forms
                from range(2022, 2025) as a(y), range(1, 5) as b(s);
            create table int_disclosure_cell (indicator_id varchar, point varchar, row_order int, column_order int,
                statistic varchar, decimals int, numerator_terms varchar, denominator_terms varchar, tick_terms varchar,
                band_terms varchar, eighty_four_in_unit int);
            create table indicator_value (theme varchar, breakdown varchar, statistic varchar, value double,
                period int, geography_code varchar, indicator_id varchar, point varchar, row_order int,
                column_order int, value_rounded double);
            create table question (question_no int, question_id varchar, form_id varchar, answer_type varchar,
                parent_question_id varchar, parent_option_codes varchar, derived_from varchar, derivation varchar
            );
            create table dim_answer (answer_id int, question_no int, question_id varchar, option_code varchar,
                option_kind varchar);
            create table programme as select 7 as disclosure_threshold;
            create table int_revision as select 2023 as period, 12 as changed_forms, 5 as rounded_to;
            create table revised_count as from (values (2023, 'OLD', 'a', 3, 5, 1), (2022, 'OLD', 'a', 4, 5, 0))
                as p(period, geography_code, count_name, true_count, printed, draw);
            create table cohort (cohort_id varchar, form_id varchar, unit varchar, restriction varchar);
            """
        )
        dbt = SimpleNamespace(ref=con.table, source=lambda _, name: con.table(name), config=lambda **_: None)
        runpy.run_path(str(MODEL))["model"](dbt, con)
    atom = ("intake_form", "intake", 3501)
    ((listed, counts, averages, cells, _, rounding, revised),) = given
    assert listed == {2023: ["NEW", "OLD"]}
    assert counts == {(2023, "all_services", *atom): 3023, (2023, "OLD", *atom): 4023}
    assert (averages, cells) == ({}, [])
    assert rounding == Rounding(7, b"a key")
    assert revised == {2023: years.Printed({("OLD", "a"): years.PrintedCount(3, 5, 1)}, 12, 5)}
