"""A small release of a programme: tables made by hand, with every document, page and file that readers get of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from reporting.documentation.site import difference_before, write_site
from reporting.figures import Figures, Mode
from reporting.open_data.writing import write_open_data
from reporting.outputs import build_document, main_page, planned_documents, write_document, write_list_of_reports
from reporting.release_files import DATABASE, DOCUMENTATION, INTERNAL, MANIFEST, OPEN_DATA, PUBLIC, REPORT
from tests.support import report_figures, returns_release
from tests.support.open_data_release import care

SETTINGS: Mapping[str, object] = {
    "programme_id": "elm", "programme_name": "Elm Valley <network>", "publisher": "Elm & Ash Trust",
    "contact": "data@elm.example", "next_release": "May 2027", "has_forms": True, "has_returns": False,
    "forms_publication": None, "returns_publication": None,
}  # fmt: skip
# What pages about data read besides the figures, each made only where a release has none.
_LISTS = (
    "marts.indicator_cell(indicator_id text, point text, row_order int, column_order int)",
    "marts.dim_question(question_id text, question_label text)",
    "marts.reconciliation(year integer, table_id text, status text)",
    "marts.reconciliation_social_care(indicator_id text, status text)",
    "reference.social_care_indicator_line(indicator_id text, line_order integer)",
    "reference.social_care_measure(measure_id text)",
    "reference.published_anomaly(table_id text, year int, kind text, published text, recomputed text, "
    "explanation text)",
    "reference.social_care_anomaly(indicator_id text, period text, kind text, published text, recomputed text, "
    "explanation text)",
    "marts.dim_service(service_code text, service_name text)",
    "reference.reporting_year(reporting_year int, starts_on date)",
    "reference.breakdown(breakdown text, breakdown_order int, breakdown_label text)",
    "reference.authority(la_code text, area_code text, area_name text)",
)
_ADDED = {
    "marts.indicator": {"has_breakdowns": "boolean", "cells": "bigint", "record_source": "text", "time_basis": "text"},
    "marts.dim_population": {"counts": "text", "opening_question": "text", "opening_answers": "text"},
    "reference.social_care_indicator_line": {
        **dict.fromkeys(("statistic", "time_kind", "numerator_measure", "denominator_measure"), "text"),
        **{"breakdown": "text", "shown_value": "text", "multiplier": "int", "windows": "text"},
    },
}


def put_programme(database: Path, texts: Sequence[tuple[str, str]] = (), **changes: object) -> Path:
    """Say in a release whose it is; `texts` are theme and paragraph, in order."""
    settings = {**SETTINGS, **changes}
    with duckdb.connect(str(database)) as con:
        columns = ", ".join(f"{name} {'boolean' if name.startswith('has_') else 'text'}" for name in settings)
        con.execute(f"create table reference.programme({columns})")
        con.execute(
            f"insert into reference.programme values ({', '.join('?' * len(settings))})", list(settings.values())
        )
        con.execute("create table reference.programme_text(theme text, paragraph_no integer, text text)")
        for number, (theme, text) in enumerate(texts, start=1):
            con.execute("insert into reference.programme_text values (?, ?, ?)", [theme, number, text])
    return database


def write_programme_release(root: Path, *, texts: Sequence[tuple[str, str]] = (), **changes: object) -> Path:
    """A release folder of one programme: of forms with two services, or of returns with one authority."""
    release = root / "r-elm"
    internal, public = release / INTERNAL, release / PUBLIC
    for side in (internal, public):
        (side / REPORT).mkdir(parents=True)
    database = internal / DATABASE
    if {**SETTINGS, **changes}["has_forms"]:
        one = report_figures.figure()
        # Returns that came all the same: nothing of a theme that the programme has not gets into what readers get.
        foreign = care(geography_code="123", row_label="Referrals in Elmshire")
        report_figures.write_report_release(database, [one, foreign], [one, foreign])
        with duckdb.connect(str(database)) as con:
            con.execute(
                "update marts.dim_service set service_code = 'elm', service_name = 'Elm House' "
                "where service_code = 'BEACON'"
            )
            con.execute("insert into marts.dim_authority values ('123', 'Elmshire')")
            con.execute(
                "insert into marts.indicator by name select 'social_care' as theme, 'referral_rate' as indicator_id, "
                "1 as indicator_order, 'referrals' as section, 'Rate of referrals in Elmshire' as title"
            )
    else:
        returns_release.release(database, returns_release.sample())
    put_programme(database, texts, **changes)
    _put_lists(database)
    (internal / MANIFEST).write_text(json.dumps({"release": release.name}), encoding="utf-8")
    sides: tuple[tuple[Mode, Path], ...] = (("internal", internal), ("public", public))
    difference, note = difference_before(root, release, {"nodes": {}, "sources": {}})
    for mode, side in sides:
        with Figures(database, mode) as figures:
            planned = planned_documents(figures)
            for one_planned in planned:
                write_document(build_document(figures, one_planned, release=release.name), side / REPORT)
            write_list_of_reports(mode, planned, side / REPORT, release.name, figures.programme)
        write_site(
            database,
            side / DOCUMENTATION,
            mode,
            manifest={"release": release.name},
            graph={"nodes": {}, "sources": {}},
            difference=difference,
            without_difference=note,
            report_page=main_page(planned, figures.programme),
        )
    write_open_data(database, public / OPEN_DATA)
    return release


def _put_lists(database: Path) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("create schema if not exists ops")
        for table in _LISTS:
            con.execute(f"create table if not exists {table}")
        con.execute("create table if not exists marts.dim_population(population_id text, population_label text)")
        for table, columns in _ADDED.items():
            for column, kind in columns.items():
                con.execute(f"alter table {table} add column if not exists {column} {kind}")
        con.execute("update marts.indicator set has_breakdowns = false, cells = 1")
        con.execute("update reference.social_care_indicator_line set breakdown = 'total'")
