"""Cells as somebody may type them, and what two people would agree that they say, from the seeds by themselves."""

from __future__ import annotations

import csv
import string
import unicodedata
from functools import cache

from hypothesis import strategies as st

from tests.support.forms import CATALOGUE
from tests.support.paths import SEEDS


@cache
def offered(form_id: str, option_set: str) -> dict[str, str]:
    """Every text of an option set as it is compared, from the seeds by themselves."""
    with (SEEDS / "forms" / "option.csv").open(encoding="utf-8", newline="") as handle:
        options = [row for row in csv.DictReader(handle) if row["option_set"] == option_set]
    with (SEEDS / "forms" / "wording.csv").open(encoding="utf-8", newline="") as handle:
        wordings = [row for row in csv.DictReader(handle) if row["form_id"] == form_id]
    found: dict[str, str] = {}
    for option in options:
        item = f"{option_set}.{option['option_code']}"
        worded = [row["wording"] for row in wordings if row["item_id"] == item]
        for text in (option["option_label"], option["option_code"], *worded):
            found.setdefault(plain(text), option["option_code"])
    return found


def plain(text: str) -> str:
    """A text as two people would agree on it: no accents, one kind of dash and quotation mark, single blanks."""
    read = unicodedata.normalize(
        "NFD", "".join(one for one in text.lower() if unicodedata.category(one) not in ("Cf",))
    )
    read = "".join(one for one in read if unicodedata.category(one) != "Mn")
    for one in read:
        if unicodedata.category(one) == "Pd":
            read = read.replace(one, "-")
    read = read.replace("\u2018", "'").replace("\u2019", "'").replace("&", " and ")
    letters = [
        one for place, one in enumerate(read)
        if one != "." or (read[place - 1 : place].isdigit() and read[place + 1 : place + 2].isdigit())
    ]  # fmt: skip
    return " ".join("".join(letters).split())


YES = dict.fromkeys(("1", "1.0", "true", "t", "y", "x", "checked"), "yes")
NO = dict.fromkeys(("0", "0.0", "false", "f", "n", "unchecked"), "no")


def is_blank(text: str) -> bool:
    """Whether programs write this where nothing is."""
    return plain(text) in {"", "nan", "nat", "null", "<na>", "#n/a", "none"}


def dressed(text: str) -> st.SearchStrategy[str]:
    """A text as somebody may type it, paste it, or have it changed by a word processor."""
    ways = [
        lambda one: one,
        str.upper,
        str.lower,
        lambda one: f"  {one} ",
        lambda one: one.replace(" ", "\u00a0"),
        lambda one: one.replace(" ", "  "),
        lambda one: one.replace("-", "\u2013"),
        lambda one: one.replace("'", "\u2019"),
        lambda one: f"{one[:1]}\u200b{one[1:]}",
        lambda one: f"{one}.",
    ]
    return st.sampled_from(ways).map(lambda way: way(text))


QUESTIONS = [
    question
    for question in CATALOGUE.questions.values()
    if question.answer_type in ("single", "matrix", "tick_all") and not question.derivation
]
STRAY = st.one_of(
    st.sampled_from(
        ["Boy", "Her great aunt", "n/a", "other (see notes)", "7", "1/2", "?", "Yes but", "June", "O'Neil"]
    ),
    st.text(string.ascii_letters + " '-\u2019\u00e9", min_size=1, max_size=12),
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A question with several cells: entries of its own, dressed, and words of somebody else."""
    question = draw(st.sampled_from(QUESTIONS))
    own = sorted(CATALOGUE.spellings(question.question_id))
    entry = st.one_of(st.sampled_from(own).flatmap(dressed), STRAY)
    if question.answer_type == "tick_all":
        cell = st.lists(entry.map(lambda one: one.replace(";", "").replace("|", "")), max_size=4).map(";".join)
    else:
        cell = entry
    return question.form_id, question.question_id, draw(st.lists(cell, min_size=1, max_size=8))
