"""The whole sample: drawn, dirtied, written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catalogue import Catalogue
from synthetic.forms.dirt import Dirt, Erasure
from synthetic.forms.drawing import SEED, DrawnSample, draw
from synthetic.forms.records import Record, RecordMaker, make_records
from synthetic.forms.writers import write_sample
from synthetic.sample_catalogue import sample_catalogue


@dataclass
class Sample:
    """Everything the sample consists of, before it is written."""

    drawing: DrawnSample
    records: list[Record]
    erasures: list[Erasure]


def make_sample(catalogue: Catalogue | None = None, seed: int = SEED) -> Sample:
    """Draw the forms and add the dirt.

    Args:
        catalogue: the sample's catalogue unless another is given.
        seed: seed of all randomness; the same seed gives the same bytes.

    Raises:
        InfeasibleTargetError: the published figures contradict each other beyond the known corrections.
    """
    catalogue = catalogue or sample_catalogue()
    drawing = draw(catalogue, seed)
    # Streams of their own, so that a change of the dirt leaves the forms as they are.
    maker = RecordMaker(np.random.default_rng(seed + 1))
    records = make_records(drawing, maker)
    rows, erasures = Dirt(catalogue, maker, np.random.default_rng(seed + 2)).add(records)
    return Sample(drawing, rows, erasures)


def write(sample: Sample, out: Path) -> list[Path]:
    """Write the sample's files below ``out`` and return them in path order."""
    return write_sample(sample.drawing.catalogue, sample.records, sample.erasures, out)
