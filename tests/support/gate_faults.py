"""Faults in what would be published: for each, the statements that make it, and every check that must notice it.

How many rows fail is said for each check, and no other check may fail. A check of gate 2 that is in none of the tables
has never been seen to fail: a test holds the tables to the list of checks.
"""

from __future__ import annotations

Fault = tuple[list[str], dict[str, int]]

FORMS: dict[str, Fault] = {
    "no_negative_count": (
        ["update marts.indicator_value set numerator = -1 where indicator_id = 'client_residency' and row_order = 1 "
         "and period = 2024 and geography_level = 'service'"],
        {"no_negative_count": 1},
    ),
    "count_within_base": (
        ["update marts.indicator_value set numerator = denominator + 1 where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2024 and geography_level = 'service'"],
        {"count_within_base": 1},
    ),
    "a share that counts nobody knows how many": (
        ["update marts.indicator_value set numerator = null where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2024 and geography_level = 'service'"],
        {"count_within_base": 1},
    ),
    "percentage_range": (
        ["update marts.indicator_value set value = 100.5, upper_95 = 100 where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2023 and geography_level = 'service'"],
        {"percentage_range": 1, "interval_around_value": 1},
    ),
    "percentage_present": (
        ["update marts.indicator_value set value = null where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2023 and geography_level = 'service'"],
        # Its interval is still there and holds nothing.
        {"percentage_present": 1, "interval_around_value": 1},
    ),
    "interval_around_value": (
        ["update marts.indicator_value set lower_95 = value + 1 where indicator_id = 'client_residency' "
         "and row_order = 2 and period = 2023 and geography_level = 'service'"],
        {"interval_around_value": 1},
    ),
    "interval of a rate per hundred": (
        ["update marts.indicator_value set statistic = 'per_100', upper_95 = 100.5 "
         "where indicator_id = 'client_residency' and row_order = 2 and period = 2023 and geography_level = 'service'"],
        {"interval_around_value": 1},
    ),
    "one_base_per_population": (
        ["update marts.indicator_value set denominator = denominator + 1 where indicator_id = 'client_residency' "
         "and row_order = 2 and period = 2023 and geography_level = 'service'"],
        # The one cell also differs from the number of clients.
        {"one_base_per_population": 1, "base_equals_forms": 1},
    ),
    "categories_sum_to_base": (
        ["update marts.indicator_value set numerator = numerator - 1 where indicator_id = 'client_gender_at_birth' "
         "and row_order = 1 and period = 2022 and geography_level = 'service'"],
        {"categories_sum_to_base": 1},
    ),
    "base_equals_forms": (
        ["delete from marts.fct_intake where reporting_year = 2023 and is_client_record "
         "and form_key = (select max(form_key) from marts.fct_intake where reporting_year = 2023 and is_client_record "
         "and len(answers) = 0)"],
        # Every base of all forms and of all clients, for all services and for the one; and a form that the facts lack.
        {"base_equals_forms": 50, "accepted_forms_in_facts": 1},
    ),
    "every_load_disposed": (
        ["delete from marts.form_disposition where landed_row_id = 990000",
         "delete from marts.waterfall where disposition = 'no_consent'"],
        {"every_load_disposed": 1, "waterfall_conserved": 1},
    ),
    "a disposition given twice": (
        ["insert into marts.form_disposition select * from marts.form_disposition where landed_row_id = 990000"],
        {"every_load_disposed": 1},
    ),
    "waterfall_conserved": (
        ["update marts.waterfall set forms = forms + 1 where disposition = 'no_consent'"],
        {"waterfall_conserved": 1},
    ),
    "year_on_year": (
        ["update marts.form_disposition set disposition = 'superseded' "
         "where form_id = 'exit' and reporting_year = 2024 "
         "and disposition = 'accepted' and landed_row_id % 5 <> 0"],
        {"year_on_year": 1, "accepted_forms_in_facts": 1},
    ),
    "client_conflict": (
        ["update marts.form_disposition set disposition = 'client_conflict' where landed_row_id = 990000",
         "update marts.waterfall set disposition = 'client_conflict' where disposition = 'no_consent'"],
        {"client_conflict": 1},
    ),
    "client_conflicts": (
        ["update marts.form_disposition set disposition = 'client_conflict' where landed_row_id in "
         "(select landed_row_id from marts.form_disposition where form_id = 'exit' order by landed_row_id limit 11)"],
        # More than one in a hundred of 1,081; and forms that the facts have too many.
        {"client_conflict": 11, "client_conflicts": 11, "accepted_forms_in_facts": 1},
    ),
    "conflicting_versions": (
        ["update marts.form_disposition set disposition = 'conflicting_versions' where landed_row_id = 990000",
         "update marts.waterfall set disposition = 'conflicting_versions' where disposition = 'no_consent'"],
        {"conflicting_versions": 1},
    ),
    "client_form_tied": (
        ["update intermediate.int_form_accepted set is_tied = true where landed_row_id in "
         "(select min(landed_row_id) from intermediate.int_form_accepted)"],
        {"client_form_tied": 1},
    ),
    "versions_with_fewer_questions": (
        ["insert into intermediate.int_form_replaced values (990000, (select min(landed_row_id) "
         "from marts.form_disposition where load_id = 'intake-6'), 'superseded')",
         "insert into ops.absent_question values ('intake-6', 'intake', 'intake_profile_ethnicity', 0)"],
        {"versions_with_fewer_questions": 1},
    ),
    "forms_of_no_year": (
        ["update marts.form_disposition set disposition = 'outside_reporting_years' "
         "where landed_row_id in (select landed_row_id from staging.stg_forms__review) and disposition = 'accepted'"],
        {"forms_of_no_year": 240, "accepted_forms_in_facts": 1},
    ),
    "reconciliation_explained": (
        ["update marts.reconciliation set status = 'unexplained' "
         "where table_id = 'client_age' and year = 2024 and row_order = 1"],
        {"reconciliation_explained": 1},
    ),
    "transitions_add_up": (
        ["update marts.paired_transition set pairs = pairs + 1 where outcome_id = 'exit_direct_neglect' "
         "and period = 2023 and geography_level = 'service' and intake_answer = 'closed' and exit_answer = 'yes'"],
        # The total of its row, of its column, and the same answers in all services.
        {"transitions_add_up": 3},
    ),
    "pairs_equal_report": (
        ["update marts.paired_transition set pairs = pairs + 1 where outcome_id = 'exit_direct_neglect' "
         "and period = 2023 and intake_answer in ('yes', 'all') and exit_answer in ('yes', 'all')"],
        # Yes at either point, in all services and in the one.
        {"pairs_equal_report": 4},
    ),
    "combinations_add_up": (
        ["update marts.co_occurrence set observed = observed + 1 where set_id = 'abuse' and combination = 0 "
         "and period = 2023 and geography_level = 'service'"],
        {"combinations_add_up": 1},
    ),
    "combinations_equal_report": (
        ["update marts.co_occurrence set observed = observed + 1, base = base + 1 where set_id = 'abuse' "
         "and combination = 7 and period = 2023 and geography_level = 'service'",
         "update marts.co_occurrence set base = base + 1 where set_id = 'abuse' and combination <> 7 "
         "and period = 2023 and geography_level = 'service'"],
        # Each of the three kinds of abuse.
        {"combinations_equal_report": 3},
    ),
}  # fmt: skip

