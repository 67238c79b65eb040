"""Returns in XML, read as a stream: a few children at a time, so that memory does not grow with the file.

Which element is which record or field follows from the seeds (`record_type`, `return_field`, `return_difference`).
Nothing a file declares is obeyed: a document type or an entity refuses it before a parser sees more than its first
lines, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Self
from xml.parsers import expat

from lxml import etree

from catalogue.returns import CENSUS, LOOKED_AFTER, ReturnCatalogue
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import ReadAgainError, Statement
from orchestration.landing.returns.xml_children import CENSUS_ROOT, LARGEST_CHILD, Children, NotPlainError
from orchestration.landing.returns.xml_format import PARSER_OPTIONS, XmlFormat, local_name

_PIECE = 256 * 1024
# Enough that the cost of each operation on arrays is that of its elements.
_BLOCK = 4 * 1024 * 1024
_HEAD_PIECE = 2048
_LONGEST_HEAD = 1024 * 1024
_PLAIN_BEGIN = re.compile(
    rb"""(\xef\xbb\xbf)?\s*(<\?xml\s[^>]*?encoding=["'](utf-8|us-ascii)["'][^>]*>|<\?xml(?![^>]*encoding)|<M)""", re.I
)
_PLAIN_END = re.compile(rb"\s*</Children>\s*</[\w:.-]+>\s*")
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (
    "It is cut off or not well-formed XML, so it cannot be told what it holds. Export it again; nothing is read from a "
    "file that breaks off."
)
_BEYOND = (
    "An element of it lies more than 256 elements deep or holds more than 10 MB of text, the limits for a return. "
    "Export it again."
)
_DECLARED = (
    "It declares a document type or entities, which no return needs and which can hide an attack. Export it without "
    "them."
)


class XmlReader:
    """A census or a looked-after return in XML."""

    file_format = "xml"

    def __init__(self, returns: ReturnCatalogue, delivery: Delivery, return_id: str, top_path: tuple[str, ...]) -> None:
        self._returns = returns
        self._delivery = delivery
        self._format = XmlFormat(returns, return_id, top_path, delivery.year)
        self._may_be_plain = return_id == CENSUS
        self._ignored: str | None = None
        self._statement = Statement(())
        self._note: str | None = None
        self.return_id = return_id

    @classmethod
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> Self:
        """Tell by its first two elements which return a file is; a packed one is unpacked while it is read.

        Raises FileRefusedError: it is none, it is not XML, or it declares a document type.
        """
        names = _first_elements(delivery)
        if names[0] == CENSUS_ROOT:
            return cls(returns, delivery, CENSUS, ("Children", "Child"))
        top = returns.records_of(LOOKED_AFTER)[0]
        tops = returns.names(top.record_id, None, "xml", delivery.year)
        if len(names) > 1 and names[1] == tops[0]:
            return cls(returns, delivery, LOOKED_AFTER, (tops[0],))
        raise FileRefusedError(
            "It is no children in need census and no looked-after children return: its first elements are those of "
            "neither. Deliver the return itself."
        )

    def read(self, writer: RecordBatches) -> None:
        """Hand every record to the writer.

        Raises FileRefusedError: the file is not well-formed, or its header contradicts the folder it lies in. Raises
        ReadAgainError: a census is not as systems write it; the next call reads it element by element.
        """
        try:
            children = self.read_plain(writer) if self._may_be_plain else self._read_any(writer)
        except NotPlainError:
            self._may_be_plain = False
            raise ReadAgainError from None
        self._ignored = children.ignored()
        self._statement = children.statement()
        self._note = children.note

    def ignored(self) -> str | None:
        """Elements that were not stored: names of the format are said, others counted."""
        return self._ignored

    def note(self) -> str | None:
        """What the header says that does not fit. An element that is not there is no sign of anything."""
        return self._note

    def statement(self) -> Statement:
        """It is the whole of the return; a census says when it was written and which message it is."""
        return self._statement

    def _begin(self, writer: RecordBatches) -> Children:
        return Children(self._returns, self._delivery, self._format, writer)

    def _read_any(self, writer: RecordBatches) -> Children:
        """Read any well-formed file, element by element."""
        children = self._begin(writer)
        parser = etree.XMLPullParser(events=("end",), tag=("{*}Header", "{*}" + self._format.top_tag), **PARSER_OPTIONS)
        held = 0
        try:
            for piece in self._delivery.pieces(_PIECE):
                parser.feed(piece)
                held += len(piece)
                for _, element in parser.read_events():
                    if children.take(element):
                        held = 0
                if held > LARGEST_CHILD:
                    raise FileRefusedError(
                        f"More than {LARGEST_CHILD // 1024**2} MB of it lie in one element or in none of a return, so "
                        "it cannot be read safely."
                    )
            parser.close()
            for _, element in parser.read_events():
                children.take(element)
        except etree.XMLSyntaxError as error:
            raise _refusal(error) from None
        children.finish()
        return children

    def read_plain(self, writer: RecordBatches) -> Children:
        """Read a census as systems write it, many times faster: UTF-8, no comments, one element `Children`.

        Well-formedness of the whole file is checked by a parser that builds nothing; children are then read in blocks,
        and those of an irregular block one by one.

        Raises NotPlainError: the file is something else; nothing of what went to the writer may be kept.
        """
        children = self._begin(writer)
        checker = expat.ParserCreate()
        first, last = (f"<{self._format.top_tag}>".encode(), f"</{self._format.top_tag}>".encode())
        text = b""
        line = 1
        has_begun = False
        try:
            for piece in self._delivery.pieces(_BLOCK // 4):
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
                    children.head(text[:begin])
                    line += text.count(b"\n", 0, begin)
                    text, has_begun = text[begin:], True
                if len(text) >= _BLOCK:
                    text, line = children.block(text, text.rfind(last) + len(last), line)
            checker.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
                raise MemoryError from None
            raise FileRefusedError(_BROKEN) from None
        if not has_begun:
            raise NotPlainError
        text, line = children.block(text, text.rfind(last) + len(last), line)
        if not _PLAIN_END.fullmatch(text):
            raise NotPlainError
        return children


def _first_elements(delivery: Delivery) -> list[str]:
    """The names of the first two elements of a file, or of the only one."""
    parser = etree.XMLPullParser(events=("start",), **PARSER_OPTIONS)
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
                names.append(local_name(element.tag))
            if len(names) >= 2:
                break
            if len(held) > _LONGEST_HEAD:
                raise FileRefusedError("It is not a return: it does not begin with the elements of one.")
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    return names


def _refusal(error: etree.XMLSyntaxError) -> FileRefusedError:
    """What is said of a file that the parser gave up."""
    if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
        raise MemoryError
    return FileRefusedError(_BEYOND if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT else _BROKEN)
