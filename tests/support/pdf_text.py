"""The text of a PDF as a program that copies it reads it, from its own bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator


def _found(pattern: bytes, data: bytes) -> bytes:
    """What the group of a pattern finds first; a PDF without it is none that can be read here."""
    found = re.search(pattern, data)
    assert found is not None, pattern
    return found[1]


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream\n")
    content = rest[: int(_found(rb"/Length (\d+)", head))]
    return zlib.decompress(content) if b"/FlateDecode" in head else content


def objects_of(data: bytes) -> dict[int, bytes]:
    """Every object of a PDF by its number, found over the cross-reference stream at its end."""
    start = int(data.rstrip().rsplit(b"startxref", 1)[1].split()[0])
    table = data[start:]
    size = int(_found(rb"/Size (\d+)", table))
    rows = _stream(table)
    assert len(rows) == 7 * size
    found: dict[int, bytes] = {}
    packed: dict[int, tuple[int, int]] = {}
    for number in range(size):
        kind, where, index = (
            rows[7 * number],
            rows[7 * number + 1 : 7 * number + 5],
            rows[7 * number + 5 : 7 * number + 7],
        )
        if kind == 1:
            body = data[int.from_bytes(where, "big") :]
            assert body.startswith(b"%d 0 obj\n" % number)
            end = body.index(b"endobj") if b"stream\n" not in body[: body.index(b"endobj")] else None
            found[number] = body[:end]
        elif kind == 2:
            packed[number] = (int.from_bytes(where, "big"), int.from_bytes(index, "big"))
    for number, (home, at) in packed.items():
        content = _stream(found[home])
        first = int(_found(rb"/First (\d+)", found[home]))
        heads = [int(part) for part in content[:first].split()]
        assert heads[2 * at] == number
        ends = [*heads[3::2], len(content) - first]
        found[number] = content[first + heads[2 * at + 1] : first + ends[at]]
    return found


def strings_of(run: bytes) -> Iterator[bytes]:
    """The literal strings in a piece of a content stream: escapes undone, brackets may nest."""
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    depth, written = 0, bytearray()
    for token in re.finditer(rb"\\([0-7]{3}|.)|(.)", run, re.DOTALL):
        escaped, plain = token[1], token[2]
        if plain == b"(" and depth == 0:
            depth, written = 1, bytearray()
        elif plain == b")" and depth == 1:
            depth = 0
            yield bytes(written)
        elif depth and escaped is not None:
            written += bytes([int(escaped, 8)]) if len(escaped) == 3 else named.get(escaped, escaped)
        elif depth and plain is not None:
            depth += {b"(": 1, b")": -1}.get(plain, 0)
            written += plain


def text_of(data: bytes) -> str:
    """The text of a PDF, as a program that copies it reads it."""
    return "".join(page_texts(data))


def page_texts(data: bytes) -> list[str]:
    """The text of each page: glyphs by the fonts' tables."""
    objects = objects_of(data)

    def content(number: int) -> bytes:
        return _stream(objects[number])

    def number_of(name: bytes, body: bytes) -> int | None:
        found = re.search(rb"/" + name + rb"[ \[]*(\d+) 0 R", body)
        return None if found is None else int(found[1])

    def run_of(holder: bytes, commands: bytes) -> Iterator[str]:
        commands = re.sub(rb"/ActualText.*?>>BDC", b"", commands, flags=re.DOTALL)
        resources = objects[number] if (number := number_of(b"Resources", holder)) is not None else holder
        glyphs: dict[bytes, dict[bytes, str]] = {}
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            table = number_of(b"ToUnicode", objects[int(font)])
            assert table is not None
            glyphs[name] = {
                bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
                for code, text in re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", content(table))
            }
        pictures = {name: int(number) for name, number in re.findall(rb"/(x\d+) (\d+) 0 R", resources)}
        for font, run, picture in re.findall(
            rb"/(f\d+) [\d.]+ Tf(.*?)(?=/f\d+ [\d.]+ Tf|\nET)|/(x\d+) Do", commands, re.DOTALL
        ):
            if picture:
                yield from run_of(objects[pictures[picture]].partition(b"stream\n")[0], content(pictures[picture]))
            for piece in strings_of(run):
                yield from (glyphs[font][piece[at : at + 2]] for at in range(0, len(piece), 2))
            yield " "

    pages = next(body for body in objects.values() if b"/Type/Pages" in body)
    numbers = [int(number) for number in re.findall(rb"(\d+) 0 R", _found(rb"/Kids\[(.*?)\]", pages))]
    return ["".join(run_of(objects[page], content(number_of(b"Contents", objects[page]) or 0))) for page in numbers]


def pages_of(data: bytes) -> int:
    return sum(body.count(b"/Type/Page/") for body in objects_of(data).values())


def squeezed(text: str) -> str:
    return "".join(text.replace("\u2060", "").split())
