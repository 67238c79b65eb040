"""Not asked is not missing: a network in which not every service asks everything, counted twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.support.leaks import leaks, sample_words
from tests.support.mixed_network import NOT_ASKED, SERVICES, UNKNOWN, YEARS, write_exports, write_programme
from tests.support.paths import ROOT
from tests.support.plain_count import Count, Form, Network, count

# Whole runs of the sample and of a small home are made with every change; this one takes as long as the small one.
pytestmark = pytest.mark.by_hand

EVERYWHERE = ("all_services", *(name.upper() for name in SERVICES))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the network's programme, exports and home lie, after a run."""
    root = tmp_path_factory.mktemp("mixed")
    write_programme(root / "programme")
    write_exports(root / "raw")
    run = subprocess.run(
        [sys.executable, "-m", "orchestration.commands.cli", "run", "--programme", str(root / "programme")],
        cwd=ROOT,
        env=os.environ | {"INSIGHTS_ENV": "sample"},
        capture_output=True,
        text=True,
        check=False,
    )
    # Two services send a column that nobody knows.
    assert run.returncode == 3, run.stdout[-3000:] + run.stderr[-3000:]
    (root / "said.txt").write_text(run.stdout, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def release(place: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(place / "home/published/current/internal/insights.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def network(place: Path) -> Network:
    return Network(place / "raw", NOT_ASKED, UNKNOWN)


def figures(
    release: duckdb.DuckDBPyConnection, table: str, row: int, breakdown: str = "total", **place: str
) -> dict[tuple[str, int], Count]:
    """n, count and not asked of a row by service and year, as the release has them; an n that is not there is 0."""
    rows = release.execute(
        "select geography_code, period, coalesce(denominator, 0), coalesce(numerator, 0), not_asked "
        "from marts.indicator_value where indicator_id = ? and row_order = ? and breakdown = ? and breakdown_value = ? "
        "and point = ? and column_order = 1 and period in (2023, 2024)",
        [table, row, breakdown, place.get("value", "total"), place.get("point", "")],
    ).fetchall()
    return {(code, period): Count(n, counted, not_asked) for code, period, n, counted, not_asked in rows}


def by_place(units: list[Form], counting) -> dict[tuple[str, int], Count]:
    return {
        (code, year): counting([unit for unit in units if unit.year == year and code in ("all_services", unit.service)])
        for code in EVERYWHERE
        for year in YEARS
    }


def cell(question: str, *codes: str):
    return lambda form: form.cells.get(question, "") in codes


def at_intake(network: Network, question: str, *codes: str):
    """Whether the intake form of an exit form gave one of some answers."""

    def answered(leaving: Form) -> bool:
        intake = network.intake_of(leaving)
        return intake is not None and cell(question, *codes)(intake)

    return answered


def anyone(form: Form) -> bool:
    return True


@pytest.mark.parametrize(("row", "codes"), [(1, ["yes"]), (2, ["no"]), (3, ["dont_know"]), (4, [""])])
def test_a_question_that_one_service_has_no_column_for(release, network, row, codes):
    expected = by_place(
        network.intakes(),
        lambda units: count(
            units,
            lambda form: network.was_asked(form, "harmful_supported"),
            anyone,
            cell("harmful_supported", *codes),
        ),
    )
    assert figures(release, "harmful_supported", row) == expected
    assert expected["CEDAR", 2024].n == 0
    assert expected["CEDAR", 2024].not_asked > 80
    assert expected["all_services", 2024].not_asked == expected["CEDAR", 2024].not_asked


def test_a_follow_up_of_it(release, network):
    chain = ("harmful_supported", "harmful_type_physical")
    expected = by_place(
        network.intakes(),
        lambda units: count(
            units,
            lambda form: network.was_asked(form, *chain),
            cell("harmful_supported", "yes"),
            cell("harmful_type_physical", "yes"),
        ),
    )
    assert figures(release, "harmful_types", 1) == expected


@pytest.mark.parametrize(("row", "codes"), [(1, ["yes"]), (2, ["no"]), (4, [""])])
def test_a_question_that_the_programme_says_is_not_asked_from_a_day_on(release, network, row, codes):
    expected = by_place(
        network.clients,
        lambda units: count(
            units,
            lambda form: network.was_asked(form, "profile_disability"),
            anyone,
            cell("profile_disability", *codes),
        ),
    )
    assert figures(release, "client_disability", row) == expected
    assert expected["DOGWOOD", 2023].not_asked == 0
    assert expected["DOGWOOD", 2024].n == 0


def test_a_population_on_a_question_that_is_not_asked(release, network):
    chain = ("profile_disability", "profile_disability_type")
    kinds = ("physical", "asd")

    def counting(counted: Callable[[Form], bool]) -> dict[tuple[str, int], Count]:
        return by_place(
            network.clients,
            lambda units: count(
                units, lambda form: network.was_asked(form, *chain), cell("profile_disability", "yes"), counted
            ),
        )

    physical = counting(cell("profile_disability_type___physical", "1"))
    missing = counting(
        lambda form: not any(form.cells.get(f"profile_disability_type___{kind}") == "1" for kind in kinds)
    )
    assert figures(release, "client_disability_type", 1) == physical
    assert figures(release, "client_disability_type", 13) == missing
    assert physical["DOGWOOD", 2024] == Count(0, 0, physical["DOGWOOD", 2024].not_asked)
    assert physical["DOGWOOD", 2024].not_asked > 80


def test_what_is_absent_beside_a_column_that_is_not_understood_is_missing_and_told(release, network):
    expected = by_place(
        network.intakes(),
        lambda units: count(units, anyone, anyone, cell("profile_ace_experienced", "")),
    )
    assert figures(release, "client_ace_experienced", 4) == expected
    elm = expected["ELM", 2024]
    assert elm.n == elm.counted > 80
    reasons = dict(release.execute("select source_file, reason from ops.load").fetchall())
    assert "intake_profile_ace_experienced" in reasons["Elm/intake_2024.csv"]
    assert "count as missing, because one column of it was not understood" in reasons["Elm/intake_2024.csv"]
    assert "They count as not asked." in reasons["Cedar/intake_2024.csv"]
    assert reasons["Alder/exit_2024.csv"] is None


def test_exits_whose_intake_form_was_not_asked(release, network):
    """The cohort itself is a condition on the intake form: who was not asked that is in none of it, and told."""
    expected = by_place(
        network.exits(),
        lambda units: count(
            units,
            lambda leaving: network.was_asked_at_intake(leaving, "harmful_supported"),
            at_intake(network, "harmful_supported", "yes"),
            cell("harmful_type_physical", "yes"),
        ),
    )
    assert figures(release, "exit_harmful_physical", 1, point="exit") == expected
    assert expected["CEDAR", 2024].not_asked > 30


@pytest.mark.parametrize(("row", "question"), [(1, "exposure_supported"), (3, "harmful_supported")])
def test_exits_without_an_intake_form_were_not_asked_what_their_service_asks_nobody(release, network, row, question):
    expected = by_place(
        network.exits(),
        lambda units: count(
            units,
            lambda leaving: network.was_asked_at_intake(leaving, question),
            anyone,
            at_intake(network, question, "yes"),
        ),
    )
    assert figures(release, "exit_abuse_presence", row, point="intake") == expected
    assert any(network.intake_of(leaving) is None for leaving in network.exits() if leaving.service == "CEDAR")
    assert (expected["CEDAR", 2024].n == 0) == (question == "harmful_supported")


@pytest.mark.parametrize("gender", ["male", "female"])
def test_who_was_not_asked_what_a_table_is_broken_down_by_is_in_no_slice(release, network, gender):
    found = figures(release, "harmful_supported", 1, "gender", value=gender.capitalize())
    for year in YEARS:
        units = [
            form
            for form in network.intakes()
            if form.year == year and form.cells.get("profile_gender_at_birth") == gender
        ]
        expected = count(
            units, lambda form: network.was_asked(form, "harmful_supported"), anyone, cell("harmful_supported", "yes")
        )
        assert found["all_services", year] == expected
    slices = {
        value
        for (value,) in release.execute(
            "select distinct breakdown_value from marts.indicator_value where breakdown = 'gender'"
        ).fetchall()
    }
    assert "Not asked" not in slices
    # Who was asked and left it blank is in a slice of its own.
    assert "Missing" in slices
    cedar = release.execute(
        "select distinct gender from marts.fct_intake where service_code = 'CEDAR' and reporting_year = 2023"
    ).fetchall()
    assert cedar == [("Not asked",)]


def test_the_marts_know_four_states(release, network):
    found = dict(
        release.execute(
            "select coalesce(answer_state, 'closed'), count(*) from marts.fct_intake left join (select form_key, "
            "answer_state from marts.fct_answer where question_id = 'intake_harmful_type_physical') using (form_key) "
            "group by all"
        ).fetchall()
    )
    chain = ("harmful_supported", "harmful_type_physical")
    asked = [form for form in network.intakes() if network.was_asked(form, *chain)]
    opened = [form for form in asked if form.cells["harmful_supported"] == "yes"]
    assert found == {
        "given": sum(form.cells["harmful_type_physical"] != "" for form in opened),
        "missing": sum(form.cells["harmful_type_physical"] == "" for form in opened),
        "closed": len(asked) - len(opened),
        "not_asked": len(network.intakes()) - len(asked),
    }


def test_years_in_which_other_services_asked_are_not_compared(release):
    marks = dict(
        release.execute(
            "select indicator_id || ' ' || breakdown || ' ' || breakdown_value, change_mark from marts.year_change "
            "where period = 2024 and geography_level = 'all_services' and row_order = 1 and column_order = 1 "
            "and point = ''"
        ).fetchall()
    )
    # Cedar asks of harmful behaviour in neither year; Dogwood stops to ask of disability.
    assert marks["harmful_supported total total"] != "not compared"
    assert marks["client_disability total total"] == "not compared"
    assert marks["client_disability_type total total"] == "not compared"
    # Cedar begins to ask for gender: its slices hold others than before, those of age do not.
    assert marks["client_gender_at_birth total total"] == "not compared"
    assert marks["harmful_supported gender Female"] == "not compared"
    assert "not compared" not in {marks[key] for key in marks if key.startswith("harmful_supported age_band 9")}
    own = release.execute(
        "select change_mark from marts.year_change where period = 2024 and indicator_id = 'client_disability' "
        "and geography_code = 'ALDER' and row_order = 1"
    ).fetchall()
    assert own != [("not compared",)]


def test_what_nobody_was_asked_is_no_figure_and_no_row(place, release):
    inside = release.execute(
        "select distinct status, numerator, denominator, value, services, services_asking from marts.indicator_value "
        "where indicator_id = 'client_residency' and period = 2024 and geography_level = 'all_services'"
    ).fetchall()
    assert inside == [("x", None, None, None, 5, 0)]
    assert release.execute(
        "select count(*) from marts.published_value where indicator_id = 'client_residency' and period > 2022"
    ).fetchall() == [(0,)]
    rows = (
        (place / "home/published/current/public/open_data/insights_profile.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert any("Gender assigned at birth" in row and row.startswith("202324") for row in rows)
    assert not [row for row in rows if "Residency" in row and row.startswith(("202223", "202324"))]
    for side in ("internal", "public"):
        page = (place / f"home/published/current/{side}/report/insights-2024.html").read_text(encoding="utf-8")
        assert re.search(r"Table \d+\. [^<]*Gender assigned at birth", page)
        assert not re.search(r"Table \d+\. [^<]*Residency", page)


def test_the_report_says_who_asked(place):
    pages = {
        side: re.sub(
            r"\s+",
            " ",
            (place / f"home/published/current/{side}/report/insights-2024.html").read_text(encoding="utf-8"),
        )
        for side in ("internal", "public")
    }
    for page in pages.values():
        assert "Asked by 4 of 5 services (2023-24)." in page
        assert "Not compared with 2022-23 where other services asked in that year." in page
    assert "were not asked and are not in n" in pages["internal"]
    assert "were not asked and are not in n" not in pages["public"]


def test_nobody_who_was_not_asked_is_told_in_public(release):
    assert release.execute("select count(*) from marts.published_value where not_asked is not null").fetchall() == [
        (0,)
    ]
    asking = release.execute(
        "select distinct services_asking, services from marts.published_value "
        "where indicator_id = 'harmful_supported' and period = 2024 and geography_level = 'all_services'"
    ).fetchall()
    assert asking == [(4, 5)]
    cedar = release.execute(
        "select distinct status, denominator, numerator from marts.published_value "
        "where indicator_id = 'harmful_supported' and period = 2024 and geography_code = 'CEDAR'"
    ).fetchall()
    assert cedar == [("x", None, None)]


def test_combinations_are_of_those_who_were_asked_all_of_them(release, network):
    (base,) = release.execute(
        "select distinct base from marts.co_occurrence where set_id = 'abuse' and period = 2024 "
        "and geography_code = 'all_services'"
    ).fetchall()
    asked = [form for form in network.intakes() if form.year == 2024 and network.was_asked(form, "harmful_supported")]
    assert base == (len(asked),)


def test_a_figure_explains_itself(release):
    """The SQL that the release gives for a figure, run over the release, gives the figure."""
    for table, row, column in (
        ("harmful_supported", 1, ""),
        ("harmful_types", 1, "Yes"),
        ("client_disability_type", 1, ""),
    ):
        (sql,) = release.execute(
            "select count_sql from marts.indicator_count where indicator_id = ? and row_order = ? and column_label = ?",
            [table, row, column],
        ).fetchall()[0]
        found = release.execute(
            sql.replace("{period}", "2024").replace("{geography_code}", "'all_services'")
        ).fetchall()
        printed = release.execute(
            "select numerator, denominator from marts.indicator_value where indicator_id = ? and row_order = ? "
            "and column_label = ? and period = 2024 and geography_code = 'all_services' and breakdown = 'total'",
            [table, row, column],
        ).fetchall()
        assert found == printed


def test_nothing_of_the_sample_is_in_the_release(place):
    assert leaks((place / "home/published/current").resolve(), sample_words()) == []


def test_the_operator_reads_which_columns_were_not_understood(place):
    said = (place / "said.txt").read_text(encoding="utf-8")
    assert f"`{UNKNOWN.replace('_', ' ')}` was not understood" in said or f"`{UNKNOWN}` was not understood" in said
    assert "Report " not in said
