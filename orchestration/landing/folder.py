"""Landing of the raw folder: every file in it, each read while the one before is written.

What identifies a child never reaches the warehouse in clear: identifiers become keyed pseudonyms, the date of
birth a month, the postcode a sector, and a column outside the catalogue is not stored at all. A file is
landed whole with its ledger entry in one transaction, or refused whole with a sentence; records that cannot
be read are written down one by one with their place and reason. Landed and rejected records add up to the
records of the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb

from catalogue import Catalogue, load_catalogue
from catalogue.returns import ReturnCatalogue, load_returns
from catalogue.services import Services, read_services
from orchestration.environment import ensure_programme
from orchestration.errors import OperatorError
from orchestration.landing.confined.readers import Readers
from orchestration.landing.dispatch import DeliveredFile, FileLander
from orchestration.landing.forms.cells import read_in_place
from orchestration.landing.forms.erasure import tell_unmet
from orchestration.landing.forms.header_rows import ERASURE
from orchestration.landing.forms.held_to import has_landed_without_consent, hold_landed, let_go_of_held
from orchestration.landing.forms.sent_by import sent_by
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.home import hold_to
from orchestration.landing.ledger import LoadResult, ensure_ledger, landed_sizes
from orchestration.landing.private import private_folder
from orchestration.landing.pseudonym import DEVELOPMENT_NOTICE, PseudonymKey, key_from_environment
from orchestration.landing.raw_folder import lies_at, shown_name, survey
from orchestration.landing.rereading import StaleLoad, stale_loads, stale_returns, tell_unread
from orchestration.landing.returns.deliveries import delivery_lines, settle_deliveries
from orchestration.landing.returns.forgotten import erase_landed
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.landing.tombstones import HomeMemory, settle_tombstones
from orchestration.landing.transaction import transaction
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_PLACE = "{}"
_SHOWN = 10


def land_folder(
    settings: Settings,
    *,
    run_id: str,
    progress: Callable[[str], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[LoadResult]:
    """Land every file below the raw folder, in the order of their paths.

    Links, pipes, lock files and other strays are passed over by name, README.md files without a word; everything else
    is landed, already landed, refused, or left for the next run because it changed while it was read. None of these
    stops the rest.

    Parameters:
        settings: where the raw folder and the warehouse are.
        run_id: written beside every ledger entry.
        progress: receives one line per file; lines hold names and counts, never a value of a row.
        meanwhile: called once, when the first file has been read and the database begins to write it: from then on
            the interpreter is idle most of the time.

    Returns one LoadResult per file in the order of landing, those passed over behind them.

    Raises OperatorError: the raw folder is missing or cannot be opened, the pseudonym key is missing or weak, the
    warehouse is in use by another process, or its disk fails; the home belongs to another key. Files landed before that
    stay landed. Also, once everything has landed: an erasure list was refused, or no services are declared.
    """
    say = progress or (lambda line: None)
    key = key_from_environment(settings.environment)
    if not settings.raw_dir.is_dir():
        raise OperatorError(
            f"The raw folder {settings.raw_dir} does not exist. Nothing was landed. Create it and put the exports "
            "there, or name another one with --raw."
        )
    if key.is_development:
        say(DEVELOPMENT_NOTICE)
    found = survey(settings.raw_dir)
    if not found.files:
        say(f"There are no files in {settings.raw_dir}.")
    ensure_programme(settings)
    forms, returns = load_catalogue(settings.seeds_path / "forms"), load_returns(settings.seeds_path / "returns")
    services = read_services(settings.services_path)
    with Readers(forms, returns) as readers, open_warehouse(settings, for_landing=True) as con:
        lander = FileLander(settings.raw_dir, key, services, run_id, readers, HomeMemory(settings))
        with private_folder(settings) as work_dir:
            for line in _make_ready(con, settings, key, services, forms, returns, work_dir):
                say(line)
            # Left to itself DuckDB tries every way of compressing on each of three hundred columns of text: as much
            # work as reading the file.
            con.execute("set force_compression = 'dict_fsst'")
            # A checkpoint after every small file would write the last row group of a wide table again each time.
            con.execute("set wal_autocheckpoint = '1TB'")
            stale = stale_loads(con, services, key, forms) | stale_returns(con, returns)
            done_before = set(stale)
            read = partial(lander.read, known=landed_sizes(con, but=stale))
            with closing(read_ahead(found.files, work_dir, read)) as files:
                results = _land_files(con, lander, files, stale, say, meanwhile)
            for load in stale.values():
                if load.form_id in forms.forms and "rules" in load.reasons:
                    read_in_place(con, forms, load.form_id, load.load_seq)
            for line in (
                *tell_unread(con, stale.values()),
                *tell_unmet(con, _lists_of(results, done_before)),
                *delivery_lines(con, settle_deliveries(con, settings, returns, run_id, results)),
            ):
                say(line)
        # Without a list of services no list of the erased can be read: that comes first.
        if not services:
            _require_services(con, forms, settings.services_path)
        # A list that was done once, and can no longer be read, has not been left undone; gate 1 tells of it.
        _require_erasures(
            result for result in results if (lies_at(result.source_file), result.sha256) not in done_before
        )
    for one in found.passed_over:
        result = LoadResult(one.name, "passed_over", load_id="", reason=one.reason)
        say(_line(result))
        results.append(result)
    return results


def _land_files(
    con: duckdb.DuckDBPyConnection,
    lander: FileLander,
    files: Iterable[DeliveredFile],
    stale: dict[tuple[str, str], StaleLoad],
    say: Callable[[str], None],
    meanwhile: Callable[[], None] | None,
) -> list[LoadResult]:
    """Land each file, and take out of `stale` what has been read again."""
    results = []
    for file in files:
        if meanwhile is not None:
            meanwhile()
            meanwhile = None
        sha256 = file.snapshot.sha256 if file.snapshot else ""
        known_as = lies_at(shown_name(file.path, lander.raw_dir)), sha256
        result = lander.land(con, file, stale.get(known_as))
        if result.status == "landed":
            stale.pop(known_as, None)
        say(_line(result))
        results.append(result)
    return results


def _make_ready(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    key: PseudonymKey,
    services: Services,
    forms: Catalogue,
    returns: ReturnCatalogue,
    work_dir: Path,
) -> list[str]:
    """Make the tables, and hold what lies in them to the key and the tombstones of now; what to say of it."""
    ensure_ledger(con)
    ensure_form_tables(con, forms)
    ensure_return_tables(con, returns)
    lines = hold_to(con, key, services, forms, settings.raw_dir, work_dir)
    new = settle_tombstones(con, settings, key, services)
    if new or has_landed_without_consent(con, forms):
        with transaction(con):
            hold_landed(con, forms, key, HomeMemory(settings))
            erase_landed(con, returns, key)
    let_go_of_held(con)
    return lines


def _lists_of(results: Iterable[LoadResult], done_before: Collection[tuple[str, str]]) -> list[str]:
    """The erasure lists that have landed for the first time, by their load."""
    return [
        result.load_id
        for result in results
        if result.form_id == ERASURE
        and result.status == "landed"
        and (lies_at(result.source_file), result.sha256) not in done_before
    ]


def _require_erasures(results: Iterable[LoadResult]) -> None:
    """What a list of clients asks for has to be done before anything more is published of them."""
    refused = [result for result in results if result.form_id == ERASURE and result.status == "refused"]
    if refused:
        told = "".join(f"\n- {result.source_file}: {result.reason}" for result in refused)
        raise OperatorError(
            "Clients asked to be erased, and it was not done, so nothing is published. What else was new has landed."
            f"{told}"
        )


def _require_services(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, path: Path) -> None:
    """Nothing can be published of forms while nobody has said which services there are."""
    found = sent_by(con, catalogue)
    if found:
        forms = sum(one.forms for one in found)
        listed = "".join(f"\n- {one.code}: {one.forms:,} form{'s' if one.forms > 1 else ''}" for one in found[:_SHOWN])
        more = f"\n- and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        raise OperatorError(
            f"No services are declared, so nothing is published: {path} is missing or empty. {forms:,} forms have "
            "landed and are set aside until it says whose they are. These services stand in them, by short code:"
            f"{listed}{more}\n"
            "`insights services --declare`, on a terminal, shows what stands in their cells, asks, and writes the list."
        )


def require_something(con: duckdb.DuckDBPyConnection, results: Sequence[LoadResult]) -> None:
    """Raise OperatorError where nothing lies in the warehouse that could be reported: no form and no return."""
    if con.execute("select 1 from ops.load where status = 'landed' and form_id <> $1 limit 1", [ERASURE]).fetchone():
        return
    files = [result.status for result in results if result.status != "passed_over"]
    refused, left = files.count("refused"), files.count("left")
    found = [f"{refused:,} of {len(files):,} files in the raw folder were refused"] if refused else []
    found += [f"{left:,} left for the next run because they changed while they were read"] if left else []
    if not found:
        found = ["what lies in the raw folder is neither" if files else "there is no file in the raw folder"]
    raise OperatorError(
        f"No form and no return has landed: {', '.join(found)}. Nothing was built or published. "
        "Put exports there, or do what is said of the refused ones, then run again."
    )


def read_ahead(
    paths: Iterable[Path], work_dir: Path, read: Callable[[Path, Path], DeliveredFile]
) -> Generator[DeliveredFile]:
    """Every file in order, each read while the one before is landed: the database leaves part of a processor idle.

    ``read`` is given a file and a folder in ``work_dir`` for its copies; no more than two of those lie there. What it
    raises is raised when it is the file's turn.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as pool:
        waiting: deque[Future[DeliveredFile]] = deque()
        for number, path in enumerate(paths):
            waiting.append(pool.submit(read, path, work_dir / _PLACE.format(number)))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _line(result: LoadResult) -> str:
    """One line of progress about one file."""
    if result.status == "refused":
        return f"{result.source_file}: REFUSED. {result.reason}"
    if result.status == "left":
        return f"{result.source_file}: LEFT FOR THE NEXT RUN. {result.reason}"
    if result.status == "passed_over":
        return f"{result.source_file}: passed over. {result.reason}"
    if result.status == "already_landed":
        return f"{result.source_file}: already landed"
    what = "erasure list" if result.form_id == ERASURE else f"{result.form_id} {result.form_version or ''}".rstrip()
    rejected = f", {result.rejected_lines:,} rejected" if result.rejected_lines else ""
    return f"{result.source_file}: landed, {what}, {result.rows_landed:,} records{rejected}"