RETURNS: dict[str, Fault] = {
    "social_care_value_follows_from_counts": (
        ["update marts.indicator_value set numerator = numerator + 1 where indicator_id = 'referral_rate'"],
        {"social_care_value_follows_from_counts": 1},
    ),
    "social_care_interval_holds_value": (
        ["update marts.indicator_value set lower_95 = value + 1 where indicator_id = 'referral_rate'"],
        {"social_care_interval_holds_value": 1},
    ),
    "interval of a count": (
        ["update marts.indicator_value set lower_95 = value + 1, upper_95 = value + 2 "
         "where indicator_id = 'caf_count'"],
        {"social_care_interval_holds_value": 1},
    ),
    "social_care_stock__cpp_rate": (
        ["update marts.fct_protection_plan set end_date = date '2016-03-31' where child_key = 'c4'"],
        {"social_care_stock__cpp_rate": 1},
    ),
    "social_care_stock__cla_rate": (
        ["update marts.fct_care_period set start_date = date '2016-04-01' where child_key = 'c1'"],
        {"social_care_stock__cla_rate": 1},
    ),
    "social_care_parts_sum_to_whole": (
        ["delete from marts.indicator_value where indicator_id = 'missing_by_duration_pct' "
         "and breakdown_value = 'absent'"],
        {"social_care_parts_sum_to_whole": 1},
    ),
    "social_care_parts_within_whole": (
        ["update marts.indicator_value set numerator = 49, value = 49 where indicator_id = 'cpp_starts_count'"],
        {"social_care_parts_within_whole": 1},
    ),
    "social_care_reconciliation_explained": (
        ["update marts.reconciliation_social_care set status = 'unexplained' where figure_no in (11, 12)"],
        {"social_care_reconciliation_explained": 2},
    ),
    "social_care_every_indicator_valued": (
        ["delete from marts.indicator_value where indicator_id = 'caf_count'"],
        {"social_care_every_indicator_valued": 1},
    ),
}  # fmt: skip

