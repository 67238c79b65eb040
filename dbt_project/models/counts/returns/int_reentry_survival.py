"""Coming back into care after a return home: Kaplan-Meier with Greenwood's variance, limits on the log-log scale."""

import numpy as np
import pyarrow as pa

MONTHS = (12, 24, 48, 60)
DAYS_A_MONTH = 365.25 / 12

COLUMNS = pa.schema(
    [
        ("la_code", pa.string()),
        ("return_kind", pa.string()),
        ("months", pa.int32()),
        ("returns", pa.int64()),
        ("came_back", pa.int64()),
        ("still_followed", pa.int64()),
        ("longest_followed_days", pa.int64()),
        ("stayed_home", pa.float64()),
        ("standard_error", pa.float64()),
        ("stayed_lower_95", pa.float64()),
        ("stayed_upper_95", pa.float64()),
    ]
)


def survival(days, came_back):
    """One dict per month of MONTHS: the share still at home, its Greenwood standard error and limits.

    A share is None where nobody was followed that far and somebody might still have come back.

    Parameters:
        days: days each return was followed.
        came_back: whether it ended in care then.
    """
    # Only where there is something to fit: it takes a second to import, and a home may hold no returns.
    from scipy.stats import norm
    from statsmodels.duration.survfunc import SurvfuncRight

    days, came_back = np.asarray(days, dtype=float), np.asarray(came_back, dtype=bool)
    fitted = SurvfuncRight(days, came_back.astype(int)) if came_back.any() else None
    answers = []
    for months in MONTHS:
        horizon = months * DAYS_A_MONTH
        share, error = 1.0, 0.0
        if fitted is not None:
            reached = np.flatnonzero(fitted.surv_times <= horizon)
            if reached.size:
                share, error = float(fitted.surv_prob[reached[-1]]), float(fitted.surv_prob_se[reached[-1]])
        lower = upper = None
        if 0 < share < 1:
            spread = norm.ppf(0.975) * error / (share * np.log(share))
            lower, upper = float(share ** np.exp(-spread)), float(share ** np.exp(spread))
        is_known = days.max() >= horizon or share == 0
        answers.append(
            {
                "months": months,
                "returns": len(days),
                "came_back": int((came_back & (days <= horizon)).sum()),
                "still_followed": int((days >= horizon).sum()),
                "longest_followed_days": int(days.max()),
                "stayed_home": share if is_known else None,
                "standard_error": error if is_known and np.isfinite(error) else None,
                "stayed_lower_95": lower if is_known else None,
                "stayed_upper_95": upper if is_known else None,
            }
        )
    return answers


def model(dbt, con):
    """One row per authority, kind of return (all of them together too) and number of months."""
    dbt.config(materialized="table")
    spells = {}
    returned = dbt.ref("int_return_home_spell").order("la_code, child_key, care_period_no")
    for la_code, kind, days, back in returned.project("la_code, return_kind, days_followed, came_back").fetchall():
        for group in ("all", kind):
            spells.setdefault((la_code, group), []).append((days, back))
    rows = []
    for (la_code, kind), followed in sorted(spells.items()):
        for answer in survival(*zip(*followed, strict=True)):
            rows.append({"la_code": la_code, "return_kind": kind, **answer})
    return pa.Table.from_pylist(rows, schema=COLUMNS)
