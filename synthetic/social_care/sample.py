"""The whole delivery of the synthetic authority."""

from __future__ import annotations

from synthetic.social_care.annex_a import AnnexA
from synthetic.social_care.crude import crude
from synthetic.social_care.life import Life
from synthetic.social_care.model import LA_CODE, YEARS
from synthetic.social_care.reference import comparator_file, population_file
from synthetic.social_care.returns import census_file, ssda903_csv, ssda903_tables
from synthetic.social_care.writers import compress, ssda903_xml

SEED = 20170131
XML_YEAR = 2014  # the looked-after return of this year comes as XML


def make_files(seed: int = SEED) -> dict[str, bytes]:
    """Every file of the delivery by its path below ``data/raw/social_care``."""
    life = Life(seed)
    life.draw()
    files: dict[str, bytes] = {}
    for year in YEARS:
        files[f"{LA_CODE}/{year}/cin_census_{year}.xml.gz"] = compress(census_file(life.children, year))
        tables = ssda903_tables(life.children, [], year, seed, set())
        if year == XML_YEAR:
            files[f"{LA_CODE}/{year}/ssda903_{year}.xml.gz"] = compress(ssda903_xml(tables))
        else:
            for name, content in ssda903_csv(tables).items():
                files[f"{LA_CODE}/{year}/ssda903_{year}_{name}.csv"] = content
    files[f"{LA_CODE}/2017/annex_a_2017-01.xlsx"] = AnnexA(life.children, seed, set()).file()
    for name, content in crude(life).items():
        files[f"{LA_CODE}/local/{name}.csv"] = content
    files[f"{LA_CODE}/local/population.csv"] = population_file()
    files[f"{LA_CODE}/local/comparator.csv"] = comparator_file()
    return files
