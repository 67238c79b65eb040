"""Landing: what is stored of a file, what is written about it, and what a second run does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Event

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.landing.dispatch import DeliveredFile
from orchestration.landing.folder import land_folder, read_ahead
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.minimise import sector_sql
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.landing.reading import date_sql, month_sql
from orchestration.settings import Settings
from tests.support.forms import CATALOGUE, KEY, Landing, export, header, landing, record, table


@pytest.fixture
def place(tmp_path):
    with landing(tmp_path) as ready:
        yield ready


def evaluate(sql: str, text: str) -> object:
    return duckdb.execute(f"select {sql.replace('$x', '$x::varchar')}", {"x": text}).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-04-03", date(2012, 4, 3)),
        (" 2012-04-03T23:10:00Z ", date(2012, 4, 3)),
        ("2012-04-03 00:00:00", date(2012, 4, 3)),
        ("03/04/2012", date(2012, 4, 3)),
        ("3/4/2012", date(2012, 4, 3)),
        ("41002", date(2012, 4, 3)),
        ("41002.75", date(2012, 4, 3)),
        ("2012-02-30", None),
        ("31/04/2012", None),
        ("12345", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_as_exports_write_them(text, expected):
    assert evaluate(date_sql("$x"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("03/04/2012", "2012-04"), ("2012-04-03", "2012-04"), ("2012-04", "2012-04"), ("2012-13", None), ("n/k", None)],
)
def test_a_birth_date_is_cut_to_its_month(text, expected):
    assert evaluate(month_sql("$x"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LS1 7QZ", "LS1 7"),
        ("ls17qz", "LS1 7"),
        (" SW1A\u00a01AA ", "SW1A 1"),
        ("LS1 7", "LS1 7"),
        ("LS1", None),
        ("none", None),
    ],
)
def test_a_postcode_is_cut_to_its_sector(text, expected):
    assert evaluate(sector_sql("$x"), text) == expected


@pytest.mark.parametrize("convention", list(CATALOGUE.conventions))
def test_what_a_row_of_every_convention_becomes(place, convention):
    result = place.land("sub/a.csv", export(3, convention=convention))
    assert (result.status, result.rows_landed, result.rejected_lines, result.reason) == ("landed", 3, 0, None)
    assert (result.form_id, result.form_version, result.convention_id) == ("intake", "v2", convention)
    assert result.service == "NORTH STAR"
    row = place.con.execute("select * from raw.insights_intake order by source_row limit 1").fetchdf().iloc[0]
    assert row["landed_row_id"] == 4294967296 + 2
    assert (row["load_seq"], row["source_file"], row["source_row"]) == (1, "sub/a.csv", 2)
    assert row["load_id"] == result.sha256[:16]
    assert row["intake_admin_client_id"] == KEY.pseudonym("client", "North Star", "CLXJ77K1")
    assert row["intake_admin_submission_id"] == KEY.pseudonym("submission", "North Star", "SUBXJ77K1")
    assert row["intake_admin_case_reference"] == KEY.pseudonym("case", "North Star", "CASEXJ77K1")
    assert row["intake_admin_date_of_birth"] == "2012-04"
    assert row["intake_admin_postcode"] == "LS1 7"
    assert row["intake_admin_intake_date"] == "2023-06-01"
    # Every other cell is stored as delivered, in the column the catalogue gives it.
    cells = dict(zip(header(convention=convention), record(1, convention=convention), strict=True))
    for column in CATALOGUE.headers("intake", "v2", convention):
        question = CATALOGUE.questions[column.question_id]
        if question.storage == "store":
            stored = row[column.raw_column]
            assert (cells[column.header] or None) == (None if stored is None or stored != stored else stored)


def test_every_stored_column_of_the_catalogue_exists_and_tables_grow(place):
    place.land("a.csv", export(2, "review"))
    place.con.execute("alter table raw.insights_review drop column review_admin_consent")
    ensure_form_tables(place.con, CATALOGUE)
    for form_id in CATALOGUE.forms:
        columns = {row[0] for row in place.rows(f"describe raw.insights_{form_id}")}
        assert {column.name for column in CATALOGUE.raw_columns(form_id)} <= columns
    place.land("b.csv", export(3, "review"))
    assert place.rows("select count(review_admin_consent), count(*) from raw.insights_review") == [(3, 5)]


def test_the_ledger_names_what_was_not_stored(place):
    rows = [[*header(), "Free text of Zebediah"], [*record(1), "x"]]
    result = place.land("a.csv", table(rows))
    assert "intake_admin_notes" in result.ignored_columns
    assert str(len(header()) + 1) in result.ignored_columns
    assert place.rows("select ignored_columns from ops.load") == [(result.ignored_columns,)]


def test_same_bytes_land_once_whatever_the_name(place):
    first = place.land("a.csv", export())
    second = place.land("b/copy.csv", export())
    assert (first.status, second.status) == ("landed", "already_landed")
    assert second.load_seq == 1
    assert "a.csv" in second.reason
    assert place.landed() == 3
    assert place.rows("select count(*) from ops.load") == [(1,)]


def test_loads_are_numbered_and_row_ids_unique(place):
    place.land("a.csv", export(3))
    place.land("b.csv", "no table")
    place.land("c.csv", export(4))
    assert place.rows("select distinct load_seq from raw.insights_intake order by 1") == [(1,), (2,)]
    assert place.rows("select count(distinct landed_row_id) from raw.insights_intake") == [(7,)]


def test_content_hash_ignores_ids_of_the_submission_and_nothing_else(place):
    rows = [record(1), record(1), record(1)]
    names = header()
    rows[1][names.index("submission_id")] = "another"
    rows[1][names.index("edited_at")] = "2024-01-01"
    rows[1][names.index("notes")] = "other words"
    rows[2][names.index("referral_route")] = "self"
    place.land("a.csv", table([names, *rows]))
    hashes = [row[0] for row in place.rows("select content_hash from raw.insights_intake order by source_row")]
    assert hashes[0] == hashes[1] != hashes[2]


def test_content_hash_tells_neighbouring_cells_apart(place):
    rows = [record(3), record(3)]
    names = header()
    first, second = names.index("referral_route"), names.index("referral_initial_route")
    rows[0][first], rows[0][second] = "self", ""
    rows[1][first], rows[1][second] = "", "self"
    place.land("a.csv", table([names, *rows]))
    assert place.rows("select count(distinct content_hash) from raw.insights_intake") == [(2,)]


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
    columns = ", ".join(["source_row", "content_hash", *(c.name for c in CATALOGUE.raw_columns("intake"))])
    one = place.rows(f"select {columns} from raw.insights_intake where load_seq = 1 order by source_row")
    two = place.rows(f"select {columns} from raw.insights_intake where load_seq = 2 order by source_row")
    assert one == two


def test_cp1252_letters_arrive_as_themselves(place):
    rows = [header(), record(1)]
    rows[1][header().index("service")] = "Zo\u00eb\u2019s House"
    assert place.land("a.csv", table(rows).encode("cp1252")).service == "ZO\u00cb\u2019S HOUSE"


def test_damaged_utf8_is_not_taken_for_cp1252(place):
    rows = [header(), *(record(number) for number in range(1, 6))]
    for row in rows[1:]:
        row[header().index("service")] = "Zo\u00eb\u2019s House"
    content = table(rows).encode()
    at = content.index(b"House") + 2
    result = place.land("a.csv", content[:at] + b"\xff" + content[at:])
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 4, 1)
    assert result.service == "ZO\u00cb\u2019S HOUSE"
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


def test_a_refusal_is_written_once_and_takes_a_new_reason(place):
    place.land("a.csv", "nothing")
    place.land("a.csv", "nothing")
    place.land("b.csv", "nothing")
    assert place.rows("select source_file from ops.load order by 1") == [("a.csv",), ("b.csv",)]
    place.con.execute("update ops.load set reason = 'older'")
    place.land("a.csv", "nothing")
    assert place.rows("select count(*) from ops.load where reason = 'older'") == [(1,)]


def test_a_load_that_fails_half_way_leaves_nothing(place, monkeypatch):
    def fail(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("orchestration.landing.dispatch.record_load", fail)
    with pytest.raises(RuntimeError):
        place.land("a.csv", export())
    monkeypatch.undo()
    assert place.landed() == 0
    assert place.rows("select count(*) from ops.load") == [(0,)]
    assert list(place.work.iterdir()) == []
    assert place.land("a.csv", export()).rows_landed == 3


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
        (KEY.pseudonym("client", "North Star", "123"), "2012-04", "2023-06-01", "2023-05-01T10:30:00", "1")
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


ERASURE_LIST = "service,client_id,requested_on\n north  star,CL.XJ77K.2,07/05/2024\n"


def assert_only_client_two_is_empty(place: Landing, form_id: str = "intake") -> None:
    for number, erased in ((1, False), (2, True), (3, False)):
        row = place.rows(f"select * exclude (landed_at) from raw.insights_{form_id} where source_row = {number + 1}")[0]
        assert row[6] is erased
        assert (row[5] is None) is erased
        assert all(value is None for value in row[7:]) is erased
        assert (row[0] is None, row[3] is None, row[4]) == (False, False, number + 1)


def test_an_erasure_empties_what_landed_before(place):
    place.land("a.csv", export(3))
    place.land("a2.csv", export(3, "exit"))
    result = place.land("z.csv", ERASURE_LIST)
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "erasure", 1)
    assert_only_client_two_is_empty(place)
    assert_only_client_two_is_empty(place, "exit")
    tombstone = (KEY.pseudonym("client", "North Star", "CLXJ77K2"), date(2024, 5, 7), result.load_id)
    assert place.rows("select client_key, requested_on, load_id from ops.erasure") == [tombstone]


def test_an_erasure_holds_for_what_lands_later(place):
    place.land("0.csv", ERASURE_LIST)
    place.land("a.csv", export(3))
    assert_only_client_two_is_empty(place)


def test_an_erasure_list_with_unusable_records_says_which(place):
    result = place.land("z.csv", ERASURE_LIST + ",5,2024-01-01\nnorth star,,2024-01-01\nnorth star,6\n")
    assert (result.rows_landed, result.rejected_lines) == (1, 3)
    assert place.rows("select source_row, column_name from ops.rejected_line order by 1") == [
        (3, "service"),
        (4, "client_id"),
        (5, None),
    ]


def settings_of(tmp_path: Path, environment: str = "sample") -> Settings:
    return Settings(tmp_path / "home", tmp_path / "raw", environment)


def test_a_folder_lands_in_path_order_and_only_once(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    (raw / "b").mkdir(parents=True)
    (raw / "b" / "1.csv").write_text(export(2))
    (raw / "a.csv").write_text(export(3, "exit"))
    (raw / "c.csv").write_text("nothing")
    (raw / "README.md").write_text("read me")
    (raw / ".hidden.csv").write_text("x")
    (raw / "d.pdf").write_bytes(b"%PDF")
    settings = settings_of(tmp_path)
    leftover = settings.warehouse_path.parent / "landing_work" / "records.csv"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("Zebediah")
    lines: list[str] = []
    first = land_folder(settings, run_id="r1", progress=lines.append)
    assert [(result.source_file, result.status, result.load_seq) for result in first] == [
        ("a.csv", "landed", 1),
        ("b/1.csv", "landed", 2),
        ("c.csv", "refused", None),
        ("d.pdf", "refused", None),
    ]
    assert "development key" in lines[0]
    assert len(lines) == 5
    assert not leftover.parent.exists()
    second = land_folder(settings, run_id="r2")
    assert [result.status for result in second] == ["already_landed", "already_landed", "refused", "refused"]
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert con.execute("select count(*), count(distinct run_id) from ops.load").fetchall() == [(4, 1)]


def test_production_without_a_key_lands_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    (tmp_path / "raw").mkdir()
    with pytest.raises(OperatorError):
        land_folder(settings_of(tmp_path, "production"), run_id="r1")
    assert not (tmp_path / "home").exists()


def test_a_missing_raw_folder_is_told(tmp_path):
    with pytest.raises(OperatorError, match="does not exist"):
        land_folder(settings_of(tmp_path), run_id="r1")


def test_a_file_is_read_while_the_one_before_it_is_landed(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    begun = {path: Event() for path in paths}
    copies = []

    def read(path, copy):
        begun[path].set()
        copies.append(copy)
        return DeliveredFile(path, copy)

    deliveries = read_ahead(paths, tmp_path, read)
    assert next(deliveries).path == paths[0]
    assert begun[paths[1]].wait(timeout=10)
    assert not begun[paths[2]].is_set()  # two working copies at most lie on the disk
    assert [delivery.path for delivery in deliveries] == paths[1:]
    assert len(set(copies)) == len(paths)


def test_the_same_bytes_twice_in_one_delivery_land_once(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    settings = settings_of(tmp_path)
    settings.raw_dir.mkdir()
    for name in ("a.csv", "b.csv"):
        (settings.raw_dir / name).write_text(export(3), encoding="utf-8")
    results = land_folder(settings, run_id="run")
    assert [(result.status, result.rows_landed) for result in results] == [("landed", 3), ("already_landed", 0)]
    assert results[1].reason == "The same bytes were landed before as a.csv."


def test_what_is_done_meanwhile_begins_once_and_before_the_first_file_lands(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    settings = settings_of(tmp_path)
    settings.raw_dir.mkdir()
    for number, name in enumerate(("a.csv", "b.csv"), start=3):
        (settings.raw_dir / name).write_text(export(number), encoding="utf-8")
    told: list[str] = []
    land_folder(settings, run_id="run", progress=told.append, meanwhile=lambda: told.append("meanwhile"))
    assert [line.split(":")[0] for line in told][-3:] == ["meanwhile", "a.csv", "b.csv"]
    assert told.count("meanwhile") == 1
