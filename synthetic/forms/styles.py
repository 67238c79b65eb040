"""How each made-up service exports its forms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The export habits of one service.

    Attributes:
        folder: folder below the raw data folder.
        convention_id: header convention of the catalogue.
        client_id, case_reference: patterns with ``number``.
        submission_id: a pattern with ``number``, or ``uuid``.
        container: ``csv`` or ``xlsx``.
        encoding: text encoding (``utf-8-sig`` writes a byte order mark).
        line_end: line end of records.
        dates, times: ``iso``, ``iso_z``, ``dmy`` (zeros kept), ``dmy_short`` or ``serial``.
        files: ``year``, ``half``, or ``cumulative`` (the second file of a year repeats the first).
        yes, no: how flags are written; an empty ``no`` leaves the test flag blank.
        v1_until: last reporting year exported in the old wording, or None.
        curly: apostrophes are typographic.
        trailing_comma: every row ends with an empty cell.
        second_header: labels stand in a second header row below the codes.
        nbsp: headers contain no-break spaces.
        extra_column: a column that no form has.
    """

    folder: str
    convention_id: str
    client_id: str
    case_reference: str
    submission_id: str
    container: str = "csv"
    encoding: str = "utf-8"
    line_end: str = "\n"
    dates: str = "iso"
    times: str = "iso"
    files: str = "year"
    yes: str = "1"
    no: str = "0"
    v1_until: int | None = None
    curly: bool = False
    trailing_comma: bool = False
    second_header: bool = False
    nbsp: bool = False
    extra_column: str | None = None


STYLES = {
    "Beacon": Style(
        folder="beacon",
        convention_id="code_columns",
        client_id="BEA-{number:06d}",
        case_reference="BEA-C{number:05d}",
        submission_id="uuid",
        files="half",
    ),
    "Fern House": Style(
        folder="fern_house",
        convention_id="text_list",
        client_id="{number:06d}",
        case_reference="FH{number:05d}",
        submission_id="{number}",
        encoding="utf-8-sig",
        line_end="\r\n",
        dates="dmy",
        times="dmy",
        yes="Yes",
        no="No",
        extra_column="Respondent e-mail",
    ),
    "Harbour": Style(
        folder="harbour",
        convention_id="text_columns",
        client_id="H{number:05d}",
        case_reference="HB-{number:05d}",
        submission_id="R_{number}",
        container="xlsx",
        dates="serial",
        times="serial",
        yes="Yes",
        no="",
    ),
    "Kestrel": Style(
        folder="kestrel",
        convention_id="code_list",
        client_id="KES {number:05d}",
        case_reference="KES{number:04d}K",
        submission_id="uuid",
        dates="iso_z",
        times="iso_z",
        yes="true",
        no="false",
    ),
    "Lantern": Style(
        folder="lantern",
        convention_id="text_list",
        client_id="LN/{number:05d}",
        case_reference="LN/C{number:05d}",
        submission_id="{number}",
        encoding="cp1252",
        line_end="\r\n",
        dates="dmy_short",
        times="dmy",
        yes="Y",
        no="N",
        v1_until=2023,
        curly=True,
    ),
    "Meadow Lane": Style(
        folder="meadow_lane",
        convention_id="code_columns",
        client_id="ML{number:04d}",
        case_reference="ML{number:04d}C",
        submission_id="{number}",
        dates="serial",
        times="iso",
        trailing_comma=True,
        second_header=True,
    ),
    "Northgate": Style(
        folder="northgate",
        convention_id="text_columns",
        client_id="N-{number:04d}",
        case_reference="NC-{number:04d}",
        submission_id="NG{number}",
        line_end="\r\n",
        dates="iso",
        times="iso",
        files="cumulative",
        yes="Yes",
        no="No",
        nbsp=True,
    ),
}
