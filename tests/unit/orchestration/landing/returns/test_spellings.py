"""How people write the codes of Annex A: how many of the ways are read, and that none is read as another code.

The list is one of its own, and not made from the seeds: labels as drop-down lists, case systems and people shorten them.
A label that nobody wrote into `value_spelling.csv` stays unread, which is counted; a wrong reading is a failure.
"""

from __future__ import annotations

import pytest

from catalogue.returns import load_returns
from orchestration.landing.reading import codes_of_list
from tests.support.macros import macro, read

RETURNS = load_returns()
# By list: the share of labels (without their code) that has to be read, and the labels of each code.
LABELS: dict[str, tuple[float, dict[str, str]]] = {
    "sex": (1.0, {
        "M": "Male|male|MALE|Boy", "F": "Female|female |Girl", "U": "Not stated/recorded|Unknown|Neither|Not known|Indeterminate",
    }),
    "ethnicity": (0.95, {
        "WBRI": "White British|White - British|White: British|White (British)|WHITE BRITISH|White/British",
        "WIRI": "White Irish|White - Irish",
        "WIRT": "Traveller of Irish heritage|Traveller of Irish Heritage|Irish Traveller|White - Traveller of Irish heritage",
        "WOTH": "Any other White background|White - Any Other White Background|White Other|Other White|Any other white",
        "WROM": "Gypsy/Roma|Gypsy / Roma|Gypsy or Roma|White - Gypsy/Roma|Gypsy-Roma",
        "MWBC": "White and Black Caribbean|Mixed - White & Black Caribbean|Mixed: White/Black Caribbean",
        "MWBA": "White and Black African|Mixed - White and Black African|White & Black African",
        "MWAS": "White and Asian|Mixed - White and Asian|White & Asian|Mixed White/Asian",
        "MOTH": "Any other mixed background|Mixed - Any other mixed background|Mixed Other|Other mixed background",
        "AIND": "Indian|Asian or Asian British - Indian|Asian - Indian|Asian/Asian British: Indian",
        "APKN": "Pakistani|Asian or Asian British - Pakistani|Asian Pakistani",
        "ABAN": "Bangladeshi|Asian or Asian British - Bangladeshi|Asian - Bangladeshi",
        "AOTH": "Any other Asian background|Asian - Any other Asian background|Asian Other|Other Asian",
        "BCRB": "Caribbean|Black Caribbean|Black or Black British - Caribbean|Black - Caribbean",
        "BAFR": "African|Black African|Black or Black British - African|Black/Black British: African",
        "BOTH": "Any other Black background|Black Other|Other Black|Black - Any other Black background",
        "CHNE": "Chinese|Asian - Chinese|CHINESE",
        "OOTH": "Any other ethnic group|Other ethnic group|Other - Any other ethnic group|Arab",
        "REFU": "Refused|Information refused|Refused to say",
        "NOBT": "Information not yet obtained|Info not yet obtained|Not yet obtained|Information Not Obtained",
    }),
    "contact_source": (0.9, {
        "1A": "Family member, relative or carer|INDIVIDUAL - family member, relative or carer|Parent/carer|Relative",
        "1B": "Acquaintance (including neighbours and child minders)|Acquaintance|Neighbour|Individual - acquaintance",
        "1C": "Self|Individual - self|Self-referral", "1D": "Individual - other (including strangers)|Individual - other",
        "2A": "Schools|School|SCHOOL", "2B": "Education services|Education Service|EDUCATION",
        "3A": "GP|G.P.|Health services - general practitioner (GP)|Health services - GP",
        "3B": "Health visitor|Health Services - Health Visitor|Health - health visitor",
        "3C": "School nurse|Health services - school nurse", "3D": "Other primary health services|Other primary health",
        "3E": "A&E|A & E|Accident and Emergency|A&E (accident and emergency department)|Health services - A&E",
        "3F": "Health services - other (e.g. hospice)|Hospice|Other health services|Mental health trust",
        "4": "Housing|Housing - LA housing or housing association|Housing association",
        "5A": "Adult social care|LA services - social care e.g. adults social care services|Social care",
        "5B": "LA services - other internal|Other internal|LA services - other internal (department)",
        "5C": "LA services - external|External|Another LA", "5D": "Early help|LA services - early help|Early Help",
        "6": "Police|POLICE|police.|The police",
        "7": "Other legal agency|CAFCASS|Probation|Courts|Other legal agency, including courts", "8": "Other|Children's centre",
        "9": "Anonymous|anon.", "10": "Unknown|Not known",
    }),
    "primary_need": (0.95, {
        "N1": "Abuse or Neglect|Abuse or neglect|Abuse/neglect|ABUSE OR NEGLECT|Abuse & neglect|Abuse, neglect and exploitation",
        "N2": "Child's disability or illness|Childs disability|Child’s Disability|Child disability",
        "N3": "Parental disability or illness|Parental illness/disability|Parent's disability or illness",
        "N4": "Family in acute stress|Family in Acute Stress|Acute stress in the family", "N5": "Family dysfunction|Family Dysfunction",
        "N6": "Socially unacceptable behaviour|Socially Unacceptable Behaviour", "N7": "Low income|Low Income|Low-income",
        "N8": "Absent parenting|Absent Parenting", "N9": "Cases other than children in need|Cases other than CIN",
        "N0": "Not stated|Not Stated",
    }),
    "reason_for_closure": (0.9, {
        "RC1": "Adopted|Adoption", "RC2": "Died|Death|Child died", "RC3": "Child arrangements order|CAO|Child Arrangement Order",
        "RC4": "Special guardianship order|SGO|Special Guardianship",
        "RC5": "Transferred to services of another LA|Transferred to another local authority|Transfer to another LA",
        "RC6": "Transferred to adult social care services|Transferred to adult social care|Transferred to ASC",
        "RC7": "Services ceased for any other reason, including child no longer in need|Services ceased for any other reason|"
        "Child no longer in need",
        "RC8": "Case closed after assessment, no further action|Case closed after assessment - NFA|Closed after assessment, NFA",
        "RC9": "Case closed after assessment, referred to early help|Case closed after assessment - referred to Early Help",
    }),
    "category_of_abuse": (0.95, {
        "NEG": "Neglect|NEGLECT", "PHY": "Physical abuse|Physical|Physical Abuse", "SAB": "Sexual abuse|Sexual",
        "EMO": "Emotional abuse|Emotional|Emotional Abuse", "MUL": "Multiple/not recommended|Multiple|Multiple / Not Recommended",
    }),
    "legal_status": (0.9, {
        "C1": "Interim care order|ICO|Interim Care Order (ICO)", "C2": "Full care order|FCO|Full Care Order",
        "D1": "Freeing order granted|Freeing order", "E1": "Placement order granted|Placement order|Placement Order",
        "V2": "Single period of accommodation under section 20|Single period under S20|Single period of accommodation under S20",
        "V3": "Short term breaks, episodes recorded|Short-term breaks - episodes recorded",
        "V4": "Short term breaks, agreements recorded|Short-term breaks (agreements recorded)",
        "L1": "Police protection|Under police protection and in LA accommodation|Police protection LA accommodation",
        "L2": "Emergency protection order|EPO|Emergency protection order (EPO)",
        "L3": "Child assessment order|Under child assessment order and in LA accommodation|CAO",
        "J1": "Remanded to LA or youth detention|Remanded to LA accommodation or to youth detention accommodation",
        "J2": "LA accommodation under PACE|PACE", "J3": "Youth rehabilitation order|Sentenced to Youth Rehabilitation Order",
    }),
    "placement_type": (0.85, {
        "A3": "Placed for adoption - consent - current foster|Placed for adoption with consent with current foster carer",
        "A4": "Placed for adoption - consent - not foster", "A5": "Placed for adoption - order - foster",
        "A6": "Placed for adoption - order - not foster|Placed for adoption with placement order not with current foster carer",
        "H5": "Semi-independent living|Semi independent living accommodation|Semi-independent, unregulated",
        "K1": "Secure Children's Homes|Secure children’s home|Secure unit", "K2": "Children's Homes|Childrens home|Children's Home",
        "K3": "Registered supported accommodation", "P1": "Placed with parents|Placed with own parents", "P2": "Independent living",
        "P3": "Residential employment", "R1": "Residential Care Home", "R2": "NHS/Health Trust|NHS / health trust",
        "R3": "Family Centre or Mother and Baby Unit|Mother & baby unit|Family centre",
        "R5": "Young Offender Institution|YOI|Young offender institution (YOI)", "S1": "Residential school|Residential Schools",
        "T0": "Temporary placement", "T1": "Temporary placement - hospital", "T2": "Temporary placement - holiday",
        "T3": "Temporary placement - carer holiday", "T4": "Temporary placement - seven days or less|Respite, under a week",
        "U1": "Foster placement - relatives - long term|Foster placement with relative or friend - long term",
        "U2": "Foster placement - relative - FFA|Foster placement with relative or friend - FFA",
        "U3": "Foster placement - relative - not FFA|Foster placement with relative or friend - not long term or FFA",
        "U4": "Foster placement - long term|Foster placement with other foster carer - long term fostering|Fostering, permanent",
        "U5": "Foster placement - FFA", "U6": "Foster placement - not FFA|Placement with other foster carer - not long term or FFA",
        "Z1": "Other placements|Other placement",
    }),
    "reason_episode_ceased": (0.85, {
        "E11": "Adopted - application unopposed|Adopted - application for an adoption order unopposed",
        "E12": "Adopted - consent dispensed|Adopted - consent dispensed with by the court", "E2": "Died|Death",
        "E3": "Care taken by another LA|Care taken over by another LA",
        "E4A": "Returned home to live with parents or relatives - part of planning|Returned home (planned)",
        "E4B": "Returned home to live with parents or relatives - not part of planning|Returned home - unplanned",
        "E13": "Parents, relatives or other with no parental responsibility",
        "E41": "Residence order granted|Child arrangements order|Residence Order or Child Arrangements Order granted",
        "E45": "Special Guardianship Orders - former carer relative/friend|SGO - former foster carer relative or friend",
        "E46": "Special Guardianship Orders - former carer other", "E47": "Special Guardianship Orders - relative/friend",
        "E48": "Special Guardianship Orders - other|SGO to somebody else", "E5": "Moved into independent living - supported",
        "E6": "Moved into independent living - no support|Independent living - no support",
        "E7": "Transferred to residential care funded by adult social services|Transferred to adult residential care",
        "E9": "Sentenced to custody|Custody", "E14": "Accommodation on remand ended", "E16": "Child moved abroad|Moved abroad",
        "E15": "Age assessment determined child was 18 or over|Age assessment determined child is 18 or over",
        "E17": "Aged 18+ and remained with current carers|Staying put", "E8": "Care ceased for any other reason|Any other reason",
    }),
    "care_leaver_eligibility": (1.0, {
        "relevant": "Relevant child|Relevant", "former_relevant": "Former relevant child|Former Relevant|Former-relevant",
        "qualifying": "Qualifying care leaver|Qualifying", "eligible": "Eligible child|Eligible",
    }),
    "flag": (1.0, {
        "true": "Yes|YES|Y|y|true|TRUE|1|Yes ", "false": "No|NO|N|n|False|0", "unknown": "Unknown|Not known|not recorded",
    }),
}  # fmt: skip
# Ways of writing a code with its label. The letter is one of no list, the number one of no code. Behind a code that stands
# first and looks like one, the label may be any text; elsewhere it has to be one that is known.
CODED = (
    "{code}", " {code} ", "{code}\u00a0", "q) {code}", "q. {code}", "99: {code}", "(q) {code}",
    "{code}: {label}", "{code} - {label}", "{code} \u2013 {label}", "{code} ({label})", "q) {code}: {label}",
    "zz) {code}: {label}", "99: {code} - {label}",
)  # fmt: skip
CONFIRMED = (
    "{code}-{label}", "{code}) {label}", "({code}) {label}", "{code}/{label}", "{code} {label}", "{label} ({code})",
    "{label} - {code}", "{code}. {label}", "[{code}] {label}", "{label}, {code}",
)  # fmt: skip
WORDED = ("{label}", "q) {label}", "q. {label}", "(q) {label}", "99: {label}", " {label}\u00a0", "{label}.", "'{label}'")
# By list: what names no code, or more than one.
UNREAD: dict[str, str] = {
    "missing_type": "A friend|A|B|a - friend|a) friend|A) Missing from care|A/M|M or A|A-friend|M Zebediah|a friend of M",
    "contact_source": "6 days|6|6:30pm|6: 30|6 - 12 months|7: Police|9 - Unknown|1B/1C|1B and 1C|1A, 2A|10 Downing Street|A friend|"
    "Police and school|not police|No police involved|6A|1|16: 6 - 7|GP or health visitor|4 - Police|Individual|Health services",
    "primary_need": "N1/N2|N1 N2|N1 and N7|N1 - Low income|N10|N10 - Abuse or neglect|N|1|Not N1|ZEBEDIAH|QUIL|abuse|neglected|"
    "N1 (was N2)|Low income (N1)|Disability|N 1|N1N2",
    "ethnicity": "Both - Zebediah|both parents|BOTH PARENTS|WBRI/BAFR|WBRI and BAFR|WBRI - African|White|Mixed|Black|Asian|British|KHAN|"
    "REFUGEE|a)|s)|Other than white British|BOTH mum and dad|African Caribbean|African (WBRI)",
    "sex": "2) Male|1) Female|f) Male|m) Female|M/F|Male/Female|not male|Male and female|F - Male|3|X|Zebediah|1 - Female|F M|Female (M)",
    "legal_status": "C1 to C2|C2 (was C1)|C1/C2|care order|order|C|C3|C2C1|Section 31|ICO/EPO|C1: Full care order|was C2",
    "placement_type": "U1 or U4|U1/U4|Foster|U|K2 - Secure children's homes|R1 (K2)|foster carer|P1) K2: Children's home|A3/A5",
    "reason_episode_ceased": "E4A/E4B|E4|returned home|E5 or E6|E|E11 E12|SGO|adopted|E2E|Special guardianship order|E6: Died",
    "reason_for_closure": "RC|7|RC1/RC4|RC10|closed|RC7 RC8|RC8: Died|transferred|no further action",
    "category_of_abuse": "NEG/EMO|NEG, EMO|NEG and PHY|EMO - Neglect|abuse|Emotional and physical|Neglect and emotional abuse|negative",
    "disability": "HAND injury|Hand me down|None of these|CON artist|LD/AUT|HEAR - vision|other people",
    "reason_new_episode": "b) Change of legal status only|Start|S/L|P - started to be looked-after",
    "reason_place_change": "Child ran off|OTHER child|CHILD/OTHER|close to home|stand by|PLACE - other",
    "flag": "1 - No|0) Yes|Yes/No|Y/N|not yes|perhaps|2|n) Yes|yes - no|Yes and no|N - Yes|Died|Zebediah",
}  # fmt: skip
# What `UNREAD` has beside texts that mean nothing: these are codes.
_CODES = {("missing_type", "A"), ("contact_source", "6")}


