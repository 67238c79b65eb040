"""Every file of the repository that a document, comment or docstring names is there, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

FOLDERS = (
    "benchmarks", "catalogue", "dbt_project", "disclosure", "docs", "expectations", "notebooks", "orchestration",
    "reporting", "synthetic", "tests", "tools", ".github",
)  # fmt: skip
READ = {".md", ".py", ".sql", ".yml", ".toml"}
# A path from the top of the repository down to a file; with a placeholder in it, it is a pattern and no file.
NAMED = re.compile(rf"(?<![\w/.<*-])((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*\w\.(?:py|sql|md|csv|yml))\b")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def texts() -> Iterator[Path]:
    """The files that may name others, without what a run makes; tests also name files that they make up."""
    yield from (file for file in ROOT.iterdir() if file.suffix in READ or file.name == "Makefile")
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in READ and not {"tests", "target", "data", "__pycache__"} & set(
                file.relative_to(ROOT).parts
            ):
                yield file


def missing(file: Path) -> list[str]:
    """What a file names and is not there: paths from the top, and in Markdown the targets of links."""
    text = file.read_text(encoding="utf-8")
    lost = [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    if file.suffix == ".md":
        lost += [target for target in LINK.findall(text) if not (file.parent / target).exists()]
    return sorted(set(lost))


def test_what_a_file_names_is_there():
    assert {str(file.relative_to(ROOT)): lost for file in texts() if (lost := missing(file))} == {}


def test_a_file_that_is_gone_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("`tests/unit/no_such_test.py`, [there](page.md), [gone](other.md)", encoding="utf-8")
    assert missing(page) == ["other.md", "tests/unit/no_such_test.py"]


def test_every_decision_is_in_the_index():
    decisions = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((decisions / "README.md").read_text(encoding="utf-8")))
    assert listed == {file.name for file in decisions.glob("[0-9]*.md")}
