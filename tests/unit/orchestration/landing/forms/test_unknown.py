"""Columns that are not understood: what is said of them, and what is never repeated."""

from __future__ import annotations

import pytest

from catalogue import Catalogue
from orchestration.landing.forms.recognise import recognise_header
from orchestration.landing.forms.unknown import unknown_lines
from orchestration.landing.refusal import FileRefusedError
from tests.support.forms import CATALOGUE, catalogue_with, export, header, landing, record, table
from tests.support.paths import sample_seeds


def renamed(before: str, after: str) -> list[str]:
    return [after if cell == before else cell for cell in header()]


def test_a_misspelt_header_is_named_with_the_one_it_is_most_like_and_its_cost(tmp_path):
    rows = [renamed("profile_ethnicity", "profile_ethnicty"), record(1), record(2)]
    with landing(tmp_path) as place:
        assert place.land("a.csv", table(rows)).status == "landed"
        assert unknown_lines(place.con) == [
            f"a.csv: column {rows[0].index('profile_ethnicty') + 1} was not understood, "
            "did you mean `profile_ethnicity`? "
            "2 forms have no profile ethnicity"
        ]


def test_a_column_nobody_knows_is_named_without_a_guess(tmp_path):
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), "other notes"], [*record(1), "38"]]))
        assert unknown_lines(place.con) == ["a.csv: `other notes` was not understood"]
        place.land("b.csv", export(4))
        assert len(unknown_lines(place.con)) == 1


def test_what_is_no_name_of_a_column_is_not_repeated(tmp_path):
    private = [
        "Zebediah <zeb@example.org>", "07700 900123", "z" * 200, "12 Quill Road, Leeds", "Flat 2 Quillfeather",
        "LS1 7QZ",
        "LS17QZ", "QQ 12 34 56 C", "3f2a9c1e-77aa-4b1c", "Zeb born 9.5.14", "Mum Zebediah said he hit her",
        "Zebediah is here. Do not tell", "Mother;Zebediah", "7 Zebediah", "afraid of Zebediah!",
    ]  # fmt: skip
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), *private], [*record(1), *[""] * len(private)]]))
        (line,) = unknown_lines(place.con)
        assert line.startswith("a.csv: column ")
        for text in private:
            assert text.lower() not in place.everything().lower()


# A header that the catalogue does not know, and whether its text is kept.
HEADERS = (
    ("Other notes", True),
    ("Other (please specify)", True),
    ("Case worker notes", True),
    ("Referral date 2", False),
    ("profile_ethnic_background", True),
    ("Any other concerns?", True),
    ("Client profile: Ethnicity - Other (please specify)", True),
    ("Who does the client live with? - others", True),
    ("Mother's comments", False),
    ("Date", True),
    ("May Jones", False),
    ("April", False),
    ("Brother of Liam", False),
    ("liam hit mum", False),
    ("profile_residency___Liam", False),
    ("Client profile: Ethnicity - Liam", False),
    ("Notes on Will", False),
    ("grace/notes", False),
    ("Liam/profile_residency", False),
    ("Liam_notes", False),
    ("notesLiam", False),
    ("Zoë", False),
    ("Client J", False),
    ("Mr White", False),
    ("Mother;Father", False),
    ("Client 7", False),
    ("Лиам", False),
    ("Client profile: Jordan", False),
    ("the client has other contact at home with father", False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "is_kept"), HEADERS)
def test_a_header_is_kept_where_every_word_is_of_the_vocabulary(tmp_path, name, is_kept):
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), name], [*record(1), ""]]))
        ((place_no, kept),) = place.rows("select place, header from ops.unknown_column")
        (line,) = unknown_lines(place.con)
        assert (place_no, kept) == (len(header()) + 1, name.lower() if is_kept else None)
        assert line.startswith(f"a.csv: {f'`{name.lower()}`' if is_kept else f'column {place_no}'} was not understood")
        assert is_kept or name.lower() not in place.everything().lower()


