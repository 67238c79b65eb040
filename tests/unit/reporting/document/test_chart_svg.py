"""A chart as SVG: labels stay text, it refers to nothing outside itself, the same chart gives the same bytes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.charts.bars import bars
from reporting.charts.drawing import Drawing, Item
from reporting.document import chart_svg
from reporting.document.blocks import Chart, printable
from tests.support.drawings import (
    DRAWN,
    drawn,
    texts,
)

WORD = st.text(
    st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc"), exclude_characters="\u200b"),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(WORD)
def test_any_label_comes_out_as_text(label: str) -> None:
    drawing = bars((Item(label, 5.0), Item("<b>&amp;\"'", 6.0)))
    found = texts(drawn(drawing))
    assert "<b>&amp;\"'" in found
    assert printable(label) in found
    assert not list(drawn(drawing).iter("{http://www.w3.org/2000/svg}b"))


@pytest.mark.parametrize("label", ['href="#', 'id="x', "url(#", "the-chart-", "the-chart--x", 'xmlns="http'])
def test_label_that_looks_like_the_inside_of_the_picture_stays_as_it_is(label: str) -> None:
    clipped = dict(bars((Item(label, 5.0),)).spec or {})
    clipped["layer"] = [{**one, "mark": {**one["mark"], "clip": True}} for one in clipped["layer"]]
    assert label in texts(drawn(Drawing(clipped, "alt")))


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
    first = chart_svg.element(chart)
    chart_svg._drawn.cache_clear()
    assert chart_svg.element(chart) == first
