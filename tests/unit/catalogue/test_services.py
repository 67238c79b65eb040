"""The list of services: what it means, and the sentence for what is wrong with it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from catalogue.services import Services, ServicesError, file_name, read_services
from tests.support.paths import ROOT

HEAD = "code,name,spellings,region,from,to,became\n"


def read(folder: Path, text: str | bytes) -> Services:
    path = folder / "services.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_services(path)


def test_a_list_with_remarks_histories_and_days(tmp_path):
    services = read(
        tmp_path,
        "# who takes part\n" + HEAD + 'oak,"Oak, the House",Oak; Oak Hse.,North,2021-04-01,31/03/2023,wood\n\n'
        "elm,Elm,,,,2023-03-31,wood\nwood,Women\u2019s Wood,Womens Wood,,2023-04-01,,forest\n"
        "forest,Forest,,,,,\n,,,,,,\n",
    )
    assert [service.code for service in services.declared] == ["oak", "elm", "wood", "forest"]
    oak = services.by_code["oak"]
    assert (oak.name, oak.spellings, oak.region, oak.line) == ("Oak, the House", ("Oak", "Oak Hse."), "North", 3)
    assert (oak.first_day, oak.last_day, oak.became) == (date(2021, 4, 1), date(2023, 3, 31), "wood")
    assert services.last("elm").code == "forest"
    for text in ("OAK hse", " oak,  the house", "elm", "women's wood", "Womens\u00a0Wood", "wood", "forest\u200b"):
        assert services.code_of(text) == "forest", text
    assert services.code_of("oaks") is None
    assert services.code_of("") is None
    assert [one.code for one in services.nearest("Women's Woods")] == ["forest"]


def test_no_file_and_an_empty_one_declare_nothing(tmp_path):
    assert not read_services(tmp_path / "services.csv")
    assert not read(tmp_path, "")
    assert not read(tmp_path, "# nothing yet\n" + HEAD)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_a_spreadsheet_saves_is_read(tmp_path, encoding):
    text = (HEAD + "zoe,Zo\u00eb\u2019s House,,,,,\n").replace("\n", "\r\n")
    assert read(tmp_path, text.encode(encoding)).by_code["zoe"].name == "Zo\u00eb\u2019s House"


LONG = "A" * 300

WRONG = {
    "spellings that overlap": ("a,Oak,,,,,\nb,Elm,OAK.,,,,\n", ["Line 3", "`OAK.`", "line 2"]),
    "a name that is another's code": ("oak,Tree,,,,,\nb,Oak,,,,,\n", ["Line 3", "line 2"]),
    "from after to": ("a,Oak,,,2023-04-01,2022-03-31,\n", ["Line 2", "2023-04-01", "after it ends on 2022-03-31"]),
    "no day": ("a,Oak,,,soon,,\n", ["Line 2", "`from`", "2023-04-01"]),
    "each became the other": ("a,Oak,,,,,b\nb,Elm,,,,,a\n", ["Line 2", "a which became b which became a", "circle"]),
    "it became itself": ("a,Oak,,,,,a\n", ["Line 2", "circle"]),
    "a circle of three behind one": ("x,Ash,,,,,a\na,Oak,,,,,b\nb,Elm,,,,,c\nc,Fir,,,,,a\n", ["Line 3", "circle"]),
    "it became nobody": ("wood,Oak,,,,,wod\nwood1,Elm,,,,,\n", ["Line 2", "wod, which no line", "did you mean wood1?"]),
    "doubled code": ("a,Oak,,,,,\na,Elm,,,,,\n", ["Line 3", "the same code as line 2"]),
    "codes of one file name": ("a-b,Oak,,,,,\nA B,Elm,,,,,\n", ["Line 3", "same file name", "line 2"]),
    "a code for no file": ("../a,Oak,,,,,\n", ["Line 2", "its code must be"]),
    "a long code": (f"{LONG},Oak,,,,,\n", ["Line 2", "1 to 60"]),
    "a code for all": ("all_services,Oak,,,,,\n", ["Line 2", "all services together"]),
    "a name for all": ("a,Total,,,,,\n", ["Line 2", "another name"]),
    "no name": ("a,,,,,,\n", ["Line 2", "no name"]),
    "a name of nothing": ("a,...,,,,,\n", ["Line 2", "no name"]),
    "a spelling of nothing": ("a,Oak,Elm;.,,,,\n", ["Line 2", "no letter or digit"]),
    "what cannot be printed": ("a,Oak\u200b,,,,,\n", ["Line 2", "cannot be printed"]),
    "open quotes": ('a,"Oak,,,,,\n', ["Line 2", "quotation marks"]),
    "too many cells": ("a,Oak, the House,,,,,,x\n", ["Line 2", "more cells than columns"]),
}


@pytest.mark.parametrize("rows", list(WRONG))
def test_what_is_wrong_is_told_with_its_line(tmp_path, rows):
    text, told = WRONG[rows]
    with pytest.raises(ServicesError) as error:
        read(tmp_path, HEAD + text)
    for part in [*told, "services.csv", "Nothing was done"]:
        assert part in str(error.value)


@pytest.mark.parametrize(
    "text", ["a,Oak,,,,,\n", "code;name;spellings;region;from;to;became\n", "code,name\n", HEAD.replace("became", "x")]
)
def test_other_columns_are_told(tmp_path, text):
    with pytest.raises(ServicesError, match=r"Line 1: .*code,name,spellings,region,from,to,became"):
        read(tmp_path, text)


def test_what_is_no_text_is_told(tmp_path):
    with pytest.raises(ServicesError, match="CSV in UTF-8"):
        read(tmp_path, (HEAD + "a,Oak,,,,,\n").encode("utf-16"))
    with pytest.raises(ServicesError, match="larger than a megabyte"):
        read(tmp_path, HEAD + "#" * 1_000_001)


def test_many_faults_are_not_all_listed(tmp_path):
    with pytest.raises(ServicesError) as error:
        read(tmp_path, HEAD + "".join(f"a{place},,,,,,\n" for place in range(20)))
    assert str(error.value).count("\n- ") == 6
    assert "15 more" in str(error.value)


def test_a_name_of_300_characters_blocks_nothing_and_names_no_file(tmp_path):
    services = read(tmp_path, HEAD + f"a,{LONG},,,,,\n")
    assert services.code_of(LONG.lower()) == "a"
    assert len(services.proposed_code(LONG)) <= 40


def test_a_proposed_code_is_nobody_elses(tmp_path):
    services = read(tmp_path, HEAD + "womens-aid,Other,,,,,\nservice,Third,,,,,\n")
    proposed = [
        services.proposed_code(name) for name in ("Women\u2019s Aid", "\u6771\u4eac", "Total", "Caf\u00e9 & Co.")
    ]
    assert proposed == ["womens-aid-2", "service-2", "total-2", "cafe-and-co"]
    for code in proposed:
        assert read(tmp_path, HEAD + f"{code},Name,,,,,\n")
    assert file_name("FERN HOUSE") == "fern-house"


def test_the_fingerprint_changes_with_what_a_cell_means_and_not_with_a_name(tmp_path):
    one = read(tmp_path, HEAD + "a,Oak,,,,,\n")
    assert read(tmp_path, "# remark\n" + HEAD + "a,Oak,,North,2020-01-01,,\n").fingerprint() == one.fingerprint()
    assert read(tmp_path, HEAD + "a,Oak,Elm,,,,\n").fingerprint() != one.fingerprint()


def test_the_sample_declares_every_service_of_its_files():
    services = read_services(ROOT / "programmes" / "sample" / "services.csv")
    names = ["Beacon", "Fern House", "Harbour", "Kestrel", "Lantern", "Meadow Lane", "Northgate"]
    assert [services.code_of(name) for name in names] == [name.upper() for name in names]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "services.csv")
    with pytest.raises(ServicesError, match="a folder, a pipe or a device"):
        read_services(tmp_path / "services.csv")
