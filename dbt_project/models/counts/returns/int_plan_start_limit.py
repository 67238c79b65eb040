"""Exact Poisson limits of the numbers of plan starts: chi-square quantiles, at 95 per cent. [Garwood 1936]"""

import pyarrow as pa

COLUMNS = pa.schema([("starts", pa.int64()), ("lower_95", pa.float64()), ("upper_95", pa.float64())])


def limits(count):
    """Lower and upper limit of a Poisson mean of which ``count`` was seen."""
    # Only where there is something to count: it takes a second to import, and a home may hold no returns.
    from scipy.stats import chi2

    lower = float(chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    return lower, float(chi2.ppf(0.975, 2 * count + 2)) / 2


def model(dbt, con):
    """One row per number of starts that occurs."""
    dbt.config(materialized="table")
    counts = [row[0] for row in dbt.ref("int_plan_start_count").project("starts").distinct().order("starts").fetchall()]
    return pa.Table.from_pylist(
        [dict(zip(COLUMNS.names, (count, *limits(count)), strict=True)) for count in counts], schema=COLUMNS
    )
