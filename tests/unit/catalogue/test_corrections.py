"""What should have been printed follows from what is printed elsewhere: each correction is worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tests.support.form_exports import seed_rows


def test_every_correction_lies_within_its_anomaly() -> None:
    anomalies = {one["anomaly_id"]: one for one in seed_rows("publication/published_anomaly.csv")}
    figures = seed_rows("publication/published_figure.csv")

    def covered(one: Mapping[str, str]) -> set[tuple[str, ...]]:
        rows = set(filter(None, one["row_order"].split(";")))
        return {
            tuple(figure[name] for name in ("table_id", "year", "point", "row_order", "column_label"))
            for figure in figures
            if (figure["table_id"], figure["year"]) == (one["table_id"], one["year"])
            and one["point"] in ("", figure["point"])
            and (not rows or figure["row_order"] in rows)
        }

    corrections = seed_rows("publication/published_correction.csv")
    assert len(corrections) == 46
    for correction in corrections:
        assert covered(correction), correction["correction_no"]
        assert covered(correction) <= covered(anomalies[correction["anomaly_id"]]), correction["correction_no"]
        assert bool(correction["count_from"]) == bool(correction["count_to"]), correction["correction_no"]


def _printed() -> dict[tuple[str, str, str, str, str], dict[str, str]]:
    return {
        (one["table_id"], one["year"], one["point"], one["row_order"], one["column_label"]): one
        for one in seed_rows("publication/published_figure.csv")
    }


def _cell(table: str, year: int, row: int, name: str = "count", point: str = "", column: str = "") -> int:
    return int(_printed()[table, str(year), point, str(row), column][f"published_{name}"])


def _counts_behind(percent: int, n: int) -> tuple[int, int]:
    """The least and the most of n that print as a percentage."""
    return -(-(2 * percent - 1) * n // 200), -(-(2 * percent + 1) * n // 200) - 1


def _left(n: int, *percents: int) -> tuple[int, int]:
    """What printed percentages of n leave of it at least and at most."""
    behind = [_counts_behind(percent, n) for percent in percents]
    return max(0, n - sum(most for _, most in behind)), n - sum(least for least, _ in behind)


def _sums() -> dict[tuple[str, int, str], int | tuple[int, int]]:
    """By table, year and rows: the count that other printed figures give, or the least and the most."""
    lives, contact = "exposure_lives_with_perpetrator", "exposure_contact_arrangements"
    neglect, emotional, sexual = "exit_direct_neglect", "exit_direct_emotional", "exit_direct_sexual"
    exits, impact, improved = _cell("about_dataset", 2024, 2), "support_safety_impact", "Increased-or-improved"
    parts = [one for place, one in _printed().items() if place[:2] == ("support_safety_provided", "2024")]
    return {
        ("service_of_100", 2024, "9"): (_cell(impact, 2024, 1, column=improved), exits),
        ("service_of_100", 2024, "10"): (_cell(impact, 2024, 2, column=improved), exits),
        ("client_disability", 2023, "4"): _left(1917, 10, 88, 1),
        ("client_disability", 2022, "4"): _left(1624, 11, 85, 3),
        (lives, 2024, "2"): _cell(contact, 2024, 1, "n"),
        (lives, 2024, "1;3;4"): _cell("exposure_supported", 2024, 1) - _cell(contact, 2024, 1, "n"),
        **{(lives, 2023, str(row)): _cell(lives, 2024, row) for row in range(1, 5)},
        (lives, 2022, "2"): _cell(contact, 2022, 1, "n"),
        ("review_point", 2024, "2"): _cell("review_point", 2024, 1, "n") - _cell("review_point", 2024, 1),
        **{
            ("review_point", year, "2"): _cell("review_point", year, 1, "n") - _cell("cases_used", year, 2)
            for year in (2023, 2022)
        },
        ("review_harmful_occurred", 2024, "5"): _cell("review_harmful_occurred", 2024, 5, point="intake"),
        **{
            (table, 2024, "2;4"): _cell(table, 2024, 1, "n") - _cell(table, 2024, 1) - _cell(table, 2024, 3)
            for table in ("exit_exposure_due_to_contact", "exit_direct_due_to_contact")
        },
        **{(neglect, 2024, str(row)): _cell(emotional, 2024, row, point="intake") for row in (3, 4)},
        (emotional, 2024, "3;4"): 1591 - sum(_cell(emotional, 2024, row, point="intake") for row in (1, 2)),
        (emotional, 2023, "3;4"): _left(1408, 95, 2),
        (sexual, 2024, "4"): 1591 - sum(_cell(sexual, 2024, row, point="exit") for row in (1, 2, 3)),
        ("support_safety_provided", 2024, "1"): sum(
            int(one["published_count"]) for one in parts if one["parent_label"] == "Interventions"
        ),
    }


def test_counts_that_should_stand_there_follow_from_other_printed_figures() -> None:
    expected = _sums()
    for correction in seed_rows("publication/published_correction.csv"):
        place = (correction["table_id"], int(correction["year"]), correction["row_order"])
        if correction["count_from"] and not correction["value"]:
            low, high = int(correction["count_from"]), int(correction["count_to"])
            assert expected.pop(place) == ((low, high) if low < high else low), place
    assert expected == {}


def test_percentages_and_averages_that_should_stand_there_are_printed_elsewhere() -> None:
    lives = "exposure_lives_with_perpetrator"
    percents = {
        ("client_residency", "13"): _cell("client_residency", 2024, 13, "percent"),
        **{(lives, str(row)): _cell(lives, 2023, row, "percent") for row in (1, 3, 4)},
        **{
            ("exit_direct_neglect", str(row)): _cell("exit_direct_emotional", 2023, row, "percent", "intake")
            for row in (3, 4)
        },
    }
    exits = _cell("about_dataset", 2024, 2)
    provided = {
        one["published_count"]
        for one in seed_rows("publication/published_figure.csv")
        if one["table_id"] == "support_safety_provided"
    }
    for correction in seed_rows("publication/published_correction.csv"):
        if correction["percent"]:
            assert int(correction["percent"]) == percents.pop((correction["table_id"], correction["row_order"]))
        if correction["value"] and correction["count_from"]:
            assert correction["count_from"] == correction["count_to"]
            assert correction["count_from"] in provided
            assert int(correction["value"]) == (200 * int(correction["count_from"]) + exits) // (2 * exits)
        elif correction["value"]:
            assert int(correction["value"]) == _cell("service_of_100", 2024, 1, "value")
    assert percents == {}


def test_a_base_that_is_put_right_is_printed_somewhere() -> None:
    bases = {one["published_n"] for one in seed_rows("publication/published_figure.csv")}
    corrections = seed_rows("publication/published_correction.csv")
    assert {one[name] for one in corrections for name in ("n", "percent_of")} - {""} <= bases


def test_what_returns_should_say_follows_from_the_fraction_or_the_sum_printed_beside_it() -> None:
    figures = {one["figure_no"]: one for one in seed_rows("publication/social_care_published.csv")}

    def printed(figure_no: int) -> Decimal:
        return Decimal(figures[str(figure_no)]["published_value"])

    missing_episodes = figures["187"]["published_denominator"]
    computed = {
        # All adults less the men; a rate of each sex of the adults of that sex.
        "8": printed(6) - printed(7),
        "133": (printed(136) * printed(7) + printed(137) * printed(8)) / 100,
        # The number that it is ten per cent of is printed nowhere, nor is the share more exactly.
        "138": printed(138),
    }
    corrected = [one for one in seed_rows("publication/social_care_anomaly.csv") if one["corrected_value"]]
    assert {one["figure_nos"] for one in corrected} == {*computed, "122", "187", "192", "197", "198"}
    for one in corrected:
        figure = figures[one["figure_nos"]]
        value = computed.get(one["figure_nos"])
        if value is None:
            denominator = figure["published_denominator"] if one["figure_nos"] == "122" else missing_episodes
            assert (one["corrected_numerator"], one["corrected_denominator"]) == (
                figure["published_numerator"],
                denominator,
            )
            value = 100 * Decimal(figure["published_numerator"]) / Decimal(denominator)
        assert abs(Decimal(one["corrected_value"]) - value) <= Decimal(one["corrected_tolerance"]), one["anomaly_id"]
        is_bound = Decimal(one["corrected_tolerance"]) > Decimal(figure["tolerance"])
        assert is_bound == (one["figure_nos"] == "138")
