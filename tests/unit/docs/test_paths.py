"""Every file of the repository that a document, comment or docstring names is there, and every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.support.paths import ROOT

FOLDERS = (
    "benchmarks", "catalogue", "dbt_project", "disclosure", "docs", "expectations", "notebooks", "orchestration",
    "programmes", "reporting", "synthetic", "tests", "tools", ".github",
)  # fmt: skip
READ = {".md", ".py", ".sql", ".yml", ".toml"}
# A path from the top of the repository down to a file; with a placeholder in it, it is a pattern and no file.
NAMED = re.compile(rf"(?<![\w/.<*-])((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*\w\.(?:py|sql|md|csv|yml))\b")
# The same down to a folder, and in a document the bare name of a file. Capitals are placeholders: `NAME.csv`.
FOLDER = re.compile(rf"(?<![\w/.<*-])((?:{'|'.join(map(re.escape, FOLDERS))})/(?:[\w-]+/)+)(?![\w<*.{{])")
BARE = re.compile(r"`([a-z_][\w-]*\.(?:py|sql|yml|csv))`")
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")
# What a run makes lies beside what the repository holds, so a document may name it and it need not be there.
MADE = ("dbt_project/target/", "benchmarks/data/")


def texts() -> Iterator[Path]:
    """The files that may name others, without what a run makes; tests also name files that they make up."""
    yield from (file for file in ROOT.iterdir() if file.suffix in READ or file.name == "Makefile")
    yield ROOT / "data" / "raw" / "README.md"
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in READ and not {"tests", "target", "data", "__pycache__"} & set(
                file.relative_to(ROOT).parts
            ):
                yield file


@lru_cache(maxsize=1)
def file_names() -> frozenset[str]:
    """The names of all files of the repository, without what a run makes."""
    return frozenset(
        file.name for folder in (*FOLDERS, "data") for file in (ROOT / folder).rglob("*") if "target" not in file.parts
    )


def anchors(page: Path) -> set[str]:
    """The places in a page that a link can lead to: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing(file: Path) -> list[str]:
    """What a file names and is not there: paths from the top; in Markdown also bare names and the targets of links."""
    text = file.read_text(encoding="utf-8")
    lost = [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    lost += [name for name in FOLDER.findall(text) if not (ROOT / name).is_dir() and not name.startswith(MADE)]
    if file.suffix == ".md":
        lost += [name for name in BARE.findall(text) if name not in file_names()]
        for target, place in LINK.findall(text):
            page = file.parent / target if target else file
            if not page.exists():
                lost.append(target)
            elif place and place not in anchors(page):
                lost.append(f"{target}#{place}")
    return sorted(set(lost))


def test_what_a_file_names_is_there():
    assert {str(file.relative_to(ROOT)): lost for file in texts() if (lost := missing(file))} == {}


def test_a_file_that_is_gone_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Here it is\n`tests/unit/no_such_test.py`, `tests/no_such_folder/`, `no_such_module.py`, `question.csv`, "
        "[there](page.md#here-it-is), [gone](other.md), [no such heading](#there-it-was), `dbt_project/target/parsed/`",
        encoding="utf-8",
    )
    assert missing(page) == [
        "#there-it-was", "no_such_module.py", "other.md", "tests/no_such_folder/", "tests/unit/no_such_test.py",
    ]  # fmt: skip


def test_every_document_is_read():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    documents = {ROOT / name for name in tracked.splitlines() if name.endswith(".md") or name.startswith("notebooks/")}
    assert documents <= set(texts())
    assert {ROOT / "docs" / "decisions" / "README.md", ROOT / "data" / "raw" / "README.md"} <= documents


def test_every_decision_is_in_the_index():
    decisions = ROOT / "docs" / "decisions"
    listed = {target for target, _ in LINK.findall((decisions / "README.md").read_text(encoding="utf-8"))}
    assert listed == {file.name for file in decisions.glob("[0-9]*.md")}


def test_every_file_of_macros_is_on_the_map():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = set(BARE.findall(page.partition("## The macros")[2].partition("\n## ")[0]))
    files = (ROOT / "dbt_project" / "macros").rglob("*.sql")
    # A rule is one of a hundred; its folder is on the map.
    assert listed == {file.name for file in files if file.parent.parent.name != "rules"}
