"""What may be passed on of an engine's message."""

from __future__ import annotations

import re


def scrub(message: str | None) -> str:
    """The first line of an engine's message without what it quotes, since that may be a value of a row."""
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    # dbt puts "Runtime Error in model x (path)" on a line of its own before the engine's line.
    kept = [line for line in lines if not line.startswith(("LINE ", "^", "compiled code at"))][:2]
    text = " ".join(kept) or "no message"
    text = re.sub(r"'[^']*'|\"[^\"]*\"|'.*$|\".*$", "'…'", text)
    return re.sub(r"\d{4,}", "…", text)[:300]
