"""What a programme says of itself in its own words: `text/forms.md` and `text/returns.md`, as rows of the catalogue.

Plain text: a blank line ends a paragraph, a line that begins with `- ` is one of a list. Nothing in it is markup.
"""

from __future__ import annotations

from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError
from catalogue.files import read_own_text, refuse_strays, unprintable
from catalogue.programme import THEMES, Programme

_LARGEST = 20 * 1024
_LIST = "- "
# Stands for a blank here: tabs, and the breaks that word processors put into a line.
_BLANKS = str.maketrans("\t\u2028\u2029", "   ")


def text_rows(programme: Programme) -> list[dict[str, str]]:
    """The paragraphs of a programme as rows of `programme_text`, by theme and in order.

    Raises ProgrammeError: a file of another name or of a theme the programme has not; one that cannot be read, is not
    in UTF-8, is too large, leads out of the folder, or holds a control character.
    """
    folder = programme.path("text")
    if not folder.is_dir():
        return []
    names = [f"{theme}.md" for theme in THEMES]
    refuse_strays(folder, names)
    for theme in THEMES:
        path = folder / f"{theme}.md"
        if path.exists() and theme not in programme.themes:
            raise ProgrammeError(
                f"{path}: it opens a report of {theme}, which `themes` in programme.toml does not name. Nothing "
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
        character = unprintable(words.translate(_BLANKS))
        if character is not None:
            raise ProgrammeError(
                f"{path}, line {line}: it holds {character}, which no report can print. {NOTHING_DONE}"
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
