"""The chapter of an authority: what stands in it in which order, and that an area is data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from reporting.document.blocks import Chart
from reporting.document.html import render_html
from reporting.errors import ReportError
from reporting.figures import Figures
from reporting.needs_assessment.area import areas
from tests.support.returns_release import (
    NAMES,
    OTHER,
    OWN,
    SECRET,
    build,
    chart,
    comparator,
    figure,
    findings,
    release,
    sample,
    tables,
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return release(tmp_path / "insights.duckdb", sample())


def test_each_column_holds_the_part_that_its_heading_names(database: Path) -> None:
    # The value of a count stands under its unit, which is count as well.
    parts = {"Count": {"numerator", "value"}, "n": {"denominator"}, "95 % interval": {"interval"}}
    seen = set()
    for table in tables(build(database)):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.key and column.heading in parts:
                    assert cell.part in parts[column.heading], (table.table_id, column.heading)
                    seen.add(column.heading)
    assert seen == set(parts)


def test_a_line_needs_three_years(tmp_path: Path) -> None:
    for first, drawn in ((2014, True), (2015, False)):
        some = [one for one in sample() if one.indicator_id == "cla_rate" and one.period >= first]
        document = build(release(tmp_path / f"{first}.duckdb", some))
        charts = [block for section in document.walk() for block in section.blocks if isinstance(block, Chart)]
        assert bool(charts) == drawn
        assert [len(table.rows) for table in tables(document)] == [len(some)]


def test_the_public_edition_has_no_analyses_and_says_so(database: Path) -> None:
    titles = [section.title for section in build(database, "internal").walk()]
    assert any(title.startswith("Domestic violence, substance misuse") for title in titles)
    public = build(database, "public")
    assert not any(
        title.startswith("Domestic violence, substance misuse") for title in [s.title for s in public.walk()]
    )
    page = render_html(public)
    assert "part of the internal edition only" in page
    assert "could be found out from the others" in page


def test_the_answer_to_a_question_is_printed_inside_and_its_limits_everywhere(database: Path) -> None:
    inside, outside = render_html(build(database, "internal")), render_html(build(database, "public"))
    assert SECRET in inside
    assert SECRET not in outside
    for page in (inside, outside):
        assert "16. Who is in need?" in page
        assert "Limits: Others follow one definition only." in page
        assert "Method: Definitions side by side." in page


@pytest.mark.parametrize(
    ("period", "result", "said"),
    [
        ("2016", "12 of 60 children", "2016: 12 of 60 children."),
        ("2016-03-31", "12 of 60 children", "2016-03-31: 12 of 60 children."),
        ("48", "of 469 returns home 40 are back", "Of 469 returns home 40 are back."),
        (None, "no record that would answer it has come", "No record that would answer it has come."),
    ],
)
def test_an_answer_stands_behind_its_year_or_day_and_nothing_else(
    database: Path, period: str | None, result: str, said: str
) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("update marts.gap_answer set period = ?, result = ?", [period, result])
    assert findings(build(database), "16. Who is in need?") == [said]


def test_the_denominator_is_said_in_words(database: Path) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("update marts.indicator set n_counts = 'episodes (of a year) of children aged 0-17'")
    for mode in ("internal", "public"):
        table = next(one for one in tables(build(database, mode)) if one.table_id.endswith("missing-by-duration-pct"))
        assert "Divided by: episodes (of a year) of children aged 0-17." in table.notes


def test_sections_follow_the_needs_assessment_and_nothing_is_lost(database: Path) -> None:
    document = build(database)
    titles = [section.title for section in document.sections]
    assert titles == [
        "How to read this chapter", "Risk factors of parents and households", "Safeguarding activity",
        "Missing children", "Children in care", "Other figures", "Questions that indicators leave open",
        "What the returns do not give",
    ]  # fmt: skip
    other = next(section for section in document.sections if section.title == "Other figures")
    assert [section.title for section in other.sections] == ["Title of not_in_the_layout"]
    page = render_html(document)
    assert "a trend here may be one of recording" in page
    assert "A survey:" in page
    assert "Title of survey" in page
    assert "Title of never_sent" in page


def test_bands_of_days_stand_in_their_order_with_what_is_not_recorded_last(database: Path) -> None:
    table = next(one for one in tables(build(database)) if one.table_id.endswith("missing-by-duration-pct"))
    assert [row.cells[0].text for row in table.rows] == [
        "2015-16: Less than 1 day", "2015-16: 1 day", "2015-16: Over 28 days", "2015-16: Duration not recorded",
    ]  # fmt: skip


def test_the_steps_are_the_counts_of_the_latest_year_that_has_all(database: Path, tmp_path: Path) -> None:
    alt = chart(build(database), f"chart-area-{OWN}-steps").alt
    assert "Referrals 1,300; Section 47 enquiries 340; Initial conferences 225; Plans starting 180" in alt
    fewer = [one for one in sample() if not (one.indicator_id == "icpc_rate" and one.period == 2016)]
    alt = chart(build(release(tmp_path / "fewer.duckdb", fewer)), f"chart-area-{OWN}-steps").alt
    assert "Referrals 1,200; Section 47 enquiries 330; Initial conferences 220; Plans starting 170" in alt


def test_lines_stand_beside_england_and_the_neighbours(database: Path) -> None:
    alt = chart(build(database), f"chart-area-{OWN}-referral-rate").alt
    assert NAMES[OWN] in alt
    drawn = json.dumps(chart(build(database), f"chart-area-{OWN}-referral-rate").spec)
    assert "220.5" in drawn
    assert "241.5" in drawn
    assert findings(build(database), "Title of referral_rate") == [
        "2015-16: 260.0 per 10,000 children 0-17, with nothing published for others yet. Compared for 2014-15, the "
        "latest published for others: 240.0 per 10,000 children 0-17, higher than England, similar to statistical "
        "neighbours."
    ]


def test_a_figure_that_is_not_available_says_why_once(tmp_path: Path) -> None:
    """Three years of one reason are one note; a trend that is not tested is another; nothing of it is compared."""
    changed = [
        replace(one, numerator=None, value=None, value_rounded=None, lower_95=None, upper_95=None, status="x",
                status_reason="Census (referral): not held for the whole period")
        if one.indicator_id == "referral_rate" and one.geography_level == "authority" and one.period < 2016
        else replace(one, recent_trend="not tested") if one.indicator_id == "referral_rate" else one
        for one in sample()
    ]  # fmt: skip
    labels = sorted(one.period_label for one in changed if one.status == "x" and one.indicator_id == "referral_rate")
    built = build(release(tmp_path / "held.duckdb", changed))
    table = next(one for one in tables(built) if one.table_id.endswith("referral-rate"))
    assert f"x, {', '.join(labels)}: Census (referral): not held for the whole period." in table.notes
    assert sum("trend is not tested" in note for note in table.notes) == 1
    assert "than England" not in " ".join(findings(built, "Title of referral_rate"))


def test_another_authority_gets_its_own_chapter_without_a_trace_of_the_first(tmp_path: Path) -> None:
    first = [one for one in sample() if one.geography_level != "country"]
    second = [
        replace(
            one,
            geography_code=OTHER,
            numerator=None if one.numerator is None else one.numerator + 50007,
            value=None if one.value is None else one.value + 7001,
            value_rounded=None if one.value_rounded is None else one.value_rounded + 7001,
            lower_95=None if one.lower_95 is None else one.lower_95 + 7001,
            upper_95=None if one.upper_95 is None else one.upper_95 + 7001,
        )
        for one in first
        if one.geography_level == "authority"
    ]
    country = [one for one in sample() if one.geography_level == "country"]
    database = release(tmp_path / "both.duckdb", [*first, *second, *country])
    with Figures(database, "internal") as figures:
        assert areas(figures) == [(OTHER, NAMES[OTHER]), (OWN, NAMES[OWN])]
    document = build(database, area=OTHER)
    keys = {cell.key for table in tables(document) for row in table.rows for cell in row.cells if cell.key}
    assert {key.split("|")[4:6] == ["authority", OTHER] or key.split("|")[4] == "country" for key in keys} == {True}
    page = render_html(document)
    assert NAMES[OTHER] in page
    assert "Northwood" not in page
    assert f"area-{OWN}" not in page
    assert f"|{OWN}|" not in page
    assert "220.5" in page
    assert "241.5" not in [cell.text for table in tables(document) for row in table.rows for cell in row.cells]
    # The first one's chapter is what it would be alone.
    alone = release(tmp_path / "alone.duckdb", [*first, *country])
    assert render_html(build(database, area=OWN)) == render_html(build(alone, area=OWN))


def test_an_unknown_area_is_a_sentence_that_lists_what_there_is(database: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"no area 123 .* no chapter was made\. There are: 999\."):
        build(database, area="123")
    empty = release(tmp_path / "empty.duckdb", [], names={})
    with pytest.raises(ReportError, match=r"There are: none\."):
        build(empty, area=OWN)


def test_an_authority_without_returns_has_a_chapter_that_says_so(tmp_path: Path) -> None:
    database = release(tmp_path / "empty.duckdb", [comparator("country", 220.5)])
    with Figures(database, "public") as figures:
        assert areas(figures) == []
    document = build(database, "public", area=OTHER)
    assert [section.title for section in document.walk()] == ["No returns"]
    assert "No returns of Southfield have come" in render_html(document)


def test_a_count_is_said_with_what_it_counts(tmp_path: Path) -> None:
    trends = {"recent_trend": "no significant change", "statistic": "count", "period": 2016}
    for unit, said in [
        ("count of young people", "17 young people,"),
        ("count", "17,"),
        ("count (cumulative)", "17,"),
        ("count per year", "17 per year,"),
    ]:
        one = figure(indicator_id="cla_rate", numerator=17, value=17.0, value_rounded=17.0, unit=unit, **trends)
        database = release(tmp_path / f"{len(unit)}.duckdb", [one])
        assert findings(build(database), "Title of cla_rate") == [
            f"2015-16: {said} no significant trend over five years."
        ]


def test_labels_are_text(database: Path) -> None:
    page = render_html(build(database))
    assert "Northwood &amp; &lt;Vale&gt;" in page
    assert "<Vale>" not in page


def test_the_same_figures_make_the_same_page(database: Path) -> None:
    assert render_html(build(database)) == render_html(build(database))
