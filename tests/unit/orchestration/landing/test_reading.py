"""Landing and staging read alike: a date, a text or a code that one of them understands, the other understands.

Every text of these tables is landed as a delivery would bring it; what staging makes of what was stored must be what it
makes of the text as delivered, and both what a person would say it means.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import load_catalogue
from catalogue.returns import load_returns
from tests.support.forms import header, landing, record, table
from tests.support.macros import macro, read
from tests.support.paths import returns_seeds_in
from tests.support.returns import ReturnLanding, episode, episodes

BUDGET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
MAY = date(2016, 5, 4)

# As people, portals, spreadsheets and case systems write the fourth of May 2016, and what is no date at all.
DATES: dict[str, date | None] = {
    "2016-05-04": MAY,
    "2016-5-4": MAY,
    " 2016-05-04 ": MAY,
    "2016-05-04\u00a0": MAY,
    "2016-05-04T21:05:00": MAY,
    "2016-05-04T21:05:00Z": MAY,
    "2016-05-04T21:05:00+01:00": MAY,
    "2016-05-04 21:05": MAY,
    "2016-05-04 00:00:00.000": MAY,
    "2016-05-04 21:05:00 UTC": MAY,
    "2016-05-04 9:05 PM": MAY,
    "04/05/2016": MAY,
    "4/5/2016": MAY,
    "04/05/2016 21:05": MAY,
    "04/05/2016 00:00:00": MAY,
    "04/05/2016 9:05 PM": MAY,
    "04/05/2016 Zebediah rang": MAY,
    "2016-05-04 (Zebediah rang)": MAY,
    "42494": MAY,
    "42494.0": MAY,
    "42494.878472": MAY,
    "42494.": MAY,
    "042494": MAY,
    "+42494": MAY,
    "4.2494E+04": MAY,
    "20000": date(1954, 10, 3),
    "80000": date(2119, 1, 11),
    "19999": None,
    "80001": None,
    "2016-02-30": None,
    "31/04/2016": None,
    "0000-00-00": None,
    "2016-05": None,
    "04/05/16": MAY,
    "05-04-2016": date(2016, 4, 5),
    "4 May 2016": MAY,
    "2016/05/04": MAY,
    "4.5.2016": MAY,
    "04-May-16": MAY,
    "May 4th, 2016": MAY,
    "Wednesday, 4 May 2016": MAY,
    "2016-05-03T23:30:00Z": MAY,
    "May 2016": None,
    "4 Mayhem 2016": None,
    "20160504": MAY,
    "04052016": MAY,
    "20161304": None,
    "04052116": None,
    "2016050": None,
    "2016-05-04+01:00": MAY,
    "2016-05-04-05:00": MAY,
    "2016-05-04 Z": MAY,
    "soon": None,
}
# Words behind a date are meant for a reader of the return; a cell of a form is a date or it is none.
WORDS_BEHIND = ("04/05/2016 Zebediah rang", "2016-05-04 (Zebediah rang)")
MOMENTS: dict[str, str | None] = {
    "2016-05-04T21:05:00": "2016-05-04 21:05:00",
    "2016-05-04T21:05:00Z": "2016-05-04 21:05:00",
    "2016-05-04T21:05:00+01:00": "2016-05-04 20:05:00",
    "2016-05-04 21:05:00.250": "2016-05-04 21:05:00.25",
    "2016-05-04 9:05 PM": "2016-05-04 21:05:00",
    "4 May 2016 21:05": "2016-05-04 21:05:00",
    "2016-05-04 21:05": "2016-05-04 21:05:00",
    "2016-05-04 21:05:00 UTC": "2016-05-04 21:05:00",
    "04/05/2016 21:05": "2016-05-04 21:05:00",
    "04/05/2016 21:05:30": "2016-05-04 21:05:30",
    "2016-05-04": "2016-05-04 00:00:00",
    "04/05/2016": "2016-05-04 00:00:00",
    "42494.878472222": "2016-05-04 21:05:00",
    "4.2494E+04": "2016-05-04 00:00:00",
    "2016-05-04T25:00:00": None,
    "04/05/2016 Zebediah rang": None,
    "soon": None,
}
# Of two days in a cell nobody can say which is meant.
TWO_DAYS = (
    "04/05/2016 and 06/05/2016", "04/05/2016-06/05/2016", "2016-05-04/2016-05-06", "2016-05-04 or 05/05/2016",
    "4 May 2016 to 6 May 2016", "May 4, 2016; May 6, 2016", "04.05.16, 06.05.16", "04/05/2016 (was 03/05/2016)",
    "04-May-2016 06-May-2016", "04/05-06/05/2016", "28/02-01/03/2016", "4-6/05/2016", "4-6/5/16", "04-06/05/2016",
    "2016-05-04-06", "2016-05-04/06", "2016-05-04 / 06", "04/05/2016 to 6/5", "04/05/2016 (06/05)",
    "04/05/2016 (6th May)", "04.05.2016, 06.05.2016", "4 May 2016 (June 6)", "04/05/2016-6/5",
)  # fmt: skip
# A period of one day is of that day; no time on the clock is so far from UTC.
PERIODS = (
    "04/05/2016 09:00-17:00", "2016-05-04 22:00-23:00", "2016-05-04 14:00-15:30", "04-05-2016 12:30-13:30",
    "04/05/2016 09:00-11:00", "04/05/2016 09:00 - 11:00", "04/05/2016 9.30", "04/05/2016 9:30am",
)  # fmt: skip
# By the clock of London, as a time without a zone is.
LOCAL: dict[str, str | None] = {
    "2016-05-04T23:05:00Z": "2016-05-05 00:05:00",
    "2016-05-04T23:05:00+01:00": "2016-05-04 23:05:00",
    "2016-05-04T23:05:00-05:00": "2016-05-05 05:05:00",
    "2016-05-04 23:05:00 UTC": "2016-05-05 00:05:00",
    "2016-12-04T23:05:00Z": "2016-12-04 23:05:00",
    "04/05/2016 23:05": "2016-05-04 23:05:00",
    "2016-05-04 22:00-23:00": None,
    "2016-05-04 09:00-11:00": None,
}
MONTHS: dict[str, date | None] = {
    "2012-04": date(2012, 4, 1),
    " 2012-04 ": date(2012, 4, 1),
    "2012-4": date(2012, 4, 1),
    "2012-13": None,
    "04/2012": None,
    "April 2012": None,
} | {text: None if day is None else day.replace(day=1) for text, day in DATES.items() if text != "2016-05"}
NUMBERS: dict[str, float | None] = {
    "7": 7.0,
    "7.0": 7.0,
    " 7 ": 7.0,
    "-7": -7.0,
    "7e2": 700.0,
    "1_000": 1000.0,
    "0.33333333333333333333333333333333333": 1 / 3,
    "1,000": None,
    "seven": None,
    "NaN": None,
    "1e999": None,
}
FLAGS: dict[str, str | None] = {
    **dict.fromkeys(("1", "1.0", "true", "TRUE", "t", "yes", "Yes", "a) Yes", "y", "x", "X", "checked"), "true"),
    **dict.fromkeys(("1 - Yes", "1: Yes", "1) Yes", "Y - Yes", "(a) Yes", "a. yes", "Yes ", "yes.", "YES"), "true"),
    **dict.fromkeys(("0", "0.0", "false", "f", "no", "No", "b) No", "n", "unchecked", "n\u00a0"), "false"),
    **dict.fromkeys(("0 - No", "2 - No", "2) No", "N: No", "b.No"), "false"),
    **dict.fromkeys(("c) Unknown", "unknown", "Not known", "3) not recorded", "N/K"), "unknown"),
    **dict.fromkeys(("perhaps", "Zebediah", "1 - No", "0) Yes", "1) No", "Yes/No", "Y/N", "yes and no"), None),
    **dict.fromkeys(("not yes", "No - Zebediah says yes", "2", "10", "n) Yes", "no yes"), None),
}
# What word processors, spreadsheets and web pages make of a label; the first way is as the catalogue has it.
WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": lambda text: text,
    "capitals": str.upper,
    "en dashes": lambda text: text.replace("-", "\u2013"),
    "em dashes": lambda text: text.replace("-", "\u2014").replace("\u2013", "\u2014"),
    "hyphens": lambda text: text.replace("\u2013", "-"),
    "hyphens that do not break": lambda text: text.replace("-", "\u2011").replace("\u2013", "\u2011"),
    "minus signs": lambda text: text.replace("-", "\u2212"),
    "curly apostrophes": lambda text: text.replace("'", "\u2019"),
    "straight apostrophes": lambda text: text.replace("\u2019", "'").replace("\u2018", "'"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "narrow spaces": lambda text: text.replace(" ", "\u202f"),
    "a tab": lambda text: text.replace(" ", "\t", 1),
    "line separators": lambda text: text.replace(" ", "\u2028"),
    "more spaces": lambda text: f"  {text.replace(' ', '   ')} ",
    # No list has a code q, so that it can be nothing but the letter of a list.
    "a letter of a list": lambda text: f"q) {text}",
}
SERVICES = ("north star", " North\u00a0 Star ", "NORTH\u202fSTAR", "North\tStar", "North\u2028Star", "North\x0bStar")

CODE_LISTS = sorted(load_returns().codes)
KINDS = {"day": "date", "moment": "datetime", "month": "date", "number": "number", "whole": "integer", "flag": "flag"}


@pytest.fixture(scope="module")
def place():
    """Landing by seeds with one record more, which has a field of every kind and of every list of codes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds = returns_seeds_in(folder / "seeds")
        with (seeds / "record_type.csv").open("a", encoding="utf-8") as handle:
            handle.write("everything,disabled_team,99,A record of every kind,,everything,\n")
        with (seeds / "return_field.csv").open("a", encoding="utf-8") as handle:
            handle.write("everything,1,child_key,child_number,child_id,,true,pseudonym\n")
            for number, (field, kind) in enumerate(KINDS.items(), start=2):
                storage = "month" if field == "month" else "store"
                handle.write(f"everything,{number},{field},field_{field},{kind},,false,{storage}\n")
            for number, code_list in enumerate(CODE_LISTS, start=50):
                handle.write(f"everything,{number},list_{code_list},list_{code_list},code,{code_list},false,store\n")
        ready = ReturnLanding(folder, load_returns(seeds))
        yield ready
        ready.con.close()


