"""The data sets: every published figure in one row, with the symbol of why a number is not there."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from reporting.figures import Figure
from reporting.open_data.checks.folder import check_folder
from reporting.open_data.data_sets import data_sets_of
from reporting.open_data.lines import read
from reporting.open_data.writing import write_open_data
from tests.support.figures import figure
from tests.support.open_data_release import care, read_csv, sheets_of, write_release

INDICATORS = {
    "number", "base", "percentage", "percentage_lower_limit", "percentage_upper_limit", "mean", "median",
    "rate_per_10000", "other_value",
}  # fmt: skip


def find_row(rows: list[dict[str, str]], **cells: str) -> dict[str, str]:
    (row,) = [row for row in rows if all(row.get(name, "Total") == cell for name, cell in cells.items())]
    return row


WHOLE = {"time_period": "202324", "service": "Total", "breakdown": "Total", "answer": "Total", "stage": "Total"}


def test_the_files_pass_the_standards_checks(folder: Path):
    result = check_folder(folder)
    assert [str(problem) for problem in result.problems] == []
    assert result.pairs == [
        *("insights_co_occurrence", "insights_outcomes", "insights_profile", "social_care_analyses_financial_years"),
        *("social_care_at_31_march", "social_care_calendar_years", "social_care_financial_years"),
        "social_care_other_periods",
    ]


def test_a_percentage_stands_with_its_count_its_n_and_its_limits(tables: dict[str, list[dict[str, str]]]):
    row = find_row(tables["insights_outcomes"], **WHOLE, topic="Is the child safe?", response="Yes")
    assert {name: row[name] for name in INDICATORS & set(row)} == {
        **{"number": "50", "base": "200", "percentage": "25.0", "mean": "z", "median": "z"},
        **{"percentage_lower_limit": "19.5", "percentage_upper_limit": "31.4"},
    }
    assert [row[name] for name in row if "change" in name] == ["-2.3", "-9.0", "4.6"]
    assert [row[name] for name in row if name.startswith("difference")] == ["z", "z", "z"]


def test_symbols_say_why_a_number_is_not_there(tables: dict[str, list[dict[str, str]]]):
    outcomes = tables["insights_outcomes"]
    safe = {**WHOLE, "topic": "Is the child safe?"}
    assert find_row(outcomes, **safe, response="Rare")["percentage"] == "0.0"
    assert find_row(outcomes, **safe, response="Rare")["number"] == "6"
    nobody = find_row(outcomes, **{**safe, "time_period": "202122"}, response="Yes")
    assert (nobody["number"], nobody["base"], nobody["percentage"], nobody["percentage_change"]) == ("0", "0", "z", "x")
    service = find_row(outcomes, **{**safe, "service": "Harbour"}, response="Yes")
    assert (service["difference_to_other_services"], service["difference_lower_limit"]) == ("-7.2", "x")
    assert (
        find_row(tables["insights_profile"], time_period="202324", topic="Forms", response="Elsewhere")["number"] == "x"
    )


def test_a_mean_and_a_median_stand_in_columns_of_their_own(tables: dict[str, list[dict[str, str]]]):
    safe = {**WHOLE, "topic": "Is the child safe?"}
    mean = find_row(tables["insights_outcomes"], **safe, response="Mean age, in years")
    assert [mean[name] for name in ("number", "base", "percentage", "mean", "median")] == ["z", "200", "z", "8.2", "z"]
    median = find_row(tables["insights_outcomes"], **safe, response="Median stay (weeks)")
    assert [median[name] for name in ("number", "base", "percentage", "mean", "median")] == [
        "z",
        "200",
        "z",
        "z",
        "14.0",
    ]


def test_total_is_the_n_of_a_table(tables: dict[str, list[dict[str, str]]]):
    total = find_row(tables["insights_outcomes"], **WHOLE, topic="Labels", response="Total")
    assert [total[name] for name in ("number", "base", "percentage")] == ["200", "200", "z"]


def test_no_total_where_percentages_have_different_bases_or_none_is_published(tables: dict[str, list[dict[str, str]]]):
    # One topic has two n, of the other every figure is hidden.
    for topic in ("Is the child safe?", "Columns"):
        rows = [row for row in tables["insights_outcomes"] if row["topic"] == topic and row["time_period"] == "202324"]
        assert rows
        assert not [row for row in rows if row["response"] == "Total" and row["breakdown"] == row["service"] == "Total"]


def test_a_table_that_has_a_total_of_its_own_gets_no_second(tmp_path: Path):
    made = [
        figure(),
        figure(row_order=2, row_label="Total", statistic="count", numerator=200, value=200.0, unit="forms"),
    ]
    write_open_data(write_release(tmp_path / "insights.duckdb", made), tmp_path / "open_data")
    rows = read_csv(tmp_path / "open_data" / "insights_outcomes.csv")
    assert [(row["response"], row["number"], row["base"]) for row in rows] == [
        ("Yes", "50", "200"),
        ("Total", "200", "z"),
    ]


def test_answers_stand_under_their_group_and_groups_under_theirs(tables: dict[str, list[dict[str, str]]]):
    rows = [row for row in tables["insights_profile"] if row["topic"] == "Ethnicity"]
    assert [(row["response_group"], row["response"]) for row in rows] == [
        *(("Total", "Total"), ("White", "White"), ("White", "Irish"), ("White", "Other"), ("Total", "Other")),
    ]
    girl = find_row(tables["insights_outcomes"], breakdown="Girl", response="Yes")
    assert (girl["breakdown_topic"], girl["percentage"]) == ("Gender", "30.0")


def test_areas_of_the_returns_stand_at_their_level(tables: dict[str, list[dict[str, str]]]):
    rows = [row for row in tables["social_care_financial_years"] if row["time_period"] == "201516"]
    assert [
        (row["geographic_level"], row["new_la_code"], row["comparator"], row["rate_per_10000"]) for row in rows
    ] == [
        ("National", "", "Total", "19.5"),
        ("Local authority", "E06999999", "Total", "20.0"),
        ("Local authority", "E06999999", "Statistical neighbours", "21.0"),
    ]
    assert {row["la_name"] for row in rows} == {"", 'Sherwood & "Forest"'}


def test_a_rate_of_an_authority_stands_with_its_limits_and_its_change(tables: dict[str, list[dict[str, str]]]):
    row = find_row(
        [row for row in tables["social_care_financial_years"] if row["geographic_level"] == "Local authority"],
        **{"time_period": "201516", "comparator": "Total"},
    )
    assert [row[name] for name in ("number", "base", "rate_per_10000")] == ["120", "60000", "20.0"]
    assert [row[name] for name in row if name.startswith("rate_") and name.endswith("limit")][:2] == ["16.6", "23.9"]
    assert [row[name] for name in row if name.startswith("rate_change")] == ["-1.5", "-3.0", "0.2"]


def test_figures_of_other_marts_have_names_in_words(folder: Path, tables: dict[str, list[dict[str, str]]]):
    together = tables["insights_co_occurrence"]
    assert {(row["topic"], row["response"], row["answer"], row["number"], row["other_value"]) for row in together} == {
        ("Three of them", "Total", "Total", "200", "z"),
        ("Three of them (ratio)", "All", "Total", "50", "1.23"),
        ("Three of them", "All", "Share", "0", "z"),
    }
    left = tables["social_care_analyses_financial_years"]
    assert {(row["topic"], row["breakdown"], row["response"], row["median"]) for row in left} == {
        ("How children leave care (per 10,000 children 0-17)", "as planned", "Referrals", "z"),
        ("How children leave care (per 10,000 children 0-17)", "other", "Referrals", "z"),
        ("How children leave care (days)", "Total", "Stay", "20.0"),
    }


def test_a_file_has_one_kind_of_period(tables: dict[str, list[dict[str, str]]]):
    kinds = {name: {(row["time_period"], row["time_identifier"]) for row in rows} for name, rows in tables.items()}
    assert kinds["social_care_at_31_march"] == {("2016", "Reporting year")}
    assert kinds["social_care_calendar_years"] == {("2016", "Calendar year")}
    assert kinds["social_care_financial_years"] == {("201415", "Financial year"), ("201516", "Financial year")}
    (other,) = tables["social_care_other_periods"]
    assert other["time_identifier"] == "Reporting year"


def test_every_published_figure_stands_in_one_row(figures: list[Figure], tables: dict[str, list[dict[str, str]]]):
    """Counted by what is in them, because a row that stands nowhere or twice is seen by that and by nothing else."""
    rows = [row for table in tables.values() for row in table]
    totals = [
        row for row in rows if row.get("response") == "Total" and row.get("percentage") == "z" and row["base"] != "z"
    ]
    assert len(rows) - len(totals) == len(figures)
    shares = sorted(
        f"{made.numerator}/{made.denominator}"
        for made in figures
        if made.statistic == "percentage" and made.value is not None
    )
    printed = sorted(f"{row['number']}/{row['base']}" for row in rows if row.get("percentage", "z") not in {"z", "c"})
    assert printed == shares


def test_hidden_figures_are_c_in_every_column_they_could_fill(
    figures: list[Figure], tables: dict[str, list[dict[str, str]]]
):
    rows = [row for table in tables.values() for row in table if "c" in row.values()]
    assert len(rows) == sum(made.is_hidden for made in figures) > 20
    for row in rows:
        filled = {name: cell for name, cell in row.items() if name in INDICATORS or "limit" in name or "change" in name}
        assert set(filled.values()) <= {"c", "z"}
        assert filled["number"] == filled["base"] == "c"
    # Nothing of a hidden figure is left as 0 or as a blank.
    assert not [row for row in rows if "" in [row[name] for name in INDICATORS & set(row)]]


def written(tmp_path: Path, *made: Figure) -> list[dict[str, str]]:
    """The rows of the file of outcomes that these figures make; it keeps the standard's checks."""
    write_open_data(write_release(tmp_path / "insights.duckdb", list(made)), tmp_path / "open_data")
    return read_csv(tmp_path / "open_data" / "insights_outcomes.csv")


