"""Small local extracts of the right form, until `local` draws them."""

from __future__ import annotations

from synthetic.social_care.life import Life
from synthetic.social_care.writers import csv_bytes

COLUMNS = {
    "missing_episode": "episode_id,child_id,started_at,ended_at,missing_class,notified_by,reported_on,is_vulnerable,interview_offered_on,interview_done_on",
    "local_referral": "referral_id,child_id,referral_date,agency_group",
    "disabled_team_case": "child_id,open_date,close_date",
    "youth_offence": "offence_id,person_id,birth_date,sex,offence_date,outcome_date,disposal",
    "treatment_episode": "client_id,start_date,end_date,substance_group,lives_with_children,number_of_children",
    "police_incident": "incident_id,incident_date,is_domestic_abuse,is_crime,is_violence,risk_grade",
    "police_person": "incident_id,person_id,role,sex,birth_date",
    "early_help_attendance": "child_id,household_id,service,attended_on",
    "family_support_allocation": "child_id,household_id,allocated_on,ended_on",
    "early_help_assessment": "child_id,completed_on",
    "young_carer": "person_id,start_date,end_date,cared_for_condition",
    "lado_referral": "referral_id,allegation_date,outcome",
    "school_census_pupil": "upn,census_date,birth_date,sex,sen_provision,sen_primary_need",
    "service_count": "service,counted_on,breakdown,count",
}


def crude(life: Life) -> dict[str, bytes]:
    """A few rows of each."""
    made: dict[str, bytes] = {}
    values = {
        "missing_class": "missing", "notified_by": "police", "is_vulnerable": "1", "agency_group": "school", "sex": "M",
        "disposal": "custody", "substance_group": "other", "lives_with_children": "own", "number_of_children": "2",
        "is_domestic_abuse": "1", "is_crime": "0", "is_violence": "0", "risk_grade": "high", "role": "survivor",
        "cared_for_condition": "mental_health", "outcome": "unfounded", "sen_provision": "K", "sen_primary_need": "SEMH",
        "breakdown": "", "count": "61", "birth_date": "2004-05-06", "ended_at": "2016-05-02T08:10:00",
        "started_at": "2016-05-01T21:05:00", "service": "childrens_centre",
    }  # fmt: skip
    for name, header in COLUMNS.items():
        rows = []
        for n, child in enumerate(life.children[:40]):
            row = []
            for column in header.split(","):
                if column in ("child_id", "person_id"):
                    row.append(child.child_id)
                elif column == "upn":
                    row.append(life.people.new_upn(child.birth))
                elif column.endswith("_id"):
                    row.append(f"{column[0].upper()}{1000 + n}")
                else:
                    row.append(values.get(column, "2015-06-07" if column != "close_date" else ""))
            rows.append(row)
        made[name] = csv_bytes(header.split(","), rows)
    return made
