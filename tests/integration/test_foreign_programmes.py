"""Programmes that are not the sample's, from `insights init` to the release, with every command; run by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import foreign_programmes as foreign
from tests.support.leaks import leaks, sample_words
from tests.support.own_programme import OwnProgramme
from tests.support.pdf_text import page_texts, squeezed

pytestmark = pytest.mark.by_hand

# Of the sample's words those that can be nothing else among the bytes of compiled SQL and records of runs.
_OWN_LENGTH = 8


def page_one(place: OwnProgramme, report: str, *needed: str) -> None:
    """Print the first page of a report of the public side, and look for what it has to say."""
    text = page_texts((place.release / "public" / "report" / report).read_bytes())[0].replace("\u2060", "")
    print(f"\n--- {report}, page one\n{re.sub(r' +', ' ', text)}\n---")
    for words in needed:
        assert squeezed(words) in squeezed(text), words


def nothing_of_others(place: OwnProgramme) -> None:
    """No word of the sample in the release, and none of it or of a child's in what else the runs have made."""
    assert leaks(place.release, [*sample_words(), *foreign.SECRETS]) == []
    words = [word for word in sample_words() if len(word) >= _OWN_LENGTH and not word.replace(",", "").isdigit()]
    assert len(words) > 40
    assert place.home_files_with([*words, *foreign.SECRETS]) == []


def test_two_services_and_forty_clients(tmp_path: Path) -> None:
    place = OwnProgramme(tmp_path / "place")
    assert "-raw (put the exports here)" in place.insights("init", str(place.programme), "--name", foreign.NETWORK)
    foreign.write_exports(place.raw)
    assert "holds together: 0 rows of its own" in place.insights("catalogue", "--check")
    files = [str(path) for path in sorted(place.raw.rglob("*.*"))]
    tried = place.insights("try", *files)
    assert re.search(r"column \d+ is not understood", tried)
    assert "43 of undeclared services" in tried

    # Nobody is declared yet, so nobody can be erased either; then both are, and a list of the erased is a load.
    assert "No services are declared, so nothing is published" in place.insights("run", code=1)
    assert "No services are declared" in place.insights("services")
    assert "none yet: `insights run` makes one" in place.insights("status")
    place.write("services.csv", foreign.TWO_SERVICES)
    place.say(
        publisher=f'"{foreign.PUBLISHER}"',
        contact=f'"{foreign.CONTACT}"',
        next_release=f'"{foreign.NEXT_RELEASE}"',
        final_to="2025-03-31",
    )
    first = place.insights("run", code=3)
    assert "6 forms of services that are not declared" in first
    assert f"`{foreign.ETHNICITY}` was not understood" in first
    assert not {"QUA", "Quay"} & set(re.findall(r"\w+", first)), "what stands in the cell is in the file only"
    earlier = place.release.name
    for command in ("status", "loads", "check", "services"):
        said = place.insights(command)
        assert not re.search("|".join([*foreign.SECRETS, "Quay"]), said, re.IGNORECASE), command
    assert "unknown_answer__intake_referral_route" in place.insights("check")

    # All that was told is mended, as docs/programme.md says.
    place.write("services.csv", foreign.THREE_SERVICES)
    place.write("catalogue/wording.csv", foreign.WORDING)
    place.write("catalogue/option.csv", foreign.OPTION)
    place.write("mappings/ignored.csv", f"form_id,header\nintake,{foreign.PETS}\n")
    assert "holds together: 2 rows of its own" in place.insights("catalogue", "--check")
    assert "(new)" in place.insights("run")
    assert place.release.name != earlier
    assert "Nothing new" in place.insights("run")
    assert "0 not as published" in place.insights("verify")
    assert "Quay Row" in place.insights("services")
    assert "exposure" in place.insights("explain", "exposure_supported", "--row", "1")
    assert earlier in place.insights("diff", earlier)
    written = place.insights("report", "--service", "STI").split()
    assert all(Path(path).is_file() for path in written if path.startswith("/")), written
    assert "1 client forgotten; 3 rows emptied" in place.insights("forget")

    of_all = (foreign.NETWORK, foreign.PUBLISHER, foreign.CONTACT, foreign.NEXT_RELEASE)
    page_one(place, "insights-2025.pdf", *of_all, "all services")
    page_one(place, "insights-2025-brw.pdf", *of_all, foreign.BRIGHTWATER)
    page_one(place, "insights-2025-sti.pdf", *of_all, foreign.ST_IVES)
    assert place.rows("select count(*) from marts.form_disposition where disposition = 'erased'") == [(3,)]
    nothing_of_others(place)


def test_an_authority_with_returns_only(tmp_path: Path) -> None:
    place = OwnProgramme(tmp_path / "place")
    place.insights("init", str(place.programme), "--name", foreign.AUTHORITY, "--no-forms", "--returns")
    foreign.write_returns(place.raw)
    place.write("authorities.csv", foreign.AUTHORITIES)
    place.say(
        publisher=f'"{foreign.GUARDIANS}"', contact=f'"{foreign.CONTACT}"', next_release=f'"{foreign.NEXT_RELEASE}"'
    )
    assert "holds together" in place.insights("catalogue", "--check")
    tried = place.insights("try", *(str(path) for path in sorted(place.raw.rglob("*.*"))))
    assert tried.count(" of authority ") == 5
    told = place.insights("run")
    assert "Children in need census" in told
    assert "Years " not in told, "nothing of forms"
    assert "client_age" not in told
    for command in ("status", "loads", "check", "services", "forget"):
        assert not re.search("|".join(foreign.SECRETS), place.insights(command), re.IGNORECASE), command
    assert "Nothing new" in place.insights("run")
    assert "0 not as published" in place.insights("verify")
    assert "CIN census 2025.xml" in place.insights("explain", "referral_rate", "--period", "2025")
    written = place.insights("report", "--area", foreign.AUTHORITY_CODE).split()
    assert any(path.endswith(".pdf") for path in written), written
    (report,) = (place.release / "public" / "report").glob("*.pdf")
    page_one(place, report.name, foreign.AUTHORITY, foreign.GUARDIANS, foreign.CONTACT, foreign.NEXT_RELEASE)
    assert place.rows("select count(*) from marts.fct_referral") == [(240,)]
    assert not place.rows("select 1 from marts.fct_intake limit 1")
    nothing_of_others(place)
