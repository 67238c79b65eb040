"""The same records come out of every way of writing a table; what is no table is refused with a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from orchestration.landing.tabular.records import Tally
from orchestration.landing.tabular.source import open_text
from tests.support.forms import CATALOGUE, export, header, record, table

VARIANTS: dict[str, Callable[[str], bytes]] = {
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "crlf records, lf in notes": lambda text: table(list(csv.reader(io.StringIO(text))), newline="\r\n").encode(),
    "cr only": lambda text: text.replace("\n", "\r").encode(),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 2).encode(),
    "bom twice": lambda text: b"\xef\xbb\xbf" * 2 + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "bom twice, all quoted": lambda text: (
        b"\xef\xbb\xbf" * 2 + table(list(csv.reader(io.StringIO(text))), quote_all=True).encode()
    ),
    "utf-16, marked twice": lambda text: ("\ufeff" + text).encode("utf-16"),
    "utf-16 little endian, not marked": lambda text: text.encode("utf-16-le"),
    "utf-16 big endian, not marked": lambda text: text.replace("\n", "\r\n").encode("utf-16-be"),
    "end of file of DOS": lambda text: text.encode() + b"\x1a",
    "cp1252": lambda text: text.replace("Zebediah", "Zo\u00eb\u2019s").encode("cp1252"),
    "semicolons": lambda text: table(list(csv.reader(io.StringIO(text))), delimiter=";").encode(),
    "tabs": lambda text: table(list(csv.reader(io.StringIO(text))), delimiter="\t").encode(),
    "pipes": lambda text: table(list(csv.reader(io.StringIO(text))), delimiter="|").encode(),
    "sep=; and semicolons": lambda text: (
        "sep=;\n" + table(list(csv.reader(io.StringIO(text))), delimiter=";")
    ).encode(),
    "sep=, quoted, bom, crlf": lambda text: b"\xef\xbb\xbf" + ('"sep=,"\n' + text).replace("\n", "\r\n").encode(),
    "sep=| and pipes, utf-16": lambda text: (
        "\r\nSEP=|\r\n" + table(list(csv.reader(io.StringIO(text))), delimiter="|", newline="\r\n")
    ).encode("utf-16"),
    "sep=tab and tabs, cr": lambda text: (
        ("sep=\t\n" + table(list(csv.reader(io.StringIO(text.replace("\nCall", " Call")))), delimiter="\t"))
        .replace("\n", "\r")
        .encode()
    ),
    "sep=; that is not so": lambda text: b"sep=;\n" + text.encode(),
    "sep=, saved again": lambda text: b"sep=,,,,\n" + text.encode(),
    "rows of separators": lambda text: (text + "," * 40 + "\n" + '"",' * 12 + '""\n' + ";;\n ,, ,\n"[3:]).encode(),
    "blank cells beyond the last column": lambda text: table(
        [[*row, *([""] * (number % 4))] for number, row in enumerate(csv.reader(io.StringIO(text)))]
    ).encode(),
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


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (b"a,b\n,,\n1,2\n , \n", [b"a,b", b"1,2"]),
        (b'a,b\n"",""\n1,2\n,"" ,\n', [b"a,b", b"1,2"]),
        (b'a,b\n,"\nx"\n1,2\n', [b"a,b", b',"\x20x"', b"1,2"]),
        (b"a,b\n1,2\n,,", [b"a,b", b"1,2"]),
    ],
)
def test_a_line_of_separators_is_blank_and_one_that_opens_a_text_is_not(tmp_path, text, records):
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    tally = Tally(width=2)
    assert [line for batch in open_text(path).batches(b",", tally) for line in batch] == records
    assert (tally.records, tally.ends_bare) == (len(records), False)


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
    "cut, and its end filled with zeros": (export(3).encode()[:-40] + bytes(5000), "zero bytes"),
    "zeros in the middle": (export(3).encode().replace(b"North", b"No\0th"), "binary"),
    "sep and nothing": (b"sep=;\r\n", "empty"),
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


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.tsv", "\t"), ("a.TAB", "\t"), ("a.txt", "|"), ("a.txt", ","), ("a.Csv", ";")]
)
def test_text_is_read_under_every_name_of_text(place, name, delimiter):
    result = place.land(name, table(list(csv.reader(io.StringIO(export(2)))), delimiter=delimiter))
    assert (result.status, result.rows_landed) == ("landed", 2)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a.xls", "saved as XLS, which is not read"),
        ("a.ods", "saved as ODS"),
        ("a.numbers", "saved as NUMBERS"),
        ("a.xlsb", "saved as XLSB"),
        ("letter.docx", "neither CSV nor XLSX"),
        ("letter.txt", "header row"),
    ],
)
def test_other_kinds_of_file_say_what_to_do(place, name, word):
    result = place.land(name, "Dear colleague, Zebediah is well.\n")
    assert result.status == "refused"
    assert word in result.reason
    assert "Zeb" not in result.reason


def test_records_without_their_last_cells_land_and_are_counted(place):
    rows = [header(), *(record(number) for number in range(1, 5))]
    for row in rows[1:]:
        row[-3:] = ["", "", ""]
    whole = place.land("whole.csv", table(rows))
    assert whole.reason is None
    rows[3], rows[4] = rows[3][:-3], rows[4][:-3]
    for name, content in {"ragged.csv": table(rows), "bare.csv": table(rows)[:-1]}.items():
        ragged = place.land(name, content)
        assert (ragged.status, ragged.rows_landed, ragged.rejected_lines) == ("landed", 4, 0)
        assert ragged.reason == (
            "2 records end before the last column, as spreadsheets write rows whose last cells are empty: what they "
            "lack counts as empty."
        )
    columns = ", ".join(["source_row", *(column.name for column in CATALOGUE.raw_columns("intake"))])
    assert len(place.rows(f"select distinct {columns} from raw.insights_intake")) == 4


FOOTERS = {
    "filters": '"Applied filters:\r\nService is North Star"',
    "filters in several lines": "\nApplied filters:\nYear is 2023, month is May\nService is Zebediah House",
    "made on": "Report made on 1 May",
    "total": "Total,,,,,3",
    "total as wide as the table": "Total" + "," * (len(header()) - 1),
    "several": "Total,,,,,3\n\nReport made on 1 May\n\u00a9 2023",
}


@pytest.mark.parametrize("case", list(FOOTERS))
@pytest.mark.parametrize("end", ["", "\n"])
def test_forms_above_a_footer_land(place, case, end):
    result = place.land("a.csv", export(3) + FOOTERS[case] + end)
    lines = len(list(csv.reader(io.StringIO(FOOTERS[case].replace("\n\n", "\n").strip()))))
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 3, lines)
    assert {reason for (reason,) in place.rows("select reason from ops.rejected_line")} <= {
        "It is a line of text, such as a title or a footer, and no record.",
        "It is a total of the records, and no record.",
        "It has too few columns.",
    }
    assert "Zebediah House" not in place.everything()


def test_a_file_put_behind_another_brings_its_header_row_along(place):
    assert place.land("a.csv", export(2) + export(4)).rows_landed == 6
    assert place.rows("select source_row, reason from ops.rejected_line") == [(4, "It is the header row once more.")]
