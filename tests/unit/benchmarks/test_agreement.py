"""The comparison of the baseline's counts with a run's: it must see a count that differs, wherever it stands."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.agreement import Agreement, agreement

KEYS = (
    "reporting_year smallint, service varchar, age_band varchar, gender varchar, ethnicity_group varchar, "
    "abuse_timing varchar, is_client boolean"
)
ANSWERS = f"{KEYS}, question varchar, answer varchar, n bigint"
UNANSWERED = f"{KEYS}, question varchar, n bigint"
BASELINE = f"""
    create table intake_tick ({KEYS}, "sum(n)" bigint, profile_ace_types___drug_abuse bigint);
    create table exit_tick ({KEYS}, "sum(n)" bigint, social___other bigint);
    create table intake_single ({ANSWERS});
    create table exit_single ({ANSWERS});
    create table intake_unanswered ({UNANSWERED});
    create table exit_unanswered ({UNANSWERED});
    create table exit_single_exposed ({ANSWERS});
    create table exit_single_direct ({ANSWERS});
    create table exit_single_harmful ({ANSWERS});
    create table pair_single ({ANSWERS});
    create table review_count (
        reporting_year smallint, service varchar, "count_star()" bigint, exposure_reported map(varchar, bigint),
        direct_reported map(varchar, bigint), harmful_reported map(varchar, bigint), exposure___physical bigint
    );
    create table intake_together (reporting_year smallint, service varchar, abuse map(integer, bigint));
    create table exit_together (reporting_year smallint, service varchar, support_areas map(integer, bigint));
    create table before_after (reporting_year smallint, service varchar, exit_sexual map(varchar, bigint));
    insert into intake_together values (2024, null, map {{0: 5, 3: 11}}), (2024, 'Fern', map {{3: 8}});
    insert into exit_together values (2024, null, map {{1: 13}});
    insert into before_after values (2024, null, map {{'yes>yes': 9}}), (2024, 'Fern', map {{'yes>yes': 6, 'yes>': 2}});
    insert into intake_tick values
        (2024, null, null, null, null, null, true, 50, 7), (2024, null, null, null, null, null, false, 5, 1),
        (2024, 'Fern', null, null, null, null, true, 20, 3), (2024, null, null, null, 'asian', null, true, 9, 2);
    insert into intake_single values (2024, null, null, null, null, null, true, 'referral_status', 'new', 30);
    insert into intake_unanswered values
        (2024, null, null, null, null, null, true, 'profile_ace_types', 90),
        (2024, null, null, null, null, null, false, 'profile_ace_types', 9);
    insert into pair_single values
        (2024, null, null, null, null, null, true, 'exposure_supported', 'yes', 12),
        (2024, null, null, null, null, null, true, 'exposure_type_sexual', 'yes', 4);
    insert into exit_single_exposed values
        (2024, null, null, null, null, null, true, 'exposure_type_sexual', 'yes', 1);
    insert into review_count values (2024, null, 6, map {{'no': 4, 'occurred': 2}}, map {{}}, map {{}}, 2);
