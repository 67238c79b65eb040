"""Headers as portals write them: each means the question or option it was made of, and none means another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Catalogue, Question, load_catalogue
from catalogue.assembly import write_catalogue
from catalogue.folding import fold_header
from catalogue.headers import option_names
from catalogue.programme import Programme
from tests.support.coherent_programme import GOOD, write_programme

CATALOGUE = load_catalogue()
SEPARATORS = ("/", " / ", ".", "___", "__", " - ", " \u2013 ", "\u2014", ": ", " :", " | ", ">", "[", " [", " (choice=")
NO_MEANING = None

FOLDED = (
    ("profile_residency___mother", "profile_residency/mother"),
    ("PROFILE_RESIDENCY__MOTHER", "profile_residency/mother"),
    ("profile_residency[mother]", "profile_residency/mother"),
    ("profile_residency.mother", "profile_residency/mother"),
    ("Home\u200b: Who lives\u00a0 there? \u2013 A cat", "home/who lives there?/a cat"),
    ("Who lives there? (choice=A cat (tabby))", "who lives there?/a cat (tabby)"),
    ("Who lives there? [A cat]", "who lives there?/a cat"),
    ("client_id", "client_id"),
    ("Client  ID:", "client id"),
    ("client\u00ad_id\u200d", "client_id"),
    ("_id", "_id"),
    ("Pets (e.g. cats & dogs).", "pets (eg cats and dogs)"),
    ("status.1", "status/1"),
    ("status1", "status1"),
    ("Who lives there? - Selected Choice", "who lives there?"),
    ("Who lives there? \u2013 Selected  choice - A cat", "who lives there?/a cat"),
    ("Who lives there? - Selected Choice - Selected Choice", "who lives there?"),
    ("Selected Choice", "selected choice"),
    (" - Selected Choice", "/selected choice"),
    ("Who lives there? - Selected Choices", "who lives there?/selected choices"),
    ("The selected choice - A cat", "the selected choice/a cat"),
)
# What some portals make of two or three questions.
ROWS = (
    ("KoboToolbox, codes", ("referral_status", "profile_residency", "profile_residency/mother"),
     ("intake_referral_status", "intake_profile_residency", "intake_profile_residency__mother")),
    ("KoboToolbox, codes below groups", ("admin/client_id", "profile/ethnicity", "profile/residency/other",
     "profile/profile_residency/other"),
     ("intake_admin_client_id", "intake_profile_ethnicity", *["intake_profile_residency__other"] * 2)),
    ("KoboToolbox, labels", ("Client profile/Ethnicity", "Who does the client live with?/Step-parent/partner"),
     ("intake_profile_ethnicity", "intake_profile_residency__step_parent_partner")),
    ("ODK", ("residency.mother", "profile-residency.father", "exposure-victims.sister"),
     ("intake_profile_residency__mother", "intake_profile_residency__father", "intake_exposure_victims__sister")),
    ("SurveyMonkey", ("Who does the client live with? - Foster parents", "Client profile: Ethnicity",
     "Adverse Childhood Experiences (ACEs) - Domestic abuse (exposure)"),
     ("intake_profile_residency__foster_parents", "intake_profile_ethnicity",
      "intake_profile_ace_types__domestic_abuse_exposure")),
    ("REDCap, codes", ("profile_residency___mother", "PROFILE_RESIDENCY___MOTHER"),
     ("intake_profile_residency__mother",) * 2),
    ("REDCap, labels", ("Client profile: Who does the client live with? (choice=Mother)",),
     ("intake_profile_residency__mother",)),
    ("LimeSurvey, codes", ("profile_residency[mother]", "profile_ethnicity"),
     ("intake_profile_residency__mother", "intake_profile_ethnicity")),
    ("LimeSurvey, words", ("Who does the client live with? [Mother]",), ("intake_profile_residency__mother",)),
    ("Qualtrics", ("Client profile: Ethnicity - Selected Choice",
     "Client profile: Who does the client live with? - Selected Choice",
     "Who does the client live with? - Selected Choice - Mother",
     "Client profile: Who does the client live with? - Selected Choice - Other",
     "Exposure to domestic abuse: Type of abuse exposed to - Physical - Selected Choice"),
     ("intake_profile_ethnicity", "intake_profile_residency", "intake_profile_residency__mother",
      "intake_profile_residency__other", "intake_exposure_type_physical")),
    ("Qualtrics, what is said in words", ("Client profile: Ethnicity - Any other ethnic group - Text",
     "Client profile: Who does the client live with? - Other - Text",
     "Client profile: Who does the client live with? - Selected Choice - Other - Text",
     "Who does the client live with? - Other (please specify) - Text", "profile_residency_11_TEXT",
     "Ethnicity - Selected Choice", "Who does the client live with? - Selected Choice"),
     (NO_MEANING,) * 7),
    ("by id", ("intake_profile_residency__mother", "intake_profile_ethnicity", "intake_profile_residency.Mother"),
     ("intake_profile_residency__mother", "intake_profile_ethnicity", "intake_profile_residency__mother")),
    ("a code with labels", ("profile_residency/Step-parent/partner", "profile_residency \u2014 Don\u2019t know"),
     ("intake_profile_residency__step_parent_partner", "intake_profile_residency__dont_know")),
    ("words of an earlier version", ("witness_victims/mother",
     "Witness to domestic abuse: Victim of abuse\u2019s relationship to child - Mother"),
     ("intake_exposure_victims__mother",) * 2),
    ("what two questions are called", ("perpetrators/mother", "victims.mother"),
     (NO_MEANING, "intake_exposure_victims__mother")),
    ("what is not told apart by itself", ("Ethnicity", "ethnicity", "residency", "Who does the client live with?"),
     (NO_MEANING,) * 4),
    ("what nobody offers", ("profile_residency/uncle", "profile_residency_mother", "mother", "partner/client_id",
     "partner/profile_ethnicity", "profile_ethnicity2"),
     (NO_MEANING,) * 6),
)  # fmt: skip


def meant(header: str, form_id: str = "intake", catalogue: Catalogue = CATALOGUE) -> str | None:
    found = catalogue.header_index(form_id).get(fold_header(header))
    return found[0].raw_column if found else NO_MEANING


@pytest.mark.parametrize(("header", "folded"), FOLDED)
def test_what_stands_between_the_parts_of_a_header_is_one_thing(header: str, folded: str) -> None:
    assert fold_header(header) == folded
    assert fold_header(folded) == folded


@pytest.mark.parametrize(("tool", "headers", "columns"), ROWS, ids=[row[0] for row in ROWS])
def test_what_a_portal_calls_a_column(tool: str, headers: tuple[str, ...], columns: tuple[str | None, ...]) -> None:
    assert tuple(meant(header) for header in headers) == columns, tool


@dataclass(frozen=True)
class Named:
    """A way to call a question with several answers; `is_alone`: without its section."""

    name: str
    is_alone: bool


def _named(question: Question, version: str) -> Iterator[Named]:
    """Every way, put together here once more from the seeds."""
    section = CATALOGUE.sections[question.section_id]

    def worded(kind: str, item: str, default: str) -> str:
        return CATALOGUE.wording(question.form_id, version, kind, item, default)

    code = worded("question_code", question.question_id, question.question_code)
    label = worded("question_label", question.question_id, question.question_label)
    section_code = worded("section_code", section.section_id, section.section_code)
    yield Named(question.question_id, is_alone=False)
    yield Named(f"{section_code}_{code}", is_alone=False)
    yield Named(f"{section_code}/{code}", is_alone=False)
    yield Named(f"{section_code}/{section_code}_{code}", is_alone=False)
    yield Named(f"{worded('section_label', section.section_id, section.section_label)}: {label}", is_alone=False)
    yield Named(code, is_alone=True)
    yield Named(label, is_alone=True)


def _ticks(form_id: str) -> Iterator[tuple[Question, Named]]:
    for version in CATALOGUE.form_versions(form_id):
        for question in CATALOGUE.asked(form_id):
            if question.answer_type == "tick_all":
                for named in _named(question, version.form_version):
                    yield question, named


TICKS = [(form_id, question, named) for form_id in CATALOGUE.forms for question, named in _ticks(form_id)]
CALLED_SO: dict[tuple[str, str], set[str]] = defaultdict(set)
for _form_id, _question, _name in TICKS:
    CALLED_SO[_form_id, fold_header(_name.name)].add(_question.question_id)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_every_name_of_a_tick_is_read_with_everything_that_may_stand_before_the_option(separator: str) -> None:
    end = {"[": "]", "=": ")"}.get(separator[-1], "")
    for form_id, question, named in TICKS:
        is_of_one = len(CALLED_SO[form_id, fold_header(named.name)]) == 1
        assert is_of_one or named.is_alone
        for option in CATALOGUE.options_of(question.question_id):
            for text in (option.option_code, option.option_label):
                header = f"{named.name}{separator}{text}{end}"
                expected = f"{question.question_id}__{option.option_code}"
                # Of two questions that share a name, one may have an option that the other has not.
                assert meant(header, form_id) in ((expected,) if is_of_one else (expected, NO_MEANING)), header


@pytest.mark.parametrize("form_id", list(CATALOGUE.forms))
def test_what_two_questions_with_the_same_options_are_called_means_neither(form_id: str) -> None:
    for (form, name), questions in CALLED_SO.items():
        if form == form_id and len(questions) > 1:
            shared = set.intersection(*(set(option_names(CATALOGUE, question)) for question in questions))
            assert all(meant(f"{name}/{option}", form_id) is NO_MEANING for option in shared), name


@pytest.mark.parametrize("form_id", list(CATALOGUE.forms))
def test_a_header_is_read_as_it_is_written_and_as_one_thing(form_id: str) -> None:
    index = CATALOGUE.header_index(form_id)
    for name, headers in CATALOGUE.written_headers(form_id).items():
        assert index[name] == headers
    for name, headers in index.items():
        assert len({(header.question_id, header.option_code) for header in headers}) == 1, name
        assert fold_header(name) == name


@given(
    tick=st.sampled_from([tick for tick in TICKS if not tick[2].is_alone]),
    at=st.integers(0, 40),
    is_code=st.booleans(),
    separator=st.sampled_from(SEPARATORS[:-3]),
    blanks=st.tuples(*[st.sampled_from(["", " ", "\u00a0 ", "\t", "\u202f"])] * 4),
    unseen=st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from("\u200b\u200c\u200d\ufeff\u00ad\u2060")), max_size=4
    ),
    write=st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_blanks_capitals_and_what_cannot_be_seen_change_nothing(tick, at, is_code, separator, blanks, unseen, write):
    form_id, question, named = tick
    options = CATALOGUE.options_of(question.question_id)
    option = options[at % len(options)]
    text = option.option_code if is_code else option.option_label
    header = write(f"{blanks[0]}{named.name}{blanks[1]}{separator}{blanks[2]}{text}{blanks[3]}")
    for place, letter in unseen:
        header = f"{header[:place]}{letter}{header[place:]}"
    assert meant(header, form_id) == f"{question.question_id}__{option.option_code}"


def test_the_words_of_another_question_are_no_name_of_an_option(north: Programme, tmp_path: Path) -> None:
    other = {"section_id": "intake_profile", "question_code": "pets_cat", "question_label": "Pets - Cat"}
    write_programme(GOOD, north.folder, "question", 1, other)
    write_catalogue(north, tmp_path / "made")
    made = Catalogue(tmp_path / "made" / "seeds" / "forms")
    assert meant("Client profile: Pets - Cat", catalogue=made) == "intake_home_siblings"
    assert meant("At home: Pets - Cat", catalogue=made) == "intake_home_pets__cat"
    assert meant("Pets - Cat", catalogue=made) is NO_MEANING
    assert meant("Pets - Dog", catalogue=made) == "intake_home_pets__dog"
    # The label of a version of its own behind a code that all versions have.
    assert meant("home_pets[Cats]", catalogue=made) == "intake_home_pets__cat"


def test_a_convention_that_a_programme_has_left_out_is_not_read(north: Programme, tmp_path: Path) -> None:
    write_programme(GOOD, north.folder)
    north.path("catalogue", "removed.csv").write_text("table,key\nheader_convention,code_columns\n", encoding="utf-8")
    write_catalogue(north, tmp_path / "made")
    made = Catalogue(tmp_path / "made" / "seeds" / "forms")
    assert meant("home_pets/cat", catalogue=made) is NO_MEANING
    assert (
        meant("At home: Pets | Cat", catalogue=made) == meant("Pets - Cat", catalogue=made) == "intake_home_pets__cat"
    )
    assert meant("home_pets", catalogue=made) == "intake_home_pets"
