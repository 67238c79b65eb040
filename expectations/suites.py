"""The checks of both gates, derived from the catalogue.

A check is a description of itself: which rows of which table it looks at, by what query the failing ones are found,
what happens to them. Questions, options, ranges and populations come from the catalogue (read in Python for the
list of checks, joined from the `reference` schema inside the queries); none is written down here. What is written
down here is only how the staging columns relate to the catalogue's administration questions.

Rules the dispositions of the intermediate layer already hold (missing key, no consent, test record, impossible
date, outside every reporting year, duplicates) are not repeated. Gate 1 sees to what they cannot see.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Catalogue, Question
from catalogue.returns import load_returns
from expectations.check import Check, Severity, literal
from expectations.disclosure import disclosure_checks
from expectations.returns import return_checks
from expectations.social_care_indicators import social_care_indicator_checks
from expectations.statistics_marts import statistics_checks

__all__ = ["Check", "Severity", "gate_1_checks", "gate_2_checks"]

# A staging table has one column for each administration question that is not an answer; the question's code is
# the same on every form, except the event date, which the catalogue names for each form.
_STAGING_COLUMN = {
    "submission_id": "submission_key",
    "client_id": "client_key",
    "case_reference": "case_key",
    "service": "service_code",
    "submitted_at": "submitted_at",
    "edited_at": "edited_at",
    "consent": "has_consent",
    "is_test": "is_test",
    "date_of_birth": "birth_month",
    "postcode": "postcode_sector",
    "form_version": "form_version",
}
_PROBLEM_TABLE = "intermediate.int_form_problem"

# A required column that most of a load leaves empty is as good as missing, and landing refuses a file whose
# required column is missing. Below ten forms "most" says nothing.
_EMPTY_SHARE = 0.5
_EMPTY_MIN_FORMS = 10

# Volume: extreme means a factor of ten against the median of at least four earlier loads of the same form and
# service. Files that are small by nature (reviews of one service) vary by such factors without anything being wrong,
# so too few is only judged where at least 20 forms a month are usual, and too many only above 100 forms a month.
_VOLUME_FACTOR = 10
_VOLUME_MIN_HISTORY = 4
_VOLUME_MIN_USUAL = 20
_VOLUME_MIN_MANY = 100

# Year on year: services that sent forms in both years, at least 100 forms in the earlier one.
_DRIFT_FACTOR = 2
_DRIFT_MIN_FORMS = 100

# A service's clock and the portal's may lie a day apart around midnight.
_CLOCK_TOLERANCE_DAYS = 1


def _staging(form_id: str) -> str:
    return f"staging.stg_forms__{form_id}"


# Gate 1 ------------------------------------------------------------------------------------------------------------


def gate_1_checks(catalogue: Catalogue) -> list[Check]:
    """Checks on what landed: a suite for each form, for answers, for loads, for each family of rules."""
    checks: list[Check] = []
    for form_id in catalogue.forms:
        checks += _required_columns(catalogue, form_id)
        checks += _identifiers(catalogue, form_id)
        checks += _form_rules(catalogue, form_id)
    for form_id in catalogue.forms:
        checks += _answers(catalogue, form_id)
    checks.append(_unexplained_problems(catalogue))
    checks.append(_volume(catalogue))
    checks += return_checks(load_returns())
    return checks


def _column_of(catalogue: Catalogue, question: Question) -> str | None:
    if question.question_id == catalogue.forms[question.form_id].event_date_question_id:
        return "event_date"
    section = catalogue.sections[question.section_id]
    return _STAGING_COLUMN.get(question.question_code) if section.section_code == "admin" else None


def _required_columns(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    label = catalogue.forms[form_id].form_label
    for question in catalogue.asked(form_id):
        column = _column_of(catalogue, question)
        if not question.is_required or column is None:
            continue
        yield Check(
            check_id=f"required__{question.question_id}",
            gate=1,
            suite=f"gate_1_{form_id}",
            table=_staging(form_id),
            severity="set_aside_form",
            description=f"In every load, at least half of the forms ({label}) give {question.question_label}.",
            action="Every form of that load is set aside until the service sends it again with the column filled.",
            form_id=form_id,
            question_id=question.question_id,
            question_no=question.question_no,
            column_name=column,
            # Filtered first: on a healthy load there is next to nothing to join.
            query=f"""
                select {literal(form_id)} as form_id, landed_row_id
                from {{batch}}
                where not is_erased and load_id in (
                    select load_id from {{batch}} where not is_erased
                    group by load_id
                    having count(*) >= {_EMPTY_MIN_FORMS}
                    and count(*) - count({column}) > {_EMPTY_SHARE} * count(*)
                )""",
        )


# Only these shapes can leave landing; anything else means that what should have been hidden was stored in clear.
_SHAPES = {
    "pseudonym": ("regexp_full_match({column}, '[0-9a-f]{{{{32}}}}')", "a pseudonym of 32 hexadecimal characters"),
    "month": ("{column} = date_trunc('month', {column})", "a month, never a day"),
    "sector": (
        "regexp_full_match({column}, '[A-Z]{{{{1,2}}}}[0-9][0-9A-Z]? ?[0-9]')",
        "a postcode sector, never a full postcode",
    ),
}


def _identifiers(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    for question in catalogue.asked(form_id):
        column = _column_of(catalogue, question)
        if question.storage not in _SHAPES or column is None:
            continue
        condition, meaning = _SHAPES[question.storage]
        yield Check(
            check_id=f"shape__{question.question_id}",
            gate=1,
            suite=f"gate_1_{form_id}",
            table=_staging(form_id),
            severity="blocking",
            description=f"What is stored of {question.question_label} is {meaning}.",
            action=(
                "Nothing is published: something that identifies a child may be stored in clear. Do not share the "
                "warehouse file; delete it and land the files again with a corrected program."
            ),
            form_id=form_id,
            question_id=question.question_id,
            question_no=question.question_no,
            column_name=column,
            query=f"""
                select {literal(form_id)} as form_id, landed_row_id
                from {{batch}} where not is_erased and not ({condition.format(column=column)})""",
        )


def _form_rules(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    label = catalogue.forms[form_id].form_label
    event = catalogue.questions[catalogue.forms[form_id].event_date_question_id]

    def rule(name: str, column: str, description: str, where: str, question: Question | None = None) -> Check:
        return Check(
            check_id=f"{name}__{form_id}",
            gate=1,
            suite=f"gate_1_{form_id}",
            table=_staging(form_id),
            severity="set_aside_form",
            description=description,
            action="The form is set aside and counted as such in the waterfall until a corrected version arrives.",
            form_id=form_id,
            question_id=question.question_id if question else None,
            question_no=question.question_no if question else None,
            column_name=column,
            query=f"""
                select {literal(form_id)} as form_id, landed_row_id
                from {{batch}} where not is_erased and {where}""",
        )

    yield rule(
        "event_after_submission",
        "event_date",
        f"{event.question_label} is not later than the day the form was submitted.",
        f"event_date > cast(submitted_at as date) + {_CLOCK_TOLERANCE_DAYS}",
        event,
    )
    versions = ", ".join(literal(version.form_version) for version in catalogue.form_versions(form_id))
    yield rule(
        "form_version",
        "form_version",
        f"The version of the form ({label}) is one that the catalogue knows.",
        f"form_version not in ({versions})",
    )
    yield rule(
        "one_content_per_version",
        "submission_key",
        "A submission has one content for each time it was edited, within one file.",
        # Nearly every version is there once. Hashes find the few that are not: numbers group much faster than text.
        """landed_row_id in (
                    with version as (
                        select landed_row_id, content_hash, hash(load_id, submission_key, edited_at) as version
                        from {batch} where not is_erased and submission_key is not null
                    ),
                    repeated as (select version from version group by version having count(*) > 1)
                    select landed_row_id from version where version in (
                        select version from version where version in (select version from repeated)
                        group by version having min(content_hash) <> max(content_hash)
                    )
                )""",
    )
    for age in catalogue.questions.values():
        if age.form_id != form_id or age.derivation != "age_years" or age.maximum is None:
            continue
        # An age below zero is a birth after the event, which the disposition `impossible_date` already holds.
        yield rule(
            "age_in_range",
            "birth_month",
            f"The client is at most {age.maximum} years old on the day of the form.",
            f"event_date >= birth_month + interval {12 * (age.maximum + 1)} month",
            age,
        )


_ANSWER_ACTION = "The answer counts as missing; the rest of the form is used."


def _answers(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    for question in catalogue.asked(form_id):
        if not question.is_stored:
            continue
        label = question.question_label
        if question.answer_type in ("single", "matrix", "tick_all", "flag"):
            yield _answer(question, "unknown_answer", f"Every answer to '{label}' is one that the form offers.")
        if question.parent_question_id is not None:
            parent = catalogue.questions[question.parent_question_id]
            yield _answer(
                question,
                "answered_unasked",
                f"'{label}' is blank unless the answer to '{parent.question_label}' opens it.",
            )
        if question.answer_type in ("date", "timestamp"):
            yield _answer(question, "unreadable_date", f"Every date given for '{label}' is a real date.")
        if question.answer_type == "number":
            yield _answer(question, "unreadable_number", f"Every number given for '{label}' is a number.")
            if question.minimum is not None or question.maximum is not None:
                limits = [
                    f"{word} {limit}"
                    for word, limit in (("at least", question.minimum), ("at most", question.maximum))
                    if limit is not None
                ]
                yield _answer(
                    question, "number_out_of_range", f"Every number given for '{label}' is {' and '.join(limits)}."
                )


def _answer(question: Question, problem: str, description: str) -> Check:
    return Check(
        check_id=f"{problem}__{question.question_id}",
        gate=1,
        suite="gate_1_answers",
        table=_PROBLEM_TABLE,
        severity="set_aside_answer",
        description=description,
        action=_ANSWER_ACTION,
        form_id=question.form_id,
        question_id=question.question_id,
        question_no=question.question_no,
        problem=problem,
        column_name=question.question_id,
    )


def _unexplained_problems(catalogue: Catalogue) -> Check:
    known = ", ".join(
        f"({literal(check.question_id or '')}, {literal(check.problem or '')})"
        for form_id in catalogue.forms
        for check in _answers(catalogue, form_id)
    )
    return Check(
        check_id="problem_without_check",
        gate=1,
        suite="gate_1_answers",
        table=_PROBLEM_TABLE,
        severity="blocking",
        description="Every problem that staging notes belongs to a check, so that none passes unseen.",
        action="Nothing is published: staging and the checks disagree about the catalogue, a fault of the program.",
        query=f"""
            select form_id, landed_row_id, question_no from {{batch}}
            where question_id is null or (question_id, problem) not in ({known})""",
    )


def _volume(catalogue: Catalogue) -> Check:
    forms = ", ".join(literal(form_id) for form_id in catalogue.forms)
    # Erased forms and forms without a service belong to no service's history.
    staged = " union all ".join(
        f"select {literal(form_id)} as form_id, load_id, service_code, event_date from {_staging(form_id)} "
        "where not is_erased and service_code is not null"
        for form_id in catalogue.forms
    )
    return Check(
        check_id="load_volume",
        gate=1,
        suite="gate_1_loads",
        table="ops.load",
        severity="blocking",
        description=(
            f"A service's load holds neither ten times more nor ten times fewer forms a month than its earlier loads "
            f"of that form (their median, once there are {_VOLUME_MIN_HISTORY}), and is not empty."
        ),
        action=(
            "Nothing is published. Ask the service whether the file is whole and holds only its own forms. Land the "
            "right file, then accept this load (the key is in ops.check_failure) so that the next run passes."
        ),
        column_name="rows_landed",
        is_acceptable=True,
        # Forms per calendar month covered, so that a year in one file and a month in one file compare.
        query=f"""
            with volume as (
                select form_id, load_id, service_code,
                    count(*) / greatest(count(distinct date_trunc('month', event_date)), 1) as monthly
                from ({staged}) group by form_id, load_id, service_code
            ),
            usual as (
                select v.*, median(monthly) over earlier as usual_monthly, count(*) over earlier as history
                from volume as v join {{batch}} as l on v.load_id = l.load_id and l.status = 'landed'
                window earlier as (
                    partition by v.form_id, v.service_code order by l.load_seq
                    rows between unbounded preceding and 1 preceding
                )
            )
            select load_id || '|' || service_code as key from usual
            where history >= {_VOLUME_MIN_HISTORY} and (
                (usual_monthly >= {_VOLUME_MIN_USUAL} and monthly * {_VOLUME_FACTOR} < usual_monthly)
                or (monthly >= {_VOLUME_MIN_MANY} and monthly > usual_monthly * {_VOLUME_FACTOR})
            )
            union all
            select load_id as key from {{batch}}
            where status = 'landed' and form_id in ({forms}) and rows_landed = 0""",
    )


# Gate 2 ------------------------------------------------------------------------------------------------------------

_CELL_KEY = """concat_ws('|', indicator_id, period, period_label, geography_level, geography_code, breakdown,
                breakdown_value, point, row_order, column_order)"""
_SLICE = "period, geography_level, geography_code, breakdown, breakdown_value"

# One row for each printed cell of the report: the population it is a share of, and the answers it counts. A row with a
# column set has one cell for each column. `asked_by` is the answer that opens the question.
_CELLS = """
    cell as (
        select r.table_id, coalesce(r.point, '') as point, r.row_order,
            coalesce(s.column_order, r.column_order, 0) as column_order, r.statistic,
            r.population_id, r.question_id, coalesce(s.option_codes, r.option_codes) as option_codes, r.option_group,
            p.cohort_id, p.question_id as opener_id, p.option_codes as opener_codes, q.option_set,
            q.parent_question_id, q.parent_option_codes, c.restriction
        from reference.report_row as r
        left join reference.column_set as s on r.column_set = s.column_set
        left join reference.population as p on r.population_id = p.population_id
        left join reference.cohort as c on p.cohort_id = c.cohort_id
        left join reference.question as q on r.question_id = q.question_id
    ),
    value as (
        select v.indicator_id, v.period, v.geography_level, v.geography_code, v.breakdown, v.breakdown_value,
            v.numerator, v.denominator, c.*
        from {batch} as v join cell as c
            on v.indicator_id = c.table_id and coalesce(v.point, '') = c.point and v.row_order = c.row_order
            and coalesce(v.column_order, 0) = c.column_order
    )"""


def gate_2_checks(catalogue: Catalogue, *, forms_block: bool, returns_block: bool) -> list[Check]:
    """Checks on what would be published.

    `forms_block` is true where the loaded forms are the sample, from which every published figure must come out, and
    `returns_block` where the returns are; for other data, or none, the comparison is recorded and never blocks.
    """
    return [
        *_indicator_checks(),
        _cohort_bases(),
        *_conservation(catalogue),
        *_pairs(),
        _drift(),
        *_reconciliation(forms_block),
        *social_care_indicator_checks(reconciliation_blocks=returns_block),
        *statistics_checks(),
        *disclosure_checks(),
        _private_columns(catalogue),
    ]


_NOTHING_PUBLISHED = "Nothing is published; the last release stays in place."


def _indicator(name: str, description: str, query: str, column: str | None = None) -> Check:
    return Check(
        check_id=name,
        gate=2,
        suite="gate_2_indicators",
        table="marts.indicator_value",
        severity="blocking",
        description=description,
        action=_NOTHING_PUBLISHED,
        column_name=column,
        query=query,
    )


def _indicator_checks() -> Iterator[Check]:
    def cells(name: str, column: str, description: str, where: str) -> Check:
        return _indicator(name, description, f"select {_CELL_KEY} as key from {{batch}} where {where}", column)

    yield _indicator(
        "indicator_key",
        "Each printed cell has one value for each period, geography and breakdown.",
        f"select {_CELL_KEY} as key from {{batch}} group by all having count(*) > 1",
    )
    yield cells(
        "no_negative_count",
        "numerator",
        "No count is below zero; a ratio may be of a fall.",
        "(numerator < 0 and statistic <> 'ratio') or denominator < 0",
    )
    yield cells(
        "count_within_base",
        "numerator",
        "No share counts more than its base.",
        "statistic in ('percentage', 'per_100') and numerator > denominator",
    )
    yield cells(
        "percentage_range",
        "value",
        "Every percentage lies between 0 and 100.",
        "statistic in ('percentage', 'per_100') and (value < 0 or value > 100)",
    )
    yield cells(
        "percentage_present",
        "value",
        "A percentage has a value exactly where its base is above zero.",
        "statistic = 'percentage' and (coalesce(denominator, 0) > 0) <> (value is not null)",
    )
    yield cells(
        "interval_around_value",
        "lower_95",
        "The 95% interval of a percentage lies between 0 and 100 and holds the percentage.",
        """statistic = 'percentage' and denominator > 0 and (
                lower_95 is null or upper_95 is null or lower_95 < -0.000001 or upper_95 > 100.000001
                or lower_95 > value + 0.000001 or upper_95 < value - 0.000001)""",
    )
    yield _indicator(
        "one_base_per_population",
        "All shares of one population have the same base within a period, geography and breakdown.",
        f"""
            with {_CELLS}
            select concat_ws('|', population_id, {_SLICE}) as key
            from value where statistic = 'percentage' and population_id is not null
            group by population_id, {_SLICE} having count(distinct denominator) > 1""",
        "denominator",
    )
    yield _indicator(
        "base_equals_opening_answer",
        "The base of a follow-up question equals the count of the answers that open it.",
        # The opening answers as counted in a table of their own question, over all who were asked it.
        f"""
            with {_CELLS},
            base as (
                select population_id, cohort_id, opener_id, opener_codes, {_SLICE}, max(denominator) as n
                from value where statistic = 'percentage' and opener_id is not null
                group by all
            ),
            opening as (
                select table_id, point, cohort_id, question_id, option_codes, {_SLICE}, max(numerator) as opened
                from value
                where statistic = 'percentage' and option_group is null and not contains(option_codes, ';')
                and (opener_id is null or (opener_id = parent_question_id and opener_codes = parent_option_codes))
                group by all
            ),
            compared as (
                select b.population_id, b.n, b.opener_codes, o.table_id, o.point, sum(o.opened) as opened,
                    count(*) as codes, {", ".join(f"b.{name.strip()}" for name in _SLICE.split(","))}
                from base as b join opening as o
                    on b.cohort_id = o.cohort_id and b.opener_id = o.question_id
                    and list_contains(string_split(b.opener_codes, ';'), o.option_codes)
                    and b.period = o.period and b.geography_level = o.geography_level
                    and b.geography_code is not distinct from o.geography_code
                    and b.breakdown = o.breakdown and b.breakdown_value is not distinct from o.breakdown_value
                group by all
            )
            select concat_ws('|', population_id, {_SLICE}, table_id, point) as key
            from compared where codes = len(string_split(opener_codes, ';')) and opened <> n""",
        "denominator",
    )
    yield _indicator(
        "categories_sum_to_base",
        "Where a table prints every answer of a question of which one can be given, the counts add up to the base.",
        # `not_asked` is no option: it counts those to whom the question was not put.
        f"""
            with {_CELLS},
            spread as (
                select c.*, unnest(string_split(c.option_codes, ';')) as option_code
                from cell as c join reference.question as q on c.question_id = q.question_id
                where c.statistic = 'percentage' and c.option_group is null and c.option_codes is not null
                and q.answer_type in ('single', 'matrix', 'number')
            ),
            printed as (
                select table_id, point, population_id, question_id
                from spread as s
                group by table_id, point, population_id, question_id, option_set,
                    opener_id, opener_codes, parent_question_id, parent_option_codes, restriction
                having count(*) = count(distinct option_code)
                and count(*) filter (where option_code <> 'not_asked')
                    = 1 + (select count(*) from reference.option as o where o.option_set = s.option_set)
                and (parent_question_id is null or bool_or(option_code = 'not_asked')
                    or (opener_id = parent_question_id and opener_codes = parent_option_codes)
                    or restriction = parent_question_id || '=' || parent_option_codes)
            )
            select concat_ws('|', v.indicator_id, v.point, v.question_id, {_SLICE}) as key
            from value as v join printed as p
                on v.table_id = p.table_id and v.point = p.point
                and v.population_id = p.population_id and v.question_id = p.question_id
            where v.statistic = 'percentage' and v.option_group is null and v.option_codes is not null
            group by v.indicator_id, v.point, v.question_id, v.population_id, {_SLICE}
            having sum(v.numerator) <> max(v.denominator)""",
        "numerator",
    )


def _cohort_bases() -> Check:
    """The n of a whole cohort, counted a second time, straight from the fact tables."""
    return _indicator(
        "base_equals_forms",
        "The base of a whole cohort equals the number of its forms or clients in the fact table.",
        f"""
            with {_CELLS},
            restricted as (
                select c.cohort_id, q.question_no * 100 + o.option_no as answer_id
                from reference.cohort as c
                join reference.question as q on split_part(c.restriction, '=', 1) = q.question_id
                join reference.option as o
                    on q.option_set = o.option_set and split_part(c.restriction, '=', 2) = o.option_code
            ),
            -- Before the join, which would otherwise carry the lists of answers.
            opened as (
                select r.cohort_id, i.form_key
                from marts.fct_intake as i join restricted as r on list_contains(i.answers, r.answer_id)
            ),
            form as (
                select 'intake' as form_id, reporting_year, service_code, is_client_record, count(*) as n
                from marts.fct_intake group by all
                union all
                select 'exit', reporting_year, service_code, is_client_record, count(*) from marts.fct_exit group by all
                union all
                select 'review', reporting_year, service_code, false, count(*) from marts.fct_review group by all
            ),
            member as (
                select c.cohort_id, f.reporting_year, f.service_code, f.n
                from reference.cohort as c join form as f on c.form_id = f.form_id
                where c.restriction is null and (c.unit = 'forms' or f.is_client_record)
                union all
                select i.cohort_id, e.reporting_year, e.service_code, count(*)
                from marts.fct_exit as e join opened as i on e.intake_form_key = i.form_key
                group by all
            ),
            counted as (
                select cohort_id, reporting_year, service_code, sum(n) as n from member
                group by grouping sets ((cohort_id, reporting_year, service_code), (cohort_id, reporting_year))
            ),
            base as (
                select distinct population_id, cohort_id, {_SLICE}, denominator
                from value
                where statistic = 'percentage' and opener_id is null and cohort_id is not null
                and breakdown = 'total'
            )
            select concat_ws('|', population_id, {_SLICE}) as key
            from base as b left join counted as k
                on b.cohort_id = k.cohort_id and b.period = k.reporting_year
                and case when b.geography_level = 'service' then b.geography_code = k.service_code
                    else k.service_code is null end
            where coalesce(k.n, 0) <> coalesce(b.denominator, 0)""",
        "denominator",
    )


def _conservation(catalogue: Catalogue) -> Iterator[Check]:
    forms = list(catalogue.forms)
    # Erasure lists are loads too, but not of forms.
    of_forms = f"status = 'landed' and form_id in ({', '.join(literal(form_id) for form_id in forms)})"
    landed = f"select form_id, sum(rows_landed) as n from ops.load where {of_forms} group by form_id"

    def check(name: str, table: str, description: str, query: str) -> Check:
        return Check(
            check_id=name,
            gate=2,
            suite="gate_2_waterfall",
            table=table,
            severity="blocking",
            description=description,
            action=_NOTHING_PUBLISHED,
            query=query,
        )

    yield check(
        "one_disposition_per_form",
        "marts.form_disposition",
        "Every landed form has exactly one disposition.",
        """
            select form_id, landed_row_id from {batch}
            where disposition is null or landed_row_id in (
                select landed_row_id from {batch} group by landed_row_id having count(*) > 1
            )""",
    )
    yield check(
        "every_load_disposed",
        "marts.form_disposition",
        "Each load has as many dispositions as rows landed.",
        f"""
            select coalesce(l.load_id, d.load_id) as key
            from (select load_id, sum(rows_landed) as n from ops.load where {of_forms} group by load_id) as l
            full join (select load_id, count(*) as n from {{batch}} group by load_id) as d on l.load_id = d.load_id
            where coalesce(l.n, 0) <> coalesce(d.n, 0)""",
    )
    yield check(
        "waterfall_conserved",
        "marts.waterfall",
        "For each form the waterfall adds up to the rows landed.",
        f"""
            select coalesce(l.form_id, w.form_id) as key
            from ({landed}) as l
            full join (select form_id, sum(forms) as n from {{batch}} group by form_id) as w on l.form_id = w.form_id
            where coalesce(l.n, 0) <> coalesce(w.n, 0)""",
    )
    accepted = " union all ".join(f"select {literal(f)} as form_id, count(*) as n from marts.fct_{f}" for f in forms)
    yield check(
        "accepted_forms_in_facts",
        "marts.form_disposition",
        "Each accepted form, and no other, is in the fact table of its form.",
        f"""
            select f.form_id as key
            from ({accepted}) as f
            left join (
                select form_id, count(*) as n from {{batch}} where disposition = 'accepted' group by form_id
            ) as d on f.form_id = d.form_id
            where f.n <> coalesce(d.n, 0)""",
    )


def _pairs() -> Iterator[Check]:
    for column, meaning in (("exit_form_key", "exit form"), ("intake_form_key", "intake form")):
        yield Check(
            check_id=f"pairs_one_to_one__{column}",
            gate=2,
            suite="gate_2_cases",
            table="marts.fct_case",
            severity="blocking",
            description=f"Each {meaning} belongs to at most one case, and each case has one.",
            action=_NOTHING_PUBLISHED,
            column_name=column,
            query=f"""
                select coalesce({column}, 'none') as key from {{batch}}
                group by {column} having count(*) > 1 or {column} is null""",
        )


def _drift() -> Check:
    return Check(
        check_id="year_on_year",
        gate=2,
        suite="gate_2_waterfall",
        table="marts.form_disposition",
        severity="blocking",
        description=(
            "Counted over the services that sent forms in both years, the accepted forms of a complete reporting year "
            "are neither less than half nor more than double those of the year before."
        ),
        action=(
            "Nothing is published. Look whether files of one of the two years are missing or doubled (`insights "
            "loads`). If the change is real, accept this form and year (the key is in ops.check_failure)."
        ),
        is_acceptable=True,
        # A year is complete once a form of a later day exists: no clock is asked, so a later run says the same.
        query=f"""
            with forms as (
                select d.form_id, d.reporting_year, d.service_code, count(*) as n
                from {{batch}} as d join reference.reporting_year as y on d.reporting_year = y.reporting_year
                where d.disposition = 'accepted' and y.is_reported
                group by all
            ),
            covered as (
                select form_id, max(event_date) as latest from (
                    select 'intake' as form_id, max(intake_date) as event_date from marts.fct_intake
                    union all select 'exit', max(closure_date) from marts.fct_exit
                    union all select 'review', max(review_date) from marts.fct_review
                ) group by form_id
            )
            select concat_ws('|', this.form_id, this.reporting_year) as key
            from forms as this
            join forms as before
                on this.form_id = before.form_id and this.service_code = before.service_code
                and this.reporting_year = before.reporting_year + 1
            join reference.reporting_year as y on this.reporting_year = y.reporting_year
            join covered as c on this.form_id = c.form_id and c.latest >= cast(y.ends_on as date) - 31
            group by this.form_id, this.reporting_year
            having sum(before.n) >= {_DRIFT_MIN_FORMS} and (
                sum(this.n) * {_DRIFT_FACTOR} < sum(before.n) or sum(this.n) > {_DRIFT_FACTOR} * sum(before.n)
            )""",
    )


def _reconciliation(blocks: bool) -> Iterator[Check]:
    severity: Severity = "blocking" if blocks else "comparison"
    action = (
        _NOTHING_PUBLISHED
        if blocks
        else "Recorded for comparison only: these data are not the ones the published report was made from."
    )
    yield Check(
        check_id="reconciliation_explained",
        gate=2,
        suite="gate_2_reconciliation",
        table="marts.reconciliation",
        severity=severity,
        description="Every published figure matches, is explained by a named anomaly, or is not computable from forms.",
        action=action,
        column_name="status",
        query="""
            select concat_ws('|', table_id, year, point, row_order, column_label) as key
            from {batch} where status is null or status not in ('match', 'explained', 'not_computable')""",
    )
    yield Check(
        check_id="reconciliation_complete",
        gate=2,
        suite="gate_2_reconciliation",
        table="marts.reconciliation",
        severity=severity,
        description="Every published figure has its row in the reconciliation.",
        action=action,
        query="""
            select coalesce(p.table_id, r.table_id) || '|' || coalesce(p.year, r.year) as key
            from (select table_id, year, count(*) as n from reference.published_figure group by all) as p
            full join (select table_id, year, count(*) as n from {batch} group by all) as r
                on p.table_id = r.table_id and p.year = r.year
            where coalesce(p.n, 0) <> coalesce(r.n, 0)""",
    )


def _private_columns(catalogue: Catalogue) -> Check:
    hidden = sorted(
        {
            name.lower()
            for question in catalogue.questions.values()
            if question.storage in ("never", "pseudonym", "month", "sector") or question.answer_type == "text"
            for name in (question.question_id, question.question_code)
            # A service's name is no child's, and a form's version says nothing of one.
            if question.question_code not in ("service", "form_version")
        }
    )
    return Check(
        check_id="no_private_columns",
        gate=2,
        suite="gate_2_privacy",
        table="information_schema.columns",
        severity="blocking",
        description="No table to be published has a column of an identifier, a birth date, a postcode or free text.",
        action=_NOTHING_PUBLISHED,
        query=f"""
            select table_name || '.' || column_name as key from {{batch}}
            where table_schema = 'marts' and lower(column_name) in ({", ".join(literal(name) for name in hidden)})""",
    )