def test_an_option_with_a_name_in_it_makes_no_word_of_the_name(tmp_path):
    row = "intake,v1,option_label,residency.mother,Mother or Hope who fosters"
    vocabulary = catalogue_with(tmp_path, "wording.csv", row).vocabulary
    assert "fosters" in vocabulary
    assert not {"hope", "may", "will", "17", "e"} & vocabulary


def test_numbers_of_options_do_not_make_a_row_doubtful():
    numbers = [f"profile_residency___{number}" for number in range(1, 60)]
    found = recognise_header(CATALOGUE, [[*header(), *numbers]])
    assert [column.header for column in found.unknown] == numbers
    assert {column.question_id for column in found.unknown} == {"intake_profile_residency"}


def test_a_row_that_is_half_data_repeats_nothing():
    known = header()
    found = recognise_header(CATALOGUE, [[*known, *(f"cell {number}" for number in range(len(known)))]])
    assert len(found.unknown) == len(known)
    assert {column.header for column in found.unknown} == {None}
    assert {column.nearest for column in found.unknown} == {None}


def test_an_ignored_column_is_understood(tmp_path):
    sample = Catalogue(sample_seeds() / "forms")
    found = recognise_header(sample, [[*header(), "Respondent E-Mail", "another"]])
    assert [column.header for column in found.unknown] == ["another"]
    assert sample.reading_fingerprint("intake") != CATALOGUE.reading_fingerprint("intake")


METADATA: tuple[tuple[str, list[str], list[str | None]], ...] = (
    ("known by its name", ["_uuid", "formhub/uuid", "meta-instanceID", "Duration (in seconds)", "Timestamp"], []),
    ("common, with what the tool alone writes", ["ResponseId", "RecordedDate", "Status", "Progress"], []),
    ("common, by itself", ["Status", "Name", "ID"], ["status", "name", "id"]),
    ("common, with one that the tool alone writes", ["Respondent ID", "First Name"], ["first name"]),
    ("common, with two that another tool writes too", ["IP Address", "Response ID", "Progress"], ["progress"]),
    ("REDCap, labels", ["Event Name", "Repeat Instrument", "Record ID", "Complete?", "Survey Timestamp"], []),
    ("REDCap, common by itself", ["record_id", "Data Access Group"], ["record_id"]),
    ("common, in an export of another tool", ["ResponseId", "RecordedDate", "Name"], ["name"]),
    ("common, and asked as well", ["Start time", "Completion time", "Name", "name"], ["name", "name"]),
    ("times of an edit", ["Start time", "Completion time", "Last modified time"], ["last modified time"]),
    ("like one", ["Duration (in minutes)", "_uuids"], ["duration (in minutes)", None]),
)  # fmt: skip


@pytest.mark.parametrize(("case", "more", "told"), METADATA, ids=[row[0] for row in METADATA])
def test_what_a_survey_tool_adds_is_understood(case, more, told):
    found = recognise_header(CATALOGUE, [[*header(), *more]])
    assert [column.header for column in found.unknown] == told, case
    assert found.columns[len(header()) :] == (None,) * len(more)


def test_what_a_survey_tool_adds_may_be_a_question_of_a_programme(tmp_path):
    before = Catalogue(sample_seeds() / "forms")
    after = catalogue_with(tmp_path, "wording.csv", "intake,v1,question_label,intake_admin_submission_id,Respondent ID")
    names = renamed("submission_id", "Respondent ID")
    with pytest.raises(FileRefusedError, match="`submission_id` is missing"):
        recognise_header(before, [names])
    assert recognise_header(after, [names]).columns[0] == "intake_admin_submission_id"


def test_what_is_known_of_survey_tools_is_part_of_how_a_file_is_read(tmp_path):
    before = Catalogue(sample_seeds() / "forms")
    after = catalogue_with(tmp_path, "metadata_column.csv", "Another tool,its_uuid,false")
    assert before.reading_fingerprint("exit") != after.reading_fingerprint("exit")


