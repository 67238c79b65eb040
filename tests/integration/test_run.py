"""The whole run on the sample: what it publishes, what running again does, what a change changes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.trial import try_files
from orchestration.locking import LOCK_NAME
from orchestration.settings import Settings
from tests.support.paths import ROOT
from tests.support.whole_runs import READING, SECRET, Changed, Home, Ran

FORMS_2024 = {"intake": 1966, "exit": 1738, "review": 65}


def test_the_first_run_publishes_the_whole_sample(home: Home, first: Ran) -> None:
    with home.release() as con:
        schemas = {row[0] for row in con.execute("select schema_name from duckdb_tables()").fetchall()}
        assert schemas == {"marts", "reference", "ops"}
        counts = dict(
            con.execute(
                "select form_id, sum(forms)::integer from marts.waterfall "
                "where reporting_year = 2024 and disposition = 'accepted' group by form_id"
            ).fetchall()
        )
        assert counts == FORMS_2024
        clients = con.execute(
            "select count(*) from marts.fct_intake where reporting_year = 2024 and is_client_record"
        ).fetchone()
        assert clients == (1936,)


def test_every_landed_row_has_one_disposition(home: Home, first: Ran) -> None:
    with home.release() as con:
        landed = con.execute(
            "select sum(rows_landed) from ops.load where form_id in ('intake', 'exit', 'review')"
        ).fetchone()
        assert con.execute("select sum(forms) from marts.waterfall").fetchone() == landed
        assert con.execute("select count(*) from marts.form_disposition").fetchone() == landed
        returned = con.execute(
            "select sum(rows_landed) from ops.load where form_id in (select return_id from reference.return_type)"
        ).fetchone()
        assert con.execute("select sum(landed) from marts.return_waterfall").fetchone() == returned
        assert con.execute("select count(*) from marts.return_disposition").fetchone() == returned


def test_what_is_said_of_files_before_is_what_became_of_them(home: Home, first: Ran) -> None:
    """Of files whose forms no other file, no erasure list and no list of reported years concerns."""
    with home.release() as con:
        files = con.execute(
            "select source_file, list(forms order by forms), max(forms) filter (disposition = 'accepted') from ("
            "select load_id, disposition, case when disposition = 'set_aside' then disposition_detail end as checks, "
            "count(*) as forms, bool_or(disposition in ('erased', 'outside_reporting_years') "
            "or (disposition_detail like '%of load%' and not contains(disposition_detail, load_id))) as is_of_others "
            "from marts.form_disposition group by all) inner join ops.load using (load_id) "
            "group by source_file having not bool_or(is_of_others) order by count(*) desc, source_file limit 3"
        ).fetchall()
    assert len(files[0][1]) > 4
    said = list(try_files(Settings(home.home, home.raw, "sample"), [home.raw / file for file, _, _ in files]))
    verdicts = [line.strip() for line in said if line.startswith("  would be: ")]
    for (file, forms, accepted), verdict in zip(files, verdicts, strict=True):
        assert sorted(map(int, re.findall(r"(?:: |, )(\d+) ", verdict))) == forms, (file, verdict)
        assert f" {accepted} accepted" in verdict, file


def test_nothing_of_the_report_is_left_unexplained(home: Home, first: Ran) -> None:
    with home.release() as con:
        rows = con.execute("select status, count(*) from marts.reconciliation group by status").fetchall()
    by_status = dict(rows)
    assert by_status.get("unexplained", 0) == 0
    assert sum(by_status.values()) == 2613


def test_nothing_of_the_needs_assessment_is_left_unexplained(home: Home, first: Ran) -> None:
    with home.release() as con:
        rows = con.execute("select status, count(*) from marts.reconciliation_social_care group by status").fetchall()
    by_status = dict(rows)
    assert by_status.get("unexplained", 0) == 0
    assert sum(by_status.values()) == 311


def test_the_summary_says_what_happened(first: Ran) -> None:
    for word in ("Landed", "accepted", "gate 1", "gate 2", "dbt", "Report", "Release", "Next"):
        assert word in first.output, f"{word} is not in the summary"
    assert first.release.name in first.output


def assert_sums_hold(release: Path) -> None:
    for side in (release / "internal", release / "public"):
        lines = (side / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        assert lines
        for line in lines:
            digest, name = line.split(maxsplit=1)
            assert hashlib.sha256((side / name).read_bytes()).hexdigest() == digest, name


def test_the_release_proves_its_own_content(first: Ran) -> None:
    assert_sums_hold(first.release)
    inside = first.release / "internal"
    parquet = {path.relative_to(inside).as_posix() for path in inside.rglob("*.parquet")}
    assert parquet == {name for name in first.manifest["outputs"] if name.endswith(".parquet")}
    assert {"inputs", "outputs", "code_version", "packages", "checks"} <= set(first.manifest)


def test_the_manifest_holds_no_clock(first: Ran) -> None:
    text = json.dumps(first.manifest)
    assert not re.search(r"\d{4}-\d{2}-\d{2}T\d{2}:", text)
    assert "run_id" not in text


def test_the_release_holds_no_time_of_a_run(home: Home, first: Ran) -> None:
    with home.release() as con:
        columns = con.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'ops'"
        ).fetchall()
    assert columns
    assert not [row for row in columns if row[2].startswith("TIMESTAMP") or row[1] == "run_id"]


def test_every_published_mart_says_what_it_is(home: Home, first: Ran) -> None:
    with home.release() as con:
        silent = con.execute(
            "with said as ("
            "select schema_name, table_name as name, comment from duckdb_tables() union all "
            "select schema_name, view_name, comment from duckdb_views() union all "
            "select schema_name, table_name || '.' || column_name, comment from duckdb_columns()"
            ") select name from said where schema_name = 'marts' and coalesce(comment, '') = ''"
        ).fetchall()
    assert silent == []


def test_views_of_a_release_read_the_release_itself(home: Home, first: Ran) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{home.current / 'internal' / 'insights.duckdb'}' as another_name (read_only)")
        assert con.execute("select count(*) > 0 from another_name.marts.fct_answer").fetchone() == (True,)


def test_running_again_lands_nothing_and_publishes_the_same(small: Home, begun: Ran, second: Ran) -> None:
    assert second.release == begun.release
    assert second.manifest == begun.manifest
    assert "nothing new" in second.output
    with small.warehouse() as con:
        assert con.execute("select count(distinct run_id) from ops.load").fetchone() == (1,)


def test_what_was_changed_or_is_made_by_no_model_any_more_does_not_outlive_a_forced_run(
    begun: Ran, second: Ran
) -> None:
    assert "staging.stg_forms__intake: changed since dbt built it" in second.output
    assert "marts.fct_of_a_former_version is made by no model any more" in second.output
    with duckdb.connect(str(second.release / "internal" / "insights.duckdb"), read_only=True) as con:
        names = {row[0] for row in con.execute("select table_name from duckdb_tables()").fetchall()}
    assert "fct_of_a_former_version" not in names
    assert second.release == begun.release


def test_a_run_with_nothing_to_do_builds_nothing_and_is_on_record(small: Home, second: Ran) -> None:
    built = (small.home / "warehouse" / "dbt_target" / "run").stat().st_mtime_ns
    done = small.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing new" in done.stdout
    assert f"{second.release.name} (stays in force)" in done.stdout
    assert (small.home / "warehouse" / "dbt_target" / "run").stat().st_mtime_ns == built
    assert small.current == second.release
    with small.warehouse() as con:
        last = "select status, release_id, finished_at is not null from ops.run order by started_at desc limit 1"
        assert con.execute(last).fetchone() == ("unchanged", second.release.name, True)
    checked = small.insights("verify", "--home", str(small.home), "--raw", str(small.raw))
    assert checked.returncode == 0, checked.stdout
    assert " 0 not as published" in checked.stdout


def test_a_reader_of_the_earlier_release_is_undisturbed(small: Home, changed: Changed) -> None:
    assert changed.reader.execute(READING).fetchall() == changed.seen_before
    with small.release() as con:
        assert con.execute(READING).fetchall() != changed.seen_before


def test_a_changed_answer_changes_its_own_cells_and_no_others(small: Home, changed: Changed) -> None:
    change = changed.change
    key = (
        "indicator_id, period_label, geography_level, geography_code, breakdown, breakdown_value, point, row_order, "
        "column_order, column_label"
    )
    query = (
        f"select ({key})::varchar, indicator_id, period, geography_code, breakdown, row_label, numerator, denominator "
        "from marts.indicator_value"
    )
    before = {row[0]: row[1:] for row in changed.reader.execute(query).fetchall()}
    with small.release() as con:
        after = {row[0]: row[1:] for row in con.execute(query).fetchall()}
        labels = dict(
            con.execute(
                "select option_code, answer_label from marts.dim_answer where question_id = ?", [change.question_id]
            ).fetchall()
        )
    assert set(before) == set(after)
    differing = [(before[name], after[name]) for name in before if before[name] != after[name]]
    assert {old[0] for old, _ in differing} == {change.indicator}
    assert {old[1] for old, _ in differing} == {change.year}
    assert {old[2] for old, _ in differing} == {"all_services", change.service}
    assert {old[4] for old, _ in differing} == {labels[change.before], labels[change.after]}
    steps = Counter((old[4], new[5] - old[5]) for old, new in differing)
    assert {step for _, step in steps} == {1, -1}
    assert {label for label, step in steps if step == 1} == {labels[change.after]}
    assert all(old[6] == new[6] for old, new in differing), "an n changed"
    totals = [old for old, _ in differing if old[3] == "total" and old[2] == "all_services"]
    assert len(totals) == 2


def test_explain_names_the_changed_file_and_row(small: Home, changed: Changed) -> None:
    change = changed.change
    with small.release() as con:
        label = con.execute(
            "select answer_label from marts.dim_answer where question_id = ? and option_code = ?",
            [change.question_id, change.after],
        ).fetchall()[0][0]
    done = small.insights(
        "explain", change.indicator, "--period", str(change.year), "--row", label, "--service", change.service,
        "--limit", "0", "--home", str(small.home),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [
        number
        for line in done.stdout.splitlines()
        if line.strip().startswith(f"{change.file}: row ")
        for number in line.split(": row ", 1)[1].split(", ")
    ]
    assert str(change.row) in rows
    assert "as published" in done.stdout
    assert "select" in done.stdout


def test_the_earlier_release_is_still_there_and_as_it_was(begun: Ran, changed: Changed) -> None:
    assert changed.ran.release != begun.release
    assert json.loads((begun.release / "internal" / "manifest.json").read_text(encoding="utf-8")) == begun.manifest
    assert_sums_hold(begun.release)


def test_a_refused_file_is_told_and_stops_nothing(small: Home, changed: Changed) -> None:
    assert changed.ran.code == 3
    assert "Refused  1 file;" in changed.ran.output
    assert "insights/not_a_form.csv" in changed.ran.output
    assert SECRET not in changed.ran.output
    listed = small.insights("loads", "--refused", "--home", str(small.home))
    assert "not_a_form.csv" in listed.stdout
    assert SECRET not in listed.stdout


def test_a_blocked_gate_leaves_the_release_in_place(small: Home, changed: Changed) -> None:
    with small.warehouse(read_only=False) as con:
        con.execute(
            "update raw.insights_intake set intake_admin_client_id = 'plain' "
            "where landed_row_id = (select min(landed_row_id) from raw.insights_intake where not is_erased)"
        )
    done = small.run("--full-refresh")
    assert done.returncode == 1
    assert "NOT PUBLISHED" in done.stdout
    assert "Gate 1 blocked" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert small.current == changed.ran.release
    status = small.insights("status", "--home", str(small.home))
    assert "Last run blocked by a gate" in status.stdout
    checks = small.insights("check", "--home", str(small.home))
    assert "blocking" in checks.stdout


def test_a_second_run_at_the_same_time_is_told_to_wait(home: Home, first: Ran) -> None:
    with (home.home / "warehouse" / LOCK_NAME).open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = home.run()
    assert done.returncode == 1
    assert "Another run is using this warehouse" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_written_outside_the_home(home: Home, first: Ran, small: Home, second: Ran) -> None:
    folders = (home.user, home.tmp, small.user, small.tmp)
    assert [path for folder in folders for path in folder.rglob("*")] == []
    project = ROOT / "dbt_project"
    # What dbt parsed is kept beside the project, for every home; nothing else of it is.
    assert {path.name for path in (project / "target").iterdir() if not path.name.startswith(".")} == {
        "manifest.json", "partial_parse.msgpack", "parsed_from", "column_lineage.json",
    }  # fmt: skip
    assert not (project / "logs").exists()
    assert not (project / ".user.yml").exists()


def test_the_run_is_on_record_with_counts_and_lineage(home: Home, first: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    import dagster as dg

    monkeypatch.setenv("DAGSTER_HOME", str(home.home / "dagster"))
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs(filters=dg.RunsFilter(job_name="insights_run", statuses=[dg.DagsterRunStatus.SUCCESS]))
        assert runs
        event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "fct_intake"]))
        assert event is not None
        assert event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        count = metadata["dagster/row_count"].value
        assert isinstance(count, int)
        assert count > 0
        assert "seconds" in metadata
        lineage = metadata["dagster/column_lineage"].value
        assert isinstance(lineage, dg.TableColumnLineage)
        assert lineage.deps_by_column["form_key"]
