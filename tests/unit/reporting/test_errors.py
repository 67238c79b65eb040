"""Whatever reporting refuses comes out as its sentence and exit code 1, wherever in it that is said."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.commands import cli
from orchestration.errors import TOLD_AS_THEY_ARE
from reporting.changes.comparison import diff_lines
from reporting.errors import ReportError
from reporting.figures import Figure, Figures
from reporting.forms_report.chapters import build_report
from reporting.needs_assessment.chapter import build_needs_assessment
from reporting.open_data.licence import LICENCE_VARIABLE
from reporting.open_data.writing import write_open_data
from reporting.outputs import choose_document
from tests.support import open_data_release, report_figures, returns_release
from tests.support.figures import figure
from tests.support.paths import ROOT


def of_forms(folder: Path) -> Path:
    return report_figures.write_report_release(folder / "insights.duckdb", [report_figures.figure()], [])


def no_such_document(folder: Path) -> None:
    with Figures(of_forms(folder), "internal") as figures:
        choose_document(figures, area="000")


def no_such_document_in_public(folder: Path) -> None:
    database = of_forms(folder)
    with duckdb.connect(str(database)) as con:
        con.execute("alter table reference.reporting_year add column is_provisional boolean default true")
        con.execute("alter table reference.reporting_year add column short_label varchar default '2023-24'")
    with Figures(database, "public") as figures:
        choose_document(figures)


def no_such_year(folder: Path) -> None:
    with Figures(of_forms(folder), "internal") as figures:
        build_report(figures, year=1999)


def no_such_area(folder: Path) -> None:
    database = returns_release.release(folder / "insights.duckdb", returns_release.sample())
    with Figures(database, "public") as figures:
        build_needs_assessment(figures, area="000")


def no_such_release(folder: Path) -> None:
    diff_lines(folder, "r-none", "current")


def open_data_of(folder: Path, *figures: Figure) -> None:
    write_open_data(open_data_release.write_release(folder / "insights.duckdb", figures), folder / "open_data")


def no_such_level(folder: Path) -> None:
    open_data_of(folder, figure(geography_level="ward", geography_code="E05000001"))


def against_the_standard(folder: Path) -> None:
    open_data_of(folder, figure(), figure(row_order=2, row_label="NULL"))


def no_such_licence(folder: Path) -> None:
    open_data_of(folder, figure())


# Every function that refuses something, what makes it do so, and a piece of what it says.
REFUSALS: dict[str, tuple[Callable[[Path], None], str]] = {
    "outputs.choose_document": (no_such_document_in_public, "is not over, so the public side has no figures"),
    "outputs._only": (no_such_document, "There is no area 000 in this release"),
    "forms_report.edition.read_edition": (no_such_year, "There is no reporting year 1999"),
    "needs_assessment.area.name_of_area": (no_such_area, "There is no area 000 with figures"),
    "changes.releases.find_release": (no_such_release, "There is no release 'r-none'"),
    "open_data.data_sets._place": (no_such_level, "no level for figures of the geography 'ward'"),
    "open_data.writing.write_open_data": (against_the_standard, "nothing may be published"),
    "open_data.licence.licence_from": (no_such_licence, "names a licence that is not known"),
}


def functions_that_refuse() -> Iterator[str]:
    for path in (ROOT / "reporting").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT / "reporting").with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "raise ReportError(" in ast.unparse(node):
                yield f"{module}.{node.name}"


def test_every_refusal_is_looked_at_here() -> None:
    assert sorted(functions_that_refuse()) == sorted(REFUSALS)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_as_it_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse, said = REFUSALS[name]
    if refuse is no_such_licence:
        monkeypatch.setenv(LICENCE_VARIABLE, "Zanzibar")
    with pytest.raises(ReportError) as raised:
        refuse(tmp_path)
    sentence = str(raised.value)

    def command() -> None:
        raise raised.value

    monkeypatch.setattr(cli, "app", command)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"insights: {sentence}\n"
    assert said in sentence
    assert sentence.endswith((".", ". "))
    assert "Zanzibar" not in sentence


def test_who_tells_an_error_tells_those_of_every_room() -> None:
    """A handler that names the error in order to tell it catches `TOLD_AS_THEY_ARE`, never our own kind alone."""
    told, alone = [], []
    for path in (ROOT / "orchestration").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and node.name and node.type is not None:
                caught = ast.unparse(node.type)
                told += [path.name] if caught == TOLD_NAME else []
                alone += [f"{path.name}: {node.lineno}"] if "OperatorError" in caught else []
    assert "cli.py" in told
    assert len(told) >= 2, "the command line and the steps of a run"
    assert alone == []
    assert issubclass(ReportError, TOLD_AS_THEY_ARE)


TOLD_NAME = "TOLD_AS_THEY_ARE"
