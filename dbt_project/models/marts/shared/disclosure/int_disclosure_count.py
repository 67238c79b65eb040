"""What disclosure control decides of every count of the forms, and how far each hidden one can be narrowed down."""

import pyarrow as pa

from disclosure.forms.counts import ReportCell, read_terms
from disclosure.forms.questionnaire import read_questionnaire
from disclosure.forms.years import protect_years
from disclosure.threshold import threshold_of

COLUMNS = pa.schema(
    [
        ("period", pa.int32()),
        ("geography_code", pa.string()),
        ("terms", pa.string()),
        ("count", pa.int64()),
        ("rule", pa.string()),
        ("feasible_lower", pa.int64()),
        ("feasible_upper", pa.int64()),
        ("is_exposed", pa.bool_()),
        ("is_unavoidable", pa.bool_()),
    ]
)


def model(dbt, con):
    """One row per year, place (all services, or one) and printed count of forms."""
    dbt.config(materialized="table")
    slices = dbt.ref("int_indicator_slice").filter("breakdown = 'total'")
    # A year that is not over is not public. Neither its counts nor a service that has no others may decide what is hidden
    # of those that are: readers do not know of them.
    years = dbt.ref("reporting_year").filter("is_reported and not is_provisional").project("reporting_year")
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
        .project("numerator_terms, denominator_terms, tick_terms, decimals, statistic")
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
    rows = protect_years(
        sorted(year for (year,) in years.fetchall()),
        sorted({"all_services"} | {count[1] for count in counts}),
        {tuple(row[:5]): row[5] for row in counts},
        [
            ReportCell(read_terms(numerator), read_terms(denominator), read_terms(ticks), decimals or 0, statistic)
            for numerator, denominator, ticks, decimals, statistic in cells
        ],
        read_questionnaire(questions, answers, cohorts),
        threshold=threshold_of(dbt.ref("programme").project("disclosure_threshold").fetchall()),
    )
    return pa.Table.from_pylist(rows, schema=COLUMNS)
