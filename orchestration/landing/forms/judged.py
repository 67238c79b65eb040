"""What a run would make of one landed file of forms: what becomes of each, and the checks that one file decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalogue import Catalogue
from expectations.check import Check
from expectations.results import create_ops_tables
from expectations.suites import gate_1_checks
from orchestration.decisions import ensure_decisions
from orchestration.landing.models import Models

# Of the checks on loads those that other files do not change; besides, whether the file leaves a required column empty.
_OF_ONE_FILE = (
    "answers_not_understood",
    "client_written_differently",
    "load_volume",
    "questions_not_understood",
    "service_days",
    "submission_number_used_again",
)
# Which years are reported is told by the forms of all files. Here every year is that the programme does not leave out.
_YEARS = """
with programme as (
    select
        year_starts,
        first_year,
        {{ last_year_over('final_to', 'year_starts') }} as final_year
    from {{ ref('programme') }}
),
form_year as (
    select distinct {{ year_of_day('event_date', 'year_starts') }} as reporting_year
    from {{ ref('int_form_landed') }}
    cross join programme
    where event_date is not null
)
select
    form_year.reporting_year,
    {{ first_day_of_year('form_year.reporting_year', 'programme.year_starts') }} as starts_on,
    {{ last_day_of_year('form_year.reporting_year', 'programme.year_starts') }} as ends_on,
    coalesce(form_year.reporting_year > programme.final_year, true) as is_provisional
from form_year
cross join programme
where form_year.reporting_year >= coalesce(programme.first_year - 1, 1)
"""


@dataclass(frozen=True)
class Disposed:
    """How many forms have a disposition, in which reporting year; ``checks`` are those that set them aside."""

    disposition: str
    checks: str
    year: int | None
    is_provisional: bool
    forms: int


class Judged:
    """The forms of one file, landed in a warehouse that holds nothing else, as a run would judge them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, catalogue: Catalogue, form_id: str, seeds: Path) -> None:
        self._con = con
        self._checks = [
            check for check in gate_1_checks(catalogue) if check.form_id == form_id or check.check_id in _OF_ONE_FILE
        ]
        create_ops_tables(con)
        ensure_decisions(con)
        models = Models(con, seeds)
        own = f"stg_forms__{form_id}"
        models.make(own)
        for other in catalogue.forms:
            models.make_of(f"stg_forms__{other}", f"select * from {{{{ ref('{own}') }}}} where false")
        for check in self._checks:
            if check.severity == "set_aside_form":
                con.execute(
                    f"insert into ops.set_aside (form_id, landed_row_id, check_id) "
                    f"select form_id, landed_row_id, ? from ({check.query})",
                    [check.check_id],
                )
        models.make_of("reporting_year", _YEARS)
        models.make("int_form_disposition", "int_form_problem")

    def dispositions(self) -> list[Disposed]:
        """What becomes of the forms, in the order of how many."""
        rows = self._con.execute(
            "select disposition, case when disposition = 'set_aside' then disposition_detail else '' end, "
            "reporting_year, coalesce(is_provisional, false), count(*) from intermediate.int_form_disposition "
            "left join reference.reporting_year using (reporting_year) group by all order by 5 desc, 1, 2, 3"
        ).fetchall()
        return [Disposed(*row) for row in rows]

    def failing(self) -> Iterator[tuple[Check, list[str]]]:
        """The checks that do not hold, with the keys of what fails."""
        for check in self._checks:
            if check.check_id in _OF_ONE_FILE or (check.is_acceptable and check.query):
                keys = [str(key) for (key,) in self._con.execute(f"{check.query}").fetchall()]
                if keys:
                    yield check, keys
