"""What the front door meets: files changed while they are read, files made to do harm, and what is no file at all.

Each case writes what a stranger would put into the raw folder, may do something to it at a moment of the load, and says
what has to come of it. `benchmarks.door` runs all of them, `tests/faults/test_door.py` those that are not `is_heavy`.
"""

from __future__ import annotations

import gzip
import io
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from catalogue import load_catalogue

_FORMS = load_catalogue()
_COLUMNS = _FORMS.headers("intake", "v2", "code_list")
EXPORT = Path("insights/export.csv")
RETURN = Path("social_care/999/2017")
_EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
_ROWS = 40
#: The moments at which a file can be changed: half copied, copied, read, about to be committed.
COPYING, COPIED, READ, COMMITTING = "half copied", "copied", "read", "about to be committed"
MOMENTS = (COPYING, COPIED, READ, COMMITTING)

Change = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One thing the door meets.

    ``write`` puts it into a raw folder; ``change`` is done to ``path`` at ``moment``. ``becomes`` is the status of the
    first run (of ``name_shown`` where the path is another), ``says`` words of its sentence; ``then`` is how many forms
    lie in the warehouse after a second run, and ``records`` how many records of returns.
    """

    name: str
    becomes: str
    says: str
    write: Change
    path: Path = EXPORT
    change: Change | None = None
    moment: str = ""
    then: int = 0
    records: int = 0
    is_heavy: bool = False
    name_shown: str = ""


def _row(number: int, note: str = "") -> str:
    cells = {
        "submission_id": f"s-{number:06d}",
        "form_version": "v2",
        "submitted_at": "2023-05-01T10:00:00Z",
        "service": "North Star",
        "client_id": f"c-{number:06d}",
        "consent": "yes",
        "is_test": "no",
        "date_of_birth": "2012-04-03",
        "intake_date": "2023-06-01",
        "notes": note,
    }
    codes = [_FORMS.questions[column.question_id].question_code for column in _COLUMNS]
    return ",".join(cells.get(code, "") for code in codes) + "\n"


def export(first: int = 1, rows: int = _ROWS) -> str:
    """An export of intake forms whose records are all of one length."""
    head = ",".join(column.header for column in _COLUMNS) + "\n"
    return head + "".join(_row(number) for number in range(first, first + rows))


def _put(content: str | bytes | Callable[[], str | bytes], place: Path = EXPORT) -> Change:
    """Writes a file; what is large is made when it is written."""

    def write(raw: Path) -> None:
        path = raw / place
        path.parent.mkdir(parents=True, exist_ok=True)
        made = content() if callable(content) else content
        path.write_bytes(made if isinstance(made, bytes) else made.encode())

    return write


# -- changed while it is read ------------------------------------------------------------------------------------------


def _replace(path: Path) -> None:
    new = path.with_name("new")
    new.write_text(export(101), encoding="utf-8")
    new.rename(path)


def _append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as handle:
        handle.write("".join(_row(number) for number in range(_ROWS + 1, 2 * _ROWS + 1)))


def _truncate(path: Path) -> None:
    os.truncate(path, len(export(rows=_ROWS // 2).encode()))


def _rewrite(path: Path) -> None:
    """Other records of the same size, and the times of before: only the bytes can tell."""
    before = path.stat()
    with path.open("r+b") as handle:
        handle.write(export(101).encode())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _become_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _become_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _folder_becomes_link(path: Path) -> None:
    path.parent.rename(path.parent.parent.parent / "elsewhere")
    path.parent.symlink_to(path.parent.parent.parent / "elsewhere")


def _touch(path: Path) -> None:
    os.utime(path, (1, 1))


_CHANGES: tuple[tuple[str, Change, str, int], ...] = (
    ("replaced by another", _replace, "written while it was read", _ROWS),
    ("appended to", _append, "bytes)", 2 * _ROWS),
    ("cut shorter", _truncate, "bytes)", _ROWS // 2),
    ("rewritten at the same size and time", _rewrite, "written while it was read", _ROWS),
    ("deleted", Path.unlink, "taken away", 0),
)
_BECOMES: tuple[tuple[str, Change], ...] = (
    ("a pipe", _become_pipe),
    ("a link", _become_link),
    ("a folder", _become_folder),
)


def _changed() -> list[Case]:
    write = _put(export())
    cases = [
        Case(f"export {what} when {moment}", "left", says, write, change=change, moment=moment, then=then)
        for what, change, says, then in _CHANGES
        for moment in MOMENTS
    ]
    cases += [
        Case(f"export becomes {what} when {moment}", "left", "Something else", write, change=change, moment=moment)
        for what, change in _BECOMES
        for moment in (COPIED, COMMITTING)
    ]
    cases += [
        Case("its folder becomes a link", "left", "Something else", write, change=_folder_becomes_link, moment=COPIED),
        Case("export touched, same bytes", "landed", "", write, change=_touch, moment=COMMITTING, then=_ROWS),
        Case(
            "refused export appended to when read", "left", "bytes)", _put(export()[:-9]), change=_append, moment=READ,
            then=2 * _ROWS - 2,
        ),
        Case(
            "census appended to when about to be committed", "left", "bytes)", _put(census(_CHILD), RETURN / "c.xml"),
            RETURN / "c.xml", _append, COMMITTING,
        ),
        Case(
            "workbook deleted when about to be committed", "left", "taken away", _put(_annex(), RETURN / "a.xlsx"),
            RETURN / "a.xlsx", Path.unlink, COMMITTING,
        ),
    ]  # fmt: skip
    return cases


# -- made to do harm ---------------------------------------------------------------------------------------------------

_CHILD = (
    "<Child><ChildIdentifiers><LAchildID>1</LAchildID><PersonBirthDate>2012-04-03</PersonBirthDate></ChildIdentifiers>"
    "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics></Child>\n"
)


def census(inner: str, head: str = "") -> str:
    """A census around children."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{head}<Message>\n<Header>\n<CollectionDetails>'
        "<Collection>CIN</Collection><Year>2017</Year></CollectionDetails>\n<Source><LEA>999</LEA></Source>\n</Header>\n<Children>\n"
        f"{inner}</Children>\n</Message>\n"
    )


