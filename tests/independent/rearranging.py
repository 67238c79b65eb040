"""The same forms in other files: other names, folders, batches and orders of rows; the header stays with its rows."""

from __future__ import annotations

import csv
import io
import random
import shutil
from pathlib import Path

from tests.independent.workbooks import Cell, read_workbook, write_workbook


def rearrange(exports: Path, target: Path, seed: int) -> None:
    """Writes each export below the target as one to three files of shuffled rows with names that tell nothing.

    Not for columns of dates that are month first: part of a column may not prove what the whole proves.
    """
    dice = random.Random(seed)
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(exports.rglob("*.*")):
        if path.name in ("erasure.csv", "review_both.csv"):
            (target / "insights").mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / "insights" / f"{dice.randrange(10**9)}.csv")
            continue
        parts = dice.randint(1, 3)
        for number in range(parts):
            folder = target / "insights" / dice.choice(["", "a", "b/c"])
            folder.mkdir(parents=True, exist_ok=True)
            _part(path, folder / f"{dice.randrange(10**9)}{path.suffix}", dice.random(), number, parts)


def _part(source: Path, target: Path, order: float, number: int, parts: int) -> None:
    if source.suffix == ".xlsx":
        header, *rows = [row for _, row in read_workbook(source)]
        rows_of_it: list[list[Cell]] = [[*row] for row in (header, *_share(rows, order, number, parts))]
        write_workbook(target, rows_of_it)
        return
    data = source.read_bytes()
    encoding = _encoding(data)
    text = data.decode(encoding)
    sign = max(",;\t", key=text.split("\n", 1)[0].count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=sign, lineterminator="\r\n").writerows([header, *_share(rows, order, number, parts)])
    target.write_bytes(buffer.getvalue().encode(encoding))


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _share(rows: list[list[str]], order: float, number: int, parts: int) -> list[list[str]]:
    share = rows[number::parts]
    random.Random(order).shuffle(share)
    return share
