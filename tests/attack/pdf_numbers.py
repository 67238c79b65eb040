"""Every number of the PDF reports, by edition."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2

from tests.attack.html_numbers import of_edition
from tests.attack.open_data import Figure
from tests.attack.printed import Printed, numbers


def compare(folder: Path, figures: list[Figure]) -> tuple[list[str], str]:
    """Numbers that the open data of the edition do not print, and what was read."""
    own = []
    pages = 0
    for path in sorted((folder / "report").glob("*.pdf")):
        known = Printed.of(of_edition(path.stem, figures))
        book = pypdfium2.PdfDocument(str(path))
        for page in range(len(book)):
            pages += 1
            text = book[page].get_textpage().get_text_bounded()
            text = re.sub(r"-\r?\n", "", text)
            for line in re.split(r"\r?\n", text):
                strange = [number for number in numbers(line) if not known.has(number)]
                if strange:
                    own.append(f"{path.name} page {page + 1}: {', '.join(strange)} in: {line[:200]}")
        book.close()
    return own, f"PDF: {pages} pages read"
