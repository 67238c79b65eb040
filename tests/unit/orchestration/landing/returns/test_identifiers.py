"""Whose a record of a return is, and what is kept of the words beside a code."""

from __future__ import annotations

import pytest

from catalogue.returns import load_returns
from tests.support.paths import returns_seeds_in
from tests.support.returns import EPISODES, ReturnLanding, episodes

# Identifiers -> of how many children they are as they are written, and where those that are alike are one child's.
IDENTIFIERS = {
    ("K1", "k1", " K1 ", '="K1"', "K1\u200b"): (1, 1),
    ("K1", "K-1", "K.1", "K 1", "K/1", "K_1"): (6, 1),
    ("K1", "K01", "K001"): (3, 1),
    ("12", "012", '="012"'): (2, 1),
    ("12-3", "1-23", "123"): (3, 3),
    ("AB1", "AB\u20131", "AB-1"): (2, 1),
}


@pytest.mark.parametrize("is_alike", [False, True])
@pytest.mark.parametrize("written", IDENTIFIERS)
def test_identifiers_that_differ_in_marks_are_of_several_children_unless_the_programme_says_otherwise(
    tmp_path, written, is_alike
):
    seeds = returns_seeds_in(tmp_path / "seeds")
    path = seeds.parent / "programme" / "programme.csv"
    if is_alike:
        path.write_text(path.read_text(encoding="utf-8").replace("as_written", "alike"), encoding="utf-8")
    place = ReturnLanding(tmp_path, load_returns(seeds))
    rows = "".join('"' + one.replace('"', '""') + '",2016-01-01,\n' for one in written)
    place.land("social_care/999/local/d.csv", f"child_id,open_date,close_date\n{rows}")
    keys = place.rows("select distinct child_key from raw.disabled_team_case order by all")
    alike = place.rows("select distinct coalesce(child_alike_key, child_key) from raw.disabled_team_case order by all")
    assert (len(keys), len(alike)) == (IDENTIFIERS[written][is_alike], IDENTIFIERS[written][True])
    assert alike == keys or not is_alike
    place.con.close()


@pytest.mark.parametrize("written", ["2.02306E+15", "N/A", "0", "000", "unknown", "TBC"])
def test_what_says_that_there_is_no_identifier_is_nobodys(place, written):
    place.land("social_care/999/local/d.csv", f"child_id,open_date,close_date\n{written},2016-01-01,\n")
    assert place.column("disabled_team_case", "child_key") == [(None,)]


def test_two_exports_in_one_file_have_one_header(place):
    head = "child_id,open_date,close_date"
    place.land("social_care/999/local/d.csv", f"{head}\nK1,2016-01-01,\n{head}\nK2,2016-01-01,\n")
    assert place.column("disabled_team_case", "open_date") == [("2016-01-01",)] * 2


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("legal_status", "C2 - 12 Elm Road LS1 7QZ", "Full care order"),
        ("legal_status", "C2 Quillfeather", "Full care order"),
        ("legal_status", "C2 - Full care order", "C2 - Full care order"),
        ("category_of_need", "N1: Zebediah", "Abuse, neglect and exploitation"),
        ("placement_provider", "PR1 07700 900123", None),
        ("reason_new_episode", "S Zebediah", "(unreadable)"),
    ],
)
def test_words_beside_a_code_are_not_kept_unless_they_are_of_its_list(place, column, written, kept):
    cells = dict.fromkeys(EPISODES.split(","), "") | {"CHILD": "XJ77K1", "DECOM": "05/09/2016", "RNE": "S", "LS": "C2"}
    names = {"legal_status": "LS", "category_of_need": "CIN", "placement_provider": "PLACE_PROVIDER",
             "reason_new_episode": "RNE"}  # fmt: skip
    cells[names[column]] = written
    place.land("social_care/999/2017/e.csv", episodes(",".join(cells.values())))
    ((found,),) = place.column("s903_episode", column)
    assert "900123" not in found
    assert found == (kept or found)
