"""`insights services`: the list on the screen, and the questions that only a terminal is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from catalogue import load_catalogue
from catalogue.services import read_services
from orchestration.commands.services import declare, reads_like_a_sentence, service_lines, undeclared_note
from orchestration.errors import OperatorError
from orchestration.landing.folder import land_folder
from orchestration.landing.forms.sent_by import sent_by, undeclared
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


def noted(asked: list[str], ask: Callable[[str], str]) -> Callable[[str], str]:
    """Asks as another does, and keeps the questions."""

    def one(question: str) -> str:
        asked.append(question)
        return ask(question)

    return one


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
        answers(
            *["nobody", "9", "n", "Total", "", "n", "The Oaks", "../x"],
            *["n", "Oaks", "oak", "elm", "", "oak", "1", ""],
        ),
        said.append,
    )
    shown = "\n".join(said)
    # No declared service is like the last, so none has a number there.
    assert shown.count("No service has that code.") == 3
    assert "another name" in shown
    assert "That cannot be. The new service: its code must be 1 to 60 letters" in shown
    assert "The new service: it has the same code as Oak, the House (oak); give it another." in shown
    assert "mend the file" not in shown
    assert " line " not in shown.lower()
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

    given = iter(["1", "", ""])

    def change(_: str) -> str:
        settings.services_path.write_text(HEAD)
        return next(given)

    with pytest.raises(OperatorError, match="changed by somebody else"):
        declare(settings, change, lambda _: None)
    assert settings.services_path.read_text() == HEAD


def test_when_all_are_declared_nothing_is_asked(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    (settings.raw_dir / "a.csv").unlink()
    said: list[str] = []
    declare(settings, answers(), said.append)
    assert said == ["Every service that the files name is declared."]


@pytest.mark.parametrize(
    ("text", "is_sentence"),
    [
        ("Oak House", False), ("Oak, the House", False), ("St. Mary's Centre", False),
        ("Northern Women's Aid 24", False),
        ("The Haven for Children and Young People", False), ("Project 7 - North", False),
        ("Mum rang; Zebediah", True), ("Mum said that Zeb is at his nan's now", True), ("Oak House 07700 900123", True),
        ("seen 12/3", True), ("zeb@example.org", True), ("Oak. Please call his mother", True), ("z" * 61, True),
    ],
)  # fmt: skip
def test_what_says_more_than_a_name(text, is_sentence):
    assert reads_like_a_sentence(text) is is_sentence


@pytest.mark.parametrize(("typed", "is_written"), [("yes", True), ("y", False), ("", False), ("1", False)])
def test_a_sentence_is_declared_only_in_so_many_words(settings, monkeypatch, typed, is_written):
    on_a_terminal(monkeypatch)
    slipped = "Mum said that Zebediah is at his nan's now"
    row = record(1)
    row[header().index("service")] = slipped
    (settings.raw_dir / "a.csv").write_text(table([header(), row]))
    said: list[str] = []
    asked: list[str] = []
    given = answers("oak", typed)
    declare(settings, noted(asked, given), said.append)
    assert "a sentence rather than the name" in "\n".join(said)
    assert "corrected in the export" in "\n".join(said)
    assert "its number" not in asked[0]
    assert (read_services(settings.services_path).code_of(slipped) == "oak") is is_written
    assert ("Zebediah" in settings.services_path.read_text()) is is_written


def test_only_what_is_alike_is_offered_by_number(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    said: list[str] = []
    asked: list[str] = []
    declare(settings, noted(asked, lambda _: ""), said.append)
    assert ["its number" in question for question in asked] == [True, False, False]
    assert sum("another spelling of" in line for line in said) == 1
    settings.services_path.unlink()
    asked.clear()
    declare(settings, noted(asked, lambda _: ""), said.append)
    assert not any("another service" in question or "its number" in question for question in asked)


def test_where_nobody_is_declared_the_list_is_as_it_was(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    said: list[str] = []
    before = settings.services_path.read_bytes()
    declare(settings, lambda _: "", said.append)
    assert said[-1].startswith("Nobody was declared; ")
    assert settings.services_path.read_bytes() == before


def test_a_cell_that_was_put_right_in_the_export_is_told_of_no_more(settings):
    land_folder(settings, run_id="r")
    row = record(1)
    row[header().index("service")] = "Oak"
    (settings.raw_dir / "a.csv").write_text(table([header(), row]))
    land_folder(settings, run_id="r")
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert not any("a.csv" in one.files for one in undeclared(con, load_catalogue()))
        assert any("a.csv" in one.files for one in sent_by(con, load_catalogue(), is_replaced=True))
    assert "stood in files that have been replaced since" in service_lines(settings)[-1]


def test_a_programme_of_returns_only_says_that_it_has_no_services(settings, monkeypatch):
    on_a_terminal(monkeypatch)
    toml = settings.programme_dir / "programme.toml"
    toml.write_text(toml.read_text().replace('["forms"]', '["returns"]'))
    (line,) = service_lines(settings)
    assert line.startswith("This programme reports on returns only")
    said: list[str] = []
    declare(settings, answers(), said.append)
    assert said == [line]
