"""Which code and catalogue made something: a hash over their files and over what is installed."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from pathlib import Path

from orchestration.settings import PROJECT_ROOT
from orchestration.transform.project import DBT_PROJECT_DIR

_FOLDERS = ("catalogue", "disclosure", "expectations", "orchestration", "reporting")
_NOT_CODE = {"target", "logs", "__pycache__"}


def code_fingerprint(project_dir: Path = DBT_PROJECT_DIR) -> str:
    """SHA-256 over every file of the code, of the dbt project with its seeds, and over the names of the packages."""
    digest = hashlib.sha256()
    for folder in [*(PROJECT_ROOT / name for name in _FOLDERS), project_dir]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _NOT_CODE.intersection(path.relative_to(folder).parts):
                digest.update(f"{path.relative_to(folder.parent).as_posix()}\x1f".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    installed = sorted(path.name for path in Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info"))
    for part in (sys.version, *installed):
        digest.update(f"{part}\x1e".encode())
    return digest.hexdigest()