PUBLICATION: dict[str, Fault] = {
    "a public year printed again after too few forms changed, and of other services": (
        ["insert into intermediate.int_revision values (2023, 9, 5)",
         "insert into intermediate.int_disclosure_count values (2023, 'NORTH', 'a*1', 5), "
         "(2023, 'SOUTH', 'a*1', null), (2024, 'NORTH', 'a*1', 5)",
         "insert into ops.revised_count values (2023, 'NORTH', 'a*1'), (2023, 'EAST', 'a*1')"],
        {"revision_changes_enough_forms": 1, "revision_prints_the_same_counts": 2, "revision_is_looked_at": 1},
    ),
    "a public year printed again that nobody has looked at": (
        ["insert into intermediate.int_revision values (2023, 10, 5)",
         "insert into intermediate.int_disclosure_count values (2023, 'NORTH', 'a*1', 5)",
         "insert into ops.revised_count values (2023, 'NORTH', 'a*1')"],
        {"revision_is_looked_at": 1},
    ),
    "only_rounded_counts_are_public": (
        ["update marts.published_value set numerator = numerator + 1, status = 'ok' where indicator_id = 'client_age' "
         "and row_order = 2 and period = 2024 and geography_level = 'all_services'"],
        {"only_rounded_counts_are_public": 1},
    ),
    "rounded to a base that is not the programme's": (
        ["update marts.published_value set rounded_to = 1 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"only_rounded_counts_are_public": 1, "public_figures_are_ours": 1},
    ),
    "nothing said of the base": (
        ["update marts.published_value set rounded_to = null where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"only_rounded_counts_are_public": 1, "public_figures_are_ours": 1},
    ),
    "a year of before that is no multiple of its own base": (
        ["update marts.published_value set rounded_to = 50 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'",
         "insert into ops.public_figure from marts.published_value where theme = 'insights'"],
        {"only_rounded_counts_are_public": 1},
    ),
    "public_years_stay_as_they_were": (
        ["insert into ops.public_figure from marts.published_value where theme = 'insights'",
         "update marts.published_value set value = value + 1 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"public_years_stay_as_they_were": 1},
    ),
    "a figure that was public is gone": (
        ["insert into ops.public_figure from marts.published_value where theme = 'insights'",
         "delete from marts.published_value where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"public_years_stay_as_they_were": 1},
    ),
    "hidden_is_empty": (
        ["update marts.published_value set status = 'c' where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"hidden_is_empty": 1},
    ),
    "public_figures_are_ours": (
        ["update marts.published_value set row_order = 99 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"public_figures_are_ours": 1},
    ),
    "nothing_hidden_can_be_told": (
        ["update marts.disclosure_audit set told = 1"],
        {"nothing_hidden_can_be_told": 1},
    ),
    "no_private_columns": (
        ["create table marts.extra as select 1 as client_id, 'x' as notes, 1 as intake_date"],
        {"no_private_columns": 2},
    ),
}  # fmt: skip
