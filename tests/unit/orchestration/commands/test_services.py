"""`insights services`: the list on the screen, and the questions that only a terminal is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from catalogue import load_catalogue
from catalogue.services import read_services
from orchestration.commands.services import declare, service_lines, undeclared_note
from orchestration.errors import OperatorError
from orchestration.landing.folder import land_folder
from orchestration.landing.forms.sent_by import undeclared
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.settings import Settings
from tests.support.forms import header, record, table

HEAD = "code,name,spellings,region,from,to,became\n"
LIST = "# ours\r\n" + HEAD.replace("\n", "\r\n") + 'oak,"Oak, the House",Oak,,,,\r\n# end\r\nelm,Elm,,,,,\r\n'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    raw.mkdir()
    texts = [
        "Oak",
        "oak.",
        "The Oaks",
        "the  OAKS",
        "Mum rang;\nZebediah\x1b[2J",
        "Women\u2019s Aid",
        "Women's Aid",
        "",
    ]
    rows = []
    for number, text in enumerate(texts, start=1):
        row = record(number)
        row[header().index("service")] = text
        rows.append(row)
    (raw / "a.csv").write_text(table([header(), *rows]))
    (raw / "b.csv").write_text("no table of ours")
    programme = tmp_path / "list"
    programme.mkdir()
    (programme / "services.csv").write_bytes(LIST.encode())
    (programme / "programme.toml").write_text(
        'id = "p"\nname = "P"\npublisher = "Nobody"\nthemes = ["forms"]\nraw = "../raw"\nhome = "../home"\n'
    )
    return Settings(tmp_path / "home", raw, "sample", programme)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)


def answers(*given: str) -> Callable[[str], str]:
    left: Iterator[str] = iter(given)
    return lambda _: next(left)


def test_the_list_names_the_undeclared_by_short_code(settings):
    land_folder(settings, run_id="r")
    lines = "\n".join(service_lines(settings))
    assert "Oak, the House" in lines
    assert lines.count("?") == 3
    assert "a.csv" in lines
    assert not any(word in lines for word in ("Zebediah", "Women", "The Oaks"))


def test_the_end_of_a_run_tells_what_is_set_aside(settings):
    land_folder(settings, run_id="r")
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        (_, line) = undeclared_note(undeclared(con, load_catalogue()))
    assert line.startswith("Aside    5 forms of services that are not declared: ?")
    assert "Zebediah" not in line


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_without_a_terminal_nothing_is_shown(settings, monkeypatch, stream):
    on_a_terminal(monkeypatch)
    monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: False, raising=False)
    said: list[str] = []
    with pytest.raises(OperatorError, match="works on a terminal only"):
        declare(settings, answers(), said.append)
    assert said == []


def test_each_is_shown_and_asked_and_the_list_keeps_what_is_there(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    said: list[str] = []
    # In the order of their forms, then their words: The Oaks, Women's Aid, the slipped cell.
    declare(settings, answers("1", "n", "Women's Aid North", "", ""), said.append)
    text = settings.services_path.read_bytes().decode()
    assert text == (
        "# ours\r\n"
        + HEAD.replace("\n", "\r\n")
        + 'oak,"Oak, the House",Oak; The Oaks,,,,\r\n# end\r\nelm,Elm,,,,,\r\n'
        "womens-aid-north,Women's Aid North,Women's Aid,,,,\r\n"
    )
    shown = "\n".join(said)
    assert "1 of 3: The Oaks" in shown
    assert "2 forms in a.csv" in shown
    assert "Mum rang; Zebediah" in shown
    assert "\x1b" not in shown
    services = read_services(settings.services_path)
    assert services.code_of("the oaks") == "oak"
    assert services.code_of("Women\u2019s Aid") == "womens-aid-north"
    assert services.code_of("Zebediah") is None
    assert not [path for path in settings.services_path.parent.iterdir() if path.name.startswith(".services")]


def test_what_cannot_be_done_is_said_and_asked_again(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    said: list[str] = []
    declare(
        settings,
        answers("nobody", "9", "n", "Total", "", "n", "The Oaks", "../x", "elm", "", "1", ""),
        said.append,
    )
    shown = "\n".join(said)
    assert shown.count("No service has that code.") == 2
    assert "another name" in shown
    assert "its code must be" in shown.lower()
    assert "semicolon" in shown
    assert read_services(settings.services_path).code_of("The Oaks") == "elm"


def test_a_code_that_reads_like_an_answer_is_never_taken_for_one(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    said: list[str] = []
    # The Oaks is most like Oak, which is 1 of what is shown; Ash has the code 1, Elm the code n, Fir the code 09.
    settings.services_path.write_text(HEAD + "4,Oak,,,,,\n1,Ash,,,,,\nn,Elm,,,,,\n09,Fir,,,,,\n")
    declare(settings, answers("1", "n", "9", "+", "The 5", "", "=1", ""), said.append)
    shown = "\n".join(said)
    assert "1  it is another spelling of Oak (4)" in shown
    assert "`1` could be a number above or a code. Type `=4` for Oak, `=1` for Ash." in shown
    assert "`n` is the code of Elm here. Type `=n` for it, + for a new service." in shown
    assert "+  declare it as a new service" in shown
    assert "Noted: another spelling of Fir (09)." in shown
    services = read_services(settings.services_path)
    assert services.code_of("The Oaks") == "09"
    assert {services.code_of("The Oaks"), services.code_of("Women's Aid")} == {"09", "the-5"}


def test_no_code_is_proposed_that_reads_like_an_answer(settings):
    services = read_services(settings.services_path)
    assert [services.proposed_code(name) for name in ("7", "N.", "n-7")] == ["service-7", "service-n", "n-7"]


def test_a_list_is_begun_where_there_is_none(settings, monkeypatch):
    settings.services_path.unlink()
    on_a_terminal(monkeypatch)
    declare(settings, answers("n", "", "", "", "", ""), lambda _: None)
    assert settings.services_path.read_text() == HEAD + "oak,Oak,Oak,,,,\n"
    declare(settings, answers("", "", ""), lambda _: None)
    assert settings.services_path.read_text() == HEAD + "oak,Oak,Oak,,,,\n"


def test_a_list_that_somebody_changed_meanwhile_is_not_written_over(settings, monkeypatch):
    on_a_terminal(monkeypatch)

    def change(_: str) -> str:
        settings.services_path.write_text(HEAD)
        return ""

    with pytest.raises(OperatorError, match="changed by somebody else"):
        declare(settings, change, lambda _: None)
    assert settings.services_path.read_text() == HEAD


def test_when_all_are_declared_nothing_is_asked(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    (settings.raw_dir / "a.csv").unlink()
    said: list[str] = []
    declare(settings, answers(), said.append)
    assert said == ["Every service that the files name is declared."]