def stored(place: ReturnLanding, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str | None]]:
    """What is stored of texts, column by column, when they come as a delivery."""
    place.empty()
    names = [one.source_name for one in place.returns.fields("everything")]
    fields = [one.field_id for one in place.returns.fields("everything")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for number, cells in enumerate(zip_longest(*columns.values(), fillvalue=""), start=1):
        row = dict(zip(columns, cells, strict=True)) | {"child_key": f"XJ77K{number}"}
        writer.writerow([row.get(field, "") for field in fields])
    result = place.land("social_care/999/local/everything.csv", out.getvalue())
    assert (result.status, result.rejected_lines) == ("landed", 0), result.reason
    rows = place.rows(f"select {', '.join(columns)} from raw.everything order by landed_row_id")
    texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
    return {name: [row[at] for row in texts[: len(columns[name])]] for at, name in enumerate(columns)}


def assert_alike(place: ReturnLanding, field: str, expected: Mapping[str, object], sql: str) -> None:
    """What is meant by texts is what staging reads in them, as delivered and as landing stored them."""
    texts = list(expected)
    kept = stored(place, {field: texts})[field]
    found = dict(zip(texts, zip(read(sql, texts), read(sql, kept), strict=True), strict=True))
    assert {text: of_both for text, of_both in found.items() if of_both != (expected[text],) * 2} == {}
    assert not [text for text in kept if text and "Zebediah" in text]


def test_a_date_of_a_return(place):
    assert_alike(
        place, "day", DATES | dict.fromkeys(TWO_DAYS) | dict.fromkeys(PERIODS, MAY), macro("try_one_date", "cell")
    )
    assert read(macro("try_date", "cell"), list(DATES)) == list(DATES.values())


def test_a_moment_of_a_return(place):
    told = {text: moment for text, moment in MOMENTS.items() if not text.endswith(("Z", "C", "+01:00"))}
    assert_alike(place, "moment", told | LOCAL, f"({macro('try_local_timestamp', 'cell')})::varchar")
    assert read(f"({macro('try_timestamp', 'cell')})::varchar", list(MOMENTS)) == list(MOMENTS.values())


@pytest.mark.parametrize("field", ["number", "whole"])
def test_a_number_of_a_return(place, field):
    assert_alike(place, field, NUMBERS, macro("try_number", "cell"))


def test_a_flag_of_a_return(place):
    assert_alike(place, "flag", FLAGS, code_sql(field_of(place, "flag")))


def test_a_month_of_birth_of_a_return_and_of_a_form(place, tmp_path):
    texts = list(MONTHS)
    found = dict(zip(texts, read(macro("try_month", "cell"), stored(place, {"month": texts})["month"]), strict=True))
    assert {text: month for text, month in found.items() if month != MONTHS[text]} == {}
    of_forms = dict(zip(texts, form_cells(tmp_path, "date_of_birth", texts), strict=True))
    expected = {
        text: "?" if month is None or text in WORDS_BEHIND else f"{month:%Y-%m}" for text, month in MONTHS.items()
    }
    assert {text: month for text, month in of_forms.items() if month != expected[text]} == {}


def form_cells(folder: Path, code: str, texts: Sequence[str]) -> list[str | None]:
    """What is stored of texts in one column of an intake form."""
    rows = [record(number) for number, _ in enumerate(texts, start=1)]
    for row, text in zip(rows, texts, strict=True):
        row[header().index(code)] = text
    with landing(folder) as ready:
        assert ready.land("a.csv", table([header(), *rows])).rows_landed == len(texts)
        found = ready.rows(f"select intake_admin_{code} from raw.insights_intake order by source_row")
    return [None if cell is None else str(cell) for (cell,) in found]


def test_a_date_of_a_form_and_of_an_erasure_list(tmp_path):
    texts = list(DATES)
    of_forms = dict(zip(texts, form_cells(tmp_path, "intake_date", texts), strict=True))
    expected = {text: "?" if day is None or text in WORDS_BEHIND else day.isoformat() for text, day in DATES.items()}
    assert {text: day for text, day in of_forms.items() if day != expected[text]} == {}
    with landing(tmp_path) as ready:
        rows = [["north star", f"XJ77K{number}", text] for number, text in enumerate(texts, start=1)]
        ready.land("z.csv", table([["service", "client_id", "requested_on"], *rows]))
        dates = dict.fromkeys(day for (day,) in ready.rows("select requested_on from ops.forgotten order by all"))
    assert set(dates) == set(DATES.values())


@pytest.mark.parametrize(("column", "year"), [("DECOM", 2010), ("DEC", 2019)])
def test_episodes_of_another_year_are_refused_however_the_day_is_written(place, column, year):
    """They lie in the folder of a year that they began after, or that began after they had ended."""
    refused = {}
    for text in [text for text, day in DATES.items() if day in (None, MAY) and "," not in text]:
        day = (text, "") if column == "DECOM" else ("2010-01-01", text)
        place.empty()
        rows = [episode(number, *day) for number in range(1, 4)]
        result = place.land(f"social_care/999/{year}/episodes.csv", episodes(*rows))
        refused[text] = "year of its folder" in str(result.reason)
    assert refused == {text: DATES[text] == MAY for text in refused}


def labels(place: ReturnLanding, code_list: str) -> dict[str, str]:
    """Every text of a list that means a code: its codes, their labels, and other spellings."""
    codes = place.returns.codes[code_list].values()
    found = {one.code: one.canonical_code for one in codes}
    for code in codes:
        found.setdefault(code.code_label or code.code, code.canonical_code)
    for spelling in place.returns.spellings:
        if spelling.code_list == code_list:
            found.setdefault(spelling.spelling, place.returns.codes[code_list][spelling.code].canonical_code)
    return found


def field_of(place: ReturnLanding, code_list: str) -> dict[str, object]:
    """A field with its codes as the models read them from the seeds."""
    spellings: dict[str, list[str]] = {}
    for one in sorted(place.returns.spellings, key=lambda one: one.spelling):
        if one.code_list == code_list:
            spellings.setdefault(one.code, []).append(one.spelling)
    return {
        "codes": [
            {
                "code": one.code,
                "canonical_code": one.canonical_code,
                "spellings": ([one.code_label] if one.code_label else []) + spellings.get(one.code, []),
            }
            for one in sorted(place.returns.codes[code_list].values(), key=lambda one: one.code)
        ]
    }


def code_sql(field: dict[str, object]) -> str:
    """The canonical code that staging finds in `cell`."""
    codes = ", ".join(macro("text_literal", code["canonical_code"]) for code in field["codes"])  # type: ignore[attr-defined]
    return f"([{codes}])[abs(nullif({macro('code_position', 'cell', field)}, 0))]"


def test_a_code_of_a_return_however_its_label_is_typed(place):
    # All ways at once: what costs time is a statement.
    delivered = {name: [way(text) for way in WAYS.values() for text in labels(place, name)] for name in CODE_LISTS}
    kept = stored(place, {f"list_{name}": texts for name, texts in delivered.items()})
    lost: dict[tuple[str, str], object] = {}
    for name in CODE_LISTS:
        meant = list(labels(place, name).values()) * len(WAYS)
        sql, texts = code_sql(field_of(place, name)), delivered[name]
        found = zip(read(sql, [text.strip() for text in texts]), read(sql, kept[f"list_{name}"]), strict=True)
        of_both = zip(texts, meant, found, strict=True)
        lost |= {(name, text): both for text, code, both in of_both if both != (code, code)}
    assert lost == {}


@pytest.mark.parametrize("way", [way for way in WAYS if way != "a letter of a list"])
def test_an_answer_of_a_form_however_its_label_is_typed(way: str) -> None:
    catalogue = load_catalogue()
    lost: dict[tuple[str, str], object] = {}
    for name, options in catalogue.options.items():
        spellings = {text: one.option_code for one in options for text in (one.option_label, one.option_code)}
        texts = [one.option_label for one in options]
        found = read(macro("choice_code", "cell", spellings), [WAYS[way](text) for text in texts])
        lost |= {(name, text): code for text, code, one in zip(texts, found, options, strict=True)
                 if code != one.option_code}  # fmt: skip
    assert lost == {}


def test_a_service_is_one_however_its_spaces_are_typed(tmp_path):
    rows = [record(1) for _ in SERVICES]
    for row, text in zip(rows, SERVICES, strict=True):
        row[header().index("service")] = text
    with landing(tmp_path) as ready:
        ready.land("a.csv", table([header(), *rows]))
        found = ready.rows(
            "select distinct intake_admin_client_id is null, intake_admin_service from raw.insights_intake"
        )
    assert found == [(False, "NORTH STAR")]


# What no table thought of: days and labels put together at random.
DAYS = st.dates(date(1955, 1, 1), date(2100, 1, 1))
TAILS = st.sampled_from(
    ["", " ", "T00:00:00", " 00:00", " 23:59:59", "T09:30:00Z", "T09:30+01:00", " noon", " 9.30", "Z"]
)
MARKS = st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y/%m/%d", "%d %b %Y", "%Y%m%d", "%Y-%m"])


def a_day(day: date, written: str, tail: str, before: str) -> str:
    return before + day.strftime(written) + tail


@BUDGET
@given(st.lists(st.builds(a_day, DAYS, MARKS, TAILS, st.sampled_from(["", " ", "\u00a0"])), min_size=1, max_size=40))
def test_days_put_together_at_random(place, texts):
    kept = stored(place, {"day": texts, "moment": texts, "month": texts})
    for field, name in (("day", "try_one_date"), ("moment", "try_local_timestamp")):
        assert read(macro(name, "cell"), kept[field]) == read(macro(name, "cell"), texts)
    days = read(macro("try_date", "cell"), texts)
    months = read(macro("try_month", "cell"), kept["month"])
    for text, day, month in zip(texts, days, months, strict=True):
        if day is not None:
            assert month == day.replace(day=1), text  # type: ignore[attr-defined]
