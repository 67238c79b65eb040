"""Codes of other years, from the file to staging: each rests on its row of the seed `code`, and is seen to.

Small returns of several years are landed and staged twice: with the codes as they are, and with every row of the known
drift taken out of the seed's table. What was a code of its year the first time is an unknown one the second time.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.landing.folder import land_folder
from orchestration.settings import Settings
from orchestration.transform import dbt
from tests.support.returns import EPISODES, assessment, census, child, need

FACTORS = ("18B", "18C", "19B", "19C", "24A")
YEARS = (2017, 2020, 2021, 2022, 2023, 2024, 2025, 2026)
# (code list, code, record, field, years in which it is a code, years in which it is one of another year)
DRIFT = [
    *(("assessment_factor", code, "cin_assessment_factor", "factor", (2021, 2026), (2020,)) for code in FACTORS[:4]),
    ("assessment_factor", "24A", "cin_assessment_factor", "factor", (2022, 2026), (2021,)),
    ("referral_source", "5D", "cin_referral", "referral_source", (2023, 2026), (2022,)),
    ("reason_for_closure", "RC9", "cin_referral", "reason_for_closure", (2023, 2026), (2022,)),
    *(("statutory_sex", code, "cin_child", "sex", (2017, 2024), (2025,)) for code in ("0", "1", "2", "9")),
    *(("statutory_sex", code, "cin_child", "sex", (2025, 2026), (2024,)) for code in ("M", "F", "U")),
    ("placement_type", "K3", "s903_episode", "placement_type", (2025,), (2024,)),
    ("placement_type", "P2", "s903_episode", "placement_type", (2024,), (2025,)),
    ("placement_type", "H5", "s903_episode", "placement_type", (2024,), (2025,)),
    ("placement_type", "Z11", "s903_episode", "placement_type", (2026,), (2025,)),
]
SEXES = ("0", "1", "2", "9", "M", "F", "U")
PLACEMENTS = ("K3", "P2", "H5", "Z11")


def deliver(raw: Path) -> None:
    """Returns of every year with the codes of all years."""
    for year in YEARS:
        folder = raw / "social_care" / "999" / f"{year}"
        folder.mkdir(parents=True)
        name = "Sex" if year >= 2025 else "GenderCurrent"
        closed = "<CINclosureDate>2016-09-01</CINclosureDate>\n<ReasonForClosure>RC9</ReasonForClosure>\n"
        children = [
            child(
                number,
                sex=f"<{name}>{sex}</{name}>",
                details=need(f"{year - 1}-05-04", inner=assessment(*FACTORS), source="5D", closed=closed),
            )
            for number, sex in enumerate(SEXES, start=1)
        ]
        (folder / "census.xml").write_text(census(*children, year=year), encoding="utf-8")
        rows = [f"XJ77K{n},05/09/{year - 1},S,C2,N1,{code},PR1,,,,,,\n" for n, code in enumerate(PLACEMENTS)]
        (folder / "episodes.csv").write_text(f"{EPISODES}\n{''.join(rows)}", encoding="utf-8")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> list[dict[tuple[str, str, int, str], set[str | None]]]:
    """Problems of each (record, field, year, code) in staging: with the drift in the seed, and without it."""
    folder = tmp_path_factory.mktemp("code_years")
    settings = Settings(folder / "home", folder / "raw", "sample")
    deliver(settings.raw_dir)
    land_folder(settings, run_id="run-1")
    select = sorted({f"stg_returns__{record}" for _, _, record, _, _, _ in DRIFT})
    found = []
    for is_without in (False, True):
        if is_without:
            with duckdb.connect(str(settings.warehouse_path)) as con:
                for code_list, code, *_ in DRIFT:
                    con.execute("delete from reference.code where code_list = ? and code = ?", [code_list, code])
        else:
            check(dbt.run_command(settings, ["seed", "--select", "resource_type:seed"]))
        check(dbt.run_command(settings, ["run", "--full-refresh", "--select", *select]))
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
            found.append(problems(con))
    return found


def check(results: list[dbt.NodeResult]) -> None:
    assert results
    assert [result.name for result in results if not result.succeeded] == []


def problems(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int, str], set[str | None]]:
    found: dict[tuple[str, str, int, str], set[str | None]] = {}
    for record_id, field_id in sorted({(record, field) for _, _, record, field, _, _ in DRIFT}):
        rows = con.execute(
            f"select raw.collection_year, raw.{field_id}, "
            f"list_filter(staged.problems, one -> one.field_id = '{field_id}')[1].problem "
            f"from raw.{record_id} as raw inner join staging.stg_returns__{record_id} as staged "
            "using (landed_row_id)"
        ).fetchall()
        for year, code, problem in rows:
            found.setdefault((record_id, field_id, int(year), str(code)), set()).add(problem)
    return found


@pytest.mark.parametrize(("code_list", "code", "record_id", "field_id", "known_in", "unknown_in"), DRIFT)
def test_a_code_is_known_in_its_years_because_of_its_row(
    staged, code_list, code, record_id, field_id, known_in, unknown_in
):
    with_row, without_row = staged
    for year in known_in:
        assert with_row[record_id, field_id, year, code] == {None}
    # The codes of sex of either time mean the same, so they are read.
    problem = "code_of_another_year" if code_list == "statutory_sex" else "code_not_valid_in_year"
    for year in unknown_in:
        assert with_row[record_id, field_id, year, code] == {problem}
    for year in known_in:
        assert without_row[record_id, field_id, year, code] == {"unknown_code"}
