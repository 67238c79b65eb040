"""What is printed of every count of the returns, and whether anything is told by it."""

import os

import pyarrow as pa

from disclosure.returns import Count, Line, PrintedBefore, Window, families, settle_areas
from disclosure.rounding import KEY_VARIABLE, rounding_of

JOINED = "source_id, la_code, window_id"
COLUMNS = pa.schema(
    [
        ("la_code", pa.string()),
        ("count_name", pa.string()),
        ("period", pa.int32()),
        ("count", pa.int64()),
        ("printed", pa.int64()),
        ("draw", pa.int32()),
        ("rounds", pa.int32()),
        ("is_known", pa.bool_()),
        ("is_hidden", pa.bool_()),
        ("is_told", pa.bool_()),
    ]
)


def model(dbt, con):
    """One row per authority and count above or below a line of an indicator."""
    dbt.config(materialized="table")
    programme = dbt.ref("programme").project("disclosure_threshold")
    lines = (
        dbt.ref("int_returns_value")
        .filter("numerator is not null")
        .project("la_code, indicator_id, statistic, numerator_count, denominator_count, period")
        .fetchall()
    )
    counts = (
        dbt.ref("int_returns_count")
        .filter("events is not null")
        .join(dbt.ref("int_social_care_window").project("source_id, la_code, window_id, window_name"), JOINED)
        .project("la_code, measure_id, breakdown, breakdown_value, source_id, window_name, events")
        .fetchall()
    )
    windows = (
        dbt.ref("int_social_care_window")
        .project("la_code, source_id, window_name, is_year, period, period_start, period_end")
        .fetchall()
    )
    kin = families(
        dbt.ref("social_care_measure")
        .order("measure_id, breakdown")
        .project("measure_id, relation, counting, timing, start_column, end_column, condition, splits_by, breakdown")
        .fetchall()
    )
    bases = (
        dbt.source("ops", "public_figure")
        .filter("theme = 'social_care' and rounded_to is not null")
        .project("geography_code, period, rounded_to")
        .distinct()
    )
    before = (
        dbt.source("ops", "public_count")
        .filter("theme = 'social_care'")
        .join(bases, "geography_code, period")
        .project("geography_code, count_name, printed, true_count, period, rounded_to")
        .fetchall()
    )
    rows = settle_areas(
        [Line(*line) for line in lines],
        [Count(*count) for count in counts],
        [Window(*window) for window in windows],
        kin,
        rounding_of(programme.fetchall(), os.environ.get(KEY_VARIABLE)),
        {(area, name): PrintedBefore(*said) for area, name, *said in before},
    )
    return pa.Table.from_pylist(rows, schema=COLUMNS)
