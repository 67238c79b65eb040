"""What nothing in the files decides, asked of the operator and written down: the lines of `insights decide`."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import duckdb

from orchestration.decisions import (
    ANOTHER,
    BIRTH_MONTH,
    DELIVERY_IS,
    EMPTY,
    IS_FORGOTTEN,
    LATER_DELIVERY,
    LATER_VERSION,
    MISTAKE,
    OPERATOR,
    PART,
    SAME,
    SEVERAL_CHILDREN,
    WHOLE,
    Decision,
    append_decisions,
    now,
    read_decisions,
)
from orchestration.errors import OperatorError
from orchestration.landing.returns.order import MOVED, UNCONFIRMED, WAITING, file_key, subject_key
from orchestration.locking import warehouse_lock
from orchestration.progress import many
from orchestration.settings import Settings
from orchestration.versions import Contested, contested_submissions
from orchestration.warehouse import exists, look_into_warehouse

# How much of a key and of a hash is shown at least: enough to type, and longer where two begin alike.
_CODE, _OPTION = 8, 4
_PLACES = 5


@dataclass(frozen=True)
class Option:
    """One answer to a question: the word for it, what it stands for, what is written down (`at` and `who` later)."""

    word: str
    says: str
    decision: Decision


@dataclass(frozen=True)
class Question:
    """Something that somebody has to decide: its code, what is asked, the answers. `is_open` until it is decided.

    Of some nobody has to say anything: those are not `is_asked`.
    """

    code: str
    asks: str
    options: tuple[Option, ...]
    is_open: bool
    is_asked: bool = True


def decide_lines(settings: Settings, code: str | None, option: str | None, *, show_all: bool = False) -> list[str]:
    """What is open, with its options; with a code and an option what was decided, which is written down first.

    Raises OperatorError when there is no such question or answer, or when it cannot be written down, WarehouseBusyError
    while a run is at work.
    """
    with look_into_warehouse(settings) as con:
        questions = _questions(con)
    if code is None:
        return _listed(settings, questions, show_all=show_all)
    question = _question(questions, code)
    chosen = _chosen(question, option)
    # A run reads the file as it begins and may add to it.
    with warehouse_lock(settings, "insights decide"):
        append_decisions(settings, [replace(chosen.decision, at=now(), who=_who())])
    return [
        f"Decided: {question.asks} {chosen.says}",
        f"It is written in {settings.decisions_path}, which belongs with the raw folder: a home made anew needs both.",
        "Next: `insights run` counts by it.",
    ]


def decide_note(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What to say below a summary while something is open; nothing where nothing is."""
    waiting = sum(question.is_open for question in _questions(con))
    if not waiting:
        return []
    return ["", f"Open     {many(waiting, 'question')} that nothing in the files decides: `insights decide` asks"]


def _questions(con: duckdb.DuckDBPyConnection) -> list[Question]:
    """Everything that can be decided, open or not."""
    return [
        *_version_questions(contested_submissions(con)),
        *_child_questions(con),
        *_held_questions(con),
        *_delivery_questions(con),
    ]


def _version_questions(found: Sequence[Contested]) -> list[Question]:
    """Which of the versions of a submission is the latest."""
    codes = _short([one.submission_key for one in found], _CODE)
    questions = []
    for code, one in zip(codes, found, strict=True):
        hashes = [version.content_hash for version in one.versions]
        options = []
        for word, version in zip(_short(hashes, _OPTION), one.versions, strict=True):
            over = tuple(other for other in hashes if other != version.content_hash)
            decision = Decision(
                LATER_VERSION, one.number_key, version.content_hash, OPERATOR, "", form=one.form_id, over=over
            )
            options.append(Option(word, _places_in_words(version.places), decision))
        asks = f"Which of {len(hashes)} versions of one {one.form_id} form, alike in their times, is the latest?"
        questions.append(Question(code, asks, tuple(options), one.is_open))
    return questions


def _child_questions(con: duckdb.DuckDBPyConnection) -> list[Question]:
    """Whether a client whose forms name several months of birth is one child, and which month holds.

    A month is an option by its number, never shown: whoever asks the service looks at the rows.
    """
    # A home that no run has been in since such clients were looked for.
    if not exists(con, "intermediate", "int_client_conflict"):
        return []
    clients: dict[str, tuple[bool, dict[str, list[tuple[str, int]]]]] = {}
    for key, is_open, month, file, row in con.execute(
        "select conflict.client_key, conflict.decided is null, strftime(conflict.said_month, '%Y-%m'), "
        "form.source_file, form.source_row from intermediate.int_client_conflict as conflict "
        "inner join marts.form_disposition as form using (landed_row_id) "
        "where conflict.said_month is not null order by all"
    ).fetchall():
        _, months = clients.setdefault(str(key), (bool(is_open), {}))
        months.setdefault(str(month), []).append((str(file), int(row)))
    questions = []
    for code, (key, (is_open, months)) in zip(_short(list(clients), _CODE), clients.items(), strict=True):
        options = [
            Option(
                str(number),
                f"one child, born in the month in {_places_in_words(places)}",
                Decision(BIRTH_MONTH, key, month, OPERATOR, ""),
            )
            for number, (month, places) in enumerate(months.items(), start=1)
        ]
        several = "several children: one of each month; forms without a month stay set aside"
        options.append(Option("several", several, Decision(BIRTH_MONTH, key, SEVERAL_CHILDREN, OPERATOR, "")))
        asks = f"The forms of one client name {len(months)} months of birth. Are they about one child?"
        questions.append(Question(code, asks, tuple(options), is_open))
    return questions


