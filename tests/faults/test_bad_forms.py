"""Whatever arrives, a file is landed (with its unreadable records told one by one) or refused with a sentence.

Exports are broken in every way a portal, a spreadsheet or a cable breaks them. What must hold is always the same:
no exception, no half load, no lost record, no value of a row in any message.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from orchestration.landing.ledger import LoadResult
from tests.support.forms import CATALOGUE, SECRETS, Landing, export, header, record, table

BUDGET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
CLEAN = export(6, "review").encode()
RECORDS = 6
# One warehouse for all examples, emptied before each: making its tables takes longer than landing a file.
FOLDER = tempfile.TemporaryDirectory()
PLACE = Landing(Path(FOLDER.name))


def outcome(content: bytes, name: str = "bad.csv") -> LoadResult:
    """Land one file in an empty warehouse and check everything that must hold whatever it was."""
    PLACE.empty()
    result = PLACE.land(name, content)
    check(PLACE, result)
    return result


def check(place: Landing, result: LoadResult) -> None:
    in_raw = sum(place.landed(form_id) for form_id in CATALOGUE.forms)
    ledger = place.rows("select status, rows_landed, rejected_lines, reason from ops.load")
    assert ledger == [(result.status, result.rows_landed, result.rejected_lines, result.reason)]
    rejected = place.rows("select source_row, reason from ops.rejected_line")
    assert len(rejected) == result.rejected_lines == len({row for row, _ in rejected})
    if result.status == "refused":
        assert in_raw == 0
        assert not rejected
        assert result.reason
        assert result.reason.endswith(".")
    else:
        assert result.status == "landed"
        if result.form_id != "erasure":
            assert in_raw == result.rows_landed
        positions = {row for (row,) in place.rows("select source_row from raw.insights_review")}
        assert not positions & {row for row, _ in rejected}
        assert len(positions) == place.landed("review")
    said = "\n".join(str(value) for value in (result.reason, result.ignored_columns, result.form_version, rejected))
    for secret in SECRETS:
        assert secret not in said
    assert list(place.work.iterdir()) == []
    leftovers = place.rows("select table_name from duckdb_tables() where temporary")
    assert leftovers == [], "the text of rejected lines stayed in memory"


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@BUDGET
@given(st.integers(0, len(CLEAN)))
@example(0)
@example(len(CLEAN) - 1)
@example(len(CLEAN) - 2)
def test_bytes_cut_off_at_the_end(length):
    result = outcome(CLEAN[:length])
    whole = CLEAN[:length].decode().count("sub-XJ77K")
    if result.status == "landed":
        assert result.rows_landed + result.rejected_lines == whole


@BUDGET
@given(st.integers(1, RECORDS), st.integers(0, 10_000))
def test_a_file_of_short_records_cut_off_at_the_end(place, length):
    rows = [[cell.replace('"', "").replace("\n", " ").replace(",", " ") for cell in row] for row in rows_of(CLEAN)]
    lines = [",".join(row[:-3] if number else row) for number, row in enumerate(rows)]
    cut = lines[place][: length % (len(lines[place]) + 1)]
    result = outcome("\n".join([*lines[:place], cut]).encode())
    if result.status == "landed":
        # As many cells as the records before it: that none is missing cannot be seen to be wrong.
        assert cut.count(",") == lines[place].count(",") or not cut
        assert (result.rows_landed, result.rejected_lines) == (place - (not cut), 0)


WORDS = st.text(st.characters(exclude_characters='"\x1a', codec="utf-8"), max_size=60)


@BUDGET
@given(WORDS, WORDS)
@example("Zebediah's report", "Applied filters:\nservice is Zebediah, all")
@example("sep=,", "Total,,,6")
@example("", ",,,,,,")
def test_words_around_the_table(title, footer):
    result = outcome(f"{title}\n{CLEAN.decode()}{footer}".encode())
    # Never fewer and never more: what is around the forms is none, and takes none along.
    assert result.status == "refused" or result.rows_landed == RECORDS
    if len(title) > 1 and title.isprintable() and not footer:
        assert result.status == "landed"


@BUDGET
@given(st.integers(0, len(CLEAN)), st.integers(1, 400))
def test_bytes_cut_out_of_the_middle(start, length):
    outcome(CLEAN[:start] + CLEAN[start + length :])


@BUDGET
@given(st.integers(0, len(CLEAN)), st.binary(min_size=1, max_size=12))
def test_bytes_put_in(place, noise):
    outcome(CLEAN[:place] + noise + CLEAN[place:])


@BUDGET
@given(
    st.lists(st.integers(0, len(CLEAN)), min_size=1, max_size=3), st.sampled_from(['"', '""', "\r", "\n", ",", "\n\n"])
)
def test_marks_put_in(places, mark):
    content = CLEAN
    for place in sorted(places, reverse=True):
        content = content[:place] + mark.encode() + content[place:]
    outcome(content)


@BUDGET
@given(st.integers(0, CLEAN.count(b'"') - 1))
def test_a_quotation_mark_taken_out(which):
    pieces = CLEAN.split(b'"')
    content = b'"'.join(pieces[: which + 1]) + b'"'.join([b"", *pieces[which + 1 :]])[1:]
    result = outcome(content)
    # The five other records are readable, so nothing may have swallowed them.
    assert result.status == "refused" or result.rows_landed >= RECORDS - 1


@BUDGET
@given(st.sets(st.integers(0, len(header("review")) - 1), min_size=1, max_size=21))
def test_columns_dropped(dropped):
    rows = [[cell for place, cell in enumerate(row) if place not in dropped] for row in rows_of(CLEAN)]
    result = outcome(table(rows).encode())
    required = {q.question_code for q in CATALOGUE.asked("review") if q.is_required}
    gone = {header("review")[place] for place in dropped}
    if gone & required:
        assert result.status == "refused"
    elif len(gone) < 10:
        assert (result.status, result.rows_landed) == ("landed", RECORDS)
        assert (result.reason is None) is (gone <= {"case_worker", "notes"})


@BUDGET
@given(st.integers(0, len(header("review")) - 1), st.integers(0, 25))
def test_a_column_doubled(column, to):
    rows = []
    for row in rows_of(CLEAN):
        row.insert(to, row[column])
        rows.append(row)
    result = outcome(table(rows).encode())
    (meant,) = [one for one in CATALOGUE.headers("review", "v2", "code_list") if one.header == header("review")[column]]
    is_once = meant.raw_column is not None and not CATALOGUE.may_come_twice(meant.question_id)
    assert (result.status == "refused") is is_once
    # What is not refused says which question it is of.
    assert (meant.question_id in str(result.reason)) is (meant.raw_column is not None)


@BUDGET
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_columns_renamed(names, random):
    rows = rows_of(CLEAN)
    for name in names:
        rows[0][random.randrange(len(rows[0]))] = name
    outcome(table(rows).encode("utf-8", "replace"))


@BUDGET
@given(st.sampled_from(["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "mac-roman", "cp037"]))
def test_other_encodings(encoding):
    content = CLEAN.decode().replace("North Star", "Caf\u00e9 Nord").encode(encoding)
    result = outcome(content)
    if encoding in ("cp1252", "latin-1", "utf-16", "utf-16-le", "utf-8-sig"):
        assert (result.status, result.rows_landed) == ("landed", RECORDS)


WILD = st.one_of(
    st.sampled_from(["", " ", "NULL", "31/02/2023", "2023-13-45", "0000-00-00", "99999999999", "-1", "1e999", "NaN"]),
    st.text(max_size=30),
)


@BUDGET
@given(st.lists(st.tuples(st.integers(1, RECORDS), st.integers(0, 20), WILD), min_size=1, max_size=20))
def test_cells_of_every_kind(changes):
    rows = rows_of(CLEAN)
    for row, column, value in changes:
        rows[row][column] = value.replace("\0", "")
    result = outcome(table(rows).encode("utf-8", "replace"))
    # Impossible dates, empty ids and words for numbers are for the checks on rows: landing keeps every record.
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", RECORDS, 0)


TO_ITS_DATE = rows_of(CLEAN)[0].index("review_date") + 1


@pytest.mark.parametrize("cells", range(TO_ITS_DATE - 6, TO_ITS_DATE + 3))
def test_a_record_is_one_as_far_as_its_date(cells):
    rows = rows_of(CLEAN)
    rows[1] = rows[1][:cells]
    result = outcome(table(rows).encode())
    rejected = int(cells < TO_ITS_DATE)
    assert (result.rows_landed, result.rejected_lines) == (RECORDS - rejected, rejected)


@BUDGET
@given(st.lists(st.tuples(st.integers(1, RECORDS), st.integers(-5, 5)), min_size=1, max_size=4))
def test_records_too_long_and_too_short(changes):
    rows = rows_of(CLEAN)
    for row, by in changes:
        rows[row] = rows[row][:by] if by < 0 else rows[row] + ["Zebediah"] * by
    # One that ends before its date is below.
    assume(all(len(row) >= TO_ITS_DATE for row in rows))
    # What lacks its last cells is whole; what has more may have its values in the wrong columns.
    wrong = sum(len(row) > len(rows[0]) for row in rows[1:])
    short = sum(len(row) < len(rows[0]) for row in rows[1:])
    result = outcome(table(rows).encode())
    if result.status == "refused":
        assert wrong  # so long that it may hold other records
        return
    assert (result.rows_landed, result.rejected_lines) == (RECORDS - wrong, wrong)
    assert (f"{short} record" in str(result.reason)) is bool(short)


@BUDGET
@given(st.text(max_size=200))
def test_any_text(text):
    assert outcome(text.encode("utf-8", "replace")).status == "refused"


@BUDGET
@given(st.binary(max_size=300), st.sampled_from(["bad.csv", "bad.xlsx", "bad.pdf", "BAD.CSV"]))
def test_any_bytes_under_any_name(content, name):
    assert outcome(content, name).status == "refused"


@settings(BUDGET, max_examples=3)
@given(st.integers(2_000, 20_000))
@example(10_000)
def test_enormous_header_rows(width):
    names = [*header("review"), *(f"Zebediah {place}" for place in range(width))]
    outcome(table([names, ["x"] * len(names)]).encode())


@BUDGET
@given(st.integers(0, 400), st.integers(1, 200))
def test_a_damaged_workbook(start, length):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    content = buffer.getvalue()
    assert outcome(content[:start] + content[start + length :], "bad.xlsx").status == "refused"
    assert outcome(content, "zip.csv").status == "refused"


def test_no_header_row():
    result = outcome(table([record(number, "review") for number in range(1, 4)]).encode())
    assert result.status == "refused"
