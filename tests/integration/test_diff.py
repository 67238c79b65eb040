"""What changed between two releases: one answer of one form, and a file that was refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.transform.project import manifest_path, read_manifest
from reporting.changes.comparison import diff_lines, diff_releases
from reporting.changes.difference import ReleaseDiff
from reporting.documentation.lineage import Lineage
from reporting.errors import ReportError
from tests.support.whole_runs import Changed, Home, Ran

FIGURES = (
    "select indicator_id, period, geography_level, geography_code, breakdown, breakdown_value, point, row_order, "
    "column_order, numerator, denominator, status from marts.indicator_value"
)


@pytest.fixture(scope="module")
def difference(small: Home, second: Ran, changed: Changed) -> ReleaseDiff:
    return diff_releases(second.release, changed.ran.release, Lineage(read_manifest(manifest_path())).keys())


def test_the_changed_file_and_the_refused_one_are_named(difference: ReleaseDiff, changed: Changed) -> None:
    assert [(one.file, one.kind, one.status) for one in difference.files] == [
        (changed.change.file, "changed", "landed"),
        ("insights/not_a_form.csv", "added", "refused"),
    ]
    assert difference.files[0].rows_before == difference.files[0].rows_now


def test_one_form_changed_and_no_other(difference: ReleaseDiff) -> None:
    tables = {one.name: one for one in difference.tables}
    facts = tables["marts.fct_intake"]
    assert (facts.rows_added, facts.rows_removed, facts.rows_changed, facts.paired) == (0, 0, 1, True)
    assert "marts.fct_exit" not in tables
    assert "marts.fct_referral" not in tables
    assert not difference.definitions


def test_the_figures_are_exactly_those_that_differ(difference: ReleaseDiff, second: Ran, changed: Changed) -> None:
    """Counted a second time, in the plainest way: all rows of both, as sets."""
    with (
        duckdb.connect(str(second.release / "internal" / "insights.duckdb"), read_only=True) as old,
        duckdb.connect(str(changed.ran.release / "internal" / "insights.duckdb"), read_only=True) as new,
    ):
        before, now = set(old.execute(FIGURES).fetchall()), set(new.execute(FIGURES).fetchall())
    expected = {row[:9] for row in before ^ now}
    names = (
        "indicator_id", "period", "geography_level", "geography_code", "breakdown", "breakdown_value", "point",
        "row_order", "column_order",
    )  # fmt: skip
    assert expected
    assert {tuple(one.key[name] for name in names) for one in difference.figures} == expected
    assert {one.key["indicator_id"] for one in difference.figures} == {changed.change.indicator}
    national = [
        one
        for one in difference.figures
        if one.key["geography_level"] == "all_services" and one.key["breakdown"] == "total"
    ]
    moved = sorted(one.now["numerator"] - one.before["numerator"] for one in national if one.before and one.now)
    assert moved == [-1, 1]


def test_the_lines_say_it_and_hold_to_their_limit(small: Home, second: Ran, changed: Changed) -> None:
    lines = diff_lines(small.home / "published", second.release.name, changed.ran.release.name, limit=3)
    assert lines[0] == f"From {second.release.name} to {changed.ran.release.name}"
    assert any(changed.change.file in line for line in lines)
    text = "\n".join(lines)
    assert "--limit 0 lists all" in text
    assert "Definitions: the same" in text
    assert "Traceback" not in text
    all_lines = diff_lines(small.home / "published", second.release.name, changed.ran.release.name, limit=0)
    assert len(all_lines) > len(lines)
    assert not any("--limit 0" in line for line in all_lines)


def test_no_line_holds_the_key_of_a_form_or_a_client(small: Home, second: Ran, changed: Changed) -> None:
    text = "\n".join(diff_lines(small.home / "published", second.release.name, changed.ran.release.name, limit=0))
    with small.release() as con:
        keys = con.execute(
            "select form_key from marts.fct_intake union all select client_key from marts.fct_intake"
        ).fetchall()
    assert not [key for (key,) in keys if key in text]


def test_a_release_and_itself_are_the_same(small: Home, second: Ran) -> None:
    name = second.release.name
    assert diff_lines(small.home / "published", name, name) == [
        f"{name} and {name} are the same in everything that a release holds."
    ]


def test_an_unknown_release_gives_the_names_of_those_there_are(small: Home, second: Ran) -> None:
    with pytest.raises(ReportError, match="There is no release 'r-none'") as raised:
        diff_lines(small.home / "published", "r-none", "current")
    assert second.release.name in str(raised.value)


def test_the_folder_of_releases_may_be_empty(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="none yet"):
        diff_lines(tmp_path / "published", "current", "current")
