"""What became of everything that landed, as tables of text."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from orchestration.commands.text import query, table
from orchestration.progress import many

_DISPOSITIONS = {
    "accepted": "accepted",
    "superseded": "superseded",
    "duplicate_submission": "duplicate",
    "conflicting_versions": "conflict",
    "no_consent": "no consent",
    "test_record": "test",
    "missing_key": "no key",
    "undeclared_service": "undeclared",
    "impossible_date": "bad date",
    "outside_reporting_years": "other year",
    "set_aside": "set aside",
    "client_conflict": "whose child",
    "held_back": "held back",
    "erased": "erased",
}

# Returns do not rest on consent and hold no test forms, so those cannot occur there.
_RETURN_DISPOSITIONS = {
    "accepted": "accepted",
    "superseded": "superseded",
    "duplicate": "duplicate",
    "withdrawn": "withdrawn",
    "conflicting_versions": "conflict",
    "missing_key": "no key",
    "impossible_date": "bad date",
    "set_aside": "set aside",
    "erased": "erased",
}


def waterfall_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per form and year: landed, what became of it, and the clients among the accepted. Nothing where no form
    has landed."""
    rows = query(
        con,
        "select form_id, coalesce(reporting_year::varchar, 'none'), disposition, sum(forms)::bigint "
        "from marts.waterfall group by all order by all",
    )
    if not rows:
        return []
    clients = {
        (form_id, str(year)): count
        for form_id, year, count in query(
            con,
            "select 'intake', reporting_year, count(*) from marts.fct_intake where is_client_record group by all "
            "union all "
            "select 'exit', reporting_year, count(*) from marts.fct_exit where is_client_record group by all",
        )
    }
    provisional = {
        str(year)
        for (year,) in query(
            con,
            # A warehouse made before years could be provisional has no such column.
            "select reporting_year from (from reference.reporting_year union all by name "
            "select null::boolean as is_provisional where false) where is_provisional",
        )
    }
    matched = {
        str(year): count
        for year, count in query(con, "select reporting_year, count(*) from marts.fct_case group by all")
    }
    present = [key for key in _DISPOSITIONS if any(row[2] == key for row in rows)]
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for form_id, year, disposition, forms in rows:
        counts.setdefault((form_id, year), {})[disposition] = int(forms)
    order = [form for form in ("intake", "exit", "review") if any(key[0] == form for key in counts)]
    body, totals = [], dict.fromkeys(present, 0)
    for form_id in order:
        for (form, year), by_disposition in sorted(counts.items()):
            if form != form_id:
                continue
            for key in present:
                totals[key] += by_disposition.get(key, 0)
            body.append(
                [
                    form_id,
                    f"{year} provisional" if year in provisional else year,
                    f"{sum(by_disposition.values()):,}",
                    *(f"{by_disposition[key]:,}" if key in by_disposition else "" for key in present),
                    f"{clients[(form, year)]:,}" if (form, year) in clients else "",
                    f"{matched[year]:,}" if form == "exit" and year in matched else "",
                ]
            )
    body.append(["all", "", f"{sum(totals.values()):,}", *(f"{totals[key]:,}" for key in present), "", ""])
    headings = ["form", "year", "landed", *(_DISPOSITIONS[key] for key in present), "clients", "matched"]
    return ["", *table(headings, body, right=set(range(2, len(headings))))]


def year_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Which years of the forms are reported, which of them are not over, and how many forms are of none."""
    rows = query(
        con, "select is_provisional, reporting_year from reference.reporting_year where is_reported order by 2"
    )
    over, not_over = ([year for is_open, year in rows if is_open is which] for which in (False, True))
    outside = query(
        con,
        "select extract(year from event_date), count(*) from intermediate.int_form_disposition "
        "where disposition = 'outside_reporting_years' group by all order by all",
    )
    lines = [f"Years    {_span(over) or 'none'} over" + ("" if over else "; the public side has no figures of forms")]
    if not_over:
        lines.append(f"         {_span(not_over)} not over (final_to): provisional, internal only")
    if outside:
        forms = sum(count for _, count in outside)
        lines.append(f"         {many(forms, 'form')} of no reporting year, dated in {_span(y for y, _ in outside)}")
    return lines


def _span(years: Iterable[int]) -> str:
    """Years in words: the first and the last, and how many there are where some between are missing."""
    found = list(years)
    if len(found) > 3 and found[-1] - found[0] >= len(found):
        return f"{len(found)} years from {found[0]} to {found[-1]}"
    if len(found) > 2 and found[-1] - found[0] < len(found):
        return f"{found[0]} to {found[-1]}"
    return " and ".join(filter(None, (", ".join(map(str, found[:-1])), *map(str, found[-1:]))))


def return_waterfall_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per return: records landed and what became of them. Nothing where no return has landed."""
    rows = query(
        con,
        "select r.return_label, d.disposition, count(*) from marts.return_disposition as d "
        "join reference.record_type as t on d.record_id = t.record_id "
        "join reference.return_type as r on t.return_id = r.return_id "
        "group by r.return_order, r.return_label, d.disposition order by r.return_order",
    )
    if not rows:
        return []
    present = [key for key in _RETURN_DISPOSITIONS if any(row[1] == key for row in rows)]
    counts: dict[str, dict[str, int]] = {}
    for label, disposition, records in rows:
        counts.setdefault(label, {})[disposition] = int(records)
    body = [
        [label, f"{sum(by.values()):,}", *(f"{by[key]:,}" if key in by else "" for key in present)]
        for label, by in counts.items()
    ]
    totals = [sum(by.get(key, 0) for by in counts.values()) for key in present]
    body.append(["all", f"{sum(totals):,}", *(f"{total:,}" for total in totals)])
    headings = ["return", "landed", *(_RETURN_DISPOSITIONS[key] for key in present)]
    return ["", *table(headings, body, right=set(range(1, len(headings))))]
