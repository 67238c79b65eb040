"""Each kind of chart: what is drawn, what is not, what is said about it."""

from __future__ import annotations

import itertools

import altair
import pytest

from reporting.charts.bars import bars
from reporting.charts.curves import Curve, curves
from reporting.charts.drawing import Drawing, Item
from reporting.charts.flow import Ribbon, flow
from reporting.charts.grouped_bars import BarGroup, grouped_bars
from reporting.charts.histogram import histogram
from reporting.charts.lines import Series, lines
from reporting.charts.steps import steps
from reporting.charts.tile_map import tile_map
from reporting.charts.upset import Combination, upset
from reporting.document.blocks import Paragraph
from reporting.document.lettering import LINE
from tests.support.drawings import (
    CURVES,
    DRAWN,
    YEARS,
    assert_texts_inside,
    drawn,
    layers,
    rows_of,
    texts,
)
from tests.support.paths import ROOT


def test_every_kind_is_drawn_for_these_tests() -> None:
    modules = (ROOT / "reporting" / "charts").glob("*.py")
    kinds = {module.stem for module in modules if f"\ndef {module.stem}(" in module.read_text(encoding="utf-8")}
    assert kinds == {*DRAWN, "curves"}


@pytest.mark.parametrize("name", [*DRAWN, "curves"])
def test_specification_is_vega_lite(name: str) -> None:
    spec = CURVES.spec if name == "curves" else DRAWN[name][0].spec
    assert spec is not None
    altair.Chart.from_dict(dict(spec))  # raises where the schema of the library does not hold


@pytest.mark.parametrize("name", DRAWN)
def test_hidden_figure_has_its_symbol_and_no_mark(name: str) -> None:
    drawing, kind, expected = DRAWN[name]
    marks = rows_of(drawing, kind)
    assert len(marks) == expected
    assert all(value is not None for row in marks for value in row.values())
    if name != "flow":  # a hidden flow has no place of its own; it is named below the chart
        assert texts(drawn(drawing)).count("c") == 1
    assert "Hidden to protect children (c): " in drawing.alt


def test_hidden_bar_is_not_the_bar_of_a_zero() -> None:
    zero = bars((Item("Yes", 5.0), Item("No", 0.0, 0.0, 1.0)))
    hidden = bars((Item("Yes", 5.0), Item("No", None, status="c")))
    assert len(rows_of(zero, "bar")) == 2
    assert len(rows_of(hidden, "bar")) == 1
    assert "0 %" in texts(drawn(zero))
    assert texts(drawn(hidden)).count("0 %") == 1  # the axis


def test_hidden_year_breaks_the_line() -> None:
    whole = lines((Series("Area", YEARS[:1] * 3),))
    broken = lines((Series("Area", (*YEARS[:1] * 2, YEARS[1], *YEARS[:1] * 2)),))
    lines_of = {
        drawing.alt: [len(one["data"]["values"]) for one in layers(drawing) if one["mark"]["type"] == "line"]
        for drawing in (whole, broken)
    }
    assert lines_of == {whole.alt: [3], broken.alt: [2, 2]}
    bands = [len(one["data"]["values"]) for one in layers(broken) if one["mark"]["type"] == "area"]
    assert bands == [2, 2]


ALL_HIDDEN = (Item("a", None, status="c"), Item("b", None, status="c"))
NOTHING: dict[str, Drawing] = {
    "bars": bars(ALL_HIDDEN),
    "no bars": bars(()),
    "grouped_bars": grouped_bars((BarGroup("g", ALL_HIDDEN),)),
    "lines": lines((Series("s", ALL_HIDDEN),)),
    "no lines": lines(()),
    "histogram": histogram(ALL_HIDDEN),
    "flow": flow((Ribbon("Yes", "No", None, "c"), Ribbon("No", "No", 0)), source="a", target="b"),
    "upset": upset(("A",), (Combination(("A",), None, "c"),)),
    "no sets": upset((), ()),
    "steps": steps(ALL_HIDDEN),
    "curves": curves((Curve("one point", ((0, 0.0, None, None),)),)),
    "tile_map": tile_map({"London": Item("", None, status="c")}),
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
    assert "2022-23: 9 % at 12." in CURVES.alt
    assert bars((Item("Yes", 5.0), Item("No", 5.0))).alt == "Bars of the figures. All 2 are 5 %."


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
    """Ends of ribbons with a hidden part have no number."""
    flows = (Ribbon("Yes", "No", 80), Ribbon("Yes", "Yes", 10), Ribbon("No", "No", 60), Ribbon("No", "Yes", None, "c"))
    assert {"Yes90", "Noc", "No140", "Yesc"} <= set(texts(drawn(flow(flows, source="Intake", target="Exit"))))


def test_upset_stands_in_order_and_says_what_it_leaves_out() -> None:
    sets = ("A", "B", "C")
    combinations = [
        Combination(members, count)
        for count, members in enumerate(
            (members for size in range(4) for members in itertools.combinations(sets, size)), start=1
        )
    ]
    drawing = upset(sets, combinations, most=5)
    counts = [row["count"] for row in rows_of(drawing, "bar") if "count" in row]
    assert counts == [8, 7, 6, 5, 4]
    assert "3 more combinations are in the table." in drawing.alt
    dots = [one["data"]["values"] for one in layers(drawing) if one["mark"]["type"] == "point"]
    assert [len(rows) for rows in dots] == [15 - 10, 10]  # 3 + 2 + 2 + 2 + 1 sets are in the five, the rest is faint


@pytest.mark.parametrize("name", DRAWN)
def test_texts_lie_inside_the_picture(name: str) -> None:
    """Labels are placed from estimated widths: none of the drawings may cut one off."""
    assert_texts_inside(drawn(DRAWN[name][0]), name)


def test_names_at_the_end_of_many_lines_lie_inside_and_apart() -> None:
    flat = tuple((float(time), 0.0, None, None) for time in range(3))
    for drawing in (
        curves([Curve(f"Curve {index} with a name that takes two lines", flat) for index in range(5)]),
        lines(
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
        assert all(lower - upper >= 2 * LINE - 0.01 for upper, lower in itertools.pairwise(heights))


@pytest.mark.parametrize("name", [*DRAWN, "curves"])
def test_every_text_of_the_specification_is_written_whole(name: str) -> None:
    drawing = CURVES if name == "curves" else DRAWN[name][0]
    expected = [row["text"].replace("\n", "") for row in rows_of(drawing, "text")]
    assert expected
    assert texts(drawn(drawing)) == expected
