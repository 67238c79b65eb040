"""Charts: what is drawn, what is not, what is said about it, and that labels stay text."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

import altair
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporting.charts import canvas, svg
from reporting.charts import kinds as charts
from reporting.charts.kinds import Combination, Curve, Drawing, Flow, Group, Item, Pair, Series
from reporting.document.blocks import Chart, Paragraph, printable

HIDDEN = Item("Hidden one", None, n=40, status="c")
SOME = (Item("Yes", 54.5, 50.0, 58.0, 118), HIDDEN, Item("No", 6.0, 3.0, 9.0, 118), Item("Missing", 0.0, 0.0, 0.5, 118))
YEARS = (Item("2021-22", 10.0, 8.0, 12.0), Item("2022-23", None, status="c"), Item("2023-24", 14.0, 11.0, 17.0))

# Each chart with exactly one hidden figure: the drawing, and how many marks of which type have to be there.
DRAWN: dict[str, tuple[Drawing, str, int]] = {
    "bars": (charts.bars(SOME, title="% of children"), "bar", 3),
    "grouped_bars": (
        charts.grouped_bars((Group("Under 5", YEARS), Group("5 to 11", YEARS[:1] + YEARS[2:] * 2))),
        "bar",
        5,
    ),
    "lines": (charts.lines((Series("Area", YEARS), Series("England", YEARS[:1] * 3))), "point", 5),
    "histogram": (charts.histogram(SOME, axis="Age"), "bar", 3),
    "dots": (
        charts.dots((Pair("Safer", SOME[0], SOME[2]), Pair("Well", HIDDEN, SOME[2])), first="One", second="Others"),
        "point",
        3 + 2,  # two in the key
    ),
    "flow": (
        charts.flow(
            (Flow("Yes", "No", 80), Flow("Yes", "Yes", 10), Flow("No", "No", 60), Flow("No", "Yes", None, "c")),
            source="Intake",
            target="Exit",
        ),
        "area",
        3 * 17,
    ),
    "upset": (
        charts.upset(
            ("A", "B"), (Combination(("A",), 40), Combination(("A", "B"), None, "c"), Combination((), 7)), most=8
        ),
        "bar",
        2 + 1,  # one stripe of the matrix
    ),
    "steps": (charts.steps((Item("Referral", 900), Item("Enquiry", 200), Item("Plan", None, status="c"))), "bar", 2),
    "tile_map": (
        charts.tile_map({"London": Item("", 3), "North West": Item("", None, status="c")}),
        "bar",
        9,  # a tile for each region, whatever stands in it
    ),
}
CURVES = charts.curves(
    (Curve("2022-23", ((0, 0.0, 0.0, 0.0), (6, 4.0, 3.0, 5.0), (12, 9.0, 7.0, 11.0)), "n = 300"),),
    axis="Months since the case closed",
)


def layers(drawing: Drawing) -> list[Mapping[str, Any]]:
    assert drawing.spec is not None
    return list(drawing.spec["layer"])


def rows_of(drawing: Drawing, kind: str) -> list[Mapping[str, Any]]:
    return [row for one in layers(drawing) if one["mark"]["type"] == kind for row in one["data"]["values"]]


def drawn(drawing: Drawing, chart_id: str = "one") -> ET.Element:
    chart = drawing.block(chart_id, "A title")
    assert isinstance(chart, Chart)
    return ET.fromstring(svg.element(chart))


def texts(root: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("name", [*DRAWN, "curves"])
def test_specification_is_vega_lite(name: str) -> None:
    spec = CURVES.spec if name == "curves" else DRAWN[name][0].spec
    assert spec is not None
    altair.Chart.from_dict(dict(spec))  # raises where the schema of the library does not hold


def test_theme_for_notebooks() -> None:
    try:
        canvas.use_theme()
        data = altair.Data(values=[{"x": 1}])  # type: ignore[no-untyped-call]
        config = altair.Chart(data).mark_bar().encode(x="x:Q").to_dict()["config"]
    finally:
        altair.theme.enable("default")
    assert config["bar"]["color"] == canvas.BAR
    assert config["range"]["category"] == list(canvas.SERIES)


@pytest.mark.parametrize("name", DRAWN)
def test_hidden_figure_has_its_symbol_and_no_mark(name: str) -> None:
    drawing, kind, expected = DRAWN[name]
    marks = rows_of(drawing, kind)
    assert len(marks) == expected
    assert all(value is not None for row in marks for value in row.values())
    if name != "flow":  # a hidden flow has no place of its own; it is named below the chart
        assert any(text in ("c", "54.5 % | c") or text.endswith("| 6 %") for text in texts(drawn(drawing)))
        assert sum(text == "c" or text.startswith("c |") for text in texts(drawn(drawing))) == 1
    assert "Hidden to protect children (c): " in drawing.alt


def test_hidden_bar_is_not_the_bar_of_a_zero() -> None:
    zero = charts.bars((Item("Yes", 5.0), Item("No", 0.0, 0.0, 1.0)))
    hidden = charts.bars((Item("Yes", 5.0), Item("No", None, status="c")))
    assert len(rows_of(zero, "bar")) == 2
    assert len(rows_of(hidden, "bar")) == 1
    assert "0 %" in texts(drawn(zero))
    assert texts(drawn(hidden)).count("0 %") == 1  # the axis


def test_hidden_year_breaks_the_line() -> None:
    whole = charts.lines((Series("Area", YEARS[:1] * 3),))
    broken = charts.lines((Series("Area", (*YEARS[:1] * 2, YEARS[1], *YEARS[:1] * 2)),))
    lines_of = {
        drawing.alt: [len(one["data"]["values"]) for one in layers(drawing) if one["mark"]["type"] == "line"]
        for drawing in (whole, broken)
    }
    assert lines_of == {whole.alt: [3], broken.alt: [2, 2]}
    bands = [len(one["data"]["values"]) for one in layers(broken) if one["mark"]["type"] == "area"]
    assert bands == [2, 2]


ALL_HIDDEN = (Item("a", None, status="c"), Item("b", None, status="c"))
NOTHING: dict[str, Drawing] = {
    "bars": charts.bars(ALL_HIDDEN),
    "no bars": charts.bars(()),
    "grouped_bars": charts.grouped_bars((Group("g", ALL_HIDDEN),)),
    "lines": charts.lines((Series("s", ALL_HIDDEN),)),
    "no lines": charts.lines(()),
    "histogram": charts.histogram(ALL_HIDDEN),
    "dots": charts.dots((Pair("p", *ALL_HIDDEN),), first="a", second="b"),
    "flow": charts.flow((Flow("Yes", "No", None, "c"), Flow("No", "No", 0)), source="a", target="b"),
    "upset": charts.upset(("A",), (Combination(("A",), None, "c"),)),
    "no sets": charts.upset((), ()),
    "steps": charts.steps(ALL_HIDDEN),
    "curves": charts.curves((Curve("one point", ((0, 0.0, None, None),)),)),
    "tile_map": charts.tile_map({"London": Item("", None, status="c")}),
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_to_draw_is_a_sentence(name: str) -> None:
    block = NOTHING[name].block("one", "Title")
    assert isinstance(block, Paragraph)
    assert block.text.startswith("Title: ")
    assert block.text.endswith(" No chart is drawn.")


def test_text_alternative_says_what_there_is_to_see() -> None:
    assert DRAWN["bars"][0].alt == (
        "Bars of % of children. Highest: Yes (55 %, 95 % interval 50 % to 58 %); "
        "lowest: Missing (0 %, 95 % interval 0 % to 1 %). Hidden to protect children (c): Hidden one."
    )
    assert "Area: 10 in 2021-22, 14 in 2023-24, 95 % interval 11 to 17." in DRAWN["lines"][0].alt
    assert "Largest: Yes to No, 80; No to No, 60; Yes to Yes, 10." in DRAWN["flow"][0].alt
    assert "Most frequent: A, 40; none of them, 7." in DRAWN["upset"][0].alt
    assert "Furthest apart: Safer, One 55 %, Others 6 %." in DRAWN["dots"][0].alt
    assert "2022-23: 9 % at 12 (n = 300)." in CURVES.alt
    assert charts.bars((Item("Yes", 5.0), Item("No", 5.0))).alt == "Bars of the figures. All 2 are 5 %."


def test_ribbons_are_as_wide_as_their_counts() -> None:
    """Each ribbon keeps its width from end to end, in proportion to its count, and none lies over its neighbour."""
    ribbons = [one["data"]["values"] for one in layers(DRAWN["flow"][0]) if one["mark"]["type"] == "area"]
    widths = [{round(row["y2"] - row["y"], 1) for row in ribbon} for ribbon in ribbons]
    first = [ribbon[0]["y2"] - ribbon[0]["y"] for ribbon in ribbons]
    assert all(max(width) - min(width) <= 0.11 for width in widths)
    # Sorted by their left end: Yes to Yes or Yes to No first, then No to No.
    counts = [80, 10, 60]
    assert [round(width / first[0], 2) for width in first] == pytest.approx(
        [one / counts[0] for one in counts], abs=0.01
    )
    for end in (0, -1):
        spans = sorted((ribbon[end]["y"], ribbon[end]["y2"]) for ribbon in ribbons)
        assert all(lower[1] <= upper[0] + 0.02 for lower, upper in itertools.pairwise(spans))


def test_sum_of_what_is_shown_does_not_pass_for_a_total() -> None:
    """Ends of a flow with a hidden part have no number, unless their total is given."""
    flows = (Flow("Yes", "No", 80), Flow("Yes", "Yes", 10), Flow("No", "No", 60), Flow("No", "Yes", None, "c"))
    assert {"Yes90", "Noc", "No140", "Yesc"} <= set(texts(drawn(charts.flow(flows, source="Intake", target="Exit"))))
    given = charts.flow(flows, source="Intake", target="Exit", sources=(Item("No", 63.0), Item("Yes", 90.0)))
    assert {"Yes90", "No63", "No140", "Yesc"} <= set(texts(drawn(given)))


def test_upset_stands_in_order_and_says_what_it_leaves_out() -> None:
    sets = ("A", "B", "C")
    combinations = [
        Combination(members, count)
        for count, members in enumerate(
            (members for size in range(4) for members in itertools.combinations(sets, size)), start=1
        )
    ]
    drawing = charts.upset(sets, combinations, most=5)
    counts = [row["count"] for row in rows_of(drawing, "bar") if "count" in row]
    assert counts == [8, 7, 6, 5, 4]
    assert "3 more combinations are in the table." in drawing.alt
    dots = [one["data"]["values"] for one in layers(drawing) if one["mark"]["type"] == "point"]
    assert [len(rows) for rows in dots] == [15 - 10, 10]  # 3 + 2 + 2 + 2 + 1 sets are in the five, the rest is faint


# Colours -------------------------------------------------------------------------------------------------------------


def linear(color: str) -> tuple[float, float, float]:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast_on_white(color: str) -> float:
    red, green, blue = linear(color)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_contrast() -> None:
    """WCAG 2.2: text 4.5 : 1, marks 3 : 1."""
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#000000") == pytest.approx(21)
    for color in (*canvas.SERIES, canvas.INK, canvas.MUTED):
        assert contrast_on_white(color) >= 4.5, color
    for color in (canvas.BAR, canvas.BAR_EDGE):
        assert contrast_on_white(color) >= 3, color


# Simulation of dichromacy on linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
DICHROMACY = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("kind", DICHROMACY)
def test_first_three_series_differ_with_each_kind_of_colour_blindness(kind: str) -> None:
    matrix = DICHROMACY[kind]
    seen = [
        lab(tuple(sum(weight * part for weight, part in zip(row, linear(color), strict=True)) for row in matrix))
        for color in canvas.SERIES[:3]
    ]
    for one, other in itertools.combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 20


def test_series_differ_in_shape_and_dash_too() -> None:
    drawing = charts.lines(tuple(Series(f"Area {index}", YEARS[:1] * 2) for index in range(4)))
    looks = [
        (str(one["mark"].get("strokeDash")), one["mark"]["color"])
        for one in layers(drawing)
        if one["mark"]["type"] == "line"
    ]
    shapes = [one["mark"]["shape"] for one in layers(drawing) if one["mark"]["type"] == "point"]
    assert len({dash for dash, _ in looks}) == len(set(shapes)) == len(looks) == 4
    for index in range(4):
        assert any(text.replace("\n", " ").startswith(f"Area {index}") for text in texts(drawn(drawing)))


# Text ----------------------------------------------------------------------------------------------------------------

WORD = st.text(
    st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc"), exclude_characters="\u200b"),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(WORD)
def test_any_label_comes_out_as_text(label: str) -> None:
    drawing = charts.bars((Item(label, 5.0), Item("<b>&amp;\"'", 6.0)))
    found = texts(drawn(drawing))
    assert "<b>&amp;\"'" in found
    assert printable(label) in found
    assert not list(drawn(drawing).iter("{http://www.w3.org/2000/svg}b"))


@pytest.mark.parametrize("label", ['href="#', 'id="x', "url(#", "the-chart-", "the-chart--x", 'xmlns="http'])
def test_label_that_looks_like_the_inside_of_the_picture_stays_as_it_is(label: str) -> None:
    clipped = dict(charts.bars((Item(label, 5.0),)).spec or {})
    clipped["layer"] = [{**one, "mark": {**one["mark"], "clip": True}} for one in clipped["layer"]]
    assert label in texts(drawn(Drawing(clipped, "alt")))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(60, 300))
def test_wrapped_text_fits(text: str, width: int) -> None:
    lines = canvas.wrapped(text, width).split("\n")
    assert len(lines) <= 3
    assert all(canvas.text_width(line) <= width or len(line) <= 4 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(printable(text).split())


@settings(max_examples=300, deadline=None)
@example(5e-324, False)
@given(st.floats(0.001, 1e7), st.booleans())
def test_ticks_begin_at_zero_and_reach_the_largest(largest: float, whole: bool) -> None:
    ticks = canvas.round_ticks(largest, whole=whole)
    steps = [after - before for before, after in itertools.pairwise(ticks)]
    assert ticks[0] == 0
    assert largest <= ticks[-1] * (1 + 1e-6)
    assert 1 <= len(steps) <= 5
    assert max(steps) - min(steps) <= 1e-6 * max(steps)
    assert not whole or all(tick == int(tick) for tick in ticks)


def test_numbers_are_rounded_half_up() -> None:
    assert canvas.show(0.5) == "1 %"
    assert canvas.show(2.5) == "3 %"
    assert canvas.show(54.449) == "54 %"
    assert canvas.show(1234, "count") == "1,234"
    assert canvas.show(1.25, "per 10,000") == "1.3 per 10,000"
    assert canvas.show(6, "weeks") == "6 weeks"
    assert canvas.show(-0.4) == "0 %"


# SVG -----------------------------------------------------------------------------------------------------------------


def ids_of(root: ET.Element) -> Iterator[str]:
    return (one.get("id", "") for one in root.iter() if one.get("id"))


def test_svg_is_named_and_refers_only_to_itself() -> None:
    clipped = dict(DRAWN["bars"][0].spec or {})
    clipped["layer"] = [{**one, "mark": {**one["mark"], "clip": True}} for one in clipped["layer"]]
    roots = [drawn(Drawing(clipped, "alt"), name) for name in ("one", "two")]
    for name, root in zip(("one", "two"), roots, strict=True):
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        ids = list(ids_of(root))
        assert len(ids) == len(set(ids)) > 2  # title, description and at least one clip
        referred = {
            value[value.index("#") + 1 : -1]
            for one in root.iter()
            for value in one.attrib.values()
            if value.startswith("url(")
        }
        assert referred
        assert referred <= set(ids)
        assert "http" not in ET.tostring(root, encoding="unicode").replace("http://www.w3.org/2000/svg", "")
        assert not any(one.tag.endswith(("script", "image", "style", "foreignObject")) for one in root.iter())
    assert not set(ids_of(roots[0])) & set(ids_of(roots[1]))


def test_same_figures_give_the_same_bytes() -> None:
    chart = DRAWN["flow"][0].block("one", "Title")
    assert isinstance(chart, Chart)
    first = svg.element(chart)
    svg._drawn.cache_clear()
    assert svg.element(chart) == first


def assert_texts_inside(root: ET.Element, name: str) -> None:
    _, _, width, height = (float(part) for part in root.get("viewBox", "").split())

    def walk(element: ET.Element, x: float, y: float) -> None:
        moved = element.get("transform", "")
        if moved.startswith("translate("):
            right, down = moved[10 : moved.index(")")].split(",")
            x, y = x + float(right), y + float(down)
        if element.tag.endswith("}text"):
            size = float(element.get("font-size", "13px").removesuffix("px"))
            lines = [line.text or "" for line in element] or [element.text or ""]
            wide = max(canvas.text_width(line, size) for line in lines)
            start = x - {"end": wide, "middle": wide / 2}.get(element.get("text-anchor", "start"), 0)
            assert start >= -1, (name, lines)
            assert start + wide <= width + 1, (name, lines)
            tall = (len(lines) - 1) * canvas.LINE / 2
            assert y - tall - size / 2 >= -1, (name, lines)
            assert y + tall <= height + 1, (name, lines)
        for child in element:
            walk(child, x, y)

    walk(root, 0, 0)


@pytest.mark.parametrize("name", DRAWN)
def test_texts_lie_inside_the_picture(name: str) -> None:
    """Labels are placed from estimated widths: none of the drawings may cut one off."""
    assert_texts_inside(drawn(DRAWN[name][0]), name)


def test_names_at_the_end_of_many_lines_lie_inside_and_apart() -> None:
    flat = tuple((float(time), 0.0, None, None) for time in range(3))
    for drawing in (
        charts.curves([Curve(f"Curve {index} with a name that takes two lines", flat) for index in range(5)]),
        charts.lines(
            [
                Series(f"Area {index} with a name that takes two lines", (Item("2023", 0.0), Item("2024", 0.0)))
                for index in range(5)
            ]
        ),
    ):
        root = drawn(drawing)
        assert_texts_inside(root, drawing.alt)
        names = [one for one in root.iter("{http://www.w3.org/2000/svg}text") if len(one) == 2]
        assert len(names) == 5
        heights = sorted(float(one.get("transform", "")[:-1].split(",")[1]) for one in names)
        assert all(lower - upper >= 2 * canvas.LINE - 0.01 for upper, lower in itertools.pairwise(heights))


@pytest.mark.parametrize("name", [*DRAWN, "curves"])
def test_every_text_of_the_specification_is_written_whole(name: str) -> None:
    drawing = CURVES if name == "curves" else DRAWN[name][0]
    expected = [row["text"].replace("\n", "") for row in rows_of(drawing, "text")]
    assert expected
    assert texts(drawn(drawing)) == expected


# Anything a mart could hold ------------------------------------------------------------------------------------------

LABEL = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: "none" not in text.lower() and "nan" not in text.lower()
)


@st.composite
def items(draw: st.DrawFn, *, whole: bool = False) -> Item:
    """A figure: shown with or without an interval, zero, huge, or not shown at all."""
    label = draw(LABEL)
    if draw(st.integers(0, 3)) == 0:
        return Item(
            label, None, n=draw(st.none() | st.integers(0, 10**6)), status=draw(st.sampled_from(["c", "z", "x"]))
        )
    value = float(draw(st.integers(0, 10**6))) if whole else draw(st.floats(0, 1e6))
    if draw(st.booleans()):
        return Item(label, value, n=draw(st.none() | st.integers(0, 10**6)))
    return Item(label, value, value * draw(st.floats(0, 1)), value * draw(st.floats(1, 3)), draw(st.integers(0, 10**6)))


def years_of(draw: st.DrawFn, periods: int) -> tuple[Item, ...]:
    return tuple(dataclasses.replace(draw(items()), label=f"20{10 + index}") for index in range(periods))


@st.composite
def drawings(draw: st.DrawFn) -> tuple[Drawing, bool]:
    """A drawing of one kind, and whether anything in it has a number."""
    kind = draw(st.sampled_from(["bars", "grouped", "lines", "histogram", "dots", "flow", "upset", "steps", "curves"]))
    rows = draw(st.lists(items(whole=kind in ("histogram", "steps")), max_size=9))
    shown = any(item.value is not None for item in rows)
    if kind == "bars":
        return charts.bars(rows), shown
    if kind == "histogram":
        return charts.histogram(rows), shown
    if kind == "steps":
        return charts.steps(rows, shares=[draw(LABEL) for _ in rows[1:]]), shown
    if kind == "dots":
        pairs = [Pair(draw(LABEL), one, other) for one, other in itertools.pairwise(rows)]
        shown = any(item.value is not None for pair in pairs for item in (pair.first, pair.second))
        return charts.dots(pairs, first=draw(LABEL), second=draw(LABEL)), shown
    if kind in ("grouped", "lines"):
        periods = draw(st.integers(1, 15 if kind == "lines" else 4))
        many = [years_of(draw, periods) for _ in range(draw(st.integers(1, 5)))]
        shown = any(item.value is not None for one in many for item in one)
        if kind == "lines":
            return charts.lines([Series(draw(LABEL), one) for one in many], unit="per 10,000"), shown
        return charts.grouped_bars([Group(draw(LABEL), one) for one in many]), shown
    names = draw(st.lists(LABEL, min_size=1, max_size=5, unique=True))
    counts = st.none() | st.integers(0, 10**5)
    if kind == "flow":
        flows = [
            Flow(one, other, count, "c" if count is None else "")
            for one in names
            for other in names
            if (count := draw(counts)) != 3
        ]
        return charts.flow(flows, source="Intake", target="Exit"), any(one.count for one in flows)
    if kind == "upset":
        combinations = [
            Combination(members, count, "c" if count is None else "")
            for size in range(len(names) + 1)
            for members in itertools.combinations(names, size)
            if (count := draw(counts)) != 3
        ]
        first = sorted(
            (one for one in combinations if one.count or one.count is None), key=lambda one: one.count is None
        )
        return charts.upset(names, combinations), any(one.count for one in first)
    curves = [
        Curve(
            name, tuple((float(time), draw(st.floats(0, 100)), None, None) for time in range(draw(st.integers(0, 5))))
        )
        for name in names
    ]
    return charts.curves(curves), any(len(one.points) > 1 for one in curves)


@settings(max_examples=150, deadline=None)
@given(drawings())
def test_whatever_the_marts_hold_can_be_drawn_and_said(made: tuple[Drawing, bool]) -> None:
    drawing, shown = made
    assert (drawing.spec is not None) == shown
    assert drawing.alt.strip()
    assert "None" not in drawing.alt
    assert "nan" not in drawing.alt.lower().split()
    if drawing.spec is None:
        return
    root = drawn(drawing)
    assert not re.search(r"\b(NaN|Infinity|undefined|null)\b", " ".join(str(one.attrib) for one in root.iter()))
    json.dumps(drawing.spec, allow_nan=False)
    assert_texts_inside(root, drawing.alt)
