"""The synthetic returns, counted here and by `check` from the files alone, give the document's figures."""

from __future__ import annotations

import csv
import gzip
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from catalogue.programme import SAMPLE, Publication, read_programme
from catalogue.returns import load_returns
from orchestration.landing.publication import what_blocks
from synthetic.returns.check.events import Events
from synthetic.returns.check.figures import recount, verdict
from synthetic.returns.dirt.census import PRIVATE_MARK
from synthetic.returns.dirt.local import REPEATED, dirty_local
from synthetic.returns.sample import LOCAL_COLUMNS, make_files
from synthetic.returns.targets import TARGETS, Target
from synthetic.returns.writers import write_files
from synthetic.sample_folder import checksums
from tests.support.paths import ROOT

COMMITTED = ROOT / "data" / "raw" / "social_care"
SUMS = ROOT / "programmes" / "sample" / "returns.sha256"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
COMES_OUT = ("match", "fraction", "match within the rounding it carries")
# Printed as "<1%", or as 37%, beside a fraction that says otherwise: the fraction comes out.
FRACTION_ONLY = {
    ("factor_child_substance_pct_of_risks", "all"),
    ("missing_by_classification_pct", "away from placement without authorisation"),
    ("missing_by_duration_pct", "4-8 days"),
    ("missing_children_in_care_pct", "children in care"),
}

# Rows enough for some of them to be drawn a second time.
REPEATABLE = {name: [("",) * len(LOCAL_COLUMNS[name])] * 4 for name in REPEATED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("social_care")
    write_files(make_files(), folder)
    return folder


@pytest.fixture(scope="module")
def counted(folder: Path) -> dict[tuple[str, str, str], tuple[float, int | None, int | None]]:
    return recount(folder)


@pytest.fixture(scope="module")
def census() -> dict[int, ElementTree.Element]:
    return {
        year: ElementTree.fromstring(gzip.decompress((COMMITTED / f"999/{year}/cin_census_{year}.xml.gz").read_bytes()))
        for year in range(2013, 2018)
    }


def test_the_committed_sample_is_what_the_generator_writes(folder: Path) -> None:
    drawn = sorted(path for path in folder.rglob("*.*") if path.is_file())
    kept = sorted(path for path in COMMITTED.rglob("*.*") if path.is_file())
    assert checksums(drawn, folder) == SUMS.read_text(encoding="utf-8") == checksums(kept, COMMITTED)


@pytest.mark.parametrize("more", [("employer",), ("employer", "setting")])
def test_an_extra_row_needs_a_cell_for_each_column(more: tuple[str, ...]) -> None:
    widened = LOCAL_COLUMNS | {"lado_referral": (*LOCAL_COLUMNS["lado_referral"], *more)}
    with pytest.raises(ValueError, match=rf"lado_referral .* has 3 cells, and the extract {3 + len(more)} columns"):
        dirty_local({name: [] for name in LOCAL_COLUMNS} | REPEATABLE, widened, 1)


def test_the_committed_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*.*")) < 6_000_000


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: f"{t.indicator}|{t.period}|{t.breakdown}")
def test_every_figure_comes_out(
    counted: dict[tuple[str, str, str], tuple[float, int | None, int | None]], target: Target
) -> None:
    word = verdict(target, counted.get((target.indicator, target.period, target.breakdown)))
    assert word in COMES_OUT
    assert (word == "fraction") == ((target.indicator, target.breakdown) in FRACTION_ONLY)


def test_forms_and_returns_are_each_told_by_their_own_list() -> None:
    con = duckdb.connect()
    con.execute("create schema ops")
    con.execute("create table ops.load (sha256 varchar, form_id varchar, status varchar)")
    con.execute(
        "insert into ops.load values ('f1', 'intake', 'landed'), ('f2', null, 'landed'), "
        "('r1', 'cin_census', 'landed'), ('r2', 'police', 'refused')"
    )
    programme = replace(
        read_programme(SAMPLE),
        forms_publication=Publication("A report", frozenset({"f1", "f2"})),
        returns_publication=Publication("Another", frozenset({"r1"})),
    )
    assert what_blocks(con, programme) == {"forms_block": True, "returns_block": True}
    con.execute("insert into ops.load values ('r3', 'missing', 'landed')")
    assert what_blocks(con, programme) == {"forms_block": True, "returns_block": False}
    # A report that does not say which files it was made from is a comparison only, and so is none at all.
    without = replace(programme, forms_publication=Publication("A report", None), returns_publication=None)
    assert what_blocks(con, without) == {"forms_block": False, "returns_block": False}