def test_no_control_character_is_shown():
    found = recognise_header(CATALOGUE, [[*header(), "other\x1b\u202e notes"]])
    assert str(found.unknown[0].header).isprintable()


def labels_only() -> list[str]:
    """A header row in the words of the form, without the sections they stand in."""
    texts = [one.header for one in CATALOGUE.headers("intake", "v2", "text_list")]
    return [text.partition(": ")[2] or text for text in texts]


def test_a_label_without_its_section_is_named_with_the_header_where_one_question_has_it():
    found = recognise_header(CATALOGUE, [labels_only()])
    meant = {column.place: column.nearest for column in found.unknown}
    texts = [one.header for one in CATALOGUE.headers("intake", "v2", "text_list")]
    # Every label but the one that two questions have.
    assert {texts[place - 1] for place, nearest in meant.items() if nearest != texts[place - 1]} == {
        "Exposure to domestic abuse: Are there multiple victims?",
        "Harmful behaviour: Are there multiple victims?",
    }
    assert len(meant) > 60


def test_a_label_is_not_meant_for_a_header_that_stands_in_the_row():
    found = recognise_header(CATALOGUE, [[*header(convention="text_list"), "Disability"]])
    assert found.unknown[0].nearest != "Client profile: Disability"


# A column that a row of codes has besides, the known one that is named, the question it is of, what the operator reads,
# and whether the column is called by its name.
OF_A_QUESTION = (
    ("profile_residency/uncle", None, "intake_profile_residency", ": profile residency has no such option", False),
    ("Who does the client live with? - Uncle", None, "intake_profile_residency",
     ": profile residency has no such option", False),
    ("Who does the client live with? - Other (please specify) - Text", None, "intake_profile_residency",
     ": profile residency has no such option", True),
    ("Who does the client live with? - Selected Choice - Uncle", None, "intake_profile_residency",
     ": profile residency has no such option", False),
    ("profile_residency.1", None, "intake_profile_residency", ": profile residency has no such option", True),
    ("profile_residency/mothr", "profile_residency___mother", "intake_profile_residency",
     ", did you mean `profile_residency___mother`?", False),
    ("a_group_of_visits/first/residency.father", "profile_residency___father", "intake_profile_residency",
     ", did you mean `profile_residency___father`?", False),
    ("visit/aunts/height", None, None, "", False),
    ("perpetrators/uncle", None, None, "", False),
    ("profile_residency___7", None, "intake_profile_residency", ": profile residency has no such option", True),
    ("profile_residency___Liam", None, "intake_profile_residency", ": profile residency has no such option", False),
    ("profile_residency/Liam/other", "profile_residency___other", "intake_profile_residency",
     ", did you mean `profile_residency___other`?", False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "nearest", "question", "said", "is_named"), OF_A_QUESTION)
def test_a_column_of_no_option_is_told_with_its_question(tmp_path, name, nearest, question, said, is_named):
    (column,) = recognise_header(CATALOGUE, [[*header(), name]]).unknown
    told = name.lower() if is_named else None
    assert (column.header, column.nearest, column.question_id) == (told, nearest, question)
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), name], [*record(1), "1"]]))
        called = f"`{told}`" if told else f"column {len(header()) + 1}"
        assert unknown_lines(place.con) == [f"a.csv: {called} was not understood{said}"]


def test_an_option_that_has_its_column_is_not_what_another_one_was_meant_to_be():
    (column,) = recognise_header(CATALOGUE, [[*header(), "residency.mother", "profile_residency/mothr"]]).unknown
    assert (column.nearest, column.question_id) == (None, "intake_profile_residency")


def test_a_question_of_which_only_unknown_options_are_there_is_absent(tmp_path):
    names = renamed("profile_residency", "profile_residency/uncle")
    with landing(tmp_path) as place:
        place.land("a.csv", table([names, record(1)]))
        assert unknown_lines(place.con) == [
            f"a.csv: column {names.index('profile_residency/uncle') + 1} was not understood: "
            "profile residency has no such option. "
            "1 form has no profile residency"
        ]
