"""``python -m synthetic.returns``: draw the returns of the synthetic authority again and write them."""

from __future__ import annotations

import argparse
from pathlib import Path

from synthetic.returns.sample import make_files
from synthetic.returns.writers import write_files
from synthetic.sample_folder import replace_sample

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_OUT = ROOT / "data" / "raw" / "social_care"
SUMS = ROOT / "programmes" / "sample" / "returns.sha256"


def main() -> None:
    """Write the sample; for the repository's own folder also the checksums by which a run knows it."""
    parser = argparse.ArgumentParser(prog="python -m synthetic.returns", description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to (default: %(default)s)")
    out = parser.parse_args().out.resolve()
    files = make_files()
    written = replace_sample(out, DEFAULT_OUT, SUMS, lambda folder: write_files(files, folder))
    print(f"{len(written)} files with {sum(path.stat().st_size for path in written) / 1e6:.1f} MB written to {out}")


if __name__ == "__main__":
    main()
