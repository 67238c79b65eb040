"""The command line `insights`.

Whatever goes wrong comes out as a sentence: exit code 1 for something to put right, 2 for a command that was not
understood; 3 where a run published and some files stayed out, or not all of them was understood.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from catalogue.programme import read_programme
from orchestration.commands.options import (
    AcceptOption,
    AreaOption,
    ByOption,
    ChildOption,
    ClientOption,
    DeliveryOption,
    ForceOption,
    FullRefreshOption,
    HomeOption,
    InternalOption,
    OutOption,
    PdfOption,
    PlacesOption,
    ProgrammeOption,
    RawOption,
    ReasonOption,
    ReviseOption,
    ServiceOption,
    ValidationOption,
    YearOption,
    settings_of,
)
from orchestration.errors import TOLD_AS_THEY_ARE, OperatorError
from orchestration.progress import telling
from orchestration.settings import programme_folder

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="From children's Insights form exports to checked, traceable indicator tables.",
)


@app.command()
def run(
    raw: RawOption = None,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
    full_refresh: FullRefreshOption = False,
    force: ForceOption = False,
    accept: AcceptOption = None,
    revise: ReviseOption = None,
    by: ByOption = None,
    reason: ReasonOption = None,
) -> None:
    """Land what is new, check it, build every table, check again, publish."""
    from orchestration.commands.summary import run_and_tell
    from orchestration.release.revision import revision_of_words

    revision = revision_of_words(revise, by, reason)
    how = {"full_refresh": full_refresh, "force": force}
    settings = settings_of(home, raw, programme)
    if code := run_and_tell(settings, typer.echo, **how, accepted=accept or [], revision=revision):
        raise typer.Exit(code)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, outside the engine's.")],
    name: Annotated[str | None, typer.Option(help="Name as the reports print it.", show_default=False)] = None,
    forms: Annotated[bool, typer.Option("--forms/--no-forms", help="Whether it reports on forms of services.")] = True,
    returns: Annotated[
        bool, typer.Option("--returns/--no-returns", help="Whether it reports on returns of authorities.")
    ] = False,
) -> None:
    """Make a programme of one's own: the folder that says who reports on what."""
    from orchestration.commands.programme import init_programme

    themes = (*(("forms",) if forms else ()), *(("returns",) if returns else ()))
    if not themes:
        raise OperatorError("A programme reports on forms, on returns, or on both. Nothing was done.")
    for line in init_programme(folder, name, themes):
        typer.echo(line)


@app.command()
def catalogue(
    table: Annotated[str | None, typer.Argument(help="One table of it.", show_default=False)] = None,
    find: Annotated[str | None, typer.Option(help="Every row in which a word stands.", show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="Say whether engine and programme fit together.")] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write it as CSV files into a new folder.", show_default=False)
    ] = None,
    programme: ProgrammeOption = None,
) -> None:
    """What is asked and returned, the engine's and the programme's: listed, searched, checked, written out."""
    from orchestration.commands.programme import catalogue_lines, check_catalogue, export_catalogue

    # No home and no raw folder: a programme may leave both to the command that runs it.
    own = read_programme(programme_folder(programme))
    if check:
        lines = check_catalogue(own)
    elif export is not None:
        lines = export_catalogue(own, export)
    else:
        lines = catalogue_lines(own, table, find)
    for line in lines:
        typer.echo(line)


@app.command(name="try")
def try_(
    files: Annotated[list[Path], typer.Argument(help="Files as they would be delivered.")],
    programme: ProgrammeOption = None,
) -> None:
    """What would become of files, before they land. Keeps nothing."""
    from orchestration.landing.trial import try_files

    for line in try_files(settings_of(None, None, programme), files):
        typer.echo(line)


@app.command()
def status(home: HomeOption = None, raw: RawOption = None, programme: ProgrammeOption = None) -> None:
    """The release in force, the last run, what has landed."""
    from orchestration.commands.status import status_lines

    for line in status_lines(settings_of(home, raw, programme)):
        typer.echo(line)


