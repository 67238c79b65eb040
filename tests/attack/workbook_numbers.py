"""Every number of the workbook, beside the row of the open data that it repeats."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from tests.attack.open_data import TOTAL, Figure
from tests.attack.printed import Printed
from tests.attack.rules import decimal

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows(path: Path) -> list[tuple[str, list[str]]]:
    """Name of the sheet and texts of each row."""
    made = []
    with zipfile.ZipFile(path) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(node.text or "" for node in one.iter(f"{SPACE}t")) for one in root.iter(f"{SPACE}si")]
        for name in sorted(book.namelist()):
            if not name.startswith("xl/worksheets/sheet"):
                continue
            root = ElementTree.fromstring(book.read(name))
            for row in root.iter(f"{SPACE}row"):
                texts = []
                for cell in row.iter(f"{SPACE}c"):
                    value = cell.find(f"{SPACE}v")
                    text = value.text or "" if value is not None else ""
                    if cell.get("t") == "s" and text:
                        text = shared[int(text)]
                    elif cell.get("t") == "inlineStr":
                        text = "".join(node.text or "" for node in cell.iter(f"{SPACE}t"))
                    texts.append(text)
                made.append((name.rsplit("/", 1)[-1], texts))
    return made


def compare(folder: Path, figures: list[Figure]) -> list[str]:
    """Numbers of the workbook that the open data do not print in a row of the same topic and line."""
    by_topic: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.key.place == TOTAL or not figure.key.data_set.startswith("insights"):
            topic = figure.key.topic or "About this dataset (numbers given in the prose)"
            for name in {topic, re.sub(r"(?<=\)), .*$", "", topic), topic.rsplit(", ", 1)[0]}:
                by_topic[name].append(figure)
    own = []
    for path in sorted((folder / "open_data").glob("*.xlsx")):
        for sheet, texts in rows(path):
            found = [text for text in texts if decimal(text) is not None]
            topic = re.sub(r"\s*\[note[^\]]*\]", "", texts[0]).strip() if texts else ""
            if not found or topic not in by_topic:
                if found and sheet not in {"sheet1.xml", "sheet2.xml", "sheet3.xml"}:
                    own.append(f"{path.name} {sheet}: no topic {topic!r} in the open data: {', '.join(found[:4])}")
                continue
            words = {re.sub(r"\s*\[note[^\]]*\]", "", text).strip() for text in texts}
            words |= {word.split(": ", 1)[-1] for word in words}
            near = [figure for figure in by_topic[topic] if figure.key.line in words or not figure.key.line]
            known = Printed.of(near or by_topic[topic])
            for text in found:
                value = f"{round(float(text), 6):g}" if "." in text else text
                if not known.has(value):
                    own.append(f"{path.name} {sheet}: {value} in the row {' | '.join(texts[:4])[:160]}")
    return own
