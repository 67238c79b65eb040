"""The section that opens a report with what its programme says of itself."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.document.blocks import Block, BulletList, Paragraph, Section

# How a line of a list begins in `reference.programme_text`.
_LIST = "- "


def about_section(paragraphs: Sequence[str]) -> tuple[Section, ...]:
    """The section of these paragraphs and lines of lists; none where there are none."""
    blocks: list[Block] = []
    for text in paragraphs:
        if not text.startswith(_LIST):
            blocks.append(Paragraph(text))
            continue
        line = text.removeprefix(_LIST)
        if blocks and isinstance(blocks[-1], BulletList):
            blocks[-1] = BulletList((*blocks[-1].items, line))
        else:
            blocks.append(BulletList((line,)))
    return (Section("about-this-programme", "About this programme", tuple(blocks)),) if blocks else ()
