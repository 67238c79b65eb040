"""Elements of an XML return to rows of the raw tables: the children of a return, a few at a time or many."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from catalogue.returns import CENSUS, ReturnCatalogue
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.pseudonym import is_identifier
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import Statement
from orchestration.landing.returns.xml_blocks import BlockReader
from orchestration.landing.returns.xml_format import PARSER_OPTIONS, Either, RecordSpec, XmlFormat, local_name

CENSUS_ROOT = "Message"
# The largest family history is a thousandth of this; what is larger is no child, and would have to be held in memory.
LARGEST_CHILD = 32 * 1024**2
_CENSUS_COLLECTION = "CIN"
_NO_IDENTIFIER = "It has no identifier of its child."
_IN_NO_IDENTIFIER = "It lies in a child without an identifier."
_UNKNOWN = object()
_LONDON = ZoneInfo("Europe/London")


class NotPlainError(Exception):
    """A census is not as systems write it, so that it has to be read element by element from its beginning."""


class Children:
    """Turns children into rows, counting what it cannot place."""

    def __init__(
        self, returns: ReturnCatalogue, delivery: Delivery, elements: XmlFormat, writer: RecordBatches
    ) -> None:
        self._records = returns.records_of(elements.return_id)
        self._delivery = delivery
        self._format = elements
        self._writer = writer
        self._unknown: Counter[str] = Counter()
        self._unused: Counter[str] = Counter()
        self._unused_names = {one.element for one in returns.unused_tables if one.return_id == elements.return_id}
        self._repeated: Counter[str] = Counter()
        self._never: Counter[str] = Counter()
        self._number = 0
        self._children = 0
        self._has_header = elements.return_id != CENSUS
        self._prefix = "/".join(elements.top_path)
        self._holder: Any = None
        self._last: Any = None
        self._line_before = 0
        self._sent_at: str | None = None
        self._serial_no: int | None = None
        self._found_instead: set[str] = set()
        # Of a census alone, which is large and regular.
        self._blocks: BlockReader | None = None
        #: What the header says that does not fit, as a sentence.
        self.note: str | None = None

    # -- elements --------------------------------------------------------------------------------------------------

    def take(self, element: Any) -> bool:
        """Read a header or a child and let go of it; False for an element of that name in another place."""
        if not self._is_in_place(element):
            if not self._is_header(element):
                return False
            self._header(element)
            element.clear(keep_tail=False)
            return True
        if local_name(element.tag) != self._format.top_tag:
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
        ancestors = [local_name(one.tag) for one in element.iterancestors()]
        is_in_place = bool(ancestors) and tuple(reversed(ancestors))[1:] == self._format.top_path[:-1]
        if is_in_place:
            self._holder = parent
        return is_in_place

    def _is_header(self, element: Any) -> bool:
        parent = element.getparent()
        is_top = parent is not None and parent.getparent() is None
        return is_top and self._format.return_id == CENSUS and local_name(element.tag) == "Header"

    def head(self, text: bytes) -> None:
        """Read everything before the first child. Raises NotPlainError when it is not what systems write."""
        parser = etree.XMLPullParser(events=("start", "end"), **PARSER_OPTIONS)
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
        if tuple(local_name(one.tag) for one in still_open) != (CENSUS_ROOT, *self._format.top_path[:-1]):
            raise NotPlainError
        self._count_beside(still_open[0])
        for element in still_open[-1]:
            self._count_unknown(element)
        if not self._has_header:
            raise FileRefusedError("It has no header before its children, so it does not say whose it is.")

    def block(self, text: bytes, end: int, line: int) -> tuple[bytes, int]:
        """Read the children in the text up to ``end``, the first on ``line``; returns the rest and its line."""
        taken, rest = text[:end], text[end:]
        if end <= 0 or len(rest) > LARGEST_CHILD or b"<!" in taken or b"<?" in taken:
            raise NotPlainError
        begin = len(taken) - len(taken.lstrip())
        line += taken.count(b"\n", 0, begin)
        taken = taken[begin:]
        if self._blocks is None:
            self._blocks = BlockReader(self._format.top, self._format.top_tag, self._prefix)
        block = self._blocks.read(taken, line, self._number + 1, self._children + 1)
        if block is not None:
            self._number += block.records
            self._children += block.children
            self._never.update(block.never_stored)
            self._writer.add(block.tables)
        else:
            self._irregular(taken, line)
        return rest, line + taken.count(b"\n")

    def _irregular(self, text: bytes, line: int) -> None:
        try:
            holder = etree.fromstring(b"<Children>" + text + b"</Children>", etree.XMLParser(**PARSER_OPTIONS))
        except etree.XMLSyntaxError:
            raise NotPlainError from None
        self._line_before = line - 1
        for element in holder:
            if local_name(element.tag) == self._format.top_tag:
                self._child(element)
            else:
                self._count_unknown(element)
        self._line_before = 0

    def _header(self, element: Any) -> None:
        values = {local_name(one.tag): (one.text or "").strip() for one in element.iter()}
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
        self._sent_at = _moment(values.get("DateTime", ""))
        self._serial_no = int(values["SerialNo"]) if re.fullmatch("[0-9]{1,9}", values.get("SerialNo", "")) else None
        # 31 March in any order and with any time zone.
        if "ReferenceDate" in values and not {str(self._delivery.year), "03", "31"} <= {
            *re.findall(r"\d+", values["ReferenceDate"])
        }:
            self.note = (
                f"Its header names another reference date than {self._delivery.year}-03-31. It was read as the census "
                f"of {self._delivery.year}; check that it is that of this year, and export it again if not."
            )
        self._has_header = True

    def _child(self, element: Any) -> None:
        self._children += 1
        writer = self._writer
        marks = [(writer.rows(one.record_id), len(writer.rows(one.record_id))) for one in self._records]
        self._number += 1
        number = self._number
        row = self._record(element, self._format.top, number, None, number, f"{self._prefix}[{self._children}]")
        if self._format.top.identifier is not None and not is_identifier(row[self._format.top.identifier]):
            self._found_instead.update(local_name(one.tag) for one in element)
            self._reject_child(number, marks)
        writer.settle()

    def _reject_child(self, number: int, marks: list[tuple[list[Any], int]]) -> None:
        for rows, mark in marks:
            for row in rows[mark:]:
                reason = _NO_IDENTIFIER if row[0] == number else _IN_NO_IDENTIFIER
                self._writer.reject(RejectedLine(int(row[1]), None, reason, str(row[2])))
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
        self._writer.rows(spec.record_id).append(
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
        rows = self._writer.rows(spec.record_id)
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
                tag = local_name(tag)
                action = actions.get(tag, _UNKNOWN)
            if type(action) is Either:
                action = action.record if len(inner) else action.place
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
            elif tag in self._unused_names:
                self._unused[tag] += 1
            else:
                self._unknown[tag] += 1
                self._count_all(inner)

    def _count_unknown(self, element: Any) -> None:
        """Count an element beside the children, unless it is a child that is read already."""
        if local_name(element.tag) != self._format.top_tag:
            self._unknown[local_name(element.tag)] += 1
            self._count_all(element)

    def _count_beside(self, root: Any) -> None:
        """Count what lies in the root beside the header and the holder of the children."""
        for element in root:
            if local_name(element.tag) not in ("Header", self._format.top_path[0]):
                self._unknown[local_name(element.tag)] += 1
                self._count_all(element)

    def _count_all(self, element: Any) -> None:
        for inner in element.iterdescendants():
            self._unknown[local_name(inner.tag)] += 1

    # -- afterwards ------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Count what lies beside the children; refuse a file that holds none."""
        if not self._has_header:
            raise FileRefusedError("It has no header, so it does not say whose it is. Export it again.")
        if not self._children:
            raise FileRefusedError("It holds no child. Export it again.")
        if self._format.return_id == CENSUS:
            self._count_beside(self._holder.getparent())
        for element in self._last.itersiblings():
            self._count_unknown(element)

    def statement(self) -> Statement:
        """What the header says of the file, and what children without an identifier hold instead."""
        advice = None
        if self._found_instead:
            known = sorted(self._found_instead & self._format.known)
            found = f"the elements {', '.join(known)}" if known else "no element of the format"
            advice = f"The identifier of a child is expected in {self._format.identifier_path}; found was {found}."
        return Statement(tuple(one.record_id for one in self._records), self._sent_at, self._serial_no, advice)

    def ignored(self) -> str | None:
        """Elements that were not stored: names of the format are said, others counted."""
        parts = [f"{name} ({count:,}, never stored)" for name, count in sorted(self._never.items())]
        parts += [f"{name} ({count:,}, not used)" for name, count in sorted(self._unused.items())]
        parts += [f"{name} ({count:,}, in another place)" for name, count in sorted(self._named().items())]
        parts += [f"{name} ({count:,}, given again)" for name, count in sorted(self._repeated.items())]
        others = sum(count for name, count in self._unknown.items() if name not in self._format.known)
        if others:
            parts.append(f"{others:,} element{'s' if others > 1 else ''} not in the format")
        return ", ".join(parts) or None

    def _named(self) -> dict[str, int]:
        return {name: count for name, count in self._unknown.items() if name in self._format.known}


def _moment(text: str) -> str | None:
    """When a message was written, as a clock in London showed it; None where it is no moment."""
    moment = None
    for read in (datetime.fromisoformat, _day_first):
        with suppress(ValueError):
            moment = moment or read(text.strip())
    if moment is not None and moment.tzinfo is not None:
        moment = moment.astimezone(_LONDON).replace(tzinfo=None)
    return None if moment is None else moment.isoformat()


def _day_first(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M:%S" if ":" in text else "%d/%m/%Y")  # noqa: DTZ007  (as it is told)
