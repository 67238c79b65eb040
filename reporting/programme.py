"""Whose release it is: what every document says of the programme, read from the release itself.

A release made before there were programmes has no such table. It is read all the same, as one without a name that
reports on forms and returns and compares both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Theme = Literal["forms", "returns"]
Rows = Callable[[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True)
class ReleaseProgramme:
    """The programme of a release. What it has not said is empty; a publication is named where one is compared with."""

    name: str = ""
    publisher: str = ""
    contact: str = ""
    next_release: str = ""
    has_forms: bool = True
    has_returns: bool = True
    forms_publication: str = "the published report"
    returns_publication: str = "the published report"
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What page one of every document says of it: label and value, as far as it is said."""
        told = (
            ("Programme", self.name),
            ("Publisher", self.publisher),
            ("Contact", self.contact),
            ("Next release", self.next_release),
        )
        return tuple((label, value) for label, value in told if value)

    @property
    def report_title(self) -> str:
        """What the report of its forms is called."""
        return f"{self.name}: report" if self.name else "Insights report"

    @property
    def themes(self) -> tuple[str, ...]:
        """Its themes, as `marts.indicator` and the relations of figures name them."""
        return tuple(theme for theme, has in (("insights", self.has_forms), ("social_care", self.has_returns)) if has)

    def publication(self, theme: str) -> str:
        """Name of the published report that the figures of a theme (as in `themes`) are compared with, or empty."""
        return self.forms_publication if theme == "insights" else self.returns_publication

    def paragraphs(self, theme: Theme) -> tuple[str, ...]:
        """What opens its reports of a theme, in its own words and order; a line of a list begins with `- `."""
        return tuple(text for of, text in self.texts if of == theme)


def read_programme(rows: Rows) -> ReleaseProgramme:
    """The programme of a release; `rows` runs a query on its database."""
    there = {
        str(name)
        for (name,) in rows(
            "select table_name from duckdb_tables() where schema_name = 'reference' and starts_with(table_name, "
            "'programme')"
        )
    }
    if "programme" not in there:
        return ReleaseProgramme()
    found = rows(
        "select programme_name, publisher, contact, next_release, has_forms, has_returns, forms_publication, "
        "returns_publication from reference.programme"
    )
    name, publisher, contact, next_release, has_forms, has_returns, of_forms, of_returns = found[0]
    texts = (
        rows("select theme, text from reference.programme_text order by theme, paragraph_no")
        if "programme_text" in there
        else ()
    )
    return ReleaseProgramme(
        name=name or "",
        publisher=publisher or "",
        contact=contact or "",
        next_release=next_release or "",
        has_forms=bool(has_forms),
        has_returns=bool(has_returns),
        forms_publication=of_forms or "",
        returns_publication=of_returns or "",
        texts=tuple((str(theme), str(text)) for theme, text in texts),
    )
