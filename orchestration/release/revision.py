"""A year that is public, published again: `insights run --revise`, `ops.revision`.

Nothing but a person's decision, with a reason, makes a run print a year otherwise than it was printed. The run that is
asked to carries it as tags, which the page of runs shows; `ops.revision` holds it while the run is going, and the
edition of the register for good. What both versions tell together is looked for in the model of what is printed
(`disclosure.versions`), and gate 2 lets the year through once somebody has accepted what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.errors import OperatorError
from orchestration.landing.pseudonym import key_from_environment
from orchestration.release.register import Year, public_years, read_register
from orchestration.settings import Settings
from orchestration.warehouse import exists

_TAGS = {"period": "insights/revised_year", "by": "insights/revised_by", "reason": "insights/revised_because"}
_LONGEST = 200
_NOTHING = "Nothing was done; the last release stays in place."


@dataclass(frozen=True)
class Revision:
    """A decision that the forms of the year that ends in `period` are published again: whose, and why."""

    period: int
    by: str
    reason: str

    @property
    def year(self) -> Year:
        """As the register calls it."""
        return Year("insights", "", self.period)

    @property
    def said(self) -> str:
        """Why, in the register."""
        return f"{self.by}: {self.reason}"

    def tags(self) -> dict[str, str]:
        """With which a run carries it."""
        return {tag: str(getattr(self, name)) for name, tag in _TAGS.items()}


def revision_of_tags(tags: Mapping[str, str]) -> Revision | None:
    """The revision that a run is asked for; None for any other run. Raises OperatorError where it is half said."""
    said = {name: tags[tag].strip() for name, tag in _TAGS.items() if tag in tags}
    if not said:
        return None
    if len(said) < len(_TAGS) or not all(said.values()) or not said["period"].isdecimal():
        raise OperatorError(
            f"A revision is asked for by a year, a name and a reason (tags {', '.join(_TAGS.values())}). {_NOTHING}"
        )
    return Revision(int(said["period"]), said["by"], said["reason"])


def revision_of_words(period: int | None, by: str | None, reason: str | None) -> Revision | None:
    """The revision that is typed; None where no year is. Raises OperatorError for a reason without a year."""
    if period is None:
        if by or reason:
            raise OperatorError("--by and --reason go with --revise YEAR. Nothing was done.")
        return None
    return Revision(period, (by or "").strip(), (reason or "").strip())


def require_revisable(settings: Settings, revision: Revision) -> None:
    """Raise OperatorError unless the year is public, was rounded, and who decided and why is said in a line each.

    Of real data no year is revised: ten changed forms are counted over all services and against the last version only,
    so that one service, or the first version, may differ by a single form, which both together would tell.
    """
    if not key_from_environment(settings.environment).is_development:
        raise OperatorError(
            "A public year of real data cannot be revised yet: two versions may still tell what a single form says, of "
            f"one service or beside an older version. The year stays as it was printed. {_NOTHING}"
        )
    for text in (revision.by, revision.reason):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise OperatorError(
                f"Say who decided the revision and why (--by NAME, --reason WORDS), each in one line of {_LONGEST} "
                f"letters or fewer. {_NOTHING}"
            )
    edition = public_years(read_register(settings)).get(revision.year)
    if edition is None:
        raise OperatorError(
            f"The forms of {revision.period} are not public, so there is nothing to revise (a year is called by the "
            f"one in which it ends; returns cannot be revised). {_NOTHING} `insights run` publishes what is new."
        )
    if edition.method != "rounding":
        raise OperatorError(
            f"The forms of {revision.period} were published by an earlier version that hid small counts. No second "
            f"version can be put beside it without telling what was hidden, so the year stays as it was. {_NOTHING}"
        )


def begin_with_revision(con: duckdb.DuckDBPyConnection, revision: Revision | None) -> None:
    """Note in `ops.revision` what this run revises: one row, or none."""
    con.execute("create schema if not exists ops")
    con.execute('create or replace table ops.revision (period integer, "by" varchar, reason varchar)')
    if revision is not None:
        con.execute("insert into ops.revision values (?, ?, ?)", [revision.period, revision.by, revision.reason])


def revision_made(con: duckdb.DuckDBPyConnection) -> Revision | None:
    """The revision that the marts hold, as this run was asked for it; None where they hold none.

    Raises OperatorError where they hold one that this run was not asked for: it could be published unregistered.
    """
    asked = con.execute("from ops.revision").fetchall() if exists(con, "ops", "revision") else []
    is_there = exists(con, "intermediate", "int_revision")
    made = con.execute("select period from intermediate.int_revision").fetchall() if is_there else []
    if [row[:1] for row in asked] != made:
        raise OperatorError(
            "The marts were built for a revision of a public year, or without the one that this run is asked for. "
            "Nothing was published; the last release stays in place. Start the whole job (`insights run --force`, or "
            "with --revise)."
        )
    return Revision(*asked[0]) if asked else None
