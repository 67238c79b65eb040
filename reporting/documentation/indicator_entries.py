"""The indicators in words: what each counts, over whom, from which tables, its limits, known errors in print.

Everything here is read from lists that hold nothing counted. What the publications print is only told inside: their
small numbers are those that disclosure control hides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.figures import Mode
from reporting.programme import ReleaseProgramme

Row = Mapping[str, Any]
Query = Callable[[str], list[dict[str, Any]]]

THEMES = {"insights": "Report of the forms", "social_care": "Social care"}

_FACTS = {
    "intake": ("marts.fct_intake",),
    "review": ("marts.fct_review",),
    "exit": ("marts.fct_exit",),
    "exit_intake": ("marts.fct_exit", "marts.fct_intake"),
    "review_intake": ("marts.fct_review", "marts.fct_intake"),
}
_RESPONSE = {
    "single": "One answer each: the answers, blank ones included, add up to n.",
    "multi": "Tick all that apply: one form can be in several rows, so rows add up to more than n.",
    "matrix": "Several questions with their answers in columns: the columns of a row add up to its n.",
    "paired": "The same children at two points of the case: both are divided by the pairs whose intake said yes.",
    "statistic": "Single figures, each with an n of its own.",
}
_STATISTICS = {
    "mean": "A mean: the denominator is those who gave a number, the numerator the sum of the numbers.",
    "median": "A median: it has no numerator, and its denominator is those who gave a number.",
    "per_100": "Said of 100 people: a percentage in other words.",
    "services": "Counts services, not children.",
    "external": "Holds facts that no form has: they have the status x.",
    "rate": "A rate has limits after Byar, exact Poisson ones below ten events.",
    "ratio": "One thing over another that it is no part of: it has no interval.",
    "standardised_ratio": "Observed over expected: the numerator is observed, the denominator those at risk.",
    "model": "An estimate from published shares; its interval is what the intervals of its inputs give.",
    "comparator": "As published elsewhere, without the counts behind it.",
}
_KINDS = {
    "percent_sum_not_100": "The percentages do not add up to 100.",
    "sum_not_n": "The counts do not add up to n.",
    "percent_not_count_over_n": "A percentage is not its count over n.",
    "statistic_impossible": "An average does not fit the bands printed beside it.",
    "label_vs_number": "A label and its number do not fit each other.",
    "missing_means_not_asked": "Missing holds those who were not asked.",
    "residual_not_shown": "Those without an answer are in n and have no column.",
    "subtotal_not_sum": "A subtotal is not the sum of its rows.",
    "base_label_wrong": "The base named is not the one divided by.",
    "base_not_parent_count": "The n is not the count of the answer that opens the table.",
    "label": "A label is misleading.",
    "negative_count": "A count is below zero.",
    "not_a_subset": "A base is no part of the one it seems to be taken from; no error.",
    "stale_columns": "A year's column seems to be that of another year.",
    "mixed_bases": "Counts and percentages are over different bases.",
    "infographic_vs_table": "The picture and the table give different numbers.",
}
_CAPTIONS = {"insights": "Cells", "social_care": "Ways in which it is shown"}
_HEADINGS = {
    "insights": ("Row", "Column", "Statistic", "Counted", "Answers", "Over"),
    "social_care": ("Shown as", "Statistic", "Counted", "Divided by", "Time", "Periods"),
}


@dataclass(frozen=True)
class IndicatorEntry:
    """One indicator as the catalogue shows it. `rows` are its cells, or the ways in which it is shown."""

    theme: str
    indicator_id: str
    title: str
    section: str
    n_counts: str
    facts: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    errors: tuple[str, ...]
    publication: str
    rows_caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    report_link: str


def indicator_entries(
    query: Query, mode: Mode, programme: ReleaseProgramme, report_page: str = ""
) -> list[IndicatorEntry]:
    """Every indicator of the programme's themes in published order; of a publication only where it compares with one.

    `query` returns rows as dictionaries; `report_page` is the page of the main report.
    """
    cells = _by(query("select * from marts.indicator_cell order by indicator_id, point, row_order, column_order"))
    populations = {row["population_id"]: row for row in query("select * from marts.dim_population")}
    questions = {row["question_id"]: row for row in query("select * from marts.dim_question")}
    lines = _by(query("select * from reference.social_care_indicator_line order by indicator_id, line_order"))
    measures: dict[str, list[Row]] = defaultdict(list)
    for row in query("select * from reference.social_care_measure order by all"):
        measures[row["measure_id"]].append(row)
    errors: dict[str, list[Row]] = defaultdict(list)
    for row in query(
        "select table_id as indicator_id, year::varchar as period, kind, published, recomputed, explanation "
        "from reference.published_anomaly union all "
        "select indicator_id, period, kind, published, recomputed, explanation "
        "from reference.social_care_anomaly where indicator_id is not null order by all"
    ):
        errors[row["indicator_id"]].append(row)
    met = _reconciled(query) if mode == "internal" else {}

    indicators = [
        row
        for row in query("select * from marts.indicator order by indicator_order")
        if row["theme"] in programme.themes
    ]
    titles = _titles(indicators)
    found = []
    for row in indicators:
        name = row["indicator_id"]
        own = cells.get(name, []) if row["theme"] == "insights" else lines.get(name, [])
        publication = programme.publication(row["theme"])
        if row["theme"] == "insights":
            facts, sources, caveats, table = _of_forms(row, own, populations, questions, publication)
        else:
            facts, sources, caveats, table = _of_returns(row, own, measures)
        if name in met and publication:
            facts.append((f"Against {publication}", met[name]))
        found.append(
            IndicatorEntry(
                theme=row["theme"],
                indicator_id=name,
                title=titles[name],
                section=_words(row["section"]),
                n_counts=_n_counts(row["n_counts"]),
                facts=tuple(facts),
                sources=tuple(sources),
                caveats=tuple(caveats),
                errors=tuple(_error(error, mode) for error in errors.get(name, [])) if publication else (),
                publication=publication,
                rows_caption=f"{_CAPTIONS[row['theme']]}: {titles[name]}",
                headings=_HEADINGS[row["theme"]],
                rows=tuple(table),
                report_link=_report_link(row, programme, report_page),
            )
        )
    return found


def _report_link(row: Row, programme: ReleaseProgramme, report_page: str) -> str:
    """Where an indicator stands in the main report: that of the forms has all their tables.

    Which sections a needs assessment has depends on what was delivered, so a link leads to its first page.
    """
    if not report_page or (row["theme"] != "insights" and programme.has_forms):
        return ""
    return f"{report_page}#{row['indicator_id']}" if row["theme"] == "insights" else report_page


def _titles(indicators: Sequence[Row]) -> dict[str, str]:
    """The title of each; where several of a section share one, with what tells them apart."""

    def repeated(titles: Mapping[str, str]) -> set[str]:
        counted = Counter((row["section"], titles[row["indicator_id"]]) for row in indicators)
        return {row["indicator_id"] for row in indicators if counted[(row["section"], titles[row["indicator_id"]])] > 1}

    titles = {row["indicator_id"]: str(row["title"]) for row in indicators}
    same = repeated(titles)
    titles |= {
        row["indicator_id"]: f"{row['title']} ({row['subsection'] or row['indicator_id']})"
        for row in indicators
        if row["indicator_id"] in same
    }
    return titles | {name: f"{titles[name]} [{name}]" for name in repeated(titles)}


_Parts = tuple[list[tuple[str, str]], list[str], list[str], list[tuple[str, ...]]]


def _of_forms(
    row: Row,
    cells: Sequence[Row],
    populations: Mapping[str, Row],
    questions: Mapping[str, Row],
    publication: str,
) -> _Parts:
    used = list(dict.fromkeys(cell["population_id"] for cell in cells if cell["population_id"]))
    facts = [
        ("Definition", f"Table {row['indicator_order']} of the report: {row['title'].rstrip('.')}."),
        ("Part of the report", " / ".join(part for part in (row["section"], row["subsection"]) if part)),
        ("n counts", row["n_counts"] or "nothing: no form holds it"),
    ]
    facts += [("Rule of n", _rule(populations[name])) for name in used if populations[name]["opening_question"]]
    facts.append(("Breakdowns", "age band, gender, ethnicity group, abuse timing" if row["has_breakdowns"] else "none"))
    facts.append(("Cells", str(row["cells"])))
    sources = list(dict.fromkeys(name for cell in cells for name in _FACTS.get(cell["dataset"] or "", ())))
    caveats = [_RESPONSE[row["response_type"]]] if row["response_type"] in _RESPONSE else []
    caveats += _statistic_limits(cells)
    if publication and not all(cell["is_published"] for cell in cells):
        caveats.append(f"Some of its cells complete the table; {publication} does not print them.")
    table: list[tuple[str, ...]] = []
    for cell in cells:
        label = " / ".join(part for part in (cell["point"], cell["parent_label"], cell["row_label"]) if part)
        question = questions.get(cell["question_id"], {}).get("question_label") or cell["question_id"] or "the form"
        answers = cell["option_codes"] or cell["option_group"] or ""
        over = populations.get(cell["population_id"], {}).get("population_label") or ""
        table.append((label or row["title"], cell["column_label"], cell["statistic"], question, answers, over))
    return facts, sources, caveats, table


def _of_returns(row: Row, lines: Sequence[Row], measures: Mapping[str, Sequence[Row]]) -> _Parts:
    facts = [
        ("Definition", f"{row['title']}: {row['numerator']}."),
        ("Divided by", _n_counts(row["n_counts"])),
        ("Unit", row["unit"]),
        ("Records", row["record_source"]),
        ("Time", row["time_basis"]),
        ("Better direction", "none" if row["polarity"] == "none" else row["polarity"]),
    ]
    caveats = []
    if row["computable"] == "external":
        caveats.append(f"Not computed from records. {row['why'] or ''}".strip())
    elif row["why"]:
        caveats.append(row["why"])
    caveats += _statistic_limits(lines)
    if any(line["time_kind"] == "stock" for line in lines):
        caveats.append("Counted on a day: two years hold many of the same children, so tests of change are rough.")
    sources: list[str] = []
    table: list[tuple[str, ...]] = []
    for line in lines:
        sides = []
        for side in ("numerator_measure", "denominator_measure"):
            found = measures.get(line[side] or "", ())
            sources += [
                f"{'intermediate' if one['relation'].startswith('int_') else 'marts'}.{one['relation']}"
                for one in found
                if one["relation"]
            ]
            sides.append(found[0]["measure_label"] if found else _words(line[side]))
        shown = line["breakdown"] + (f": {line['shown_value']}" if line["shown_value"] else "")
        divided = sides[1] or "nothing"
        if sides[1] and line["multiplier"] not in (None, 1):
            divided += f", times {line['multiplier']:,}"
        table.append(
            (_words(shown), line["statistic"], sides[0], divided, line["time_kind"] or "", _words(line["windows"]))
        )
    return [(label, value or "") for label, value in facts], list(dict.fromkeys(sources)), caveats, table


def _statistic_limits(cells: Sequence[Row]) -> list[str]:
    return [_STATISTICS[name] for name in dict.fromkeys(cell["statistic"] for cell in cells) if name in _STATISTICS]


def _rule(population: Row) -> str:
    return (
        f"{population['population_label']}: of {_lower(population['cohort_label'])}, those with the answer "
        f"{population['opening_answers'].replace('; ', ' or ')} to “{population['opening_question']}”"
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _error(error: Row, mode: Mode) -> str:
    kind = _KINDS.get(error["kind"], f"{_words(error['kind']).capitalize()}.")
    if mode == "public":
        # The text of the period may say more than a year; of the report it is one, or nothing.
        year = error["period"] if re.fullmatch(r"\d{4}", error["period"] or "") else ""
        return f"{kind} ({year})" if year else kind
    parts = [f"{error['period']}: {kind}" if error["period"] else kind]
    parts += [
        f"{label}: {error[part]}."
        for label, part in (("Printed", "published"), ("Its own numbers give", "recomputed"))
        if error[part]
    ]
    if error["explanation"]:
        parts.append(f"{error['explanation'][:1].upper()}{error['explanation'][1:].rstrip('.')}.")
    return " ".join(parts)


def _reconciled(query: Query) -> dict[str, str]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in query(
        "select table_id as indicator_id, status, count(*) as figures from marts.reconciliation group by all union all "
        "select indicator_id, status, count(*) from marts.reconciliation_social_care group by all"
    ):
        counted[row["indicator_id"]][row["status"]] += row["figures"]
    return {
        name: ", ".join(f"{number} {_words(status)}" for status, number in sorted(found.items()))
        for name, found in counted.items()
    }


def _n_counts(text: str | None) -> str:
    return "nothing: it is a count" if text in (None, "none") else str(text)


def _words(text: str | None) -> str:
    return (text or "").replace("_", " ").replace(";", ", ")


def _by(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["indicator_id"]].append(row)
    return found
