"""When a run has nothing to do: only where everything that decides a release is as it was and its files are there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from catalogue import load_catalogue
from catalogue.programme import SAMPLE
from catalogue.services import read_services
from expectations.results import create_ops_tables
from orchestration.decisions import BIRTH_MONTH, OPERATOR, Decision, append_decisions, now
from orchestration.environment import write_programme
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.home import hold_to
from orchestration.landing.ledger import ensure_ledger
from orchestration.landing.pseudonym import KEY_VARIABLE, key_from_environment
from orchestration.landing.seen import look_at, note_folder
from orchestration.release import code as module
from orchestration.release.state import MARTS, note_state
from orchestration.release.unchanged import note_released, unchanged_release
from orchestration.settings import Settings

Change = Callable[[Settings], None]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a release in force, whose code and dbt project lie in a folder of the test's own."""
    root = tmp_path / "code"
    for room in (*module._FOLDERS, "dbt_project"):
        (root / room).mkdir(parents=True)
        (root / room / "one.py").write_text("one", encoding="utf-8")
    monkeypatch.setattr(module, "PROJECT_ROOT", root)
    programme = shutil.copytree(SAMPLE, tmp_path / "programme")
    made = Settings(tmp_path / "home", tmp_path / "raw", "sample", programme)
    made.raw_dir.mkdir()
    release = made.published_path / "r-1"
    for side in ("internal", "public"):
        (release / side).mkdir(parents=True)
        (release / side / "file").write_text(side, encoding="utf-8")
    (made.published_path / "current").symlink_to("r-1")
    write_programme(made)
    with duckdb.connect(str(made.warehouse_path)) as con:
        ensure_ledger(con)
        ensure_form_tables(con, load_catalogue())
        create_ops_tables(con)
        con.execute("create schema marts; create table marts.fct_thing as select 1 as id")
        note_state(con, MARTS, [])
        note_folder(con, look_at(made.raw_dir), look_at(made.raw_dir), [])
        hold_to(
            con,
            key_from_environment("sample"),
            read_services(made.services_path),
            load_catalogue(),
            made.raw_dir,
            tmp_path,
        )
        note_released(con, made, release, root / "dbt_project")
    return made


def _root() -> Path:
    """Where the module looks for the code."""
    return Path(vars(module)["PROJECT_ROOT"])


def ask(settings: Settings) -> str | None:
    return unchanged_release(settings, _root() / "dbt_project")


def change_code(settings: Settings) -> None:
    (_root() / "reporting" / "one.py").write_text("two", encoding="utf-8")


def change_catalogue(settings: Settings) -> None:
    (_root() / "dbt_project" / "new.csv").write_text("a,b", encoding="utf-8")


def add_a_model_in_a_folder_called_logs(settings: Settings) -> None:
    (_root() / "dbt_project" / "models" / "logs").mkdir(parents=True)
    (_root() / "dbt_project" / "models" / "logs" / "one.sql").write_text("select 1", encoding="utf-8")


def say_that_other_files_are_the_sample(settings: Settings) -> None:
    sums = settings.programme_dir / "forms.sha256"
    sums.write_text(f"{'0' * 64}  a.csv\n", encoding="utf-8")


def add_a_file(settings: Settings) -> None:
    (settings.raw_dir / "new.csv").write_text("a,b", encoding="utf-8")


def land_and_be_killed(settings: Settings) -> None:
    """The file has been seen and landed, and no mart was built since."""
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(
            "insert into ops.load by name select 'l' as load_id, 'a.csv' as source_file, 1 as rows_landed, "
            "0 as rejected_lines, 'landed' as status, 'killed' as run_id, now()::timestamp as landed_at"
        )


def accept_a_check(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("insert into ops.check_acceptance values ('load_volume', 'x', 'run')")


def erase_a_client(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("insert into ops.forgetting values (now()::timestamp)")


def decide_something(settings: Settings) -> None:
    """In the file alone, as somebody does between two runs."""
    append_decisions(settings, [Decision(BIRTH_MONTH, "0a" * 16, "2016-08", OPERATOR, now(), "ada")])


def build_the_marts_again(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("update marts.fct_thing set id = 2")
        note_state(con, MARTS, [])


def remove_a_released_file(settings: Settings) -> None:
    (settings.published_path / "r-1" / "public" / "file").unlink()


def cut_a_released_file(settings: Settings) -> None:
    (settings.published_path / "r-1" / "internal" / "file").write_text("short", encoding="utf-8")


def switch_to_another_release(settings: Settings) -> None:
    (settings.published_path / "r-2").mkdir()
    (settings.published_path / "current").unlink()
    (settings.published_path / "current").symlink_to("r-2")


def remove_the_link(settings: Settings) -> None:
    (settings.published_path / "current").unlink()


def remove_the_warehouse(settings: Settings) -> None:
    settings.warehouse_path.unlink()


def forget_what_was_released(settings: Settings) -> None:
    """As in a home of the version before."""
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("drop table ops.released")


def test_where_nothing_changed_the_release_in_force_is_named(settings: Settings) -> None:
    assert ask(settings) == "r-1"
    assert ask(settings) == "r-1"


@pytest.mark.parametrize(
    "change",
    [
        change_code, change_catalogue, add_a_model_in_a_folder_called_logs, say_that_other_files_are_the_sample,
        add_a_file, land_and_be_killed,
        accept_a_check, erase_a_client, decide_something, build_the_marts_again, remove_a_released_file,
        cut_a_released_file, switch_to_another_release, remove_the_link, remove_the_warehouse, forget_what_was_released,
    ],
)  # fmt: skip
def test_any_change_is_a_reason_to_run(settings: Settings, change: Change) -> None:
    change(settings)
    assert ask(settings) is None


@pytest.mark.parametrize("variable", ["INSIGHTS_ENV", "INSIGHTS_OPEN_DATA_LICENCE"])
def test_so_is_a_change_of_the_environment(settings: Settings, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "other")
    assert ask(settings) is None


def test_under_another_key_a_run_finds_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "1f4c9a7be2d18365c07fa94b1e6d2c37")
    assert ask(settings) is None


def test_what_dbt_compiles_and_python_caches_is_no_code(settings: Settings) -> None:
    for folder in ("dbt_project/target", "reporting/__pycache__"):
        (_root() / folder).mkdir()
        (_root() / folder / "made").write_text("x", encoding="utf-8")
    assert ask(settings) == "r-1"


def test_a_new_home_has_everything_to_do(tmp_path: Path) -> None:
    assert unchanged_release(Settings(tmp_path, tmp_path / "raw", "sample")) is None


def test_the_rooms_that_count_are_there() -> None:
    """A room that was renamed must not drop out in silence."""
    assert all((_root() / room / "__init__.py").exists() for room in module._FOLDERS)
