"""Two findings of a release, counted again from its facts: `marimo edit notebooks/two_findings.py`, or as a script.

INSIGHTS_RELEASE names the release's folder or its DuckDB file; without it, the release in force in the repository's
home.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Two findings, counted again")


@app.cell
def _():
    import json
    import math
    import os
    import pathlib
    from itertools import product

    import altair as alt
    import duckdb
    import marimo as mo

    return alt, duckdb, json, math, mo, os, pathlib, product


@app.cell
def _(mo):
    mo.md("""
    # Two findings, counted again

    The marts hold both findings ready made. Here they are counted a second time, from one row per form and one row per
    assessment, with the arithmetic in plain sight; at the end both are held against the marts.
    """)
    return


@app.cell
def _(duckdb, os, pathlib):
    root = pathlib.Path(__file__).resolve().parents[1]
    # Where runs publish when no home is named: below `home`, and once in the repository itself.
    usual = [home / "published" / "current" for home in (root / "home", root)]
    found = next((place for place in usual if place.exists()), usual[0])
    given = pathlib.Path(os.environ.get("INSIGHTS_RELEASE") or found)
    database = given if given.is_file() else given / "internal" / "insights.duckdb"
    if not database.exists():
        raise SystemExit(f"There is no release at {given}. Run `make run`, or name one with INSIGHTS_RELEASE.")
    con = duckdb.connect(str(database), read_only=True)
    return (con,)


@app.cell
def _(con, mo):
    year = con.execute("select max(reporting_year) from marts.fct_exit").fetchone()[0]
    mo.md(f"""
    ## 1. Children who were exposed to abuse at intake are seldom still exposed when the case is closed

    Cases closed in the year to March {year}, an exit form with its intake form, both with an answer of yes or no.
    """)
    return (year,)


@app.cell
def _(con, year):
    # Rows: at intake yes, no. Columns: at exit yes, no.
    both, stopped, began, neither = con.execute(
        """
        with intake as (
            select form_key, option_code = 'yes' as is_yes
            from marts.fct_answer
            where question_id = 'intake_exposure_supported' and option_code in ('yes', 'no')
        ), closed as (
            select form_key, option_code = 'yes' as is_yes
            from marts.fct_answer
            where question_id = 'exit_exposure_present' and option_code in ('yes', 'no')
        )
        select
            count(*) filter (where intake.is_yes and closed.is_yes),
            count(*) filter (where intake.is_yes and not closed.is_yes),
            count(*) filter (where not intake.is_yes and closed.is_yes),
            count(*) filter (where not intake.is_yes and not closed.is_yes)
        from marts.fct_exit as form
        join closed on form.form_key = closed.form_key
        join intake on form.intake_form_key = intake.form_key
        where form.reporting_year = ?
        """,
        [year],
    ).fetchone()
    return began, both, neither, stopped


@app.cell
def _(math):
    z = 1.959963984540054

    def wilson(x, n):
        """Wilson's score interval of x of n, as shares."""
        middle = (x + z * z / 2) / (n + z * z)
        half = z / (n + z * z) * math.sqrt(x * (n - x) / n + z * z / 4)
        return middle - half, middle + half

    def paired_interval(a, b, c, d):
        """Difference of the second share and the first with Newcombe's interval (1998, method 10) of paired shares."""
        n = a + b + c + d
        first, second = (a + b) / n, (a + c) / n
        (low1, high1), (low2, high2) = wilson(a + b, n), wilson(a + c, n)
        margins = (a + b) * (c + d) * (a + c) * (b + d)
        product = a * d - b * c
        # The correlation of the pairs, drawn towards zero where it is positive.
        corrected = max(product - n / 2, 0) if product > 0 else product
        phi = corrected / math.sqrt(margins) if margins else 0.0
        change = second - first

        def distance(one, other):
            return math.sqrt(one * one - 2 * phi * one * other + other * other)

        return change, change - distance(second - low2, high1 - first), change + distance(high2 - second, first - low1)

    def mcnemar(b, c):
        """Two-sided probability that the pairs that changed are divided like this by chance; exact below 25 of them."""
        n = b + c
        if n == 0:
            return None
        if n < 25:
            return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n)
        return math.erfc(math.sqrt((b - c) ** 2 / n / 2))

    return mcnemar, paired_interval, wilson


@app.cell
def _(began, both, mcnemar, mo, neither, paired_interval, stopped, year):
    change, lower, upper = paired_interval(both, stopped, began, neither)
    pairs = both + stopped + began + neither
    exposure = {
        "year": year,
        "pairs": pairs,
        "yes_at_intake": both + stopped,
        "yes_at_exit": both + began,
        "stopped": stopped,
        "began": began,
        "change": 100 * change,
        "change_lower_95": 100 * lower,
        "change_upper_95": 100 * upper,
        "p_value": mcnemar(stopped, began),
    }
    mo.md(f"""
    | of {pairs:,} children | at exit exposed | at exit not |
    |---|---|---|
    | **at intake exposed** | {both:,} | {stopped:,} |
    | **at intake not** | {began:,} | {neither:,} |

    From {100 * (both + stopped) / pairs:.1f} % to {100 * (both + began) / pairs:.1f} %: **{100 * change:.1f} points**
    (95 % interval {100 * lower:.1f} to {100 * upper:.1f}). {stopped:,} stopped being exposed and {began:,} began;
    by McNemar's test p = {exposure["p_value"]:.2g}.

    Most of these children came because they were exposed, so fewer are at any later time (regression to the mean); and
    a child whose exit form says nothing is not in it. The figure does not say that the service was the cause.
    """)
    return (exposure,)


