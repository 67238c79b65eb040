"""The options that most commands share, and the settings that follow from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.permissions import make_private
from orchestration.settings import PROJECT_ROOT, Settings

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder of warehouse, releases and run records. Default: the programme's.",
        show_default=False,
    ),
]
RawOption = Annotated[
    Path | None, typer.Option("--raw", help="Folder of the exports. Default: the programme's.", show_default=False)
]
ProgrammeOption = Annotated[
    Path | None,
    typer.Option(
        "--programme",
        help="Folder of the programme. Default: INSIGHTS_PROGRAMME, else the sample.",
        show_default=False,
    ),
]


def settings_of(home: Path | None, raw: Path | None = None, programme: Path | None = None) -> Settings:
    """The settings asked for; from here on whatever the command writes is for its user only.

    A word on the screen where the home of an earlier version goes on being used.
    """
    make_private()
    settings = Settings.from_environment(home=home, raw=raw, programme=programme)
    if home is None and settings.home == PROJECT_ROOT:
        typer.echo(
            f"insights: This home lies where it did before version 0.2.0, in {PROJECT_ROOT}. It goes on working; to "
            "move it, run `mkdir home && mv warehouse published dagster home/` there when no run is going.",
            err=True,
        )
    return settings
