"""`python -m benchmarks.census`: a children in need census landed, against the parser alone on the same file.

Three processes one after the other: lxml's iterparse counting the elements of the file, landing of that file into an
empty warehouse, and once more of a file a quarter as large, which shows whether memory grows with the file. Ratios
within one invocation mean something on a noisy machine; the times alone do not. The file is generated once.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from benchmarks.bench import HERE, measure
from orchestration.landing.folder import land_folder
from orchestration.settings import Settings

YEAR = 2017
LA_CODE = "999"
_HISTORIES = 4_000
_FACTORS = ("1B", "2A", "2B", "3B", "3A", "4A", "4B", "5A", "6B", "11A", "15A", "16A", "17A", "18A", "20")
_NEEDS = ("N1", "N1", "N1", "N2", "N3", "N4", "N5", "N6")
_SOURCES = ("1A", "2A", "3A", "3E", "5A", "6", "6", "8", "10")
_HEAD = f"""<?xml version="1.0" encoding="utf-8"?>
<Message>
<Header>
<CollectionDetails><Collection>CIN</Collection><Year>{YEAR}</Year><ReferenceDate>{YEAR}-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>{LA_CODE}</LEA><SoftwareCode>Synthetic</SoftwareCode></Source>
</Header>
<Children>
"""


def write_census(path: Path, children: int, seed: int = 1) -> None:
    """Write a census of made-up children, a block at a time. The same arguments give the same bytes."""
    rng = random.Random(seed)
    histories = [_history(rng) for _ in range(_HISTORIES)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as handle:
        handle.write(_HEAD)
        for first in range(0, children, 1_000):
            block = range(first, min(first + 1_000, children))
            handle.write("".join(_child(rng, number, histories) for number in block))
        handle.write("</Children>\n</Message>\n")


def _child(rng: random.Random, number: int, histories: list[str]) -> str:
    return (
        f"<Child>\n<ChildIdentifiers>\n<LAchildID>{1_000_000 + number * 7}</LAchildID>\n"
        f"<UPN>A{LA_CODE}{rng.randrange(10**9):09d}</UPN>\n<PersonBirthDate>{_day(rng, 2000, 2016)}</PersonBirthDate>\n"
        f"<GenderCurrent>{rng.randint(1, 2)}</GenderCurrent>\n</ChildIdentifiers>\n{rng.choice(histories)}</Child>\n"
    )


def _history(rng: random.Random) -> str:
    """Everything of a child behind its identifiers: characteristics and one to three episodes of need."""
    disability = "NONE" if rng.random() < 0.85 else rng.choice(("LD", "AUT", "MOB", "COMM"))
    lines = [
        "<ChildCharacteristics>",
        f"<Ethnicity>{rng.choice(('WBRI', 'WBRI', 'WBRI', 'MWBC', 'APKN', 'BAFR'))}</Ethnicity>",
        f"<Disabilities>\n<Disability>{disability}</Disability>\n</Disabilities>",
        "</ChildCharacteristics>",
    ]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        lines += _episode(rng)
    return "\n".join(lines) + "\n"


def _episode(rng: random.Random) -> Iterator[str]:
    """One referral with what followed it."""
    yield "<CINdetails>"
    yield f"<CINreferralDate>{_day(rng)}</CINreferralDate>"
    yield f"<ReferralSource>{rng.choice(_SOURCES)}</ReferralSource>"
    yield f"<PrimaryNeedCode>{rng.choice(_NEEDS)}</PrimaryNeedCode>"
    if rng.random() < 0.6:
        yield f"<CINclosureDate>{_day(rng)}</CINclosureDate>"
        yield f"<ReasonForClosure>RC{rng.randint(1, 8)}</ReasonForClosure>"
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        yield "<Assessments>"
        yield f"<AssessmentActualStartDate>{_day(rng)}</AssessmentActualStartDate>"
        yield f"<AssessmentInternalReviewDate>{_day(rng)}</AssessmentInternalReviewDate>"
        yield f"<AssessmentAuthorisationDate>{_day(rng)}</AssessmentAuthorisationDate>"
        yield "<FactorsIdentifiedAtAssessment>"
        for factor in rng.sample(_FACTORS, rng.randint(1, 5)):
            yield f"<AssessmentFactors>{factor}</AssessmentFactors>"
        yield "</FactorsIdentifiedAtAssessment>\n</Assessments>"
    if rng.random() < 0.25:
        yield f"<Section47>\n<S47ActualStartDate>{_day(rng)}</S47ActualStartDate>"
        yield f"<InitialCPCtarget>{_day(rng)}</InitialCPCtarget>\n<DateOfInitialCPC>{_day(rng)}</DateOfInitialCPC>"
        yield "<ICPCnotRequired>0</ICPCnotRequired>\n</Section47>"
    if rng.random() < 0.12:
        yield f"<ChildProtectionPlans>\n<CPPstartDate>{_day(rng)}</CPPstartDate>"
        yield "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>\n<LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>"
        yield f"<NumberOfPreviousCPP>{rng.randint(0, 2)}</NumberOfPreviousCPP>\n<Reviews>"
        for _ in range(rng.randint(1, 3)):
            yield f"<CPPreviewDate>{_day(rng)}</CPPreviewDate>"
        yield "</Reviews>\n</ChildProtectionPlans>"
    yield f"<ReferralNFA>{rng.randint(0, 1)}</ReferralNFA>\n</CINdetails>"


def _day(rng: random.Random, first: int = 2015, last: int = 2016) -> str:
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def count_elements(path: Path) -> int:
    """The bare parser: every element seen and let go of."""
    count = 0
    for _, element in etree.iterparse(str(path)):
        count += 1
        element.clear()
    return count


def _file(work: Path, children: int) -> Path:
    path = work / f"{children}" / "raw" / "social_care" / LA_CODE / f"{YEAR}" / "cin_census.xml"
    if not path.exists():
        print(f"Generating {children:,} children", flush=True)
        write_census(path, children)
    return path


def _part(name: str, path: Path) -> dict[str, float]:
    """One part in its own process, as the process itself times it, with its peak memory."""
    log = path.parents[4] / f"{name}.log"
    used = measure([sys.executable, "-m", "benchmarks.census", "--part", name, "--file", str(path)], log)
    last = log.read_text(encoding="utf-8").strip().splitlines()[-1]
    return {**json.loads(last), "gib": used.gib}


def _run_part(name: str, path: Path) -> None:
    started, used = time.monotonic(), time.process_time()
    if name == "parse":
        records = count_elements(path)
    else:
        home = path.parents[4] / "home"
        shutil.rmtree(home, ignore_errors=True)
        started, used = time.monotonic(), time.process_time()
        (result,) = land_folder(Settings(home, path.parents[3], "sample"), run_id="bench")
        if result.status != "landed":
            raise SystemExit(result.reason)
        records = result.rows_landed
    print(
        json.dumps(
            {"seconds": time.monotonic() - started, "cpu": time.process_time() - used, "records": records},
        )
    )


def bench(children: int, work: Path) -> None:
    """Measure and print."""
    path, small = _file(work, children), _file(work, children // 4)
    size = path.stat().st_size / 1e6
    bare = _part("parse", path)
    landed = _part("land", path)
    quarter = _part("land", small)
    print(f"{children:,} children, {size:,.0f} MB, {landed['records']:,.0f} records")
    print(f"{'':<26}{'seconds':>9}{'MB/s':>8}{'cpu s':>8}{'peak GiB':>10}")
    for name, part, mb in (
        ("iterparse, counting", bare, size),
        ("landing", landed, size),
        ("landing a quarter", quarter, small.stat().st_size / 1e6),
    ):
        print(f"{name:<26}{part['seconds']:>9.1f}{mb / part['seconds']:>8.1f}{part['cpu']:>8.1f}{part['gib']:>10.2f}")
    print(f"landing / iterparse: {landed['seconds'] / bare['seconds']:.2f}")


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description="Time the landing of a census against the bare parser.")
    parser.add_argument("children", nargs="?", type=int, default=500_000)
    parser.add_argument("--work", type=Path, default=HERE / "data" / "census", help="folder for generated files")
    parser.add_argument("--part", choices=["parse", "land"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        _run_part(arguments.part, arguments.file)
    else:
        bench(arguments.children, arguments.work)


if __name__ == "__main__":
    main()
