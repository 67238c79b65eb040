"""Finding a release in the folder of releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.changes.releases import find_release, release_names
from reporting.errors import ReportError
from tests.support.small_releases import release


def test_releases_are_found_by_name_by_its_beginning_and_as_current(tmp_path: Path) -> None:
    one, other = release(tmp_path, "r-aaa1"), release(tmp_path, "r-aab2")
    (tmp_path / "current").symlink_to("r-aab2")
    (tmp_path / ".building-7").mkdir()
    assert release_names(tmp_path) == ["r-aaa1", "r-aab2"]
    assert find_release(tmp_path, "r-aaa1") == one
    assert find_release(tmp_path, "r-aab") == other
    assert find_release(tmp_path, "current") == other
    with pytest.raises(ReportError, match=r"2 releases begin with 'r-aa'.*r-aaa1, r-aab2"):
        find_release(tmp_path, "r-aa")
    for unknown in ("r-x", "", "../r-aaa1"):
        with pytest.raises(ReportError, match=r"There is no release .* Nothing was compared. It has r-aaa1, r-aab2"):
            find_release(tmp_path, unknown)
