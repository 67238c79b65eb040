"""Returns in XML, read as a stream: a few children at a time, so that memory does not grow with the file.

Which element is which record or field follows from the seeds (`record_type`, `return_field`, `return_difference`).
Nothing a file declares is obeyed: a document type or an entity refuses it before a parser sees more than its first
lines, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lxml import etree

from catalogue.returns import CENSUS, LOOKED_AFTER, OWN_TEXT, ReturnCatalogue
from orchestration.landing.forms.recognise import FileRefusedError
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.sink import Sink, is_identifier
from orchestration.landing.returns.xml_blocks import BlockReader

_PIECE = 256 * 1024
# Enough that the cost of each operation on arrays is that of its elements.
_BLOCK = 4 * 1024 * 1024
_HEAD_PIECE = 2048
_LONGEST_HEAD = 1024 * 1024
# The largest family history is a thousandth of this; what is larger is no child, and would have to be held in memory.
_LARGEST_CHILD = 32 * 1024**2
_CENSUS_ROOT = "Message"
_CENSUS_COLLECTION = "CIN"
_NO_IDENTIFIER = "It has no identifier of its child."
_IN_NO_IDENTIFIER = "It lies in a child without an identifier."
_PLAIN_BEGIN = re.compile(
    rb"""(\xef\xbb\xbf)?\s*(<\?xml\s[^>]*?encoding=["'](utf-8|us-ascii)["'][^>]*>|<\?xml(?![^>]*encoding)|<M)""", re.I
)
_PLAIN_END = re.compile(rb"\s*</Children>\s*</[\w:.-]+>\s*")
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_BROKEN = (
    "It is cut off or not well-formed XML, so it cannot be told what it holds. Export it again; nothing is read from a "
    "file that breaks off."
)
_DECLARED = (
    "It declares a document type or entities, which no return needs and which can hide an attack. Export it without "
    "them."
)


class NotPlainError(Exception):
    """A census is not as systems write it, so that it has to be read element by element from its beginning."""


@dataclass(frozen=True)
class XmlFacts:
    """What the first elements and the header of an XML file say. ``year`` and ``la_code`` are None where not said."""

    return_id: str
    top_path: tuple[str, ...]


@dataclass
class RecordSpec:
    """How to read one element that is a record.

    ``actions`` maps the name of an element in it to what it is: a place in the row, a dictionary of the same kind for
    an element that only holds others, a `RecordSpec` for a record of its own, or None for what is never stored.
    """

    record_id: str
    width: int
    identifier: int | None = None
    own_text: int | None = None
    actions: dict[str, Any] = field(default_factory=dict)
    from_parent: tuple[tuple[int, int], ...] = ()


def recognise_xml(returns: ReturnCatalogue, delivery: Delivery) -> XmlFacts:
    """Which return an XML file is, by its first two elements.

    Raises FileRefusedError: it is none, it is not XML, or it declares a document type.
    """
    parser = etree.XMLPullParser(events=("start",), **_OPTIONS)
    names: list[str] = []
    held = b""
    try:
        for piece in delivery.pieces(_HEAD_PIECE):
            # Bytes of UTF-16 read like those of ASCII once the zeros are gone.
            held += piece.replace(b"\0", b"")
            if _DECLARES.search(held):
                raise FileRefusedError(_DECLARED)
            parser.feed(piece)
            for _, element in parser.read_events():
                if element.getroottree().docinfo.internalDTD is not None:
                    raise FileRefusedError(_DECLARED)
                names.append(_local(element.tag))
            if len(names) >= 2:
                break
            if len(held) > _LONGEST_HEAD:
                raise FileRefusedError("It is not a return: it does not begin with the elements of one.")
        else:
            parser.close()
    except etree.XMLSyntaxError:
        raise FileRefusedError(_BROKEN) from None
    if names[0] == _CENSUS_ROOT:
        return XmlFacts(CENSUS, ("Children", "Child"))
    top = returns.records_of(LOOKED_AFTER)[0]
    tops = returns.names(top.record_id, None, "xml", delivery.year)
    if len(names) > 1 and names[1] == tops[0]:
        return XmlFacts(LOOKED_AFTER, (tops[0],))
    raise FileRefusedError(
        "It is no children in need census and no looked-after children return: its first elements are those of "
        "neither. Deliver the return itself."
    )


def read_xml(returns: ReturnCatalogue, delivery: Delivery, facts: XmlFacts, sink: Sink) -> str | None:
    """Hand every record of any well-formed file to the sink; returns what was ignored, in words.

    Raises FileRefusedError: it is not well-formed, or its header contradicts the folder it lies in.
    """
    reader = _Reader(returns, delivery, facts, sink)
    parser = etree.XMLPullParser(events=("end",), tag=("{*}Header", "{*}" + facts.top_path[-1]), **_OPTIONS)
    held = 0
    try:
        for piece in delivery.pieces(_PIECE):
            parser.feed(piece)
            held += len(piece)
            for _, element in parser.read_events():
                if reader.take(element):
                    held = 0
            if held > _LARGEST_CHILD:
                raise FileRefusedError(
                    f"More than {_LARGEST_CHILD // 1024**2} MB of it lie in one element or in none of a return, so it "
                    "cannot be read safely."
                )
        parser.close()
        for _, element in parser.read_events():
            reader.take(element)
    except etree.XMLSyntaxError:
        raise FileRefusedError(_BROKEN) from None
    reader.finish()
    return reader.ignored()


def read_plain_census(returns: ReturnCatalogue, delivery: Delivery, facts: XmlFacts, sink: Sink) -> str | None:
    """Like `read_xml`, many times faster, for a census as systems write it: UTF-8, no comments, one element `Children`.

    Well-formedness of the whole file is checked by a parser that builds nothing; children are then read in blocks, and
    those of an irregular block one by one.

    Raises NotPlainError: the file is something else; nothing of what went into the sink may be kept.
    """
    reader = _Reader(returns, delivery, facts, sink)
    checker = expat.ParserCreate()
    first, last = (f"<{facts.top_path[-1]}>".encode(), f"</{facts.top_path[-1]}>".encode())
    text = b""
    line = 1
    has_begun = False
    try:
        for piece in delivery.pieces(_BLOCK // 4):
            if not text and not has_begun and not _PLAIN_BEGIN.match(piece):
                raise NotPlainError
            checker.Parse(piece, False)
            text += piece
            if not has_begun:
                begin = text.find(first)
                if begin < 0:
                    if len(text) > _LONGEST_HEAD:
                        raise NotPlainError
                    continue
                reader.head(text[:begin])
                line += text.count(b"\n", 0, begin)
                text, has_begun = text[begin:], True
            if len(text) >= _BLOCK:
                text, line = reader.block(text, text.rfind(last) + len(last), line)
        checker.Parse(b"", True)
    except expat.ExpatError:
        raise FileRefusedError(_BROKEN) from None
    if not has_begun:
        raise NotPlainError
    text, line = reader.block(text, text.rfind(last) + len(last), line)
    if not _PLAIN_END.fullmatch(text):
        raise NotPlainError
    return reader.ignored()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Reader:
    """Turns children into rows, counting what it cannot place."""

    def __init__(self, returns: ReturnCatalogue, delivery: Delivery, facts: XmlFacts, sink: Sink) -> None:
        self._returns = returns
        self._delivery = delivery
        self._facts = facts
        self._sink = sink
        self._spec = self._top_spec()
        self._known = self._known_names()
        self._unknown: Counter[str] = Counter()
        self._repeated: Counter[str] = Counter()
        self._never: Counter[str] = Counter()
        self._number = 0
        self._children = 0
        self._has_header = facts.return_id != CENSUS
        self._prefix = "/".join(facts.top_path)
        self._holder: Any = None
        self._last: Any = None
        self._line_before = 0
        self._blocks = BlockReader(self._spec, facts.top_path[-1], self._prefix)

    # -- what the seeds say ----------------------------------------------------------------------------------------

    def _top_spec(self) -> RecordSpec:
        records = self._returns.records_of(self._facts.return_id)
        top, *others = records
        specs = {record.record_id: self._spec_of(record.record_id) for record in records}
        for record in others:
            # Tables of the looked-after return stand side by side in CSV; in XML they lie in their child.
            parent = specs[record.parent_record_id or top.record_id]
            for name in self._names(record.record_id, None):
                _put(parent.actions, name.split("/"), specs[record.record_id])
            if record.parent_record_id is None:
                specs[record.record_id].from_parent = self._shared(record.record_id, top.record_id)
        return specs[top.record_id]

    def _spec_of(self, record_id: str) -> RecordSpec:
        spec = RecordSpec(record_id, len(self._returns.stored(record_id)))
        place = 0
        for one in self._returns.fields(record_id):
            if one.field_id == "child_key":
                spec.identifier = place
            if one.source_name == OWN_TEXT:
                spec.own_text = place
            else:
                for name in self._names(record_id, one.field_id):
                    _put(spec.actions, name.split("/"), place if one.is_stored else None)
            place += one.is_stored
        return spec

    def _names(self, record_id: str, field_id: str | None) -> tuple[str, ...]:
        return self._returns.names(record_id, field_id, "xml", self._delivery.year)

    def _shared(self, record_id: str, parent_id: str) -> tuple[tuple[int, int], ...]:
        """Places of values that a nested record repeats in CSV and leaves to its child in XML."""
        places = {one.source_name: place for place, one in enumerate(self._returns.stored(parent_id))}
        return tuple(
            (place, places[one.source_name])
            for place, one in enumerate(self._returns.stored(record_id))
            if one.source_name in places
        )

    def _known_names(self) -> set[str]:
        """Names of elements of the format in any year: these may be said, because they are nobody's data."""
        known = set()
        for record in self._returns.records_of(self._facts.return_id):
            for one in (None, *(each.field_id for each in self._returns.fields(record.record_id))):
                for name in self._names(record.record_id, one):
                    known.update(name.split("/"))
        return known

    # -- elements --------------------------------------------------------------------------------------------------

    def take(self, element: Any) -> bool:
        """Read a header or a child and let go of it; False for an element of that name in another place."""
        if not self._is_in_place(element):
            if not self._is_header(element):
                return False
            self._header(element)
            element.clear(keep_tail=False)
            return True
        if _local(element.tag) != self._facts.top_path[-1]:
            return False
        if not self._has_header:
            raise FileRefusedError("It has no header before its children, so it does not say whose it is.")
        self._child(element)
        self._last = element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while (before := element.getprevious()) is not None:
            self._count_unknown(before)
            parent.remove(before)
        return True

    def _is_in_place(self, element: Any) -> bool:
        """Whether an element lies where the children of the return lie."""
        parent = element.getparent()
        if parent is not None and parent is self._holder:
            return True
        ancestors = [_local(one.tag) for one in element.iterancestors()]
        is_in_place = bool(ancestors) and tuple(reversed(ancestors))[1:] == self._facts.top_path[:-1]
        if is_in_place:
            self._holder = parent
        return is_in_place

    def _is_header(self, element: Any) -> bool:
        parent = element.getparent()
        is_top = parent is not None and parent.getparent() is None
        return is_top and self._facts.return_id == CENSUS and _local(element.tag) == "Header"

    def head(self, text: bytes) -> None:
        """Read everything before the first child. Raises NotPlainError when it is not what systems write."""
        parser = etree.XMLPullParser(events=("start", "end"), **_OPTIONS)
        try:
            parser.feed(text)
        except etree.XMLSyntaxError:
            raise NotPlainError from None
        still_open: list[Any] = []
        for event, element in parser.read_events():
            if event == "start":
                still_open.append(element)
                continue
            still_open.pop()
            if self._is_header(element):
                self._header(element)
        if tuple(_local(one.tag) for one in still_open) != (_CENSUS_ROOT, *self._facts.top_path[:-1]):
            raise NotPlainError
        self._count_beside(still_open[0])
        for element in still_open[-1]:
            self._count_unknown(element)
        if not self._has_header:
            raise FileRefusedError("It has no header before its children, so it does not say whose it is.")

    def block(self, text: bytes, end: int, line: int) -> tuple[bytes, int]:
        """Read the children in the text up to ``end``, the first on ``line``; returns the rest and its line."""
        taken, rest = text[:end], text[end:]
        if end <= 0 or len(rest) > _LARGEST_CHILD or b"<!" in taken or b"<?" in taken:
            raise NotPlainError
        begin = len(taken) - len(taken.lstrip())
        line += taken.count(b"\n", 0, begin)
        taken = taken[begin:]
        block = self._blocks.read(taken, line, self._number + 1, self._children + 1)
        if block is not None:
            self._number += block.records
            self._children += block.children
            self._never.update(block.never_stored)
            self._sink.add(block.tables)
        else:
            self._irregular(taken, line)
        return rest, line + taken.count(b"\n")

    def _irregular(self, text: bytes, line: int) -> None:
        try:
            holder = etree.fromstring(b"<Children>" + text + b"</Children>", etree.XMLParser(**_OPTIONS))
        except etree.XMLSyntaxError:
            raise NotPlainError from None
        self._line_before = line - 1
        for element in holder:
            if _local(element.tag) == self._facts.top_path[-1]:
                self._child(element)
            else:
                self._count_unknown(element)
        self._line_before = 0

    def _header(self, element: Any) -> None:
        values = {_local(one.tag): (one.text or "").strip() for one in element.iter()}
        if values.get("Collection", _CENSUS_COLLECTION).upper() != _CENSUS_COLLECTION:
            raise FileRefusedError("Its header says that it is another collection than children in need.")
        if not values.get("LEA") or not values.get("Year"):
            raise FileRefusedError("Its header does not say authority and year (LEA and Year). Export it again.")
        if values["LEA"] != self._delivery.la_code:
            raise FileRefusedError(
                f"Its header names another authority than its folder, {self._delivery.la_code}. Put it in the folder "
                "of its own authority."
            )
        if values["Year"] != str(self._delivery.year):
            raise FileRefusedError(
                f"Its header names another year than its folder, {self._delivery.year}. Put it in the folder of its "
                "own year."
            )
        self._has_header = True

    def _child(self, element: Any) -> None:
        self._children += 1
        sink, records = self._sink, self._returns.records_of(self._facts.return_id)
        marks = [(sink.rows(record.record_id), len(sink.rows(record.record_id))) for record in records]
        self._number += 1
        number = self._number
        row = self._record(element, self._spec, number, None, number, f"{self._prefix}[{self._children}]")
        if self._spec.identifier is not None and not is_identifier(row[self._spec.identifier]):
            self._reject_child(number, marks)
        sink.settle()

    def _reject_child(self, number: int, marks: list[tuple[list[Any], int]]) -> None:
        for rows, mark in marks:
            for row in rows[mark:]:
                reason = _NO_IDENTIFIER if row[0] == number else _IN_NO_IDENTIFIER
                self._sink.reject(RejectedLine(int(row[1]), None, reason, str(row[2])))
            del rows[mark:]

    def _record(
        self, element: Any, spec: RecordSpec, number: int, parent: int | None, child: int, path: str
    ) -> list[str | None]:
        """Append the row of an element, then those of the records in it; returns the values of the row."""
        values: list[str | None] = [None] * spec.width
        nested: list[tuple[Any, RecordSpec, str]] = []
        self._fields(element, spec.actions, values, nested, path)
        if spec.own_text is not None:
            values[spec.own_text] = (element.text or "").strip() or None
        self._sink.rows(spec.record_id).append(
            (number, element.sourceline + self._line_before, path, parent, child, *values)
        )
        for inner, inner_spec, inner_path in nested:
            self._number += 1
            self._nested(inner, inner_spec, self._number, number, child, inner_path, values)
        return values

    def _nested(
        self,
        element: Any,
        spec: RecordSpec,
        number: int,
        parent: int,
        child: int,
        path: str,
        parent_values: list[str | None],
    ) -> None:
        if not spec.from_parent:
            self._record(element, spec, number, parent, child, path)
            return
        own = self._record(element, spec, number, parent, child, path)
        for place, parent_place in spec.from_parent:
            own[place] = own[place] or parent_values[parent_place]
        rows = self._sink.rows(spec.record_id)
        rows[-1] = (*rows[-1][:5], *own)

    def _fields(
        self,
        element: Any,
        actions: dict[str, Any],
        values: list[str | None],
        nested: list[tuple[Any, RecordSpec, str]],
        path: str,
    ) -> None:
        seen: dict[str, int] = {}
        for inner in element:
            tag = inner.tag
            action = actions.get(tag, _UNKNOWN)
            if action is _UNKNOWN:
                tag = _local(tag)
                action = actions.get(tag, _UNKNOWN)
            kind = type(action)
            if kind is int:
                text = inner.text
                text = text and text.strip()
                if text:
                    if values[action] is None:
                        values[action] = text
                    elif values[action] != text:
                        self._repeated[tag] += 1
                if len(inner):
                    self._count_all(inner)
            elif kind is RecordSpec:
                place = seen[tag] = seen.get(tag, 0) + 1
                nested.append((inner, action, f"{path}/{tag}[{place}]"))
            elif kind is dict:
                place = seen[tag] = seen.get(tag, 0) + 1
                self._fields(inner, action, values, nested, f"{path}/{tag}" if place == 1 else f"{path}/{tag}[{place}]")
            elif action is None:
                self._never[tag] += 1
            else:
                self._unknown[tag] += 1
                self._count_all(inner)

    def _count_unknown(self, element: Any) -> None:
        """Count an element beside the children, unless it is a child that is read already."""
        if _local(element.tag) != self._facts.top_path[-1]:
            self._unknown[_local(element.tag)] += 1
            self._count_all(element)

    def _count_beside(self, root: Any) -> None:
        """Count what lies in the root beside the header and the holder of the children."""
        for element in root:
            if _local(element.tag) not in ("Header", self._facts.top_path[0]):
                self._unknown[_local(element.tag)] += 1
                self._count_all(element)

    def _count_all(self, element: Any) -> None:
        for inner in element.iterdescendants():
            self._unknown[_local(inner.tag)] += 1

    # -- afterwards ------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Count what lies beside the children; refuse a file that holds none."""
        if not self._has_header:
            raise FileRefusedError("It has no header, so it does not say whose it is. Export it again.")
        if not self._children:
            raise FileRefusedError("It holds no child. Export it again.")
        if self._facts.return_id == CENSUS:
            self._count_beside(self._holder.getparent())
        for element in self._last.itersiblings():
            self._count_unknown(element)

    def ignored(self) -> str | None:
        """Elements that were not stored: names of the format are said, others counted."""
        parts = [f"{name} ({count:,}, never stored)" for name, count in sorted(self._never.items())]
        parts += [f"{name} ({count:,}, in another place)" for name, count in sorted(self._named().items())]
        parts += [f"{name} ({count:,}, given again)" for name, count in sorted(self._repeated.items())]
        others = sum(count for name, count in self._unknown.items() if name not in self._known)
        if others:
            parts.append(f"{others:,} element{'s' if others > 1 else ''} not in the format")
        return ", ".join(parts) or None

    def _named(self) -> dict[str, int]:
        return {name: count for name, count in self._unknown.items() if name in self._known}


_UNKNOWN = object()


def _put(actions: dict[str, Any], path: list[str], what: Any) -> None:
    """Place a record, a column or None at the end of a path of element names."""
    *holders, last = path
    for name in holders:
        actions = actions.setdefault(name, {})
    actions.setdefault(last, what)
