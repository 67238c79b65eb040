"""The reading process: what it may take, what is said when it ends, and that it is no way round anything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.confined import channel, child, readers
from orchestration.landing.confined.readers import Readers
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.refusal import FileRefusedError, Refused
from orchestration.landing.returns.batches import arrow_table
from orchestration.landing.returns.reader import Statement
from orchestration.landing.returns.recognise import Return
from orchestration.settings import PROJECT_ROOT
from tests.support.forms import CATALOGUE, export
from tests.support.returns import CENSUS, RETURNS, ReturnLanding, census, need
from tests.support.returns import child as a_child


@pytest.fixture
def pool() -> Iterator[Readers]:
    with Readers(CATALOGUE, RETURNS) as ready:
        yield ready


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def pid_of(pool: Readers) -> int:
    (process,) = [*pool._idle, *pool._busy.values()]
    return process._process.pid


def test_one_process_reads_one_file_after_the_other(pool: Readers, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", export(3))
    found = pool.recognise(path, tmp_path / "raw", tmp_path / "copy")
    assert isinstance(found, FormExport)
    assert found.catalogue is CATALOGUE  # not another one that looks like it
    assert found.copy.records == 3
    first = pid_of(pool)
    with pytest.raises(FileRefusedError, match="header row"):
        pool.recognise(put(tmp_path, "b.csv", "x\n"), tmp_path / "raw", tmp_path / "copy")
    assert isinstance(pool.recognise(path, tmp_path / "raw", tmp_path / "copy"), FormExport)
    assert pid_of(pool) == first


def test_a_return_that_is_not_landed_after_all_ends_its_process_and_no_other(pool: Readers, tmp_path: Path) -> None:
    path = put(tmp_path, CENSUS, census(a_child()))
    found = pool.recognise(path, tmp_path / "raw", tmp_path / "one")
    assert isinstance(found, Return)
    reading = pid_of(pool)
    assert isinstance(pool.recognise(put(tmp_path, "a.csv", export(3)), tmp_path / "raw", tmp_path / "two"), FormExport)
    pool.release(tmp_path / "one")
    assert pid_of(pool) != reading
    with pytest.raises(ProcessLookupError):
        os.kill(reading, 0)


def test_a_census_that_shows_at_its_end_that_it_is_not_plain_is_landed_once(tmp_path: Path) -> None:
    place = ReturnLanding(tmp_path)
    content = census(a_child(1, details=need()), a_child(2)).replace("</Children>", "</Children><!-- made by hand -->")
    result = place.land(CENSUS, content)
    assert (result.status, result.rows_landed) == ("landed", sum(place.counts().values()))
    assert place.counts()["cin_child"] == 2
    place.con.close()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (-signal.SIGXCPU, "seconds of processor"),
        (-signal.SIGKILL, "4 GB of memory"),
        (-signal.SIGABRT, "4 GB of memory"),
        (child.OUT_OF_MEMORY, "4 GB of memory"),
        (-signal.SIGSEGV, "broke off (signal 11)"),
        (3, "broke off (code 3)"),
    ],
)
def test_however_a_process_ends_there_is_a_sentence(code: int, says: str) -> None:
    assert says in readers.why_it_ended(code, 60)


def test_when_a_process_has_ended_the_file_is_refused_and_the_next_is_read(pool: Readers, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", export(3))
    pool.recognise(path, tmp_path / "raw", tmp_path / "copy")
    first = pid_of(pool)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(FileRefusedError, match="4 GB of memory"):
        pool.recognise(path, tmp_path / "raw", tmp_path / "copy")
    assert isinstance(pool.recognise(path, tmp_path / "raw", tmp_path / "copy"), FormExport)
    assert pid_of(pool) != first


SPINS = """
import sys
from orchestration.landing.confined import child
from orchestration.landing.returns.reader import Statement
child.recognise = {what}
child.run()
"""


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("lambda *given: [0 for _ in iter(int, 1)]", "1 seconds of processor"),
        ("lambda *given: bytearray(5 * 1024**3)", "4 GB of memory"),
        ("lambda *given: {}['Zebediah']", "The program has a fault that this file brings out (KeyError in <string>"),
        ("lambda *given: print('noise') or given[2]", "something else than records"),
    ],
)
def test_limits_hold_in_the_process_itself(
    what: str, says: str, pool: Readers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "COMMAND", [sys.executable, "-c", SPINS.format(what=what)])
    monkeypatch.setattr(readers, "seconds_for", lambda size: 1)
    with pytest.raises(FileRefusedError) as told:
        pool.recognise(put(tmp_path, "a.csv", export(3)), tmp_path / "raw", tmp_path / "copy")
    assert says in str(told.value)
    assert "Zebediah" not in str(told.value)


def test_the_process_knows_no_key_and_no_other_secret(
    pool: Readers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSIGHTS_PSEUDONYM_KEY", "Zebediah")
    pool.recognise(put(tmp_path, "a.csv", export(3)), tmp_path / "raw", tmp_path / "copy")
    if Path("/proc").is_dir():
        assert b"Zebediah" not in Path(f"/proc/{pid_of(pool)}/environ").read_bytes()


def test_what_a_process_loads_is_light() -> None:
    heavy = ("dagster", "dbt", "great_expectations", "pandas", "scipy", "jinja2", "orchestration.landing.forms.land")
    program = f"import sys, orchestration.landing.confined.child; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=PROJECT_ROOT)
    assert done.stdout.strip() == b"[]"


MESSAGES = st.one_of(
    st.builds(Refused, st.text()),
    st.builds(channel.Finished, st.none() | st.text(), st.none() | st.text()),
    st.builds(
        channel.Batch,
        st.lists(st.text()).map(tuple),
        st.lists(st.builds(RejectedLine, st.integers(), st.none() | st.text(), st.text())).map(tuple),
    ),
)


@given(MESSAGES)
def test_messages_come_out_as_they_went_in(message: object) -> None:
    assert channel.unpacked(channel.packed(message, {}), {}) == message


@pytest.mark.parametrize(
    "harmful",
    [
        7, "text", ["list", []], ["Path", {}], ["Header", {}], ["Refused", {"reason": "x", "more": 1}], ["Refused", 7],
        ["shared", "forms"], {}, ["tuple"], ["__import__", {"name": "os"}],
    ],
)  # fmt: skip
def test_nothing_but_messages_is_made_of_what_a_process_sends(harmful: object) -> None:
    with pytest.raises(ValueError, match=r"message|unpack"):
        channel.unpacked(json.dumps(harmful).encode(), {})
    with pytest.raises(ValueError):  # noqa: PT011  (whatever json says)
        channel.unpacked(b"\x80\x04", {})


@given(st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(lambda one: json.dumps(one).encode()))
def test_whatever_a_process_sends_is_a_message_or_an_error_of_one_kind(payload: bytes) -> None:
    with suppress(ValueError):
        channel.unpacked(payload, {})


def test_what_has_no_place_in_a_message_is_not_sent() -> None:
    what: Any = object()
    with pytest.raises(TypeError):
        channel.packed(channel.Finished(what, None, Statement(())), {})


def test_tables_hold_records_and_nothing_else() -> None:
    table = arrow_table([(1, 2, "a", None, None, "x", None)])
    assert channel.table_from_bytes(channel.table_to_bytes(table).to_pybytes()).equals(table)
    with pytest.raises(pa.ArrowInvalid):
        channel.table_from_bytes(channel.table_to_bytes(table.drop_columns("line")).to_pybytes())
    with pytest.raises(pa.ArrowInvalid):
        channel.table_from_bytes(b"no table")
