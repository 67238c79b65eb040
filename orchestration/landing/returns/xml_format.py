"""Which element of an XML return is which record or field: the seeds, arranged by the names that a file uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from catalogue.returns import OWN_TEXT, ReturnCatalogue

#: For parsers of lxml: nothing a file declares is obeyed, and nothing is ever fetched.
PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass
class RecordSpec:
    """How to read one element that is a record.

    ``actions`` maps the name of an element in it to what it is: a place in the row, a dictionary of the same kind for
    an element that only holds others, a `RecordSpec` for a record of its own, an `Either`, or None for what is never
    stored.
    """

    record_id: str
    width: int
    identifier: int | None = None
    own_text: int | None = None
    actions: dict[str, Any] = field(default_factory=dict)
    from_parent: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Either:
    """An element that is a value where it holds text, and a record where it holds elements."""

    place: int
    record: RecordSpec


class XmlFormat:
    """The elements of one return as a collection year calls them.

    ``top_path`` are the names from the root's child down to the child a record lies in, ``top`` how to read that one,
    ``known`` the names of elements of the format in any year: these may be said, because they are nobody's data.
    """

    def __init__(self, returns: ReturnCatalogue, return_id: str, top_path: tuple[str, ...], year: int | None) -> None:
        self._returns = returns
        self._year = year
        self.return_id = return_id
        self.top_path = top_path
        self.top = self._top_spec()
        self.known = self._known_names()

    @property
    def top_tag(self) -> str:
        """The name of the element that holds one child."""
        return self.top_path[-1]

    @property
    def identifier_path(self) -> str:
        """Where the identifier of a child lies, for an operator: CHILDID of CHILD or CHILD/HEADER."""
        record_id = self.top.record_id
        holder, _, name = self._names(record_id, "child_key")[0].rpartition("/")
        holders = [
            self.top_tag + (f"/{holder}" if holder else ""),
            *(f"{self.top_tag}/{one}" for one in self._holders()),
        ]
        return f"{name} of {' or '.join(holders)}"

    def _top_spec(self) -> RecordSpec:
        records = self._returns.records_of(self.return_id)
        top, *others = records
        specs = {record.record_id: self._spec_of(record.record_id) for record in records}
        for record in others:
            # Tables of the looked-after return stand side by side in CSV; in XML they lie in their child.
            parent = specs[record.parent_record_id or top.record_id]
            for name in self._names(record.record_id, None):
                _put(parent.actions, name.split("/"), specs[record.record_id])
            if record.parent_record_id is None:
                specs[record.record_id].from_parent = self._shared(record.record_id, top.record_id)
        for name in self._holders():
            # What a child holds may also lie in this element of it. A copy, so that it holds no other of its name.
            specs[top.record_id].actions[name] = dict(specs[top.record_id].actions)
        return specs[top.record_id]

    def _holders(self) -> list[str]:
        """Elements in a child in which its particulars may lie: the rest of a longer name of the child."""
        child = "/".join(self.top_path) + "/"
        names = self._names(self._returns.records_of(self.return_id)[0].record_id, None)
        return [name.removeprefix(child) for name in names if name.startswith(child)]

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
        return self._returns.names(record_id, field_id, "xml", self._year)

    def _shared(self, record_id: str, parent_id: str) -> tuple[tuple[int, int], ...]:
        """Places of values that a nested record repeats in CSV and leaves to its child in XML."""
        parent = enumerate(self._returns.stored(parent_id))
        places = {one.source_name: place for place, one in parent if one.source_name}
        return tuple(
            (place, places[one.source_name])
            for place, one in enumerate(self._returns.stored(record_id))
            if one.source_name in places
        )

    def _known_names(self) -> set[str]:
        known = set()
        for record in self._returns.records_of(self.return_id):
            for one in (None, *(each.field_id for each in self._returns.fields(record.record_id))):
                for name in self._names(record.record_id, one):
                    known.update(name.split("/"))
        return known


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _put(actions: dict[str, Any], path: list[str], what: Any) -> None:
    """Place a record, a column or None at the end of a path of element names."""
    *holders, last = path
    for name in holders:
        actions = actions.setdefault(name, {})
    if isinstance(actions.get(last), int) and isinstance(what, RecordSpec):
        actions[last] = Either(actions[last], what)
    else:
        actions.setdefault(last, what)
