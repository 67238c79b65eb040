"""The services that a programme has declared: `services.csv` of its folder.

    code,name,spellings,region,from,to,became
    oak,Oak House,Oak; Oak Hse,North,2021-04-01,,

A code never changes and is what everything keeps of a service; the name is what the reports print. Spellings (between
semicolons) are other ways in which exports write it. `from` and `to` are its first and last day, blank where it always
took part or still does. `became` is the code of the service that carries on its work: a service that was renamed or
merged is one service with a history. A line that begins with # is a remark.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from catalogue.errors import ProgrammeError
from catalogue.folding import fold

COLUMNS = ("code", "name", "spellings", "region", "from", "to", "became")
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,58}[A-Za-z0-9])?")
# What stands in the place of a service where figures are those of all of them.
_RESERVED = {"all-services", "total"}
_RESERVED_NAMES = {"total", "all services"}
_DATES = ("%Y-%m-%d", "%d/%m/%Y")
_MAXIMUM_BYTES = 1_000_000
_SHOWN = 5


class ServicesError(ProgrammeError):
    """The list of services is not written as it must be. The message says where, what and what to do."""


@dataclass(frozen=True)
class Service:
    """A declared service. `line` is where it stands in the file, `became` the code of who carries on, or None."""

    code: str
    name: str
    spellings: tuple[str, ...] = ()
    region: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    became: str | None = None
    line: int = 0

    def texts(self) -> tuple[str, ...]:
        """All that an export may call it."""
        return tuple(dict.fromkeys((self.name, self.code, *self.spellings)))


class Services:
    """Declared services, and who is meant by a text."""

    def __init__(self, declared: Sequence[Service] = ()) -> None:
        self.declared = tuple(declared)
        self.by_code: Mapping[str, Service] = {service.code: service for service in declared}

    def __bool__(self) -> bool:
        return bool(self.declared)

    def last(self, code: str) -> Service:
        """The service that carries on the work of one, which may be itself. Raises KeyError: no such code."""
        service = self.by_code[code]
        while service.became is not None:
            service = self.by_code[service.became]
        return service

    @cached_property
    def exact(self) -> Mapping[str, str]:
        """Every text as it is declared -> code of the service that carries on."""
        return {text: self.last(service.code).code for service in self.declared for text in service.texts()}

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The same by the folded text (`catalogue.folding`)."""
        return {fold(text): code for text, code in self.exact.items()}

    def code_of(self, text: str) -> str | None:
        """Code of the service that a text means, that of who carries on its work; None where it is not declared."""
        return self.folded.get(fold(text))

    def nearest(self, text: str, count: int = 3) -> list[Service]:
        """The declared services whose names or spellings look most like a text, the nearest first."""
        found = difflib.get_close_matches(fold(text), list(self.folded), n=3 * count, cutoff=0.5)
        return [self.by_code[code] for code in dict.fromkeys(self.folded[one] for one in found)][:count]

    def proposed_code(self, name: str) -> str:
        """A code for a new service, made from its name; no other service has it or shares its file name.

        It never reads like a number or `n`, with which questions about services are answered.
        """
        plain = re.sub(r"[^a-z0-9]+", "-", fold(name).replace("'", "")).strip("-")[:40].strip("-") or "service"
        plain = f"service-{plain}" if plain.isdecimal() or plain == "n" else plain
        taken = {file_name(code) for code in self.by_code} | _RESERVED
        numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
        return plain if plain not in taken else next(code for code in numbered if code not in taken)

    def fingerprint(self) -> str:
        """SHA-256 over what decides which service a cell means: texts and codes, not names, regions or days."""
        return hashlib.sha256(repr(sorted(self.folded.items())).encode()).hexdigest()


def service_tables(services: Services) -> dict[str, list[dict[str, str]]]:
    """The declared services as rows of the seed `service`. Spellings stay in the list: no table needs them."""
    return {
        "service": [
            {
                "service_code": service.code,
                "service_name": service.name,
                "region": service.region or "",
                "first_day": str(service.first_day or ""),
                "last_day": str(service.last_day or ""),
                "became": service.became or "",
                "carried_on_by": services.last(service.code).code,
            }
            for service in services.declared
        ],
    }


def file_name(code: str) -> str:
    """What stands for a service in names of files and anchors. No two declared services share it."""
    return re.sub(r"[^a-z0-9]", "-", code.lower())


def read_services(path: Path) -> Services:
    """The declared services of a file; none where there is no file.

    Raises ServicesError: the file cannot be read or is not written as it must be; the message names the first lines.
    """
    if not path.exists():
        return Services()
    if not path.is_file():
        raise ServicesError(f"{path} is a folder, a pipe or a device, not a list of services. Nothing was done.")
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAXIMUM_BYTES else None
    except OSError as error:
        raise ServicesError(f"{path} cannot be read ({error.strerror}). Nothing was done.") from None
    if data is None:
        raise ServicesError(f"{path} is larger than a megabyte, so it is no list of services. Nothing was done.")
    if b"\0" in data:
        raise _wrong(path, ["it is not text that can be read here; save it as CSV in UTF-8"])
    return parse_services(decoded(data), path)


