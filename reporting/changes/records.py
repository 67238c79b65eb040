"""What two runs say of themselves: the files they read, the results of their checks, the versions of their code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reporting.changes.difference import CheckChange, FileChange
from reporting.changes.two_releases import TwoReleases


def file_changes(two: TwoReleases) -> tuple[FileChange, ...]:
    """Files that one release knows and the other does not, by name."""
    before, now = _files(two, "before"), _files(two, "now")
    came = {file: value for (file, digest), value in now.items() if (file, digest) not in before}
    went = {file: value for (file, digest), value in before.items() if (file, digest) not in now}
    earlier = {file: value for (file, _), value in before.items()}
    found = []
    for file in sorted(came.keys() | went.keys()):
        if file in came:
            kind = "changed" if file in earlier else "added"
            found.append(FileChange(file, kind, came[file][0], earlier.get(file, ("", None))[1], came[file][1]))
        else:
            found.append(FileChange(file, "removed", went[file][0], went[file][1], None))
    return tuple(found)


def _files(two: TwoReleases, side: str) -> dict[tuple[str, str], tuple[str, int | None]]:
    """Status and rows of each file of a release, by its name and hash."""
    if ("ops", "load") not in two.columns[side]:
        return {}
    rows = two.con.execute(
        f"select source_file, sha256, status, rows_landed from {side}.ops.load order by all"
    ).fetchall()
    return {(file, digest): (status, landed) for file, digest, status, landed in rows}


def check_changes(two: TwoReleases) -> tuple[CheckChange, ...]:
    """Checks with another number of failing rows, and those that came or went, by name."""
    if not two.both_have(("ops", "check_result")):
        return ()
    counted = (
        "select suite, check_id, coalesce(table_name, ''), sum(coalesce(unexpected_count, (not success)::int)) "
        "from {}.ops.check_result group by all"
    )
    before, now = (
        {(suite, check, table): int(count) for suite, check, table, count in rows}
        for rows in (two.con.execute(counted.format(side)).fetchall() for side in ("before", "now"))
    )
    return tuple(
        CheckChange(f"{name[0]} / {name[1]}", name[2], before.get(name), now.get(name))
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    )


def code_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Name, version before and version now of the code, Python and the packages that two manifests name differently."""
    before, now = (
        {"code": manifest.get("code_version"), "python": manifest.get("python"), **manifest.get("packages", {})}
        for manifest in (old, new)
    )
    return tuple(
        (name, str(before.get(name) or "unknown"), str(now.get(name) or "unknown"))
        for name in [*now, *sorted(before.keys() - now.keys())]
        if before.get(name) != now.get(name)
    )
