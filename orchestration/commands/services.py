"""The services of a programme: the lines of `insights services`, and the questions of `insights services --declare`."""

from __future__ import annotations

import csv
import io
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from catalogue import load_catalogue
from catalogue.services import (
    COLUMNS,
    Service,
    Services,
    ServicesError,
    decoded,
    parse_services,
    read_services,
)
from orchestration.commands.text import table
from orchestration.errors import OperatorError
from orchestration.landing.forms.sent_by import SentBy, sent_by
from orchestration.locking import warehouse_lock
from orchestration.progress import first_of, many
from orchestration.settings import Settings
from orchestration.warehouse import look_into_warehouse

_FILES_SHOWN = 3
_LETTERS_SHOWN = 200
# For a new service where one has the code n; no code can be this.
_NEW = "+"
_YES = "yes"
_NO_FORMS = "This programme reports on returns only, so it has no services; its authorities are in authorities.csv."
# What a cell holds in which somebody wrote down more than a name.
_LONGEST_NAME = 60
_MOST_WORDS = 7
_NO_NAME = re.compile(r"[@;]|\d{3,}|\d+[/.-]\d+|[.!?:,]\s+\S+\s+\S+\s+\S")
_SENTENCE = (
    "This reads like a sentence rather than the name of a service. As a spelling it would stand in the list of "
    "services from then on, with whatever it says of anybody. A cell that slipped is better corrected in the export."
)
_WRITE_IT = f"`{_YES}` to write all of it into the list all the same, anything else to leave it"
_LINE = re.compile(r"\b[Ll]ine (\d+)")


def service_lines(settings: Settings) -> list[str]:
    """The declared services and how many forms each has, and those that are not declared, by short code."""
    if "forms" not in settings.programme.themes:
        return [_NO_FORMS]
    services = read_services(settings.services_path)
    sent, replaced = [], []
    if settings.warehouse_path.exists():
        with look_into_warehouse(settings) as con:
            if con.execute("select 1 from duckdb_tables() where schema_name = 'raw'").fetchone():
                sent, replaced = (sent_by(con, load_catalogue(), is_replaced=which) for which in (False, True))
    forms: Counter[str] = Counter()
    for one in (*sent, *replaced):
        forms[one.code] += one.forms
    lines = [
        f"Declared in {settings.services_path}:"
        if services
        else f"No services are declared in {settings.services_path}."
    ]
    if services:
        body = [
            [
                service.code,
                service.name,
                f"{service.first_day or ''} to {service.last_day or ''}"
                if service.first_day or service.last_day
                else "",
                f"became {service.became}" if service.became else f"{forms[service.code]:,}",
            ]
            for service in services.declared
        ]
        lines += table(["code", "name", "days", "forms"], body, right={3})
    unknown = [one for one in sent if services.by_code.get(one.code) is None]
    if unknown:
        lines += ["", "Not declared, and set aside; what stands in their cells is in the files only:"]
        body = [[one.code, f"{one.forms:,}", first_of(one.files, _FILES_SHOWN)] for one in unknown]
        lines += table(["short code", "forms", "files"], body, right={1})
        lines.append("`insights services --declare`, on a terminal, shows what stands there and asks.")
    return [*lines, *_replaced_note([one for one in replaced if services.by_code.get(one.code) is None])]


def _replaced_note(unknown: Sequence[SentBy]) -> list[str]:
    """What to say of forms that stay set aside although the file they stood in has been replaced."""
    if not unknown:
        return []
    return [
        f"{many(sum(one.forms for one in unknown), 'form')} of services that were not declared stood in files that "
        "have been replaced since (corrected, as a rule); they stay set aside."
    ]


def undeclared_note(unknown: Sequence[SentBy]) -> list[str]:
    """What to say below the waterfall while forms are set aside because nobody has declared their services."""
    if not unknown:
        return []
    listed = first_of([f"{one.code} ({one.forms:,})" for one in unknown], _FILES_SHOWN)
    return [
        "",
        f"Aside    {many(sum(one.forms for one in unknown), 'form')} of services that are not declared: {listed};"
        " `insights services --declare` asks who they are",
    ]