ROUNDED = {"method": "rounding", "rounded_to": 5}


def test_a_row_says_its_indicator_what_its_base_counts_and_how_it_was_made(tmp_path: Path):
    average = {"indicator_id": "paired", "statistic": "mean", "numerator": None, "value": 8.15, "unit": "years"}
    services = {"indicator_id": "counts", "statistic": "services", "numerator": 7, "denominator": None, "value": 7.0}
    rows = written(
        tmp_path,
        figure(**ROUNDED),
        figure(**ROUNDED, **average),
        figure(**average, method="hiding", period=2022, period_label="2021-22"),
        figure(method="rounding", rounded_to=10, period=2023, period_label="2022-23"),
        figure(method="hiding", period=2022, period_label="2021-22"),
        care(**ROUNDED, statistic="rate"),
        care(method="others", geography_level="country", geography_code="E92000001", statistic="comparator"),
        care(method="others", statistic="model", indicator_id="in_need", unit="count (modelled)"),
        figure(**ROUNDED, **services, unit="services"),
    )
    assert {(row["indicator_id"], row["time_period"], row["method"]) for row in rows} == {
        ("safe", "202324", "Counts rounded to multiples of 5"),
        ("paired", "202324", "Mean: of the true numbers, n rounded to multiples of 5"),
        ("paired", "202122", "Mean: small counts hidden"),
        ("safe", "202223", "Counts rounded to multiples of 10"),
        ("safe", "202122", "Small counts hidden"),
    }
    folder = tmp_path / "open_data"
    returns = read_csv(folder / "social_care_financial_years.csv")
    assert {row["method"] for row in returns} == {
        "Rate over a known population or time: counts rounded to multiples of 5",
        "Published by others",
        "Estimate published by others",
    }
    # What is the same in every row is no filter; the description of the file says it.
    assert "counted" not in rows[0]
    package = json.loads((folder / "datapackage.json").read_text())
    described = {one["name"]: one["description"] for one in package["resources"]}
    counted = "In every row: What the base counts, or the number where it has no base: {}."
    assert counted.format("Intake forms dated in the year") in described["insights_outcomes"]
    assert counted.format("Services") in described["insights_profile"]
    assert "In every row: How the figure was made and protected: Number of services." in described["insights_profile"]
    assert "In every row: Indicator, by its identifier: counts." in described["insights_profile"]


