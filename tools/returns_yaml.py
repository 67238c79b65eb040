"""YAML of the returns' raw tables and staging, written from the seeds: `python -m tools.returns_yaml [--check]`

Which columns a record has is said by `record_type` and `return_field`; what they mean, in words, by doc blocks in
`docs.md` beside the models. A field `sex` of the record `cin_child` takes the block `sex__cin_child` if there is one,
else `sex__record`, else `sex`. Columns of the raw tables that hold a field are left out: `return_field` describes them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from catalogue.returns import ANNEX_A, CENSUS, LOOKED_AFTER, RecordType, ReturnCatalogue, load_returns
from orchestration.errors import OperatorError
from orchestration.landing.raw_tables import RETURN_META
from orchestration.settings import PROJECT_ROOT
from orchestration.transform.project import DBT_PROJECT_DIR

FOLDER = DBT_PROJECT_DIR / "models" / "staging" / "returns"
COMMAND = "make returns-yaml"
HEADER = f"# Written by `{COMMAND}`: change dbt_project/seeds/returns, or the words in docs.md, and run it again.\n"
META = tuple(name for name, _ in RETURN_META)
# Of what a record is a part, where its file holds several kinds of them.
FILES = {CENSUS: "of a landed census file", LOOKED_AFTER: "of a landed 903 return"}
WIDTH = 120

_BLOCK = re.compile(r"{%-?\s*docs\s+(\w+)\s*-?%}")


class Words:
    """The names of the doc blocks that lie beside the models of the returns.

    Raises OperatorError when there is no file of doc blocks.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise OperatorError(f"{shown(path)} is missing, which describes the columns. Nothing was written.")
        self.path = path
        self._names = frozenset(_BLOCK.findall(path.read_text(encoding="utf-8")))

    def of_column(self, column: str, *, suffixes: Iterable[str]) -> str:
        """A reference to the words for a column: the first of its suffixes that has a block, else without one.

        Raises OperatorError when there are none.
        """
        for name in (*(f"{column}__{suffix}" for suffix in suffixes), column):
            if name in self._names:
                return doc(name)
        raise OperatorError(
            f"Nobody has said what the column {column} holds. Nothing was written. Add a line to {shown(self.path)}: "
            f"{{% docs {column} %}}what it holds{{% enddocs %}}, then run {COMMAND} again."
        )

    def of_row(self, record: RecordType) -> str:
        """What one row is, in words: those of its own block, else its label."""
        name = f"row_of_{record.record_id}"
        return doc(name) if name in self._names else record.record_label[:1].lower() + record.record_label[1:]


def doc(name: str) -> str:
    """A reference to a doc block, as dbt reads it in a description."""
    return f"{{{{ doc('{name}') }}}}"


def shown(path: Path) -> str:
    """A path as people write it: within the project if it lies there."""
    return path.relative_to(PROJECT_ROOT).as_posix() if path.is_relative_to(PROJECT_ROOT) else path.as_posix()


def returns_yaml(returns: ReturnCatalogue, folder: Path | None = None) -> dict[Path, str]:
    """What the YAML files of a folder of staging models say, by path.

    Raises OperatorError when a record has no model in the folder, or a column no words.
    """
    folder = folder or FOLDER
    words = Words(folder / "docs.md")
    records = sorted(returns.records.values(), key=lambda record: record.record_order)
    files = {folder / "_sources.yml": _sources(returns, records, words)}
    for record in records:
        model = f"stg_returns__{record.record_id}"
        found = sorted(folder.rglob(f"{model}.sql"))
        if not found:
            raise OperatorError(
                f"record_type.csv has a record {record.record_id}, and no model stages it. Nothing was written. Add "
                f"{model}.sql to a folder of {shown(folder)}, then run {COMMAND} again."
            )
        files[found[0].with_suffix(".yml")] = _model(model, record, returns, words)
    return files


