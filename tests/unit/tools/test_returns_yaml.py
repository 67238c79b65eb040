"""The YAML of the returns is what the seeds give, and follows them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue.returns import load_returns
from orchestration.errors import OperatorError
from orchestration.landing.raw_tables import RETURN_META
from tests.support.paths import returns_seeds_in
from tools import returns_yaml as tool

RETURNS = load_returns()
META = [name for name, _ in RETURN_META]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return returns_seeds_in(tmp_path / "seeds")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(tool.FOLDER, tmp_path / "models"))


def model(files: dict[Path, str], record_id: str) -> dict[str, Any]:
    """What is written of the staging of a record."""
    (text,) = (text for path, text in files.items() if path.name == f"stg_returns__{record_id}.yml")
    (one,) = yaml.safe_load(text)["models"]
    assert isinstance(one, dict)
    return one


def columns(one: dict[str, Any]) -> dict[str, str]:
    """The reference that stands for each column, without its braces."""
    return {column["name"]: column["description"].strip("{ }") for column in one["columns"]}


def append(seeds: Path, seed: str, row: str) -> None:
    with (seeds / f"{seed}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")


def test_what_is_committed_is_what_the_seeds_give():
    assert tool.differences(tool.returns_yaml(RETURNS)) == []


def test_every_record_has_a_source_and_a_model_with_the_columns_of_its_table():
    files = tool.returns_yaml(RETURNS)
    (group,) = yaml.safe_load(files[tool.FOLDER / "_sources.yml"])["sources"]
    sources = {one["name"]: [column["name"] for column in one["columns"]] for one in group["tables"]}
    assert sources == dict.fromkeys(RETURNS.records, META)
    for record_id in RETURNS.records:
        one = model(files, record_id)
        assert list(columns(one)) == [*META, *RETURNS.raw_columns(record_id), "problems"]
        key = {"key": ["landed_row_id"], "not_null": ["landed_row_id"]}
        assert one["data_tests"] == [{"table_contract": {"arguments": key}}]


def test_a_record_with_codes_names_and_words_of_its_own():
    one = model(tool.returns_yaml(RETURNS), "cin_referral")
    assert one["name"] == "stg_returns__cin_referral"
    assert one["description"] == (
        "One row per {{ doc('row_of_cin_referral') }} of a landed census file, {{ doc('staged_record') }}"
    )
    found = columns(one)
    # A list of codes; a field that other stages say something else of; a key that comes from the child it lies in.
    assert found["referral_source"] == "doc('referral_source')"
    assert found["closure_date"] == "doc('closure_date__record')"
    assert found["child_key"] == "doc('child_key')"


def test_what_a_later_year_or_another_format_renames_keeps_its_column():
    renamed = {(one.record_id, one.field_id) for one in RETURNS.differences if one.field_id}
    assert ("cin_child", "sex") in renamed
    assert ("s903_episode", "placement_type") in renamed
    files = tool.returns_yaml(RETURNS)
    for record_id, field_id in renamed:
        words = columns(model(files, record_id))[field_id]
        assert words in (f"doc('{field_id}')", f"doc('{field_id}__{record_id}')")


def test_a_record_that_one_format_has_and_one_that_nobody_wrote_words_for():
    files = tool.returns_yaml(RETURNS)
    assert RETURNS.returns["annex_a"].formats == "xlsx"
    adopter = model(files, "annex_a_adopter")
    assert adopter["description"].startswith("One row per landed row of Annex A list 11 (Prospective adopter), ")
    assert columns(adopter)["child_key"] == "doc('child_key__annex_a_adopter')"
    case = model(files, "disabled_team_case")
    assert case["description"].startswith("One row per landed case of the Disabled Children's Team, ")


def test_what_is_never_stored_has_no_column():
    assert any(field.field_id == "former_upn" for field in RETURNS.fields("cin_child"))
    assert "former_upn" not in columns(model(tool.returns_yaml(RETURNS), "cin_child"))


def test_a_field_more_in_the_seeds_is_a_column_more(seeds: Path, models: Path):
    append(seeds, "return_field", "young_carer,5,organisation,organisation,text,,false,store")
    files = tool.returns_yaml(load_returns(seeds), models)
    assert columns(model(files, "young_carer"))["organisation"] == "doc('organisation')"
    (told,) = tool.differences(files, models)
    assert "local/stg_returns__young_carer.yml is not what the seeds" in told
    assert "`make returns-yaml`" in told


def test_a_field_without_words_is_asked_for(seeds: Path, models: Path):
    append(seeds, "return_field", "young_carer,5,hours_a_week,hours,integer,,false,store")
    with pytest.raises(
        OperatorError, match=r"column hours_a_week holds\. Nothing was written\. Add a line to .*docs\.md"
    ):
        tool.returns_yaml(load_returns(seeds), models)
    with (models / "docs.md").open("a", encoding="utf-8") as file:
        file.write("{% docs hours_a_week %}Hours of care a week.{% enddocs %}\n")
    files = tool.returns_yaml(load_returns(seeds), models)
    assert columns(model(files, "young_carer"))["hours_a_week"] == "doc('hours_a_week')"


def test_a_record_more_is_a_source_and_a_file_more(seeds: Path, models: Path):
    append(seeds, "record_type", "young_carer_review,young_carer,42,Review of a young carer,,young_carer_review,")
    append(seeds, "return_field", "young_carer_review,1,review_date,review_date,date,,true,store")
    with pytest.raises(OperatorError, match=r"a record young_carer_review, and no model stages it.*stg_returns__young"):
        tool.returns_yaml(load_returns(seeds), models)
    (models / "local" / "stg_returns__young_carer_review.sql").touch()
    files = tool.returns_yaml(load_returns(seeds), models)
    assert model(files, "young_carer_review")["description"].startswith("One row per landed review of a young carer, ")
    (group,) = yaml.safe_load(files[models / "_sources.yml"])["sources"]
    assert group["tables"][-1]["description"] == (
        "One row per record as delivered: Review of a young carer (Young carer service caseload), in every delivery."
    )
    assert len(tool.differences(files, models)) == 2


def test_a_file_changed_by_hand_or_left_behind_is_named(models: Path):
    changed, gone = models / "cin" / "stg_returns__cin_plan.yml", models / "cin" / "stg_returns__cin_old.yml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("end_date", "last_date"), encoding="utf-8")
    gone.touch()
    (models / "ssda903" / "stg_returns__s903_header.yml").unlink()
    told = tool.differences(tool.returns_yaml(RETURNS, models), models)
    assert [sentence.split()[0].rsplit("/")[-1] for sentence in told] == [
        "stg_returns__cin_plan.yml", "stg_returns__s903_header.yml", "stg_returns__cin_old.yml",
    ]  # fmt: skip
    assert "Run `make returns-yaml` and commit" in told[0]
    assert "record_type.csv does not have. Remove it" in told[2]


def test_the_command_writes_what_differs_and_checks_without_writing(
    models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(tool, "FOLDER", models)
    path = models / "cin" / "stg_returns__cin_plan.yml"
    right = path.read_text(encoding="utf-8")
    path.write_text("models: []\n", encoding="utf-8")
    assert tool.main(["--check"]) == 1
    assert "stg_returns__cin_plan.yml is not what" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "models: []\n"
    assert tool.main([]) == 0
    assert capsys.readouterr().out.strip().endswith("stg_returns__cin_plan.yml written")
    assert path.read_text(encoding="utf-8") == right
    assert tool.main(["--check"]) == 0
    assert right.startswith("# Written by `make returns-yaml`")


def test_without_words_nothing_is_written(models: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any):
    monkeypatch.setattr(tool, "FOLDER", models)
    (models / "docs.md").unlink()
    assert tool.main([]) == 1
    assert "docs.md is missing" in capsys.readouterr().out
