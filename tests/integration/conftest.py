"""Whole runs, shared: the sample runs once, a small home goes through everything that happens to a home, in order.

A whole run takes tens of seconds, so the tests read what the runs left behind instead of making their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.support.small_home import fill
from tests.support.whole_runs import READING, SAMPLE, SECRET, Changed, Home, Ran, apply_change, choose_change, ran


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a copy of the sample exports, nothing run yet."""
    made = Home(tmp_path_factory.mktemp("home"))
    shutil.copytree(SAMPLE, made.raw)
    return made


@pytest.fixture(scope="session")
def first(home: Home) -> Ran:
    """The first run over the sample, which is that of CI: by the command that the README begins with."""
    return ran(home, home.make_run())


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of one service, nothing run yet."""
    made = Home(tmp_path_factory.mktemp("small"))
    fill(made)
    return made


@pytest.fixture(scope="session")
def begun(small: Home) -> Ran:
    """Its first run."""
    return ran(small, small.run())


@pytest.fixture(scope="session")
def second(small: Home, begun: Ran) -> Ran:
    """The same run again, with everything built and checked again, and with what was changed by hand meanwhile."""
    with small.warehouse(read_only=False) as con:
        con.execute("create table marts.fct_of_a_former_version as select 'key' as client_key")
        # Staging takes what lies there as done, so what was changed by hand would be staged by nobody.
        con.execute(
            "update staging.stg_forms__intake set client_key = 'x' "
            "where landed_row_id = (select min(landed_row_id) from staging.stg_forms__intake)"
        )
    return ran(small, small.run("--force"))


@pytest.fixture(scope="session")
def changed(small: Home, second: Ran) -> Iterator[Changed]:
    """One answer changed in its file, and a file beside it that cannot be used; then a run."""
    reader = small.release()
    seen = reader.execute(READING).fetchall()
    change = choose_change(reader)
    apply_change(small.raw / change.file, change)
    (small.raw / "insights" / "not_a_form.csv").write_text(f"name,colour\n{SECRET},blue\n", encoding="utf-8")
    yield Changed(change, ran(small, small.run(), code=3), reader, seen)
    reader.close()
