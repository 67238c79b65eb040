"""The same records come out of every way of writing a table; what is no table is refused with a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.support.forms import CATALOGUE, KEY, export, header, record, table

VARIANTS: dict[str, Callable[[str], bytes]] = {
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "crlf records, lf in notes": lambda text: table(list(csv.reader(io.StringIO(text))), newline="\r\n").encode(),
    "cr only": lambda text: text.replace("\n", "\r").encode(),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 2).encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "cp1252": lambda text: text.replace("Zebediah", "Zo\u00eb\u2019s").encode("cp1252"),
    "semicolons": lambda text: table(list(csv.reader(io.StringIO(text))), delimiter=";").encode(),
    "tabs": lambda text: table(list(csv.reader(io.StringIO(text))), delimiter="\t").encode(),
    "all quoted": lambda text: table(list(csv.reader(io.StringIO(text))), quote_all=True).encode(),
    "trailing comma": lambda text: table([[*row, ""] for row in csv.reader(io.StringIO(text))]).encode(),
    "trailing comma in records": lambda text: table(
        [row if not number else [*row, ""] for number, row in enumerate(csv.reader(io.StringIO(text)))]
    ).encode(),
    "trailing comma in the header row": lambda text: table(
        [[*row, ""] if not number else row for number, row in enumerate(csv.reader(io.StringIO(text)))]
    ).encode(),
    "blank lines": lambda text: ("\n\n" + text + "\n \n\n").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
}


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_the_same_rows_come_out_of_every_way_of_writing_them(place, variant):
    place.land("plain.csv", export(5))
    result = place.land("variant.csv", VARIANTS[variant](export(5)))
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 5, 0)
    columns = ", ".join(["source_row", *(c.name for c in CATALOGUE.raw_columns("intake"))])
    one = place.rows(f"select {columns} from raw.insights_intake where load_seq = 1 order by source_row")
    two = place.rows(f"select {columns} from raw.insights_intake where load_seq = 2 order by source_row")
    assert one == two


def test_cp1252_letters_arrive_as_themselves(place):
    rows = [header(), record(1)]
    rows[1][header().index("service")] = "Zo\u00eb\u2019s House"
    assert place.land("a.csv", table(rows).encode("cp1252")).service == "ZOES HOUSE"


def test_damaged_utf8_is_not_taken_for_cp1252(place):
    rows = [header(), *(record(number) for number in range(1, 6))]
    for row in rows[1:]:
        row[header().index("service")] = "Zo\u00eb\u2019s House"
    content = table(rows).encode()
    at = content.index(b"House") + 2
    result = place.land("a.csv", content[:at] + b"\xff" + content[at:])
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 4, 1)
    assert result.service == "ZOES HOUSE"
    assert place.rows("select source_row, reason from ops.rejected_line")[0][0] == 2


def test_quoted_line_breaks_do_not_shift_record_numbers(place):
    rows = [record(number) for number in range(1, 5)]
    rows[2].append("one too many")
    place.land("a.csv", table([header(), *rows]))
    assert place.rows("select source_row from raw.insights_intake order by 1") == [(2,), (3,), (5,)]
    assert place.rows("select source_row, column_name, reason from ops.rejected_line") == [
        (4, None, "It has too many columns.")
    ]


def test_a_slipped_record_of_a_file_with_trailing_commas_is_rejected(place):
    rows = [[*header(), ""], *([*record(number), ""] for number in range(1, 5))]
    rows[2].insert(20, "slipped")
    rows[2].pop()
    result = place.land("a.csv", table(rows))
    assert (result.rows_landed, result.rejected_lines) == (3, 1)
    assert place.rows("select source_row from ops.rejected_line") == [(3,)]


REFUSED = {
    "empty": (b"", "empty"),
    "header only": (table([header()]).encode(), "no records"),
    "blank": (b"\n\n \n", "empty"),
    "words": (b"dear colleague\n", "header row"),
    "zip": (b"PK\x03\x04" + bytes(100), "ZIP"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "binary": (bytes(range(256)), "binary"),
    "cut in a quoted note": (export(3).encode()[: export(3).encode().rindex(b"Call")], "cut off"),
    "cut in a record": ("\n".join([export(3).rstrip("\n"), "sub-9,v2,2023"]).encode(), "cut off"),
    "wide": ((",".join(["x"] * 10_000) + "\n").encode(), "10,000 columns"),
    "no characters": (export(2).replace("North Star", "N\u00f6").encode("cp1252") + b"\x81\n", "characters"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_used_is_refused_whole_with_a_sentence(place, case):
    content, word = REFUSED[case]
    result = place.land("a.csv", content)
    assert (result.status, result.rows_landed, result.load_seq) == ("refused", 0, None)
    assert word in result.reason
    assert result.reason.endswith(".")
    assert place.landed() == 0
    assert place.rows("select status, reason from ops.load") == [("refused", result.reason)]
    assert list(place.work.iterdir()) == []


def test_a_quotation_mark_that_swallows_records_refuses_the_file(place):
    notes = header("review").index("notes")
    rows = [record(number, "review") for number in range(1, 9)]
    for row in rows:
        row[notes] = "none"
    lines = table([header("review"), *rows]).split("\n")
    lines[2] = lines[2].replace("North Star", '"North Star')
    lines[6] = lines[6].replace("North Star", '"North Star"')
    result = place.land("a.csv", "\n".join(lines))
    assert result.status == "refused"
    assert "quotation mark" in result.reason.lower()
    assert place.landed("review") == 0


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


def test_a_workbook_lands_like_a_csv(place):
    names = header()
    row: list[object] = list(record(1))
    row[names.index("date_of_birth")] = date(2012, 4, 3)
    row[names.index("intake_date")] = date(2023, 6, 1)
    row[names.index("submitted_at")] = datetime(2023, 5, 1, 10, 30)  # noqa: DTZ001  (a cell has no zone)
    row[names.index("client_id")] = 123.0
    row[names.index("consent")] = True
    workbook(place.raw / "a.xlsx", {"Sheet1": [names, row], "Sheet2": []})
    result = place.land_path(place.raw / "a.xlsx")
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 1, 0)
    stored = place.rows(
        "select intake_admin_client_id, intake_admin_date_of_birth, intake_admin_intake_date, "
        "intake_admin_submitted_at, intake_admin_consent from raw.insights_intake"
    )
    assert stored == [
        (KEY.pseudonym("client", "NORTH STAR", "123"), "2012-04", "2023-06-01", "2023-05-01T10:30:00", "1")
    ]


def test_workbooks_that_cannot_be_used_are_refused(place):
    rows = [header(), record(1)]
    workbook(place.raw / "two.xlsx", {"A": rows, "B": rows})
    workbook(place.raw / "none.xlsx", {"A": []})
    assert "2 sheets" in place.land_path(place.raw / "two.xlsx").reason
    assert "empty" in place.land_path(place.raw / "none.xlsx").reason
    assert "workbook" in place.land("text.xlsx", "a,b\n1,2\n").reason
    assert "workbook" in place.land("cut.xlsx", (place.raw / "two.xlsx").read_bytes()[:900]).reason
    assert "neither CSV nor XLSX" in place.land("letter.docx", "hello").reason
