"""Who may read a home: its owner, a group the internal sides, anyone the public ones; whatever was there before."""

from __future__ import annotations

import grp
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.decisions import OPERATOR, PART, Decision, append_decisions
from orchestration.environment import make_home
from orchestration.errors import OperatorError
from orchestration.permissions import GROUP, close_home, make_home_folder, make_private, readers_group
from orchestration.progress import telling
from orchestration.settings import Settings
from tests.support.home_modes import wrong_modes
from tests.support.paths import ROOT
from tests.support.small_warehouse import build, publish

UMASKS = (0o022, 0o077, 0o002, 0o027, 0o000)


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator's umask as most machines have it, which nothing here changes for the other tests."""
    monkeypatch.delenv(GROUP, raising=False)
    before = os.umask(0o022)
    yield
    os.umask(before)


def close(settings: Settings) -> list[str]:
    """Close a home; the lines an operator reads."""
    said: list[str] = []
    with telling(said.append):
        close_home(settings)
    return said


def write(path: Path, mode: int | None = None, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    if mode is not None:
        path.chmod(mode)
    return path


def published(root: Path) -> Settings:
    """A home with one release, as a command makes it."""
    make_private()
    settings = build(root / "home")
    publish(settings)
    return settings


@pytest.mark.parametrize("umask", UMASKS)
def test_whatever_umask_the_operator_has_a_home_is_closed(tmp_path: Path, umask: int) -> None:
    os.umask(umask)
    settings = Settings(tmp_path / "deep" / "home", tmp_path / "raw", "sample")
    make_home(settings)
    publish(build(settings.home))
    append_decisions(settings, [Decision("delivery_is", "0" * 32, PART, OPERATOR, "2024-01-01T00:00:00Z")])
    assert wrong_modes(settings.home) == {}, "private before anything has to be closed"
    assert close(settings) == []
    assert wrong_modes(settings.home) == {}
    assert (tmp_path / "deep").stat().st_mode & 0o777 == 0o711, "the way to the public side"


# Of a database what it keeps beside itself while it is open, or has left when it was killed, and spilled blocks.
@pytest.mark.parametrize("umask", UMASKS)
def test_what_databases_keep_beside_themselves_is_private(tmp_path: Path, umask: int) -> None:
    os.umask(umask)
    settings = Settings(tmp_path / "home", tmp_path / "raw", "sample")
    make_home(settings)
    record = sqlite3.connect(settings.dagster_home / "runs.db")
    record.execute("pragma journal_mode = wal")
    record.execute("create table run as select 1 as id")
    record.commit()
    with duckdb.connect(str(settings.warehouse_path), config={"memory_limit": "40MB", "threads": "1"}) as con:
        con.execute("create table landed as select range as id from range(10)")
        con.execute("set preserve_insertion_order = false")
        con.execute(
            "create temp table spilled as select i, hash(i) as j, md5(i::varchar) as k from range(1000000) t(i)"
        )
        names = {path.name for path in settings.home.rglob("*")}
        assert {"runs.db-wal", "runs.db-shm", "insights.duckdb.wal", "insights.duckdb.tmp"} <= names
        close(settings)
        assert wrong_modes(settings.home) == {}
    record.close()


LOOSENED: tuple[tuple[str, int], ...] = (
    ("warehouse", 0o755),
    ("warehouse/insights.duckdb", 0o644),
    ("warehouse/insights.duckdb.wal", 0o666),
    ("warehouse/insights.duckdb.tmp/block.tmp", 0o664),
    ("warehouse/.lock", 0o644),
    ("warehouse/data_docs/gate_1.html", 0o777),
    ("warehouse/dbt_target/run/model.sql", 0o640),
    ("warehouse/dbt_logs/dbt.log", 0o644),
    ("warehouse/landing_work/0/copy.csv", 0o604),
    ("warehouse/catalogue/seeds/question.csv", 0o644),
    ("dagster", 0o777),
    ("dagster/history/runs.db", 0o644),
    ("dagster/history/runs.db-wal", 0o644),
    ("dagster/history/runs.db-shm", 0o644),
    ("dagster/history/runs/index.db-journal", 0o640),
    ("dagster/logs/event.log", 0o644),
    ("register/printed.jsonl", 0o644),
    ("register", 0o2775),
    ("reports/report-internal.pdf", 0o644),
    ("decisions.jsonl", 0o644),
    ("published", 0o777),
    ("published/.prepared/internal/insights.duckdb", 0o644),
    ("published/.building-7/marts/a.parquet", 0o644),
    ("published/damaged-r-0123456789ab-1/internal/insights.duckdb", 0o440),
    ("published/r-0123456789ab", 0o775),
    ("published/r-0123456789ab/insights.duckdb", 0o444),
    ("published/r-0123456789ab/internal", 0o755),
    ("published/r-0123456789ab/internal/marts", 0o777),
    ("published/r-0123456789ab/internal/marts/a.parquet", 0o644),
    ("published/r-0123456789ab/public/report/report.html", 0o666),
    ("published/r-0123456789ab/public", 0o700),
    ("copy of the warehouse.duckdb", 0o644),
    ("backup/insights.duckdb", 0o666),
)


@pytest.mark.parametrize(("name", "mode"), LOOSENED)
def test_what_others_have_loosened_is_put_back(tmp_path: Path, name: str, mode: int) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "raw", "sample")
    for other, _ in LOOSENED:
        if "." in Path(other).name.lstrip("."):
            write(settings.home / other)
    write(settings.home / "warehouse" / ".lock")
    close(settings)
    assert wrong_modes(settings.home) == {}
    (settings.home / name).chmod(mode)
    close(settings)
    assert wrong_modes(settings.home) == {}