def decoded(data: bytes) -> str:
    """The text of a list: UTF-8, or what spreadsheets write in its place."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def parse_services(text: str, path: Path) -> Services:
    """The services of a text that stands, or will stand, in the file `path`. Raises ServicesError."""
    rows: list[tuple[int, list[str]]] = []
    wrong: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if is_remark(line):
            continue
        try:
            rows.append((number, [cell.strip() for cell in next(csv.reader([line], strict=True))]))
        except csv.Error:
            wrong.append(f"line {number}: its quotation marks do not close; a service is one line")
    if wrong:
        raise _wrong(path, wrong)
    if not rows:
        return Services()
    _, heads = rows[0]
    if sorted(head.lower() for head in heads if head) != sorted(COLUMNS):
        raise _wrong(
            path,
            [f"line {rows[0][0]}: the first line must name the columns {','.join(COLUMNS)}, with commas between them"],
        )
    places = {head.lower(): place for place, head in enumerate(heads) if head}
    declared: list[Service] = []
    for number, cells in rows[1:]:
        if any(cells[len(heads) :]):
            wrong.append(
                f"line {number}: it has more cells than columns; put quotation marks around a name with a comma"
            )
            continue
        row = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        service, found = _service(number, row)
        wrong += found
        declared.append(service)
    wrong += _disagreements(declared)
    if wrong:
        raise _wrong(path, wrong)
    services = Services(declared)
    wrong = _overlaps(services)
    if wrong:
        raise _wrong(path, wrong)
    return services


def is_remark(line: str) -> bool:
    """Whether a line of the file says nothing of a service."""
    return not line.strip(" ,;\t") or line.lstrip().startswith(("#", '"#'))


def _service(line: int, row: Mapping[str, str]) -> tuple[Service, list[str]]:
    """A row as a service, and what is wrong with it by itself."""
    wrong = []
    code, name = row["code"], " ".join(row["name"].split())
    if not _CODE.fullmatch(code):
        wrong.append(
            f"line {line}: its code must be 1 to 60 letters (a to z), digits, blanks, - and _, and begin and end with "
            "a letter or digit, because files are named by it"
        )
    elif file_name(code) in _RESERVED:
        wrong.append(f"line {line}: the code {code} means all services together; choose another")
    if fold(name) in _RESERVED_NAMES:
        wrong.append(f"line {line}: {name} is how all services together are called; choose another name")
    if not fold(name):
        wrong.append(f"line {line}: it has no name; write the name that the reports shall print")
    spellings = tuple(part.strip() for part in row["spellings"].split(";") if part.strip())
    wrong += [
        f"line {line}: a spelling of it has no letter or digit; take it out" for one in spellings if not fold(one)
    ]
    if not (name + row["region"]).isprintable():
        wrong.append(f"line {line}: its name or region has a character that cannot be printed; type it again")
    days: dict[str, date | None] = {}
    for column in ("from", "to"):
        days[column] = _day(row[column])
        if row[column] and days[column] is None:
            wrong.append(f"line {line}: `{column}` is not a day such as 2023-04-01")
    first, last = days["from"], days["to"]
    if first and last and first > last:
        wrong.append(f"line {line}: it begins on {first}, after it ends on {last}; put `from` and `to` right")
    service = Service(code, name, spellings, row["region"] or None, first, last, row["became"] or None, line)
    return service, wrong


def _day(text: str) -> date | None:
    for written in _DATES:
        try:
            return datetime.strptime(text, written).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _disagreements(declared: Sequence[Service]) -> list[str]:
    """Codes that are there twice or share a file name, and successions that lead nowhere or in a circle."""
    wrong = []
    named: dict[str, Service] = {}
    for service in declared:
        other = named.setdefault(file_name(service.code), service)
        if other is not service:
            same = "the same code" if other.code == service.code else "a code that makes the same file name"
            wrong.append(f"line {service.line}: it has {same} as line {other.line}; give it another")
    by_code = {service.code: service for service in declared}
    for service in declared:
        if service.became is None:
            continue
        if service.became not in by_code:
            near = difflib.get_close_matches(service.became, [code for code in by_code if code != service.code], n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            wrong.append(f"line {service.line}: it became {service.became}, which no line has as its code{meant}")
            continue
        seen = [service.code]
        following: str | None = service.became
        while following in by_code and following not in seen:
            seen.append(following)
            following = by_code[following].became
        if following == service.code:
            chain = " which became ".join([*seen, service.code])
            wrong.append(f"line {service.line}: {chain}: a circle; leave `became` blank for the one that is left")
    return wrong


def _overlaps(services: Services) -> list[str]:
    """Texts that two services share which are not one with a history."""
    wrong = []
    meant: dict[str, Service] = {}
    for service in services.declared:
        for text in service.texts():
            other = meant.setdefault(fold(text), service)
            if services.last(other.code) is not services.last(service.code):
                wrong.append(
                    f"line {service.line}: `{text}` is also a code, a name or a spelling of line {other.line} "
                    "(capitals, accents and full stops make no difference); leave it with one of them"
                )
    return wrong


def _wrong(path: Path, found: Sequence[str]) -> ServicesError:
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    lines = "".join(f"\n- {one[0].upper()}{one[1:]}{'' if one[-1] == '?' else '.'}" for one in [*found[:_SHOWN], *more])
    return ServicesError(f"The list of services {path} cannot be used:{lines}\nNothing was done; mend the file.")
