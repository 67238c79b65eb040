"""Makes a tagged PDF small: its many small objects go into compressed object streams (PDF 1.5 and newer, ISO 32000-1
7.5.7 and 7.5.8).

The typesetter writes each of them as plain text, and the tags of a report's tables are ten thousand objects: packed, a
file has a fifth of its size. Nothing of the document changes. The catalogue stays in the open.

pikepdf can do the same. Measured on the longest report: 2.1 s instead of 0.5 s, a file half a per cent larger, and
30 MB of packages that nothing else here needs.
"""

from __future__ import annotations

import re
import zlib

_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*)\nendobj\s*\Z", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_IN_ONE_STREAM = 200


def _stream(number: int, dictionary: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    head = b"%d 0 obj\n<<%b/Length %d/Filter/FlateDecode>>\nstream\n" % (number, dictionary, len(packed))
    return head + packed + b"\nendstream\nendobj\n\n"


def pack(pdf: bytes) -> bytes:
    """The same PDF with its objects in compressed streams and its cross-reference table as a stream.

    Takes a file with one classic cross-reference table whose objects are all of generation 0, as the typesetter writes
    it. Raises ValueError for any other.
    """
    trailer = _TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("a PDF without a classic cross-reference table at its end")
    root = _ROOT.search(trailer[1])
    table_at = int(trailer[2])
    entries = pdf[table_at : trailer.start()].split(b"\n", 2)
    if root is None or entries[0] != b"xref" or b"/Encrypt" in trailer[1] or b"/Prev" in trailer[1]:
        raise ValueError("a PDF whose cross-reference table cannot be rewritten")
    first, count = (int(part) for part in entries[1].split())
    lines = [entries[2][20 * index : 20 * index + 20] for index in range(count)]
    places = {first + index: int(line[:10]) for index, line in enumerate(lines) if line[17:18] == b"n"}
    order = sorted(places, key=places.__getitem__)
    ends = [*(places[number] for number in order[1:]), table_at]

    written = bytearray(pdf[: places[order[0]]])
    offsets: dict[int, int] = {}
    small: list[tuple[int, bytes]] = []
    for number, end in zip(order, ends, strict=True):
        body = pdf[places[number] : end]
        found = _OBJECT.match(body)
        if found is None or int(found[1]) != number:
            raise ValueError(f"a PDF whose object {number} is not where its cross-reference table says")
        if found[2].endswith(b"endstream") or number == int(root[1]):
            offsets[number] = len(written)
            written += body
        else:
            small.append((number, found[2]))

    homes: dict[int, tuple[int, int]] = {}
    size = first + count
    for start in range(0, len(small), _IN_ONE_STREAM):
        group = small[start : start + _IN_ONE_STREAM]
        heads: list[bytes] = []
        at = 0
        for index, (number, body) in enumerate(group):
            heads.append(b"%d %d" % (number, at))
            homes[number] = (size, index)
            at += len(body) + 1
        head = b" ".join(heads) + b"\n"
        offsets[size] = len(written)
        content = head + b"\n".join(body for _, body in group)
        written += _stream(size, b"/Type/ObjStm/N %d/First %d" % (len(group), len(head)), content)
        size += 1

    offsets[size] = len(written)
    rows = bytearray()
    for number in range(size + 1):
        if number in offsets:
            rows += b"\x01" + offsets[number].to_bytes(4, "big") + b"\x00\x00"
        elif number in homes:
            stream, index = homes[number]
            rows += b"\x02" + stream.to_bytes(4, "big") + index.to_bytes(2, "big")
        else:
            rows += b"\x00" * 5 + b"\xff\xff"
    kept = re.sub(rb"/Size \d+", b"", trailer[1])
    table = _stream(size, b"/Type/XRef/W[1 4 2]/Size %d%b" % (size + 1, kept), bytes(rows))
    return bytes(written + table) + b"startxref\n%d\n%%%%EOF\n" % offsets[size]
