"""A revision of a public year: who may ask for it, and what the register makes of it."""

from __future__ import annotations

import pytest

from orchestration.errors import OperatorError
from orchestration.release.register import Method, add_edition, begin_with_register, public_years, read_register
from orchestration.release.revision import (
    Revision,
    begin_with_revision,
    require_revisable,
    revision_made,
    revision_of_tags,
    revision_of_words,
)
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from tests.unit.orchestration.release.test_register import COUNTS, FORMS_2023, figures

FORMS = (
    "select 'insights' as theme, 2023 as period, '' as geography_code, 'intake' as form_id, 7 as fingerprint, "
    "2 as forms"
)


def publish(settings: Settings, release: str, number: int, method: Method = "rounding", reason: str = "") -> None:
    with open_warehouse(settings) as con:
        printed = f"select *, '{method}' as method, 5 as rounded_to from ({figures(number)})"
        rows = {"figures": printed, "counts": COUNTS, "forms": FORMS}
        add_edition(settings, con, release=release, years=[FORMS_2023], method=method, rows=rows, reason=reason)


def test_a_run_that_is_asked_for_it_finds_what_was_printed_beside_and_the_next_one_finds_what_is_printed_now(
    settings: Settings,
) -> None:
    publish(settings, "r-1", 10)
    revision = Revision(2023, "A. Manager", "late forms")
    require_revisable(settings, revision)
    begin_with_register(settings, revised=revision.year)
    counts = (
        "select (select count(*) from ops.{0}_figure), (select count(*) from ops.{0}_count), count(*) from ops.{0}_form"
    )
    with open_warehouse(settings) as con:
        begin_with_revision(con, revision)
        assert con.execute(counts.format("public")).fetchall() == [(0, 0, 0)]
        assert con.execute(counts.format("revised")).fetchall() == [(1, 1, 1)]
        con.execute("create schema intermediate; create table intermediate.int_revision as select 2023 as period")
        assert revision_made(con) == revision
    publish(settings, "r-2", 25, reason=revision.said)
    edition = public_years(read_register(settings))[FORMS_2023]
    assert (edition.release, edition.reason) == ("r-2", "A. Manager: late forms")
    begin_with_register(settings)
    with open_warehouse(settings) as con:
        assert con.execute("select numerator from ops.public_figure").fetchall() == [(25,)]
        assert con.execute(counts.format("revised")).fetchall() == [(0, 0, 0)]
        # The marts hold a revision that this run was not asked for: published, it would stand in no register.
        begin_with_revision(con, None)
        with pytest.raises(OperatorError, match="were built for a revision"):
            revision_made(con)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Revision(2024, "a", "b"), "The forms of 2024 are not public"),
        (Revision(2023, "", "b"), "who decided the revision and why"),
        (Revision(2023, "a", "b\n"), "in one line of 200 letters"),
        (Revision(2023, "a", "b" * 201), "in one line of 200 letters"),
    ],
)
def test_what_is_no_revision_is_refused(settings: Settings, asked: Revision, said: str) -> None:
    publish(settings, "r-1", 10)
    with pytest.raises(OperatorError, match=said):
        require_revisable(settings, asked)


def test_a_year_of_which_small_counts_were_hidden_stays_as_it_is(settings: Settings) -> None:
    publish(settings, "r-1", 10, method="hiding")
    with pytest.raises(OperatorError, match="without telling what was hidden"):
        require_revisable(settings, Revision(2023, "a", "b"))


def test_a_run_carries_it_as_tags() -> None:
    revision = Revision(2023, "A. Manager", "late forms")
    assert revision_of_tags({"other": "x"} | revision.tags()) == revision
    assert revision_of_tags({"other": "x"}) is None
    for tag in revision.tags():
        with pytest.raises(OperatorError, match="a year, a name and a reason"):
            revision_of_tags({name: text for name, text in revision.tags().items() if name != tag})
    with pytest.raises(OperatorError, match="a year, a name and a reason"):
        revision_of_tags(revision.tags() | {next(iter(revision.tags())): "last year"})


def test_a_reason_without_a_year_is_told() -> None:
    assert revision_of_words(None, None, None) is None
    assert revision_of_words(2023, " a ", None) == Revision(2023, "a", "")
    with pytest.raises(OperatorError, match="go with --revise"):
        revision_of_words(None, None, "because")


def test_of_real_data_no_year_is_revised_yet(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, "r-1", 10)
    monkeypatch.setenv("INSIGHTS_PSEUDONYM_KEY", "5b1f0c9d7e3a48621fd0b7c45e9a2d8386f4c1e07b92d5a3")
    with pytest.raises(OperatorError, match="cannot be revised yet"):
        require_revisable(settings, Revision(2023, "a", "b"))
