"""What stands in the cells of services that nobody has declared, for who declares them on a terminal: read from the
files each time, and kept nowhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import duckdb

from catalogue import load_catalogue
from catalogue.folding import fold
from catalogue.returns import load_returns
from catalogue.services import Services
from orchestration.environment import ensure_programme
from orchestration.landing.confined.readers import Readers
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.private import private_folder
from orchestration.landing.raw_folder import deliveries
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.recognise import lies_with_returns
from orchestration.settings import Settings


@dataclass
class Found:
    """A text that names a service and is not declared: how it is written most often, how many forms, which files."""

    written: Counter[str] = field(default_factory=Counter)
    files: dict[str, None] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """How it is written most often, without what cannot be seen."""
        return sorted(self.written, key=lambda one: (-self.written[one], one))[0]

    @property
    def forms(self) -> int:
        """How many forms name it."""
        return self.written.total()


def undeclared_texts(settings: Settings, services: Services) -> list[Found]:
    """Every text that stands in the files of the raw folder as a service and is not declared."""
    found: dict[str, Found] = {}
    ensure_programme(settings)
    forms, returns = load_catalogue(settings.seeds_path / "forms"), load_returns(settings.seeds_path / "returns")
    with private_folder(settings) as folder, Readers(forms, returns) as readers, duckdb.connect() as con:
        for path in deliveries(settings.raw_dir):
            if lies_with_returns(path, settings.raw_dir):
                continue
            copy = folder / "records.csv"
            try:
                export = readers.recognise(path, settings.raw_dir, copy)
                if not isinstance(export, FormExport):
                    continue
                cell = export.header.place_of()[admin_question(export.header.form_id, "service")]
                rows = con.execute(
                    f"select {cell}, count(*) from {export.copy.table_sql()} where {cell} is not null group by all"
                ).fetchall()
            except (FileRefusedError, OSError, KeyError, duckdb.Error):
                continue  # the run tells of it
            finally:
                readers.release(copy)
                copy.unlink(missing_ok=True)
            for text, count in rows:
                folded = fold(str(text))
                if folded and folded not in services.folded:
                    one = found.setdefault(folded, Found())
                    one.written[_seen(str(text))] += int(count)
                    one.files[path.relative_to(settings.raw_dir).as_posix()] = None
    return list(found.values())


def _seen(text: str) -> str:
    """A text as it can be shown and written: one line, nothing that a terminal would obey."""
    return " ".join("".join(letter if letter.isprintable() or letter.isspace() else "" for letter in text).split())
