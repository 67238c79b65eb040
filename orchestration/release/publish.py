"""A release: what its readers open, built beside the old one and switched in one step.

    published/<release>/internal/        for the service and its analysts: pseudonymised rows, small counts
        insights.duckdb                  marts, reference and the useful part of ops, with every description
        marts/*.parquet                  every table of the marts
        manifest.json                    inputs, outputs, code, checks: no clock, so the same content reads the same
        report/, documentation/          what `reporting` makes of it before disclosure control
    published/<release>/public/          what may be passed on: nothing but what disclosure control let through
        report/, open_data/, documentation/, manifest.json
    published/<release>/*/SHA256SUMS     the files of each side as they lie there (`sha256sum -c SHA256SUMS`)
    published/current                    a link to the release in force
    published/.prepared/                 the next release while it is being made, for its owner only

The name of a release is a hash of what went in, what came out and what made its documents. The same content has the
same name wherever and whenever it is made, and a release that is there already is left as it is.

Each step finds on the disk what the step before has left (`.prepared/prepared.json`), so it can be run by itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import OperatorError
from orchestration.progress import say
from orchestration.release.build import build_tables
from orchestration.release.files import DAMAGED, LEFT_OVER, PREPARED, fsync, read_release_manifest
from orchestration.release.register import (
    COUNTS_SQL,
    FIGURES_SQL,
    FORMS_SQL,
    Year,
    add_edition,
    before_release,
    public_years,
    read_register,
    register_hash,
)
from orchestration.release.revision import revision_made
from orchestration.release.seal import changed_files, seal, sums_of
from orchestration.release.state import MARTS, STAGING, built_state
from orchestration.release.verdicts import GATE_OF, require_same_code, require_verdict
from orchestration.settings import Settings
from orchestration.transform.manifest import TableDoc
from orchestration.warehouse import literal, open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL, PUBLIC

_NOTE = "prepared.json"
# What each step leaves in the folder of the next release: the sums of all files, which the next step compares.
_REPORTS_DONE = "reports_done.json"
_RELEASE_ID = re.compile(r"r-[0-9a-f]{12}")


@dataclass(frozen=True)
class Prepared:
    """A release whose tables are written and that nobody can see yet.

    `folder` holds `internal/` and `public/`. `is_new` is False when this content has been published before and lies
    there as it was published; then there is nothing to fill. `state` is what the marts held when it was prepared,
    `made_by` are the fingerprints of the code and of what makes the documents, `sums` those of all its files.
    """

    release_id: str
    folder: Path
    is_new: bool
    state: str
    made_by: str
    sums: dict[str, str]
    manifest: dict[str, Any]

    @property
    def has_reports(self) -> bool:
        """Whether everything that readers get of it has been written."""
        return not self.is_new or (self.folder / _REPORTS_DONE).exists()


@dataclass(frozen=True)
class Release:
    """One published state. `is_new` is False when this content had been published before."""

    release_id: str
    path: Path
    is_new: bool
    manifest: dict[str, Any]

    @property
    def internal(self) -> Path:
        """The side for the service and its analysts."""
        return self.path / INTERNAL

    @property
    def public(self) -> Path:
        """The side that may be passed on."""
        return self.path / PUBLIC


@dataclass(frozen=True)
class _Note:
    release_id: str
    is_new: bool
    state: str
    made_by: str
    tables: dict[str, str]


def prepare_release(
    settings: Settings, *, docs: Mapping[tuple[str, str], TableDoc], documents: str = "", code: str = ""
) -> Prepared:
    """Write the tables of what is in the warehouse into a folder that is not published yet.

    `docs` maps (schema, table) to its TableDoc; `documents` is the fingerprint of whatever will make the documents,
    `code` that of the code now. The caller holds the warehouse lock. Raises OperatorError when a gate has not let
    through exactly what is there, when other code made or judged it, or when the folder cannot be written.
    """
    root, folder = settings.published_path, settings.published_path / PREPARED
    with open_warehouse(settings, read_only=True) as con:
        judged_by = {GATE_OF[step]: require_verdict(con, step) for step in (STAGING, MARTS)}
        require_same_code(con, code)
        state = str(built_state(con, MARTS))
    with _told(folder):
        root.mkdir(parents=True, exist_ok=True)
        for left_over in [folder, *root.glob(LEFT_OVER)]:
            shutil.rmtree(left_over, ignore_errors=True)
        # Closed from the start: what is being built is as private as what is published.
        folder.mkdir(mode=0o700)
        for side in (INTERNAL, PUBLIC):
            (folder / side).mkdir()
        editions, in_force = read_register(settings), root.joinpath(CURRENT).resolve().name
        manifest = build_tables(
            settings,
            folder / INTERNAL,
            judged_by=judged_by,
            docs=docs,
            documents=documents,
            # Made again, the release in force begins nothing that it has not begun.
            registers=[register_hash(before_release(editions, in_force)), register_hash(editions)],
            in_force=in_force,
        )
        release_id = str(manifest["release"])
        is_new = not (root / release_id).exists() or bool(changed_files(root / release_id)[0])
        if not is_new:
            for side in (INTERNAL, PUBLIC):
                shutil.rmtree(folder / side)
        note = _Note(release_id, is_new, state, _made_by(code, documents), sums_of(folder))
        (folder / _NOTE).write_text(json.dumps(asdict(note)), encoding="utf-8")
        held = read_release_manifest(folder if is_new else root / release_id)
    return Prepared(release_id, folder, is_new, state, note.made_by, note.tables, held)


def read_prepared(settings: Settings) -> Prepared:
    """What the step before has left. Raises OperatorError when there is nothing that could be gone on with."""
    root, folder = settings.published_path, settings.published_path / PREPARED
    try:
        note = _Note(**json.loads((folder / _NOTE).read_text(encoding="utf-8")))
        if not _RELEASE_ID.fullmatch(note.release_id):
            raise ValueError
        manifest = read_release_manifest(folder if note.is_new else root / note.release_id)
    except (OSError, ValueError, TypeError):
        raise OperatorError(
            "No release is being made: its tables are not there. Nothing was published; the last release stays in "
            "place. Materialise published/tables first, or start the whole job (`insights run --force`)."
        ) from None
    sums = sums_of(folder)
    if not note.tables.items() <= sums.items():
        raise _not_as_left()
    return Prepared(note.release_id, folder, note.is_new, note.state, note.made_by, sums, manifest)


def fill_release(
    settings: Settings,
    write: Callable[[Path, Path, Mapping[str, Any]], None],
    *,
    documents: str = "",
    code: str = "",
) -> Prepared:
    """Let `write` make what readers get of a prepared release: it is given both sides' folders and the manifest.

    `documents` and `code` are the fingerprints of now; OperatorError unless they are those of the tables. Whatever an
    earlier try has left of it is removed first, and on any failure what `write` has begun.
    """
    prepared = read_prepared(settings)
    _require_same_makers(prepared, code, documents)
    if prepared.is_new:
        inside, outside = prepared.folder / INTERNAL, prepared.folder / PUBLIC
        _remove_documents(inside, outside)
        try:
            write(inside, outside, prepared.manifest)
        except BaseException:
            _remove_documents(inside, outside)
            raise
        (prepared.folder / _REPORTS_DONE).write_text(json.dumps(sums_of(prepared.folder)), encoding="utf-8")
    return prepared


def publish_release(settings: Settings, *, documents: str = "", code: str = "") -> Release:
    """Seal the prepared release and make it current. On any failure `published/current` is as it was.

    `documents` and `code` are the fingerprints of now. Raises OperatorError when nothing complete is prepared, when it
    was not made from exactly what the gates let through and what is in the warehouse now, or by other code, when what
    is prepared is not as the steps before left it, or when the folder cannot be written.
    """
    prepared = read_prepared(settings)
    if not prepared.has_reports:
        raise OperatorError(
            "The reports of the next release are not there. Nothing was published; the last release stays in place. "
            "Materialise published/reports first, or start the whole job (`insights run --force`)."
        )
    with open_warehouse(settings, read_only=True) as con:
        for step in (STAGING, MARTS):
            require_verdict(con, step)
        require_same_code(con, code)
        if built_state(con, MARTS) != prepared.state:
            raise OperatorError(
                "The marts were built again after the tables of the next release had been written. Nothing was "
                "published; the last release stays in place. Materialise published/tables and published/reports again, "
                "or start the whole job (`insights run --force`)."
            )
    _require_same_makers(prepared, code, documents)
    root, target = settings.published_path, settings.published_path / prepared.release_id
    if prepared.is_new:
        is_as_left = json.loads((prepared.folder / _REPORTS_DONE).read_text("utf-8")) == prepared.sums
    else:
        is_as_left = not changed_files(target)[0]
    if not is_as_left:
        raise _not_as_left()
    with _told(prepared.folder):
        # Before anybody can see it: what is public and not in the register could be printed otherwise next time.
        _register_new_years(settings, prepared, target)
        if prepared.is_new:
            for name in (_NOTE, _REPORTS_DONE):
                (prepared.folder / name).unlink()
            seal(prepared.folder, prepared.manifest)
            if target.exists():
                _put_aside(target)
            prepared.folder.rename(target)
            fsync(root)
        else:
            shutil.rmtree(prepared.folder)
        _switch(root, prepared.release_id)
    return Release(prepared.release_id, target, prepared.is_new, prepared.manifest)


def _register_new_years(settings: Settings, prepared: Prepared, target: Path) -> None:
    """Write into the register what this release prints of years that were never public, and of one that is revised."""
    known = public_years(read_register(settings))
    printed = [Year(*said) for said in prepared.manifest["public_years"]]
    folder = prepared.folder if prepared.is_new else target
    with open_warehouse(settings, read_only=True) as con:
        revision = revision_made(con)
        new = [([year for year in printed if year not in known], "")]
        if revision is not None:
            new.append(([revision.year], revision.said))
        con.execute(f"attach {literal(folder / INTERNAL / DATABASE)} as release (read_only)")
        for years, reason in new:
            if years:
                add_edition(
                    settings,
                    con,
                    release=prepared.release_id,
                    years=years,
                    method="rounding",
                    rows={
                        "figures": FIGURES_SQL.format(published_value="release.marts.published_value"),
                        "counts": COUNTS_SQL,
                        "forms": FORMS_SQL,
                    },
                    reason=reason,
                )


def current_release(settings: Settings) -> Path:
    """The folder of the release in force. Raises OperatorError when nothing has been published yet."""
    link = settings.published_path / CURRENT
    if not link.exists():
        raise OperatorError(
            f"Nothing has been published in {settings.home} yet. Run `insights run`, or name the home with --home."
        )
    return link.resolve()


def _made_by(code: str, documents: str) -> str:
    return f"{code} {documents}"


def _require_same_makers(prepared: Prepared, code: str, documents: str) -> None:
    if prepared.made_by != _made_by(code, documents):
        raise OperatorError(
            "The code, or what else makes the documents (the licence of the open data), is not what it was when the "
            "tables of the next release were written. Nothing was published; the last release stays in place. "
            "Materialise published/tables and published/reports again, or start the whole job (`insights run --force`)."
        )


def _not_as_left() -> OperatorError:
    return OperatorError(
        "Files of the next release have been changed since they were made. Nothing was published; the last release "
        "stays in place. Materialise published/tables and published/reports again, or start the whole job "
        "(`insights run --force`)."
    )


def _put_aside(damaged: Path) -> None:
    """Keep what lies there in place of a release, for whoever looks into it; closed to all others."""
    places = (damaged.with_name(f"{DAMAGED}{damaged.name}-{number}") for number in range(1, 1000))
    place = next(place for place in places if not place.exists())
    damaged.rename(place)
    place.chmod(0o700)
    say(f"  {damaged.name} was not as it had been published: made again, the damaged one is kept as {place.name}")


def _remove_documents(inside: Path, outside: Path) -> None:
    """Leave nothing of a prepared release but its tables."""
    for path in [*inside.iterdir(), *outside.iterdir()]:
        if path.is_dir() and path.name != "marts":
            shutil.rmtree(path)


@contextmanager
def _told(prepared: Path) -> Iterator[None]:
    """Tell a full or closed disk as a sentence; whatever went wrong, leave nothing half built behind."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(prepared, ignore_errors=True)
        if isinstance(error, OSError):
            raise OperatorError(
                f"The release could not be written to {prepared.parent} ({error.strerror}). Nothing was published; the "
                "last release stays in place. Free some space or mend the folder's permissions, then run again."
            ) from None
        raise


def _switch(root: Path, release_id: str) -> None:
    """Point `current` at a release: a reader sees the old one or the new one, never neither."""
    fresh = root / f".{CURRENT}-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release_id)
    fresh.replace(root / CURRENT)
    fsync(root)