def _sources(returns: ReturnCatalogue, records: list[RecordType], words: Words) -> str:
    lines = [
        "sources:",
        "  - name: raw",
        "    schema: raw",
        *_description(
            "Forms and returns as delivered, all text. Identifiers are keyed hashes, birth dates months, postcodes "
            "sectors. Landing appends; nothing changes a row of a return.",
            indent=4,
        ),
        "    # Behind the columns below, each table has one for each stored field of return_field.csv.",
        "    tables:",
    ]
    for number, record in enumerate(records):
        label = f"{record.record_label} ({returns.returns[record.return_id].return_label})"
        lines += [
            f"      - name: {record.record_id}",
            *_description(f"One row per record as delivered: {label}, in every delivery.", indent=8),
        ]
        if number:
            lines.append("        columns: *landed")
        else:
            lines.append("        columns: &landed")
            lines += [_column(column, words.of_column(column, suffixes=["raw"]), indent=10) for column in META]
    return _file(lines)


def _model(model: str, record: RecordType, returns: ReturnCatalogue, words: Words) -> str:
    columns = (*META, *returns.raw_columns(record.record_id), "problems")
    suffixes = (record.record_id, "record")
    return _file(
        [
            "models:",
            f"  - name: {model}",
            *_description(f"One row per {_row(record, words)}, {doc('staged_record')}", indent=4),
            "    data_tests:",
            "      - table_contract:",
            "          arguments:",
            "            key: [landed_row_id]",
            "            not_null: [landed_row_id]",
            "    columns:",
            *(_column(column, words.of_column(column, suffixes=suffixes), indent=6) for column in columns),
        ]
    )


def _row(record: RecordType, words: Words) -> str:
    if record.return_id == ANNEX_A:
        return "landed row of {} ({})".format(*record.record_label.split(": ", 1))
    if record.return_id in FILES:
        return f"{words.of_row(record)} {FILES[record.return_id]}"
    return f"landed {words.of_row(record)}"


def _column(name: str, description: str, *, indent: int) -> str:
    return f'{" " * indent}- {{name: {name}, description: "{description}"}}'


def _description(text: str, *, indent: int) -> list[str]:
    """The lines of a description: one, or folded where it would be too long."""
    start = " " * indent + "description: "
    line = start + json.dumps(text, ensure_ascii=False)
    if len(line) <= WIDTH:
        return [line]
    folded = [""]
    for word in text.split():
        if len(folded[-1]) + len(word) + indent + 3 > WIDTH:
            folded.append("")
        folded[-1] += (" " if folded[-1] else "") + word
    return [start + ">-", *(" " * (indent + 2) + line for line in folded)]


def _file(lines: list[str]) -> str:
    return HEADER + "\n".join(["version: 2", "", *lines]) + "\n"


def differences(files: dict[Path, str], folder: Path | None = None) -> list[str]:
    """A sentence for each file that is not what the seeds give."""
    found = [
        f"{shown(path)} is not what the seeds and docs.md give. Run `{COMMAND}` and commit what it writes."
        for path, text in files.items()
        if _differs(path, text)
    ]
    return found + [
        f"{shown(path)} describes a record that record_type.csv does not have. Remove it, and its model."
        for path in sorted((folder or FOLDER).rglob("stg_returns__*.yml"))
        if path not in files
    ]


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def main(arguments: list[str] | None = None) -> int:
    """Write the files and name those that changed; with --check only name those that would, 1 when any would."""
    parser = argparse.ArgumentParser(prog="python -m tools.returns_yaml", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not what seeds give")
    is_check = parser.parse_args(arguments).check
    try:
        files = returns_yaml(load_returns())
    except OperatorError as error:
        print(error)
        return 1
    if is_check:
        found = differences(files)
        print("\n".join(found) or f"{len(files)} YAML files of the returns are what the seeds give")
        return 1 if found else 0
    changed = [path for path, text in files.items() if _differs(path, text)]
    for path in changed:
        path.write_text(files[path], encoding="utf-8")
    print("\n".join(f"{shown(path)} written" for path in changed) or "Every file is what the seeds give already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
