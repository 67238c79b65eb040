"""What real exports do to records: extra rows that must not count, and cells written the way people type.

None of it changes a total: rows are added only with a disposition other than accepted, and cells are rewritten only
in ways that mean the same, or where the form has no answer anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from catalogue import Catalogue
from synthetic.forms.answers.margins import is_open
from synthetic.forms.records import PRIVATE_MARK, Record, RecordMaker
from synthetic.forms.styles import STYLES

# What a few services answer that no form offers; written only where the form has no answer.
UNKNOWN_TEXT = "Prefers to say it differently"
UNKNOWN_CODE = "other_specify"
UNREADABLE_NUMBER = "since birth"
FIRST_DAY_OUTSIDE = date(2024, 4, 1)

DUPLICATED_ROWS = 24  # the same row twice in one file
RESUBMITTED = 10  # the same content under a new submission id
EDITED = 40  # an older version of an accepted form, with other answers
EDITED_TWICE = 4
EDITED_LATE = 6  # the older version comes in a later file than the newer one
NO_CONSENT = 26
TEST_RECORDS = 14
UNKNOWN_ANSWERS = 30
UNASKED_ANSWERS = 8
UNREADABLE_NUMBERS = 6
DIRTY_ID_SHARE = 0.06
DIRTY_CELL_SHARE = 0.03


@dataclass(frozen=True)
class Erasure:
    """One line of the erasure list."""

    service: str
    client_id: str
    requested_on: date


class Dirt:
    """Adds dirt to clean records."""

    def __init__(self, catalogue: Catalogue, maker: RecordMaker, rng: np.random.Generator) -> None:
        self.catalogue = catalogue
        self.maker = maker
        self.rng = rng
        self.event_question = {form_id: form.event_date_question_id for form_id, form in catalogue.forms.items()}

    def add(self, records: list[Record]) -> tuple[list[Record], list[Erasure]]:
        """Dirty rows of the sample.

        Args:
            records: clean records; their cells may be rewritten, never their meaning.

        Returns:
            All rows, accepted and not, and the erasure list.
        """
        accepted = list(records)
        untouched = [accepted[i] for i in self.rng.permutation(len(accepted))]
        extra: list[Record] = []
        extra += self.resubmitted(self.take(untouched, RESUBMITTED))
        extra += self.edited(self.take(untouched, EDITED))
        for record in self.take(untouched, DUPLICATED_ROWS):
            record.copies = 2
        extra += self.strangers(accepted)
        erased, erasures = self.erased(accepted)
        extra += erased
        rewritable = [r for r in untouched if STYLES[r.service].files != "cumulative"]
        self.unknown_answers(self.take(rewritable, 400))
        self.unasked_answers(self.take(rewritable, 400))
        rows = sorted(
            [*accepted, *extra],
            key=lambda r: (r.submitted_at, r.service, r.form_id, r.submission_id, r.edited_at or r.submitted_at),
        )
        single = {id(record) for record in untouched}
        for record in rows:
            self.dirty_ids(record, may_vary_service=id(record) in single)
        for record in self.take(untouched, int(DIRTY_CELL_SHARE * len(accepted))):
            self.dirty_cells(record)
        return rows, erasures

    @staticmethod
    def take(pool: list[Record], count: int) -> list[Record]:
        """Remove and return records from the end of a pool, so that each is touched once."""
        taken = pool[-count:]
        del pool[-count:]
        return taken

    # -- rows that must not count ----------------------------------------------------------------------------

    def resubmitted(self, records: Sequence[Record]) -> list[Record]:
        """The same form sent twice: a second submission with the same content, minutes later."""
        extra = []
        for record in records:
            again = record.copy()
            again.submission_id = self.maker.submission_id(record.service)
            again.submitted_at = record.submitted_at + timedelta(minutes=3)
            again.edited_at = None
            again.disposition = "duplicate_submission"
            extra.append(again)
        return extra

    def edited(self, records: Sequence[Record]) -> list[Record]:
        """Older versions of edited forms: same submission id, earlier edit time, other answers."""
        extra = []
        for position, record in enumerate(records):
            older = self.older_version(record)
            record.edited_at = record.submitted_at + timedelta(days=30 + position % 7, minutes=11)
            older.late = position < EDITED_LATE
            extra.append(older)
            if EDITED_LATE <= position < EDITED_LATE + EDITED_TWICE:
                middle = self.older_version(record)
                middle.edited_at = record.submitted_at + timedelta(days=2)
                extra.append(middle)
            if position % 10 == 9:  # the first version bore a wrong date, even of another year
                older.event_date = older.event_date - timedelta(days=366)
        return extra

    def older_version(self, record: Record) -> Record:
        """A record as it was before it was edited: two single answers were others."""
        older = record.copy()
        older.edited_at = None
        older.disposition = "superseded"
        changeable = [
            q
            for q in self.catalogue.asked(record.form_id)
            if q.option_set
            and q.answer_type in ("single", "matrix")
            and q.parent_question_id is None
            and q.question_id in record.answers
        ]
        for i in self.rng.choice(len(changeable), min(2, len(changeable)), replace=False):
            question = changeable[int(i)]
            others = [
                o.option_code
                for o in self.catalogue.options_of(question.question_id)
                if o.option_code != record.answers[question.question_id]
            ]
            older.answers[question.question_id] = others[int(self.rng.integers(len(others)))]
        return older

    def stranger(self, record: Record) -> Record:
        """A form like another one, of another client."""
        other = record.copy()
        other.submission_id = self.maker.submission_id(record.service)
        other.client_id = self.maker.client_id(record.service)
        other.case_reference = self.maker.case_reference(record.service)
        other.copies, other.late = 1, False
        return other

    def strangers(self, accepted: Sequence[Record]) -> list[Record]:
        """Rows that are set apart for a reason of their own, each a form of a client who has no other."""
        extra: list[Record] = []

        def some(count: int, disposition: str, change: Callable[[Record, int], None], form_id: str = "") -> None:
            # Not in cumulative exports, where a later file would repeat them and their number would be hard to tell.
            pool = [r for r in accepted if form_id in ("", r.form_id) and r.year >= 2022]
            pool = [r for r in pool if STYLES[r.service].files != "cumulative"]
            for position, i in enumerate(sorted(self.rng.choice(len(pool), count, replace=False))):
                record = self.stranger(pool[int(i)])
                record.disposition = disposition
                change(record, position)
                extra.append(record)

        def no_consent(record: Record, position: int) -> None:
            record.has_consent = False
            if position % 5 == 0:
                record.raw[f"{record.form_id}_admin_consent"] = ""

        def test(record: Record, position: int) -> None:
            record.is_test = True
            record.notes = f"{PRIVATE_MARK} test test test"

        def blank(field_name: str) -> Callable[[Record, int], None]:
            def change(record: Record, position: int) -> None:
                setattr(record, field_name, "  " if position % 3 == 2 else "")

            return change

        def impossible(record: Record, position: int) -> None:
            texts = ("31/02/2023", "", "2023-13-40", "30/02/2024")
            if position < len(texts):
                record.raw[self.event_question[record.form_id]] = texts[position]
            else:  # born after the intake
                record.date_of_birth = record.event_date + timedelta(days=200)

        def outside(record: Record, position: int) -> None:
            day = FIRST_DAY_OUTSIDE + timedelta(days=9 * position) if position % 2 else date(2019, 11, 4)
            shift = day - record.event_date
            record.event_date = day
            record.submitted_at += shift
            record.edited_at = None
            record.date_of_birth = record.date_of_birth + shift

        def before_event(record: Record, position: int) -> None:
            record.submitted_at -= timedelta(days=40)
            record.edited_at = None

        def unknown_version(record: Record, position: int) -> None:
            record.form_version = "v9"

        def parents_birth_date(record: Record, position: int) -> None:
            record.date_of_birth = date(1984, 6, 1 + position)

        some(NO_CONSENT, "no_consent", no_consent)
        some(TEST_RECORDS, "test_record", test)
        some(6, "missing_key", blank("client_id"))
        some(3, "missing_key", blank("submission_id"))
        some(1, "missing_key", blank("service_text"))
        some(7, "impossible_date", impossible, "intake")
        some(2, "impossible_date", impossible, "exit")
        some(10, "outside_reporting_years", outside)
        some(5, "set_aside", before_event)
        some(2, "set_aside", unknown_version, "exit")
        some(2, "set_aside", parents_birth_date, "intake")
        return extra

    def erased(self, accepted: Sequence[Record]) -> tuple[list[Record], list[Erasure]]:
        """Two clients who asked to be forgotten, with all their forms, and the list that says so."""
        extra: list[Record] = []
        erasures: list[Erasure] = []
        by_case: dict[str, list[Record]] = {}
        for record in accepted:
            if record.case_reference and record.year >= 2022:
                by_case.setdefault(f"{record.service}|{record.case_reference}", []).append(record)
        for forms, service in ((3, "Beacon"), (2, "Fern House")):
            case = next(
                rows
                for rows in by_case.values()
                if len(rows) == forms and rows[0].service == service and rows[0].form_id == "intake"
            )
            client_id = self.maker.client_id(service)
            reference = self.maker.case_reference(service)
            for record in case:
                forgotten = self.stranger(record)
                forgotten.client_id, forgotten.case_reference = client_id, reference
                forgotten.notes = f"{PRIVATE_MARK} to be forgotten"
                forgotten.disposition = "erased"
                extra.append(forgotten)
            # The list is typed by hand: case and zeros differ from the forms.
            erasures.append(Erasure(service.lower(), f" {client_id.lower().lstrip('0')}", date(2024, 5, 7)))
        return extra, erasures

    # -- cells -----------------------------------------------------------------------------------------------

    def unknown_answers(self, records: Sequence[Record]) -> None:
        """Answers no form offers, and numbers that are none, on questions that the form leaves unanswered."""
        unknown = unreadable = 0
        for record in records:
            has_lists = "list" in STYLES[record.service].convention_id
            for question in self.catalogue.asked(record.form_id):
                if not question.option_set or question.question_id in record.answers:
                    continue
                if not is_open(question, record.answers):
                    continue
                if question.answer_type == "number" and unreadable < UNREADABLE_NUMBERS:
                    record.raw[question.question_id] = UNREADABLE_NUMBER if unreadable % 2 else "999"
                    unreadable += 1
                    break
                if question.answer_type in ("single", "matrix") or (question.answer_type == "tick_all" and has_lists):
                    if unknown == UNKNOWN_ANSWERS:
                        continue
                    is_code = STYLES[record.service].convention_id.startswith("code")
                    record.raw[question.question_id] = UNKNOWN_CODE if is_code else UNKNOWN_TEXT
                    unknown += 1
                    break

    def unasked_answers(self, records: Sequence[Record]) -> None:
        """Answers to questions that were not put: a gate closed after its follow-up had been answered."""
        done = 0
        for record in records:
            closed = [
                question
                for question in self.catalogue.asked(record.form_id)
                if question.answer_type == "single"
                and question.parent_question_id
                and not is_open(question, record.answers)
                and question.question_id not in record.answers
                # A question that opens another one would open it.
                and not any(q.parent_question_id == question.question_id for q in self.catalogue.questions.values())
            ]
            if closed and done < UNASKED_ANSWERS:
                question = closed[int(self.rng.integers(len(closed)))]
                options = self.catalogue.options_of(question.question_id)
                record.answers[question.question_id] = options[int(self.rng.integers(len(options)))].option_code
                done += 1

    def dirty_ids(self, record: Record, may_vary_service: bool) -> None:
        """Ids typed by people: case, spaces and leading zeros vary; so does the service's name, unless it is a copy."""
        if self.rng.random() < DIRTY_ID_SHARE and record.client_id.strip():
            record.client_id = self.mistype(record.client_id)
        if self.rng.random() < DIRTY_ID_SHARE and record.case_reference:
            record.case_reference = self.mistype(record.case_reference)
        if may_vary_service and self.rng.random() < DIRTY_ID_SHARE / 3:
            texts = (record.service_text.upper(), f"{record.service_text} ", record.service_text.replace(" ", "  "))
            record.service_text = texts[int(self.rng.integers(3))]

    def mistype(self, text: str) -> str:
        """The same id as another person types it."""
        zeros = 0
        while zeros < len(text) and not text[zeros].isdigit():
            zeros += 1
        digits = text[zeros:]
        variants = (
            text.lower(),
            f" {text}",
            f"{text}  ",
            text[:zeros] + digits.lstrip("0"),
            text[:zeros] + "0" + digits,
            f"{text[:zeros]} {digits}",
            text.replace("-", "").replace("/", " "),
        )
        return variants[int(self.rng.integers(len(variants)))]

    def dirty_cells(self, record: Record) -> None:
        """An answer in other capitals, with spaces around, or with a no-break space behind."""
        style = STYLES[record.service]
        answered = [
            question
            for question in self.catalogue.asked(record.form_id)
            if question.answer_type in ("single", "matrix") and question.question_id in record.answers
        ]
        for i in self.rng.choice(len(answered), min(2, len(answered)), replace=False):
            question = answered[int(i)]
            code = record.answers[question.question_id]
            option = next(o for o in self.catalogue.options_of(question.question_id) if o.option_code == code)
            # A label in a file of codes is read like a code, and the other way round.
            text = option.option_label if style.convention_id.startswith("text") or i % 4 == 0 else option.option_code
            variants = (text.upper(), text.lower(), f" {text} ", f"{text}\u00a0", text.replace(" ", "  "))
            record.raw[question.question_id] = variants[int(self.rng.integers(len(variants)))]