@pytest.mark.parametrize(
    "parts", [set(), {"forms"}, {"returns"}, {"forms", "returns"}], ids=["none", "forms", "returns", "both"]
)
def test_a_published_figure_blocks_where_what_it_is_made_of_is_the_sample(parts: set[str]) -> None:
    """A service that loads the sample's forms and no returns gets its release."""
    con = duckdb.connect()
    con.execute("create schema ops")
    con.execute("create table ops.load (sha256 varchar, form_id varchar, status varchar)")
    programme = read_programme(SAMPLE)
    for part, form_id in (("forms", "intake"), ("returns", "cin_census")):
        sums = (SAMPLE / f"{part}.sha256").read_text(encoding="utf-8")
        for line in sums.splitlines() if part in parts else ():
            con.execute("insert into ops.load values ($1, $2, 'landed')", [line.split()[0], form_id])
    assert what_blocks(con, programme) == {"forms_block": "forms" in parts, "returns_block": "returns" in parts}


def test_a_figure_that_does_not_come_out_is_told() -> None:
    target = next(target for target in TARGETS if target.indicator == "cpp_rate")
    assert verdict(target, (83.6, 543, 64978)) not in COMES_OUT
    assert verdict(target, None) == "not counted"
    fraction = next(target for target in TARGETS if target.indicator == "dct_in_care_pct")
    assert verdict(fraction, (9.1, 34, 373)) == "34 of 373"


def test_all_eight_combinations_of_the_trilogy_occur_and_more_often_together_than_by_chance(folder: Path) -> None:
    data = Events(folder)
    data.read_census()
    done = [codes for end, codes in data.assessments.values() if end and (end.year + (end.month > 3)) == 2016]
    groups = ({"3A", "3B", "3C"}, {"1A", "1B", "1C", "2A", "2B", "2C"}, {"4A", "4B", "4C"})
    cells = Counter(tuple(bool(codes & group) for group in groups) for codes in done)
    assert len(cells) == 8
    assert min(cells.values()) >= 100
    single = [sum(bool(codes & group) for codes in done) / len(done) for group in groups]
    expected = single[0] * single[1] * single[2] * len(done)
    assert cells[(True, True, True)] > 1.15 * expected
    drugs = sum(bool(codes & {"2A", "2B", "2C"}) for codes in done)
    alcohol = sum(bool(codes & {"1A", "1B", "1C"}) for codes in done)
    assert max(drugs, alcohol) < single[1] * len(done) < drugs + alcohol


def test_local_extracts_have_the_columns_of_their_seed() -> None:
    returns = load_returns()
    for record in returns.records.values():
        if record.return_id in ("cin_census", "ssda903", "annex_a"):
            continue
        (path,) = (COMMITTED / "999" / "local").glob(f"{record.record_id}.csv*")
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
        assert text.splitlines()[0].split(",") == [field.source_name for field in returns.fields(record.record_id)]


def test_codes_are_of_the_code_lists(census: dict[int, ElementTree.Element]) -> None:
    codes = load_returns().codes
    lists = {
        "ReferralSource": "referral_source",
        "PrimaryNeedCode": "primary_need",
        "ReasonForClosure": "reason_for_closure",
        "AssessmentFactors": "assessment_factor",
        "Disability": "disability",
        "Ethnicity": "ethnicity",
        "InitialCategoryOfAbuse": "category_of_abuse",
        "LatestCategoryOfAbuse": "category_of_abuse",
    }
    strange = Counter(
        (element, one.text)
        for root in census.values()
        for element, code_list in lists.items()
        for one in root.iter(element)
        if one.text and one.text not in codes[code_list]
    )
    assert set(strange) == {("ReferralSource", "6X"), ("AssessmentFactors", "RB")}


