"""Local extracts with repeated rows, rows without an id, and days outside every period that is counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthetic.returns.writers import Row

REPEATED = ("missing_episode", "local_referral", "youth_offence", "police_incident", "school_census_pupil")
# Rows as their extract has them, by its name.
EXTRA_ROWS = {
    "missing_episode": (
        "M900001,9891001,1900-01-01T10:00,,missing,police,1900-01-01,0,,",
        "M900002,9891001,2099-01-01T10:00,,missing,police,2099-01-01,0,,",
        "M900003,9891002,2012-02-05T10:00,2012-02-03T10:00,missing,family,2012-02-05,0,,",
        # two at a time, an interview before the episode
        "M900006,9891002,2012-02-10T10:00,2012-02-14T10:00,missing,family,2012-02-10,0,,",
        "M900007,9891002,2012-02-12T10:00,2012-02-13T10:00,missing,family,2012-02-12,1,2012-02-11,2012-02-11",
        "M900004,,2012-02-05T10:00,2012-02-05T18:00,missing,police,2012-02-05,0,,",
        "M900005,9891003,2012-02-06T09:00,2012-02-06T18:00,runaway,police,2012-02-06,maybe,,",
    ),
    "local_referral": (
        "R900001,9891004,2099-05-05,school",
        "R900002,,2014-06-06,police",
        "R900003,9891005,2014-07-07,scout_group",
    ),
    "youth_offence": (
        "O900001,9891006,1900-01-01,M,2005-01-15,,community",
        "O900004,9891007,1990-01-01,M,2005-02-20,2005-02-01,other",
        "O900002,,1990-01-01,M,2005-02-15,,community",
        "O900003,9891007,1990-01-01,M,31/02/2005,,tagging",
    ),
    "early_help_attendance": (
        "9891008,H1,childrens_centre,2099-01-01",
        ",H1,childrens_centre,2014-01-01",
    ),
    "school_census_pupil": (
        ",2016-01-21,2005-01-01,M,N,",
        "X99,2016-01-21,2005-13-01,M,Z,ABC",
    ),
    "treatment_episode": (
        ",2014-05-01,,other,own,1",
        "T000001,1900-01-01,1900-02-01,other,none,none",
    ),
    "police_person": ("I9999999,P0000001,survivor,F,1980-01-01",),
    "lado_referral": ("L900001,2099-04-04,ongoing",),
    "disabled_team_case": (
        "9891009,2012-05-01,2012-04-01",
        ",2012-05-01,2012-06-01",
    ),
    "young_carer": ("9891010,2012-06-01,2012-05-01,other",),
}


def repeated(rows: list[Row], rng: np.random.Generator, count: int) -> list[Row]:
    """Some rows a second time, further down."""
    made = list(rows)
    for n in sorted(rng.choice(len(rows), count, replace=False).tolist(), reverse=True):
        made.insert(min(n + 7, len(made)), rows[n])
    return made


def extra_rows(columns: Mapping[str, tuple[str, ...]]) -> dict[str, list[Row]]:
    """The extra rows of each extract. Raises ValueError when one has not a cell for each of its columns."""
    made = {name: [tuple(line.split(",")) for line in lines] for name, lines in EXTRA_ROWS.items()}
    for name, table in made.items():
        for number, row in enumerate(table, start=1):
            if len(row) != len(columns[name]):
                raise ValueError(
                    f"Row {number} of {name} in EXTRA_ROWS has {len(row)} cells, and the extract {len(columns[name])} "
                    "columns. Nothing was drawn. Give it a cell for each column."
                )
    return made


def dirty_local(rows: dict[str, list[Row]], columns: Mapping[str, tuple[str, ...]], seed: int) -> dict[str, list[Row]]:
    """The extracts with the extra rows in the middle of each, and some rows of the larger ones twice.

    `columns` are those of each extract. Raises ValueError when an extra row has not a cell for each.
    """
    rng = np.random.default_rng([seed, 83])
    made = {name: list(table) for name, table in rows.items()}
    for name in REPEATED:
        made[name] = repeated(made[name], rng, 4)
    for name, extra in extra_rows(columns).items():
        middle = len(made[name]) // 2
        made[name][middle:middle] = extra
    return made
