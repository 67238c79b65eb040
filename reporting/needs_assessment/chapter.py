"""The chapter of one authority, section by section in the order of the needs assessment.

Everything about an area is data: its name, its neighbours' and England's values come with the figures, so another
authority gets its chapter by sending its own returns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reporting.document.about import about_section
from reporting.document.blocks import Block, BulletList, Document, Paragraph, Section
from reporting.figures import Figures
from reporting.indicators import Indicator, read_indicators
from reporting.needs_assessment.analyses import analysis_blocks
from reporting.needs_assessment.area import Area, name_of_area, read_area
from reporting.needs_assessment.indicator_sections import indicator_section
from reporting.needs_assessment.layout import PARTS, ChapterPart
from reporting.needs_assessment.open_questions import open_questions
from reporting.needs_assessment.referral_to_plan import steps_section

_RULES = (
    "A value published for others that lies inside the 95 % interval of the area's own, limits included, is called "
    "similar; otherwise the area is higher or lower, and better or worse where it is known which of the two is good. "
    "A trend is called significant when the chi-square test over five years without a gap exceeds 9.549535706 and "
    "every line that leaves one year out has the same direction. Only shares of what counts once in a year are "
    "tested: counts, rates, and shares in which a child can count several times, or on a day that finds many of the "
    "same children every year, are not. A figure is given only where all records that it needs cover its period and "
    "what it looks back on; otherwise it is x, with the reason below the table. What is hidden is not compared."
)


def build_needs_assessment(figures: Figures, *, area: str) -> Document:
    """The chapter of an authority as a document of its own. Raises ReportError for an area that is not known."""
    name = name_of_area(figures, area)
    return Document(
        document_id=f"needs-assessment-{area}",
        title="Safeguarding children: needs assessment",
        subtitle=name,
        mode=figures.mode,
        sections=(*about_section(figures.programme.paragraphs("returns")), *build_chapter(figures, area=area)),
        facts=(("Area", name),),
        protected=figures.protected("social_care", place=area),
    )


def build_chapter(figures: Figures, *, area: str) -> tuple[Section, ...]:
    """The sections of one authority; of one without returns, a section that says so.

    Raises ReportError, listing what there is, for an area that is not known at all.
    """
    own = read_area(figures, area)
    indicators = read_indicators(figures, "social_care")
    # England is there whoever sends returns; an area is there when it has sent some.
    has_own = {
        indicator.indicator_id
        for indicator in indicators
        if any(figure.geography_level == "authority" for figure in own.indicators.get(indicator.indicator_id, ()))
    }
    if not has_own:
        return (_nothing_sent(own),)
    sections = [_about(own, figures)]
    for part, members in _by_part(indicators):
        found = [
            *steps_section(part, own),
            *(indicator_section(one, own) for one in members if one.indicator_id in has_own),
            *_analyses(part, own),
        ]
        if found:
            note = (Paragraph(part.note, "note"),) if part.note else ()
            sections.append(Section(f"{own.prefix}-group-{part.part_id}", part.title, note, tuple(found)))
    sections.append(open_questions(figures, own, {one.indicator_id: one for one in indicators}))
    sections.extend(_without([one for one in indicators if one.indicator_id not in has_own], own.prefix))
    return tuple(sections)


def _nothing_sent(area: Area) -> Section:
    sentence = (
        f"No returns of {area.name} have come, so there is nothing to assess. Put its returns in their folder and run "
        "again."
    )
    return Section(f"{area.prefix}-none", "No returns", (Paragraph(sentence),))


def _by_part(indicators: Sequence[Indicator]) -> list[tuple[ChapterPart, list[Indicator]]]:
    """Every indicator in one part: where it was moved to, where its section stands, or in the last."""
    place = {section: part.part_id for part in PARTS for section in part.sections}
    moved = {indicator_id: part.part_id for part in PARTS for indicator_id in part.moved_here}
    members: dict[str, list[Indicator]] = defaultdict(list)
    for one in indicators:
        members[moved.get(one.indicator_id, place.get(one.section, PARTS[-1].part_id))].append(one)
    return [(part, members[part.part_id]) for part in PARTS]


def _about(area: Area, figures: Figures) -> Section:
    blocks: list[Block] = [
        Paragraph(
            f"Figures of {area.name} from its own returns, beside England and the statistical neighbours where those "
            "are published. Intervals are 95 %: Wilson's for shares, Byar's (exact Poisson below 10) for rates."
        ),
        Paragraph(_RULES, "note"),
    ]
    if figures.mode == "public":
        blocks.append(
            Paragraph(
                "Analyses that follow a child over several events (what occurs together, who goes on from step to "
                "step, who comes back into care) are part of the internal edition only: their cells cut across one "
                "another and across the tables here, and a few children in one of them could be found out from the "
                "others.",
                "note",
            )
        )
    return Section(f"{area.prefix}-about", "How to read this chapter", tuple(blocks))


def _analyses(part: ChapterPart, area: Area) -> list[Section]:
    sections = []
    for analysis in part.analyses:
        blocks = analysis_blocks(
            analysis,
            area.analyses.get(analysis.indicator_id, ()),
            area_name=area.name,
            prefix=area.prefix,
            decimals=area.decimals,
        )
        if blocks:
            slug = analysis.indicator_id.replace("/", "-").replace("_", "-")
            sections.append(Section(f"{area.prefix}-analysis-{slug}", analysis.title, tuple(blocks)))
    return sections


def _without(indicators: Sequence[Indicator], prefix: str) -> list[Section]:
    outside = [one for one in indicators if one.computable != "yes"]
    unsent = [one for one in indicators if one.computable == "yes"]
    blocks: list[Block] = []
    if outside:
        blocks.append(
            Paragraph("A needs assessment names these figures as well, but no record that is returned holds them.")
        )
        reasons: dict[str, list[str]] = defaultdict(list)
        for one in outside:
            why = (one.why or "").rstrip(".") or "Held by no record that is returned"
            reasons[why].append(one.title)
        for reason, titles in reasons.items():
            blocks.append(Paragraph(f"{reason}:"))
            blocks.append(BulletList(tuple(titles)))
    if unsent:
        blocks.append(Paragraph("Records could give these, but none have come from this area:"))
        blocks.append(BulletList(tuple(one.title for one in unsent)))
    return [Section(f"{prefix}-without", "What the returns do not give", tuple(blocks))] if blocks else []
