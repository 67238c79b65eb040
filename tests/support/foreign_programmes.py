"""Two programmes that know nothing of the sample: what strangers deliver, and what they write of themselves.

Nobody in them exists. The exports are the same every time; the programmes are what `insights init` makes of a name,
edited as docs/programme.md says.

- Two services and 40 clients: names with curly quotes, full stops and "&", written otherwise in the files; a workbook;
  a list of the erased; a few forms of a service that nobody has declared; two columns that no form has; an answer that
  is not offered.
- An authority with returns only: censuses of two years, which differ in format, and a looked-after return.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from catalogue import Catalogue, ExportHeader, Question, load_catalogue

CONTACT, NEXT_RELEASE = "figures@brightwater.example", "October 2026"
NETWORK, PUBLISHER = "Children’s Recovery in Penrose & St. Ives", "Penrose Trust (Zoë’s Fund)"
BRIGHTWATER, ST_IVES, QUAY = "Brightwater Children’s Service", "St. Ives & Penrose", "Quay “Row”"
#: What no form has: a column of nobody's, and the ethnicity under a name of the portal's own.
PETS, ETHNICITY = "profile_pets", "profile_ethnic_background"
#: An answer to the route of referral that the form does not offer.
LIFEBOAT = "lifeboat_crew"
#: Words of the forms that nobody may ever read again: ids, references, notes, the name of a case worker.
SECRETS = ("XJ77K", "Quillfeather", "Zebediah")
INTAKES, REVIEWS, EXITS = "Intake forms 2023-25.csv", "reviews/review forms.csv", "Exits, both services.xlsx"
#: Children who moved from one service to the other, with every form of theirs.
MOVED = 2
ERASURES = "please erase.csv"
ERASED = "cl xj77k 0018"

LIST = "code,name,spellings,region,from,to,became\n"
# A name is a spelling too.
TWO_SERVICES = f"{LIST}BRW,{BRIGHTWATER},Brightwater,South,2019-04-01,,\nSTI,{ST_IVES},,South,,,\n"
THREE_SERVICES = f'{TWO_SERVICES}QUA,"Quay Row","Quay ""Row""",South,,,\n'

# What a programme says of what the engine does not know.
WORDING = (
    "form_id,form_version,item_type,item_id,wording\n"
    f"intake,v2,question_code,intake_profile_ethnicity,{ETHNICITY.removeprefix('profile_')}\n"
)
OPTION = (
    f"option_set,option_no,option_code,option_label,option_kind\nreferral_route,90,{LIFEBOAT},Lifeboat crew,answer\n"
)
QUESTION = (
    "question_no,question_id,form_id,section_id,question_order,question_code,question_label,answer_type,option_set,"
    "is_required,storage\n5001,intake_profile_pets,intake,intake_profile,900,pets,Pets,single,yes_no,false,store\n"
)

AUTHORITY, AUTHORITY_CODE, GUARDIANS = "Westmarch & the Isles", "321", "Westmarch Safeguarding Partners"
AUTHORITIES = f"code,area_code,name,has_publication\n{AUTHORITY_CODE},E06000321,{AUTHORITY},\n"


def write_exports(raw: Path) -> None:
    """40 clients of two services and three of a third over two years, as a portal of their own would write them."""
    catalogue, draw = load_catalogue(), random.Random(18)
    intakes = [_intake(catalogue, draw, number) for number in range(43)]
    reviews = [_later(catalogue, draw, "review", one, 40) for number, one in enumerate(intakes) if number % 3 == 0]
    exits = [_later(catalogue, draw, "exit", one, 90) for number, one in enumerate(intakes) if number % 4]
    raw.mkdir(parents=True, exist_ok=True)
    (raw / "reviews").mkdir()
    (raw / INTAKES).write_text(_csv(_lines(catalogue, "intake", intakes)), encoding="utf-8-sig")
    (raw / REVIEWS).write_text(_csv(_lines(catalogue, "review", reviews), ";"), encoding="utf-8")
    with xlsxwriter.Workbook(str(raw / EXITS)) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, line in enumerate(_lines(catalogue, "exit", exits)):
            sheet.write_row(number, 0, line)
    erased = [["service", "client_id", "requested_on"], ["St Ives and Penrose", ERASED, "2025-05-06"]]
    (raw / ERASURES).write_text(_csv(erased), encoding="utf-8")