# Under 027 the group could read the inside of a release, as it may.
@pytest.mark.parametrize(
    ("umask", "places"),
    [(umask, {0o077: "", 0o027: "warehouse"}.get(umask, "published, warehouse")) for umask in UMASKS],
)
def test_a_home_of_an_earlier_version_is_closed_and_its_operator_told(tmp_path: Path, umask: int, places: str) -> None:
    settings = published(tmp_path)
    for path in [settings.home, *settings.home.rglob("*")]:
        if not path.is_symlink():
            path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
    said = close(settings)
    assert wrong_modes(settings.home) == {}
    ends = f"could be read or written by others until now (in {places}); closed"
    assert [line.endswith(ends) for line in said] == ([True] if places else [])
    assert close(settings) == []


def test_what_others_found_no_way_to_is_closed_without_a_word(tmp_path: Path) -> None:
    settings = published(tmp_path)
    write(settings.dagster_home / "history" / "runs.db", 0o644)
    for folder in (settings.dagster_home, settings.dagster_home / "history"):
        folder.chmod(0o755 if folder.name == "history" else 0o700)
    settings.warehouse_path.chmod(0o644)
    assert close(settings) == []
    assert wrong_modes(settings.home) == {}


def test_a_release_that_lies_there_keeps_its_content_and_its_sums(tmp_path: Path) -> None:
    settings = published(tmp_path)
    before = {path: path.read_bytes() for path in settings.published_path.rglob("*") if path.is_file()}
    close(settings)
    assert before == {path: path.read_bytes() for path in settings.published_path.rglob("*") if path.is_file()}
    assert publish(settings).is_new is False


def test_links_are_not_followed_and_told(tmp_path: Path) -> None:
    settings = published(tmp_path)
    outside = write(tmp_path / "elsewhere" / "passwd", 0o644)
    folder = outside.parent
    folder.chmod(0o755)
    release = (settings.published_path / "current").resolve()
    release.joinpath("internal").chmod(0o755)
    places = (
        settings.home / "reports",
        settings.home / "backup",
        settings.home / "warehouse" / "data_docs",
        settings.published_path / "r-0123456789ab",
        release / "internal" / "more",
    )
    for place in places:
        place.symlink_to(folder)
    (settings.home / "decisions.jsonl").symlink_to(outside)
    (line,) = [line for line in close(settings) if "link" in line]
    assert line.startswith("  6 links in the home (")
    assert outside.stat().st_mode & 0o777 == 0o644
    assert folder.stat().st_mode & 0o777 == 0o755


# The raw folder and the programme are others' to write into; of a repository or somebody's own directory only what a
# run makes is a home.
@pytest.mark.parametrize(
    ("raw", "programme", "more", "kept"),
    [
        ("raw", "", "", "raw/a.csv"),
        ("data/raw", "", "", "data/raw/a.csv"),
        ("", "north", "", "north/programme.toml"),
        ("", "", ".git/config", "README.md"),
        ("", "", "", ""),
    ],
)
def test_what_is_not_the_homes_is_left_alone(tmp_path: Path, raw: str, programme: str, more: str, kept: str) -> None:
    home = tmp_path / "home"
    settings = Settings(
        home, home / raw if raw else tmp_path / "r", "sample", home / programme if programme else tmp_path / "p"
    )
    for name in filter(None, (kept, more, "mine/run.sh", "warehouse/insights.duckdb")):
        write(home / name, 0o755)
    home.chmod(0o755)
    close(settings)
    if kept:
        assert (home / kept).stat().st_mode & 0o777 == 0o755
        assert (home / kept).parent.stat().st_mode & 0o777 == (0o755)
    assert (home / "warehouse" / "insights.duckdb").stat().st_mode & 0o777 == 0o600
    # What somebody has put there keeps what its owner may do with it.
    assert (home / "mine" / "run.sh").stat().st_mode & 0o777 == (0o755 if more else 0o700)
    assert home.stat().st_mode & 0o777 == (0o755 if more else 0o711)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to somebody else")


@needs_root
@pytest.mark.parametrize(
    "name",
    [
        "warehouse/insights.duckdb",
        "dagster",
        "reports/report.html",
        "published/r-0123456789ab/internal/insights.duckdb",
        "published/r-0123456789ab",
        "mine/open.csv",
    ],
)
def test_what_is_another_users_is_a_sentence(tmp_path: Path, name: str) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "raw", "sample")
    place = settings.home / name
    write(place if place.suffix else place / "file", 0o644)
    os.chown(place, 12345, -1)
    with pytest.raises(OperatorError, match=f"Another user owns 1 place of the home .*: {name}. Nothing was built"):
        close(settings)