def test_pupil_numbers_are_of_valid_shape_and_link_most_children(census: dict[int, ElementTree.Element]) -> None:
    numbers = {one.text or "" for root in census.values() for one in root.iter("UPN")}
    for number in numbers:
        total = sum(int(digit) * weight for weight, digit in enumerate(number[1:], start=2))
        assert re.fullmatch(r"[A-Z]999\d{9}", number)
        assert number[0] == UPN_LETTERS[total % 23]
    with gzip.open(COMMITTED / "999/local/school_census_pupil.csv.gz", "rt", encoding="utf-8") as handle:
        pupils = {row["upn"]: row["sen_provision"] for row in csv.DictReader(handle)}
    linked = numbers & set(pupils)
    assert 35_000 < len(pupils) < 45_000
    assert 0.5 < len(linked) / len(numbers) < 0.95  # some have left, some were too young or too old that January
    needs = {group: Counter(pupils[number] != "N" for number in numbers_) for group, numbers_ in
             {"known": linked, "others": set(pupils) - linked}.items()}  # fmt: skip
    known, others = (needs[group][True] / needs[group].total() for group in ("known", "others"))
    assert known > 1.5 * others


def test_what_is_wrong_on_purpose_is_there(census: dict[int, ElementTree.Element]) -> None:
    texts = {
        year: gzip.decompress((COMMITTED / f"999/{year}/cin_census_{year}.xml.gz").read_bytes()).decode()
        for year in census
    }
    for text in texts.values():
        assert PRIVATE_MARK in text
        assert "<ReferralNFA>true</ReferralNFA>" in text
        assert "<CINclosureDate/>" in text
        assert max(Counter(re.findall("<LAchildID>(.*)</LAchildID>", text)).values()) == 2
    for year in (2013, 2017):
        text = texts[year]
        for part in ("<AssessmentFactors>RB<", "<AssessmentFactors>18B<", "1900-01-01", "2099-01-01", "<LAchildID/>"):
            assert part in text
    assert 0 < texts[2017].count("<CINPlanDates>") <= 12
    care = COMMITTED / "999" / "2013"
    assert "*DUMMY*" in (care / "ssda903_2013_header.csv").read_text(encoding="utf-8")
    assert (care / "ssda903_2013_missing.csv").read_text(encoding="utf-8").splitlines()[0].endswith(",TEST")
    marked = (COMMITTED / "999/2015/ssda903_2015_header.csv").read_bytes()
    assert marked.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in marked
    assert b",UNKN," in marked


def test_the_workbook_has_eleven_lists_with_lettered_values() -> None:
    book = CalamineWorkbook.from_path(str(COMMITTED / "999/2017/annex_a_2017-01.xlsx"))
    assert book.sheet_names == [f"List {number}" for number in range(1, 12)]
    rows = book.get_sheet_by_name("List 7").to_python()
    assert {"a) Male", "b) Female"} < {row[1] for row in rows}
    assert all(len(book.get_sheet_by_name(name).to_python()) > 20 for name in book.sheet_names)


def test_population_and_comparators_are_the_documents() -> None:
    with (COMMITTED / "999/local/population.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for year in ("2014", "2015"):
        children = {row["age"]: 0 for row in rows}
        for row in rows:
            children[row["age"]] += int(row["count"]) if row["mid_year"] == year else 0
        assert sum(children[str(age)] for age in range(18)) == 64_978
        assert sum(children[str(age)] for age in range(8, 16)) == 25_789
    with (COMMITTED / "999/local/comparator.csv").open(encoding="utf-8") as handle:
        rates = {(row["indicator_id"], row["area_name"], row["period"]): row["value"] for row in csv.DictReader(handle)}
    assert rates[("referral_rate", "England", "2016 (year ending 31 March)")] == "532"
    assert rates[("referral_rate", "Statistical neighbours", "2015 (year ending 31 March)")] == "800.7"
