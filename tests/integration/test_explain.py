"""The numbers of a release can be counted again from its forms, and the SQL shown for it is SQL that runs."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.commands.explain import (
    Count,
    Question,
    counts_of,
    explain_lines,
    find_figures,
    open_database,
    places_of,
)
from orchestration.errors import OperatorError
from tests.support.whole_runs import Ran


@pytest.fixture
def release(first: Ran) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the first run."""
    with open_database(first.release) as con:
        yield con


def periods_of(release: duckdb.DuckDBPyConnection, theme: str) -> list[tuple[str, int]]:
    return release.execute(
        "select distinct indicator_id, period from marts.indicator_value where theme = ? and statistic <> 'model' "
        "and geography_level in ('all_services', 'authority') order by all",
        [theme],
    ).fetchall()


def only(counts: list[Count]) -> Count:
    (count,) = counts
    return count


def test_numbers_of_every_table_are_counted_again_alike(release: duckdb.DuckDBPyConnection) -> None:
    checked, counted, wrong = 0, set(), []
    asked = periods_of(release, "insights")
    for indicator, period in asked:
        figures = find_figures(release, Question(indicator, period=period))
        # Every eighth number of each table and year, others in each year: seconds instead of a minute for one SQL.
        for figure in figures[period % 8 :: 8] or figures[:1]:
            for count in counts_of(release, figure):
                checked += 1
                counted.add(indicator)
                if not count.agrees(figure):
                    wrong.append((indicator, period, figure["name"], dict(count.values)))
    assert wrong == []
    assert checked > 350
    assert counted == {indicator for indicator, _ in asked}


def test_one_service_is_counted_by_itself(release: duckdb.DuckDBPyConnection) -> None:
    service = release.execute("select min(service_code) from marts.dim_service").fetchall()[0][0]
    for figure in find_figures(release, Question("exit_abuse_presence", period=2023, service=service)):
        assert figure["geography_code"] == service
        count = only(counts_of(release, figure))
        assert dict(count.values) == {key: figure[key] for key in ("numerator", "denominator")}


def test_as_many_forms_are_named_as_are_counted(release: duckdb.DuckDBPyConnection) -> None:
    (figure,) = find_figures(release, Question("client_gender_at_birth", period=2024, row="female"))
    forms = places_of(release, only(counts_of(release, figure)))
    assert len(forms) == figure["numerator"]
    assert len(set(forms)) == len(forms)
    assert forms == sorted(forms)


def test_as_many_forms_are_named_as_gave_a_number(release: duckdb.DuckDBPyConnection) -> None:
    question = Question("direct_duration", period=2024, row="(mean")
    (figure,) = find_figures(release, question)
    forms = places_of(release, only(counts_of(release, figure)))
    assert len(forms) == figure["denominator"] > 0
    assert f"{len(forms):,} forms that gave a number" in "\n".join(explain_lines(release, question, limit=1))


def test_what_is_shown_of_one_number(release: duckdb.DuckDBPyConnection) -> None:
    question = Question("client_gender_at_birth", period=2024, row="female")
    (figure,) = find_figures(release, question)
    text = "\n".join(explain_lines(release, question, limit=5))
    assert f"{figure['numerator']:,} of n = {figure['denominator']:,}" in text
    assert "n counts: Unique clients" in text
    assert "as published" in text
    assert "more: --limit 0 lists all" in text
    assert "select form.landed_row_id" in text
    sql = only(counts_of(release, figure)).sql
    assert sql is not None
    assert all(f"    {line}\n" in text for line in sql.splitlines())


def test_a_number_that_is_not_what_was_published_is_told(release: duckdb.DuckDBPyConnection) -> None:
    for question in (
        Question("client_gender_at_birth", period=2024, row="female"),
        Question("referral_rate", period=2016),
    ):
        (figure,) = find_figures(release, question)
        count = counts_of(release, figure)[0]
        assert count.agrees(figure)
        assert not count.agrees(figure | {"numerator": figure["numerator"] + 1})


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("about_dataset", row="4"), "No form holds this figure"),
        (Question("crime_experience_children"), "An estimate: terms in reference.model_term"),
    ],
)
def test_a_figure_that_nothing_counts_says_so(
    question: Question, words: str, release: duckdb.DuckDBPyConnection
) -> None:
    (figure,) = find_figures(release, question)
    assert counts_of(release, figure) == []
    assert words in "\n".join(explain_lines(release, question, limit=1))


def test_several_numbers_are_listed_with_the_way_to_one(release: duckdb.DuckDBPyConnection) -> None:
    question = Question("client_age", period=2024)
    text = "\n".join(explain_lines(release, question, limit=20))
    assert "--row" in text
    assert all(str(figure["row_label"]) in text for figure in find_figures(release, question))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("client_aeg"), "client_age"),
        (Question("client_age", period=1999), "2022, 2023, 2024"),
        (Question("client_age", row="99-100 years"), "Did you mean"),
        (Question("client_age", service="nowhere"), "no service"),
        (Question("client_age", column="yes"), "leave --column out"),
        (Question("referral_rate", period=1999), "has 2013, 2014"),
        (Question("referral_rate", service="0"), "no authority .* Name one with --service: 999"),
        (Question("service_gp_practices"), "service directory"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    question: Question, words: str, release: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(OperatorError, match=words):
        find_figures(release, question)


def test_numbers_of_social_care_are_counted_again_alike(release: duckdb.DuckDBPyConnection) -> None:
    checked, wrong = 0, []
    for indicator, period in periods_of(release, "social_care"):
        for figure in find_figures(release, Question(indicator, period=period)):
            for count in counts_of(release, figure):
                if count.sql is not None:
                    checked += 1
                    assert set(count.values) == {count.side}
                    if not count.agrees(figure):
                        wrong.append((indicator, figure["name"], dict(count.values)))
    assert wrong == []
    assert checked > 600


def test_what_is_shown_of_a_number_of_social_care(release: duckdb.DuckDBPyConnection) -> None:
    text = "\n".join(explain_lines(release, Question("Referral_Rate", period=2016), limit=3))
    assert "5,731 over 64,978" in text
    assert "country: 532 (higher)" in text
    assert "from marts.fct_referral" in text
    assert "gives 5,731, as published" in text
    assert "more: --limit 0 lists all" in text
