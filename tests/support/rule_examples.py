"""The examples of the rules of the returns, as they stand in the heads of their files, as raw records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from catalogue.returns import ReturnCatalogue, load_returns

# What a record says where its example does not. A field that is "" is left blank, `year` is that of the collection,
# `in` the kind of record it lies in, if not the one it usually does, `delivery` what became of the one it came in.
USUAL: dict[str, dict[str, str]] = {
    "cin_child": {"birth_month": "2008-03", "sex": "1", "ethnicity": "WBRI"},
    "cin_disability": {"disability": "LD"},
    "cin_referral": {
        "referral_date": "2015-06-01",
        "referral_source": "1A",
        "primary_need": "N1",
        "is_no_further_action": "0",
    },
    "cin_assessment": {"start_date": "2015-06-02"},
    "cin_assessment_factor": {"factor": "3B"},
    "cin_plan": {"start_date": "2015-07-01"},
    "cin_section47": {"start_date": "2015-07-01"},
    "cin_protection_plan": {
        "start_date": "2015-07-01",
        "initial_category": "NEG",
        "latest_category": "NEG",
        "previous_plans": "0",
    },
    "cin_plan_review": {"review_date": "2015-09-01"},
    "s903_header": {"birth_month": "2008-03", "sex": "1", "ethnicity": "WBRI"},
    "s903_episode": {
        "start_date": "2015-06-01",
        "reason_new_episode": "S",
        "legal_status": "C2",
        "category_of_need": "N1",
        "placement_type": "U6",
        "placement_provider": "PR1",
        "home_postcode_sector": "AB1 2",
        "placement_postcode_sector": "AB1 3",
    },
    "s903_missing": {"missing_type": "M", "start_date": "2015-06-02"},
    "missing_episode": {"episode_key": "first", "started_at": "2015-06-01T10:00", "ended_at": "2015-06-02T10:00"},
    "disabled_team_case": {"open_date": "2015-07-01"},
    "youth_offence": {"offence_key": "first", "offence_date": "2015-06-01"},
    "treatment_episode": {"client_key": "client", "start_date": "2015-07-01"},
    "family_support_allocation": {"allocated_on": "2015-07-01"},
    "young_carer": {"start_date": "2015-07-01"},
    "police_incident": {"incident_key": "first", "incident_date": "2015-06-01"},
    "police_person": {"incident_key": "first", "person_key": "person", "role": "child"},
}
YEAR = 2016
_YEARLY = [
    record_id
    for record_id, record in load_returns().records.items()
    if load_returns().returns[record.return_id].has_collection_year
]
#: Kinds of record with the fields that are not as usual, one after another.
Example = Sequence[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Landed:
    """One raw record: its kind, its cells, and the columns that every record has."""

    record_id: str
    cells: dict[str, Any]
    standing: str


def landed(returns: ReturnCatalogue, first: int, la_code: str, example: Example) -> list[Landed]:
    """An example as raw records of an authority of its own, numbered from ``first`` on."""
    records: list[Landed] = []
    last: dict[str, int] = {}
    for number, (record_id, given) in enumerate(example, start=first):
        fields = {**USUAL.get(record_id, {}), **given}
        year = int(fields.pop("year", YEAR))
        parent = fields.pop("in", returns.records[record_id].parent_record_id)
        standing = fields.pop("delivery", "in_force")
        if "child_key" in returns.raw_columns(record_id):
            fields.setdefault("child_key", "child")
        has_year = returns.returns[returns.records[record_id].return_id].has_collection_year
        records.append(
            Landed(
                record_id,
                {
                    "landed_row_id": number,
                    "load_id": la_code,
                    # A delivery for each year, and one before it.
                    "load_seq": first * 200 + year % 100 * 2 + (standing == "in_force"),
                    "source_file": f"{la_code}.csv",
                    "source_row": number - first + 1,
                    "parent_row_id": last.get(parent),
                    "content_hash": str(sorted(fields.items())),
                    "landed_at": datetime(2026, 1, 1),  # noqa: DTZ001  (a column without a zone)
                    "la_code": la_code,
                    "collection_year": year if has_year else None,
                }
                | {name: value for name, value in fields.items() if value != ""},
                standing,
            )
        )
        last[record_id] = number
    return records


def insert(con: duckdb.DuckDBPyConnection, records: Iterable[Landed]) -> None:
    """Put raw records into their tables, and say that each year of theirs is the whole of the yearly returns."""
    years: set[tuple[int, str, int, str]] = set()
    for record in records:
        columns, values = ", ".join(record.cells), ", ".join("?" * len(record.cells))
        con.execute(f"insert into raw.{record.record_id} ({columns}) values ({values})", list(record.cells.values()))
        if record.cells["collection_year"]:
            place = (record.cells["load_seq"], record.cells["la_code"], record.cells["collection_year"])
            years.add((*place, record.standing))
    for load_seq, la_code, year, standing in years:
        con.execute(
            "insert into ops.delivery_standing select ?, unnest(?::varchar[]), ?, ?, ?, 1, null",
            [load_seq, _YEARLY, la_code, year, standing],
        )
