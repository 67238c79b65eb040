"""A home knows its key and by what it was read; what changed since is read again, and equals a home made anew."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from catalogue import folding
from orchestration.environment import write_programme
from orchestration.errors import OperatorError
from orchestration.landing import ledger, rereading
from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import KEY_VARIABLE, identifier_sql, pseudonym_sql
from orchestration.landing.rereading import READ_AGAIN
from orchestration.settings import Settings
from tests.support.forms import header, record, table

KEY = "0f4c9a7be2d18365c07fa94b1e6d2c38"
PROGRAMME = 'id = "p"\nname = "P"\npublisher = "Nobody"\nthemes = ["forms"]\nraw = "../raw"\nhome = "../home"\n'
HEAD = "code,name,spellings,region,from,to,became\n"
UNREAD = "select source_file, reason from ops.unread_load order by all"
BOTH = HEAD + "OAK,Oak,,,,,\nELM,Elm,,,,,\n"


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
        rows = []
        for number, change in enumerate(changes, start=1):
            row = record(number, form_id)
            for column, cell in {"service": "Oak", **change}.items():
                row[header(form_id).index(column)] = cell
            rows.append(row)
        path = self.folder / "raw" / name
        path.write_text(table([header(form_id), *rows]))
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
            self.rows("select * exclude (landed_at, run_id, reason, service) from ops.load order by load_seq", home),
            self.rows("select client_key, exact_key from ops.erasure order by all", home),
            self.rows("select * from ops.rejected_line order by all", home),
        ]

    def assert_like_a_home_made_anew(self) -> None:
        self.land("anew")
        assert self.content("home") == self.content("anew")


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    one = Programme(tmp_path / "programme", monkeypatch)
    one.declare(BOTH)
    one.deliver("a.csv", {}, {}, {"service": "Elm"}, {"service": "The old oak"})
    one.deliver("b.csv", {}, {"service": "Elm"}, form_id="exit")
    erased = "service,client_id,requested_on\noak,cl xj77k 1,2024-01-01\n"
    (one.folder / "raw" / "z.csv").write_text(erased)
    return one


def test_another_key_is_refused_before_anything_lands(programme):
    programme.land()
    programme.deliver("c.csv", {})
    programme.use_key(KEY[::-1])
    with pytest.raises(OperatorError, match=r"not the key that this home was made with\. Nothing was landed") as error:
        programme.land()
    assert KEY not in str(error.value)
    assert programme.rows("select count(*) from ops.load") == [(3,)]
    programme.use_key(KEY)
    programme.land()
    assert programme.rows("select count(*) from ops.load") == [(4,)]
    assert KEY not in str(programme.rows("from ops.read_by"))


def test_nothing_is_published_while_no_service_is_declared(programme):
    programme.declare("")
    programme.deliver("secret.csv", {"service": "Zebediah rang"})
    (programme.folder / "raw" / "z.csv").unlink()
    with pytest.raises(
        OperatorError, match=r"(?s)No services are declared, so nothing is published.*--declare"
    ) as error:
        programme.land()
    assert "7 forms have landed" in str(error.value).replace("\n", " ")
    assert "3 forms" in str(error.value)
    assert "Zebediah" not in str(error.value)
    programme.declare(BOTH + "old,Old Oak,The old oak,,,,\nz,Z,Zebediah rang,,,,\n")
    lines = programme.land()
    assert not any("already landed" in line for line in lines)
    assert programme.rows("select distinct reason from ops.load") == [(READ_AGAIN,)]
    programme.assert_like_a_home_made_anew()


def test_the_list_gone_missing_blocks_and_changes_nothing(programme):
    programme.land()
    before = programme.content("home")
    (programme.folder / "list" / "services.csv").unlink()
    with pytest.raises(OperatorError, match="No services are declared"):
        programme.land()
    assert programme.content("home") == before


CHANGES = {
    "declared": BOTH + "old,Old Oak,The old oak,,,,\n",
    "a spelling": BOTH.replace("OAK,Oak,", "OAK,Oak,The old oak"),
    "renamed": HEAD + "OAK,Oak,,,,,house\nhouse,Oak House,,,,,\nELM,Elm,,,,,\n",
    "merged": HEAD + "OAK,Oak,,,,,both\nELM,Elm,,,,,both\nboth,Both,The old oak,,,,\n",
    "another code": HEAD + "o,Oak,,,,,\nELM,Elm,,,,,\n",
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_a_changed_list_concerns_is_read_again_and_the_forgotten_stay_so(programme, change):
    programme.land()
    erased = programme.rows("select source_row from raw.insights_intake where is_erased")
    assert erased == [(2,)]
    programme.declare(CHANGES[change])
    programme.land()
    assert programme.rows("select source_row from raw.insights_intake where is_erased") == erased
    # A form of the forgotten that comes later, under the new code.
    programme.deliver("y.csv", {"client_id": "CL-XJ77K-1"})
    programme.land()
    assert programme.rows("select is_erased from raw.insights_intake where source_file = 'y.csv'") == [(True,)]
    programme.land("anew")
    of_a = (
        "select source_row, intake_admin_service, intake_admin_client_id, is_erased from raw.insights_intake order by 1"
    )
    assert programme.rows(of_a) == programme.rows(of_a, "anew")
    readings = programme.rows("select load_seq, count(*) from ops.reading group by all order by 1")
    assert readings[0] == (1, 2)


def test_what_is_read_again_leaves_no_trace_of_the_forgotten_in_the_file(programme):
    programme.land()
    # It lands after the list of the forgotten, and is read again before it.
    programme.deliver("c.csv", {"consent": "marker of client one"})
    programme.land()
    warehouse = programme.folder / "home" / "warehouse" / "insights.duckdb"
    assert b"marker of client one" not in warehouse.read_bytes()
    programme.declare(CHANGES["renamed"])
    programme.land()
    assert programme.rows("select count(*) from raw.insights_intake where is_erased") == [(2,)]
    assert b"marker of client one" not in warehouse.read_bytes()


def test_a_name_or_a_remark_reads_nothing_again(programme):
    programme.land()
    programme.declare("# remark\n" + BOTH.replace(",Oak,", ",Oak the First,Oak"))
    programme.land()
    assert programme.rows("select count(*) from ops.reading") == [(3,)]


def test_a_rule_of_reading_that_changed_reads_all_again(programme, monkeypatch):
    programme.land()
    for module in (folding, ledger, rereading):
        monkeypatch.setattr(module, "FOLDING_VERSION", 99)
    programme.land()
    assert programme.rows("select load_seq, count(*) from ops.reading group by all order by 1") == [
        (1, 2),
        (2, 2),
        (3, 2),
    ]
    programme.assert_like_a_home_made_anew()


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_file_that_is_gone_is_told_and_waits_for_a_decision(programme, change):
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    programme.declare(CHANGES[change])
    (told,) = [line for line in programme.land() if "could not be read again" in line]
    assert "1 load of earlier" in told
    assert "(a.csv)" in told
    assert programme.rows(UNREAD) == [("a.csv", "services")]
    # Put back, it is read, and nothing waits any more.
    programme.deliver("a.csv", {}, {}, {"service": "Elm"}, {"service": "The old oak"})
    programme.land()
    assert programme.rows(UNREAD) == []


@pytest.mark.parametrize(
    ("change", "kept"),
    [("another code", ["o"]), ("renamed", ["house"]), ("merged", []), ("a spelling", []), ("declared", [])],
)
def test_what_was_accepted_of_a_service_goes_with_its_code_unless_it_is_another_service(programme, change, kept):
    programme.land()
    ((load,),) = programme.rows("select load_id from ops.load where source_file = 'a.csv'")
    programme.rows("create table ops.check_acceptance (check_id varchar, key varchar, run_id varchar)")
    programme.rows(
        f"insert into ops.check_acceptance values ('load_volume', '{load}|OAK', 'r'), ('other', '{load}', 'r')"
    )
    programme.declare(CHANGES[change])
    programme.land()
    keys = [key for (key,) in programme.rows("select key from ops.check_acceptance where check_id = 'load_volume'")]
    # Of a spelling more, the service is the same, and holds more forms than were looked at.
    assert keys == [f"{load}|OAK", *(f"{load}|{code}" for code in kept)]


def test_an_erasure_list_that_is_gone_waits_for_a_decision(programme):
    programme.land()
    (programme.folder / "raw" / "z.csv").unlink()
    programme.declare(CHANGES["a spelling"])
    programme.land()
    assert programme.rows(UNREAD) == [], "its tombstones are as they would be made now"
    programme.declare(CHANGES["another code"])
    programme.land()
    assert programme.rows(UNREAD) == [("z.csv", "erasure")]
    # Of what it erased, the file is there: the tombstone was made anew from that.
    programme.deliver("y.csv", {"client_id": "CL-XJ77K-1"})
    programme.land()
    assert programme.rows("select is_erased from raw.insights_intake where source_file = 'y.csv'") == [(True,)]


def test_files_that_are_gone_when_a_rule_of_reading_changes_wait_for_a_decision(programme, monkeypatch):
    programme.land()
    for name in ("a.csv", "z.csv"):
        (programme.folder / "raw" / name).unlink()
    for module in (folding, ledger, rereading):
        monkeypatch.setattr(module, "FOLDING_VERSION", 99)
    programme.land()
    assert programme.rows(UNREAD) == [("a.csv", "rules"), ("z.csv", "erasure")]


PETS = (
    "question_no,question_id,form_id,section_id,question_order,question_code,question_label,answer_type,option_set,"
    "is_required,storage\n5001,intake_profile_pets,intake,intake_profile,900,pets,Pets,single,yes_no,false,store\n"
)
CATALOGUES = {
    "a question": ("question", PETS),
    "a wording": (
        "wording",
        "form_id,form_version,item_type,item_id,wording\nintake,v1,question_code,intake_profile_gender_at_birth,pets\n",
    ),
    "an option of several": (
        "option",
        "option_set,option_no,option_code,option_label,option_kind\nresidency,90,boat,Houseboat,answer\n",
    ),
}


@pytest.mark.parametrize("change", CATALOGUES)
def test_what_a_changed_catalogue_reads_otherwise_is_read_again(programme, change):
    """Landed by the catalogue before, the erasure list included; then changed: equal to a home made anew."""
    file, text = CATALOGUES[change]
    lines = [[*header(), "profile_pets"], [*record(1), "yes"], [*record(2), "no"]]
    for line in lines[1:]:
        line[header().index("service")] = "Oak"
    for line in lines if change == "a wording" else []:
        del line[header().index("profile_gender_at_birth")]
    (programme.folder / "raw" / "pets.csv").write_text(table(lines))
    programme.land()
    (programme.folder / "list" / "catalogue").mkdir()
    (programme.folder / "list" / "catalogue" / f"{file}.csv").write_text(text)
    write_programme(programme.settings())
    programme.land()
    assert READ_AGAIN in str(programme.rows("select reason from ops.load where source_file = 'pets.csv'"))
    assert programme.rows("select count(*) from ops.erasure") == [(1,)]
    programme.assert_like_a_home_made_anew()


def test_a_load_of_an_earlier_catalogue_without_its_file_waits_for_a_decision(programme):
    programme.land()
    (programme.folder / "raw" / "a.csv").unlink()
    (programme.folder / "list" / "catalogue").mkdir()
    (programme.folder / "list" / "catalogue" / "question.csv").write_text(PETS)
    write_programme(programme.settings())
    assert "could not be read again (a.csv)" in programme.land()[-1]
    assert programme.rows(UNREAD) == [("a.csv", "catalogue")]
    (programme.folder / "list" / "catalogue" / "question.csv").unlink()
    write_programme(programme.settings())
    programme.land()
    assert programme.rows(UNREAD) == []


def test_a_refused_erasure_list_blocks(programme):
    (programme.folder / "raw" / "y.csv").write_text("service,client_id,requested_on\nNowhere,1,2024-01-01\n")
    with pytest.raises(OperatorError, match=r"asked to be erased.*\n- y.csv: Row 2 names a service") as error:
        programme.land()
    assert "Nowhere" not in str(error.value)


def test_that_no_service_is_declared_is_said_before_what_follows_from_it(programme):
    programme.declare("")
    with pytest.raises(OperatorError, match="No services are declared"):
        programme.land()


def old_home(programme: Programme) -> None:
    """What version 0.2.0 left: names in clear, keys made with the name in capitals, no exact ones, no key check."""
    from orchestration.landing.pseudonym import key_from_environment

    programme.land()
    parameters = key_from_environment("sample").parameters()
    path = programme.folder / "home" / "warehouse" / "insights.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("drop table ops.read_by; drop table ops.reading; alter table ops.erasure drop column exact_key")
        for form_id, number in (("intake", 4), ("exit", 2)):
            raw = f"raw.insights_{form_id}"
            con.execute(
                f"update {raw} set {form_id}_admin_service = 'The  old oak' where {form_id}_admin_service like '?%'"
            )
            con.execute(f"update {raw} set {form_id}_admin_service = 'Oak' where {form_id}_admin_service = 'OAK'")
            for row in range(1, number + 1):
                key = pseudonym_sql(
                    "client", f"upper({form_id}_admin_service)", identifier_sql(f"'cl XJ77K {row:05d}'")
                )
                con.execute(
                    f"update {raw} set {form_id}_admin_client_id = {key} "
                    f"where source_row = {row + 1} and not is_erased",
                    parameters,
                )
            for column in ("client_id", "submission_id", "case_reference"):
                con.execute(f"alter table {raw} drop column {form_id}_admin_{column}__exact")


@pytest.mark.parametrize("listed", [BOTH, CHANGES["another code"], CHANGES["merged"]])
def test_a_home_of_before_is_carried_over_and_read_again(programme, listed):
    old_home(programme)
    programme.declare(listed)
    lines = programme.land()
    assert any("made the keys that are in it" in line for line in lines)
    assert any("forms landed before services were declared; they hold codes now" in line for line in lines)
    programme.assert_like_a_home_made_anew()


def test_a_home_of_before_knows_another_key_by_its_files(programme):
    old_home(programme)
    programme.use_key(KEY[::-1])
    with pytest.raises(OperatorError, match="not the key"):
        programme.land()


def test_a_home_of_before_without_its_files_takes_the_key_and_says_so(programme):
    old_home(programme)
    for path in (programme.folder / "raw").iterdir():
        path.unlink()
    lines = programme.land()
    assert any("could not be compared" in line for line in lines)
    assert any("have to be read again from their files" in line for line in lines)
    assert programme.rows(
        "select distinct intake_admin_service from raw.insights_intake where not is_erased order by 1"
    )[1:] == [
        ("ELM",),
        ("OAK",),
    ]


def test_a_home_of_before_waits_for_a_list(programme):
    old_home(programme)
    programme.declare("")
    with pytest.raises(OperatorError, match="landed before services were declared, and no services are declared yet"):
        programme.land()
    assert ("The  old oak",) in programme.rows("select intake_admin_service from raw.insights_intake")