def test_the_base_of_a_figure_of_the_returns_is_told_in_the_words_of_its_indicator(tmp_path: Path):
    path = write_release(tmp_path / "insights.duckdb", [care(), care(indicator_id="in_need", period_label="2015-16")])
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.indicator set n_counts = 'children aged 0-17' where indicator_id = 'referral_rate'")
        con.execute(
            "update marts.indicator set n_counts = 'none', numerator = 'open cases' where indicator_id = 'in_need'"
        )
    write_open_data(path, tmp_path / "open_data")
    rows = read_csv(tmp_path / "open_data" / "social_care_financial_years.csv")
    assert {(row["indicator_id"], row["counted"]) for row in rows} == {
        ("referral_rate", "Children aged 0-17"),
        ("in_need", "Open cases"),
    }


def test_what_was_hidden_of_a_figure_before_counts_were_rounded_is_c_and_never_z(tmp_path: Path):
    """A true zero was shown over an n that was hidden; England's figure has no n that is known."""
    zero = {"numerator": 0, "denominator": None, "value": 0.0, "lower_95": None, "upper_95": None, "method": "hiding"}
    rows = written(
        tmp_path,
        figure(**zero),
        figure(indicator_id="paired", statistic="mean", unit="years", **{**zero, "numerator": None, "value": 8.1}),
        care(indicator_id="drugs", statistic="percentage", unit="% of plans"),
        care(
            **{"indicator_id": "drugs", "statistic": "comparator", "unit": "% of plans", "numerator": None},
            **{"geography_level": "country", "geography_code": "E92000001", "denominator": None, "method": "others"},
        ),
    )
    share, mean = rows
    assert [share[name] for name in ("number", "base", "percentage", "percentage_lower_limit")] == [
        "0",
        "c",
        "0.0",
        "c",
    ]
    assert (mean["base"], mean["mean"]) == ("c", "8.1")
    england, _ = read_csv(tmp_path / "open_data" / "social_care_financial_years.csv")
    assert (england["number"], england["base"]) == ("z", "z")


