"""What a programme says of itself in its own words: `text/forms.md` and `text/returns.md`, as rows of the catalogue.

Plain text: a blank line ends a paragraph, a line that begins with `- ` is one of a list. Nothing in it is markup.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown
from catalogue.files import read_own_text
from catalogue.programme import THEMES, Programme

_LARGEST = 20 * 1024
_LIST = "- "
_README = "README.md"
# Besides controls and halves of surrogate pairs: what turns the direction of the text after it.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_rows(programme: Programme) -> list[dict[str, str]]:
    """The paragraphs of a programme as rows of `programme_text`, by theme and in order.

    Raises ProgrammeError: a file of another name or of a theme the programme has not; one that cannot be read, is not
    in UTF-8, is too large, leads out of the folder, or holds a control character.
    """
    folder = programme.path("text")
    if not folder.is_dir():
        return []
    names = [f"{theme}.md" for theme in THEMES]
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == _README:
            continue
        if path.name not in names:
            raise ProgrammeError(
                f"{folder}: no report reads `{shown(path.name)}`.{nearest(path.name, names)} The folder may hold "
                f"{' and '.join(names)}. Nothing was done. Rename or remove the file, then run again."
            )
        if path.stem not in programme.themes:
            raise ProgrammeError(
                f"{path}: it opens a report of {path.stem}, which `themes` in programme.toml does not name. Nothing "
                "was done. Remove the file or name the theme, then run again."
            )
    return [
        {"theme": theme, "paragraph_no": str(number), "text": text}
        for theme in THEMES
        if (folder / f"{theme}.md").exists()
        for number, text in enumerate(_paragraphs(_read(folder / f"{theme}.md")), start=1)
    ]


def _read(path: Path) -> str:
    too_large = f"is larger than {_LARGEST // 1024} KB. Nothing was done. Shorten it."
    text = read_own_text(path, _LARGEST, too_large).replace("\r\n", "\n").replace("\r", "\n")
    for line, words in enumerate(text.split("\n"), start=1):
        for character in words:
            if character != "\t" and (unicodedata.category(character) in ("Cc", "Cs") or character in _TURNING):
                raise ProgrammeError(
                    f"{path}, line {line}: it holds the control character U+{ord(character):04X}, which no report can "
                    f"print. {NOTHING_DONE}"
                )
    return text


def _paragraphs(text: str) -> list[str]:
    """Paragraphs and lines of lists, each on one line; a line that opens neither goes on with the one above it."""
    found: list[str] = []
    is_open = False
    for line in text.split("\n"):
        words = " ".join(line.split())
        if not words:
            is_open = False
        elif is_open and not words.startswith(_LIST):
            found[-1] += f" {words}"
        else:
            found.append(words)
            is_open = True
    # A hyphen alone says nothing.
    return [one for one in found if one.strip("- ")]
