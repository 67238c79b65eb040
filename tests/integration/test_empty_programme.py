"""A programme of which nothing has come yet: every command says so, and nothing is published."""

from __future__ import annotations

from pathlib import Path

from tests.support.whole_runs import Home

KEY = "9d0e6c4f1b7a28e35f90ad5cc7412b86"


def test_a_new_programme_without_exports(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    home = Home(tmp_path / "place")
    programme = tmp_path / "place" / "north"
    made = home.insights("init", str(programme), "--name", "North")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "place" / "north-raw").is_dir()
    again = home.insights("init", str(programme))
    assert again.returncode == 1
    assert "is not empty" in again.stderr

    without_key = home.insights("run", "--programme", str(programme))
    assert without_key.returncode == 1
    assert "INSIGHTS_PSEUDONYM_KEY is not set" in without_key.stderr

    home.variables = {"INSIGHTS_PSEUDONYM_KEY": KEY}
    ran = home.insights("run", "--programme", str(programme))
    assert ran.returncode == 1
    assert "No form and no return has landed" in ran.stdout
    assert not (tmp_path / "place" / "north-home" / "published").exists()

    status = home.insights("status", "--programme", str(programme))
    assert status.returncode == 0
    assert "none yet: `insights run` makes one" in status.stdout
    assert "Last run failed" in status.stdout
    assert "No form and no return has landed" in status.stdout
    listed = home.insights("services", "--programme", str(programme))
    assert listed.returncode == 0
    checked = home.insights("check", "--programme", str(programme))
    assert (checked.returncode, checked.stdout) == (0, "No checks have been run yet.\n")
    # Rows about children will lie there, so nobody else on the machine may look in.
    assert (tmp_path / "place" / "north-home" / "warehouse").stat().st_mode & 0o077 == 0
    assert "Traceback" not in "".join(
        one.stdout + one.stderr for one in (made, again, without_key, ran, status, listed)
    )

    # And no other programme gets into its home.
    assert home.insights("init", str(tmp_path / "place" / "south")).returncode == 0
    for command in ("run", "status", "forget", "loads", "check", "verify", "services"):
        other = home.insights(
            command, "--programme", str(tmp_path / "place" / "south"), "--home", str(tmp_path / "place" / "north-home")
        )
        assert other.returncode == 1
        assert "belongs to the programme `north-" in other.stderr + other.stdout
