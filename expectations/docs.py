"""Data Docs that open without a network.

Great Expectations renders its pages with styles, scripts, fonts and a logo from eight remote hosts. Here its own
renderer makes the page, everything remote is taken out, and one small style sheet is put in its place. The pages
work without a script.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expectations.runner import GateResult

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #197a3a; --bad: #b3261e; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1.5rem; }
h1, h4 { font-size: 1.5rem; } h5 { font-size: 1.15rem; } h6, .h6 { font-size: 1rem; font-weight: 600; }
nav ol { list-style: none; padding: 0; display: flex; gap: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0.75rem 0; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
td .show-scrollbars { max-height: none; }
a { color: inherit; }
.text-success::before { content: "holds"; color: var(--good); font-weight: 600; font-style: normal; }
.text-danger::before { content: "does not hold"; color: var(--bad); font-weight: 600; font-style: normal; }
.text-warning::before { content: "could not be run"; color: var(--bad); font-weight: 600; font-style: normal; }
.container-fluid, .ge-section { padding: 0; margin: 0; }
.collapse { display: block; }
"""

# Order matters: whole elements first, then what is left of remote addresses.
_REMOTE = (
    (re.compile(r"<script\b.*?</script>", re.S | re.I), ""),
    (re.compile(r"<style\b.*?</style>", re.S | re.I), ""),
    (re.compile(r"<link\b[^>]*>", re.S | re.I), ""),
    (re.compile(r"<img\b[^>]*>", re.S | re.I), "Data checks"),
    (re.compile(r"<footer\b.*?</footer>", re.S | re.I), ""),
    (re.compile(r"<button\b.*?</button>", re.S | re.I), ""),
    # The filter needs a script.
    (re.compile(r'<div class="sticky">.*?(?=<div class="col-md-10)', re.S | re.I), "</div></div>"),
    (re.compile(r"<title>.*?</title>", re.S | re.I), ""),
    # Links to pages of suites that are not written, and the way back to the index.
    (re.compile(r'href="[^"#]*index\.html"', re.I), 'href="index.html"'),
    (re.compile(r'<a href="[^"]*expectations/[^"]*"[^>]*>(.*?)</a>', re.S | re.I), r"\1"),
    (re.compile(r'\b(href|src|action)="(?:https?:)?//[^"]*"', re.I), ""),
    (re.compile(r"https?://\S*", re.I), ""),
    (re.compile(r"\n\s*\n+"), "\n"),
)


def write_pages(folder: Path, result: GateResult, validations: Sequence[tuple[str, str, Any]]) -> None:
    """Write one page for each suite and table of a gate, and the index of both gates; replaces the gate's old pages.

    `validations` are the (suite, table, result) of `engine.validate`. The pages hold counts, never keys or values.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"gate_{result.gate}_*.html"):
        old.unlink()
    renderer, view = ValidationResultsPageRenderer(run_info_at_end=True), DefaultJinjaPageView()
    pages = []
    by_id = {outcome.check.check_id: outcome for outcome in result.outcomes}
    for suite, table, validation in validations:
        name = f"{suite}__{table.rpartition('.')[2]}.html"
        page = without_network(view.render(renderer.render(validation)), title=f"{suite}: {table}")
        (folder / name).write_text(page, encoding="utf-8")
        outcomes = [by_id[item.expectation_config.meta["check_id"]] for item in validation.results]
        pages.append(
            {
                "page": name,
                "suite": suite,
                "table": table,
                "checks": len(outcomes),
                "failed": sum(not outcome.success for outcome in outcomes),
                "blocking": sum(outcome.blocks for outcome in outcomes),
            }
        )
    summary = {"gate": result.gate, "run_id": result.run_id, "passed": result.passed, "pages": pages}
    (folder / f"gate_{result.gate}.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    _write_index(folder)


def without_network(page: str, *, title: str) -> str:
    """The page with everything remote taken out and the style sheet put in; `title` names it in the browser."""
    for pattern, replacement in _REMOTE:
        page = pattern.sub(replacement, page)
    head = f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>"
    return page.replace("</head>", head, 1)


def _write_index(folder: Path) -> None:
    parts = []
    for path in sorted(folder.glob("gate_*.json")):
        gate = json.loads(path.read_text(encoding="utf-8"))
        state = "passed" if gate["passed"] else "blocks publication"
        rows = "".join(
            f'<tr><td><a href="{html.escape(page["page"])}">{html.escape(page["suite"])}</a></td>'
            f"<td>{html.escape(page['table'])}</td><td>{page['checks']}</td><td>{page['failed']}</td>"
            f"<td>{page['blocking']}</td></tr>"
            for page in gate["pages"]
        )
        parts.append(
            f"<h5>Gate {gate['gate']}: {state}</h5><p>Run {html.escape(gate['run_id'])}</p>"
            "<table><thead><tr><th>Suite</th><th>Table</th><th>Checks</th><th>Do not hold</th><th>Of these block</th>"
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Data checks</title><style>{_STYLE}</style></head><body><h1>Data checks</h1>"
        "<p>Gate 1 checks what landed, gate 2 what would be published. The keys of the rows that fail are in "
        f"<code>ops.check_failure</code> of the warehouse.</p>{''.join(parts)}</body></html>\n"
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
