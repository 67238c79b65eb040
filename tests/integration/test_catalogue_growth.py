"""A new question and a new table of the report are rows of a programme only: no SQL, YAML or Python."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from catalogue import Catalogue
from catalogue.assembly import write_catalogue
from catalogue.programme import read_programme
from tests.support.paths import ROOT

pytestmark = pytest.mark.by_hand
ANSWERS = ["yes", "no", "", "yes"]


def add(folder: Path, table: str, *rows: dict[str, object]) -> None:
    """Write a table of a programme's catalogue with just the columns that its rows name."""
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def grow(catalogue: Path) -> None:
    """Ask at intake whether the child has a named support worker at school; print it as one more table."""
    add(
        catalogue,
        "question",
        {
            "question_no": 5001,
            "question_id": "intake_profile_school_worker",
            "form_id": "intake",
            "section_id": "intake_profile",
            "question_order": 900,
            "question_code": "school_worker",
            "question_label": "Does the child have a named support worker at school?",
            "answer_type": "single",
            "option_set": "yes_no",
            "is_required": "false",
            "storage": "store",
        },
    )
    add(
        catalogue,
        "report_table",
        {
            "table_id": "client_school_worker",
            "table_order": 900,
            "section": "Client profile",
            "title": "Named support worker at school",
            "response_type": "single",
            "has_breakdowns": "true",
        },
    )
    row = {
        "table_id": "client_school_worker",
        "point": "",
        "column_order": "",
        "column_label": "",
        "population_id": "intake_forms",
        "question_id": "intake_profile_school_worker",
        "statistic": "percentage",
        "unit": "%",
        "decimals": 0,
        "is_published": "true",
    }
    codes = ("yes", "no", "missing")
    add(catalogue, "report_row", *(row | {"row_order": n, "option_codes": code} for n, code in enumerate(codes, 1)))


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
    """Publish the export of a programme whose catalogue has a question and a table more than the engine's."""
    root = tmp_path_factory.mktemp("grown")
    programme = root / "programme"
    (programme / "catalogue").mkdir(parents=True)
    (programme / "programme.toml").write_text(
        'id = "grown"\nname = "Grown"\npublisher = "Nobody"\nthemes = ["forms"]\nfinal_to = 2024-03-31\n'
        'raw = "../raw"\nhome = "../home"\n',
        encoding="utf-8",
    )
    (programme / "services.csv").write_text("code,name,spellings,region,from,to,became\nnorth,North,,,,,\n")
    (programme / "services.csv").write_text(
        "code,name,spellings,region,from,to,became\nNORTH,North,,,,,\n", encoding="utf-8"
    )
    grow(programme / "catalogue")
    write_catalogue(read_programme(programme), root / "merged")
    raw = root / "raw"
    raw.mkdir()
    export(Catalogue(root / "merged" / "seeds" / "forms"), raw / "north_intake.csv")
    run = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.cli", "run", "--programme", str(programme)],
        cwd=ROOT,
        env=os.environ | {"INSIGHTS_ENV": "sample"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return duckdb.connect(str(root / "home/published/current/internal/insights.duckdb"), read_only=True)


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
