"""Landing writes the macros of reading without dbt: letter by letter what dbt makes of them in a model."""

from __future__ import annotations

from pathlib import Path

from orchestration.landing.reading import MACROS, macros_of
from orchestration.settings import Settings
from orchestration.transform import dbt

FIELD = {
    "codes": [
        {"code": "1", "canonical_code": "1", "spellings": ["North – South’s"]},
        {"code": "ab", "canonical_code": "ab", "spellings": []},
    ]
}
# Calls of the macros that landing uses, and of what they call.
CALLS: dict[str, tuple[object, ...]] = {
    "try_date": ("cell",),
    "try_timestamp": ("cell",),
    "try_month": ("cell",),
    "try_number": ("cell",),
    "white_space": (),
    "flag_value": ("cell",),
    "code_position": ("cell", FIELD),
    "folded_text": ("cell",),
    "folded_spelling": ("Café North – South’s & 1.0.",),
}
BETWEEN = "\n-- and --\n"


def test_dbt_and_landing_write_the_same_sql(tmp_path: Path) -> None:
    calls = [f"{{{{ {name}({', '.join(map(repr, arguments))}) }}}}" for name, arguments in CALLS.items()]
    (result,) = dbt.run_command(
        Settings(tmp_path / "home", tmp_path / "raw", "sample"), ["compile", "--inline", BETWEEN.join(calls)]
    )
    assert result.succeeded, result.message
    macro = macros_of(MACROS.read_text(encoding="utf-8"))
    written = [str(macro(name, *arguments)) for name, arguments in CALLS.items()]
    assert str(result.compiled_code).strip() == BETWEEN.join(written).strip()
