"""The file programme.toml: its settings by name, each known and of its kind. What they mean is `programme`'s."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown
from catalogue.files import read_text

SETTINGS = "programme.toml"
# A settings file is a page; whatever is larger is something else under its name.
_LARGEST = 256 * 1024
#: Letters that a setting, and so a name, may have.
LONGEST = 500
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
    "forms.client_conflict_share": float,
    "forms.publication": str,
    "forms.publication_files": str,
    "returns.withdrawn_share": float,
    "returns.withdrawn_records": int,
    "returns.rejected_share": float,
    "returns.child_identifiers": str,
    "returns.publication": str,
    "returns.publication_files": str,
    "disclosure.threshold": int,
}
_REQUIRED = ("id", "name", "publisher", "themes")
_IN_WORDS = {
    str: "text in quotation marks",
    list: 'a list such as ["forms"]',
    date: "a date such as 2024-03-31, without quotation marks",
    int: "a whole number",
    float: "a number such as 0.05",
}
_TABLES = tuple(dict.fromkeys(name.partition(".")[0] for name in _KINDS if "." in name))
# How the reader of TOML begins to say what is wrong -> what to do. Whatever it says otherwise is _NO_TOML.
_NO_TOML = 'this is not TOML (a setting is written `name = "text"`)'
_VALUE = (
    'this is no value. Text stands in straight quotation marks ("text"), a number is written 5 or 0.05, a date '
    '2024-03-31, a list ["forms"]'
)
_FAULTS = {
    "Cannot overwrite": "this setting or table stands here for the second time. Leave one of the two",
    "Cannot declare": "this table stands here for the second time. Put its settings together under the first",
    "Unescaped": "a backslash cannot stand in quotation marks. Write a path with /",
    "Invalid hex": "a backslash cannot stand in quotation marks. Write a path with /",
    "Invalid date": "there is no such day",
    "Invalid value": _VALUE,
    "Expected newline or end of document": _VALUE,
    "Illegal character '\\n'": "the quotation mark that ends the text is missing",
    "Unterminated string": "the quotation mark that ends the text is missing",
}


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a programme by their dotted names, text without blanks around it.

    Raises ProgrammeError: no such file, broken TOML, a setting that is unknown, missing or of the wrong kind.
    """
    found = _flat(path, _parsed(path))
    for name in _REQUIRED:
        if not found.get(name):
            missing = "must not be blank" if name in found and isinstance(found[name], str) else "is missing"
            raise ProgrammeError(f"{path}: the setting `{name}` {missing}. {NOTHING_DONE}")
    return found


def _parsed(path: Path) -> dict[str, Any]:
    too_large = f"is larger than {_LARGEST // 1024} KB, so it is no settings file. {NOTHING_DONE}"
    try:
        return tomllib.loads(read_text(path, _LARGEST, too_large))
    except (FileNotFoundError, NotADirectoryError):
        raise ProgrammeError(
            f"There is no programme in {path.parent}: it has no {SETTINGS}{_alike(path)}. Nothing was done. `insights "
            "init DIR` makes one; name it with --programme."
        ) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f", line {place[1]}, column {place[2]}" if place else ""
        what = next((said for begins, said in _FAULTS.items() if str(error).startswith(begins)), _NO_TOML)
        raise ProgrammeError(f"{path}{where}: {what}. {NOTHING_DONE}") from None
    except RecursionError:
        raise ProgrammeError(f"{path} nests too deeply to be a settings file. {NOTHING_DONE}") from None


def _alike(path: Path) -> str:
    """A file under nearly the right name: some machines hide how a name ends, or take capitals for the same."""
    names = (f"{SETTINGS}.txt", SETTINGS.capitalize(), SETTINGS.upper())
    other = next((name for name in names if path.with_name(name).is_file()), None)
    return f"; `{other}` has to be called so" if other else ""


def _flat(path: Path, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by their dotted names, each known and of its kind."""
    found: dict[str, Any] = {}
    for name, value in parsed.items():
        if name in _TABLES and not isinstance(value, Mapping):
            raise ProgrammeError(
                f"{path}: `{name}` is a table. Write [{name}] on a line by itself, its settings below. {NOTHING_DONE}"
            )
        if name in _TABLES:
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif name not in _KINDS and isinstance(value, Mapping):
            near = re.sub(r"`(.*)`", r"[\1]", nearest(name, _TABLES))
            raise ProgrammeError(f"{path}: there is no table [{shown(name)}].{near} {NOTHING_DONE}")
        elif "." in name:
            raise ProgrammeError(
                f"{path}: `{shown(name)}` stands in quotation marks, so it is a setting of that name, which there is "
                f"not. Leave them out. {NOTHING_DONE}"
            )
        else:
            found[name] = value
    return {name: _held(path, name, value) for name, value in found.items()}


def _held(path: Path, name: str, value: Any) -> Any:
    """One setting, of a known name and of its kind."""
    if name not in _KINDS:
        tabled = [known for known in _KINDS if known.partition(".")[2] == name]
        hint = f" It belongs into the table [{tabled[0].partition('.')[0]}]." if tabled else nearest(name, _KINDS)
        raise ProgrammeError(f"{path}: there is no setting `{shown(name)}`.{hint} {NOTHING_DONE}")
    kind = _KINDS[name]
    if kind is float and type(value) is int:
        value = float(value)
    # Not isinstance: true would be a whole number, and a time with its day a date.
    if type(value) is not kind:
        raise ProgrammeError(f"{path}: the setting `{name}` has to be {_IN_WORDS[kind]}. {NOTHING_DONE}")
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST:
        raise ProgrammeError(f"{path}: the setting `{name}` has to be at most {LONGEST} letters long. {NOTHING_DONE}")
    if not value.isprintable():
        raise ProgrammeError(
            f"{path}: the setting `{name}` has to be one line of text without tabs and other characters that cannot be "
            f"seen. Type it again. {NOTHING_DONE}"
        )
    return value.strip()
