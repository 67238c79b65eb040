"""The files of the rules: what their heads may say, and the seed that is written from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.errors import OperatorError
from tools import return_rules
from tools.return_rules import main, read_rule, read_rules, seed_text

GOOD = """{#
code: SC901
records: [cin_child, s903_header]
severity: note
says: Every child has a name.
then: "The child is used: give it one."
dfe: [cin 8500, s903 101 (part)]
keeps:
  - cin_child: {birth_month: 2012-04, upn_key: "1"}
breaks:
  - cin_child
  - cin_referral: {year: 2017}
#}
{% macro sc901(latest, landed) -%}
select 1
{%- endmacro %}
"""


def written(folder: Path, text: str = GOOD, name: str = "sc901_name.sql") -> Path:
    path = folder / "census" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_a_row_of_the_seed(tmp_path):
    rule = read_rule(written(tmp_path))
    assert rule.row() == (
        "SC901", "census", "cin_child;s903_header", "note", "Every child has a name.",
        "The child is used: give it one.", "cin 8500; s903 101 (part)",
    )  # fmt: skip
    # What stands in an example is a text, as in a file.
    assert rule.keeps == (("cin_child", {"birth_month": "2012-04", "upn_key": "1"}),)
    assert rule.breaks == (("cin_child", {}), ("cin_referral", {"year": "2017"}))
    assert seed_text([rule]).splitlines()[1] == (
        "SC901,census,cin_child;s903_header,note,Every child has a name.,The child is used: give it one.,"
        "cin 8500; s903 101 (part)"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{#\n", "{# ", "must begin with a head"),
        ("{% macro", "text {% macro", "must begin with a head"),
        ("severity: note", "severity: [", "no YAML (line"),
        ("severity: note\n", "", "must say"),
        ("severity: note", "severity: note\nwhy: so", "and nothing else"),
        ("severity: note", "severity: blocking", "severity must be one of"),
        ("code: SC901", "code: SC902", "called like it"),
        ("code: SC901", "code: X901", "called like it"),
        ("macro sc901", "macro sc902", "called like it"),
        ("has a name.", "has a name", "`says` must be a sentence"),
        ("says: Every", "says: every", "`says` must be a sentence"),
        ("give it one.", "give it one", "`then` must be a sentence"),
        ("cin 8500", "8500", "`dfe` must be"),
        ("(part)", "(partly)", "`dfe` must be"),
    ],
)
def test_a_file_that_is_not_written_as_it_must_be_is_told(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(OperatorError) as wrong:
        read_rule(written(tmp_path, GOOD.replace(old, new, 1)))
    assert words in str(wrong.value)
    assert "census/sc901_name.sql" in str(wrong.value)
    assert "Nothing was written" in str(wrong.value)


def test_a_code_belongs_to_one_rule(tmp_path):
    written(tmp_path)
    written(tmp_path, name="sc901_other.sql")
    with pytest.raises(OperatorError, match="take one that no rule has had"):
        read_rules(tmp_path)


def test_the_seed_is_checked_and_written(tmp_path, monkeypatch, capsys):
    seed = return_rules.SEED
    other = tmp_path / "validation_rule.csv"
    monkeypatch.setattr(return_rules, "SEED", other)
    monkeypatch.setattr(return_rules, "PROJECT_ROOT", tmp_path)
    assert main(["--check"]) == 1
    assert "Run `make return-rules`" in capsys.readouterr().out
    assert not other.exists()
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert main([]) == 0
    assert other.read_bytes() == seed.read_bytes()
