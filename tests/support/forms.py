"""Small made-up exports for the landing tests, written from the catalogue. Nobody in them exists."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from catalogue import Catalogue, Question, load_catalogue
from catalogue.returns import ReturnCatalogue, load_returns
from catalogue.services import Service, Services
from orchestration.landing.confined.readers import Readers
from orchestration.landing.dispatch import FileLander
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.ledger import LoadResult, ensure_ledger, landed_sizes
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.recognise import Recognised, recognise
from tests.support.paths import sample_seeds

CATALOGUE = load_catalogue()
KEY = PseudonymKey(b"a key of the tests, long enough to be one", is_development=False)
SERVICES = Services(
    [Service("NORTH STAR", "North Star"), Service("SOUTH", "South"), Service("ZOES HOUSE", "Zo\u00eb\u2019s House")]
)
#: The same as a file.
SERVICES_CSV = "code,name,spellings,region,from,to,became\n" + "".join(
    f"{service.code},{service.name},,,,,\n" for service in SERVICES.declared
)
# Words that stand for personal data; none may ever be seen outside a raw file.
SECRETS = ("Zebediah", "Quillfeather", "XJ77", "7QZ")


def catalogue_with(folder: Path, file: str, row: str) -> Catalogue:
    """The sample's catalogue with one more row in one of its files, which are copied into a folder."""
    seeds = Path(shutil.copytree(sample_seeds() / "forms", folder / "forms"))
    with (seeds / file).open("a", encoding="utf-8") as handle:
        handle.write(f"{row}\n")
    return Catalogue(seeds)


def header(form_id: str = "intake", version: str = "v2", convention: str = "code_list") -> list[str]:
    """Header row of a form under a convention."""
    return [column.header for column in CATALOGUE.headers(form_id, version, convention)]


def record(number: int, form_id: str = "intake", version: str = "v2", convention: str = "code_list") -> list[str]:
    """One filled-in form as cells under `header`; ``number`` makes it differ from others."""
    cells = []
    for column in CATALOGUE.headers(form_id, version, convention):
        question = CATALOGUE.questions[column.question_id]
        cells.append(_cell(CATALOGUE, question, column.option_code, number, version))
    return cells


def _cell(catalogue: Catalogue, question: Question, option_code: str | None, number: int, version: str) -> str:
    admin = {
        "submission_id": f"sub-XJ77K-{number:05d}",
        "form_version": version,
        "submitted_at": "2023-05-01T10:00:00Z",
        "service": "North Star",
        "client_id": f"cl XJ77K {number:05d}",
        "case_reference": f"case/XJ77K/{number}",
        "consent": "yes",
        "is_test": "no",
        "case_worker": "Zebediah Quillfeather",
        "date_of_birth": "2012-04-03",
        "postcode": "LS1 7QZ",
        "intake_date": "2023-06-01",
        "review_date": "2023-08-01",
        "closure_date": "2023-09-01",
        "notes": f'Mother of Zebediah, "Zeb", rang.\nCall back, {number}',
    }
    if question.section_id.endswith("_admin"):
        return admin.get(question.question_code, "")
    options = catalogue.options_of(question.question_id)
    if option_code is not None:
        return str((number + len(option_code)) % 2)
    if question.answer_type == "number":
        return str(1 + number % 20)
    return options[number % len(options)].option_code if options and number % 3 else ""


def table(rows: Sequence[Sequence[str]], *, newline: str = "\n", delimiter: str = ",", quote_all: bool = False) -> str:
    """Rows as CSV text."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        lineterminator=newline,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return out.getvalue()


def export(records: int = 3, form_id: str = "intake", version: str = "v2", convention: str = "code_list") -> str:
    """A clean export as CSV text."""
    rows = [record(number, form_id, version, convention) for number in range(1, records + 1)]
    return table([header(form_id, version, convention), *rows])


class ReadHere:
    """Reads in this process, for tests that change how something is read."""

    def __init__(self, returns: ReturnCatalogue) -> None:
        self.returns = returns

    def recognise(self, path: Path, raw_dir: Path, copy: Path) -> Recognised:
        """As `Readers.recognise`."""
        return recognise(CATALOGUE, self.returns, path, raw_dir, copy)

    def release(self, copy: Path) -> None:
        """Nothing goes on."""


@cache
def readers(returns: ReturnCatalogue | None = None) -> Readers:
    """The processes that read for all tests: one is started in 0.3 s, and ends with the tests."""
    return Readers(CATALOGUE, returns or load_returns())


class Landing:
    """A warehouse in memory and a raw folder, for one test; ``is_read_here``: no other process reads."""

    def __init__(
        self,
        folder: Path,
        returns: ReturnCatalogue | None = None,
        *,
        services: Services = SERVICES,
        is_read_here: bool = False,
    ) -> None:
        self.returns = returns or load_returns()
        self.raw = folder / "raw"
        self.work = folder / "work"
        self.raw.mkdir(exist_ok=True)
        self.work.mkdir(exist_ok=True)
        self.con = duckdb.connect()
        ensure_ledger(self.con)
        ensure_form_tables(self.con, CATALOGUE)
        reading = ReadHere(self.returns) if is_read_here else readers(returns)
        self.lander = FileLander(self.raw, KEY, services, "run-1", reading)

    def land(self, name: str, content: bytes | str) -> LoadResult:
        """Write a file into the raw folder and land it."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.land_path(path)

    def land_path(self, path: Path) -> LoadResult:
        """Land a file of the raw folder."""
        delivered = self.lander.read(path, self.work / "0", known=landed_sizes(self.con))
        result = self.lander.land(self.con, delivered)
        assert "The program has a fault" not in str(result.reason)
        assert "The process that read it" not in str(result.reason)
        return result

    def empty(self) -> None:
        """Forget everything landed."""
        for (name,) in self.rows("select schema_name || '.' || table_name from duckdb_tables() where not temporary"):
            self.con.execute(f"truncate {name}")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a query."""
        return self.con.execute(sql).fetchall()

    def landed(self, form_id: str = "intake") -> int:
        """How many rows a raw table holds."""
        return int(str(self.rows(f"select count(*) from raw.insights_{form_id}")[0][0]))

    def everything(self) -> str:
        """Every value of every table of the warehouse and of the reject tables, as one text."""
        tables = self.rows("select schema_name || '.' || table_name from duckdb_tables()")
        return "\n".join(str(self.rows(f"select * from {name}")) for (name,) in tables)


@contextmanager
def landing(folder: Path) -> Iterator[Landing]:
    """A `Landing`, closed afterwards."""
    place = Landing(folder)
    try:
        yield place
    finally:
        place.con.close()
