"""Two thousand canaries in forms, returns and broken files, looked for in every byte that is written.

In clear they are nowhere at any time. The pseudonyms of those who are forgotten, or of whose forms consent is
withdrawn, are in the warehouse and in the release before, and nowhere after, the file of decisions included: what it
keeps is another hash.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.commands.forget import Asking, Whom, forget
from orchestration.decisions import CHILD
from orchestration.landing.pseudonym import DEVELOPMENT_KEY, PseudonymKey
from orchestration.settings import Settings
from tests.support.everywhere import hits
from tests.support.returns import census, child, need
from tests.support.small_home import fill
from tests.support.whole_runs import Home

pytestmark = pytest.mark.by_hand

CANARY = "CANARY"
FORGOTTEN, WITHDRAWN, CHILDREN, BROKEN = 1_000, 200, 400, 400
KEY = PseudonymKey(DEVELOPMENT_KEY.encode(), is_development=True)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str.lower,
    lambda text: f" {text.replace('-', ' ')} ",
    lambda text: "\u200b".join(text),
    lambda text: f'="{text}"',
    lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text),
)


def rewrite(folder: Path) -> list[str]:
    """Put a canary in the place of the ids of so many clients of every file; the clients of BEACON among them."""
    files = {
        path: list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for path in sorted(folder.glob("*.csv"))
    }
    named: dict[str, str] = {}
    for rows in files.values():
        place = {name: number for number, name in enumerate(rows[0])}
        for row in rows[1:]:
            if len(row) != len(rows[0]) or not row[place["client_id"]].strip():
                continue
            folded = "".join(filter(str.isalnum, row[place["client_id"]])).upper()
            if folded in named or len(named) < FORGOTTEN + WITHDRAWN:
                row[place["client_id"]] = named.setdefault(folded, f"{CANARY}-F-{len(named) + 1:04d}")
                for name in ("submission_id", "case_reference"):
                    row[place[name]] = f"{CANARY}-{name}-{row[place[name]]}" if row[place[name]] else ""
    for path, rows in files.items():
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows)
    return list(named.values())


def later_versions(folder: Path, clients: set[str], change: Callable[[dict[str, str]], None], suffix: str) -> None:
    """Files with the forms of some clients once more, each changed."""
    for path in sorted(folder.glob("*_h?.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [row for row in reader if row["client_id"] in clients]
            names = list(reader.fieldnames or [])
        for row in rows:
            change(row)
        if rows:
            with path.with_name(f"{path.stem}_{suffix}.csv").open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, names)
                writer.writeheader()
                writer.writerows(rows)


def refuse(row: dict[str, str]) -> None:
    row["consent"] = "no"
    for name in ("submitted_at", "edited_at"):
        row[name] = "2025-06-01T00:00:00Z" if name in row else ""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    one = Home(tmp_path)
    fill(one)
    return one


def settings_of(home: Home) -> Settings:
    assert home.programme is not None
    return Settings(home.home, home.raw, "sample", home.programme)


def test_who_is_forgotten_is_in_no_byte(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INSIGHTS_PSEUDONYM_KEY", raising=False)
    folder = home.raw / "insights" / "beacon"
    clients = rewrite(folder)
    assert len(clients) == FORGOTTEN + WITHDRAWN
    returns = home.raw / "social_care" / "999" / "2017"
    returns.mkdir(parents=True)
    children = [f"{CANARY}R{number:04d}" for number in range(CHILDREN)]
    told = "".join(
        child(7, details=need()).replace("XJ77K7<", f"{one}<").replace("A999XJ77K0007", "") for one in children
    )
    (returns / "census.xml").write_text(census(told))
    broken = [f"{CANARY}B{number:04d},{number}" for number in range(BROKEN)]
    (folder / "no_header.csv").write_text("\n".join(broken[:200]))
    (returns / "cut.xml").write_text(
        census("".join(child(7).replace("XJ77K7<", f"{one}<") for one in broken[200:]))[:-40]
    )
    first = home.run()
    assert first.returncode in (0, 3), first.stdout[-3000:]

    def keys_of(service: str, names: list[str]) -> set[str]:
        found = {KEY.pseudonym("client", service, one) for one in names} | {
            KEY.exact_pseudonym("client", service, one) for one in names
        }
        return {str(one) for one in found if one}

    keys = keys_of("BEACON", clients) | keys_of("QUILLFEATHER", clients)
    with home.warehouse() as con:
        of_children = {str(key) for (key,) in con.execute("select distinct child_key from raw.cin_child").fetchall()}
    assert len(of_children) == CHILDREN
    before = hits(home.home, CANARY, keys | of_children)
    assert not any(CANARY in what for what in before.values())
    seen = set().union(*before.values())
    print(f"\nbefore: {len(seen):,} keys of {len(clients):,} clients and {CHILDREN} children, in {len(before)} places")
    assert len(seen) > FORGOTTEN + CHILDREN

    gone = set(clients[:FORGOTTEN])
    listed = "".join(f"{service},{one},2025-01-01\n" for one in sorted(gone) for service in ("Beacon", "Quillfeather"))
    (home.raw / "erasure_requests.csv").write_text(f"service,client_id,requested_on\n{listed}")
    withdrawn = set(clients[FORGOTTEN:])
    later_versions(folder, withdrawn, refuse, "withdrawn")
    settings = settings_of(home)
    for one in children:
        monkeypatch.setattr(sys, "stdin", io.StringIO(one + "\n"))
        forget(settings, Whom(CHILD, "999"), Asking(False, input), by="Ada", reason="a show", is_sure=True)
    for number, spelling in enumerate(SPELLINGS):

        def again(row: dict[str, str], spelling: Callable[[str], str] = spelling, number: int = number) -> None:
            row["client_id"] = spelling(row["client_id"])
            if row["client_id"].lower().startswith("canary") and number == 0:
                row["submission_id"] = spelling(row["submission_id"])

        later_versions(folder, gone | withdrawn, again, f"again{number}")
        spelt = "".join(
            child(7).replace("XJ77K7<", f"{spelling(one).replace(chr(34), '&quot;')}<").replace("A999XJ77K0007", "")
            for one in children
        )
        (returns / f"again{number}.xml").write_text(census(spelt))
    second = home.run()
    print(second.stdout[-2500:])
    assert second.returncode in (0, 3), second.stdout[-3000:]
    after = hits(home.home, CANARY, keys | of_children)
    decisions = (home.home / "decisions.jsonl").read_text().splitlines()
    with home.warehouse() as con:
        landed = [
            con.execute(
                f"select count(*), count(*) filter (not is_erased) from raw.insights_{form_id} "
                "where source_file like '%again%'"
            ).fetchall()[0]
            for form_id in ("intake", "review", "exit")
        ]
        records = con.execute("select count(*) from raw.cin_child").fetchall()
        free = con.execute("select free_blocks, total_blocks from pragma_database_size()").fetchall()
    print(f"after: {len(after)} places; {len(decisions):,} lines of decisions; free blocks {free}")
    print(f"delivered again and kept: forms {landed}, children {records}")
    assert after == {}
    assert [kept for _, kept in landed] == [0, 0, 0]
    assert records == [(0,)]
    assert free[0][0] == 0
    assert all(json.loads(line)["kind"] != "birth_month" for line in decisions)
