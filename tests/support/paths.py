"""Where things lie in the repository, for tests that read its files."""

import shutil
from pathlib import Path

from synthetic.sample_catalogue import sample_catalogue

ROOT = Path(__file__).resolve().parents[2]
DBT_PROJECT = ROOT / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"


def sample_seeds() -> Path:
    """The catalogue of the sample programme, as a run would write it; removed when the tests are over."""
    return sample_catalogue().seeds_dir.parent


def returns_seeds_in(folder: Path) -> Path:
    """A copy of the engine's seeds in a folder that is not there yet: the place of those of the returns."""
    return Path(shutil.copytree(SEEDS, folder)) / "returns"


def python_files() -> list[Path]:
    """Every Python file of the repository; not what an environment or a run has put beside it."""
    folders = sorted(path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [path for folder in folders if folder.name != "home" for path in sorted(folder.rglob("*.py"))]