@app.command()
def loads(
    home: HomeOption = None,
    programme: ProgrammeOption = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only the files that were refused.")] = False,
) -> None:
    """Every file that was landed or refused, with the reason."""
    from orchestration.commands.lists import load_lines
    from orchestration.warehouse import look_into_warehouse

    with look_into_warehouse(settings_of(home, None, programme)) as con:
        for line in load_lines(con, "refused" if refused else None):
            typer.echo(line)


@app.command()
def check(
    home: HomeOption = None,
    programme: ProgrammeOption = None,
    show_all: Annotated[bool, typer.Option("--all", help="Those that hold as well.")] = False,
) -> None:
    """The checks of the last run: which did not hold, how often, and what follows."""
    from orchestration.commands.lists import check_lines
    from orchestration.warehouse import look_into_warehouse

    with look_into_warehouse(settings_of(home, None, programme)) as con:
        for line in check_lines(con, show_all):
            typer.echo(line)


@app.command()
def services(
    home: HomeOption = None,
    raw: RawOption = None,
    programme: ProgrammeOption = None,
    declare: Annotated[
        bool, typer.Option("--declare", help="Show those that nobody has declared, and ask. On a terminal only.")
    ] = False,
) -> None:
    """The declared services with their forms, and those not declared, by short code."""
    from orchestration.commands.services import declare as ask_for_services
    from orchestration.commands.services import service_lines

    settings = settings_of(home, raw, programme)
    if declare:
        ask_for_services(settings, input, typer.echo)
        return
    for line in service_lines(settings):
        typer.echo(line)


