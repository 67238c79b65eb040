"""The rules of the returns, from their files into the seed that lists them: `python -m tools.return_rules [--check]`

A rule is `dbt_project/macros/rules/<family>/<code>_<what>.sql`: a head in a comment, which is YAML, above one macro
called like the code. The seed `validation_rule` is written from the heads: gate 1, the models and analysts read it.

| field      | what it says                                                                                        |
|------------|-----------------------------------------------------------------------------------------------------|
| `code`     | SC and three digits; never given to another rule                                                    |
| `records`  | optional: the kinds of record it names; every kind without it                                       |
| `severity` | `set_aside_record`, `set_aside_value` or `note`                                                     |
| `says`     | the sentence that holds where no record is named                                                    |
| `then`     | what happens to the data now, and what to do                                                        |
| `dfe`      | optional: the department's rules it covers, `cin 8565` or `s903 354`, with `(part)` where not whole  |
| `keeps`    | records that keep it, one after another, with the fields that matter (`tests/support/rule_examples.py`) |
| `breaks`   | records that break it and no other rule                                                             |
| `also`     | optional: rules that nothing can break this one without                                             |
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import OperatorError
from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "dbt_project" / "macros" / "rules"
SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "returns" / "validation_rule.csv"
COMMAND = "make return-rules"
COLUMNS = ("rule_code", "family", "record_ids", "severity", "sentence", "action", "dfe_codes")
SEVERITIES = ("set_aside_record", "set_aside_value", "note")

_REQUIRED = ("code", "severity", "says", "then", "keeps", "breaks")
_OPTIONAL = ("records", "dfe", "also")
_FILE = re.compile(r"\{#\n(?P<head>.*?)\n#\}\n\{% macro (?P<macro>\w+)\(", re.DOTALL)
_CODE = re.compile(r"SC[1-9][0-9]{2}")
_DFE = re.compile(r"(cin|s903) \w+( \(part\))?")


@dataclass(frozen=True)
class RuleFile:
    """A rule as its file says it. Each record of an example is its kind and the fields that are not as usual."""

    code: str
    family: str
    records: tuple[str, ...]
    severity: str
    says: str
    then: str
    dfe: tuple[str, ...]
    keeps: tuple[tuple[str, dict[str, Any]], ...]
    breaks: tuple[tuple[str, dict[str, Any]], ...]
    also: tuple[str, ...]
    path: Path

    def row(self) -> tuple[str, ...]:
        """The rule as a row of the seed."""
        records, dfe = ";".join(self.records), "; ".join(self.dfe)
        return (self.code, self.family, records, self.severity, self.says, self.then, dfe)


def read_rules(folder: Path = FOLDER) -> tuple[RuleFile, ...]:
    """Every rule, by its code.

    Raises OperatorError when a file is not written as it must be, or two rules have one code.
    """
    rules = sorted((read_rule(path) for path in folder.glob("*/*.sql")), key=lambda rule: rule.code)
    for rule, other in pairwise(rules):
        if rule.code == other.code:
            raise _wrong(other.path, f"its code is that of {rule.path.name}; take one that no rule has had")
    return tuple(rules)


def read_rule(path: Path) -> RuleFile:
    """One file as a rule.

    Raises OperatorError when it is not written as it must be.
    """
    found = _FILE.match(path.read_text(encoding="utf-8"))
    if found is None:
        raise _wrong(path, "it must begin with a head, `{#` and `#}` on lines of their own, and then its macro")
    try:
        # Every scalar is a text: a code 21 and a day are what stands there, as in a file that is delivered.
        head = yaml.load(found["head"], Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 2 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 1
        raise _wrong(path, f"its head is no YAML (line {line})") from error
    if not isinstance(head, dict) or not {*_REQUIRED} <= head.keys() <= {*_REQUIRED, *_OPTIONAL}:
        must, may = ", ".join(_REQUIRED), ", ".join(_OPTIONAL)
        raise _wrong(path, f"its head must say {must}, may say {may}, and nothing else")
    code, says, then = head["code"], head["says"], head["then"]
    if not _CODE.fullmatch(code) or found["macro"] != code.lower() or not path.name.startswith(f"{code.lower()}_"):
        raise _wrong(path, "its code must be SC and three digits, and file and macro must be called like it")
    if head["severity"] not in SEVERITIES:
        raise _wrong(path, f"its severity must be one of {', '.join(SEVERITIES)}")
    for name, text in (("says", says), ("then", then)):
        if not re.fullmatch(r"[A-Z0-9].*\.", text, re.DOTALL):
            raise _wrong(path, f"`{name}` must be a sentence, from a capital to a full stop")
    if not all(_DFE.fullmatch(one) for one in head.get("dfe", [])):
        raise _wrong(path, "`dfe` must be a list such as [cin 8565, s903 354 (part)]")
    return RuleFile(
        code=code,
        family=path.parent.name,
        records=tuple(head.get("records", ())),
        severity=head["severity"],
        says=says,
        then=then,
        dfe=tuple(head.get("dfe", ())),
        keeps=_example(head["keeps"]),
        breaks=_example(head["breaks"]),
        also=tuple(head.get("also", ())),
        path=path,
    )


def _example(records: Iterable[str | dict[str, dict[str, Any]]]) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((one, {}) if isinstance(one, str) else next(iter(one.items())) for one in records)


def seed_text(rules: Iterable[RuleFile]) -> str:
    """What the seed says of rules."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rule.row() for rule in rules)
    return text.getvalue()


def _wrong(path: Path, what: str) -> OperatorError:
    place = "/".join(path.parts[-2:])
    return OperatorError(f"The file of a rule is not written as it must be: {place}: {what}. Nothing was written.")


def main(arguments: list[str] | None = None) -> int:
    """Write the seed; with --check only say whether it is what the files give, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m tools.return_rules", description="The seed of the returns' rules.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the seed is not what files give")
    is_check = parser.parse_args(arguments).check
    try:
        rules = read_rules()
    except OperatorError as error:
        print(error)
        return 1
    text, place = seed_text(rules), SEED.relative_to(PROJECT_ROOT)
    is_same = SEED.exists() and SEED.read_text(encoding="utf-8") == text
    if is_check:
        print(
            f"{place} lists the {len(rules)} rules of the returns"
            if is_same
            else f"{place} is not what the files of the rules give. Run `{COMMAND}` and commit what it writes."
        )
        return 0 if is_same else 1
    if not is_same:
        SEED.write_text(text, encoding="utf-8")
    print(f"{place} {'lists the rules already' if is_same else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
