"""The whole delivery of the synthetic authority."""

from __future__ import annotations

from synthetic.returns import missing as missing_module
from synthetic.returns import police as police_module
from synthetic.returns import schools, services
from synthetic.returns.annex_a import AnnexA
from synthetic.returns.dirt.census import dirty_census
from synthetic.returns.dirt.local import dirty_local
from synthetic.returns.dirt.looked_after import dirty_903
from synthetic.returns.factors import add_factors
from synthetic.returns.life.courses import Life
from synthetic.returns.life.draws import FIRST_DAY
from synthetic.returns.missing import Missing
from synthetic.returns.model import LA_CODE, YEARS, year_of
from synthetic.returns.national import TABLES, ssda903_tables
from synthetic.returns.particulars import (
    add_disabilities,
    add_pupil_numbers,
    add_short_breaks,
    add_unaccompanied,
)
from synthetic.returns.police import Police
from synthetic.returns.reference import comparator_file, population_file
from synthetic.returns.services import Services
from synthetic.returns.writers import Row, compress, csv_bytes, ssda903_xml
from synthetic.returns.youth import Youth

SEED = 20170131
XML_YEAR = 2014  # the looked-after return of this year comes as XML
MARKED_YEAR = 2015  # its CSV files have a byte order mark and CRLF
COMPRESS_FROM = 60_000  # bytes

LOCAL_COLUMNS: dict[str, tuple[str, ...]] = {
    **services.COLUMNS,
    "missing_episode": tuple(missing_module.COLUMNS),
    "police_incident": police_module.INCIDENT_COLUMNS,
    "police_person": police_module.PERSON_COLUMNS,
    "school_census_pupil": schools.COLUMNS,
}


def make_files(seed: int = SEED) -> dict[str, bytes]:
    """Every file of the delivery by its path below ``data/raw/social_care``."""
    life = Life(seed)
    youth = Youth(life.people, seed)
    youth.draw_remands()
    for remand in youth.remands:
        if remand.day >= FIRST_DAY:
            life.given.setdefault(year_of(remand.day), []).append((remand.child, *youth.care_of(remand)))
    life.draw()
    youth.draw_custody()
    youth.draw_known(life.children, life.long_plans, life.long_cases)
    youth.fill()
    youth.check()
    add_disabilities(life, seed)
    unaccompanied = add_unaccompanied(life, seed)
    add_short_breaks(life, seed)
    add_pupil_numbers(life, seed)
    around = Services(life, seed)
    around.draw()
    add_factors(life.children, seed)
    missing = Missing(life, seed)
    missing.draw()
    police = Police(seed)
    police.draw()
    local: dict[str, list[Row]] = {
        **around.rows,
        "missing_episode": list(missing.rows()),
        "youth_offence": youth.rows(),
        "police_incident": [tuple(row) for row in police.incidents],
        "police_person": police.people,
        "school_census_pupil": schools.school_rows(life, seed),
    }
    files: dict[str, bytes] = {}
    for year in YEARS:
        files[f"{LA_CODE}/{year}/cin_census_{year}.xml"] = dirty_census(life.children, year, seed)
        tables = dirty_903(ssda903_tables(life.children, missing.episodes, year, seed, unaccompanied), year, seed)
        files |= _looked_after(tables, year)
    files[f"{LA_CODE}/2017/annex_a_2017-01.xlsx"] = AnnexA(life.children, seed, unaccompanied).file()
    for name, rows in dirty_local(local, LOCAL_COLUMNS, seed).items():
        files[f"{LA_CODE}/local/{name}.csv"] = csv_bytes(LOCAL_COLUMNS[name], rows)
    files[f"{LA_CODE}/local/population.csv"] = population_file()
    files[f"{LA_CODE}/local/comparator.csv"] = comparator_file()
    return {
        f"{path}.gz" if len(content) > COMPRESS_FROM and not path.endswith(".xlsx") else path: (
            compress(content) if len(content) > COMPRESS_FROM and not path.endswith(".xlsx") else content
        )
        for path, content in files.items()
    }


def _looked_after(tables: dict[str, list[Row]], year: int) -> dict[str, bytes]:
    """The looked-after return of one year."""
    if year == XML_YEAR:
        return {f"{LA_CODE}/{year}/ssda903_{year}.xml": ssda903_xml(tables)}
    files = {}
    for name, rows in tables.items():
        columns: list[str] = list(TABLES[name])
        if year == YEARS[0] and name == "missing":  # a column left behind by somebody's test
            columns, rows = [*columns, "TEST"], [(*row, "x") for row in rows]
        marked = year == MARKED_YEAR
        encoding, line_end = ("utf-8-sig", "\r\n") if marked else ("utf-8", "\n")
        files[f"{LA_CODE}/{year}/ssda903_{year}_{name}.csv"] = csv_bytes(columns, rows, line_end, encoding)
    return files
