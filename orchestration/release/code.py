"""Which code and catalogue made something: a hash over their files and over what is installed."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from pathlib import Path

from catalogue.assembly import made_from
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.transform.project import DBT_PROJECT_DIR

_FOLDERS = ("catalogue", "disclosure", "expectations", "orchestration", "reporting")


def code_fingerprint(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> str:
    """SHA-256 over every file of the code and the dbt project, the catalogue as written, the names of the packages."""
    digest = hashlib.sha256()
    for folder in [*(PROJECT_ROOT / name for name in _FOLDERS), project_dir]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _is_made(path.relative_to(folder).parts):
                digest.update(f"{path.relative_to(folder.parent).as_posix()}\x1f".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(made_from(settings.catalogue_path).encode())
    installed = sorted(path.name for path in Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info"))
    for part in (sys.version, *installed):
        digest.update(f"{part}\x1e".encode())
    return digest.hexdigest()


def _is_made(parts: tuple[str, ...]) -> bool:
    """Whether a file was made by Python, or by dbt in the two folders of its own at the top of the project."""
    return "__pycache__" in parts or parts[0] in {"target", "logs"}