def _intake(catalogue: Catalogue, draw: random.Random, number: int) -> dict[str, str]:
    service = (ST_IVES, "brightwater children's service", "ST IVES AND PENROSE", BRIGHTWATER)[number % 4]
    # 7 is 6 and 27 is 26, of another service, so two that merge have clients in common (MOVED).
    known = number % 40 - (1 if number % 20 == 7 else 0)
    client = f"CL-XJ77K-{known:04d}"
    day = date(2023 + number // 2 % 2, 4, 5) + timedelta(days=draw.randrange(240))
    cells = _admin("intake", service if number < 40 else QUAY, client, f"K/XJ77K/{number}", day)
    cells |= {
        "intake_admin_date_of_birth": date(2008 + known % 12, 1 + known % 12, 11).isoformat(),
        "intake_admin_postcode": "ZZ9 7QZ",
        "intake_admin_intake_date": day.isoformat(),
        **_answers(catalogue, draw, "intake"),
        PETS: ("yes", "no", "")[number % 3],
    }
    cells[ETHNICITY] = cells.pop("intake_profile_ethnicity", "")
    if number in (3, 9, 20):
        cells["intake_referral_route"] = LIFEBOAT
    return cells


def _later(
    catalogue: Catalogue, draw: random.Random, form_id: str, intake: dict[str, str], days: int
) -> dict[str, str]:
    """A review or exit form of a case, some days after its intake."""
    day = date.fromisoformat(intake["intake_admin_intake_date"]) + timedelta(days=days + draw.randrange(20))
    cells = _admin(
        form_id,
        intake["intake_admin_service"],
        intake["intake_admin_client_id"].lower().replace("-", " "),
        intake["intake_admin_case_reference"],
        day,
    )
    cells["review_admin_review_date" if form_id == "review" else "exit_admin_closure_date"] = day.strftime("%d/%m/%Y")
    return cells | _answers(catalogue, draw, form_id)


def _admin(form_id: str, service: str, client: str, case: str, day: date) -> dict[str, str]:
    told = {
        "submission_id": f"{form_id}-{case}",
        "form_version": "v2",
        "submitted_at": f"{day.isoformat()}T09:00:00Z",
        "service": service,
        "client_id": client,
        "case_reference": case,
        "consent": "yes",
        "is_test": "no",
        "case_worker": "Zebediah Quillfeather",
        "notes": f"Quillfeather rang about {client}; “come back”",
    }
    return {f"{form_id}_admin_{code}": cell for code, cell in told.items()}


def _answers(catalogue: Catalogue, draw: random.Random, form_id: str) -> dict[str, str]:
    """An answer to every question of the form whose gate is open, some of them blank."""
    cells: dict[str, str] = {}
    questions = sorted(
        (one for one in catalogue.questions.values() if one.form_id == form_id), key=lambda one: one.question_order
    )
    for question in questions:
        if question.section_id.endswith("_admin") or question.derivation or not _is_open(question, cells):
            continue
        codes = [option.option_code for option in catalogue.options_of(question.question_id)]
        if question.answer_type == "tick_all":
            cells |= {f"{question.question_id}___{code}": draw.choice("0001") for code in codes}
        elif question.answer_type == "number":
            cells[question.question_id] = str(draw.randrange(1, 16))
        elif codes:
            cells[question.question_id] = draw.choice([*codes[:3], codes[0], ""])
    return cells


def _is_open(question: Question, cells: dict[str, str]) -> bool:
    parent = question.parent_question_id
    return parent is None or cells.get(parent, "") in (question.parent_option_codes or ())


def _lines(catalogue: Catalogue, form_id: str, records: Sequence[dict[str, str]]) -> Iterator[list[str]]:
    """The header row and the records of a file in which tick-all questions have a column for each option."""
    columns = [(one.header, _cell(one)) for one in catalogue.headers(form_id, "v2", "code_columns")]
    if form_id == "intake":
        columns = [(ETHNICITY, ETHNICITY) if "ethnicity" in header else (header, cell) for header, cell in columns]
        columns.append((PETS, PETS))
    yield [header for header, _ in columns]
    for record in records:
        yield [record.get(cell, "") for _, cell in columns]


def _cell(header: ExportHeader) -> str:
    return header.question_id + (f"___{header.option_code}" if header.option_code else "")


def _csv(lines: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def write_returns(raw: Path, code: str = AUTHORITY_CODE) -> None:
    """Two censuses, a looked-after return and a workbook of Annex A of one authority."""
    draw = random.Random(3)
    for year in (2024, 2025):
        folder = raw / "social_care" / code / str(year)
        folder.mkdir(parents=True)
        children = "".join(_child(draw, year, number) for number in range(120))
        (folder / f"CIN census {year}.xml").write_text(
            '<?xml version="1.0" encoding="utf-8"?><Message><Header><CollectionDetails><Collection>CIN</Collection>'
            f"<Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails><Source>"
            f"<SourceLevel>L</SourceLevel><LEA>{code}</LEA></Source></Header><Children>{children}</Children></Message>",
            encoding="utf-8",
        )
    for name, lines in _looked_after(draw).items():
        (raw / "social_care" / code / "2025" / f"{name}.csv").write_text(_csv(lines), encoding="utf-8")


def _child(draw: random.Random, year: int, number: int) -> str:
    born = date(year - 1 - draw.randrange(16), 1 + draw.randrange(12), 3)
    begun = date(year - 1, 4, 2) + timedelta(days=draw.randrange(340))
    sex = f"<Sex>{'MF'[number % 2]}</Sex>" if year >= 2025 else f"<GenderCurrent>{number % 2 + 1}</GenderCurrent>"
    assessed = min(begun + timedelta(days=30), date(year, 3, 31))
    plan = number % 5 == 0
    conference = f"<DateOfInitialCPC>{begun + timedelta(days=18)}</DateOfInitialCPC>" if plan else ""
    enquiry = (
        f"<Section47><S47ActualStartDate>{begun + timedelta(days=5)}</S47ActualStartDate><InitialCPCtarget>"
        f"{begun + timedelta(days=19)}</InitialCPCtarget>{conference}<ICPCnotRequired>0</ICPCnotRequired></Section47>"
    )
    protected = (
        f"<ChildProtectionPlans><CPPstartDate>{begun + timedelta(days=20)}</CPPstartDate><InitialCategoryOfAbuse>EMO"
        "</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>"
        "<NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>"
    )
    return (
        f"<Child><ChildIdentifiers><LAchildID>XJ77K{year % 3}{number:05d}</LAchildID>"
        f"<PersonBirthDate>{born}</PersonBirthDate>{sex}</ChildIdentifiers>"
        "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>"
        f"<CINdetails><CINreferralDate>{begun}</CINreferralDate><ReferralSource>1A</ReferralSource>"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode><Assessments><AssessmentActualStartDate>{begun + timedelta(days=1)}"
        f"</AssessmentActualStartDate><AssessmentAuthorisationDate>{assessed}</AssessmentAuthorisationDate>"
        "<FactorsIdentifiedAtAssessment><AssessmentFactors>3A</AssessmentFactors></FactorsIdentifiedAtAssessment>"
        f"</Assessments>{enquiry if plan or number % 4 == 0 else ''}{protected if plan else ''}"
        "<ReferralNFA>0</ReferralNFA></CINdetails></Child>"
    )


def _looked_after(draw: random.Random) -> dict[str, list[list[str]]]:
    """Header, episodes and missing incidents of thirty children who were in care in the year to March 2025."""
    header = [["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]]
    columns = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
    episodes, missing = [columns.split(",")], [["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]]
    for number in range(30):
        child = f"XJ77K9{number:05d}"
        born = f"03/{1 + number % 12:02d}/{2008 + draw.randrange(14)}"
        begun = date(2024, 4, 10) + timedelta(days=draw.randrange(250))
        ended = begun + timedelta(days=60) if number % 3 == 0 else None
        header.append([child, "MF"[number % 2], born, "WBRI", "", "", ""])
        left = [ended.strftime("%d/%m/%Y"), "E4A"] if ended else ["", ""]
        day = begun.strftime("%d/%m/%Y")
        episodes.append([child, day, "S", "C2", "N1", "U1", "PR1", *left, "", "ZZ9 7", "ZZ9 8", ""])
        if number % 10 == 0:
            day = (begun + timedelta(days=9)).strftime("%d/%m/%Y")
            missing.append([child, born, "M", day, day])
    return {"header": header, "episodes": episodes, "missing": missing}
