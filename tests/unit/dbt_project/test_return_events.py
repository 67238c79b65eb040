"""What becomes of the records of returns: which are one event, which version speaks, what a later delivery takes back.

Each scenario is an authority of its own, written as a stranger would send it, in an order that must not matter: every
file is landed as it stands, and by a second authority with its records the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce

import pytest

from tests.support.return_events import (
    EPISODE_2023,
    NO_ACTION,
    OFF,
    ON,
    TAKEN_UP,
    Scenario,
    assessed,
    assessment,
    child,
    enquiry,
    plan,
    referral,
    return_of,
    table_of,
    turned,
)  # fmt: skip
from tests.support.returns import EPISODES, HEADER
from tests.support.returns_made import ReturnsMade

#: What is looked at of each kind of record: a column of staging that tells the records of a scenario apart.
Outcome = Mapping[str, Sequence[tuple[object, ...]]]


SCENARIOS = {
    # -- a later delivery of the same year
    "a resubmission takes a child back": Scenario(
        [[return_of(2023, child(1, TAKEN_UP), child(2, TAKEN_UP), at=ON), return_of(2023, child(1, TAKEN_UP), at=OFF)]],
        "cin_child", "1", [(1, "accepted"), (1, "duplicate"), (1, "withdrawn")],
    ),
    "and a plan": Scenario(
        [[return_of(2023, child(1, TAKEN_UP), at=ON), return_of(2023, child(1, referral("2022-05-02")), at=OFF)]],
        "cin_protection_plan", "start_date::varchar", [("2022-06-01", "withdrawn")],
    ),
    "and a factor": Scenario(
        [[
            return_of(2023, child(1, referral("2022-05-02", assessed("3B", "4B"))), at=ON),
            return_of(2023, child(1, referral("2022-05-02", assessed("4B"))), at=OFF),
        ]],
        "cin_assessment_factor", "factor", [("3B", "withdrawn"), ("4B", "accepted"), ("4B", "duplicate")],
    ),
    "the file says which is later, whatever came first": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B")), at=OFF)],
         [return_of(2023, child(1, referral("2022-05-02", source="1C")), at=ON)]],
        "cin_referral", "referral_source", [("1B", "accepted"), ("1C", "superseded")],
    ),
    "by the clock of London, whatever its zone": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B")), at="2023-05-01T10:00:00Z"),
          return_of(2023, child(1, referral("2022-05-02", source="1C")), at="2023-05-01T10:30:00+01:00")]],
        "cin_referral", "referral_source", [("1B", "accepted"), ("1C", "superseded")],
    ),
    "and however it is written": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B")), at="02/06/2023 09:00:00"),
          return_of(2023, child(1, referral("2022-05-02", source="1C")), at="2023-05-03T09:00:00.500")]],
        "cin_referral", "referral_source", [("1B", "accepted"), ("1C", "superseded")],
    ),
    "then the number of the message": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B")), at=ON, serial="9"),
          return_of(2023, child(1, referral("2022-05-02", source="1C")), at=ON, serial="010")]],
        "cin_referral", "referral_source", [("1B", "superseded"), ("1C", "accepted")],
    ),
    "then a later run": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B")))],
         [return_of(2023, child(1, referral("2022-05-02", source="1C")))]],
        "cin_referral", "referral_source", [("1B", "superseded"), ("1C", "accepted")],
    ),
    "two of one run that nothing orders wait": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1B"))),
          return_of(2023, child(1, referral("2022-05-02", source="1C")))]],
        "cin_referral", "referral_source", [("1B", "conflicting_versions"), ("1C", "conflicting_versions")],
    ),
    "and what was in force before them stays so": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", source="1A")), at=ON)],
         [return_of(2023, child(1, referral("2022-05-02", source="1B")), at=OFF),
          return_of(2023, child(1, referral("2022-05-02", source="1C")), at=OFF)]],
        "cin_referral", "referral_source",
        [("1A", "accepted"), ("1B", "conflicting_versions"), ("1C", "conflicting_versions")],
    ),
    "whole, although they say the same of some kinds of record": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", assessment("2022-05-03", "2022-06-01", "3B"))), at=ON)],
         [return_of(2023, child(1, referral("2022-05-02", assessment("2022-05-03", "2022-06-01", "4B"))), at=OFF),
          return_of(2023, child(1, referral("2022-05-02", assessment("2022-05-03", "2022-06-01", "5B"))), at=OFF)]],
        "cin_assessment", "1", [(1, "accepted"), (1, "conflicting_versions"), (1, "conflicting_versions")],
    ),
    "and although all kinds hold the same, in other records": Scenario(
        [[return_of(2023, child(1, referral(
              "2022-05-02", assessed("3B"), assessment("2022-05-04", "2022-06-01", "4B")))),
          return_of(2023, child(1, referral(
              "2022-05-02", assessed("4B"), assessment("2022-05-04", "2022-06-01", "3B"))))]],
        "cin_assessment_factor", "1", [(1, "conflicting_versions")] * 4,
    ),
    "two that hold the same in another order are one": Scenario(
        [[return_of(2023, child(1, TAKEN_UP), child(2, TAKEN_UP)),
          return_of(2023, child(2, TAKEN_UP), child(1, TAKEN_UP))]],
        "cin_child", "1", [(1, "accepted")] * 2 + [(1, "duplicate")] * 2,
    ),
    "a table of the looked-after return replaces its own table only": Scenario(
        [[table_of(2023, "h1", HEADER, "K1,1,01/05/2010,WBRI,UN1,,", "K2,1,01/05/2010,WBRI,UN1,,"),
          table_of(2023, "e", EPISODES, EPISODE_2023)],
         [table_of(2023, "h2", HEADER, "K1,1,01/05/2010,WBRI,UN1,,")]],
        "s903_episode", "1", [(1, "accepted")],
    ),
    "an earlier year stays when a later one comes": Scenario(
        [[return_of(2022, child(1, referral("2021-05-02", closed="2021-06-01")))],
         [return_of(2023, child(2, TAKEN_UP))]],
        "cin_referral", "referral_date::varchar", [("2021-05-02", "accepted"), ("2022-05-02", "accepted")],
    ),
    "a local list adds": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,")],
         [table_of(0, "b", "child_id,open_date,close_date", "K2,2022-06-01,")]],
        "disabled_team_case", "open_date::varchar", [("2022-05-01", "accepted"), ("2022-06-01", "accepted")],
    ),
    "and its later file speaks for an event of both": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,")],
         [table_of(0, "b", "child_id,open_date,close_date", "K1,2022-05-01,2022-07-01")]],
        "disabled_team_case", "close_date::varchar", [("2022-07-01", "accepted"), (None, "superseded")],
    ),
    "of one run neither does": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,", "K2,2022-05-01,"),
          table_of(0, "b", "child_id,open_date,close_date", "K1,2022-05-01,2022-07-01")]],
        "disabled_team_case", "close_date::varchar",
        [("2022-07-01", "conflicting_versions"), (None, "accepted"), (None, "conflicting_versions")],
    ),
    # -- events of one day
    "two referrals of a day that differ are two": Scenario(
        [[return_of(2023, child(1, TAKEN_UP, NO_ACTION))]],
        "cin_referral", "referral_source", [("1A", "accepted"), ("3A", "accepted")],
    ),
    "and one where they do not": Scenario(
        [[return_of(2023, child(1, TAKEN_UP, TAKEN_UP))]],
        "cin_referral", "referral_source", [("1A", "accepted"), ("1A", "duplicate")],
    ),
    "two enquiries of a day": Scenario(
        [[return_of(
            2023, child(1, referral("2022-05-02", enquiry("2022-05-09", "2022-05-20"), enquiry("2022-05-09"))))]],
        "cin_section47", "conference_date::varchar", [("2022-05-20", "accepted"), (None, "accepted")],
    ),
    "two assessments of a day that differ in their factors": Scenario(
        [[return_of(2023, child(1, referral(
            "2022-05-02", assessed("3B"), assessed("2B"))))]],
        "cin_assessment_factor", "factor", [("2B", "accepted"), ("3B", "accepted")],
    ),
    "two assessments of a day with the same factors": Scenario(
        [[return_of(2023, child(1, referral(
            "2022-05-02", assessed("3B"), assessed("3B"))))]],
        "cin_assessment", "1", [(1, "accepted"), (1, "duplicate")],
    ),
    "missing and away of one day": Scenario(
        [[table_of(2023, "h", HEADER, "K1,1,01/05/2010,WBRI,UN1,,"), table_of(2023, "e", EPISODES, EPISODE_2023),
          table_of(2023, "m", "CHILD,DOB,MISSING,MIS_START,MIS_END", "K1,01/05/2010,M,01/07/2022,01/07/2022",
                   "K1,01/05/2010,A,01/07/2022,04/07/2022")]],
        "s903_missing", "missing_type", [("A", "accepted"), ("M", "accepted")],
    ),
    "two of a day, told again a year later": Scenario(
        [[return_of(2022, child(1, referral("2022-03-02"), NO_ACTION.replace("2022-05-02", "2022-03-02"))),
          return_of(2023, child(1, referral("2022-03-02", closed="2022-05-01")))]],
        "cin_referral", "closure_date::varchar",
        [("2022-03-02", "accepted"), ("2022-05-01", "accepted"), (None, "superseded")],
    ),
    "two of a day, of which a year later one is told again in the same words": Scenario(
        [[return_of(2022, child(1, referral(
              "2021-05-02", assessment("2021-05-03", "2021-06-23", "1A"), assessment("2021-05-03", "", "")))),
          return_of(2023, child(1, referral("2021-05-02", assessment("2021-05-03", "", ""))))]],
        "cin_assessment", "authorisation_date::varchar",
        [("2021-06-23", "accepted"), (None, "accepted"), (None, "superseded")],
    ),
    "or the one that was going on, ended": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01", "2021-11-01"), plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2021-10-01", "2022-06-01"))))]],
        "cin_protection_plan", "end_date::varchar",
        [("2021-11-01", "accepted"), ("2022-06-01", "set_aside"), (None, "superseded")],
    ),
    "or the one of its kind": Scenario(
        [[return_of(2022, child(1, referral("2022-03-02"), NO_ACTION.replace("2022-05-02", "2022-03-02"))),
          return_of(2023, child(1, NO_ACTION.replace("2022-05-02", "2022-03-02").replace("3A", "3B")))]],
        "cin_referral", "referral_source, absent_from::varchar",
        [("1A", "2022-04-01", "accepted"), ("3A", None, "superseded"), ("3B", None, "accepted")],
    ),
    "or both, and a third": Scenario(
        [[return_of(2022, child(1, referral("2022-03-02", enquiry("2022-03-09", "2022-03-20"), enquiry("2022-03-09")))),
          return_of(2023, child(1, referral(
              "2022-03-02", enquiry("2022-03-09", "2022-04-20"), enquiry("2022-03-09"),
              enquiry("2022-03-09", "2022-03-20"))))]],
        "cin_section47", "conference_date::varchar",
        [("2022-03-20", "accepted"), ("2022-03-20", "superseded"), ("2022-04-20", "accepted"), (None, "accepted"),
         (None, "superseded")],
    ),
    "of two of a local list one told again": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,2022-05-20", "K1,2022-05-01,")],
         [table_of(0, "b", "child_id,open_date,close_date", "K1,2022-05-01,2022-07-01")]],
        "disabled_team_case", "close_date::varchar",
        [("2022-05-20", "accepted"), ("2022-07-01", "accepted"), (None, "superseded")],
    ),
    "of which two files of one run say different things, an earlier one holds": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,")],
         [table_of(0, "b", "child_id,open_date,close_date", "K1,2022-05-01,2022-07-01"),
          table_of(0, "c", "child_id,open_date,close_date", "K1,2022-05-01,2022-08-01")]],
        "disabled_team_case", "close_date::varchar",
        [("2022-07-01", "conflicting_versions"), ("2022-08-01", "conflicting_versions"), (None, "accepted")],
    ),
    "a child sent twice keeps the disabilities of both": Scenario(
        [[return_of(
            2023, child(1, TAKEN_UP, more="<Disabilities><Disability>LD</Disability></Disabilities>"),
            child(1, more="<Disabilities><Disability>VIS</Disability><Disability>LD</Disability></Disabilities>"))]],
        "cin_disability", "disability", [("LD", "accepted"), ("LD", "duplicate"), ("VIS", "accepted")],
    ),
    # -- a first day that the next year corrects
    "a plan whose first day was corrected is one plan": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2021-10-04", "2022-06-01"))))]],
        "cin_protection_plan", "start_date::varchar",
        [("2021-10-01", "superseded"), ("2021-10-04", "accepted")],
    ),
    "twice": Scenario(
        [[return_of(2021, child(1, referral("2020-09-20", plan("2020-10-01")))),
          return_of(2022, child(1, referral("2020-09-20", plan("2020-10-04")))),
          return_of(2023, child(1, referral("2020-09-20", plan("2020-10-05")))) ]],
        "cin_protection_plan", "start_date::varchar",
        [("2020-10-01", "superseded"), ("2020-10-04", "superseded"), ("2020-10-05", "accepted")],
    ),
    "too far away it is another, and the first ends with the collection that told it": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2022-06-04"))))]],
        "cin_protection_plan", "start_date::varchar, absent_from::varchar",
        [("2021-10-01", "2022-04-01", "accepted"), ("2022-06-04", None, "accepted")],
    ),
    "a year that was not sent closes nothing": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01"))))]],
        "cin_protection_plan", "absent_from::varchar", [(None, "accepted")],
    ),
    "the next that was sent says until when at most": Scenario(
        [[return_of(2021, child(1, referral("2020-09-20", plan("2020-10-01")))), return_of(2023, child(2, TAKEN_UP))]],
        "cin_protection_plan", "start_date::varchar, absent_from::varchar",
        [("2020-10-01", "2022-04-01", "accepted"), ("2022-06-01", None, "accepted")],
    ),
    "what was closed is not missed": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", closed="2021-12-01"))), return_of(2023, child(2, TAKEN_UP))]],
        "cin_referral", "absent_from::varchar", [(None, "accepted"), (None, "accepted")],
    ),
    "an ended event near by is no correction": Scenario(
        [[return_of(2022, child(1, referral("2022-03-10", closed="2022-03-20", no_action="1"))),
          return_of(2023, child(1, referral("2022-04-02")))]],
        "cin_referral", "referral_date::varchar", [("2022-03-10", "accepted"), ("2022-04-02", "accepted")],
    ),
    "of two near by the nearer is the one corrected": Scenario(
        [[return_of(2022, child(1, referral("2022-03-10"))),
          return_of(2023, child(1, referral("2022-03-12"), referral("2022-03-30")))]],
        "cin_referral", "referral_date::varchar",
        [("2022-03-10", "superseded"), ("2022-03-12", "accepted"), ("2022-03-30", "accepted")],
    ),
    "corrected and corrected back": Scenario(
        [[return_of(2021, child(1, referral("2020-09-20"))), return_of(2022, child(1, referral("2020-09-24"))),
          return_of(2023, child(1, referral("2020-09-20")))]],
        "cin_referral", "referral_date::varchar, absent_from::varchar",
        [("2020-09-20", None, "accepted"), ("2020-09-20", None, "superseded"), ("2020-09-24", None, "superseded")],
    ),
    "corrected to what cannot be": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2021-10-04", "2021-09-30"))))]],
        "cin_protection_plan", "start_date::varchar, absent_from::varchar",
        [("2021-10-01", None, "accepted"), ("2021-10-04", None, "set_aside")],
    ),
    "a plan that is not told any more keeps out none that is": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2021-11-02"))))]],
        "cin_protection_plan", "start_date::varchar, absent_from::varchar",
        [("2021-10-01", "2022-04-01", "accepted"), ("2021-11-02", None, "accepted")],
    ),
    "an episode of care whose first day was corrected": Scenario(
        [[table_of(2022, "h", HEADER, "K1,1,01/05/2010,WBRI,UN1,,"),
          table_of(2022, "e", EPISODES, "K1,01/02/2022,S,C2,N1,U6,PR1,,,,,,"),
          table_of(2023, "h", HEADER, "K1,1,01/05/2010,WBRI,UN2,,"),
          table_of(2023, "e", EPISODES, "K1,03/02/2022,S,C2,N1,U6,PR1,01/06/2022,E4A,,,,")]],
        "s903_episode", "start_date::varchar", [("2022-02-01", "superseded"), ("2022-02-03", "accepted")],
    ),
    # -- a version that is set aside, and the one before it
    "a plan that ends before it begins is what it was the year before": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("2021-09-20", plan("2021-10-01", "2021-09-30"))))]],
        "cin_protection_plan", "end_date::varchar, absent_from::varchar",
        [("2021-09-30", None, "set_aside"), (None, None, "accepted")],
    ),
    "until a year tells it right": Scenario(
        [[return_of(2021, child(1, referral("2020-09-20", plan("2020-10-01")))),
          return_of(2022, child(1, referral("2020-09-20", plan("2020-10-01", "2020-09-30")))),
          return_of(2023, child(1, referral("2020-09-20", plan("2020-10-01", "2022-09-30"))))]],
        "cin_protection_plan", "end_date::varchar",
        [("2020-09-30", "superseded"), ("2022-09-30", "accepted"), (None, "superseded")],
    ),
    "with nothing before it nothing stands in": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", plan("2022-06-01", "2022-05-01"))))]],
        "cin_protection_plan", "1", [(1, "set_aside")],
    ),
    "nor does a delivery that was replaced": Scenario(
        [[return_of(2023, child(1, referral("2022-05-02", plan("2022-06-01"))), at=ON),
          return_of(2023, child(1, referral("2022-05-02", plan("2022-06-01", "2022-05-01"))), at=OFF)]],
        "cin_protection_plan", "end_date::varchar", [("2022-05-01", "set_aside"), (None, "superseded")],
    ),
    "a case that is stood in for": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20"))),
          return_of(2023, child(1, referral("2021-09-20", plan("2022-06-01"), closed="2021-09-19")))]],
        "cin_referral", "closure_date::varchar", [("2021-09-19", "set_aside"), (None, "accepted")],
    ),
    "keeps what lies in it": Scenario(
        [[return_of(2022, child(1, referral("2021-09-21"))),
          return_of(2023, child(1, referral("2021-09-21", plan("2022-06-01"), closed="2021-09-19")))]],
        "cin_protection_plan", "start_date::varchar", [("2022-06-01", "accepted")],
    ),
    "a plan in a case that lost its day": Scenario(
        [[return_of(2022, child(1, referral("2021-09-20", plan("2021-10-01")))),
          return_of(2023, child(1, referral("", plan("2021-10-01", "2022-06-01"))))]],
        "cin_protection_plan", "end_date::varchar", [("2022-06-01", "set_aside"), (None, "accepted")],
    ),
    "the factors of an assessment in such a case": Scenario(
        [[return_of(2022, child(1, referral("2022-03-02", assessment("2022-03-03", "", "3B")))),
          return_of(2023, child(1, referral("", assessment("2022-03-03", "2022-05-01", "4B"))))]],
        "cin_assessment_factor", "factor", [("3B", "accepted"), ("4B", "set_aside")],
    ),
    "a later file of a local list that cannot be": Scenario(
        [[table_of(0, "a", "child_id,open_date,close_date", "K1,2022-05-01,2022-05-31")],
         [table_of(0, "b", "child_id,open_date,close_date", "K1,2022-05-01,2022-04-01")]],
        "disabled_team_case", "close_date::varchar", [("2022-04-01", "set_aside"), ("2022-05-31", "accepted")],
    ),
    # -- a child that the header takes back
    "a child that a later header leaves out is in no table": Scenario(
        [[table_of(2023, "h1", HEADER, "K1,1,01/05/2010,WBRI,UN1,,", "K2,1,01/05/2010,WBRI,UN1,,"),
          table_of(2023, "e", EPISODES, EPISODE_2023, EPISODE_2023.replace("K1", "K2"))],
         [table_of(2023, "h3", HEADER, "K2,1,01/05/2010,WBRI,UN1,,")]],
        "s903_episode", "1", [(1, "accepted"), (1, "set_aside")],
    ),
    "one that no header ever had is only noted": Scenario(
        [[table_of(2023, "h4", HEADER, "K2,1,01/05/2010,WBRI,UN1,,"),
          table_of(2023, "e", EPISODES, EPISODE_2023, EPISODE_2023.replace("K1", "K2"))]],
        "s903_episode", "1", [(1, "accepted"), (1, "accepted")],
    ),
    "and of another year it stays": Scenario(
        [[table_of(2022, "h", HEADER, "K1,1,01/05/2010,WBRI,UN1,,"),
          table_of(2022, "e", EPISODES, "K1,01/06/2021,S,C2,N1,U6,PR1,01/07/2021,E4A,,,,"),
          table_of(2023, "h5", HEADER, "K1,1,01/05/2010,WBRI,UN1,,", "K2,1,01/05/2010,WBRI,UN1,,"),
          table_of(2023, "e", EPISODES, EPISODE_2023.replace("K1", "K2"))],
         [table_of(2023, "h6", HEADER, "K2,1,01/05/2010,WBRI,UN1,,")]],
        "s903_episode", "start_date::varchar", [("2021-06-01", "accepted"), ("2022-06-01", "accepted")],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> ReturnsMade:
    """Every scenario, its records as they stand by one authority, the other way round by another."""
    place = ReturnsMade(tmp_path_factory.mktemp("events"))
    runs: list[dict[str, bytes | str]] = [{}, {}]
    for number, scenario in enumerate(SCENARIOS.values()):
        for at, files in enumerate(scenario.runs):
            for file in files:
                for la_code, written in ((100 + number, str), (500 + number, turned)):
                    name, content = file(str(la_code))
                    # Children of its own, so that no two files are the same.
                    runs[at][name] = written(re.sub(r"\bK([0-9])\b", rf"K{la_code}N\1", content))
    place.deliver(*runs)
    place.make("int_returns_disposition")
    return place


@pytest.mark.parametrize("order", [100, 500], ids=["as it stands", "the other way round"])
@pytest.mark.parametrize("name", list(SCENARIOS))
def test_each_record_becomes_what_it_should(made, name, order):
    scenario = SCENARIOS[name]
    found = made.rows(
        f"select {scenario.told}, disposition from intermediate.int_returns_disposition "
        f"inner join staging.stg_returns__{scenario.record_id} as staged using (landed_row_id) "
        f"where staged.la_code = '{order + list(SCENARIOS).index(name)}' order by all"
    )
    assert sorted(found, key=str) == sorted(scenario.expected, key=str)


def test_every_record_has_one_disposition(made):
    landed = reduce(int.__add__, made.counts().values())
    assert made.rows("select count(*), count(distinct landed_row_id), count(disposition) from "
                     "intermediate.int_returns_disposition") == [(landed,) * 3]  # fmt: skip
