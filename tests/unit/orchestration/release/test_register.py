"""The register of what was public: kept, read again as it was, and missed where it is gone or damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.release.register import (
    FIGURES_SQL,
    Year,
    add_edition,
    before_release,
    begin_with_register,
    public_years,
    read_register,
    register_hash,
)
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL, MANIFEST

FORMS_2023, FORMS_2024 = Year("insights", "", 2023), Year("insights", "", 2024)
RETURNS_2016 = Year("social_care", "9", 2016)
COUNTS = (
    "select 'insights' as theme, 2023 as period, 'oak' as geography_code, 'a*1' as count_name, 3 as true_count, "
    "5 as printed, 0 as draw, 1 as rounds, false as is_hidden"
)


def figures(number: int) -> str:
    """A figure of each year and place, and one that others have published."""
    rows = [
        ("insights", "2023", "oak", "percentage"),
        ("insights", "2024", "oak", "percentage"),
        ("social_care", "2016", "9", "rate"),
        ("social_care", "2016", "E", "comparator"),
    ]
    return " union all ".join(
        f"select 'indicator_value' as source, '{theme}' as theme, 'a' as indicator_id, {period} as period, "
        f"'' as period_label, 'service' as geography_level, '{place}' as geography_code, 'total' as breakdown, "
        f"'total' as breakdown_value, '' as point, 1 as row_order, 'r' as row_label, null as parent_label, "
        f"1 as column_order, '' as column_label, '{statistic}' as statistic, {number} as numerator, 40 as denominator, "
        "1.25 as value, 1 as value_rounded, '%' as unit, null as lower_95, null as upper_95, 'ok' as status, "
        "null as status_reason, null as population_id, null as not_asked, null as outside_bands, 1 as services, "
        "1 as services_asking, true as is_published, null as change, null as change_lower_95, null as change_upper_95, "
        "null as change_p_value, null as change_mark, null as others_value, null as difference, "
        "null as difference_lower_95, null as difference_upper_95, null as comparison, null as recent_trend"
        for theme, period, place, statistic in rows
    )


def publish(
    settings: Settings, release: str, number: int, *years: Year, rounded_to: int | None = 5, counts: str = COUNTS
) -> None:
    with open_warehouse(settings) as con:
        base = "null" if rounded_to is None else str(rounded_to)
        con.execute(
            f"create or replace temp view printed as select *, 'rounding' as method, {base} as rounded_to "
            f"from ({figures(number)})"
        )
        add_edition(
            settings,
            con,
            release=release,
            years=years,
            method="rounding",
            rows={"figures": FIGURES_SQL.format(published_value="printed"), "counts": counts},
        )


def held(settings: Settings) -> list[tuple[object, ...]]:
    """Theme, year, place and number of what a run takes for public."""
    begin_with_register(settings)
    with open_warehouse(settings, read_only=True) as con:
        return con.execute(
            "select theme, period, geography_code, numerator from ops.public_figure order by all"
        ).fetchall()


def release_folder(settings: Settings, name: str, number: int, *, years: list[Year] | None) -> Path:
    """A release in force, made before there was a register where it says of no years."""
    inside = settings.published_path / name / INTERNAL
    inside.mkdir(parents=True)
    with duckdb.connect(str(inside / DATABASE)) as con:
        con.execute(f"create schema marts; create table marts.published_value as {figures(number)}")
    said = {} if years is None else {"public_years": [[year.theme, year.place, year.period] for year in years]}
    (inside / MANIFEST).write_text(json.dumps({"release": name} | said))
    link = settings.published_path / CURRENT
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    return settings.published_path / name


def test_what_was_printed_is_read_again_as_it_was(settings: Settings) -> None:
    assert held(settings) == []
    publish(settings, "r-1", 10, FORMS_2023, RETURNS_2016)
    assert held(settings) == [("insights", 2023, "oak", 10), ("social_care", 2016, "9", 10)]
    # A later release prints other numbers: of a year that is public nothing but what was printed first is kept.
    publish(settings, "r-2", 25, FORMS_2024)
    assert held(settings) == [
        ("insights", 2023, "oak", 10),
        ("insights", 2024, "oak", 25),
        ("social_care", 2016, "9", 10),
    ]
    with open_warehouse(settings, read_only=True) as con:
        assert con.execute(
            "select theme, period, count_name, printed, true_count from ops.public_count"
        ).fetchall() == [("insights", 2023, "a*1", 5, 3)]
    assert {path.stat().st_mode & 0o777 for path in settings.register_path.iterdir()} == {0o600}


def bases(settings: Settings) -> list[tuple[object, ...]]:
    """Theme, year, and to what its counts are rounded, as a run takes it."""
    begin_with_register(settings)
    with open_warehouse(settings, read_only=True) as con:
        return con.execute("select theme, period, method, rounded_to from ops.public_figure order by all").fetchall()


def test_a_year_keeps_the_base_to_which_it_was_rounded(settings: Settings) -> None:
    publish(settings, "r-1", 10, FORMS_2023)
    publish(settings, "r-2", 20, FORMS_2024, rounded_to=10)
    assert bases(settings) == [("insights", 2023, "rounding", 5), ("insights", 2024, "rounding", 10)]


@pytest.mark.parametrize(("printed", "base"), [("5, 10, 0", 5), ("7, 14, 0", 7), ("30, 20, null", 10), ("0", 5)])
def test_a_year_printed_before_the_base_was_kept_has_that_of_its_counts(
    settings: Settings, printed: str, base: int
) -> None:
    """All counts of an edition are multiples of it. Those of another edition say nothing of this one."""
    counts = COUNTS.replace("5 as printed", f"unnest([{printed}]) as printed")
    publish(settings, "r-1", 10, FORMS_2023, rounded_to=None, counts=counts)
    publish(settings, "r-2", 20, FORMS_2024, counts=COUNTS.replace("2023 as period", "2024 as period"))
    assert bases(settings) == [("insights", 2023, "rounding", base), ("insights", 2024, "rounding", 5)]


def test_of_a_year_in_several_editions_the_last_one_holds(settings: Settings) -> None:
    publish(settings, "r-1", 10, FORMS_2023)
    publish(settings, "r-2", 15, FORMS_2023)
    assert held(settings) == [("insights", 2023, "oak", 15)]
    assert public_years(read_register(settings))[FORMS_2023].release == "r-2"


def test_the_register_before_a_release_is_without_what_it_began(settings: Settings) -> None:
    publish(settings, "r-1", 10, FORMS_2023)
    before = register_hash(read_register(settings))
    publish(settings, "r-2", 10, FORMS_2024)
    editions = read_register(settings)
    assert register_hash(before_release(editions, "r-2")) == before
    assert before_release(editions, "r-1") == editions
    assert register_hash([]) == ""


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the lines are gone": lambda folder: (folder / "register.jsonl").unlink(),
    "a line is gone": lambda folder: rewrite(folder, lambda lines: lines[1:]),
    "lines have changed places": lambda folder: rewrite(folder, lambda lines: lines[::-1]),
    "a line twice": lambda folder: rewrite(folder, lambda lines: [*lines, lines[-1]]),
    "a year more": lambda folder: rewrite(folder, lambda lines: [lines[0].replace("2023", "2022"), lines[1]]),
    "half a line": lambda folder: rewrite(folder, lambda lines: [lines[0], lines[1][:40]]),
    "no JSON": lambda folder: (folder / "register.jsonl").write_bytes(b"\xff\xfe"),
    "a file of figures is gone": lambda folder: (folder / "0001.figures.parquet").unlink(),
    "a file of counts is another": lambda folder: (folder / "0002.counts.parquet").write_bytes(b"x"),
}


def rewrite(folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    path = folder / "register.jsonl"
    path.write_text("".join(line + "\n" for line in change(path.read_text().splitlines())))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_register_stops_a_run(settings: Settings, damage: str) -> None:
    publish(settings, "r-1", 10, FORMS_2023)
    publish(settings, "r-2", 10, FORMS_2024)
    DAMAGE[damage](settings.register_path)
    for attempt in (begin_with_register, read_register):
        with pytest.raises(OperatorError, match="is damaged") as error:
            attempt(settings)
        assert "Put back a copy" in str(error.value)
    with pytest.raises(OperatorError, match="is damaged"):
        publish(settings, "r-3", 10, RETURNS_2016)


def test_a_register_that_is_gone_is_missed_where_a_release_says_what_it_made_public(settings: Settings) -> None:
    release_folder(settings, "r-1", 10, years=[FORMS_2023])
    with pytest.raises(OperatorError, match="what r-1 has made public is not in it"):
        begin_with_register(settings)
    publish(settings, "r-1", 10, FORMS_2023)
    assert held(settings) == [("insights", 2023, "oak", 10)]


def test_what_was_public_before_there_was_a_register_stays_as_it_was_printed(settings: Settings) -> None:
    release_folder(settings, "r-old", 7, years=None)
    # Invented data only: everything begins anew.
    begin_with_register(settings, is_for_trial=True)
    assert read_register(settings) == []
    expected = [("insights", 2023, "oak", 7), ("insights", 2024, "oak", 7), ("social_care", 2016, "9", 7)]
    assert held(settings) == expected
    (edition,) = read_register(settings)
    assert (edition.method, edition.release) == ("hiding", "r-old")
    assert {(method, base) for *_, method, base in bases(settings)} == {("hiding", None)}
    # Once, whatever other releases lie there.
    release_folder(settings, "r-older", 9, years=None)
    assert held(settings) == expected
    assert len(read_register(settings)) == 1


def test_an_edition_that_was_not_written_to_its_end_is_none_and_one_with_its_line_is(settings: Settings) -> None:
    """Killed before the line: nothing is public, and the next run writes the files again. Killed after it: it is."""
    publish(settings, "r-1", 10, FORMS_2023)
    folder = settings.register_path
    (folder / ".0002.figures.parquet").write_bytes(b"half of it")
    assert held(settings) == [("insights", 2023, "oak", 10)]
    publish(settings, "r-2", 15, FORMS_2024)
    assert len(held(settings)) == 2
    with (folder / "register.jsonl").open("a") as lines:
        lines.write('{"number": 3, "rele')
    assert len(held(settings)) == 2
    publish(settings, "r-3", 15, RETURNS_2016)
    assert len(held(settings)) == 3
    for file in folder.glob("0002.*"):
        file.rename(file.with_name(f".{file.name}"))
    assert len(held(settings)) == 3
    assert sorted(path.name for path in folder.glob("0002.*")) == ["0002.counts.parquet", "0002.figures.parquet"]


def test_a_disk_that_cannot_be_written_to_is_a_sentence(settings: Settings) -> None:
    settings.register_path.parent.mkdir(parents=True, exist_ok=True)
    settings.register_path.write_text("a file where the folder should be")
    with pytest.raises(OperatorError, match=r"could not be written to the register|cannot be read"):
        publish(settings, "r-1", 10, FORMS_2023)
