"""A new question and a new table of the report are a change to seeds only: no SQL, YAML or Python."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from catalogue import Catalogue
from tests.support.paths import ROOT

ROOMS = ("catalogue", "dbt_project", "expectations", "orchestration", "synthetic")
ANSWERS = ["yes", "no", "", "yes"]


def append(path: Path, **cells: object) -> None:
    """Add one line to a seed, leaving the columns that are not named blank."""
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    assert set(cells) <= set(header)
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerow([cells.get(column, "") for column in header])


def grow(seeds: Path) -> None:
    """Ask at intake whether the child has a named support worker at school; print it as one more table."""
    append(
        seeds / "question.csv",
        question_no=600,
        question_id="intake_profile_school_worker",
        form_id="intake",
        section_id="intake_profile",
        question_order=900,
        question_code="school_worker",
        question_label="Does the child have a named support worker at school?",
        answer_type="single",
        option_set="yes_no",
        is_required="false",
        storage="store",
    )
    append(
        seeds / "report_table.csv",
        table_id="client_school_worker",
        table_order=900,
        section="Client profile",
        title="Named support worker at school",
        response_type="single",
        has_breakdowns="true",
    )
    for order, code in enumerate(("yes", "no", "missing"), start=1):
        append(
            seeds / "report_row.csv",
            table_id="client_school_worker",
            row_order=order,
            population_id="intake_forms",
            question_id="intake_profile_school_worker",
            option_codes=code,
            statistic="percentage",
            unit="%",
            decimals=0,
            is_published="true",
        )


def export(catalogue: Catalogue, path: Path) -> None:
    """Write an export of the grown form: four forms that answer little beyond what is required."""
    headers = catalogue.headers("intake", "v2", "code_columns")
    required = {
        "intake_admin_service": "North",
        "intake_admin_consent": "yes",
        "intake_admin_submitted_at": "2023-06-02T09:00:00Z",
        "intake_admin_date_of_birth": "2014-02-03",
        "intake_admin_intake_date": "2023-06-01",
    }
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([header.header for header in headers])
        for number, answer in enumerate(ANSWERS, start=1):
            cells = required | {
                "intake_admin_submission_id": f"S{number}",
                "intake_admin_client_id": f"C{number}",
                "intake_profile_school_worker": answer,
            }
            writer.writerow([cells.get(header.question_id, "") for header in headers])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Publish the export with a copy of the project whose seeds alone have grown."""
    copy = tmp_path_factory.mktemp("grown")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    grow(copy / "dbt_project" / "seeds" / "forms")
    raw = copy / "raw"
    raw.mkdir()
    export(Catalogue(copy / "dbt_project" / "seeds" / "forms"), raw / "north_intake.csv")
    run = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.cli", "run", "--raw", str(raw), "--home", str(copy / "home")],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return duckdb.connect(str(copy / "home/published/current/internal/insights.duckdb"), read_only=True)


def test_the_new_table_is_counted(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select row_label, numerator, denominator from marts.indicator_value "
        "where indicator_id = 'client_school_worker' and geography_level = 'all_services' "
        "and breakdown = 'total' and period = 2024 order by row_order"
    ).fetchall()
    assert [(label, int(count), int(n)) for label, count, n in rows] == [
        ("Yes", 2, 4),
        ("No", 1, 4),
        ("Missing", 1, 4),
    ]


def test_the_new_question_is_in_the_dictionary_and_among_the_answers(
    published: duckdb.DuckDBPyConnection,
) -> None:
    label = published.execute(
        "select question_label from marts.dim_question where question_id = 'intake_profile_school_worker'"
    ).fetchone()
    assert label == ("Does the child have a named support worker at school?",)
    answers = published.execute(
        "select option_code, count(*) from marts.fct_answer "
        "where question_id = 'intake_profile_school_worker' group by all order by all"
    ).fetchall()
    assert answers == [("missing", 1), ("no", 1), ("yes", 2)]
