"""Interrupted series of missing episodes by month: a line that may change level and slope at known days."""

import numpy as np
import pyarrow as pa

# Errors of neighbouring months go together; standard errors allow for three months of that. [Newey and West 1987]
LAGS = 3
# Fewer months on one side of a break than this say nothing of a slope.
LEAST_MONTHS = 6

COLUMNS = pa.schema(
    [
        ("la_code", pa.string()),
        ("definition", pa.string()),
        ("term", pa.string()),
        ("estimate", pa.float64()),
        ("standard_error", pa.float64()),
        ("lower_95", pa.float64()),
        ("upper_95", pa.float64()),
        ("p_value", pa.float64()),
        ("r_squared", pa.float64()),
        ("months", pa.int32()),
    ]
)


def fit(months, episodes, breaks):
    """The fitted line: (term, estimate, standard error, lower, upper, p) in order, and r squared; empty if too short.

    Parameters:
        months: first days of consecutive months, in order.
        episodes: episodes that began in each.
        breaks: pairs of name and day from which the line may be another, in order.
    """
    time = np.arange(len(months), dtype=float)
    terms = {"level": np.ones(len(months)), "trend": time}
    sides = [0]
    for name, day in breaks:
        after = np.array([month >= day for month in months])
        if not after.any() or after.all():
            continue
        first = int(after.argmax())
        sides.append(first)
        terms[f"level_change_{name}"] = after.astype(float)
        terms[f"trend_change_{name}"] = np.where(after, time - first, 0.0)
    if min(np.diff([*sides, len(months)]), default=0) < LEAST_MONTHS:
        return [], None
    # Only where there is something to fit: it takes a second to import, and a home may hold no returns.
    from statsmodels.regression.linear_model import OLS

    fitted = OLS(np.asarray(episodes, dtype=float), np.column_stack(list(terms.values()))).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}
    )
    limits = fitted.conf_int()
    rows = [
        (name, fitted.params[n], fitted.bse[n], limits[n][0], limits[n][1], fitted.pvalues[n])
        for n, name in enumerate(terms)
    ]
    return rows, fitted.rsquared


def model(dbt, con):
    """One row per authority, definition and term of the line."""
    dbt.config(materialized="table")
    breaks = dbt.ref("missing_break").order("break_date").project("break_id, break_date").fetchall()
    series = {}
    months = dbt.ref("int_missing_month").order("la_code, definition, month_start")
    for la_code, definition, month, episodes in months.project("la_code, definition, month_start, episodes").fetchall():
        series.setdefault((la_code, definition), []).append((month, episodes))
    rows = []
    for (la_code, definition), points in series.items():
        terms, r_squared = fit([month for month, _ in points], [episodes for _, episodes in points], breaks)
        rows.extend((la_code, definition, *term, r_squared, len(points)) for term in terms)
    return pa.Table.from_pylist(
        [dict(zip(COLUMNS.names, row, strict=True)) for row in rows], schema=COLUMNS
    )
