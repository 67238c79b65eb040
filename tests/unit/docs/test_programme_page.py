"""What the page about programmes gives as an example is so; what a stranger types first is there."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from catalogue.assembly import assemble
from catalogue.folding import fold_header
from catalogue.forms import Catalogue
from catalogue.programme import read_programme
from catalogue.shapes import shapes
from tests.support.forms import CATALOGUE
from tests.support.paths import ROOT, SEEDS

PAGE = (ROOT / "docs" / "programme.md").read_text(encoding="utf-8")


def test_every_header_that_is_given_as_an_example_is_understood() -> None:
    rows = PAGE.partition("| the column of | by code | by text |")[2].partition("\n\n")[0].splitlines()[2:]
    known = CATALOGUE.header_index("intake")
    seen = set()
    for row in rows:
        _, _, code, text, _ = row.split("|")
        (by_code,), (by_text,) = re.findall(r"`([^`]+)`", code), re.findall(r"`([^`]+)`", text)
        (one,) = {header.raw_column for header in known[fold_header(by_code)]}
        assert one in {header.raw_column for header in known[fold_header(by_text)]}, row
        for name in (by_code, by_text):
            seen |= {CATALOGUE.conventions[header.convention_id].convention_id for header in known[fold_header(name)]}
    assert seen == set(CATALOGUE.conventions)
    assert len(rows) == 6


def test_the_columns_of_a_key_are_those_of_the_table() -> None:
    for table in ("wording", "report_row"):
        named = PAGE.partition(f"of `{table}.csv`")[2].partition(";")[0]
        assert tuple(re.findall(r"`(\w+)`", named)) == shapes()[table].key


def test_the_question_with_its_table_is_a_catalogue(tmp_path: Path) -> None:
    files = re.findall(r"\n`(\w+\.csv)`\n\n```\n(.+?)```\n", PAGE, re.DOTALL)
    assert [name for name, _ in files] == ["question.csv", "option.csv", "report_table.csv", "report_row.csv"]
    folder = tmp_path / "north"
    (folder / "catalogue").mkdir(parents=True)
    (folder / "programme.toml").write_text(
        'id = "n"\nname = "N"\npublisher = "N"\nthemes = ["forms"]\n', encoding="utf-8"
    )
    for name, text in files:
        (folder / "catalogue" / name).write_text(text, encoding="utf-8")
    tables = assemble(read_programme(folder), tmp_path / "made")
    assert sum(row.place.is_own for row in tables["report_row"]) == files[-1][1].count("client_pets")
    known = Catalogue(tmp_path / "made" / "seeds" / "forms").header_index("intake")
    said = PAGE.partition("Then exports may have the columns ")[2].partition(". ")[0]
    for header in re.findall(r"`([^`]+)`", said):
        assert {one.question_id for one in known[fold_header(header)]} == {"intake_profile_pets"}


def test_tables_of_the_report_have_the_first_numbers() -> None:
    with (SEEDS / "forms" / "report_table.csv").open(encoding="utf-8", newline="") as handle:
        orders = [int(row["table_order"]) for row in csv.DictReader(handle)]
    assert sorted(orders) == list(range(1, len(orders) + 1))


def test_the_command_is_made_before_it_is_used() -> None:
    assert "READY := $(VENV)/.ready" in (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in (PAGE, (ROOT / "README.md").read_text(encoding="utf-8").partition("## With your own exports")[2]):
        assert 0 < page.index("make .venv/.ready") < page.index("insights init ../north")