def test_topics_of_the_same_title_are_told_apart(tmp_path: Path):
    made = [figure(indicator_id=name) for name in ("safe", "paired", "nasty", "columns")]
    # Beside other topics, in a file of its own, a name may come again.
    made += [figure(source="co_occurrence", parent_label="Areas"), figure(source="co_occurrence", indicator_id="trio")]
    made += [care(), care(indicator_id="in_need", statistic="count", unit="count")]
    titles = {"safe": "Presence of abuse", "nasty": "Areas", "columns": "Areas", "in_need": "Referrals"}
    lines, labels, _ = read(write_release(tmp_path / "insights.duckdb", made, titles))
    sets = {data_set.name: data_set for data_set in data_sets_of(lines, labels)}

    def topics(name: str) -> set[str]:
        return {row[sets[name].columns.index("topic")] for row in sets[name].rows}

    assert topics("insights_outcomes") == {
        *("Presence of abuse", "At exit: Presence of abuse", "Areas [nasty]", "Areas [columns]")
    }
    assert topics("insights_co_occurrence") == {"Areas", "Trio"}
    assert topics("social_care_financial_years") == {"Referrals (per 10,000 children 0-17)", "Referrals"}


@pytest.mark.parametrize(
    ("year_starts", "label", "period", "kind", "file"),
    [
        ("04-01", "2023-24", "202324", "Financial year", "insights_profile"),
        ("09-01", "2023-24", "202324", "Academic year", "insights_profile_academic_years"),
        ("04-06", "2023-24", "202324", "Tax year", "insights_profile_tax_years"),
        ("07-01", "2023-24", "2024", "Reporting year", "insights_profile_reporting_years"),
        ("01-01", "2024", "2024", "Calendar year", "insights_profile_calendar_years"),
    ],
)
def test_a_year_has_the_name_that_the_standard_gives_it(
    tmp_path: Path, year_starts: str, label: str, period: str, kind: str, file: str
) -> None:
    """Of the forms: the years of the returns end on 31 March whatever the programme says."""
    figures = [figure(indicator_id="ethnicity", period_label=label), care(period_label="2023-24", period=2024)]
    release = write_release(tmp_path / "insights.duckdb", figures, year_starts=year_starts)
    write_open_data(release, tmp_path / "open_data")
    assert [str(problem) for problem in check_folder(tmp_path / "open_data").problems] == []
    rows = read_csv(tmp_path / "open_data" / f"{file}.csv")
    assert {(row["time_period"], row["time_identifier"]) for row in rows} == {(period, kind)}
    (returns,) = read_csv(tmp_path / "open_data" / "social_care_financial_years.csv")
    assert (returns["time_period"], returns["time_identifier"]) == ("202324", "Financial year")
    assert any(
        f"{label}: " in str(cell)
        for sheet in sheets_of(tmp_path / "open_data").values()
        for row in sheet
        for cell in row
    )
