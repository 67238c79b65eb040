"""The numbers of a release can be counted again from its forms, and the SQL shown for it is SQL that runs."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.commands.explain_forms import (
    Question,
    contributing_forms,
    find_cells,
    open_database,
    recount,
    recount_sql,
)
from orchestration.commands.explain_returns import counts_of, find_values, is_social_care, value_lines
from orchestration.commands.explain_text import cell_lines, overview_lines
from orchestration.errors import OperatorError
from tests.support.whole_runs import Ran


@pytest.fixture
def release(first: Ran) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the first run."""
    with open_database(first.release) as con:
        yield con


def test_numbers_of_every_table_are_counted_again_alike(release: duckdb.DuckDBPyConnection) -> None:
    indicators = [
        row[0]
        for row in release.execute("select indicator_id from marts.indicator where theme = 'insights'").fetchall()
    ]
    checked, wrong = 0, []
    for indicator in indicators:
        # Every fourth number of each table: a second instead of ten for what one piece of code does for all.
        for cell in find_cells(release, Question(indicator, period=2024))[::4]:
            again = recount(release, cell)
            if again is None:
                continue
            checked += 1
            number = cell.number
            if cell.definition["statistic"] in {"mean", "median"}:
                agrees = again[1] == number["denominator"]
            else:
                agrees = again == (number["numerator"], number["denominator"])
            if not agrees:
                wrong.append((indicator, cell.name, again, number["numerator"], number["denominator"]))
    assert wrong == []
    assert checked > 250


def test_one_service_is_counted_by_itself(release: duckdb.DuckDBPyConnection) -> None:
    service = release.execute("select min(service_code) from marts.dim_service").fetchall()[0][0]
    for cell in find_cells(release, Question("exit_abuse_presence", period=2023, service=service)):
        assert recount(release, cell) == (cell.number["numerator"], cell.number["denominator"])


def test_as_many_forms_are_named_as_are_counted(release: duckdb.DuckDBPyConnection) -> None:
    (cell,) = find_cells(release, Question("client_gender_at_birth", period=2024, row="female"))
    forms = contributing_forms(release, cell)
    assert len(forms) == cell.number["numerator"]
    assert len(set(forms)) == len(forms)
    assert forms == sorted(forms)


def test_what_is_shown_of_one_number(release: duckdb.DuckDBPyConnection) -> None:
    (cell,) = find_cells(release, Question("client_gender_at_birth", period=2024, row="female"))
    text = "\n".join(cell_lines(release, cell, limit=5))
    assert f"{cell.number['numerator']:,} of n = {cell.number['denominator']:,}" in text
    assert "n counts: Unique clients" in text
    assert "as published" in text
    assert "more: --limit 0 lists all" in text
    sql = recount_sql(release, cell)
    assert sql is not None
    assert "select form.landed_row_id" in text


def test_several_numbers_are_listed_with_the_way_to_one(release: duckdb.DuckDBPyConnection) -> None:
    cells = find_cells(release, Question("client_age", period=2024))
    text = "\n".join(overview_lines(release, cells))
    assert "--row" in text
    assert all(str(cell.number["row_label"]) in text for cell in cells)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("client_aeg"), "client_age"),
        (Question("client_age", period=1999), "2022, 2023, 2024"),
        (Question("client_age", row="99-100 years"), "Did you mean"),
        (Question("client_age", service="nowhere"), "no service"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    question: Question, words: str, release: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(OperatorError, match=words):
        find_cells(release, question)


def test_numbers_of_social_care_are_counted_again_alike(release: duckdb.DuckDBPyConnection) -> None:
    indicators = [
        row[0]
        for row in release.execute(
            "select distinct indicator_id from marts.indicator_value "
            "where theme = 'social_care' and statistic <> 'model' and geography_level = 'authority'"
        ).fetchall()
    ]
    checked, wrong = 0, []
    for indicator in indicators:
        assert is_social_care(release, indicator)
        for value in find_values(release, Question(indicator)):
            for which, count in counts_of(release, value).items():
                if count.sql is not None:
                    checked += 1
                    found = int(release.execute(count.sql).fetchall()[0][0] or 0)
                    if found != value[which.lower()]:
                        wrong.append((indicator, value["name"], which, found, value[which.lower()]))
    assert wrong == []
    assert checked > 100


def test_what_is_shown_of_a_number_of_social_care(release: duckdb.DuckDBPyConnection) -> None:
    values = find_values(release, Question("Referral_Rate", period=2016))
    text = "\n".join(value_lines(release, values, limit=3))
    assert "5,731 over 64,978" in text
    assert "country: 532 (higher)" in text
    assert "from marts.fct_referral" in text
    assert "gives 5,731, as published" in text
    assert "more: --limit 0 lists all" in text
    with pytest.raises(OperatorError, match="has 2013, 2014"):
        find_values(release, Question("referral_rate", period=1999))
    with pytest.raises(OperatorError, match="service directory"):
        find_values(release, Question("service_gp_practices"))
