"""What disclosure control decides of every count of the returns, and how far each hidden one can be narrowed down."""

import pyarrow as pa

from disclosure.returns import Value, families, protect_values
from disclosure.threshold import threshold_of

COLUMNS = pa.schema(
    [
        ("indicator_id", pa.string()),
        ("period", pa.int32()),
        ("period_label", pa.string()),
        ("geography_code", pa.string()),
        ("breakdown", pa.string()),
        ("breakdown_value", pa.string()),
        ("row_order", pa.int32()),
        ("side", pa.string()),
        ("count", pa.int64()),
        ("rule", pa.string()),
        ("feasible_lower", pa.int64()),
        ("feasible_upper", pa.int64()),
        ("is_exposed", pa.bool_()),
        ("is_unavoidable", pa.bool_()),
    ]
)


def model(dbt, con):
    """One row per figure of an authority and side of it (numerator, denominator) that is a count."""
    dbt.config(materialized="table")
    threshold = threshold_of(dbt.ref("programme").project("disclosure_threshold").fetchall())
    found = (
        dbt.ref("indicator_value")
        .filter("theme = 'social_care' and geography_level = 'authority' and statistic <> 'model'")
        .project(
            "indicator_id, period, period_label, geography_code, breakdown, breakdown_value, row_order, "
            "numerator, denominator, statistic"
        )
        .fetchall()
    )
    measured = {
        indicator_id: (numerator, denominator)
        for indicator_id, numerator, denominator in dbt.ref("social_care_indicator_line")
        .filter("breakdown = 'total'")
        .project("indicator_id, numerator_measure, denominator_measure")
        .fetchall()
    }
    kin = families(
        dbt.ref("social_care_measure")
        .order("measure_id, breakdown")
        .project("measure_id, relation, counting, timing, start_column, end_column, condition, splits_by, breakdown")
        .fetchall()
    )
    values = [
        Value(
            key=tuple(row[:7]),
            area=row[3],
            indicator_id=row[0],
            period=row[1],
            period_label=row[2],
            breakdown=row[4],
            numerator=row[7],
            # A summary is over years, which are nobody.
            denominator=None if row[4] == "summary" else row[8],
            measures=measured.get(row[0], (None, None)) if row[4] == "total" else (None, None),
            is_percentage=row[9] == "percentage",
        )
        for row in found
    ]
    result, counts = protect_values(values, kin=kin, threshold=threshold)
    rows = []
    for value in sorted(values, key=lambda value: tuple(map(str, value.key))):
        for side, number, count in zip(
            ("numerator", "denominator"), (value.numerator, value.denominator), counts[value.key], strict=True
        ):
            if count is None:
                continue
            feasible = result.ranges.get(count)
            rows.append(
                {
                    **dict(zip(COLUMNS.names[:7], value.key, strict=True)),
                    "side": side,
                    "count": number,
                    "rule": result.rule.get(count),
                    "feasible_lower": feasible.lower if feasible else None,
                    "feasible_upper": feasible.upper if feasible else None,
                    "is_exposed": bool(feasible and feasible.lower >= feasible.upper),
                    "is_unavoidable": count in result.unavoidable,
                }
            )
    return pa.Table.from_pylist(rows, schema=COLUMNS)
