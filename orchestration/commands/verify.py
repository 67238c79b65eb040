"""`insights verify`: every file of the release in force and of the raw folder, read again and compared by its hash."""

from __future__ import annotations

from orchestration.commands.text import query
from orchestration.landing.raw_folder import deliveries, shown_name
from orchestration.landing.snapshot import hash_now
from orchestration.progress import many
from orchestration.release.publish import current_release
from orchestration.release.seal import changed_files
from orchestration.settings import Settings
from orchestration.warehouse import look_into_warehouse


def verify_lines(settings: Settings) -> tuple[list[str], bool]:
    """What is not as it was published or landed, and whether everything is.

    Raises OperatorError when nothing has been published, or there is no warehouse.
    """
    release = current_release(settings)
    changed, files = changed_files(release)
    lines = [f"Release  {release.name}: {many(files, 'file')} read, {len(changed)} not as published"]
    lines += [f"         {name}" for name in changed]
    with look_into_warehouse(settings) as con:
        known = {row[0] for row in query(con, "select sha256 from ops.load where sha256 is not null")}
    paths = list(deliveries(settings.raw_dir)) if settings.raw_dir.is_dir() else []
    unknown = [shown_name(path, settings.raw_dir) for path in paths if hash_now(settings.raw_dir, path) not in known]
    lines.append(
        f"Raw      {settings.raw_dir}: {many(len(paths), 'file')} read, {len(unknown)} never landed or refused"
    )
    lines += [f"         {name}" for name in unknown]
    if changed:
        lines.append(
            "Next: do not pass this release on. Move its folder away and keep it until somebody knows who changed it; "
            "then `insights run --force` makes the release again."
        )
    elif unknown:
        lines.append("Next: `insights run` lands what is new.")
    return lines, not (changed or unknown)
