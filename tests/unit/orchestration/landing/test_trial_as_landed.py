"""What is said of odd exports before they land, against what landing says of the same files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.landing.forms.unknown_words import unknown_word_lines
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.landing.trial import try_files
from orchestration.settings import Settings
from tests.support.forms import KEY, SECRETS, SERVICES_CSV, Landing, header, record, table

Rows = list[list[str]]
# The form with fewest columns lands in a third of the time.
FORM = "review"
HEADER = header(FORM)
PROGRAMME = 'id = "p"\nname = "P"\npublisher = "P"\nthemes = ["forms"]\nraw = "../raw"\nhome = "../home"\n'


def with_cells(column: str, *cells: str) -> Rows:
    """A header row and records of which one column says this."""
    made = [record(number, FORM) for number in range(1, len(cells) + 1)]
    for row, cell in zip(made, cells, strict=True):
        row[HEADER.index("submitted_at")] = "2023-09-01"
        row[HEADER.index(column)] = cell
    return [[*HEADER], *made]


def plain(records: int = 4) -> Rows:
    return with_cells("is_test", *["no"] * records)


def changed(change: Callable[[Rows], object], rows: Rows) -> str:
    change(rows)
    return table(rows)


def tail(rows: Rows) -> None:
    for row in rows:
        row.append("")
    rows[2][-1] = "Zebediah"


def without(column: str) -> Callable[[Rows], None]:
    def drop(rows: Rows) -> None:
        place = rows[0].index(column)
        rows[:] = [[*row[:place], *row[place + 1 :]] for row in rows]

    return drop


def twice(column: str) -> Callable[[Rows], None]:
    def double(rows: Rows) -> None:
        place = rows[0].index(column)
        rows[:] = [[*row, row[place] if number else column] for number, row in enumerate(rows)]

    return double


WHOLE = table(plain())
#: What each file holds, and how many records landing rejects of it; None where it refuses the file.
ODD: dict[str, tuple[str | bytes, int | None]] = {
    "text below a last column without a name": (changed(tail, plain()), 1),
    "a blank column at the end": (table([[*row, ""] for row in plain()]), 0),
    "a record cut before its date": (changed(lambda rows: rows.__setitem__(2, rows[2][:5]), plain()), 1),
    "a record cut behind its date": (changed(lambda rows: rows.__setitem__(2, rows[2][:12]), plain()), 0),
    "the last record cut": (changed(lambda rows: rows.__setitem__(4, rows[4][:5]), plain())[:-1], None),
    "cut in quotes": (WHOLE + ',"Zebediah', None),
    "an open quotation mark": (WHOLE.replace("case/XJ77K/2", '"case/XJ77K/2'), 1),
    "lines that are no records": (f"{WHOLE}{table([HEADER])}Exported by Zebediah Quillfeather\nTotal,3\n", 3),
    "bytes that are no text": (WHOLE.encode().replace(b"Mother of", b"M\xff\xfe\x81ther", 1), None),
    "nothing": ("", None),
    "a header row alone": (table([HEADER]), None),
    "no header row": (table(plain()[1:]), None),
    "no services": (changed(without("service"), plain()), None),
    "a column of administration twice": (changed(twice("client_id"), plain()), None),
    "a question twice": (changed(twice("direct_reported"), plain()), 0),
    "two orders": (table(with_cells("review_date", "2023-06-01", "31/01/2023", "01/31/2023")), None),
    "months first": (table(with_cells("review_date", "01/31/2023", "02/03/2023")), 0),
    "dates of no calendar": (table(with_cells("review_date", "0023-06-01", "9999-12-31", "1/1/1900", "x")), 0),
    "ids in powers of ten": (table(with_cells("client_id", "2.02306E+15", "2.02306E+15", "7")), 0),
    "no ids": (table(with_cells("client_id", "N/A", "unknown", "0", "8", "3-Jan")), 0),
    "services that nobody knows": (table(with_cells("service", "Zebediah House", "XJ77", "South")), 0),
    "other words": (table(with_cells("harmful_reported", *["Zebediah"] * 4)), 0),
    "an erasure list": ("service,client_id,requested_on\nSouth,7,2024-01-01\n,8,\n", 1),
    "an erasure list of nobody's": ("service,client_id,requested_on\nZebediah,7,2024-01-01\n", None),
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    programme = tmp_path / "programme"
    programme.mkdir()
    (programme / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    (programme / "services.csv").write_text(SERVICES_CSV, encoding="utf-8")
    return Settings(tmp_path / "home", tmp_path / "raw", "sample", programme)


def test_what_is_said_is_what_landing_says(place: Landing, settings: Settings) -> None:
    landed = {name: place.land(f"{name}.csv", content) for name, (content, _) in ODD.items()}
    unknown = dict(line.split(": ", 1) for line in unknown_word_lines(place.con))
    lines: dict[str, list[str]] = {}
    name = ""
    for line in try_files(settings, [place.raw / f"{name}.csv" for name in ODD]):
        if line.startswith("  "):
            lines[name].append(line[2:])
        else:
            name = Path(line).stem
            lines[name] = []
    assert list(lines) == list(ODD)
    assert not [secret for secret in SECRETS if secret in str(lines)]
    for name, (_, rejected) in ODD.items():
        result, said = landed[name], lines[name]
        if rejected is None:
            assert result.status == "refused", (name, result)
            assert said[-1] == f"would be refused: {result.reason}", name
            assert not [line for line in said if line.startswith(("would be: ", "years: "))]
            continue
        assert (result.status, result.rejected_lines) == ("landed", rejected), (name, result)
        found = place.rows(f"select source_row, reason from ops.rejected_line where load_id = '{result.load_id}'")
        assert sorted(line for line in said if "would be rejected" in line) == sorted(
            f"1 record would be rejected (row {row}): {reason}" for row, reason in found
        ), name
        assert (said[-1] == result.reason) == (result.reason is not None), (name, said)
        for line in said:
            if line.startswith("would be: "):
                assert sum(map(int, re.findall(r"(?:: |, )(\d+) ", line))) == result.rows_landed, (name, line)
        words = unknown.get(f"{name}.csv")
        told = [f"answers that the form does not offer, which count as not given: {words}"] if words else []
        assert [line for line in said if line.startswith("answers that the form does not offer")] == told, name
