"""The end of a forgetting: tables, checks, releases, the file itself; and stopped anywhere, the next run does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from expectations.results import create_ops_tables
from orchestration import runlog
from orchestration.decisions import append_decisions, ensure_decisions, read_decisions
from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.tombstones import is_open
from orchestration.release import forgetting
from orchestration.release.forgetting import finish_forgetting, has_open_forgetting, remove_releases
from orchestration.release.state import MARTS, STAGING, built_state, note_state
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL, MANIFEST, PUBLIC
from tests.support.landed_programme import BOTH, KEY, Programme

ALL = frozenset({STAGING, MARTS})
CLIENT = str(PseudonymKey(KEY.encode(), is_development=False).pseudonym("client", "OAK", "CL XJ77K 1"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """Two clients have landed, tables were made of them, and one of them is forgotten."""
    one = Programme(tmp_path / "programme", monkeypatch)
    one.declare(BOTH)
    one.deliver("a.csv", {}, {})
    one.land()
    with open_warehouse(one.settings()) as con:
        create_ops_tables(con)
        ensure_decisions(con)
        runlog.ensure_table(con)
        for schema in ("staging", "intermediate", "marts"):
            con.execute(f"create schema {schema}")
            con.execute(f"create table {schema}.made as select intake_admin_client_id as k from raw.insights_intake")
        con.execute("create view marts.seen as select * from marts.made")
        for step in ALL:
            note_state(con, step, [("staging", "made")])
        con.execute(
            "insert into ops.check_failure (run_id, check_id, landed_row_id, key) "
            "select 'before', 'c', landed_row_id, null from raw.insights_intake union all "
            "select 'before', 'c', null, landed_row_id::varchar from raw.insights_intake"
        )
        con.execute(
            "insert into ops.set_aside (landed_row_id, check_id) select landed_row_id, 'c' from raw.insights_intake"
        )
    (one.folder / "raw" / "z.csv").write_text("service,client_id,requested_on\nOak,clxj77k1,\n")
    one.land()
    return one


def release(home: Programme, name: str, dispositions: dict[int, str], *clients: str) -> Path:
    """A release with forms of the first load by their rows, and clients."""
    folder = home.settings().published_path / name
    (folder / INTERNAL).mkdir(parents=True)
    (folder / PUBLIC).mkdir()
    (folder / PUBLIC / "report.html").write_text("figures")
    (folder / INTERNAL / MANIFEST).write_text(json.dumps({"release": name}))
    ((load_id, load_seq),) = home.rows("select load_id, load_seq from ops.load where source_file = 'a.csv'")
    with duckdb.connect(str(folder / INTERNAL / DATABASE)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.form_disposition (load_id varchar, landed_row_id bigint, source_row bigint, "
            "disposition varchar); create table marts.dim_client (client_key varchar)"
        )
        for row, disposition in dispositions.items():
            number = int(str(load_seq)) * 4_294_967_296 + row
            con.execute("insert into marts.form_disposition values (?, ?, ?, ?)", [load_id, number, row, disposition])
        for client in clients:
            con.execute("insert into marts.dim_client values (?)", [client])
    return folder


def everything(settings: Settings) -> str:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        tables = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        return "\n".join(str(con.execute(f"from {name}").fetchall()) for (name,) in tables)


@pytest.mark.parametrize("built", [ALL, {STAGING}, set()], ids=["published", "gate 2 not reached", "failed at once"])
def test_nothing_of_the_forgotten_is_left_however_the_run_ended(home: Programme, built: set[str]) -> None:
    settings = home.settings()
    assert has_open_forgetting(settings)
    assert CLIENT in everything(settings)
    with open_warehouse(settings) as con:
        for schema in ["staging"] * (STAGING in built) + ["intermediate", "marts"] * (MARTS in built):
            con.execute(f"delete from {schema}.made where k = ?", [CLIENT])
    lines = finish_forgetting(settings, built=built)
    assert lines[-1].startswith("Forgotten: the warehouse is written anew")
    assert CLIENT not in everything(settings)
    assert CLIENT.encode() not in settings.warehouse_path.read_bytes()
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert con.execute("select free_blocks from pragma_database_size()").fetchall() == [(0,)]
        assert con.execute("select count(*) from ops.check_failure").fetchall() == [(2,)], "of the other client"
        kept = dict(con.execute("select schema_name, count(*) from duckdb_tables() group by all").fetchall())
        assert ("staging" in kept, "marts" in kept) == (STAGING in built, MARTS in built)
        assert (built_state(con, STAGING) is not None) == (built == ALL), "else it is staged again"
        aside = con.execute("select count(*) from ops.set_aside").fetchall()
        assert aside == [(2 if STAGING in built else 1,)], "what gate 1 wrote stays"
    assert not has_open_forgetting(settings)
    assert finish_forgetting(settings, built=built) == []


def test_releases_that_hold_somebody_go_and_others_stay(home: Programme) -> None:
    settings = home.settings()
    root = settings.published_path
    stays = {
        release(home, "r-before", {}),
        release(home, "r-other", {3: "accepted"}, "f" * 32),
        release(home, "r-erased", {2: "erased", 3: "accepted"}),
    }
    release(home, "r-holds", {2: "accepted", 3: "accepted"})
    release(home, "r-no-consent", {2: "no_consent"})
    release(home, "r-by-key", {}, CLIENT)
    release(home, "damaged-r-holds-1", {2: "superseded"})
    (root / "r-empty").mkdir()
    (root / "r-unreadable" / INTERNAL).mkdir(parents=True)
    (root / "r-unreadable" / INTERNAL / DATABASE).write_bytes(b"no database")
    (root / CURRENT).symlink_to("r-holds")
    for folder in ("r-holds", "r-other"):
        for path in [*(root / folder).rglob("*"), root / folder]:
            path.chmod(0o555 if path.is_dir() else 0o444)
    (said,) = remove_releases(settings)
    assert said.startswith("6 releases held what was forgotten and are gone (damaged-r-holds-1, r-by-key, ")
    assert {path for path in root.iterdir() if path.is_dir()} == stays
    assert not (root / CURRENT).is_symlink()
    assert any(line.startswith("No release is in force") for line in finish_forgetting(settings, built=ALL))


def test_a_release_that_says_that_a_form_came_without_consent_stays(home: Programme) -> None:
    """It has no more than that; where it counted the form, consent was withdrawn since."""
    home.deliver("b.csv", {"consent": "no", "client_id": "other", "submission_id": "other"})
    home.land()
    ((load_id, row_id),) = home.rows(
        "select load_id, landed_row_id from raw.insights_intake where left_out = 'no_consent'"
    )
    for name, disposition in (("r-came", "no_consent"), ("r-counted", "accepted")):
        folder = release(home, name, {})
        with duckdb.connect(str(folder / INTERNAL / DATABASE)) as con:
            con.execute("insert into marts.form_disposition values (?, ?, 2, ?)", [load_id, row_id, disposition])
    remove_releases(home.settings())
    assert [path.name for path in home.settings().published_path.iterdir()] == ["r-came"]


def test_where_nothing_is_open_nothing_is_looked_at(home: Programme) -> None:
    settings = home.settings()
    finish_forgetting(settings, built=ALL)
    release(home, "r-holds", {2: "accepted"})
    assert remove_releases(settings) == []
    before = settings.warehouse_path.stat().st_ino
    assert finish_forgetting(settings, built=ALL) == []
    assert settings.warehouse_path.stat().st_ino == before


STEPS = ("_remove", "_drop_made", "_forget_checks", "load_decisions", "_write_anew", "new_warehouse", "fsync")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_moment_the_next_run_does_what_is_left(
    home: Programme, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    settings = home.settings()
    for number, step in enumerate(STEPS):
        with open_warehouse(settings) as con:
            con.execute("delete from ops.forgetting; insert into ops.forgetting values (now()::timestamp)")
            con.execute("delete from ops.check_failure")
            con.execute(f"create schema if not exists marts; create table marts.made{number} as select '{CLIENT}' as k")
        release(home, f"r-{number}", {2: "accepted"})
        (settings.published_path / CURRENT).symlink_to(f"r-{number}")
        done = getattr(forgetting, step)

        def killed(*arguments: object, done: Callable[..., object] = done, **named: object) -> None:
            if when == "after":
                done(*arguments, **named)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(forgetting, step, killed)
            with suppress(KeyboardInterrupt):
                finish_forgetting(settings, built=set())
        home.land()
        finish_forgetting(settings, built=set())
        assert not has_open_forgetting(settings), step
        assert CLIENT not in everything(settings), step
        assert [path.name for path in settings.published_path.iterdir()] == [], step
        left = {path.name for path in settings.warehouse_path.parent.iterdir()}
        assert left == {"insights.duckdb", "catalogue", "programme"}, step


def test_a_tombstone_that_the_warehouse_has_not_got_is_open(home: Programme) -> None:
    """It was put back from a copy, or the tombstone was written and the rest was not."""
    settings = home.settings()
    finish_forgetting(settings, built=ALL)
    (said,) = read_decisions(settings)
    with _warehouse(settings) as con:
        assert not is_open(con, [said])
    append_decisions(settings, [type(said)(**{**vars(said), "key": "0" * 32})])
    assert has_open_forgetting(settings)


def _warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.warehouse_path), read_only=True)


def test_a_full_disk_is_a_sentence_and_leaves_it_open(home: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home.settings()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "new_warehouse", full)
        with pytest.raises(OperatorError, match=r"No space left on device.*run again"):
            finish_forgetting(settings, built=ALL)
    assert has_open_forgetting(settings)
    assert finish_forgetting(settings, built=ALL)
