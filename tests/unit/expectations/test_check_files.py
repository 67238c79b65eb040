"""Checks that are files: what a head says, and what is said of one that is not written as it must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.check import Check
from expectations.check_files import CHECKS_DIR, CheckFileError, load_check_files, read_check_file

GOOD = """\
-- table: marts.thing
-- column: height
-- severity: blocking
-- says: Nothing is lower than what it stands on, and what
--     stands on nothing is not low.
-- then: Nothing is published.
-- may be accepted: yes

-- Why this is asked.
select thing_id as key
from marts.thing
where height < 0
"""


@pytest.fixture
def write(tmp_path):
    def file(text: str, suite: str = "gate_2_things", name: str = "no_low_thing"):
        path = tmp_path / suite / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return file


def test_a_file_is_a_check(write):
    file = read_check_file(write(GOOD))
    assert file.check == Check(
        check_id="no_low_thing",
        gate=2,
        suite="gate_2_things",
        table="marts.thing",
        severity="blocking",
        description="Nothing is lower than what it stands on, and what stands on nothing is not low.",
        action="Nothing is published.",
        query="-- Why this is asked.\nselect thing_id as key\nfrom marts.thing\nwhere height < 0",
        column_name="height",
        is_acceptable=True,
    )
    assert file.judged(forms_block=False, returns_block=False) == file.check


def test_what_may_be_left_out(write):
    lines = [line for line in GOOD.splitlines() if not line.startswith(("-- column", "-- may be"))]
    check = read_check_file(write("\n".join(lines), suite="gate_1_things")).check
    assert (check.gate, check.column_name, check.is_acceptable) == (1, None, False)


@pytest.mark.parametrize(
    ("publication", "forms", "returns"),
    [("the publication on forms", True, False), ("the publication on returns", False, True)],
)
def test_a_comparison_blocks_for_its_own_publication_only(write, publication, forms, returns):
    text = GOOD.replace("-- may be accepted: yes", f"-- blocks for: {publication}\n-- otherwise: Recorded only.")
    file = read_check_file(write(text))
    assert file.judged(forms_block=forms, returns_block=returns) == file.check
    compared = replace(file.check, severity="comparison", action="Recorded only.")
    assert file.judged(forms_block=not forms, returns_block=not returns) == compared


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("-- table: marts.thing\n", "", 1, "`table`"),
        ("marts.thing\n-- column", "thing\n-- column", 1, "`table` must be a schema and a table"),
        ("-- column: height", "-- column: height, width", 2, "`column` must be the name of one column"),
        ("-- column: height", "-- colunm: height", 2, "the fields are table, severity, says, then, column"),
        ("-- column: height", "-- column: height\n-- column: width", 3, "`column` is there twice"),
        ("severity: blocking", "severity: critical", 3, "`severity` must be one of blocking, set_aside_form"),
        ("is not low.", "is not low", 4, "`says` must be a sentence"),
        ("Nothing is published.", "nothing is published.", 6, "`then` must be a sentence"),
        ("accepted: yes", "accepted: no", 7, "`may be accepted` must be `yes`"),
        ("-- may be accepted: yes", "-- otherwise: Recorded only.", 7, "both or neither"),
        ("-- may be accepted: yes", "-- blocks for: the publication on forms", 7, "both or neither"),
        ("-- may be accepted: yes", "-- blocks for: Leeds\n-- otherwise: No.", 7, "`blocks for` must be one of the"),
        ("-- may be accepted: yes", "-- a stray remark", 7, "each line of the head must be `-- field: text`"),
        ("where height < 0\n", "where height < 0;\n", 8, "without a semicolon"),
        ("-- table", "--     goes on with nothing\n-- table", 1, "each line of the head"),
    ],
)
def test_a_head_that_is_wrong_is_a_sentence_with_file_and_line(write, old, new, line, says):
    assert GOOD.count(old) == 1
    with pytest.raises(CheckFileError) as caught:
        read_check_file(write(GOOD.replace(old, new)))
    message = str(caught.value)
    assert f"gate_2_things/no_low_thing.sql, line {line}: " in message
    assert says in message
    assert message.endswith("Nothing was checked or published; mend the file.")


def test_a_head_without_a_query_is_wrong(write):
    with pytest.raises(CheckFileError, match="line 8: below the head must stand one query"):
        read_check_file(write(GOOD.partition("\n\n")[0]))


@pytest.mark.parametrize(("suite", "name"), [("things", "no_low_thing"), ("gate_2_things", "No-low-thing")])
def test_folder_and_name_say_the_gate_and_the_check(write, suite, name):
    with pytest.raises(CheckFileError, match="its folder must be called gate_1_"):
        read_check_file(write(GOOD, suite, name))


def test_every_file_is_a_check_of_its_gate():
    files = sorted(CHECKS_DIR.rglob("*.sql"))
    loaded = [file.check for gate in (1, 2) for file in load_check_files(gate)]
    assert sorted((check.suite, check.check_id) for check in loaded) == [(p.parent.name, p.stem) for p in files]
    assert [check.gate for check in loaded] == sorted(check.gate for check in loaded)
