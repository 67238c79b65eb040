"""Every validation rule of the returns with records that keep it and records that break it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from catalogue.returns import load_returns

CHILD = "c" * 32
OTHER = "d" * 32
NUMBER = "e" * 32
NO_NUMBER = "0" * 32


@dataclass(frozen=True)
class Record:
    """One raw record; `parent` is its place in the example."""

    record_id: str
    fields: dict[str, str]
    parent: int | None = None
    year: int | None = 2016


@dataclass(frozen=True)
class Example:
    """What keeps a rule and what breaks it."""

    rule: str
    keeps: list[Record]
    breaks: list[Record] = field(default_factory=list)


def of(record_id: str, parent: int | None = None, year: int | None = 2016, /, **fields: str) -> Record:
    """A record with a child, unless its kind has none or another is named."""
    returns = load_returns()
    if "child_key" in returns.raw_columns(record_id):
        fields.setdefault("child_key", CHILD)
    is_local = not returns.returns[returns.records[record_id].return_id].has_collection_year
    return Record(record_id, fields, parent, None if is_local else year)


def child(year: int = 2016, **fields: str) -> Record:
    sex = "1" if year < 2025 else "M"
    return of("cin_child", None, year, **({"birth_month": "2008-03", "sex": sex, "ethnicity": "WBRI"} | fields))


def referral(parent: int = 0, year: int = 2016, /, **fields: str) -> Record:
    usual = {"referral_date": "2015-06-01", "referral_source": "1A", "primary_need": "N1", "is_no_further_action": "0"}
    return of("cin_referral", parent, year, **(usual | fields))


def census(
    *records: Record,
    of_child: dict[str, str] | None = None,
    of_referral: dict[str, str] | None = None,
    year: int = 2016,
) -> list[Record]:
    """A child, its referral, and what lies in the referral unless it says otherwise."""
    inner = [record if record.parent is not None else replace(record, parent=1) for record in records]
    return [child(year, **(of_child or {})), referral(0, year, **(of_referral or {})), *inner]


def plan(start: str, end: str = "", parent: int | None = None, year: int = 2016, **fields: str) -> Record:
    usual = {"start_date": start, "end_date": end, "initial_category": "NEG", "latest_category": "NEG"}
    return of("cin_protection_plan", parent, year, **(usual | fields))


def header(year: int = 2016, **fields: str) -> Record:
    return of("s903_header", None, year, **({"sex": "1", "birth_month": "2008-03", "ethnicity": "WBRI"} | fields))


def episode(start: str, end: str = "", reason: str = "", year: int = 2016, **fields: str) -> Record:
    usual = {
        "start_date": start,
        "end_date": end,
        "reason_episode_ceased": reason,
        "reason_new_episode": "S",
        "legal_status": "C2",
        "category_of_need": "N1",
        "placement_type": "U6",
        "placement_provider": "PR1",
    }
    return of("s903_episode", None, year, **(usual | fields))


def care(*records: Record, year: int = 2016, of_child: dict[str, str] | None = None) -> list[Record]:
    """A child looked after, and its episodes."""
    return [header(year, **(of_child or {})), *records]


def missing(**fields: str) -> Record:
    usual = {"episode_key": "1" * 32, "started_at": "2015-06-01T10:00", "ended_at": "2015-06-02T10:00"}
    return of("missing_episode", **(usual | fields))


def assessment(*, parent: int | None = None, **fields: str) -> Record:
    return of("cin_assessment", parent, **({"start_date": "2015-06-02", "authorisation_date": "2015-07-01"} | fields))


LATER = "2015-12-01"
EXAMPLES = [
    Example("SC101", census(), census(of_referral={"closure_date": "31/02/2016"})),
    Example(
        "SC102",
        # A year beyond the end of the collection is the last day a date can have.
        census(assessment(authorisation_date="2017-03-31")),
        census(assessment(authorisation_date="2017-04-01")),
    ),
    Example(
        "SC103",
        census(plan("2015-07-01", previous_plans="1")),
        census(plan("2015-07-01", previous_plans="1.5")),
    ),
    Example(
        "SC104",
        census(assessment(), of("cin_assessment_factor", 2, factor="3B")),
        census(assessment(), of("cin_assessment_factor", 2, factor="")),
    ),
    Example(
        "SC105",
        census(of_child={"birth_month": "1990-04"}),
        census(of_child={"birth_month": "1990-03"}),
    ),
    Example(
        "SC106",
        care(episode("2015-05-01"), of_child={"birth_month": "2015-05"}),
        care(episode("2015-04-30"), of_child={"birth_month": "2015-05"}),
    ),
    Example(
        "SC107",
        # Children not yet born are referred.
        census(of_child={"birth_month": "2016-04"}),
        census(of_child={"birth_month": "2016-05"}),
    ),
    Example(
        "SC108",
        census(of_child={"death_month": "2015-06"}),
        census(of_child={"death_month": "2015-05"}),
    ),
    Example("SC109", census(of_child={"upn_key": NUMBER}), census(of_child={"upn_key": NO_NUMBER})),
    Example("SC201", census(of_referral={"referral_source": "3F"}), census(of_referral={"referral_source": "RB"})),
    Example(
        "SC202",
        census(of_referral={"referral_source": "5D"}, year=2023),
        census(of_referral={"referral_source": "5D"}, year=2022),
    ),
    Example(
        "SC203",
        census(assessment(), of("cin_assessment_factor", 2, factor="21")),
        census(assessment(), of("cin_assessment_factor", 2, factor="21"), of("cin_assessment_factor", 2, factor="3B")),
    ),
    Example(
        "SC204",
        care(episode("2023-06-01", placement_type="P2", year=2024), year=2024, of_child={"birth_month": "2012-01"}),
        care(
            episode("2024-06-01", placement_type="P2", year=2025),
            year=2025,
            of_child={"birth_month": "2012-01", "sex": "M"},
        ),
    ),
    Example(
        "SC205",
        census(of_referral={"closure_date": LATER, "reason_for_closure": "RC7"}),
        census(of_referral={"closure_date": LATER}),
    ),
    Example("SC206", census(), census(of_referral={"reason_for_closure": "RC7"})),
    Example("SC207", care(episode("2015-06-01", LATER, "E4A")), care(episode("2015-06-01", LATER))),
    Example("SC208", care(episode("2015-06-01")), care(episode("2015-06-01", "", "E4A"))),
    Example("SC209", census(plan("2015-07-01")), census(plan("2015-07-01", latest_category=""))),
    Example(
        "SC210",
        [*census(), of("cin_disability", 0, disability="LD"), of("cin_disability", 0, disability="VIS")],
        [*census(), of("cin_disability", 0, disability="NONE"), of("cin_disability", 0, disability="VIS")],
    ),
    Example(
        "SC211",
        census(of_child={"upn_unknown": "UN2"}),
        census(of_child={"upn_unknown": "UN2", "upn_key": NUMBER}),
    ),
    Example(
        "SC212",
        census(of_referral={"primary_need": "", "is_no_further_action": "1"}),
        census(of_referral={"primary_need": ""}),
    ),
    Example("SC301", census(), [child()]),
    Example(
        "SC302",
        census(plan("2015-07-01")),
        # The plan lies in no referral at all.
        [child(), referral(), plan("2015-07-01", parent=0)],
    ),
    Example(
        "SC303",
        census(assessment(), of("cin_section47", start_date="2015-07-01"), of("cin_plan", start_date="2015-07-01")),
        [
            *census(),
            assessment(parent=0),
            of("cin_section47", 0, start_date="2015-07-01"),
            of("cin_plan", 0, start_date="2015-07-01"),
        ],
    ),
    Example("SC304", census(plan("2015-06-01")), census(plan("2015-05-31"))),
    Example(
        "SC305",
        census(of("cin_section47", start_date="2015-06-01")),
        census(of("cin_section47", start_date="2015-05-31")),
    ),
    Example(
        "SC306",
        census(plan("2015-07-01", LATER), of("cin_plan_review", 2, review_date=LATER)),
        census(plan("2015-07-01", LATER), of("cin_plan_review", 2, review_date="2015-12-02")),
    ),
    Example(
        "SC307",
        care(episode("2015-06-01"), of("s903_missing", missing_type="M", start_date="2015-06-01")),
        care(episode("2015-06-01"), of("s903_missing", missing_type="M", start_date="2015-05-31")),
    ),
    Example("SC308", care(episode("2015-06-01")), [episode("2015-06-01")]),
    Example(
        "SC309",
        [
            of("police_incident", incident_key="1" * 32, incident_date="2015-06-01"),
            of("police_person", incident_key="1" * 32, person_key="2" * 32, role="child"),
        ],
        [of("police_person", incident_key="1" * 32, person_key="2" * 32, role="child")],
    ),
    Example("SC310", care(episode("2015-06-01")), care()),
    Example(
        "SC311",
        census(plan("2015-07-01"), of_referral={"is_no_further_action": "false"}),
        census(plan("2015-07-01"), of_referral={"is_no_further_action": "true"}),
    ),
    Example(
        "SC401",
        [
            *census(of("cin_plan", start_date="2015-07-01", end_date="2015-07-01"), plan("2015-07-01", "2015-07-01")),
            header(),
            episode("2015-07-01", "2015-07-01", "E4A"),
            of("young_carer", start_date="2015-07-01", end_date="2015-07-01"),
        ],
        [
            *census(
                of("cin_plan", start_date="2015-07-01", end_date="2015-06-30"),
                plan("2015-07-01", "2015-06-30"),
                of_referral={"closure_date": "2015-05-31", "reason_for_closure": "RC7"},
            ),
            header(),
            episode("2015-07-01", "2015-06-30", "E4A"),
            of("young_carer", start_date="2015-07-01", end_date="2015-06-30"),
            of("disabled_team_case", open_date="2015-07-01", close_date="2015-06-30"),
            of("family_support_allocation", allocated_on="2015-07-01", ended_on="2015-06-30"),
            of("treatment_episode", client_key="3" * 32, start_date="2015-07-01", end_date="2015-06-30"),
        ],
    ),
    Example(
        "SC402",
        census(plan("2015-07-01", LATER), of_referral={"closure_date": LATER, "reason_for_closure": "RC7"}),
        census(plan("2015-07-01", "2015-12-02"), of_referral={"closure_date": LATER, "reason_for_closure": "RC7"}),
    ),
    Example(
        "SC403",
        census(assessment(authorisation_date="2015-06-02")),
        census(assessment(authorisation_date="2015-06-01")),
    ),
    Example(
        "SC404",
        census(of("cin_section47", start_date="2015-07-01", conference_date="2015-07-01")),
        census(of("cin_section47", start_date="2015-07-01", conference_date="2015-06-30")),
    ),
    Example(
        "SC405",
        census(plan("2015-07-01", "2015-09-01"), plan("2015-09-01")),
        census(plan("2015-07-01", "2015-09-02"), plan("2015-09-01")),
    ),
    Example(
        "SC406",
        [*census(of_referral={"closure_date": LATER, "reason_for_closure": "RC7"}), referral(referral_date=LATER)],
        [*census(), referral(referral_date=LATER)],
    ),
    Example(
        "SC407",
        care(episode("2015-06-01", LATER, "X1"), episode(LATER, reason_new_episode="P")),
        care(episode("2015-06-01", LATER, "X1"), episode("2015-11-30", reason_new_episode="P")),
    ),
    Example(
        "SC408",
        care(episode("2015-06-01", LATER, "X1"), episode(LATER, reason_new_episode="L")),
        care(episode("2015-06-01", LATER, "X1"), episode("2015-12-02")),
    ),
    Example(
        "SC409",
        # Of what began before the first collection, nobody has seen the start.
        care(episode("2015-03-01", reason_new_episode="P")),
        care(episode("2015-06-01", LATER, "E4A"), episode("2016-01-01", reason_new_episode="P")),
    ),
    Example(
        "SC410",
        [missing(ended_at="2015-06-01T10:00")],
        [missing(ended_at="2015-06-01T09:59")],
    ),
    Example(
        "SC411",
        [missing(interview_done_on="2015-06-01")],
        [missing(interview_done_on="2015-05-31")],
    ),
    Example(
        "SC413",
        census(plan("2015-07-01", "2015-08-01", previous_plans="1"), plan("2015-09-01", previous_plans="2")),
        census(plan("2015-07-01", "2015-08-01", previous_plans="1"), plan("2015-09-01", previous_plans="4")),
    ),
    Example(
        "SC414",
        [of("youth_offence", offence_key="4" * 32, offence_date="2015-06-01", outcome_date="2015-06-01")],
        [of("youth_offence", offence_key="4" * 32, offence_date="2015-06-01", outcome_date="2015-05-31")],
    ),
    Example(
        "SC415",
        census(of("cin_section47", start_date="2015-07-01", is_conference_not_required="1")),
        census(
            of("cin_section47", start_date="2015-07-01", is_conference_not_required="1", conference_date="2015-07-10")
        ),
    ),
    Example(
        "SC416",
        [missing(), missing(episode_key="2" * 32, started_at="2015-06-02T10:00", ended_at="")],
        [missing(), missing(episode_key="2" * 32, started_at="2015-06-02T09:00", ended_at="")],
    ),
    Example(
        "SC501",
        [
            *census(),
            *[replace(record, parent=record.parent and record.parent + 2) for record in census()][:1],
            referral(2),
        ],
        [*census(), child(birth_month="2008-04"), referral(2)],
    ),
    Example(
        "SC502",
        [*census(), *care(episode("2015-06-01"))],
        [*census(), *care(episode("2015-06-01"), of_child={"sex": "2"})],
    ),
    Example(
        "SC503",
        [*census(), *care(episode("2015-06-01"))],
        [*census(), *care(episode("2015-06-01"), of_child={"birth_month": "2008-04"})],
    ),
    Example(
        "SC504",
        [*census(of_child={"upn_key": NUMBER}), *care(episode("2015-06-01"), of_child={"upn_key": NUMBER})],
        [
            *census(of_child={"upn_key": NUMBER}),
            *[
                replace(record, fields=record.fields | {"child_key": OTHER})
                for record in care(episode("2015-06-01"), of_child={"upn_key": NUMBER})
            ],
        ],
    ),
    Example(
        "SC505",
        [
            *census(of_referral={"closure_date": LATER, "reason_for_closure": "RC7"}),
            replace(child(2017), fields=child(2017).fields | {"child_key": OTHER}),
            replace(referral(3, 2017), fields=referral().fields | {"child_key": OTHER}, parent=2),
        ],
        [
            *census(),
            replace(child(2017), fields=child(2017).fields | {"child_key": OTHER}),
            replace(referral(3, 2017), fields=referral().fields | {"child_key": OTHER}, parent=2),
        ],
    ),
]
