"""``python -m synthetic.forms``: draw the sample exports again and write them."""

from __future__ import annotations

import argparse
from pathlib import Path

from synthetic.forms.sample import make_sample, write
from synthetic.sample_folder import replace_sample

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_OUT = ROOT / "data" / "raw" / "insights"
SUMS = ROOT / "programmes" / "sample" / "forms.sha256"


def main() -> None:
    """Write the sample; for the repository's own folder also the checksums by which a run knows the sample."""
    parser = argparse.ArgumentParser(prog="python -m synthetic.forms", description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to (default: %(default)s)")
    out = parser.parse_args().out.resolve()
    sample = make_sample()
    files = replace_sample(out, DEFAULT_OUT, SUMS, lambda folder: write(sample, folder))
    size = sum(path.stat().st_size for path in files) / 1e6
    rows = sum(record.copies for record in sample.records)
    print(f"{len(files)} files with {rows:,} different rows and {size:.1f} MB written to {out}")


if __name__ == "__main__":
    main()
