"""`insights forget`: somebody, or a file, whose data go and stay gone; and what has been forgotten so far.

The id is typed or read from the standard input, never an argument, which would stay in the history of the shell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import duckdb

from catalogue import Catalogue, load_catalogue
from catalogue.returns import ReturnCatalogue, load_returns
from catalogue.services import Services, read_services
from orchestration.commands.run import require_raw_folder
from orchestration.commands.summary import run_and_tell, unfinished_note
from orchestration.commands.text import query
from orchestration.decisions import CHILD, CLIENT, DELIVERY, FORGOTTEN, OPERATOR, SUBMISSION, Decision, now
from orchestration.errors import OperatorError
from orchestration.landing.forms.erasure import Asked, bury, read_asked
from orchestration.landing.forms.header_rows import ERASURE
from orchestration.landing.forms.left_out import emptied_sql, forget_rows
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.home import belongs_to, has_read_by
from orchestration.landing.ledger import ensure_ledger
from orchestration.landing.pseudonym import (
    CLEANING_VERSION,
    PseudonymKey,
    clean_identifier,
    key_from_environment,
    normalise_identifier,
    stands_for_none,
)
from orchestration.landing.returns.forgotten import bury_child, erase_landed
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.landing.tombstones import (
    ERASED,
    HomeMemory,
    insert_tombstones,
    note_unfinished,
    settle_tombstones,
)
from orchestration.landing.transaction import transaction
from orchestration.locking import warehouse_lock
from orchestration.progress import many
from orchestration.settings import Settings
from orchestration.warehouse import exists, literal, look_into_warehouse, open_warehouse

_LONGEST_REASON = 200
_SAID = {CLIENT: "client", CHILD: "child", DELIVERY: "delivery"}
_NOTHING = "Nothing was forgotten."


@dataclass(frozen=True)
class Whom:
    """Who or what is to be forgotten: a client of the service `of`, a child of the authority `of`, or the file `of`."""

    subject: str
    of: str


@dataclass(frozen=True)
class Asking:
    """How somebody is asked. `ask` shows a question and gives the answer; without a terminal nobody is, and the id is
    the first line that is read."""

    is_terminal: bool
    ask: Callable[[str], str]

    @classmethod
    def here(cls) -> Asking:
        """By the terminal of this process, or what is piped into it."""
        return cls(sys.stdin.isatty(), input)

    def answer(self, question: str, given: str | None, option: str) -> str:
        """What was given as an option, else what is answered. Raises OperatorError where nobody can be asked."""
        if given is not None:
            return given.strip()
        if not self.is_terminal:
            raise OperatorError(f"{_NOTHING} There is no terminal to ask on: say it with {option}.")
        return self.ask(question).strip()


def forget_and_run(
    settings: Settings,
    named: Mapping[str, str | None],
    asking: Asking,
    tell: Callable[[str], None],
    *,
    by: str | None,
    reason: str | None,
    is_sure: bool,
) -> int:
    """Forget one of `named` (a subject, and of what), then build and publish what is left; the exit code of that run.

    Raises OperatorError like `forget`, and where there is no raw folder to run from.
    """
    given = [Whom(subject, of) for subject, of in named.items() if of is not None]
    if len(given) != 1:
        raise OperatorError(f"{_NOTHING} One at a time: --client, --child or --delivery.")
    require_raw_folder(settings)
    for line in forget(settings, given[0], asking, by=by, reason=reason, is_sure=is_sure):
        tell(line)
    code = run_and_tell(settings, tell, force=True)
    for line in held_files(settings):
        tell(line)
    return code


def forget(
    settings: Settings, whom: Whom, asking: Asking, *, by: str | None, reason: str | None, is_sure: bool
) -> list[str]:
    """Write down who is forgotten, and empty what has landed; what to say of it.

    What was made of it goes at the end of the run that has to follow: this command's own, or the next one.

    Raises OperatorError: nobody is forgotten then, and the sentence says why.
    """
    key = key_from_environment(settings.environment)
    forms, returns = load_catalogue(settings.seeds_path / "forms"), load_returns(settings.seeds_path / "returns")
    services = read_services(settings.services_path)
    if whom.subject == CLIENT and services.code_of(whom.of) is None:
        raise OperatorError(
            f"{_NOTHING} No service is declared by that name, so whose data has to go cannot be told. "
            "`insights services` lists those that are."
        )
    reference = "" if whom.subject == DELIVERY else _reference(whom, asking, forms, returns)
    who = asking.answer("Who has decided it? ", by, "--by NAME")
    why = asking.answer("Why (no names of children)? ", reason, "--reason WORDS")
    if not who or not why or max(len(who), len(why)) > _LONGEST_REASON or not (who + why).isprintable():
        raise OperatorError(
            f"{_NOTHING} Say who decided it and why, each in one line of {_LONGEST_REASON} letters or fewer."
        )
    like = Decision(FORGOTTEN, "", whom.subject, OPERATOR, now(), who, rules=CLEANING_VERSION, reason=why)
    if not is_sure and asking.answer("This cannot be undone. Type yes to go on: ", None, "--yes") != "yes":
        raise OperatorError(f"{_NOTHING} It has to be confirmed with yes.")
    memory = HomeMemory(settings)
    with warehouse_lock(settings, "insights forget"), open_warehouse(settings) as con:
        _require_home(con, settings, key, forms, returns)
        settle_tombstones(con, settings, key, services)
        with transaction(con):
            if whom.subject == CLIENT:
                gone = _forget_client(con, whom.of, reference, like, key, forms, services, memory)
            elif whom.subject == CHILD:
                gone = bury_child(con, returns, whom.of, reference, like, key, memory)
            else:
                gone = _forget_delivery(con, whom.of, like, key, forms, returns, memory)
    what = "form" if whom.subject == CLIENT else "record" if whom.subject == CHILD else "row"
    if not gone:
        return [
            f"Nothing that has landed is of this {_SAID[whom.subject]}. What comes later is kept out. Look whether it "
            "is written as it is delivered."
        ]
    return [f"{many(gone, what)} emptied. What comes later is kept out."]


def _reference(whom: Whom, asking: Asking, forms: Catalogue, returns: ReturnCatalogue) -> str:
    """The id that is typed, or the first line of the standard input. Raises OperatorError where it is none."""
    if asking.is_terminal:
        text = asking.ask(f"Id of the {_SAID[whom.subject]}, as it is delivered: ")
    else:
        text = sys.stdin.readline()
    text = text.strip("\r\n")
    placeholders = forms.id_placeholders if whom.subject == CLIENT else returns.id_placeholders
    if clean_identifier(text) is None or stands_for_none(normalise_identifier(clean_identifier(text)), placeholders):
        raise OperatorError(
            f"{_NOTHING} What was given is no id: it is empty, or a word or a number that stands for none. Type it on "
            "a terminal, or pass it to the command as its standard input."
        )
    return text


def _require_home(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    key: PseudonymKey,
    forms: Catalogue,
    returns: ReturnCatalogue,
) -> None:
    """Raise OperatorError unless the home was made by this version with this key."""
    if not has_read_by(con):
        raise OperatorError(f"{_NOTHING} No run has been in {settings.home} yet. Run `insights run` first.")
    if not belongs_to(con, key):
        raise OperatorError(f"{_NOTHING} The pseudonym key is not the one that this home was made with. Set that one.")
    ensure_ledger(con)
    ensure_form_tables(con, forms)
    ensure_return_tables(con, returns)


def _forget_client(
    con: duckdb.DuckDBPyConnection,
    service: str,
    reference: str,
    like: Decision,
    key: PseudonymKey,
    forms: Catalogue,
    services: Services,
    memory: HomeMemory,
) -> int:
    con.execute(
        "create or replace temp table typed_reference as select 1 as record_no, ?::varchar as c1, ?::varchar as c2",
        [service, reference],
    )
    asked = Asked(forms, "typed_reference", "c1", "c2")
    read_asked(con, asked, key, services)
    gone = bury(con, asked, like, key, services, memory)
    con.execute("drop table typed_reference")
    return gone


def _forget_delivery(
    con: duckdb.DuckDBPyConnection,
    file: str,
    like: Decision,
    key: PseudonymKey,
    forms: Catalogue,
    returns: ReturnCatalogue,
    memory: HomeMemory,
) -> int:
    """Every load of the bytes of a file, by its name or the id of its load.

    Raises OperatorError where it never landed, or is a list.
    """
    found = con.execute(
        "select distinct sha256 from ops.load where status = 'landed' and (source_file = $file or load_id = $file)",
        {"file": file},
    ).fetchall()
    if len(found) != 1:
        what = "No file of that name has landed" if not found else "Several files of that name have landed"
        raise OperatorError(f"{_NOTHING} {what}. `insights loads` lists them; name the file or the id of its load.")
    loads = con.execute(
        "select load_seq, form_id from ops.load where status = 'landed' and sha256 = ? order by load_seq", found[0]
    ).fetchall()
    if any(form_id == ERASURE for _, form_id in loads):
        raise OperatorError(f"{_NOTHING} That file is a list of clients who were forgotten, and holds for ever.")
    said = replace(like, key=key.tombstone(str(found[0][0])))
    memory.add([said])
    insert_tombstones(con, [said])
    note_unfinished(con)
    gone = 0
    for load_seq, form_id in loads:
        if form_id in forms.forms:
            which = "load_seq = $load_seq"
            gone += forget_rows(con, forms, str(form_id), which, ERASED, memory, {"load_seq": load_seq})
        else:
            gone += erase_landed(con, returns, key, load_seq=int(load_seq))
    return gone


def forgotten_lines(settings: Settings) -> list[str]:
    """What has been forgotten, and which delivered files still hold it: those belong to whoever delivered them."""
    with look_into_warehouse(settings) as con:
        if not exists(con, "ops", "forgotten"):
            return ["Nothing has been forgotten.", *_how()]
        counts = dict(query(con, "select subject, count(distinct key) from ops.forgotten group by all"))
        files = _files(con)
        emptied = sum(count for _, count in files)
        open_lines = unfinished_note(con)
    told = [many(counts[subject], noun) for subject, noun in _SAID.items() if subject in counts]
    lines = [f"{', '.join(told) or 'Nobody'} forgotten; {many(emptied, 'row')} emptied."]
    if counts.get(SUBMISSION):
        lines.append(f"{many(counts[SUBMISSION], 'submission')} without consent, of which no version is kept.")
    lines += open_lines
    if files:
        lines += ["", f"Files that still hold them, where they lie in {settings.raw_dir}:"]
        lines += [f"  {file}: {many(count, 'row')}" for file, count in files]
        lines.append(
            "Put an export without them in the place of each. Its other forms count as copies of those that have "
            "landed, so nothing is counted twice. Files that were refused may hold them as well: nobody has read those."
        )
    return [*lines, *_how()]


def _how() -> list[str]:
    return [
        "",
        "To forget somebody: `insights forget --client SERVICE`, `--child AUTHORITY` or `--delivery FILE`. "
        "docs/privacy.md says what no program can reach: backups, and copies that were passed on.",
    ]


def held_files(settings: Settings) -> list[str]:
    """The delivered files that lie in the raw folder and still hold somebody who was forgotten; what to say of them."""
    with open_warehouse(settings, read_only=True) as con:
        files = [(file, count) for file, count in _files(con) if (settings.raw_dir / file).is_file()]
    if not files:
        return []
    return [
        "",
        f"Still in  {many(len(files), 'file')} of {settings.raw_dir}, which whoever delivered them has to change:",
        *(f"          {file}: {many(count, 'row')}" for file, count in files),
    ]


def _files(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Delivered files with forms and records of somebody who was forgotten, and how many.

    Of each name only the file that landed last: an export without them may have taken its place.
    """
    forms = emptied_sql(con, "load_seq")
    emptied = [f"select load_seq from ({forms}) where left_out = {literal(ERASED)}"] if forms else []
    emptied.append("select load_seq from ops.erased_record")
    return [
        (str(file), int(count))
        for file, count in query(
            con,
            f"select load.source_file, count(*) from ({' union all '.join(emptied)}) as gone "
            "inner join ops.load as load on gone.load_seq = load.load_seq and load.status = 'landed' "
            "where gone.load_seq in (select max(load_seq) from ops.load where status = 'landed' group by source_file) "
            "group by all order by all",
        )
    ]
