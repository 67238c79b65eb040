"""Drawn forms as the rows that services keep: ids, times, notes, everything an export has beside the answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from synthetic.forms.drawing import DrawnSample
from synthetic.forms.skeleton import Case, Client, DrawnForm, year_of
from synthetic.forms.styles import STYLES

# Every free text and every made-up name of the sample contains this word, so a test can look for it anywhere.
PRIVATE_MARK = "ZZPRIVATE"
NOTE_SHARE = 0.12
EDITED_SHARE = 0.08
ACCEPTED = "accepted"

NOTES = (
    "{mark} spoke to mum (Exampla Nobody) on 07700 900{n:03d}, will ring back",
    "{mark} lives at {n} Nowhere Street, next door to the school,\nask for the blue gate",
    '{mark} child says "it is better now"; see letter of social worker A. N. Other',
    "{mark} dad, Fictor Nobody, not to be told about the visit;\r\nnew number 07700 900{n:03d}",
    "{mark} café meeting with Zoë Nobody, £{n} taxi – e-mail someone{n}@example.invalid",
)


@dataclass
class Record:
    """One row of an export.

    ``raw`` holds cells that are written as they stand instead of the answer (by question id); ``disposition`` is
    what should become of the row, ``copies`` how often it is written, ``late`` whether it appears only in the
    export of the next period.
    """

    form_id: str
    service: str
    service_text: str
    submission_id: str
    form_version: str
    submitted_at: datetime
    edited_at: datetime | None
    client_id: str
    case_reference: str
    date_of_birth: date
    postcode: str
    event_date: date
    answers: dict[str, str | frozenset[str] | int]
    notes: str
    case_worker: str
    has_consent: bool = True
    is_test: bool = False
    raw: dict[str, str] = field(default_factory=dict)
    disposition: str = ACCEPTED
    copies: int = 1
    late: bool = False

    @property
    def year(self) -> int:
        """Reporting year of the event date."""
        return year_of(self.event_date)

    def copy(self) -> Record:
        """An independent copy."""
        return replace(self, answers=dict(self.answers), raw=dict(self.raw))


class RecordMaker:
    """Gives ids, times and notes to forms; ids never repeat within a service."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.numbers: dict[tuple[str, str], int] = {}

    def next_number(self, service: str, kind: str, step: int = 1) -> int:
        """A running number per service and kind of id."""
        key = (service, kind)
        self.numbers[key] = self.numbers.get(key, 0) + step
        return self.numbers[key]

    def client_id(self, service: str) -> str:
        """A client id in the style of a service."""
        number = self.next_number(service, "client", 1 + int(self.rng.integers(0, 3)))
        return STYLES[service].client_id.format(number=number)

    def case_reference(self, service: str) -> str:
        """A case reference in the style of a service."""
        return STYLES[service].case_reference.format(number=self.next_number(service, "case"))

    def submission_id(self, service: str) -> str:
        """A submission id: a random one, or a running number, as portals give them."""
        if STYLES[service].submission_id == "uuid":
            # A letter first and version digits fixed: never all digits, so nothing is lost when a spreadsheet reads it.
            text = "".join("0123456789abcdef"[i] for i in self.rng.integers(0, 16, 31))
            return f"uuid:a{text[:7]}-{text[7:11]}-4{text[12:15]}-{text[15:19]}-{text[19:31]}"
        number = 400_000 + self.next_number(service, "submission", 1 + int(self.rng.integers(0, 9)))
        return STYLES[service].submission_id.format(number=number)

    def times(self, event: date) -> tuple[datetime, datetime | None]:
        """When a form was submitted (days after the event) and, for some, when it was edited again."""
        day = event + timedelta(days=int(self.rng.integers(0, 10)))
        seconds = int(self.rng.integers(8 * 3600, 18 * 3600))
        submitted = datetime.combine(day, time(0)) + timedelta(seconds=seconds)
        if self.rng.random() < EDITED_SHARE:
            return submitted, submitted + timedelta(days=int(self.rng.integers(1, 20)), minutes=7)
        return submitted, None

    def note(self) -> str:
        """Free text about made-up people, on some forms."""
        if self.rng.random() >= NOTE_SHARE:
            return ""
        text = NOTES[int(self.rng.integers(len(NOTES)))]
        return text.format(mark=PRIVATE_MARK, n=int(self.rng.integers(1, 1000)))

    def record(self, client: Client, form: DrawnForm, case_reference: str) -> Record:
        """The row of one form."""
        assert client.birth_date is not None
        submitted, edited = self.times(form.event_date)
        style = STYLES[client.service]
        version = "v1" if style.v1_until and form.year <= style.v1_until else "v2"
        return Record(
            form_id=form.form_id,
            service=client.service,
            service_text=client.service,
            submission_id=self.submission_id(client.service),
            form_version=version,
            submitted_at=submitted,
            edited_at=edited,
            client_id=client.client_id,
            case_reference=case_reference,
            date_of_birth=client.birth_date,
            postcode=client.postcode,
            event_date=form.event_date,
            answers=dict(form.answers),
            notes=self.note(),
            case_worker=f"{PRIVATE_MARK} Worker {int(self.rng.integers(1, 30))}",
        )


def make_records(drawing: DrawnSample, maker: RecordMaker) -> list[Record]:
    """The rows of all drawn forms, clean, in order of their dates."""
    records: list[Record] = []
    for client in drawing.skeleton.clients:
        client.client_id = maker.client_id(client.service)
        for case in client.cases:
            reference = maker.case_reference(client.service)
            records += _case_records(maker, client, case, reference)
    records.sort(key=lambda record: (record.event_date, record.service, record.form_id, record.submission_id))
    return records


def _case_records(maker: RecordMaker, client: Client, case: Case, reference: str) -> list[Record]:
    records = []
    for form in (case.intake, case.review, case.exit):
        if form is not None:
            records.append(maker.record(client, form, reference if form.has_case_reference else ""))
    return records
