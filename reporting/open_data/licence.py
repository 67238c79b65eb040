"""What the publisher decides about the open data: under which licence they may be used again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from reporting.errors import ReportError

LICENCE_VARIABLE = "INSIGHTS_OPEN_DATA_LICENCE"


@dataclass(frozen=True)
class Licence:
    """A licence: its name in the list of the Open Knowledge Foundation, its title and where it stands."""

    name: str
    title: str
    path: str


LICENCES = {
    licence.name: licence
    for licence in (
        Licence(
            "OGL-UK-3.0",
            "Open Government Licence 3.0 (United Kingdom)",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
        Licence(
            "CC-BY-4.0",
            "Creative Commons Attribution 4.0",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
    )
}

NO_LICENCE = "No licence is stated. Ask the publisher before using these files again."


def licence_from(environment: Mapping[str, str] | None = None) -> Licence | None:
    """The licence that INSIGHTS_OPEN_DATA_LICENCE names; None where it is not set, and then none is stated.

    Raises ReportError when it names no known licence.
    """
    name = (os.environ if environment is None else environment).get(LICENCE_VARIABLE, "").strip()
    if not name:
        return None
    if name not in LICENCES:
        raise ReportError(
            f"{LICENCE_VARIABLE} names a licence that is not known. No open data were written. "
            f"Set it to {' or '.join(LICENCES)}, or leave it empty to state none."
        )
    return LICENCES[name]
