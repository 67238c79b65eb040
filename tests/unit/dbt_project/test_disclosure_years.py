"""What disclosure control is given to decide from: nothing that readers do not know of."""

from __future__ import annotations

import runpy
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from disclosure.forms import years
from tests.support.paths import ROOT

MODEL = ROOT / "dbt_project" / "models" / "marts" / "shared" / "disclosure" / "int_disclosure_count.py"


def test_a_year_that_is_not_over_and_its_services_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def protect_years(*positional: Any, **_: Any) -> list[dict[str, Any]]:
        given.append(positional[:3])
        return []

    monkeypatch.setattr(years, "protect_years", protect_years)
    with duckdb.connect() as con:
        con.execute(
            """
            create table reporting_year as from (values (2022, false, false), (2023, true, false), (2024, true, true))
                as y(reporting_year, is_reported, is_provisional);
            create table int_indicator_slice as from (values (1, 'all_services', 'total'), (2, 'OLD', 'total'),
                (3, 'NEW', 'total'), (4, 'all_services', 'gender')) as s(slice_id, geography_code, breakdown);
            create table int_cohort_count as
                select y as reporting_year, s as slice_id, 'intake_form' as cohort_id, 'intake' as dataset,
                    3501 as answer_id, 1000 * s + y as forms
                from range(2023, 2025) as a(y), range(1, 5) as b(s) where not (s = 3 and y = 2023);
            create table int_disclosure_cell (indicator_id varchar, point varchar, row_order int, column_order int,
                numerator_terms varchar, denominator_terms varchar, tick_terms varchar, decimals int,
                statistic varchar);
            create table question (question_no int, question_id varchar, form_id varchar, answer_type varchar,
                parent_question_id varchar, parent_option_codes varchar, derived_from varchar, derivation varchar
            );
            create table dim_answer (answer_id int, question_no int, question_id varchar, option_code varchar,
                option_kind varchar);
            create table programme as select 5 as disclosure_threshold;
            create table cohort (cohort_id varchar, form_id varchar, unit varchar, restriction varchar);
            """
        )
        dbt = SimpleNamespace(ref=con.table, config=_Config())
        runpy.run_path(str(MODEL))["model"](dbt, con)
    atom = ("intake_form", "intake", 3501)
    assert given == [
        ([2023], ["OLD", "all_services"], {(2023, "all_services", *atom): 3023, (2023, "OLD", *atom): 4023})
    ]


class _Config:
    """`dbt.config` in a model: called, it says how it is stored; asked, it gives the threshold."""

    def __call__(self, **_: object) -> None: ...

    def get(self, _: str) -> int:
        return 5
