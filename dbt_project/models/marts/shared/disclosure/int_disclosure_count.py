"""What is printed of every count of the forms, and whether anything is told by it."""

import os

import pyarrow as pa

from disclosure.forms.counts import read_cell
from disclosure.forms.questionnaire import read_questionnaire
from disclosure.forms.years import Printed, PrintedCount, settle_years
from disclosure.rounding import KEY_VARIABLE, rounding_of

COLUMNS = pa.schema(
    [
        ("period", pa.int32()),
        ("geography_code", pa.string()),
        ("terms", pa.string()),
        ("count", pa.int64()),
        ("printed", pa.int64()),
        ("draw", pa.int32()),
        ("rounds", pa.int32()),
        ("is_hidden", pa.bool_()),
        ("is_told", pa.bool_()),
    ]
)


def model(dbt, con):
    """One row per year that is not public yet, place (all services, or one) and count of forms in a table."""
    dbt.config(materialized="table")
    slices = dbt.ref("int_indicator_slice").filter("breakdown = 'total'")
    new = dbt.ref("int_listed_service").filter("not is_public_already").project("reporting_year, service_code")
    years = new.project("reporting_year").distinct()
    listed = {}
    for year, service in sorted(new.fetchall()):
        listed.setdefault(year, []).append(service)
    counts = (
        dbt.ref("int_cohort_count")
        .join(slices, "slice_id")
        .join(years, "reporting_year")
        .project("reporting_year, geography_code, cohort_id, dataset, answer_id, forms")
        .fetchall()
    )
    cells = (
        dbt.ref("int_disclosure_cell")
        .order("indicator_id, point, row_order, column_order")
        .project(
            "indicator_id, point, row_order, column_order, statistic, decimals, numerator_terms, denominator_terms, "
            "tick_terms, band_terms, eighty_four_in_unit"
        )
        .fetchall()
    )
    averages = (
        dbt.ref("indicator_value")
        .filter("theme = 'insights' and breakdown = 'total' and statistic in ('mean', 'median') and value is not null")
        .project("period, geography_code, indicator_id, point, row_order, column_order, value_rounded")
        .fetchall()
    )
    questions = (
        dbt.ref("question")
        .order("question_no")
        .project(
            "question_no, question_id, form_id, answer_type, parent_question_id, parent_option_codes, derived_from, "
            "derivation"
        )
        .fetchall()
    )
    answers = (
        dbt.ref("dim_answer")
        .order("answer_id")
        .project("answer_id, question_no, question_id, option_code, option_kind")
        .fetchall()
    )
    cohorts = dbt.ref("cohort").order("cohort_id").project("cohort_id, form_id, unit, restriction").fetchall()
    printed = dbt.source("ops", "revised_count").project(
        "period, geography_code, count_name, true_count, printed, draw"
    ).fetchall()
    revised = {
        year: Printed({row[1:3]: PrintedCount(*row[3:]) for row in printed if row[0] == year}, changed_forms, base)
        for year, changed_forms, base in dbt.ref("int_revision").project("period, changed_forms, rounded_to").fetchall()
    }
    rows = settle_years(
        listed,
        {tuple(row[:5]): row[5] for row in counts},
        {(row[0], row[1], tuple(row[2:6])): row[6] for row in averages},
        [read_cell(cell) for cell in cells],
        read_questionnaire(questions, answers, cohorts),
        rounding_of(dbt.ref("programme").project("disclosure_threshold").fetchall(), os.environ.get(KEY_VARIABLE)),
        revised,
    )
    return pa.Table.from_pylist(rows, schema=COLUMNS)
