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
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown

#: The programme that comes with the engine.
SAMPLE = Path(__file__).resolve().parent.parent / "programmes" / "sample"
SETTINGS = "programme.toml"
THEMES = ("forms", "returns")
# A settings file is a page; whatever is larger is something else under its name.
_LARGEST = 256 * 1024
_FEWEST_HIDDEN, _MOST_HIDDEN = 5, 100
_APRIL = "04-01"
_YEARS = (1990, 2100)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
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


# Setting -> its type; a dotted name is one of a table. Every other name is refused.
_KINDS: Mapping[str, type] = {
    "id": str,
    "name": str,
    "publisher": str,
    "contact": str,
    "next_release": str,
    "themes": list,
    "final_to": date,
    "raw": str,
    "home": str,
    "date_order": str,
    "forms.year_starts": str,
    "forms.first_year": int,
    "forms.no_year_share": float,
    "forms.unknown_answer_share": float,
    "forms.unknown_question_share": float,
    "forms.publication": str,
    "forms.publication_files": str,
    "returns.publication": str,
    "returns.publication_files": str,
    "disclosure.threshold": int,
}
_REQUIRED = ("id", "name", "publisher", "themes")
_IN_WORDS = {
    str: "text in quotation marks",
    list: "a list",
    date: "a date such as 2024-03-31, without quotation marks",
    int: "a whole number",
    float: "a number such as 0.05",
}


def read_programme(folder: Path) -> Programme:
    """The settings of the programme in a folder.

    Raises ProgrammeError: no such folder or no programme.toml; broken TOML; a setting that is unknown, missing, of
    the wrong kind or out of its limits; a path that leaves the folder, or raw files or a home inside it.
    """
    folder = folder.resolve()
    path = folder / SETTINGS
    found = _flat(path, _parsed(path))
    for name in _REQUIRED:
        if not found.get(name):
            raise ProgrammeError(f"{path}: the setting `{name}` is missing. {NOTHING_DONE}")
    settings = _Checked(path, found)
    themes = settings.themes()
    year_starts = settings.month_day("forms.year_starts", _APRIL)
    first_year = settings.within("forms.first_year", *_YEARS, None)
    return Programme(
        folder=folder,
        programme_id=settings.matching("id", _ID, "small letters, digits and hyphens", ""),
        name=found["name"].strip(),
        publisher=found["publisher"].strip(),
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
        threshold=settings.within("disclosure.threshold", _FEWEST_HIDDEN, _MOST_HIDDEN, _FEWEST_HIDDEN)
        or _FEWEST_HIDDEN,
        forms_publication=settings.publication("forms"),
        returns_publication=settings.publication("returns"),
    )


def _parsed(path: Path) -> dict[str, Any]:
    too_large = f"is larger than {_LARGEST // 1024} KB, so it is no settings file. {NOTHING_DONE}"
    try:
        return tomllib.loads(read_text(path, _LARGEST, too_large))
    except (FileNotFoundError, NotADirectoryError):
        raise ProgrammeError(
            f"There is no programme in {path.parent}: it has no {SETTINGS}. Nothing was done. `insights init DIR` "
            "makes one; name it with --programme."
        ) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f", line {place[1]}, column {place[2]}" if place else ""
        raise ProgrammeError(
            f'{path}{where}: this is not TOML (a setting is written `name = "text"`). {NOTHING_DONE}'
        ) from None
    except RecursionError:
        raise ProgrammeError(f"{path} nests too deeply to be a settings file. {NOTHING_DONE}") from None


def _flat(path: Path, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by their dotted names, each known and of its kind."""
    tables = {name.partition(".")[0] for name in _KINDS if "." in name}
    found: dict[str, Any] = {}
    for name, value in parsed.items():
        if name in tables and isinstance(value, Mapping):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    for name, value in found.items():
        if name not in _KINDS:
            tabled = [known for known in _KINDS if known.partition(".")[2] == name]
            hint = f" It belongs into the table [{tabled[0].partition('.')[0]}]." if tabled else nearest(name, _KINDS)
            raise ProgrammeError(f"{path}: there is no setting `{shown(name)}`.{hint} {NOTHING_DONE}")
        kind = _KINDS[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or type(value) is not kind:
            raise ProgrammeError(f"{path}: the setting `{name}` has to be {_IN_WORDS[kind]}. {NOTHING_DONE}")
        if isinstance(value, str) and (len(value) > 500 or not value.isprintable()):
            raise ProgrammeError(f"{path}: the setting `{name}` has to be one line of text. {NOTHING_DONE}")
    return found


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
        value = self.found.get(name)
        if not value:
            return None
        folder = self.path.parent
        path = (folder / Path(value).expanduser()).resolve()
        if path == folder or folder in path.parents or path in folder.parents:
            raise self._wrong(
                name,
                "names a folder inside the programme's own or around it; files about children would get into the "
                "programme's git. Name one beside it, such as ../" + folder.name + f"-{name}",
            )
        return path

    def publication(self, theme: str) -> Publication | None:
        name, listed = self.found.get(f"{theme}.publication"), self.found.get(f"{theme}.publication_files")
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
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise self._wrong(setting, "names a file that is not there or cannot be read") from None
        sums = [line.split()[0] for line in lines if line.strip()]
        if not sums or any(not re.fullmatch(r"[0-9a-f]{64}", one) for one in sums):
            raise self._wrong(setting, "names a file that is not a list of sums as `sha256sum` writes it")
        return frozenset(sums)


def read_text(path: Path, largest: int, too_large: str) -> str:
    """The text of a file of a programme, in UTF-8, line ends as they stand.

    Raises ProgrammeError: it cannot be read, is not in UTF-8, or has more than `largest` bytes, which `too_large` says.
    FileNotFoundError, NotADirectoryError: there is none.
    """
    try:
        if path.stat().st_size > largest:
            raise ProgrammeError(f"{path} {too_large}")
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise ProgrammeError(f"{path} cannot be read ({error.strerror}). {NOTHING_DONE}") from None
    except UnicodeDecodeError:
        raise ProgrammeError(f"{path} is not in UTF-8. Nothing was done. Save it as UTF-8, then run again.") from None


def read_own_text(path: Path, largest: int, too_large: str) -> str:
    """The same of a file that must lie in the programme's folder itself; one that leads out of it is refused."""
    if inside(path.parent, path.name) is None:
        raise ProgrammeError(f"{path} leads out of the programme's folder. {NOTHING_DONE}")
    try:
        return read_text(path, largest, too_large)
    except OSError as error:
        raise ProgrammeError(f"{path} cannot be read ({error.strerror}). {NOTHING_DONE}") from None


def inside(folder: Path, name: str) -> Path | None:
    """A path in a folder, or None where it leads out of it, by `..` or by a link."""
    path = (folder / name).resolve()
    return path if folder.resolve() in path.parents else None


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
