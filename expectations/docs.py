"""Data Docs: what came of each check, as pages that open without a network and work without a script.

Great Expectations renders pages too, with styles, scripts and fonts from eight remote hosts and a copy of the SQL of
every check; ours are templates of our own over the outcomes. They hold sentences and counts, never keys or values.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2

from expectations.outcome import CheckOutcome, GateResult

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def write_pages(folder: Path, result: GateResult) -> None:
    """Write one page for each suite and table of a gate, and the index of both gates; replaces the gate's old pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"gate_{result.gate}_*.html"):
        old.unlink()
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    groups: dict[tuple[str, str], list[CheckOutcome]] = {}
    for outcome in result.outcomes:
        groups.setdefault((outcome.check.suite, outcome.check.table), []).append(outcome)
    pages: list[dict[str, Any]] = []
    for (suite, table), outcomes in groups.items():
        page = {
            "page": f"{suite}__{table.rpartition('.')[2]}.html",
            "suite": suite,
            "table": table,
            "checks": len(outcomes),
            "failed": sum(not outcome.success for outcome in outcomes),
            "blocking": sum(outcome.blocks for outcome in outcomes),
        }
        pages.append(page)
        text = templates.get_template("suite.html.jinja").render(
            page=page, outcomes=outcomes, run_id=result.run_id, great_expectations=version("great_expectations")
        )
        (folder / str(page["page"])).write_text(text, encoding="utf-8")
    summary = {"gate": result.gate, "run_id": result.run_id, "passed": result.passed, "pages": pages}
    (folder / f"gate_{result.gate}.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    # The other gate's part of the index is what it wrote when it ran.
    gates = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("gate_*.json"))]
    index = templates.get_template("index.html.jinja").render(gates=gates)
    (folder / "index.html").write_text(index, encoding="utf-8")
