"""How people write the codes of Annex A: how many of the ways are read, and that none is read as another code.

The list (`spellings.csv`; a blank code is none) was not made from the seeds: labels as drop-down lists, case systems
and people shorten them. A label that nobody wrote into `value_spelling.csv` stays unread, which is counted; a wrong
reading is a failure.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalogue.returns import load_returns
from orchestration.landing.reading import codes_of_list
from tests.support.macros import macro, read

RETURNS = load_returns()
LIST = Path(__file__).with_name("spellings.csv")
# By list: the share of labels, without their code, that has to be read.
LEAST_READ = {
    "sex": 1.0, "ethnicity": 0.98, "contact_source": 0.93, "primary_need": 0.96, "reason_for_closure": 0.95,
    "category_of_abuse": 1.0, "legal_status": 0.93, "placement_type": 0.93, "reason_episode_ceased": 0.94,
    "care_leaver_eligibility": 1.0, "flag": 1.0,
}  # fmt: skip
# Ways of writing a code with its label. The letter is one of no list, the number one of no code. Behind a code that
# stands first and looks like one, the label may be any text; elsewhere it has to be one that is known.
CODED = (
    "{code}", " {code} ", "{code}\u00a0", "q) {code}", "q. {code}", "99: {code}", "(q) {code}",
    "{code}: {label}", "{code} - {label}", "{code} \u2013 {label}", "{code} ({label})", "q) {code}: {label}",
    "zz) {code}: {label}", "99: {code} - {label}",
)  # fmt: skip
CONFIRMED = (
    "{code}-{label}", "{code}) {label}", "({code}) {label}", "{code}/{label}", "{code} {label}", "{label} ({code})",
    "{label} - {code}", "{code}. {label}", "[{code}] {label}", "{label}, {code}",
)  # fmt: skip
WORDED = (
    "{label}",
    "q) {label}",
    "q. {label}",
    "(q) {label}",
    "99: {label}",
    " {label}\u00a0",
    "{label}.",
    "'{label}'",
)


def meant(code_list: str, texts: list[str]) -> list[str | None]:
    """What each text is read as: the canonical code, None where it is none."""
    codes = codes_of_list(RETURNS, code_list)
    places = read(macro("code_position", "cell", {"codes": codes}), texts)
    return [str(codes[abs(int(str(place))) - 1]["canonical_code"]) if place else None for place in places]


def written(code_list: str, *, is_read: bool = True) -> list[tuple[str, str]]:
    """What people write into a list, each with its code; or what names no code, or several."""
    rows = csv.DictReader(LIST.read_text(encoding="utf-8").splitlines())
    return [
        (row["code"], row["written"]) for row in rows if row["code_list"] == code_list and bool(row["code"]) is is_read
    ]


@pytest.mark.parametrize("code_list", list(LEAST_READ))
def test_a_label_is_read_or_left_and_never_taken_for_another(code_list: str) -> None:
    pairs = [(code, way.format(label=label)) for code, label in written(code_list) for way in WORDED]
    found = meant(code_list, [text for _, text in pairs])
    wrong = [text for (code, text), one in zip(pairs, found, strict=True) if one not in (code, None)]
    assert wrong == []
    share = sum(one is not None for one in found) / len(found)
    assert share >= LEAST_READ[code_list], f"{share:.1%}"


@pytest.mark.parametrize("code_list", [name for name in LEAST_READ if name not in ("flag", "care_leaver_eligibility")])
def test_a_code_with_its_label_is_read_in_every_way(code_list: str) -> None:
    labels = written(code_list)
    is_known = meant(code_list, [label for _, label in labels])
    pairs = [(code, way.format(code=code, label="zzz zzz")) for code in dict(labels) for way in CODED]
    for (code, label), one in zip(labels, is_known, strict=True):
        pairs += [(code, way.format(code=code, label=label)) for way in (*CODED, *(CONFIRMED if one else ()))]
    found = meant(code_list, [text for _, text in pairs])
    assert [(text, one) for (code, text), one in zip(pairs, found, strict=True) if one != code] == []


@pytest.mark.parametrize("code_list", sorted(RETURNS.codes))
def test_the_code_of_one_with_the_label_of_another_is_neither(code_list: str) -> None:
    codes = [one for one in codes_of_list(RETURNS, code_list) if one["spellings"]]
    texts = [
        f"{one['code']}{between}{label}"
        for place, one in enumerate(codes)
        for other in (codes * 2)[place + 1 : place + 5]
        for label in other["spellings"][:1]
        for between in (" - ", ": ", ") ", " ")
        if one["canonical_code"] != other["canonical_code"]
    ]
    assert {text: one for text, one in zip(texts, meant(code_list, texts), strict=True) if one is not None} == {}


@pytest.mark.parametrize("code_list", sorted(RETURNS.codes))
def test_what_names_no_code_or_several_is_not_read(code_list: str) -> None:
    texts = [text for _, text in written(code_list, is_read=False)]
    found = {text: one for text, one in zip(texts, meant(code_list, texts), strict=True) if one is not None}
    assert found == {}
