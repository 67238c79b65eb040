"""The catalogue that the sample is drawn by: the engine's with what the sample's own report adds to it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from catalogue import Catalogue, load_catalogue
from catalogue.assembly import assemble
from catalogue.programme import SAMPLE, read_programme


@cache
def sample_catalogue() -> Catalogue:
    """The merged catalogue of the sample, written once a process to a folder that goes with it.

    Raises ProgrammeError where the sample's programme does not fit the engine.
    """
    folder = Path(tempfile.mkdtemp(prefix="sample-catalogue-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    assemble(read_programme(SAMPLE), folder)
    return load_catalogue(folder / "seeds" / "forms")