"""
RUN = """
    create schema marts;
    create schema intermediate;
    create table marts.dim_answer as
        select * from (values
            (101, 1, 'intake_profile_ace_types', 'drug_abuse', 'answer', 'intake'),
            (199, 99, 'intake_profile_ace_types', 'missing', 'missing', 'intake'),
            (201, 1, 'intake_referral_status', 'new', 'answer', 'intake'),
            (301, 1, 'intake_exposure_type_sexual', 'yes', 'answer', 'intake'),
            (399, 99, 'intake_exposure_type_sexual', 'missing', 'missing', 'intake'),
            (401, 1, 'exit_exposure_type_sexual', 'yes', 'answer', 'exit'),
            (499, 99, 'exit_exposure_type_sexual', 'missing', 'missing', 'exit'),
            (501, 1, 'review_exposure_reported', 'no', 'answer', 'review')
        ) as answer (answer_id, option_no, question_id, option_code, option_kind, form_id);
    create table intermediate.int_co_occurrence_count as
        select * from (values
            ('abuse', 2024, 'all_services', 0, 77), ('abuse', 2024, 'all_services', 3, 11),
            ('abuse', 2024, 'FERN', 3, 8), ('support_areas', 2024, 'all_services', 1, 13)
        ) as combination (set_id, reporting_year, geography_code, combination, forms);
    create table intermediate.int_paired_question as
        select 'exit_sexual' as outcome_id, 'intake_exposure_type_sexual' as intake_question_id,
            'exit_exposure_type_sexual' as exit_question_id;
    create table intermediate.int_paired_count as
        select * from (values ('exit_sexual', 2024, 'FERN', 1, 1, 6), ('exit_sexual', 2024, 'FERN', 1, 99, 2))
            as pair (outcome_id, reporting_year, service_code, intake_option_no, exit_option_no, pairs);
    create table intermediate.int_report_cell as
        select cell_id, cell_id as table_id, '' as point, 1 as row_order, 1 as column_order, cohort_id
        from (values
            ('drugs', 'intake_form'), ('drugs of clients', 'intake_client'), ('no drugs', 'intake_form'),
            ('new', 'intake_client'), ('sexual before', 'exit_exposed_at_intake'),
            ('sexual after', 'exit_exposed_at_intake'), ('none reported', 'review_form'), ('missing', 'intake_form'),
            ('missing before', 'exit_exposed_at_intake')
        ) as cell (cell_id, cohort_id);
    create table intermediate.int_cell_answer as
        select * from (values
            ('drugs', 'intake', 101, 1), ('drugs of clients', 'intake', 101, 1), ('no drugs', 'intake', 0, 1),
            ('no drugs', 'intake', 101, -1), ('new', 'intake', 201, 1), ('sexual before', 'exit_intake', 301, 1),
            ('sexual after', 'exit', 401, 1), ('none reported', 'review', 501, 1), ('missing', 'intake', 199, 1),
            ('missing before', 'exit_intake', 399, 1)
        ) as term (cell_id, dataset, answer_id, weight);
    create table marts.indicator_value as
        select
            'insights' as theme, 'percentage' as statistic, cell_id as indicator_id, '' as point, 1 as row_order,
            1 as column_order, period, geography_level, geography_code, breakdown, breakdown_value, numerator
        from (values
            ('drugs', 2024, 'all_services', 'all_services', 'total', 'total', 8),
            ('drugs', 2024, 'service', 'FERN', 'total', 'total', 3),
            ('drugs', 2024, 'all_services', 'all_services', 'ethnicity_group', 'Asian / Asian British', 2),
            ('drugs', 2023, 'all_services', 'all_services', 'total', 'total', 0),
            ('drugs of clients', 2024, 'all_services', 'all_services', 'total', 'total', 7),
            ('no drugs', 2024, 'all_services', 'all_services', 'total', 'total', 47),
            ('new', 2024, 'all_services', 'all_services', 'total', 'total', 30),
            ('sexual before', 2024, 'all_services', 'all_services', 'total', 'total', 4),
            ('sexual after', 2024, 'all_services', 'all_services', 'total', 'total', 1),
            ('none reported', 2024, 'all_services', 'all_services', 'total', 'total', 4),
            ('missing', 2024, 'all_services', 'all_services', 'total', 'total', 99),
            ('missing before', 2024, 'all_services', 'all_services', 'total', 'total', 5)
        ) as value (
            cell_id, period, geography_level, geography_code, breakdown, breakdown_value, numerator
        );
"""


def _compare(folder: Path, *changes: str) -> Agreement:
    for name, script in (("baseline", BASELINE), ("run", RUN)):
        with duckdb.connect(folder / f"{name}.duckdb") as con:
            con.execute(script)
            if name == "run":
                for change in changes:
                    con.execute(change)
    return agreement(folder / "baseline.duckdb", folder / "run.duckdb")


def test_every_count_that_both_make_is_compared_and_no_other(tmp_path: Path) -> None:
    assert _compare(tmp_path) == Agreement(compared=15, same=15, differing=())


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ("drugs", "geography_level = 'service'"),
        ("drugs", "breakdown = 'ethnicity_group'"),
        ("drugs", "period = 2023"),
        ("drugs of clients", "true"),
        ("no drugs", "true"),
        ("new", "true"),
        ("sexual before", "true"),
        ("sexual after", "true"),
        ("none reported", "true"),
        ("missing", "true"),
    ],
)
def test_one_count_more_is_seen(tmp_path: Path, cell: str, condition: str) -> None:
    change = f"update marts.indicator_value set numerator = numerator + 1 where indicator_id = '{cell}' and {condition}"
    assert _compare(tmp_path, change) == Agreement(compared=15, same=14, differing=(cell,))


@pytest.mark.parametrize(
    ("cell", "change"),
    [
        ("together: abuse", "update intermediate.int_co_occurrence_count set forms = 9 where forms = 8"),
        ("together: support_areas", "update intermediate.int_co_occurrence_count set forms = 12 where forms = 13"),
        ("before and after: exit_sexual", "update intermediate.int_paired_count set pairs = 7 where pairs = 6"),
    ],
)
def test_another_number_of_forms_together_or_of_pairs_is_seen(tmp_path: Path, cell: str, change: str) -> None:
    assert _compare(tmp_path, change) == Agreement(compared=15, same=14, differing=(cell,))


def test_a_count_without_a_number_is_seen(tmp_path: Path) -> None:
    change = "update marts.indicator_value set numerator = null where indicator_id = 'new'"
    assert _compare(tmp_path, change) == Agreement(compared=15, same=14, differing=("new",))
