"""Nothing of the sample stands in the engine, where it would get into anybody's releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.leaks import folded, sample_words
from tests.support.paths import ROOT, SEEDS

# What is printed from: seeds and code. Models hold examples of their unit tests, in which a made-up code may be any.
_CODE = ("catalogue", "disclosure", "expectations", "orchestration", "reporting", "programmes/template")
_TEXT = {".csv", ".css", ".html", ".js", ".md", ".py", ".sql", ".toml", ".yml"}


def _texts() -> Iterator[tuple[Path, str]]:
    for folder in (SEEDS, *(ROOT / name for name in _CODE)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _TEXT:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def _found(words: list[str]) -> list[str]:
    wanted = {word: folded(word) for word in words}
    texts = [(path, folded(text)) for path, text in _texts()]
    return [f"{path}: {word}" for path, text in texts for word, fold in wanted.items() if fold in text]


def test_no_word_of_the_sample_stands_in_the_engine() -> None:
    # The code of its authority is a number of three digits, which may stand anywhere for something else.
    words = [word for word in sample_words() if not (word.isdigit() and len(word) < 4)]
    assert "label_lost_1" in words
    assert _found(words) == []
    assert _found(["Child has eating problems"])