@needs_root
def test_what_is_another_users_own_and_closed_is_nobodys_business(tmp_path: Path) -> None:
    settings = published(tmp_path)
    lost = settings.home / "lost+found"
    lost.mkdir(mode=0o700)
    os.chown(lost, 12345, -1)
    assert close(settings) == []


def test_a_home_that_anybody_may_exchange_is_told(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    settings = published(shared)
    shared.chmod(0o777)
    assert close(settings) == [
        f"  anybody can write to {shared}, so anybody can put another folder in the place of this home: "
        f"`chmod o-w {shared}`"
    ]
    shared.chmod(0o1777)
    assert close(settings) == []


@pytest.mark.skipif(not Path("/proc/self/fdinfo").is_dir(), reason="a folder whose permissions nobody can set")
def test_permissions_that_cannot_be_set_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be set \\(Operation not permitted\\), so others might read it"):
        close(Settings(Path("/proc/self/fdinfo"), tmp_path, "sample"))


def _another_group() -> str:
    mine = {os.getegid()} if os.geteuid() == 0 else {gid for gid in os.getgroups() if gid == os.getegid()}
    may = [
        group.gr_name
        for group in grp.getgrall()
        if group.gr_gid not in mine and (os.geteuid() == 0 or group.gr_gid in os.getgroups())
    ]
    return may[0] if may else pytest.skip("this user is in one group only")


@pytest.mark.parametrize("order", ["first run", "later run"])
def test_a_home_keeps_the_group_that_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    monkeypatch.setenv(GROUP, _another_group())
    settings = published(tmp_path)
    if order == "later run":
        close(settings)
    monkeypatch.delenv(GROUP)
    close(settings)
    publish(settings, documents="other")
    assert len(list(settings.published_path.glob("r-*"))) == 2
    assert _groups(settings)["internal"] == {grp.getgrnam(_another_group()).gr_gid}


def _groups(settings: Settings) -> dict[str, set[int]]:
    releases = [path for path in settings.published_path.glob("r-*") if path.is_dir()]
    return {
        side: {p.stat().st_gid for top in releases for p in [top / side, *(top / side).rglob("*")]}
        for side in ("internal", "public")
    }


def test_internal_sides_are_of_the_group_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = published(tmp_path)
    name = _another_group()
    number = grp.getgrnam(name).gr_gid
    assert _groups(settings) == {"internal": {os.getegid()}, "public": {os.getegid()}}
    monkeypatch.setenv(GROUP, name)
    close(settings)
    assert _groups(settings)["internal"] == {number}, "releases that were there already"
    assert wrong_modes(settings.home) == {}
    publish(settings, documents="other")
    assert _groups(settings) == {"internal": {number}, "public": {os.getegid()}}
    assert wrong_modes(settings.home) == {}
    private = [path for path in settings.home.rglob("*") if not path.is_relative_to(settings.published_path)]
    assert {path.stat().st_gid for path in private} == {os.getegid()}


@pytest.mark.parametrize("name", ["no_such_group_here", "4711", "two words"])
def test_a_group_that_is_not_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(GROUP, name)
    settings = Settings(tmp_path / "home", tmp_path / "raw", "sample")
    with pytest.raises(OperatorError, match="INSIGHTS_GROUP names a group that this machine has not"):
        close(settings)
    assert not settings.home.exists(), "asked before anything is made"


@needs_root
def test_a_group_that_the_user_is_not_in_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GROUP, _another_group())
    os.seteuid(4321)
    try:
        with pytest.raises(OperatorError, match="a group that the user of this run is not in"):
            readers_group()
        monkeypatch.setenv(GROUP, grp.getgrgid(os.getegid()).gr_name)
        assert readers_group() == os.getegid()
    finally:
        os.seteuid(0)


def test_no_group_is_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GROUP, "")
    assert readers_group() is None


def test_a_command_says_it_before_anything_is_built_and_what_it_made_is_private(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.cli", "run", "--raw", "raw", "--home", "deep/home"],
        cwd=tmp_path, env={**os.environ, GROUP: "no_such_group_here", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, umask=0,
    )  # fmt: skip
    assert (done.returncode, "a group that this machine has not" in done.stderr) == (1, True)
    home = tmp_path / "deep" / "home"
    assert not (home / "warehouse" / "insights.duckdb").exists()
    assert wrong_modes(home) == {}
    assert home.parent.stat().st_mode & 0o777 == 0o711


@pytest.mark.parametrize("umask", UMASKS)
def test_folders_that_are_there_keep_their_permissions(tmp_path: Path, umask: int) -> None:
    os.umask(umask)
    (tmp_path / "there").mkdir()
    tmp_path.joinpath("there").chmod(0o750)
    make_home_folder(tmp_path / "there" / "new" / "home")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "there", tmp_path / "there" / "new")]
    assert modes == [0o750, 0o711]