def meant(code_list: str, texts: list[str]) -> list[str | None]:
    """What each text is read as: the canonical code, None where it is none."""
    codes = codes_of_list(RETURNS, code_list)
    places = read(macro("code_position", "cell", {"codes": codes}), texts)
    return [str(codes[abs(int(str(place))) - 1]["canonical_code"]) if place else None for place in places]


def labels_of(code_list: str) -> list[tuple[str, str]]:
    return [(code, label) for code, line in LABELS[code_list][1].items() for label in line.split("|")]


@pytest.mark.parametrize("code_list", list(LABELS))
def test_a_label_is_read_or_left_and_never_taken_for_another(code_list: str) -> None:
    pairs = [(code, way.format(label=label)) for code, label in labels_of(code_list) for way in WORDED]
    found = meant(code_list, [text for _, text in pairs])
    wrong = [text for (code, text), one in zip(pairs, found, strict=True) if one not in (code, None)]
    assert wrong == []
    share = sum(one is not None for one in found) / len(found)
    assert share >= LABELS[code_list][0], f"{share:.1%}"


@pytest.mark.parametrize("code_list", [name for name in LABELS if name not in ("flag", "care_leaver_eligibility")])
def test_a_code_with_its_label_is_read_in_every_way(code_list: str) -> None:
    labels = labels_of(code_list)
    is_known = meant(code_list, [label for _, label in labels])
    pairs = [(code, way.format(code=code, label="zzz zzz")) for code in LABELS[code_list][1] for way in CODED]
    for (code, label), one in zip(labels, is_known, strict=True):
        pairs += [(code, way.format(code=code, label=label)) for way in (*CODED, *(CONFIRMED if one else ()))]
    found = meant(code_list, [text for _, text in pairs])
    assert [(text, one) for (code, text), one in zip(pairs, found, strict=True) if one != code] == []


@pytest.mark.parametrize("code_list", sorted(RETURNS.codes))
def test_the_code_of_one_with_the_label_of_another_is_neither(code_list: str) -> None:
    codes = [one for one in codes_of_list(RETURNS, code_list) if one["spellings"]]
    texts = [
        f"{one['code']}{between}{label}"
        for one in codes
        for other in codes
        for label in other["spellings"][:1]
        for between in (" - ", ": ", ") ", " ")
        if one["canonical_code"] != other["canonical_code"]
    ]
    assert {text: one for text, one in zip(texts, meant(code_list, texts), strict=True) if one is not None} == {}


@pytest.mark.parametrize("code_list", list(UNREAD))
def test_what_names_no_code_or_several_is_not_read(code_list: str) -> None:
    texts = [text for text in UNREAD[code_list].split("|") if (code_list, text) not in _CODES]
    found = {text: one for text, one in zip(texts, meant(code_list, texts), strict=True) if one is not None}
    assert found == {}
