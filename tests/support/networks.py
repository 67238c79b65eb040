"""Small networks drawn at random: their services, the forms of two or three years, and the folder of their programme.

The sample is one network, and a large one. What disclosure control has to stand is smaller: services of a handful of
forms, or of none, answers that nobody gave, a year without a form. So only the questions here are those of the sample.
Nobody in a network exists; the same seed draws the same forms.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from catalogue import ExportHeader, Question, load_catalogue
from tests.support.own_programme import OwnProgramme

Form = dict[str, str]
NAMES = (
    *("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple"),
    *("Nettle", "Oak"),
)
_LIST = "code,name,spellings,region,from,to,became\n"
#: Of the answers to a question how many are left blank, and how many of the forms of a case are a review or an exit.
_BLANK, _REVIEWS, _EXITS = 0.06, 0.25, 0.6


@dataclass
class Network:
    """A network: its services, its years, and the forms of each service by kind."""

    seed: int
    services: tuple[str, ...]
    years: tuple[int, ...]
    forms: list[tuple[str, str, Form]] = field(default_factory=list)
    """Kind, service and cells of each form."""

    def of(self, form_id: str, service: str | None = None) -> list[Form]:
        """The forms of a kind, of one service or of all."""
        return [cells for kind, name, cells in self.forms if kind == form_id and service in (None, name)]

    def write(self, raw: Path) -> None:
        """One file for each service and kind of form, as a portal exports them."""
        for service in sorted({name for _, name, _ in self.forms}):
            for form_id in ("intake", "review", "exit"):
                if forms := self.of(form_id, service):
                    write_file(raw / service.lower() / f"{form_id}.csv", form_id, forms)

    def found(self, folder: Path, *, final: int | None = None) -> OwnProgramme:
        """A programme of this network with its exports, as its owner makes one. `final`: the last year that is over."""
        place = OwnProgramme(folder)
        place.insights("init", str(place.programme), "--name", f"Network {self.seed}")
        place.write("services.csv", _LIST + "".join(f"{name.upper()},{name},,,,,\n" for name in self.services))
        place.say(final_to=f"{final or self.years[-1]}-03-31")
        self.write(place.raw)
        return place


class Drawing:
    """Draws forms, with habits that differ from service to service and from network to network."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.catalogue = load_catalogue()
        self._habits: dict[tuple[str, str], list[float]] = {}
        self._clients = 0
        #: How much of the answers goes to the first few of the options: 1 is evenly, 4 nearly all to one.
        self._slant = self.draw.choice((1.0, 2.0, 4.0))

    def network(
        self,
        *,
        seed: int,
        services: int,
        forms: int,
        years: Sequence[int] = (2023, 2024),
        one_form: bool = False,
        without: int = 0,
        empty_year: int | None = None,
        again: float = 0.1,
    ) -> Network:
        """A network of so many services with so many forms.

        Parameters:
            one_form: the last service has a single form.
            without: so many further services are declared and have no form.
            empty_year: a year in which nobody has any.
            again: how many of the clients are back in the next year.
        """
        names = tuple(self.draw.sample(NAMES, services + without))
        made = Network(seed, names, tuple(years))
        busy = names[: services - 1] if one_form else names[:services]
        weights = [self.draw.paretovariate(1.0) for _ in busy]
        usual = [year for year in years if year != empty_year]
        while len(made.forms) < forms - one_form:
            (place,) = self.draw.choices(busy, weights)
            client, year = self.client(place), self.draw.choice(usual)
            made.forms += self.case(client, place, year)
            if year + 1 in usual and self.draw.random() < again:
                made.forms += self.case(client, place, year + 1)
        del made.forms[forms - one_form :]
        if one_form:
            made.forms += self.case(self.client(names[services - 1]), names[services - 1], usual[-1])[:1]
        return made

    def client(self, service: str) -> Form:
        """A new client of a service: id, month of birth, postcode."""
        self._clients += 1
        born = date(2007 + self.draw.randrange(12), 1 + self.draw.randrange(12), 11)
        return {"client_id": f"{service[:2]}{self._clients:04d}", "born": born.isoformat(), "postcode": "ZZ9 7QZ"}

    def case(self, client: Form, service: str, year: int) -> list[tuple[str, str, Form]]:
        """The forms of one case that begins in a year: an intake, and maybe a review and an exit in the same year."""
        day = date(year - 1, 4, 3) + timedelta(days=self.draw.randrange(200))
        reference = f"{client['client_id']}-{year}"
        made = [("intake", service, self.form("intake", client, service, reference, day))]
        if self.draw.random() < _REVIEWS:
            made.append(("review", service, self.form("review", client, service, reference, day + timedelta(40))))
        if self.draw.random() < _EXITS:
            later = day + timedelta(days=60 + self.draw.randrange(80))
            made.append(("exit", service, self.form("exit", client, service, reference, later)))
        return made

    def form(self, form_id: str, client: Form, service: str, reference: str, day: date) -> Form:
        """One form, every question that is asked of it answered or left blank."""
        told = {
            "submission_id": f"{form_id[0].upper()}-{reference}",
            "form_version": "v2",
            "submitted_at": f"{day.isoformat()}T09:00:00Z",
            "service": service,
            "client_id": client["client_id"],
            "case_reference": reference,
            "consent": "yes",
            "is_test": "no",
        }
        cells = {f"{form_id}_admin_{code}": cell for code, cell in told.items()}
        if form_id == "intake":
            cells |= {
                "intake_admin_date_of_birth": client["born"],
                "intake_admin_postcode": client["postcode"],
                "intake_admin_intake_date": day.isoformat(),
            }
        else:
            cells["review_admin_review_date" if form_id == "review" else "exit_admin_closure_date"] = day.isoformat()
        return cells | self.answers(form_id, service, cells)

    def answers(self, form_id: str, service: str, cells: Form) -> Form:
        """An answer to every question whose gate is open."""
        made: Form = {}
        questions = [one for one in self.catalogue.questions.values() if one.form_id == form_id]
        for question in sorted(questions, key=lambda one: one.question_order):
            if question.section_id.endswith("_admin") or question.derivation or not _is_open(question, cells | made):
                continue
            options = self.catalogue.options_of(question.question_id)
            codes = [one.option_code for one in options if one.option_kind != "missing"]
            if question.answer_type == "number":
                top = min(question.maximum or 40, 40)
                number = str(self.draw.randrange(question.minimum or 0, top + 1))
                made[question.question_id] = "" if self.draw.random() < _BLANK else number
            elif question.answer_type == "tick_all":
                is_blank = self.draw.random() < _BLANK
                for code, share in zip(codes, self._habit(service, question, len(codes)), strict=True):
                    ticked = not is_blank and self.draw.random() < min(0.9, 2 * share)
                    made[f"{question.question_id}___{code}"] = "1" if ticked else "0"
            elif codes:
                (code,) = self.draw.choices(codes, self._habit(service, question, len(codes)))
                made[question.question_id] = "" if self.draw.random() < _BLANK else code
        return made

    def corrected(self, cells: Form, form_id: str, service: str, edited: datetime) -> Form:
        """A later version of a form: the same submission, its questions answered anew."""
        kept = {name: cell for name, cell in cells.items() if "_admin_" in name}
        stamp = {f"{form_id}_admin_edited_at": edited.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return kept | stamp | self.answers(form_id, service, kept)

    def _habit(self, service: str, question: Question, size: int) -> list[float]:
        """How often each option is given in a service: a few options get most."""
        key = (service, question.question_id)
        if key not in self._habits:
            weights = [self.draw.random() ** self._slant for _ in range(size)]
            if question.parent_question_id is None and question.option_set and question.option_set.startswith("yes_no"):
                weights[0] += 1.0  # What hardly anybody says Yes to opens nothing.
            self._habits[key] = [weight / sum(weights) for weight in weights]
        return self._habits[key]


def write_file(path: Path, form_id: str, forms: Iterable[Form]) -> None:
    """An export of forms of one kind, with a column for every option."""
    headers = load_catalogue().headers(form_id, "v2", "code_columns")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([one.header for one in headers])
        writer.writerows([cells.get(_cell(one), "") for one in headers] for cells in forms)


def _is_open(question: Question, cells: Form) -> bool:
    parent = question.parent_question_id
    return parent is None or cells.get(parent, "") in (question.parent_option_codes or ())


def _cell(header: ExportHeader) -> str:
    return header.question_id + (f"___{header.option_code}" if header.option_code else "")
