"""Where things lie in the repository, for tests that read its files."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from catalogue.assembly import write_catalogue
from catalogue.programme import SAMPLE, read_programme

ROOT = Path(__file__).resolve().parents[2]
DBT_PROJECT = ROOT / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"


@cache
def sample_seeds() -> Path:
    """The catalogue of the sample programme, as a run would write it; removed when the tests are over."""
    folder = Path(tempfile.mkdtemp(prefix="insights-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_catalogue(read_programme(SAMPLE), folder / "catalogue")
    return folder / "catalogue" / "seeds"


def python_files() -> list[Path]:
    """Every Python file of the repository; not what an environment or a run has put beside it."""
    folders = sorted(path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [path for folder in folders if folder.name != "home" for path in sorted(folder.rglob("*.py"))]