def declare(settings: Settings, ask: Callable[[str], str], say: Callable[[str], None]) -> None:
    """Show every text that names a service nobody has declared, ask what it is, and write the list of services.

    Parameters:
        ask: shows a question and gives the answer.
        say: shows a line. What is shown here holds words of delivered files, and nothing else ever does.

    Raises OperatorError: there is no terminal to ask on, or the list cannot be written.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OperatorError(
            "`insights services --declare` shows words of the delivered files, so it works on a terminal only: neither "
            "what it shows nor what it is told may come from, or go to, a file. Nothing was read or written."
        )
    if "forms" not in settings.programme.themes:
        say(_NO_FORMS)
        return
    # Imported here: it brings all that reads a file.
    from orchestration.landing.undeclared import undeclared_texts

    path = settings.services_path
    before = path.read_bytes() if path.exists() else b""
    services = read_services(path)
    with warehouse_lock(settings, "declare"):
        found = undeclared_texts(settings, services)
    if not found:
        say("Every service that the files name is declared.")
        return
    text = listed = decoded(before) if before.strip() else ",".join(COLUMNS) + "\n"
    say("Nothing is written before the last answer; Ctrl-C leaves the list as it is.")
    for number, one in enumerate(sorted(found, key=lambda one: (-one.forms, one.text)), start=1):
        say("")
        say(f"{number} of {len(found)}: {one.text[:_LETTERS_SHOWN]}")
        say(f"  {many(one.forms, 'form')} in {first_of(list(one.files), _FILES_SHOWN)}")
        text = _asked(one.text, text, path, ask, say)
    say("")
    if text == listed:
        say(f"Nobody was declared; {path} is as it was.")
        return
    _write(path, before, text)
    say(f"{path} is written. `insights run` reads by it.")


def with_service(text: str, service: Service) -> str:
    """The list with one service more, as its last line; what is there stays as it is."""
    lines, newline = _lines(text)
    heads = _heads(lines)
    values = {"code": service.code, "name": service.name}
    lines.append(_row([values.get(head, "") for head in heads]))
    return newline.join(lines) + newline


def with_spelling(text: str, service: Service, spelling: str) -> str:
    """The list with one spelling more of a service that it declares; every other line stays as it is."""
    lines, newline = _lines(text)
    place = _heads(lines).index("spellings")
    cells = next(csv.reader([lines[service.line - 1]]))
    cells += [""] * (place + 1 - len(cells))
    cells[place] = "; ".join(part for part in (cells[place].strip(" ;"), spelling) if part)
    lines[service.line - 1] = _row(cells)
    return newline.join(lines) + newline


def _asked(found: str, text: str, path: Path, ask: Callable[[str], str], say: Callable[[str], None]) -> str:
    """The list after one question. What cannot be done is said, and asked again."""
    if reads_like_a_sentence(found):
        say(f"  {_SENTENCE}")
    while True:
        services = parse_services(text, path)
        near = services.nearest(found)
        new = "n" if not any(code.lower() == "n" for code in services.by_code) else _NEW
        say(f"  {new}  declare it as a new service")
        for number, service in enumerate(near, start=1):
            say(f"  {number}  it is another spelling of {service.name} ({service.code})")
        ways = [*(["its number"] if near else []), *(["the code of another service"] if services else []), new]
        answer = ask(f"  {', '.join(ways)}, or nothing to leave it: ").strip()
        if not answer:
            return text
        try:
            if answer.lower() in (new, _NEW):
                changed, noted = _with_new(found, text, path, services, ask)
            else:
                chosen = _chosen(answer, near, services)
                changed = with_spelling(text, chosen, _spelling(found))
                noted = f"another spelling of {chosen.name} ({chosen.code})"
            _parsed(changed, path, services)
        except KeyError:
            say("  No service has that code.")
        except ValueError as error:
            say(f"  {error}")
        else:
            if not reads_like_a_sentence(found) or ask(f"  {_WRITE_IT}: ").strip().lower() == _YES:
                say(f"  Noted: {noted}.")
                return changed
            say("  Left as it is.")
            return text


def _with_new(found: str, text: str, path: Path, services: Services, ask: Callable[[str], str]) -> tuple[str, str]:
    """The list with a new service, and what to say of it. Raises ValueError: an answer that cannot stand there."""
    name = ask(f"  name as the reports print it [{found[:_LETTERS_SHOWN]}]: ").strip() or found
    proposed = services.proposed_code(name)
    code = ask(f"  code, which never changes [{proposed}]: ").strip() or proposed
    changed = with_service(text, Service(code, name))
    # Also where it is the name: the name may change one day, and files of before are still read.
    if ";" not in found:
        changed = with_spelling(changed, _parsed(changed, path, services).by_code[code], _spelling(found))
    return changed, f"a new service, {name} ({code})"


def _parsed(text: str, path: Path, before: Services) -> Services:
    """The services of a list that is not written yet. Raises ValueError, which names services in place of lines."""
    try:
        return parse_services(text, path)
    except ServicesError as error:
        names = {service.line: f"{service.name} ({service.code})" for service in before.declared}
        found = [
            _LINE.sub(lambda line: names.get(int(line[1]), "The new service"), said.removeprefix("- "))
            for said in str(error).splitlines()
            if said.startswith("- ")
        ]
        raise ValueError(f"That cannot be. {' '.join(found)} Nothing was noted; answer again.") from None


def reads_like_a_sentence(text: str) -> bool:
    """Whether a cell says more than a name does: it is long, has many words, or a long number or an address."""
    return len(text) > _LONGEST_NAME or len(text.split()) > _MOST_WORDS or bool(_NO_NAME.search(text))


def _chosen(answer: str, near: Sequence[Service], services: Services) -> Service:
    """The service that an answer means: by its number in what was shown, or by its code, with or without =.

    Raises KeyError: none; ValueError: what was typed is also an answer of another meaning.
    """
    if answer.startswith("="):
        return services.by_code[answer[1:].strip()]
    number = int(answer) if answer.isdecimal() else None
    meant = [near[number - 1]] if number and number <= len(near) else []
    meant += [
        service
        for service in services.declared
        if service not in meant
        and (service.code == answer or (service.code.isdecimal() and int(service.code) == number))
    ]
    if not meant:
        raise KeyError(answer)
    if answer.lower() == "n":
        raise ValueError(f"`n` is the code of {meant[0].name} here. Type `={answer}` for it, {_NEW} for a new service.")
    if len(meant) > 1:
        typed = ", ".join(f"`={service.code}` for {service.name}" for service in meant)
        raise ValueError(f"`{answer}` could be a number above or a code. Type {typed}.")
    return meant[0]


def _spelling(found: str) -> str:
    if ";" in found:
        raise ValueError(
            "It holds a semicolon, which stands between spellings, so it can only be a service of its own."
        )
    return found


def _write(path: Path, before: bytes, text: str) -> None:
    """Put the list in its place at once, unless somebody else has changed it meanwhile."""
    try:
        if (path.read_bytes() if path.exists() else b"") != before:
            raise OperatorError(f"{path} was changed by somebody else meanwhile, so it was not written. Start again.")
        bom = "\ufeff" if before.startswith(b"\xef\xbb\xbf") else ""
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".services-", delete=False) as out:
            out.write((bom + text).encode())
        Path(out.name).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(out.name).replace(path)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror}). Nothing was declared.") from None


def _lines(text: str) -> tuple[list[str], str]:
    """Lines of the list, and how they end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = re.split(r"\r\n|\r|\n", text)
    while lines and not lines[-1]:
        lines.pop()
    return lines, newline


def _heads(lines: list[str]) -> list[str]:
    first = next(line for line in lines if not line.lstrip().startswith(("#", '"#')) and line.strip())
    return [head.strip().lower() for head in next(csv.reader([first]))]


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
