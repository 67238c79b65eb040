"""Which of several versions of a submission is later where their times do not say: settled by arrival, or left open.

A version that came in a later run than all others is later. That is written down as a decision the moment it is seen,
so that a home made anew from the files need not know when they came. Versions of which nothing says which is later are
open: all of them are set aside until an operator decides (`insights decide`).

`ops.later_version` holds what all decisions together say of two contents, of contradictory ones the last.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.decisions import ARRIVAL, LATER_VERSION, OPERATOR, Decision, append_decisions, load_decisions, now
from orchestration.settings import Settings
from orchestration.warehouse import exists, open_warehouse

_VERSIONS = "intermediate.int_form_version"

# Of two contents the last decision that names both holds; a decision says that one content is later than some others.
_LATER = f"""
select form_id, subject_key, later_hash, earlier_hash from (
    select form_id, subject_key, decided as later_hash, unnest(over) as earlier_hash, line
    from ops.decision where kind = '{LATER_VERSION}'
)
where later_hash <> earlier_hash
qualify row_number() over (
    partition by form_id, subject_key, least(later_hash, earlier_hash), greatest(later_hash, earlier_hash)
    order by line desc
) = 1
"""

# The contents of a submission among its latest versions, where there are several, and the run that each came in last.
# Runs follow one another, so their first loads say in which order.
_CONTENTS = f"""
run_of_load as (
    select load_seq, min(load_seq) over (partition by run_id) as arrival from ops.load where status = 'landed'
),
content as (
    select form_id, submission_key, number_key, content_hash, max(arrival) as arrival
    from {_VERSIONS} inner join run_of_load using (load_seq)
    where is_latest and is_contested
    group by all
)
"""

# What an operator chose and no form says any more (forms were read again by other rules) is not overruled by arrival.
_BY_ARRIVAL = f"""
with {_CONTENTS},
spoken as (
    select form_id, subject_key from ops.decision
    where kind = '{LATER_VERSION}' and decided_by = '{OPERATOR}'
    and decided not in (select content_hash from intermediate.int_form_landed where content_hash is not null)
),
last_content as (
    select * from content
    qualify arrival = max(arrival) over (partition by form_id, submission_key)
    and count(*) over (partition by form_id, submission_key, arrival) = 1
)
select later.form_id, later.number_key, later.content_hash, list(earlier.content_hash order by earlier.content_hash)
from last_content as later
inner join content as earlier
    on later.form_id = earlier.form_id and later.submission_key = earlier.submission_key
    and later.arrival > earlier.arrival
left join ops.later_version as decided
    on later.form_id = decided.form_id and later.number_key = decided.submission_key
    and least(later.content_hash, earlier.content_hash) = least(decided.later_hash, decided.earlier_hash)
    and greatest(later.content_hash, earlier.content_hash) = greatest(decided.later_hash, decided.earlier_hash)
left join spoken on later.form_id = spoken.form_id and later.number_key = spoken.subject_key
where decided.form_id is null and spoken.form_id is null
group by all
order by all
"""

_OPEN = f"""
with {_CONTENTS},
beaten as (
    select earlier.form_id, earlier.submission_key, earlier.content_hash
    from content as earlier
    inner join content as later
        on earlier.form_id = later.form_id and earlier.submission_key = later.submission_key
    semi join ops.later_version as decided
        on earlier.form_id = decided.form_id and earlier.number_key = decided.submission_key
        and later.content_hash = decided.later_hash and earlier.content_hash = decided.earlier_hash
)
select form_id, submission_key from content anti join beaten using (form_id, submission_key, content_hash)
group by all having count(*) > 1
union
select form_id, submission_key from content group by all having count(*) = count(*) filter (
    (form_id, submission_key, content_hash) in (select (form_id, submission_key, content_hash) from beaten)
)
"""


@dataclass(frozen=True)
class Settled:
    """How many submissions this run settled by arrival, and how many are open."""

    by_arrival: int
    are_open: int


@dataclass(frozen=True)
class Version:
    """One content of a submission, and where it stands: pairs of file and row."""

    content_hash: str
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Contested:
    """A submission whose times do not say which version is later; `is_open` where no decision says it either."""

    form_id: str
    submission_key: str
    number_key: str
    is_open: bool
    versions: tuple[Version, ...]


def settle_versions(settings: Settings, run_id: str) -> Settled:
    """Write down what arrival decides, and `ops.later_version` anew from all decisions.

    Raises OperatorError when the file of decisions is damaged or cannot be written.
    """
    with open_warehouse(settings) as con:
        load_decisions(con, settings)
        _write_later(con)
        found = con.execute(_BY_ARRIVAL).fetchall()
        if found:
            at = now()
            append_decisions(
                settings,
                [
                    Decision(LATER_VERSION, key, later, ARRIVAL, at, run_id, form_id, tuple(earlier))
                    for form_id, key, later, earlier in found
                ],
            )
            load_decisions(con, settings)
            _write_later(con)
        return Settled(len(found), len(con.execute(_OPEN).fetchall()))


def contested_submissions(con: duckdb.DuckDBPyConnection) -> list[Contested]:
    """What the times of their versions leave open, as the last run found it; nothing in a home that never asked."""
    if not exists(con, "ops", "later_version") or not exists(con, "intermediate", "int_form_version"):
        return []
    rows = con.execute(
        "select version.form_id, version.submission_key, version.number_key, waiting.form_id is not null, "
        "version.content_hash, list((load.source_file, version.source_row) order by load.source_file, "
        f"version.source_row) from {_VERSIONS} as version "
        f"left join ({_OPEN}) as waiting using (form_id, submission_key) "
        "left join ops.load as load on version.load_seq = load.load_seq and load.status = 'landed' "
        "where version.is_latest and version.is_contested group by all order by all"
    ).fetchall()
    found: dict[tuple[str, str, str, bool], list[Version]] = {}
    for *which, content_hash, places in rows:
        found.setdefault((*which,), []).append(Version(content_hash, tuple(places)))
    return [Contested(*which, tuple(versions)) for which, versions in found.items()]


def _write_later(con: duckdb.DuckDBPyConnection) -> None:
    con.begin()
    con.execute("delete from ops.later_version")
    con.execute(f"insert into ops.later_version {_LATER}")
    con.commit()
