"""What changes after files have landed and a release is out equals a home made anew; whole runs, by hand.

A release is called by a hash over all that it holds, so the name says it; the tables are compared to tell what differs.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import foreign_programmes as foreign
from tests.support.own_programme import OwnProgramme, differences
from tests.support.paths import ROOT

pytestmark = pytest.mark.by_hand

BRW, STI = foreign.TWO_SERVICES.splitlines()[1:]
RENAMED = f"{foreign.LIST}{BRW}BWC\nBWC,Brightwater & Coast,,South,,,\n{STI}\n"
MERGED = f"{foreign.LIST}{BRW}PEN\n{STI}PEN\nPEN,Penrose Together,,South,,,\n"
TAKEN_OFF = f"{foreign.LIST}{STI}\n"
NEW_RULES = 99


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> OwnProgramme:
    """Two services declared and a list of the erased, landed and released; something left for each change to mend."""
    place = OwnProgramme(tmp_path_factory.mktemp("base") / "place")
    place.insights("init", str(place.programme), "--name", foreign.NETWORK)
    foreign.write_exports(place.raw)
    place.write("services.csv", foreign.TWO_SERVICES)
    place.say(final_to="2025-03-31")
    place.insights("run", code=3)
    assert erased_forms(place) == 3
    return place


def erased_forms(place: OwnProgramme) -> int:
    return len(place.rows("select 1 from marts.form_disposition where disposition = 'erased'"))


def services(text: str) -> Callable[[OwnProgramme], OwnProgramme]:
    return lambda place: written(place, "services.csv", text)


def table(name: str, text: str) -> Callable[[OwnProgramme], OwnProgramme]:
    return lambda place: written(place, f"catalogue/{name}.csv", text)


def written(place: OwnProgramme, name: str, text: str) -> OwnProgramme:
    place.write(name, text)
    return place


# What changes, and a question to the new release whose answer the old one did not have.
CHANGES: dict[str, tuple[Callable[[OwnProgramme], OwnProgramme], str]] = {
    "renamed": (services(RENAMED), "select 1 from marts.fct_intake where service_code = 'BWC'"),
    "merged": (services(MERGED), "select 1 from marts.fct_intake where service_code = 'PEN'"),
    "declared": (services(foreign.THREE_SERVICES), "select 1 from marts.fct_intake where service_code = 'QUA'"),
    "a question": (
        table("question", foreign.QUESTION),
        "select 1 from marts.fct_answer where question_id = 'intake_profile_pets' and answer_state = 'given'",
    ),
    "a wording": (
        table("wording", foreign.WORDING),
        "select 1 from marts.fct_answer where question_id = 'intake_profile_ethnicity' and answer_state = 'given'",
    ),
    "an option": (
        table("option", foreign.OPTION),
        f"select 1 from marts.fct_answer where option_code = '{foreign.LIFEBOAT}'",
    ),
    "a rule of folding": (
        lambda place: replace(place, folding_version=NEW_RULES),
        "",  # Nothing of a release tells by which version it was read.
    ),
}


def assert_like_a_home_made_anew(changed: OwnProgramme, folder: Path, code: int = 3) -> None:
    anew = changed.anew(folder)
    anew.insights("run", code=code)
    assert differences(changed, anew) == []
    assert changed.release.name == anew.release.name
    assert erased_forms(changed) == erased_forms(anew) == 3


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_after_landing(base: OwnProgramme, tmp_path: Path, change: str) -> None:
    make, has_arrived = CHANGES[change]
    assert not has_arrived or not base.rows(has_arrived)
    changed = make(base.copy(tmp_path / "changed"))
    # A version that is set in the process is no change of the code that a run would see by itself.
    changed.insights("run", *(["--force"] if changed.folding_version else []), code=3)
    assert not has_arrived or changed.rows(has_arrived)
    # The words of an option are read by the models, from what landed.
    assert ("It was read again" in changed.insights("loads")) == (change != "an option")
    assert_like_a_home_made_anew(changed, tmp_path / "anew")


def without_the_intakes(base: OwnProgramme, folder: Path, listed: str) -> OwnProgramme:
    """The home with a list of services changed while the file of the intakes is gone: run as far as the check of gate
    1, and once more with the words that `insights check` gives for it."""
    place = base.copy(folder)
    (place.raw / foreign.INTAKES).unlink()
    place.write("services.csv", listed)
    before = place.release.name
    said = place.insights("run", code=1)
    assert f"could not be read again ({foreign.INTAKES})" in said
    assert place.release.name == before
    told = place.insights("check")
    assert "a client who is in both counts twice" in re.sub(r"\s+", " ", told)
    words = re.findall(r"insights run --accept '([^']+)'", told)
    assert [one.partition("=")[0] for one in words] == ["loads_of_earlier_services"]
    place.insights("run", "--accept", words[0], code=3)
    assert place.release.name != before
    return place


def test_a_file_that_is_gone_when_services_merge(base: OwnProgramme, tmp_path: Path) -> None:
    place = without_the_intakes(base, tmp_path / "place", MERGED)
    count = "select count(*), count(distinct service_code), min(service_code) from marts.fct_intake"
    ((forms, *_),) = base.rows(count)
    assert place.rows(count) == [(forms, 1, "PEN")]
    # As the check says: the forms of the load stay apart from those of the files that were read again.
    ((of_intakes,),) = base.rows("select count(distinct client_key) from marts.fct_intake")
    ((of_others,),) = base.rows(
        "select count(*) from (select client_key from marts.fct_exit union select client_key from marts.fct_review)"
    )
    clients, cases = "select count(*) from marts.dim_client", "select count(*) from marts.fct_case"
    assert place.rows(clients) == [(of_intakes + of_others - foreign.MOVED,)]
    assert base.rows(cases)[0][0] > 20
    assert place.rows(cases) == [(0,)]
    assert erased_forms(place) == 3


def test_a_file_that_is_gone_when_a_service_is_taken_off_the_list(base: OwnProgramme, tmp_path: Path) -> None:
    place = without_the_intakes(base, tmp_path / "place", TAKEN_OFF)
    count = "select count(*) from marts.fct_intake where service_code = 'STI'"
    assert place.rows("select distinct service_code from marts.fct_intake") == [("STI",)]
    assert place.rows(count) == base.rows(count)
    aside = "select count(*) from marts.form_disposition where disposition = 'undeclared_service'"
    ((before,), (after,)) = (*base.rows(aside), *place.rows(aside))
    ((theirs,),) = base.rows("select count(*) from marts.form_disposition where service_code = 'BRW'")
    assert after == before + theirs


def upgraded(engine: Path) -> None:
    """The engine with a question, an option and a wording more, as its next version might have them."""
    left = shutil.ignore_patterns(
        *(".git", ".venv", ".scratch", ".*_cache", "__pycache__", "home", "target", "raw", ".hypothesis", "*.egg-info")
    )
    shutil.copytree(ROOT, engine, ignore=left)
    for name, text in (
        ("question", foreign.QUESTION.replace("5001", "1900")),
        ("option", foreign.OPTION),
        ("wording", foreign.WORDING),
    ):
        path = engine / "dbt_project" / "seeds" / "forms" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            columns = next(csv.reader(handle))
        with path.open("a", encoding="utf-8", newline="") as handle:
            csv.DictWriter(handle, columns, lineterminator="\n").writerows(csv.DictReader(text.splitlines()))
    command = [sys.executable, "-m", "tools.seeds_list"]
    subprocess.run(command, cwd=engine, env=os.environ | {"PYTHONPATH": str(engine)}, check=True)


def test_an_upgrade_of_the_engine_asks_for_no_merge(base: OwnProgramme, tmp_path: Path) -> None:
    upgraded(tmp_path / "engine")
    place = replace(base.copy(tmp_path / "place"), engine=tmp_path / "engine")
    before = {path.relative_to(place.programme): path.read_bytes() for path in place.programme.rglob("*.*")}
    assert "holds together: 0 rows of its own" in place.insights("catalogue", "--check")
    said = place.insights("run", code=3)
    assert "was not understood" not in said
    assert {path.relative_to(place.programme): path.read_bytes() for path in place.programme.rglob("*.*")} == before
    for change in ("a question", "a wording", "an option"):
        assert place.rows(CHANGES[change][1]), change
    assert_like_a_home_made_anew(place, tmp_path / "anew")