def _workbook(fill: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    fill(book.add_worksheet("List 1"))
    book.close()
    return buffer.getvalue()


def _two_cells(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")


def _annex(merged: int = 0) -> bytes:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact"))
        for number in range(1, 6):
            sheet.write_row(number, 0, (f"{number}", "a) Male", "WBRI", "2012-04-03", "2016-09-01"))

    ranges = "".join(f'<mergeCell ref="A{20 + number}:C1048576"/>' for number in range(merged)).encode()
    merges = b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
    return _swapped(_workbook(fill), (b"</sheetData>", merges)) if merged else _workbook(fill)


def _swapped(book: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    """The workbook with texts of its sheet replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for before, after in pairs if name.startswith("xl/worksheets/") else ():
                text = text.replace(before, after)
            new.writestr(name, text)
    return buffer.getvalue()


def _zip_bomb(raw: Path) -> None:
    path = raw / RETURN / "bomb.xlsx"
    path.parent.mkdir(parents=True)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(2100):
            part.write(bytes(1024 * 1024))


def _lines(before: str, millions: int, after: str, place: Path) -> Change:
    return _put(lambda: before.encode() + b"\n" * (millions * 1_000_000) + after.encode(), place)


_DIMENSION = b'<dimension ref="A1:XFD1048576"/>'
_LAUGHS = "<!DOCTYPE m [<!ENTITY a 'x'>" + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>\n"  # fmt: skip
_WIDE = ",".join(f"c{place}" for place in range(3001)) + "\n"


def _harmful() -> list[Case]:
    two = _workbook(_two_cells)
    books = Path("insights/two.xlsx")
    gz = RETURN / "e.csv.gz"
    xml = RETURN / "c.xml"
    csv = RETURN / "e.csv"
    commas = "," * (len(_COLUMNS) - 1) + "\n"
    head, _, body = export().partition("\n")
    long_heading = f"{head},{'z' * 32_768}\n" + body.replace("\n", ",\n")
    one = "1,05/09/2016,S,C2,N1,U6,PR1,,,,,,\n"
    return [
        Case("two cells, A1 and XFD1048576", "refused", "40,000,000 cells", _put(two, books), books),
        Case("the same among returns", "refused", "XFD1048576", _put(two, RETURN / "t.xlsx"), RETURN / "t.xlsx"),
        Case("two cells, no word of their size", "refused", "XFD1048576",
             _put(_swapped(two, (_DIMENSION, b"")), books), books),
        Case("two cells, said to be one", "refused", "4 GB of memory",
             _put(_swapped(two, (_DIMENSION, b'<dimension ref="A1:B1"/>')), books), books),
        Case("workbook that unpacks to 2 GB", "refused", "2 GB",
             _zip_bomb, RETURN / "bomb.xlsx", is_heavy=True),
        Case("2,000 merged ranges", "landed", "", _put(_annex(2000), RETURN / "m.xlsx"), RETURN / "m.xlsx", records=5),
        Case("workbook of random bytes", "refused", "cannot be opened as", _put(b"PK\3\4" + bytes(500), books), books),
        Case("entities that grow a billionfold", "refused", "document type", _put(census("", _LAUGHS), xml), xml),
        Case("300,000 elements in one another", "refused", "256",
             _put(lambda: census("<a>" * 300_000 + "</a>" * 300_000), xml), xml),
        Case("an element of 60 MB of text", "refused", "10 MB",
             _put(lambda: census(f"<Child>{'z' * 60_000_000}</Child>"), xml), xml),
        Case("gzip that unpacks to 1 GB", "refused", "300 times",
             _put(lambda: gzip.compress(_EPISODES.encode() + b"\n" * 1_000_000_000), gz), gz, is_heavy=True),
        Case("gzip that unpacks to 100 MB", "refused", "300 times",
             _put(lambda: gzip.compress(_EPISODES.encode() + b"\n" * 100_000_000), gz), gz),
        Case("gzip cut off", "refused", "cut off", _put(gzip.compress(_EPISODES.encode() * 99)[:-20], gz), gz),
        Case("107 million blank records", "landed", "", _lines(export(), 107, "", EXPORT), then=_ROWS, is_heavy=True),
        Case("107 million blank records first", "landed", "",
             _lines("", 107, export(), EXPORT), then=_ROWS, is_heavy=True),
        Case("107 million blank records in a return", "landed", "",
             _lines(_EPISODES, 107, one, csv), csv, records=1, is_heavy=True),
        Case("300,000 records of commas", "landed", "",
             _put(lambda: export() + commas * 300_000), then=_ROWS + 300_000, is_heavy=True),
        Case("headings of 32 KB", "refused", "header row", _put("x" * 32_768 + "," + "y" * 32_768 + "\n1,2\n")),
        Case("heading of 32 KB beside known ones", "landed", "", _put(long_heading), then=_ROWS),
        Case("3,001 columns", "refused", "3,000", _put(_WIDE + _WIDE)),
        Case("a record of 3 MB", "refused", "2 MB", _put(lambda: export() + _row(99, "n" * 3_000_000))),
        Case("70 MB without a line end", "refused", "2 MB", _put(lambda: export() + "x" * 70_000_000)),
        Case("a quotation mark never closed", "refused", "quotation mark",
             _put(lambda: export() + '"' + _row(99) * 9000)),
    ]  # fmt: skip


# -- no file to land ---------------------------------------------------------------------------------------------------


def _beside(make: Change, name: str) -> Change:
    """An export, and something else beside it."""

    def write(raw: Path) -> None:
        _put(export())(raw)
        make(raw / name)

    return write


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _private(path: Path) -> None:
    path.write_text("Zebediah", encoding="utf-8")


def _stray(name: str, says: str, make: Change = _private, shown: str = "") -> Case:
    what = f"{shown or name} beside an export"
    return Case(what, "passed_over", says, _beside(make, name), Path(name), then=_ROWS, name_shown=shown)


def _strays() -> list[Case]:
    return [
        _stray("pipe.csv", "a pipe", os.mkfifo),
        _stray("socket.csv", "a socket", _socket),
        _stray("out.csv", "a link", lambda path: path.symlink_to("/etc/passwd")),
        _stray("loop", "a link", lambda path: path.symlink_to(path.parent)),
        _stray("itself.csv", "a link", lambda path: path.symlink_to(path)),
        _stray("twin.csv", "a link", lambda path: path.symlink_to(EXPORT)),
        _stray("~$export.xlsx", "lock file"),
        _stray(".~lock.export.csv#", "lock file"),
        _stray("Thumbs.db", "keeps for itself"),
        _stray(".DS_Store", "keeps for itself"),
        _stray("desktop.ini", "keeps for itself"),
        _stray("export.csv~", "backup"),
        _stray(".export.csv.swp", "backup"),
        _stray("export.csv.part", "transfer"),
        _stray(".hidden", "dot", lambda path: path.mkdir()),
        _stray("\x1b[2J.csv~", "backup", shown="\\x1b[2J.csv~"),
        Case(
            "a name with control characters", "landed", "", _put(export(), Path("a\n\x1b[31m\u202e.csv")),
            Path("a\n\x1b[31m\u202e.csv"), then=_ROWS, name_shown="a\\x0a\\x1b[31m\\u202e.csv",
        ),
        Case(
            "a name that is no text", "landed", "", _put(export(), Path(os.fsdecode(b"a\xff.csv"))),
            Path(os.fsdecode(b"a\xff.csv")), then=_ROWS, name_shown="a\\xff.csv",
        ),
    ]  # fmt: skip


CASES = (*_changed(), *_harmful(), *_strays())
