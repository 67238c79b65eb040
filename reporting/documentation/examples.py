"""A query for each table that runs as it stands: written by hand where it is asked often, else from its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_YEARS = ("reporting_year", "period", "year", "reporting_year_started")

_WRITTEN = {
    "marts.indicator_value": """
select row_label, numerator, denominator, value_rounded, lower_95, upper_95, status
from marts.indicator_value
where indicator_id = 'exposure_supported'
    and period = (select max(period) from marts.indicator_value where theme = 'insights')
    and geography_level = 'all_services' and breakdown = 'total'
order by row_order""",
    "marts.published_value": """
select theme, geography_level, status, count(*) as figures
from marts.published_value
group by theme, geography_level, status
order by theme, geography_level, status""",
    "marts.year_change": """
select row_label, previous_value, value, change, change_lower_95, change_upper_95, change_mark
from marts.year_change
where indicator_id = 'exposure_supported' and period = (select max(period) from marts.year_change)
    and geography_level = 'all_services' and breakdown = 'total'
order by row_order""",
    "marts.paired_outcome": """
select outcome_label, pairs, intake_value, exit_value, change, change_lower_95, change_upper_95, test, p_value
from marts.paired_outcome
where period = (select max(period) from marts.paired_outcome)
    and geography_level = 'all_services' and base_kind = 'answered'
order by outcome_order""",
    "marts.co_occurrence": """
select combination_label, observed, base, share, observed_over_expected, ratio_lower_95, ratio_upper_95
from marts.co_occurrence
where set_id = 'ace_household' and geography_level = 'all_services'
    and period = (select max(period) from marts.co_occurrence)
order by observed desc, combination""",
    "marts.indicator": """
select indicator_id, title, n_counts
from marts.indicator
where theme = 'insights' and section = 'Client outcomes'
order by indicator_order""",
    "marts.indicator_cell": """
select row_label, column_label, question_id, option_codes, counted_answers, base_answers
from marts.indicator_cell
where indicator_id = 'exposure_supported'
order by row_order, column_order""",
    "marts.dim_population": """
select population_id, population_label, opening_question, opening_answers
from marts.dim_population
order by population_id""",
    "marts.dim_question": """
select question_id, question_label
from marts.dim_question
where form_id = 'exit'
order by question_no""",
    "marts.fct_answer": """
select option_code, count(*) as forms
from marts.fct_answer
where question_id = 'intake_profile_disability'
    and reporting_year = (select max(reporting_year) from marts.fct_answer)
group by option_code
order by option_code""",
    "marts.fct_case": """
select match_rule, count(*) as cases
from marts.fct_case
group by match_rule
order by match_rule""",
    "marts.reconciliation": """
select status, anomaly_kind, count(*) as figures
from marts.reconciliation
group by status, anomaly_kind
order by status, anomaly_kind""",
    "marts.waterfall": """
select form_id, reporting_year, disposition, forms
from marts.waterfall
order by form_id, reporting_year, disposition""",
    "marts.indicator_comparison": """
select indicator_id, benchmark_level, value, lower_95, upper_95, benchmark_value, comparison
from marts.indicator_comparison
where period = (select max(period) from marts.indicator_comparison)
order by indicator_id, benchmark_level""",
    "marts.gap_answer": """
select gap_no, question, result, limits
from marts.gap_answer
order by gap_no""",
    "marts.factor_intersection": """
select has_domestic_violence, has_substance, has_mental_health, observed, share, observed_over_expected
from marts.factor_intersection
where reporting_year = (select max(reporting_year) from marts.factor_intersection)
    and counted = 'assessment' and persons = 'adults' and base_kind = 'with factors recorded'
order by factors_present desc, observed desc""",
    "ops.load": """
select source_file, form_id, status, rows_landed, rejected_lines
from ops.load
order by source_file""",
    "ops.check_result": """
select gate, severity, count(*) as checks, count(*) filter (where success) as passed
from ops.check_result
group by gate, severity
order by gate, severity""",
}


def example_query(name: str, columns: Mapping[str, str], key: Sequence[str]) -> str:
    """A query of the table `name` (`schema.table`); `columns` maps its columns to their types."""
    if name in _WRITTEN:
        return _WRITTEN[name].strip()
    year = next((column for column in _YEARS if column in columns), None)
    # Of tables with a row for each form or child a count says more than five rows of it.
    if name.split(".")[1].startswith(("fct_", "dim_client", "dim_child", "child_")):
        if year is None:
            return f"select count(*) as rows\nfrom {name}"
        return f"select {year}, count(*) as rows\nfrom {name}\ngroup by {year}\norder by {year}"
    ordered = [column for column in key if column in columns] or list(columns)[:1]
    others = [column for column, kind in columns.items() if column not in ordered and not kind.endswith("[]")]
    lines = [f"select {', '.join(map(_name, [*ordered, *others[:4]]))}", f"from {name}"]
    if year is not None:
        lines.append(f"where {year} = (select max({year}) from {name})")
    lines.append(f"order by {', '.join(map(_name, ordered))}")
    lines.append("limit 5")
    return "\n".join(lines)


def _name(column: str) -> str:
    return column if column.isidentifier() and column.islower() else '"' + column.replace('"', '""') + '"'