@app.cell
def _(con, mo):
    assessed = con.execute("select max(reporting_year) from marts.fct_assessment where is_factor_recorded").fetchone()[
        0
    ]
    mo.md(f"""
    ## 2. Domestic violence, substance misuse and mental ill health meet more often than chance brings them together

    Assessments authorised in the year to March {assessed} on which any factor is recorded, whoever it is of.
    """)
    return (assessed,)


@app.cell
def _(assessed, con, product):
    counted = {
        tuple(row[:3]): row[3]
        for row in con.execute(
            """
            select has_domestic_violence, has_substance, has_mental_health, count(*)
            from marts.fct_assessment
            where reporting_year = ? and is_factor_recorded
            group by all
            """,
            [assessed],
        ).fetchall()
    }
    base = sum(counted.values())
    shares = [sum(number for key, number in counted.items() if key[place]) / base for place in range(3)]
    combinations = []
    for key in product((True, False), repeat=3):
        expected = base
        for has, share in zip(key, shares, strict=True):
            expected *= share if has else 1 - share
        observed = counted.get(key, 0)
        combinations.append(
            {
                "has": list(key),
                "label": " + ".join(
                    name
                    for has, name in zip(key, ("domestic violence", "substances", "mental health"), strict=True)
                    if has
                )
                or "none of the three",
                "observed": observed,
                "expected": expected,
                "observed_over_expected": observed / expected if expected else None,
            }
        )
    return base, combinations


@app.cell
def _(alt, base, combinations, mo, wilson):
    together = combinations[0]
    low, high = (100 * limit for limit in wilson(together["observed"], base))
    rows = "\n".join(
        f"| {one['label']} | {one['observed']:,} | {one['expected']:,.1f} | {one['observed_over_expected']:.2f} |"
        for one in combinations
    )
    drawn = [
        {"label": one["label"], "assessments": one[part], "which": words}
        for one in combinations
        for part, words in (("observed", "observed"), ("expected", "by chance"))
    ]
    chart = (
        alt.Chart(alt.Data(values=drawn))
        .mark_bar()
        .encode(
            x=alt.X("assessments:Q", title="Assessments"),
            y=alt.Y("label:N", sort=[one["label"] for one in combinations], title=None),
            yOffset="which:N",
            color=alt.Color("which:N", title=None, scale=alt.Scale(range=["#b8c4ce", "#1f5f8b"])),
        )
        .properties(width=520)
    )
    mo.vstack(
        [
            mo.md(
                f"""
    **{together["observed"]:,} of {base:,}** assessments name all three: {100 * together["observed"] / base:.1f} %
    ({low:.1f} to {high:.1f}), {together["observed_over_expected"]:.2f} times what chance would bring together.

    | combination | observed | by chance | ratio |
    |---|---|---|---|
    {rows}

    It is what assessments record, not what families live with.
    """.replace("\n    ", "\n")
            ),
            chart,
        ]
    )
    return


@app.cell
def _(assessed, combinations, con, exposure, math, mo):
    paired = con.execute(
        """
        select pairs, yes_at_intake, yes_at_exit, yes_at_intake_only, yes_at_exit_only, change, change_lower_95,
            change_upper_95, p_value
        from marts.paired_outcome
        where outcome_id = 'exit_exposure_present' and period = ? and geography_level = 'all_services'
            and base_kind = 'answered'
        """,
        [exposure["year"]],
    ).fetchone()
    mine = [exposure[name] for name in exposure if name != "year"]
    agrees_on_exposure = all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12) for a, b in zip(mine, paired, strict=True))

    marts = {
        tuple(row[:3]): row[3:]
        for row in con.execute(
            """
            select has_domestic_violence, has_substance, has_mental_health, sum(observed),
                any_value(observed_over_expected)
            from marts.factor_intersection
            where reporting_year = ? and counted = 'assessment' and persons = 'anyone'
                and base_kind = 'with factors recorded'
            group by all
            """,
            [assessed],
        ).fetchall()
    }
    agrees_on_factors = all(
        marts[tuple(one["has"])][0] == one["observed"]
        and math.isclose(marts[tuple(one["has"])][1], one["observed_over_expected"], rel_tol=1e-6)
        for one in combinations
    )
    mo.md(f"""
    ## Against the marts

    - `marts.paired_outcome`: {"the same" if agrees_on_exposure else "**not the same**"}
    - `marts.factor_intersection`: {"the same" if agrees_on_factors else "**not the same**"}
    """)
    return agrees_on_exposure, agrees_on_factors


@app.cell
def _(agrees_on_exposure, agrees_on_factors, assessed, base, combinations, exposure, json, mo):
    if mo.app_meta().mode == "script":
        print(  # noqa: T201 - what the script is for
            json.dumps(
                {
                    "exposure": exposure,
                    "factors": {"year": assessed, "base": base, "combinations": combinations},
                    "agrees_with_the_marts": agrees_on_exposure and agrees_on_factors,
                },
                indent=1,
            )
        )
    return


if __name__ == "__main__":
    app.run()
