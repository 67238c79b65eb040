"""A programme: what one network of services or one authority says about itself, in a folder of its own.

    programme.toml    name, publisher, years, where files lie
    services.csv      the services that take part
    authorities.csv   the authorities whose returns are expected
    catalogue/        what differs from the engine's catalogue or adds to it, in tables of the same names
    mappings/         what columns of exports mean, and which are ignored
    text/             paragraphs for the reports

The folder belongs to whoever runs the programme and lies in their git; nothing of it stands in the engine. The sample
is one programme among others.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from catalogue.errors import NOTHING_DONE, ProgrammeError
from catalogue.files import inside, read_text
from catalogue.settings_file import SETTINGS, read_settings

#: The programme that comes with the engine.
SAMPLE = Path(__file__).resolve().parent.parent / "programmes" / "sample"
THEMES = ("forms", "returns")
_FEWEST_HIDDEN, _MOST_HIDDEN = 5, 100
_LARGEST_LIST = 20 * 1024**2
_APRIL = "04-01"
_MOST_RECORDS = 1_000_000
_YEARS = (1990, 2100)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_OF_WINDOWS = re.compile(r"\\|^[A-Za-z]:")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True)
class Publication:
    """A published report whose figures are compared: its name as printed, and which files it was made from.

    ``files`` are SHA-256 of exactly those exports; where just these have landed a figure that does not come out is a
    fault and blocks. None: the figures are a comparison only.
    """

    name: str
    files: frozenset[str] | None = field(repr=False)


@dataclass(frozen=True)
class Programme:
    """The settings of a programme. ``raw`` and ``home`` are None where the settings name none."""

    folder: Path
    programme_id: str
    name: str
    publisher: str
    contact: str | None
    next_release: str | None
    themes: tuple[str, ...]
    final_to: date | None
    raw: Path | None
    home: Path | None
    date_order: str
    year_starts: str
    first_year: int | None
    no_year_share: float
    unknown_answer_share: float
    unknown_question_share: float
    client_conflict_share: float
    withdrawn_share: float
    withdrawn_records: int
    rejected_share: float
    child_identifiers: str
    threshold: int
    forms_publication: Publication | None
    returns_publication: Publication | None

    @property
    def is_sample(self) -> bool:
        """Whether it is the programme that comes with the engine."""
        return self.folder == SAMPLE

    def path(self, *parts: str) -> Path:
        """A place in its folder."""
        return self.folder.joinpath(*parts)


def read_programme(folder: Path) -> Programme:
    """The settings of the programme in a folder.

    Raises ProgrammeError: no such folder or no programme.toml; broken TOML; a setting that is unknown, missing, of
    the wrong kind or out of its limits; a path that leaves the folder, or raw files or a home inside it.
    """
    folder = folder.resolve()
    path = folder / SETTINGS
    found = read_settings(path)
    settings = _Checked(path, found)
    themes = settings.themes()
    year_starts = settings.month_day("forms.year_starts", _APRIL)
    first_year = settings.within("forms.first_year", *_YEARS, None)
    return Programme(
        folder=folder,
        programme_id=settings.matching("id", _ID, "small letters, digits and hyphens, at most 63 of them", ""),
        name=found["name"],
        publisher=found["publisher"],
        contact=found.get("contact") or None,
        next_release=found.get("next_release") or None,
        themes=themes,
        # Years of the returns end on 31 March, whatever the collection.
        final_to=settings.last_day("final_to", year_starts if "forms" in themes else _APRIL, first_year),
        raw=settings.outside("raw"),
        home=settings.outside("home"),
        date_order=settings.one_of("date_order", ("day_first", "month_first"), "day_first"),
        year_starts=year_starts,
        first_year=first_year,
        no_year_share=settings.share("forms.no_year_share", 0.05),
        unknown_answer_share=settings.share("forms.unknown_answer_share", 0.5),
        unknown_question_share=settings.share("forms.unknown_question_share", 0.2),
        client_conflict_share=settings.share("forms.client_conflict_share", 0.01),
        withdrawn_share=settings.share("returns.withdrawn_share", 0.1),
        withdrawn_records=settings.within("returns.withdrawn_records", 0, _MOST_RECORDS, 20) or 0,
        rejected_share=settings.share("returns.rejected_share", 0.01),
        child_identifiers=settings.one_of("returns.child_identifiers", ("as_written", "alike"), "as_written"),
        threshold=settings.within("disclosure.threshold", _FEWEST_HIDDEN, _MOST_HIDDEN, _FEWEST_HIDDEN)
        or _FEWEST_HIDDEN,
        forms_publication=settings.publication("forms"),
        returns_publication=settings.publication("returns"),
    )


@dataclass(frozen=True)
class _Checked:
    """Settings held to their limits."""

    path: Path
    found: Mapping[str, Any]

    def _wrong(self, name: str, what: str) -> ProgrammeError:
        return ProgrammeError(f"{self.path}: the setting `{name}` {what}. {NOTHING_DONE}")

    def matching(self, name: str, pattern: re.Pattern[str], words: str, default: str) -> str:
        value: str = self.found.get(name, default)
        if not pattern.fullmatch(value):
            raise self._wrong(name, f"has to be of {words}")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value: str = self.found.get(name, default)
        if value not in allowed:
            raise self._wrong(name, f"has to be {' or '.join(f'`{one}`' for one in allowed)}")
        return value

    def within(self, name: str, least: int, most: int, default: int | None) -> int | None:
        value: int | None = self.found.get(name, default)
        if value is not None and not least <= value <= most:
            raise self._wrong(name, f"has to be a whole number from {least} to {most}")
        return value

    def share(self, name: str, default: float) -> float:
        value: float = self.found.get(name, default)
        if not 0 <= value <= 1:
            raise self._wrong(name, "has to be a number from 0.0 to 1.0")
        return value

    def month_day(self, name: str, default: str) -> str:
        value: str = self.found.get(name, default)
        if not _MONTH_DAY.fullmatch(value) or not _is_day_of_every_year(value):
            raise self._wrong(name, "has to be a month and a day of every year, such as 04-01")
        return value

    def last_day(self, name: str, year_starts: str, first_year: int | None) -> date | None:
        """The last day of a year that begins on a day such as 04-01, and is not before the first that is reported."""
        value: date | None = self.found.get(name)
        if value is None:
            return None
        if not _YEARS[0] <= value.year <= _YEARS[1]:
            raise self._wrong(name, f"has to be a day of {_YEARS[0]} to {_YEARS[1]}")
        ends = [
            date.fromisoformat(f"{year}-{year_starts}") - timedelta(days=1)
            for year in range(value.year - 1, value.year + 3)
        ]
        if value not in ends:
            before, after = max(day for day in ends if day < value), min(day for day in ends if day > value)
            raise self._wrong(
                name,
                f"is {value}, which ends no reporting year: they begin on {year_starts}. Write {before} or {after}, "
                "the last day of the last year that is over",
            )
        if first_year is not None and value.year < first_year:
            raise self._wrong(
                name,
                f"is {value}, before the first year that is reported (`forms.first_year` is {first_year}), so no year "
                "would be over. Put one of the two right, or leave `final_to` out until a year is over",
            )
        return value

    def themes(self) -> tuple[str, ...]:
        value = self.found["themes"]
        if not value or any(theme not in THEMES for theme in value) or len(set(value)) < len(value):
            raise self._wrong("themes", 'has to be ["forms"], ["returns"] or ["forms", "returns"]')
        return tuple(theme for theme in THEMES if theme in value)

    def outside(self, name: str) -> Path | None:
        """A folder named from the programme's, which must not lie in it: what lies there gets into its git."""
        value: str | None = self.found.get(name)
        if not value:
            return None
        if os.sep == "/" and _OF_WINDOWS.search(value):
            raise self._wrong(name, "is a path of Windows, and this machine has none of those. Write it with /")
        folder = self.path.parent
        try:
            path = (folder / Path(value).expanduser()).resolve()
        except RuntimeError:
            raise self._wrong(name, "begins with ~ and nobody's name on this machine. Write the whole path") from None
        if path == folder or folder in path.parents or path in folder.parents:
            raise self._wrong(
                name,
                "names a folder inside the programme's own or around it; files about children would get into the "
                "programme's git. Name one beside it, such as ../" + folder.name + f"-{name}",
            )
        return path

    def publication(self, theme: str) -> Publication | None:
        name, listed = self.found.get(f"{theme}.publication"), self.found.get(f"{theme}.publication_files")
        if name and theme not in self.themes():
            raise self._wrong(f"{theme}.publication", f"needs the theme: `themes` does not name {theme}")
        if not name:
            if listed:
                raise self._wrong(f"{theme}.publication_files", f"needs `{theme}.publication`, the report's name")
            return None
        return Publication(name, self._sums(f"{theme}.publication_files", listed) if listed else None)

    def _sums(self, setting: str, listed: str) -> frozenset[str]:
        """The hashes in a list as `sha256sum` writes it."""
        path = inside(self.path.parent, listed)
        if path is None:
            raise self._wrong(setting, "names a file outside the programme's folder")
        too_large = f"is larger than {_LARGEST_LIST // 1024**2} MB, so it is no list of sums. {NOTHING_DONE}"
        try:
            lines = read_text(path, _LARGEST_LIST, too_large).splitlines()
        except OSError:
            raise self._wrong(setting, "names a file that is not there") from None
        sums = [line.split()[0] for line in lines if line.strip()]
        if not sums or any(not re.fullmatch(r"[0-9a-f]{64}", one) for one in sums):
            raise self._wrong(setting, "names a file that is not a list of sums as `sha256sum` writes it")
        return frozenset(sums)


def _is_day_of_every_year(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2023-{month_day}")
    except ValueError:
        return False
    return True


def programme_fingerprint(programme: Programme) -> str:
    """SHA-256 over everything in the programme's folder that a run reads."""
    digest = hashlib.sha256()
    for path in sorted(programme.folder.rglob("*")):
        relative = path.relative_to(programme.folder)
        if not path.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        digest.update(f"{relative.as_posix()}\x1f".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