def _held_questions(con: duckdb.DuckDBPyConnection) -> list[Question]:
    """Whether forms with the id of somebody who was forgotten, and another month of birth, are of that child."""
    if not exists(con, "ops", "held_back"):
        return []
    found = con.execute(
        "select held.key, held.month, list((load.source_file, held.source_row) order by load.source_file, "
        "held.source_row), bool_or(list_contains(forgotten.known, held.month) "
        "or list_contains(forgotten.others, held.month)) from ops.held_back as held "
        "inner join ops.load as load on held.load_seq = load.load_seq and load.status = 'landed' "
        "left join ops.forgotten as forgotten on forgotten.subject = 'client' and held.key = forgotten.key "
        "group by held.key, held.month order by all"
    ).fetchall()
    questions = []
    keys = [f"{key}{month}" for key, month, *_ in found]
    codes = _short([hashlib.sha256(one.encode()).hexdigest() for one in keys], _CODE)
    for code, (key, month, places, is_decided) in zip(codes, found, strict=True):
        options = tuple(
            Option(word, says, Decision(IS_FORGOTTEN, key, word, OPERATOR, "", over=(month,)))
            for word, says in (
                (SAME, f"the child who was forgotten: nothing of it is kept ({_places_in_words(places)})"),
                (ANOTHER, "another child: the file is read again, and its forms count"),
            )
        )
        asks = "Forms have the id of a client who was forgotten, and another month of birth. Are they of that child?"
        questions.append(Question(code, asks, options, not is_decided))
    return questions


@dataclass(frozen=True)
class _Delivered:
    """A file of returns that has landed, and how one of its kinds of record stands; `replaces`: a later one does."""

    sha256: str
    file: str
    standing: str
    la_code: str
    return_id: str
    label: str
    year: int | None
    replaces: bool

    @property
    def key(self) -> str:
        """What is said of the file is said under this key."""
        return file_key(self.sha256, self.la_code, self.year)


#: What can be said of a file of returns, and of one that adds to others, or was moved, in place of "whole".
_COUNTS = "it counts"
_COUNTS_IN_BOTH = "it holds there as well; put a copy back, because a home made anew knows only what lies in the folder"
_SAYS = {
    EMPTY: "empty on purpose: there are no such records",
    PART: "a part of its return: it adds and changes records, and withdraws none",
    WHOLE: "the whole of its return",
    MISTAKE: "delivered by mistake: it counts nowhere",
}


def _delivery_questions(con: duckdb.DuckDBPyConnection) -> list[Question]:
    """Which of several files of a return is later, and what each file is."""
    if not exists(con, "ops", "delivery_standing") or not exists(con, "reference", "return_type"):
        return []
    delivered = [
        _Delivered(*row)
        for row in con.execute(
            "select distinct load.sha256, load.source_file, standing.standing, standing.la_code, delivery.return_id, "
            "kind.return_label, standing.collection_year, kind.later_delivery = 'replaces' "
            "from ops.delivery_standing as standing "
            "inner join ops.delivery as delivery using (load_seq, record_id) "
            "inner join ops.load as load on standing.load_seq = load.load_seq and load.status = 'landed' "
            "inner join reference.return_type as kind using (return_id) order by load.source_file, standing.standing"
        ).fetchall()
    ]
    said = {
        str(key)
        for (key,) in con.execute("select subject_key from ops.decision where kind = ?", [DELIVERY_IS]).fetchall()
    }
    return [*_later_questions(delivered), *_file_questions(delivered, said)]


def _later_questions(delivered: Sequence[_Delivered]) -> list[Question]:
    """Which of the files that wait for each other is the latest."""
    waiting: dict[str, tuple[str, dict[str, str]]] = {}
    for one in delivered:
        if one.standing == WAITING:
            of = f"{one.label} of authority {one.la_code}" + (f" for {one.year}" if one.year else "")
            waiting.setdefault(subject_key(one.la_code, one.return_id, one.year), (of, {}))[1][one.sha256] = one.file
    questions = []
    for code, (key, (of, files)) in zip(_short(list(waiting), _CODE), waiting.items(), strict=True):
        options = [
            Option(word, file, Decision(LATER_DELIVERY, key, sha256, OPERATOR, "", over=tuple(files.keys() - {sha256})))
            for word, (sha256, file) in zip(_short(list(files), _OPTION), files.items(), strict=True)
        ]
        questions.append(
            Question(code, f"Which of {len(files)} files of the {of} is the latest?", tuple(options), True)
        )
    return questions


