"""`python -m benchmarks.indicators`: all social care indicators for 150 authorities over five years.

The fact tables are made up here, as large as those of authorities of 80,000 children are. On them run, one after the
other, the dbt models of the indicators and `indicators_baseline.sql`, written by hand for these tables and nothing
else. The times of the models are those dbt gives for each (its start-up is shown beside); every value that the baseline
gives must be the models', limits included, or the comparison is worth nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.bench import measure

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "indicators_baseline.sql"
PROJECT = HERE.parent / "dbt_project"
MODELS = (
    "int_social_care_placement",
    "int_plan_maltreatment",
    "insights.counts.returns.indicators",
    "indicator_trend",
)

# What a row says, by table: rows a year and authority, and columns in terms of h (a hash), la, y (the year), i and n
# (a number of the row that is unique).
_DAY = "make_date(y - 1, 4, 1) + (h % 365)::integer"
_CHILD = "printf('%032x', la * 1000000 + (h >> 8) % 6000)"


def _one_of(*codes: str) -> str:
    return f"[{', '.join(repr(code) for code in codes)}][1 + ((h >> 20) % {len(codes)})::integer]"


def _flag(bit: int, of: int = 2) -> str:
    return f"((h >> {bit}) % {of} = 0)"


_SPELL = f"{_DAY} as start_date, case when {_flag(9, 3)} then null else {_DAY} + 20 + ((h >> 12) % 400)::integer end"
_PERSON = "n as {}, la_code, " + f"{_CHILD} as child_key"
TABLES: dict[str, tuple[int, str]] = {
    "fct_referral": (
        4000,
        f"{_PERSON.format('referral_key')}, {_DAY} as referral_date, y as reporting_year, "
        f"{_flag(3, 5)} as is_rereferral_12m",
    ),
    "fct_assessment": (
        3500,
        f"{_PERSON.format('assessment_key')}, n as referral_key, {_DAY} as authorisation_date, "
        "y as reporting_year, "
        + ", ".join(
            f"{_flag(bit, 3)} as has_{name}"
            for bit, name in enumerate(
                (
                    "domestic_violence",
                    "alcohol",
                    "drugs",
                    "substance",
                    "mental_health",
                    "learning_disability",
                    "physical_disability",
                ),
                3,
            )
        ),
    ),
    "fct_assessment_factor": (
        9000,
        f"{_PERSON.format('assessment_key')}, y as reporting_year, "
        + _one_of("1A", "2B", "3B", "4B", "16A", "17A", "18A", "19A", "20", "21")
        + " as factor",
    ),
    "fct_section47": (1300, f"{_PERSON.format('section47_key')}, {_DAY} as start_date, y as reporting_year"),
    "fct_conference": (500, f"{_PERSON.format('conference_key')}, {_DAY} as conference_date, y as reporting_year"),
    "fct_protection_plan": (
        430,
        f"{_PERSON.format('plan_key')}, n as referral_key, {_SPELL} as end_date, "
        "y as reporting_year, "
        + _one_of("NEG", "PHY", "SAB", "EMO", "MUL")
        + f" as initial_category, 'EMO' as latest_category, {_flag(4, 6)} as is_second_or_subsequent",
    ),
    "fct_care_period": (
        200,
        f"la_code, {_CHILD} as child_key, i as care_period_no, {_SPELL} as end_date, "
        f"case when {_flag(9, 3)} then null else 'E4A' end as reason_ceased, "
        f"not {_flag(9, 3)} and {_flag(5, 3)} as is_returned_home",
    ),
    "fct_care_episode": (
        600,
        f"{_PERSON.format('episode_key')}, {_SPELL} as end_date, {_flag(4, 9)} as is_short_break",
    ),
    "fct_unaccompanied_child": (20, f"la_code, {_CHILD} as child_key, null::date as end_date, y as reporting_year"),
    "fct_looked_after_health": (
        400,
        f"la_code, {_CHILD} as child_key, y as reporting_year, "
        f"make_date(y - 6 - ((h >> 5) % 10)::integer, 5, 1) as birth_month, "
        f"((h >> 6) % 30)::integer as sdq_score, {_flag(3, 5)} as is_immunised",
    ),
    "fct_missing_episode": (
        500,
        f"{_PERSON.format('episode_key')}, ({_DAY})::timestamp + interval 9 hour as started_at, "
        "y as reporting_year, "
        + _one_of("missing", "absent", "away")
        + " as missing_class, "
        + _one_of("less than 1 day", "1 day", "2-3 days")
        + f" as duration_band, {_flag(3)} as "
        f"is_looked_after_at_start, {_flag(4, 4)} as is_residential_at_start, {_flag(5, 4)} as "
        f"is_vulnerable, case when {_flag(6)} then {_DAY} end as interview_offered_on",
    ),
    "fct_local_referral": (
        4000,
        f"la_code, {_CHILD} as child_key, {_DAY} as referral_date, y as reporting_year, "
        + _one_of("school", "police", "ld_mh_staff", "other", "health")
        + " as agency_group",
    ),
    "fct_disabled_team_case": (
        100,
        f"la_code, {_CHILD} as child_key, {_DAY} as open_date, case when {_flag(9, 3)} then "
        f"null else {_DAY} + 200 end as close_date",
    ),
    "fct_youth_offence": (
        500,
        f"la_code, {_CHILD} as child_key, {_DAY} as offence_date, {_DAY} as outcome_date, "
        "y as reporting_year, "
        + _one_of("M", "F")
        + " as sex, "
        + _one_of("custody", "remand", "community", "other")
        + f" as disposal, {_flag(3, 5)} as "
        f"is_on_plan_at_offence, {_flag(4, 5)} as is_in_need_at_offence",
    ),
    "fct_treatment_episode": (
        600,
        f"la_code, {_CHILD} as client_key, {_SPELL} as end_date, "
        + _one_of("alcohol_only", "other")
        + " as substance_group, "
        + _one_of("own", "other", "none")
        + " as lives_with_children",
    ),
    "fct_police_incident": (
        6000,
        f"la_code, printf('%032x', n) as incident_key, {_DAY} as incident_date, "
        f"{_flag(3)} as is_domestic_abuse, {_flag(4, 4)} as is_crime, {_flag(5, 3)} as is_violence, "
        + _one_of("high", "medium", "standard")
        + " as risk_grade",
    ),
    "fct_police_person": (
        6000,
        f"la_code, printf('%032x', n) as incident_key, {_CHILD} as person_key, "
        + _one_of("survivor", "perpetrator", "child")
        + " as role, 'F' as sex",
    ),
    "fct_early_help_attendance": (20000, f"la_code, {_CHILD} as child_key, {_DAY} as attended_on, y as reporting_year"),
    "fct_family_support_allocation": (
        700,
        f"la_code, {_CHILD} as child_key, printf('%032x', (h >> 8) % 3000) as "
        f"household_key, {_DAY} as allocated_on, {_DAY} + 90 as ended_on",
    ),
    "fct_early_help_assessment": (400, f"la_code, {_CHILD} as child_key, {_DAY} as completed_on"),
    "fct_young_carer": (
        150,
        f"la_code, {_CHILD} as child_key, {_SPELL} as end_date, "
        + _one_of("mental_health", "physical")
        + " as cared_for_condition",
    ),
    "fct_lado_referral": (120, f"la_code, {_DAY} as allegation_date"),
    "fct_school_census_pupil": (
        8000,
        "la_code, printf('%032x', la * 1000000 + i) as upn_key, make_date(y, 1, 21) as "
        "census_date, y as reporting_year, make_date(y - 5 - (i % 12)::integer, 6, 1) as "
        "birth_month, " + _one_of("M", "F") + " as sex, " + _one_of("N", "N", "N", "N", "K", "E") + " as sen_provision",
    ),
    "child_on_31_march": (
        5000,
        "la_code, printf('%032x', la * 1000000 + i) as child_key, y as reporting_year, "
        f"{_flag(3)} as is_in_need, {_flag(4, 9)} as is_on_plan, {_flag(5, 9)} as is_looked_after",
    ),
}


# What the fact tables say of their own columns, which measures count.
FLAGS: dict[str, str] = {
    "fct_assessment": "has_learning_disability or has_physical_disability as has_disability, "
    "has_alcohol as has_parental_substance, has_mental_health as has_parental_mental_health, "
    "has_domestic_violence and has_drugs as has_adult_trio, n % 50 > 0 as is_factor_recorded, "
    "has_alcohol::integer + has_drugs::integer as substances, "
    "has_learning_disability::integer + has_physical_disability::integer as disabilities",
    "fct_assessment_factor": "factor <> '21' as is_risk, factor not in ('21', '16A', '17A', '18A', '19A') as "
    "is_risk_other_than_abuse, factor = '1A' as is_child_substance, "
    "case factor when '16A' then 'neglect' when '17A' then 'emotional_abuse' when '18A' then 'physical_abuse' "
    "when '19A' then 'sexual_abuse' else 'other' end as factor_group",
    "fct_protection_plan": ", ".join(
        f"initial_category = '{code}' as is_for_{name}"
        for code, name in (
            ("PHY", "physical_abuse"),
            ("EMO", "emotional_abuse"),
            ("SAB", "sexual_abuse"),
            ("NEG", "neglect"),
            ("MUL", "several_categories"),
        )
    ),
    "fct_care_period": "reason_ceased is not null as has_reason_ceased",
    "fct_looked_after_health": "is_immunised is not null as has_immunisation_answer, "
    "birth_month > make_date(reporting_year - 17, 3, 31) and birth_month <= make_date(reporting_year - 5, 3, 31) "
    "as has_score_at_5_to_16",
    "fct_missing_episode": "started_at::date as started_on",
    "fct_local_referral": ", ".join(
        f"agency_group = '{group}' as is_from_{group}" for group in ("school", "police", "ld_mh_staff", "other")
    ),
    "fct_youth_offence": "is_in_need_at_offence and not is_on_plan_at_offence as is_in_need_only_at_offence, "
    "sex = 'M' as is_of_male, disposal = 'remand' as is_remand, disposal = 'custody' as is_custody",
    "fct_treatment_episode": "lives_with_children in ('own', 'other') as is_living_with_children",
    "fct_police_incident": "is_domestic_abuse and is_crime as is_domestic_abuse_crime, "
    "is_domestic_abuse and is_violence as is_domestic_abuse_violence, "
    "is_domestic_abuse and risk_grade in ('high', 'medium') as is_domestic_abuse_at_risk",
    "fct_young_carer": "cared_for_condition = 'mental_health' as is_for_mental_health",
}


def generate(database: Path, authorities: int, years: int) -> dict[str, int]:
    """The fact tables, the seeds, and what else the models read; rows by table."""
    database.unlink(missing_ok=True)
    rows: dict[str, int] = {}
    last = 2016
    with duckdb.connect(str(database)) as con:
        for schema in ("reference", "ops", "staging", "intermediate", "marts"):
            con.execute(f"create schema {schema}")
        for number, (table, (size, columns)) in enumerate(TABLES.items()):
            con.execute(
                f"create table marts.{table} as select *{', ' + FLAGS[table] if table in FLAGS else ''} from "
                f"(select {columns}{', n' if table == 'fct_assessment' else ''} from ("
                f"select la, (1000 + la)::varchar as la_code, y::integer as y, i, "
                f"((la * 100 + y - 2000) * 100000 + i)::bigint as n, (hash(la, y, i, {number}) >> 1)::bigint as h "
                f"from range({authorities}) as a(la), range({last - years + 1}, {last + 1}) as b(y), "
                f"range({size}) as c(i)))"
            )
            rows[table] = authorities * years * size
        con.execute(
            f"""
            create table marts.dim_authority as
            select (1000 + la)::varchar as la_code, 'E' || la as area_code, 'A' || la as area_name,
                false as has_publication
            from range({authorities}) as a(la);
            create table marts.dim_child as
            select (1000 + la)::varchar as la_code, printf('%032x', la * 1000000 + i) as child_key,
                printf('%032x', la * 1000000 + i) as upn_key, i % 8 = 0 as is_disabled
            from range({authorities}) as a(la), range(6000) as c(i);
            create table marts.population_estimate as
            select 'E' || la as area_code, y::integer as mid_year, age::integer as age, sex,
                (400 + age)::bigint as population
            from range({authorities}) as a(la), range({last - years}, {last}) as b(y), range(91) as c(age),
                (values ('M'), ('F')) as s(sex);
            create table marts.comparator_rate (la_code varchar, indicator_id varchar, area_level varchar,
                area_code varchar, area_name varchar, period varchar, breakdown varchar, value double, source varchar);
            create table staging.stg_returns__s903_episode as
            select episode_key as landed_row_id, 'AB1 2' as home_postcode_sector,
                case when episode_key % 5 = 0 then 'CD3 4' else 'AB3 4' end as placement_postcode_sector
            from marts.fct_care_episode;
            create table marts.fct_plan_category as
            select plan_key, reporting_year as collection_year, initial_category as latest_category
            from marts.fct_protection_plan;
            create table marts.return_disposition as
            select record_id, (1000 + la)::varchar as la_code, y::integer as collection_year, '/' as source_path,
                true as is_counted
            from range({authorities}) as a(la), range({last - years + 1}, {last + 1}) as b(y),
                (values ('cin_child'), ('s903_header')) as f(record_id)"""
        )
    return rows


def dbt(database: Path, work: Path, *command: str) -> None:
    """Run dbt in a process of its own. Raises SystemExit when it fails, naming the log."""
    program = [str(Path(sys.executable).parent / "dbt"), *command]
    program += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    program += ["--target-path", str(work / "target"), "--log-path", str(work / "logs")]
    measure(program, work / "dbt.log", os.environ | {"INSIGHTS_WAREHOUSE": str(database)})


def model_seconds(work: Path) -> dict[str, float]:
    """Seconds of every model of the last run, by name."""
    results = json.loads((work / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {one["unique_id"].rpartition(".")[2]: float(one["execution_time"]) for one in results}


def busy_seconds(work: Path) -> float:
    """Seconds from the start of the first model of the last run to the end of the last."""
    results = json.loads((work / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    moments = [t for one in results for t in one["timing"] if t["name"] == "execute"]
    begin = min(t["started_at"] for t in moments)
    end = max(t["completed_at"] for t in moments)
    with duckdb.connect() as con:
        sql = "select epoch(?::timestamp) - epoch(?::timestamp)"
        return float(con.execute(sql, [end[:26], begin[:26]]).fetchall()[0][0])


def differences(database: Path) -> tuple[int, int]:
    """Values that the baseline gives, and how many of them the models give otherwise or not at all."""
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.execute(
            """
            select count(*), count(*) filter (where v.indicator_id is null
                or coalesce(abs(v.value - f.value) > 1e-9 * greatest(1, abs(f.value)), v.value is distinct from f.value)
                or coalesce(abs(v.lower_95 - f.lower_95) > 1e-9 * greatest(1, f.lower_95),
                    v.lower_95 is distinct from f.lower_95)
                or coalesce(abs(v.upper_95 - f.upper_95) > 1e-9 * greatest(1, f.upper_95),
                    v.upper_95 is distinct from f.upper_95))
            from main.baseline_value as f
            left join intermediate.int_returns_value as v
                on f.indicator_id = v.indicator_id and f.la_code = v.la_code and f.period = v.period and v.is_year
                and f.breakdown = v.breakdown and f.breakdown_value = v.breakdown_value"""
        ).fetchall()[0]
    return int(found[0]), int(found[1])


def bench(authorities: int, years: int, work: Path, repeats: int, say: Callable[[str], None]) -> float:
    """Measure both sides, print the table, and return the ratio."""
    work.mkdir(parents=True, exist_ok=True)
    database = work / "indicators.duckdb"
    started = time.monotonic()
    rows = generate(database, authorities, years)
    say(f"{sum(rows.values()):,} rows in {len(rows)} fact tables made in {time.monotonic() - started:.0f} s")
    dbt(database, work, "seed", "--select", "resource_type:seed")
    baselines, models, walls = [], [], []
    for _ in range(repeats):
        with duckdb.connect(str(database)) as con:
            con.execute("set threads = 2")
            started = time.monotonic()
            con.execute(BASELINE.read_text(encoding="utf-8"))
            baselines.append(time.monotonic() - started)
        started = time.monotonic()
        dbt(database, work, "run", "--select", *MODELS)
        walls.append(time.monotonic() - started)
        models.append(busy_seconds(work))
    values, wrong = differences(database)
    for name, seconds in sorted(model_seconds(work).items(), key=lambda one: -one[1])[:6]:
        say(f"  {name:<34}{seconds:6.1f} s")
    ratio = min(models) / min(baselines)
    say(
        f"{authorities} authorities x {years} years: baseline {min(baselines):.1f} s, models {min(models):.1f} s "
        f"({min(walls):.1f} s with dbt's start), ratio {ratio:.2f}; {values:,} values compared, {wrong:,} differ"
    )
    return ratio


def main() -> None:
    """Command line of the benchmark; fails when the two sides differ in a value."""
    parser = argparse.ArgumentParser(description="Time the social care indicators against the hand-written baseline.")
    parser.add_argument("--authorities", type=int, default=150)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the generated database there")
    parser.add_argument("--work", type=Path, default=HERE / "data" / "indicators")
    arguments = parser.parse_args()
    work: Path = arguments.work
    bench(arguments.authorities, arguments.years, work, arguments.repeats, lambda line: print(line, flush=True))
    if differences(work / "indicators.duckdb")[1]:
        raise SystemExit("The models and the baseline do not give the same values.")
    if not arguments.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
