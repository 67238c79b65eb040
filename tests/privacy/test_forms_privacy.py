"""No identifier, note or row value leaves the raw folder: not into the warehouse, not into a message."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest

from orchestration.landing import dispatch
from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import DEVELOPMENT_KEY, KEY_VARIABLE
from orchestration.settings import Settings
from tests.support.forms import CATALOGUE, KEY, SECRETS, export, header, landing, record, table

# What a spy would look for: names and notes, ids in any spelling, the day of birth, the whole postcode.
TELLTALES = (*SECRETS, "Call back", "2012-04-03", "03/04/2012", "XJ77K", "Rejected words")


@pytest.mark.parametrize("convention", list(CATALOGUE.conventions))
@pytest.mark.parametrize("form_id", list(CATALOGUE.forms))
def test_nothing_that_identifies_a_child_is_stored(tmp_path, form_id, convention):
    with landing(tmp_path) as place:
        assert place.land("a.csv", export(4, form_id, "v2", convention)).rows_landed == 4
        stored = place.everything()
        for telltale in TELLTALES:
            assert telltale not in stored


def test_rejected_records_leave_a_place_and_no_text(tmp_path):
    with landing(tmp_path) as place:
        rows = [[*record(1), "Rejected words"], record(2), record(3)[:2]]
        result = place.land("a.csv", table([header(), *rows]))
        assert (result.rows_landed, result.rejected_lines) == (1, 2)
        everything = place.everything() + str(result)
        for telltale in TELLTALES:
            assert telltale not in everything


def test_columns_outside_the_catalogue_are_not_stored(tmp_path):
    with landing(tmp_path) as place:
        rows = [[*header(), "Name of Zebediah"], [*record(1), "Rejected words"]]
        assert place.land("a.csv", table(rows)).rows_landed == 1
        for telltale in TELLTALES:
            assert telltale not in place.everything()


def test_the_key_is_nowhere_in_the_warehouse_or_its_log(tmp_path, monkeypatch):
    secret = "the-secret-of-this-test-0123456789abcdef"
    monkeypatch.setenv(KEY_VARIABLE, secret)
    files, lines = run_folder(tmp_path)
    for content in [*files, "\n".join(lines).encode()]:
        assert secret.encode() not in content


def test_files_of_the_home_hold_no_telltale(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    files, lines = run_folder(tmp_path)
    assert DEVELOPMENT_KEY not in "\n".join(lines)
    for telltale in TELLTALES:
        for content in [*files, "\n".join(lines).encode()]:
            assert telltale.encode() not in content


def run_folder(tmp_path: Path) -> tuple[list[bytes], list[str]]:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "good.csv").write_text(export(5))
    (raw / "western.csv").write_bytes(export(6).replace("North Star", "Caf\u00e9").encode("cp1252"))
    (raw / "some_rejected.csv").write_text(table([header(), record(7), [*record(8), "Rejected words"]]))
    (raw / "no_header.csv").write_text(table([record(1), record(2)]))
    (raw / "cut.csv").write_text(export(9)[:-20])
    (raw / "erase.csv").write_text("service,client_id,requested_on\nNorth Star,CL XJ77K 2,2024-05-07\n")
    lines: list[str] = []
    land_folder(Settings(tmp_path / "home", raw, "sample"), run_id="r", progress=lines.append)
    files = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert files
    return files, lines


def test_the_working_copy_is_private_and_gone_even_after_a_failure(tmp_path, monkeypatch):
    seen: list[int] = []

    def fail(*arguments: object) -> None:
        folder = tmp_path / "home" / "warehouse" / "landing_work"
        seen.append(stat.S_IMODE(folder.stat().st_mode))
        assert any(folder.iterdir())
        raise KeyboardInterrupt

    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setattr(dispatch, "record_load", fail)
    with pytest.raises(KeyboardInterrupt):
        run_folder(tmp_path)
    assert seen == [0o700]
    assert not (tmp_path / "home" / "warehouse" / "landing_work").exists()


def test_an_erased_client_never_touches_the_warehouse_file(tmp_path, monkeypatch):
    """A tombstone is honoured while rows are written, not afterwards: no trace is left in free blocks."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "0.csv").write_text("service,client_id,requested_on\nNorth Star,CL XJ77K 2,2024-05-07\n")
    rows = [record(1), record(2)]
    rows[1][header().index("consent")] = "marker of client two"
    (raw / "1.csv").write_text(table([header(), *rows]))
    settings = Settings(tmp_path / "home", raw, "sample")
    land_folder(settings, run_id="r")
    assert b"marker of client two" not in settings.warehouse_path.read_bytes()
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert con.execute("select count(*) from raw.insights_intake where is_erased").fetchone() == (1,)


def test_a_pseudonym_does_not_depend_on_how_the_id_was_typed(tmp_path):
    with landing(tmp_path) as place:
        rows = [record(1), record(1)]
        rows[1][header().index("client_id")] = "CL-XJ77K.1"
        place.land("a.csv", table([header(), *rows]))
        keys = place.rows("select distinct intake_admin_client_id from raw.insights_intake")
        assert keys == [(KEY.pseudonym("client", "NORTH STAR", "clxj77k1"),)]