def _file_questions(delivered: Sequence[_Delivered], said: Set[str]) -> list[Question]:
    """What each file is. It has to be asked of one that is empty or was moved; `said` are the keys of what was said."""
    files: dict[str, _Delivered] = {}
    for one in delivered:
        files.setdefault(one.key, one)
    lies_at = {one.sha256: one.file for one in delivered if one.standing != MOVED}
    questions = []
    for code, (key, one) in zip(_short(list(files), _CODE), files.items(), strict=True):
        asks, means = f"What is {one.file}?", _SAYS
        if one.standing == MOVED:
            asks = f"{one.file} lies at {lies_at[one.sha256]} now and counts there alone. Did it not move?"
            means = _SAYS | {WHOLE: _COUNTS_IN_BOTH}
        elif one.standing == UNCONFIRMED:
            asks += " It holds no records, and replaces nothing until that is said."
        elif not one.replaces:
            means = _SAYS | {WHOLE: _COUNTS}
        options = [
            Option(word, means[word], Decision(DELIVERY_IS, key, word, OPERATOR, ""))
            for word in _words(one.standing, replaces=one.replaces)
        ]
        is_open = one.standing in (UNCONFIRMED, MOVED)
        # Before a place was part of the key, what was said was said of the bytes.
        is_asked = is_open or not said.isdisjoint((key, one.sha256[:32]))
        questions.append(Question(code, asks, tuple(options), is_open, is_asked))
    return questions


def _words(standing: str, *, replaces: bool) -> tuple[str, ...]:
    """What can be said of a file that stands so; of one that adds to others it does not matter what part it is."""
    if standing == WAITING:
        return (MISTAKE,)
    if standing == UNCONFIRMED:
        return EMPTY, MISTAKE
    return (PART, WHOLE, MISTAKE) if replaces and standing != MOVED else (WHOLE, MISTAKE)


def _places_in_words(places: Sequence[tuple[str, int]]) -> str:
    said = [f"{file}, row {row}" for file, row in places]
    more = f", and {many(len(said) - _PLACES, 'more place')}" if len(said) > _PLACES else ""
    return "; ".join(said[:_PLACES]) + more


def _listed(settings: Settings, questions: Sequence[Question], *, show_all: bool) -> list[str]:
    decided = {replace(decision, at="", who=None) for decision in read_decisions(settings)}
    waiting = [one for one in questions if one.is_open and any(option.decision in decided for option in one.options)]
    still_open = [one for one in questions if one.is_open and one not in waiting]
    settled = [one for one in questions if not one.is_open and one.is_asked]
    unasked = [one for one in questions if not one.is_asked]
    lines = [f"{many(len(still_open), 'question')} open." if still_open else "Nothing is open."]
    for question in [*still_open, *([*settled, *unasked] if show_all else [])]:
        state = "" if question.is_open else " (decided)" if question.is_asked else " (nobody has said anything of it)"
        lines += ["", f"{question.code}  {question.asks}{state}"]
        lines += [f"{'':{len(question.code)}}  {option.word}  {option.says}" for option in question.options]
    lines += [""] if len(lines) > 1 else []
    if waiting:
        lines.append(f"{many(len(waiting), 'decision')} made since the last run: `insights run` counts by them.")
    if still_open:
        # What a file is says itself what it does until then.
        waits = any(option.decision.kind != DELIVERY_IS for question in still_open for option in question.options)
        until_then = "Until then what they are about counts nowhere. " if waits else ""
        lines.append(f"{until_then}Ask whoever sent it which one holds, then say it:")
        lines.append(f"  insights decide {still_open[0].code} <option>")
    if settled and not show_all:
        lines.append(f"{many(len(settled), 'question')} decided before: `insights decide --all` shows them as well.")
    if unasked and not show_all:
        lines.append(
            f"Of {many(len(unasked), 'file')} of returns it can be said that one is a part or a mistake: "
            "`insights decide --all` shows them."
        )
    return lines


def _question(questions: Sequence[Question], code: str) -> Question:
    found = [question for question in questions if question.code == code]
    if not found:
        raise OperatorError(
            "There is nothing to decide under this id. Nothing was written down. `insights decide` lists what is open, "
            "`insights decide --all` what was decided as well."
        )
    return found[0]


def _chosen(question: Question, word: str | None) -> Option:
    found = [option for option in question.options if option.word == word]
    if not found:
        words = ", ".join(option.word for option in question.options)
        raise OperatorError(
            f"Of {question.code} it can be decided: {words}. Nothing was written down. Name one of them behind the id; "
            "`insights decide` says what each stands for."
        )
    return found[0]


def _short(texts: Sequence[str], least: int) -> list[str]:
    """The beginning of each text, as long as it takes to tell all apart."""
    length = least
    while length < max(map(len, texts), default=0) and len({text[:length] for text in texts}) < len(set(texts)):
        length += 1
    return [text[:length] for text in texts]


def _who() -> str:
    """The name under which somebody works on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
