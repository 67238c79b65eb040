"""The needs assessment chapter: its numbers are those of the figures, what is hidden is nowhere, an area is data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from lxml import html as lxml_html

from orchestration.errors import OperatorError
from reporting.document.blocks import Cell, Chart, Document, Paragraph, Table
from reporting.document.html import render_html
from reporting.figures import Figure, Figures, Mode
from reporting.needs_assessment import areas, build_needs_assessment
from reporting.needs_assessment.findings import Compared, against, comparisons, judged, sentence, together, trend

OWN, OTHER = "999", "888"
NAMES = {OWN: "Northwood & <Vale>", OTHER: "Southfield"}
HIDDEN = 31337  # a number that is nowhere but in the hidden figure
SECRET = "4 of 4711 children were counted"


def figure(**given: object) -> Figure:
    usual: dict[str, object] = {
        "source": "indicator_value", "theme": "social_care", "indicator_id": "referral_rate", "period": 2016,
        "period_label": "2015-16", "geography_level": "authority", "geography_code": OWN, "breakdown": "total",
        "breakdown_value": "total", "point": "", "row_order": 1, "row_label": "Referrals", "parent_label": None,
        "column_order": 1, "column_label": "", "statistic": "rate", "numerator": 1234, "denominator": 50000,
        "value": 246.8, "value_rounded": 246.8, "unit": "per 10,000 children 0-17", "lower_95": 233.2,
        "upper_95": 260.95, "status": "ok", "population_id": None, "is_published": True,
    }  # fmt: skip
    rest = {field.name: None for field in fields(Figure) if field.name not in usual}
    return Figure(**{**usual, **rest, **given})  # type: ignore[arg-type]


def comparator(level: str, value: float, **given: object) -> Figure:
    code = "E00000000" if level == "country" else OWN
    return figure(
        geography_level=level, geography_code=code, statistic="comparator", numerator=None, denominator=None,
        value=value, value_rounded=value, lower_95=None, upper_95=None, **given,
    )  # fmt: skip


def years(indicator_id: str, first: int, counts: Sequence[int], **given: object) -> list[Figure]:
    is_count = given.get("statistic") == "count"
    return [
        figure(
            indicator_id=indicator_id, period=first + place, period_label=f"{first + place - 1}-{first + place - 2000}",
            numerator=count, value=count / 5, value_rounded=count / 5, lower_95=count / 5 - 10, upper_95=count / 5 + 10,
            change=None if place == 0 else 10.0 if is_count else 1.5, change_lower_95=None if place == 0 else -2.0,
            change_upper_95=None if place == 0 else 5.0, change_mark=None if place == 0 else "no clear change", **given,
        )
        for place, count in enumerate(counts)
    ]  # fmt: skip


def sample() -> list[Figure]:
    hidden = {
        "numerator": HIDDEN,
        "value": HIDDEN / 7,
        "value_rounded": HIDDEN / 7,
        "lower_95": 0.1,
        "upper_95": 9999.9,
    }
    bands = [("over 28 days", 8), ("1 day", 420), ("duration not recorded", 40), ("less than 1 day", 734)]
    found = [
        *years("referral_rate", 2013, [1000, 1100, 1200, 1300]),
        comparator("country", 220.5, period=2015, period_label="2014-15"),
        comparator("statistical_neighbours", 241.5, period=2015, period_label="2014-15"),
        *years("s47_rate", 2013, [310, 320, 330, 340]),
        *years("icpc_rate", 2013, [210, 215, 220, 225]),
        *years("cpp_starts_count", 2013, [150, 160, 170, 180], statistic="count", unit="count"),
        *years("cla_rate", 2013, [500, 510, 520, 530]),
        *years("not_in_the_layout", 2014, [71, 72, 73]),
        *(
            figure(
                indicator_id="missing_by_duration_pct", breakdown="duration_band", breakdown_value=band,
                statistic="percentage", numerator=count, denominator=1202, unit="% of episodes",
                value=100 * count / 1202, value_rounded=round(100 * count / 1202, 1), lower_95=0.0, upper_95=100.0,
            )
            for band, count in bands
        ),
        *(
            figure(
                source="factor_intersection", indicator_id="factor_intersection/assessment", breakdown="combination",
                breakdown_value=code, row_order=place, row_label=label, column_order=column, statistic=statistic,
                column_label=heading, numerator=count, denominator=1000, value=value, value_rounded=value,
                lower_95=value - low, upper_95=value + 1, unit=unit,
            )
            for place, (code, label, count) in enumerate(
                [("domestic_violence+substance", "Domestic violence + Substance", 300), ("none", "None", 700)], 1
            )
            for column, statistic, heading, value, low, unit in (
                (1, "percentage", "Share", count / 10, 1.0, "% of assessments"),
                (2, "standardised_ratio", "Observed over expected", 1.25, 0.11, "observed over expected"),
            )
        ),
    ]  # fmt: skip
    for place, one in enumerate(found):
        if one.indicator_id == "cla_rate" and one.period == 2016:
            found[place] = replace(one, **hidden)  # type: ignore[arg-type]
        if one.breakdown_value == "over 28 days":
            found[place] = replace(one, numerator=HIDDEN, value=HIDDEN / 7, value_rounded=HIDDEN / 7)
    return found


def behind_control(figures: Sequence[Figure]) -> list[Figure]:
    """What may be public: indicators only, the hidden figure without a number."""
    nothing = dict.fromkeys(
        [
            "numerator", "value", "value_rounded", "lower_95", "upper_95", "change", "change_lower_95",
            "change_upper_95", "change_mark", "recent_trend",
        ]
    )  # fmt: skip
    return [
        replace(one, status="c", **nothing) if one.numerator == HIDDEN else one  # type: ignore[arg-type]
        for one in figures
        if one.source == "indicator_value"
    ]


def release(path: Path, figures: Sequence[Figure], *, names: dict[str, str] | None = None) -> Path:
    types = {"int": "bigint", "float": "double", "bool": "boolean", "str": "varchar"}
    columns = ", ".join(f'"{field.name}" {types[str(field.type).split(" ")[0]]}' for field in fields(Figure))
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema reference")
        for relation, rows in (("reportable_value", figures), ("published_value", behind_control(figures))):
            con.execute(f"create table marts.{relation} ({columns})")
            if rows:
                marks = ", ".join("?" for _ in fields(Figure))
                con.executemany(f"insert into marts.{relation} values ({marks})", [astuple(one) for one in rows])
        con.execute("create table marts.dim_authority (la_code varchar, area_name varchar)")
        for code, name in (NAMES if names is None else names).items():
            con.execute("insert into marts.dim_authority values (?, ?)", [code, name])
        con.execute(
            "create table reference.social_care_indicator_line (indicator_id varchar, line_order int, decimals int)"
        )
        con.execute("insert into reference.social_care_indicator_line values ('referral_rate', 1, 1)")
        con.execute(
            "create table marts.indicator (theme varchar, indicator_id varchar, indicator_order int, section varchar, "
            "title varchar, unit varchar, numerator varchar, n_counts varchar, polarity varchar, computable varchar, "
            "why varchar)"
        )
        for place, (key, section, polarity, computable) in enumerate(
            [
                ("referral_rate", "referrals", "none", "yes"),
                ("s47_rate", "s47", "none", "yes"),
                ("icpc_rate", "conferences", "none", "yes"),
                ("cpp_starts_count", "plans", "none", "yes"),
                ("cla_rate", "care", "lower", "yes"),
                ("missing_by_duration_pct", "missing", "none", "yes"),
                ("not_in_the_layout", "a section nobody planned", "none", "yes"),
                ("never_sent", "care", "none", "yes"),
                ("survey", "survey_wellbeing", "none", "external"),
            ]
        ):
            con.execute(
                "insert into marts.indicator values ('social_care', ?, ?, ?, ?, '', 'events', 'children', ?, ?, ?)",
                [
                    key,
                    place,
                    section,
                    f"Title of {key}",
                    polarity,
                    computable,
                    "A survey." if key == "survey" else None,
                ],
            )
        con.execute(
            "create table marts.gap_answer (la_code varchar, gap_no int, question varchar, can_be_answered varchar, "
            "answered_by varchar, period varchar, result varchar, method varchar, limits varchar)"
        )
        for code in sorted({one.geography_code for one in figures if one.geography_level == "authority"}):
            con.execute(
                "insert into marts.gap_answer values (?, 16, 'Who is in need?', 'partly', 'in_need_variants', '2016', "
                "?, 'Definitions side by side.', 'Others follow one definition only.')",
                [code, SECRET],
            )
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return release(tmp_path / "insights.duckdb", sample())


def build(database: Path, mode: Mode = "internal", area: str = OWN) -> Document:
    with Figures(database, mode) as figures:
        return build_needs_assessment(figures, area=area)


def tables(document: Document) -> Iterator[Table]:
    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart) and block.table is not None:
                yield block.table


def chart(document: Document, chart_id: str) -> Chart:
    found = [
        block
        for section in document.walk()
        for block in section.blocks
        if isinstance(block, Chart) and block.chart_id == chart_id
    ]
    assert len(found) == 1, chart_id
    return found[0]


def findings(document: Document, title: str) -> list[str]:
    return [
        block.text
        for section in document.walk()
        if section.title == title
        for block in section.blocks
        if isinstance(block, Paragraph) and block.kind == "finding"
    ]


def shown(number: float, text: str) -> str:
    places = len(text.partition(".")[2])
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,}"


def expected(cell: Cell, one: Figure) -> str:
    """What a cell has to print, said without the code under test."""
    if cell.part in {"numerator", "denominator"}:
        number = one.numerator if cell.part == "numerator" else one.denominator
        return one.status if number is None and one.status != "ok" else "" if number is None else f"{number:,}"
    if cell.part == "change":
        sizes = [one.change, one.change_lower_95, one.change_upper_95]
        places = 0 if one.statistic == "count" else 1
        size, lower, upper = ("" if number is None else f"{number:+.{places}f}".replace("-", "−") for number in sizes)
        return f"{one.change_mark} {size} ({lower} to {upper})"
    if cell.part == "interval":
        if one.lower_95 is None or one.upper_95 is None:
            return one.status if one.status != "ok" else ""
        lower, _, upper = cell.text.partition(" to ")
        return f"{shown(one.lower_95, lower)} to {shown(one.upper_95, upper)}"
    assert cell.part == "value", cell.part
    return one.status if one.value_rounded is None else shown(one.value_rounded, cell.text)


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_every_number_of_the_tables_is_that_of_its_figure(database: Path, mode: Mode) -> None:
    document = build(database, mode)
    with Figures(database, mode) as figures:
        known = {one.key: one for one in figures.select()}
    printed = set()
    for table in tables(document):
        for row in table.rows:
            for cell in row.cells[1:]:
                if cell.key:
                    assert cell.text == expected(cell, known[cell.key]), (table.table_id, cell)
                    printed.add((cell.key, cell.part))
                else:
                    # Words only: a unit, a period, or nothing.
                    assert not cell.text or table.table_id.startswith(f"table-area-{OWN}-gap"), cell
    for key, one in known.items():
        if one.numerator is not None and one.statistic in {"rate", "percentage"}:
            assert (key, "numerator") in printed
        if one.status != "c":
            assert (key, "value") in printed, key


def test_a_hidden_figure_is_a_symbol_and_nothing_else(database: Path) -> None:
    inside, outside = build(database, "internal"), build(database, "public")
    assert f"{HIDDEN:,}" in render_html(inside)
    page = render_html(outside)
    for trace in (f"{HIDDEN:,}", str(HIDDEN), f"{HIDDEN / 7:,.1f}", "4,476", "9,999.9", SECRET, "4711"):
        assert trace not in page
        for section in outside.walk():
            for block in section.blocks:
                if isinstance(block, Chart):
                    assert trace not in json.dumps(block.spec), block.chart_id
                    assert trace not in block.alt, block.chart_id
    # The year before is shown, the hidden one has its symbol in the chart and in the table.
    assert "Hidden to protect children (c)" in chart(outside, f"chart-area-{OWN}-cla-rate").alt
    cells = [
        cell for table in tables(outside) for row in table.rows for cell in row.cells if "|cla_rate|2016|" in cell.key
    ]
    assert {(cell.part, cell.text, cell.symbol) for cell in cells if cell.text} >= {
        ("numerator", "c", "c"), ("value", "c", "c"), ("interval", "c", "c"),
    }  # fmt: skip
    assert not [cell for cell in cells if cell.part == "change" and cell.text]
    # No sentence either: higher or lower would say where it lies.
    assert findings(outside, "Title of cla_rate") == []


def marks(block: Chart, kind: str) -> int:
    """How many points or bars a chart has."""
    return sum(len(layer["data"]["values"]) for layer in block.spec["layer"] if layer["mark"]["type"] == kind)


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_findings_name_the_figures_whose_numbers_they_say(database: Path, mode: Mode) -> None:
    with Figures(database, mode) as figures:
        known = {one.key: one for one in figures.select()}
    document = build(database, mode)
    found = [
        block
        for section in document.walk()
        if "-gap-" not in section.section_id
        for block in section.blocks
        if isinstance(block, Paragraph) and block.kind == "finding"
    ]
    assert len(found) == (2 if mode == "internal" else 1)
    for block in found:
        assert block.keys, block.text
        for one in (known[key] for key in block.keys):
            assert one.value_rounded is not None
            # Of factors that meet only the word is said.
            if one.source == "indicator_value":
                assert f"{one.value_rounded:,}" in block.text or f"{one.value_rounded:,.0f}" in block.text
    page = render_html(document)
    keys = lxml_html.fromstring(page).xpath("//p[@class='finding'][@data-keys]/@data-keys")
    assert [str(one).split("\n") for one in keys] == [list(block.keys) for block in found]


def test_a_hidden_figure_has_no_mark_in_a_chart_not_even_at_0(database: Path) -> None:
    inside, outside = build(database, "internal"), build(database, "public")
    for chart_id, kind in (
        (f"chart-area-{OWN}-cla-rate", "point"),
        (f"chart-area-{OWN}-missing-by-duration-pct", "bar"),
    ):
        assert marks(chart(inside, chart_id), kind) == 4
        assert marks(chart(outside, chart_id), kind) == 3


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
        "Missing children", "Children in care", "Other figures", "Questions the needs assessment left open",
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
        "2014-15, the latest published for others: 240.0 per 10,000 children 0-17, higher than England, "
        "similar to statistical neighbours."
    ]


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
    with pytest.raises(OperatorError, match=r"no area 123 .* no chapter was made\. There are: 999\."):
        build(database, area="123")
    empty = release(tmp_path / "empty.duckdb", [], names={})
    with pytest.raises(OperatorError, match=r"There are: none\."):
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


# The rules of findings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benchmark", "word"),
    [
        (233.1, "higher"), (233.2, "similar"), (246.8, "similar"), (260.95, "similar"), (260.96, "lower"),
        (None, "not compared"),
    ],
)  # fmt: skip
def test_a_benchmark_on_a_limit_is_similar(benchmark: float | None, word: str) -> None:
    assert against(figure(), benchmark) == word


@pytest.mark.parametrize("missing", ["lower_95", "upper_95", "value"])
def test_without_an_interval_or_a_value_nothing_is_compared(missing: str) -> None:
    assert against(replace(figure(), **{missing: None}), 1.0) == "not compared"  # type: ignore[arg-type]
    assert against(replace(figure(), status="c"), 1.0) == "not compared"


@pytest.mark.parametrize(
    ("word", "polarity", "judgement"),
    [
        ("higher", "higher", "better"), ("higher", "lower", "worse"), ("lower", "lower", "better"),
        ("lower", "higher", "worse"), ("similar", "lower", ""), ("higher", "none", ""), ("higher", None, ""),
    ],
)  # fmt: skip
def test_higher_is_good_or_bad_only_where_it_is_known(word: str, polarity: str | None, judgement: str) -> None:
    assert judged(word, polarity) == judgement


def test_the_sentence_names_comparisons_and_trend() -> None:
    one = figure(recent_trend="no significant change")
    series = [Compared(one, 200.0, 250.0)]
    assert sentence(series, polarity="lower", values=["246.8 per 10,000"]) == (
        "2015-16: 246.8 per 10,000, higher than England (worse), similar to statistical neighbours, "
        "no significant trend over five years.",
        (one,),
    )
    assert comparisons(Compared(one, None, 300.0), "lower") == ["lower than statistical neighbours (better)"]
    assert sentence([Compared(figure(), None, None)], polarity=None, values=["1"]) is None
    assert sentence([], polarity=None, values=[]) is None


def test_what_is_hidden_gets_no_sentence() -> None:
    hidden = replace(figure(recent_trend="increasing"), status="c", value=None)
    assert sentence([Compared(hidden, 200.0, 300.0)], polarity="lower", values=["c"]) is None
    # Nor does a trend that a hidden year stands behind.
    latest = figure(recent_trend="increasing")
    assert trend([latest]) == "increasing over five years"
    assert trend([hidden, *[figure()] * 3, latest]) == ""
    assert trend([hidden, *[figure()] * 4, latest]) == "increasing over five years"
    assert trend([figure(recent_trend="cannot be calculated")]) == ""


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (1.01, 2.0, "more often together than chance would bring them."),
        (1.0, 2.0, "together about as often as by chance."),
        (0.5, 1.0, "together about as often as by chance."),
        (0.5, 0.99, "less often together than chance would bring them."),
    ],
)
def test_factors_meet_more_often_than_chance_only_where_the_interval_says_so(
    lower: float, upper: float, said: str
) -> None:
    assert together("A + B", figure(lower_95=lower, upper_95=upper)) == f"A + B: {said}"
    assert together("A + B", replace(figure(lower_95=lower, upper_95=upper), status="c")) is None
