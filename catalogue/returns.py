"""Typed view of the seeds that describe the social care returns: what they hold, under which names, in which years.

The oldest known format is written in `record_type` and `return_field`. What a format or a later year calls
differently is a row of `return_difference`; which codes a year knows is said by `code`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from catalogue.seeds import SEEDS, read_id_placeholders, read_seed, seeds_fingerprint

SEEDS_DIR = SEEDS / "returns"
OWN_TEXT = "."
CENSUS = "cin_census"
LOOKED_AFTER = "ssda903"
ANNEX_A = "annex_a"
#: The list of codes of every field of yes and no.
FLAG = "flag"
#: What a programme says whose identifiers of children are one where they differ only in marks and leading zeros.
ALIKE = "alike"
#: The kind of an identifier of a child, and the column beside its key: the key of all that differ only so, where it is
#: another one.
CHILD_ID, ALIKE_KEY = "child_id", "child_alike_key"
# The rules by which an identifier of a child is read, and what is kept of a cell: raised where another one comes out.
_IDENTIFIERS, _CELLS = 3, 3


@dataclass(frozen=True)
class ReturnType:
    """One return, why it may be kept, and whether its files lie in a folder of their collection year.

    ``later_delivery`` says what a later file of it does to the earlier ones: it `replaces` them, `adds`, or
    `adds_to_all` where records are the same whichever authority sent them.
    """

    return_id: str
    return_order: int
    return_label: str
    formats: str
    purpose: str
    lawful_basis: str
    has_collection_year: bool
    later_delivery: str


@dataclass(frozen=True)
class RecordType:
    """One kind of record with a raw table of its own. ``source_name`` is None where only differences name it."""

    record_id: str
    return_id: str
    record_order: int
    record_label: str
    parent_record_id: str | None
    source_name: str | None
    event_date_field: str | None


@dataclass(frozen=True)
class ReturnField:
    """One field of a record; ``source_name`` is `.` for the text of the record's own element.

    ``least`` and ``most`` limit a number; None where nothing does.
    """

    record_id: str
    field_order: int
    field_id: str
    source_name: str | None
    kind: str
    code_list: str | None
    is_required: bool
    storage: str
    least: float | None
    most: float | None

    @property
    def is_stored(self) -> bool:
        """Whether any trace of the value may enter the warehouse (the allow-list)."""
        return self.storage != "never"

    @property
    def codes_of(self) -> str | None:
        """The list whose codes its values are; None where they are no codes."""
        return FLAG if self.kind == "flag" else self.code_list


@dataclass(frozen=True)
class _Identifiers:
    """What the seed of the programme says of identifiers; its other columns are not read here."""

    child_identifiers: str


@dataclass(frozen=True)
class ReturnDifference:
    """A name some years or formats use. ``field_id`` None: the record itself; ``format`` None: every format."""

    return_id: str
    record_id: str
    field_id: str | None
    format: str | None
    first_year: int | None
    last_year: int | None
    source_name: str
    note: str


@dataclass(frozen=True)
class Code:
    """One code of a list, what it means, and the collection years that know it (inclusive)."""

    code_list: str
    code: str
    canonical_code: str
    code_label: str
    code_group: str | None
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class ValueSpelling:
    """Another way in which people write a code."""

    code_list: str
    spelling: str
    code: str


@dataclass(frozen=True)
class AnnexAHeading:
    """The pattern by which the heading of a field of an Annex A list is known."""

    record_id: str
    field_id: str
    pattern: str


@dataclass(frozen=True)
class Authority:
    """One local authority whose returns are expected."""

    la_code: str
    area_code: str
    area_name: str
    has_publication: bool


@dataclass(frozen=True)
class UnusedTable:
    """A table of a return of which nothing is used; ``columns`` are separated by semicolons, ``element`` is for XML."""

    table_label: str
    return_id: str
    element: str | None
    columns: str


@dataclass(frozen=True)
class ValidationRule:
    """One rule the records are held to; `record_ids` is empty where it looks at every kind of record.

    The family is the folder of its file; ``dfe_codes`` are the department's rules that it covers.
    """

    rule_code: str
    family: str
    record_ids: tuple[str, ...]
    severity: str
    sentence: str
    action: str
    dfe_codes: tuple[str, ...]


def holds_in(year: int | None, first_year: int | None, last_year: int | None) -> bool:
    """Whether a collection year lies within limits, both included. Without a year nothing is out of date."""
    if year is None:
        return True
    return (first_year is None or first_year <= year) and (last_year is None or year <= last_year)


class ReturnCatalogue:
    """All seeds of the social care returns, with the lookups that Python code needs."""

    def __init__(self, seeds_dir: Path) -> None:
        self.seeds_dir = seeds_dir
        self.returns = {row.return_id: row for row in read_seed(seeds_dir, "return_type", ReturnType)}
        self.records = {row.record_id: row for row in read_seed(seeds_dir, "record_type", RecordType)}
        self.differences = read_seed(seeds_dir, "return_difference", ReturnDifference)
        self.headings = read_seed(seeds_dir, "annex_a_heading", AnnexAHeading)
        self.unused_tables = read_seed(seeds_dir, "unused_table", UnusedTable)
        self.spellings = read_seed(seeds_dir, "value_spelling", ValueSpelling)
        self.authorities = {row.la_code: row for row in read_seed(seeds_dir, "authority", Authority)}
        self.rules = {row.rule_code: row for row in read_seed(seeds_dir, "validation_rule", ValidationRule)}
        fields: dict[str, list[ReturnField]] = {record_id: [] for record_id in self.records}
        for row in read_seed(seeds_dir, "return_field", ReturnField):
            fields[row.record_id].append(row)
        self._fields = {
            record_id: tuple(sorted(rows, key=lambda row: row.field_order)) for record_id, rows in fields.items()
        }
        codes: dict[str, dict[str, Code]] = {}
        for code in read_seed(seeds_dir, "code", Code):
            codes.setdefault(code.code_list, {})[code.code] = code
        self.codes = codes
        (said,) = read_seed(seeds_dir.parent / "programme", "programme", _Identifiers)
        #: Whether identifiers of children that differ only in marks and leading zeros are one child's.
        self.are_alike_one = said.child_identifiers == ALIKE
        #: Words in the place of an identifier that say that there is none.
        self.id_placeholders = read_id_placeholders(seeds_dir.parent / "forms")

    def records_of(self, return_id: str) -> tuple[RecordType, ...]:
        """The records of a return, in order."""
        found = [record for record in self.records.values() if record.return_id == return_id]
        return tuple(sorted(found, key=lambda record: record.record_order))

    def fields(self, record_id: str) -> tuple[ReturnField, ...]:
        """The fields of a record in order, those that are never stored included."""
        return self._fields[record_id]

    def stored(self, record_id: str) -> tuple[ReturnField, ...]:
        """The fields of a record that have a column, in order."""
        return tuple(field for field in self._fields[record_id] if field.is_stored)

    def takes_child_of_parent(self, record_id: str) -> bool:
        """Whether the record lies in a child and has no identifier of its own: it gets the child's key."""
        record = self.records[record_id]
        return record.parent_record_id is not None and all(
            field.field_id != "child_key" for field in self.stored(record_id)
        )

    def names_child(self, record_id: str) -> bool:
        """Whether the record has an identifier of a child itself."""
        return any(field.kind == CHILD_ID for field in self.stored(record_id))

    def raw_columns(self, record_id: str) -> tuple[str, ...]:
        """The columns of the raw table behind the columns every raw table has."""
        inherited = ("child_key",) if self.takes_child_of_parent(record_id) else ()
        alike = (ALIKE_KEY,) if self.names_child(record_id) else ()
        return (*inherited, *(field.field_id for field in self.stored(record_id)), *alike)

    def names(self, record_id: str, field_id: str | None, file_format: str, year: int | None) -> tuple[str, ...]:
        """What a record (``field_id`` None) or a field may be called in a file.

        The name of the year and format comes first; those of other years follow, because a supplier may send a
        name a year too early or too late, and the name alone is no reason to lose a value.
        """
        own, others = self._names(record_id, field_id, file_format, year)
        return tuple(dict.fromkeys([*own, *others]))

    def name(self, record_id: str, field_id: str, file_format: str, year: int | None) -> str | None:
        """What a collection year calls a field in a format; None where the year does not have it there."""
        own, _ = self._names(record_id, field_id, file_format, year)
        return next(iter(own), self._base_name(record_id, field_id))

    def _base_name(self, record_id: str, field_id: str | None) -> str | None:
        """What the oldest known format calls it."""
        if field_id is None:
            return self.records[record_id].source_name
        return next(field.source_name for field in self._fields[record_id] if field.field_id == field_id)

    def _names(
        self, record_id: str, field_id: str | None, file_format: str, year: int | None
    ) -> tuple[list[str], list[str]]:
        """The names of a year and format, and those of others, that of the oldest known format before them."""
        base = self._base_name(record_id, field_id)
        own: list[str] = []
        others: list[str] = [base] if base else []
        for difference in self.differences:
            if (difference.record_id, difference.field_id) != (record_id, field_id):
                continue
            if difference.format not in (None, file_format):
                continue
            is_own = holds_in(year, difference.first_year, difference.last_year)
            (own if is_own else others).append(difference.source_name)
        return own, others

    def code(self, code_list: str, code: str, year: int | None) -> Code | None:
        """The code of a list as a collection year knows it; None where it does not."""
        found = self.codes[code_list].get(code)
        return found if found and holds_in(year, found.first_year, found.last_year) else None

    def reading_fingerprint(self, return_id: str) -> str:
        """SHA-256 over what decides what is kept of a file of a return: names, headings, kinds, codes in any spelling.

        What only models read (what a code means, its years) is not part of it: landed rows need not change.
        """
        records = self.records_of(return_id)
        fields = [field for record in records for field in self.fields(record.record_id)]
        lists = {field.codes_of for field in fields}
        told = (
            _CELLS,
            [(record.record_id, record.source_name) for record in records],
            fields,
            [row for row in self.differences if row.return_id == return_id],
            [row for row in self.headings if row.record_id in {record.record_id for record in records}],
            sorted(
                (name, code, one.code_label) for name in lists for code, one in self.codes.get(str(name), {}).items()
            ),
            sorted((row.code_list, row.spelling) for row in self.spellings if row.code_list in lists),
            [
                (_IDENTIFIERS, self.are_alike_one, self.id_placeholders)
                for record in records
                if self.names_child(record.record_id)
            ],
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @cached_property
    def _fingerprint(self) -> str:
        return seeds_fingerprint(self.seeds_dir)

    def fingerprint(self) -> str:
        """SHA-256 over all seeds of the returns: changes whenever a reading of old records could."""
        return self._fingerprint


def load_returns(seeds_dir: Path | None = None) -> ReturnCatalogue:
    """Read the catalogue of the returns: the engine's own, or that of a programme from the folder it was written to.

    Raises:
        FileNotFoundError: a seed is missing from the directory.
    """
    folder = seeds_dir or SEEDS_DIR
    # Those of other folders that are read, too.
    read = (folder, folder.parent / "programme", folder.parent / "forms")
    return _loaded(folder, "".join(map(seeds_fingerprint, read)))


@lru_cache(maxsize=4)
def _loaded(seeds_dir: Path, fingerprint: str) -> ReturnCatalogue:
    """Read once for each content, as in `catalogue.forms`."""
    return ReturnCatalogue(seeds_dir)
