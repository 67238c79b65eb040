"""Recognising a form by its header row."""

from __future__ import annotations

import pytest

from orchestration.landing.forms.header_rows import ERASURE
from orchestration.landing.forms.recognise import recognise_header
from orchestration.landing.refusal import FileRefusedError
from tests.support.forms import CATALOGUE, header, record

EVERY = [
    (form_id, version.form_version, convention)
    for form_id in CATALOGUE.forms
    for version in CATALOGUE.form_versions(form_id)
    for convention in CATALOGUE.conventions
]


@pytest.mark.parametrize(("form_id", "version", "convention"), EVERY)
def test_every_form_version_and_convention_is_told_by_its_header(form_id, version, convention):
    found = recognise_header(CATALOGUE, [header(form_id, version, convention)])
    assert (found.form_id, found.form_version, found.convention_id) == (form_id, version, convention)
    assert found.columns == tuple(column.raw_column for column in CATALOGUE.headers(form_id, version, convention))
    assert set(found.never_stored) == {f"{form_id}_admin_case_worker", f"{form_id}_admin_notes"}
    assert (found.absent_questions, found.absent_columns) == ((), 0)


def test_case_spaces_and_no_break_spaces_of_a_header_do_not_matter():
    wild = [f" {cell.upper().replace(' ', chr(160) + ' ')} " for cell in header(convention="text_list")]
    assert (
        recognise_header(CATALOGUE, [wild]).columns
        == recognise_header(CATALOGUE, [header(convention="text_list")]).columns
    )


def test_second_and_third_header_rows_are_passed_over():
    labels = header(convention="text_list")
    technical = [f'{{"ImportId":"QID{place}"}}' for place, _ in enumerate(labels)]
    found = recognise_header(CATALOGUE, [header(), labels, technical, record(1)])
    assert found.header_rows == 3
    assert found.convention_id == "code_list"
    assert recognise_header(CATALOGUE, [header(), record(1), record(2)]).header_rows == 1


def test_an_export_of_qualtrics_is_read_by_its_labels():
    labels = [
        name if name.startswith(("Submission", "Client ID", "Date", "Service")) else f"{name} - Selected Choice"
        for name in header(convention="text_list")
    ]
    more = {"StartDate": "Start Date", "Status": "Response Type", "Progress": "Progress",
            "RecordedDate": "Recorded Date", "DistributionChannel": "Distribution Channel"}  # fmt: skip
    codes = [*more, *(f"Q{place}" for place, _ in enumerate(labels))]
    technical = [f'{{"ImportId":"QID{place}"}}' for place, _ in enumerate(codes)]
    record_ = [*("x" for _ in more), *record(1, convention="text_list")]
    found = recognise_header(CATALOGUE, [codes, [*more.values(), *labels], technical, record_])
    assert (found.title_rows, found.header_rows, found.unknown) == (1, 3, ())
    assert found.columns[len(more) :] == recognise_header(CATALOGUE, [header(convention="text_list")]).columns


def test_a_title_line_above_the_header_is_passed_over():
    assert recognise_header(CATALOGUE, [["Export of May"], header(), record(1)]).header_rows == 2


def test_unknown_columns_are_told_by_place_only():
    found = recognise_header(CATALOGUE, [[*header(), "Zebediah Quillfeather", ""]])
    width = len(header())
    assert [column.place for column in found.unknown] == [width + 1]
    assert found.unnamed_positions == (width + 2,)
    assert "Zeb" not in str(found.ignored())
    assert str(width + 1) in str(found.ignored())


def test_optional_columns_may_be_absent_and_are_counted():
    names = [name for name in header() if name != "referral_route"]
    found = recognise_header(CATALOGUE, [names])
    assert (found.absent_questions, found.absent_columns) == (("intake_referral_route",), 0)


def test_a_question_with_one_of_its_columns_is_not_absent():
    names = header(convention="code_columns")
    ticks = [name for name in names if name.startswith("profile_ace_types___")]
    found = recognise_header(CATALOGUE, [[name for name in names if name not in ticks[1:]]])
    assert (found.absent_questions, found.absent_columns) == ((), len(ticks) - 1)
    found = recognise_header(CATALOGUE, [[name for name in names if name not in ticks]])
    assert (found.absent_questions, found.absent_columns) == (("intake_profile_ace_types",), 0)


@pytest.mark.parametrize("code", ["client_id", "submission_id", "service", "intake_date", "consent"])
def test_a_missing_required_column_is_named(code):
    names = [name for name in header() if name != code]
    with pytest.raises(FileRefusedError, match=f"`{code}` is missing"):
        recognise_header(CATALOGUE, [names])


def test_all_required_columns_are_required():
    for form_id in CATALOGUE.forms:
        for question in CATALOGUE.asked(form_id):
            if question.is_required:
                names = [
                    column.header
                    for column in CATALOGUE.headers(form_id, "v2", "code_list")
                    if column.question_id != question.question_id
                ]
                with pytest.raises(FileRefusedError, match=question.question_code):
                    recognise_header(CATALOGUE, [names])


def test_a_file_without_header_is_refused_without_its_values():
    with pytest.raises(FileRefusedError) as refusal:
        recognise_header(CATALOGUE, [record(1), record(2)])
    assert "Zeb" not in str(refusal.value)
    assert "XJ77" not in str(refusal.value)


def test_ten_thousand_columns_are_refused():
    with pytest.raises(FileRefusedError, match="10,000 columns"):
        recognise_header(CATALOGUE, [["x"] * 10_000])


def test_an_erasure_list_is_told_by_its_three_columns_in_any_order():
    found = recognise_header(CATALOGUE, [["Requested_On", "service", " client_id", ""]])
    assert found.form_id == ERASURE
    assert found.columns == ("requested_on", "service", "client_id", None)
