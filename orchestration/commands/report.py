"""One edition of the report of the release in force, written by hand: what `insights report` does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orchestration.errors import OperatorError
from orchestration.release.publish import current_release
from orchestration.settings import Settings
from reporting.figures import Figures
from reporting.outputs import build_document, choose_document, write_document
from reporting.release_files import DATABASE, INTERNAL


def report_lines(
    settings: Settings,
    folder: Path,
    *,
    year: int | None,
    service: str | None,
    area: str | None,
    internal: bool,
    pdf: bool,
) -> list[str]:
    """Write it into a folder; the paths of what was written.

    Raises OperatorError when there is no release, no such edition, or when the folder cannot be written.
    """
    release = current_release(settings)
    with Figures(release / INTERNAL / DATABASE, "internal" if internal else "public") as figures:
        chosen = choose_document(figures, year=year, service=service, area=area)
        document = build_document(figures, chosen, release=release.name)
    if internal:
        # What is not to be passed on is never taken for what may be.
        document = replace(document, document_id=f"{document.document_id}-internal")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = write_document(document, folder, pdf=pdf)
    except OSError as error:
        raise OperatorError(
            f"The report could not be written to {folder} ({error.strerror}). The release is as it was. "
            "Name another folder with --out."
        ) from None
    return [str(path) for path in written]