@app.command()
def returns(
    validation: ValidationOption = None,
    out: PlacesOption = None,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """What has landed of each authority and year, and the rules it breaks."""
    from catalogue.returns import load_returns
    from orchestration.commands.returns import returns_lines, validation_lines

    settings = settings_of(home, None, programme)
    if validation is not None:
        lines = validation_lines(settings, load_returns(), *validation, out)
    elif out is not None:
        raise OperatorError("--out goes with --validation AUTHORITY YEAR. Nothing was written.")
    else:
        lines = returns_lines(settings, load_returns())
    for line in lines:
        typer.echo(line)


@app.command()
def forget(
    client: ClientOption = None,
    child: ChildOption = None,
    delivery: DeliveryOption = None,
    by: ByOption = None,
    reason: ReasonOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    raw: RawOption = None,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """Somebody, or a file, whose data go and stay gone; without a name, what has been forgotten.

    The id is typed when asked for, or read from the standard input. Then everything is built and published anew.
    """
    from orchestration.commands.forget import Asking, forget_and_run, forgotten_lines

    settings = settings_of(home, raw, programme)
    if client is None and child is None and delivery is None:
        for line in forgotten_lines(settings):
            typer.echo(line)
        return
    whom = {"client": client, "child": child, "delivery": delivery}
    code = forget_and_run(settings, whom, Asking.here(), typer.echo, by=by, reason=reason, is_sure=yes)
    if code:
        raise typer.Exit(code)


@app.command(hidden=True)
def erasure(home: HomeOption = None, raw: RawOption = None, programme: ProgrammeOption = None) -> None:
    """What `insights forget` does now."""
    raise OperatorError("`insights erasure` is `insights forget` now, which also forgets somebody. Nothing was done.")


@app.command()
def decide(
    decision: Annotated[str | None, typer.Argument(help="Its id, as the list shows it.", show_default=False)] = None,
    option: Annotated[str | None, typer.Argument(help="One of its options.", show_default=False)] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Those that were decided as well.")] = False,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """What nothing in the files decides: listed, or decided by id and option and written down."""
    from orchestration.commands.decide import decide_lines

    for line in decide_lines(settings_of(home, None, programme), decision, option, show_all=show_all):
        typer.echo(line)


@app.command()
def explain(
    indicator: Annotated[str, typer.Argument(help="The indicator, such as key_findings (marts.indicator lists them).")],
    period: Annotated[
        int | None,
        typer.Option(
            help="Reporting year, called by the year in which it ends. Default: the last that is over.",
            show_default=False,
        ),
    ] = None,
    row: Annotated[str | None, typer.Option(help="Row label, part of it, or its number.", show_default=False)] = None,
    column: Annotated[str | None, typer.Option(help="Column label, or part of it.", show_default=False)] = None,
    service: Annotated[
        str | None, typer.Option(help="One service (default: all together) or authority.", show_default=False)
    ] = None,
    point: Annotated[
        str | None,
        typer.Option(help="intake, exit or review, in tables that compare them.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many forms to list; 0 lists all.", min=0)] = 20,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """A number of the release in force, back to the files and rows it was counted from."""
    from orchestration.commands.explain import Question, explain_lines, open_database
    from orchestration.release.publish import current_release

    with open_database(current_release(settings_of(home, None, programme))) as con:
        for line in explain_lines(con, Question(indicator, period, row, column, service, point), limit):
            typer.echo(line)


@app.command()
def report(
    year: YearOption = None,
    service: ServiceOption = None,
    area: AreaOption = None,
    internal: InternalOption = False,
    out: OutOption = None,
    pdf: PdfOption = True,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """The report of the release in force, one edition: of a year, of a service or of an area."""
    from orchestration.commands.report import report_lines

    settings = settings_of(home, None, programme)
    for line in report_lines(
        settings, out or settings.reports_path, year=year, service=service, area=area, internal=internal, pdf=pdf
    ):
        typer.echo(line)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The earlier release, such as r-0123456789ab.")],
    new: Annotated[str, typer.Argument(help="The later release.")] = "current",
    limit: Annotated[int, typer.Option(help="How many changed figures to list; 0 lists all.", min=0)] = 20,
    home: HomeOption = None,
    programme: ProgrammeOption = None,
) -> None:
    """What changed between two releases: files, rows, figures, definitions."""
    from reporting.changes.comparison import diff_lines

    for line in diff_lines(settings_of(home, None, programme).published_path, old, new, limit):
        typer.echo(line)


@app.command()
def ui(
    home: HomeOption = None,
    raw: RawOption = None,
    programme: ProgrammeOption = None,
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 3000,
    unattended: Annotated[
        bool,
        typer.Option("--unattended", help="Also start runs: every morning, and when the raw folder changes."),
    ] = False,
) -> None:
    """The web page of runs, checks and lineage, on this machine only."""
    from orchestration.commands.ui import serve

    settings = settings_of(home, raw, programme)
    typer.echo(f"http://127.0.0.1:{port} shows the runs of {settings.home}. Ctrl-C stops it.")
    with telling(typer.echo):
        serve(settings, port, unattended=unattended)


@app.command()
def verify(home: HomeOption = None, raw: RawOption = None, programme: ProgrammeOption = None) -> None:
    """Every file of the release in force and of the raw folder, read again and compared by its hash."""
    from orchestration.commands.verify import verify_lines

    lines, is_right = verify_lines(settings_of(home, raw, programme))
    for line in lines:
        typer.echo(line)
    if not is_right:
        raise typer.Exit(1)


@app.command()
def parse() -> None:
    """Let dbt read its project again. A run and `ui` do it by themselves; `dg` and other tools need it done."""
    from orchestration.transform.project import manifest_path
    from orchestration.transform.project import parse as parse_project

    parse_project()
    typer.echo(manifest_path())


def main() -> None:
    """Entry point: every error a sentence, never a traceback."""
    try:
        app()
    except TOLD_AS_THEY_ARE as error:
        _fail(str(error))
    except Exception as error:
        if re.search(r"disk is full|No space left on device|disk I/O error", str(error)):
            _fail(
                "The disk that the home lies on is full, or it fails. Nothing was published; the last release stays in "
                "place. Make room and run again."
            )
        # The message may quote a value of a row, so only its kind is shown.
        _fail(
            f"The program met something it does not know how to handle ({type(error).__name__}). "
            "The last release stays in place. Run again; if it happens again, report this line."
        )


def _fail(sentence: str) -> None:
    typer.echo(f"insights: {sentence}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
