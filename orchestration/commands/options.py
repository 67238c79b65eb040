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
FullRefreshOption = Annotated[
    bool, typer.Option("--full-refresh", help="Stage every landed form again, not only the new ones.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Build and check everything, also where nothing has changed.")
]
ClientOption = Annotated[
    str | None,
    typer.Option(
        "--client", metavar="SERVICE", help="A client of this service; its id is asked for.", show_default=False
    ),
]
ChildOption = Annotated[
    str | None,
    typer.Option(
        "--child",
        metavar="AUTHORITY",
        help="A child in returns of this authority; its id is asked for.",
        show_default=False,
    ),
]
DeliveryOption = Annotated[
    str | None,
    typer.Option("--delivery", metavar="FILE", help="One file that has landed, or its load.", show_default=False),
]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decided it.", show_default=False)]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="WORDS", help="Why.", show_default=False)]
ReviseOption = Annotated[
    int | None,
    typer.Option(
        "--revise",
        metavar="YEAR",
        help="Publish the forms of a public year again, with --by and --reason: a person's decision.",
        show_default=False,
    ),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="CHECK=KEY",
        help="Overrule one judgement of plausibility, after looking at it.",
        show_default=False,
    ),
]

# Of returns.
ValidationOption = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--validation",
        metavar="AUTHORITY YEAR",
        help="Every rule that its records break, with file, row and column; `local` for records without a year.",
        show_default=False,
    ),
]
PlacesOption = Annotated[
    Path | None, typer.Option("--out", help="Write all places as CSV into a new file.", show_default=False)
]

# Of a report.
YearOption = Annotated[
    int | None, typer.Option("--year", help="Reporting year. Default: the last that is over.", show_default=False)
]
ServiceOption = Annotated[
    str | None, typer.Option("--service", help="The edition of one service beside all services.", show_default=False)
]
AreaOption = Annotated[
    str | None, typer.Option("--area", help="The needs assessment of one authority, by its code.", show_default=False)
]
InternalOption = Annotated[
    bool,
    typer.Option("--internal", help="Before disclosure control: small counts are in it, not to be passed on."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder to write to. Default: reports in the home.", show_default=False)
]
PdfOption = Annotated[bool, typer.Option("--pdf/--no-pdf", help="A PDF beside the HTML file.")]


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
