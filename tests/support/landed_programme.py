"""A programme's folder with its exports and home, as landing finds them, and whether it is like one made anew."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.settings import Settings
from tests.support.forms import header, record, table

KEY = "0f4c9a7be2d18365c07fa94b1e6d2c38"
PROGRAMME = 'id = "p"\nname = "P"\npublisher = "Nobody"\nthemes = ["forms"]\nraw = "../raw"\nhome = "../home"\n'
# Of administration and some answers. A form has ten times as many, most of what it takes to land one.
FIRST_COLUMNS = 30
HEAD = "code,name,spellings,region,from,to,became\n"
BOTH = HEAD + "OAK,Oak,,,,,\nELM,Elm,,,,,\n"
CHANGES = {
    "declared": BOTH + "old,Old Oak,The old oak,,,,\n",
    "a spelling": BOTH.replace("OAK,Oak,", "OAK,Oak,The old oak"),
    "renamed": HEAD + "OAK,Oak,,,,,house\nhouse,Oak House,,,,,\nELM,Elm,,,,,\n",
    "merged": HEAD + "OAK,Oak,,,,,both\nELM,Elm,,,,,both\nboth,Both,The old oak,,,,\n",
    "another code": HEAD + "o,Oak,,,,,\nELM,Elm,,,,,\n",
}


class Programme:
    """A raw folder, a list of services, and a home, as `insights run` finds them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        (folder / "raw").mkdir(parents=True)
        (folder / "list").mkdir()
        (folder / "list" / "programme.toml").write_text(PROGRAMME)
        self.use_key(KEY)

    def use_key(self, key: str) -> None:
        self.monkeypatch.setenv(KEY_VARIABLE, key)

    def declare(self, text: str) -> None:
        (self.folder / "list" / "services.csv").write_text(text)

    def deliver(self, name: str, *changes: dict[str, str], form_id: str = "intake") -> Path:
        names = header(form_id)[:FIRST_COLUMNS]
        rows = []
        for number, change in enumerate(changes, start=1):
            row = record(number, form_id)[:FIRST_COLUMNS]
            for column, cell in {"service": "Oak", **change}.items():
                row[names.index(column)] = cell
            rows.append(row)
        path = self.folder / "raw" / name
        path.write_text(table([names, *rows]))
        return path

    def settings(self, home: str = "home") -> Settings:
        return Settings(self.folder / home, self.folder / "raw", "sample", self.folder / "list")

    def land(self, home: str = "home") -> list[str]:
        lines: list[str] = []
        land_folder(self.settings(home), run_id="r", progress=lines.append)
        return lines

    def rows(self, sql: str, home: str = "home") -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / home / "warehouse" / "insights.duckdb")) as con:
            return con.execute(sql).fetchall()

    def columns(self, form_id: str, home: str) -> list[str]:
        rows = self.rows(f"describe raw.insights_{form_id}", home)
        return ["landed_row_id", *sorted(f'"{row[0]}"' for row in rows if row[0] != "landed_at")]

    def content(self, home: str) -> list[list[tuple[object, ...]]]:
        """All that a home holds of forms, but for when it landed. (Of a load whose clients are erased already when it
        lands, the ledger names the services of the others.)"""
        return [
            # By the names of columns: a home that has grown has them in another order.
            *(
                [
                    self.rows(f"select {', '.join(self.columns(one, home))} from raw.insights_{one} order by 1", home)
                    for one in ("intake", "exit")
                ]
            ),
            self.rows("select * exclude (landed_at, run_id, service) from ops.load order by load_seq", home),
            # Of a service that has another code now, the tombstone of before stays as well.
            self.rows("select distinct key from ops.forgotten where owner = owner_now order by all", home),
            self.rows("select * from ops.rejected_line order by all", home),
        ]

    def assert_like_a_home_made_anew(self) -> None:
        self.land("anew")
        assert self.content("home") == self.content("anew")
