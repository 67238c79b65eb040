"""The names of the files and folders of a release, in one place. Who makes a release and who reads one import them.

published/<release>/internal/   insights.duckdb, marts/*.parquet, manifest.json, report/, documentation/, SHA256SUMS
published/<release>/public/     report/, open_data/, documentation/, manifest.json, SHA256SUMS
published/current               a link to the release in force
"""

from __future__ import annotations

from pathlib import Path

CURRENT = "current"
# The two sides.
INTERNAL = "internal"
PUBLIC = "public"
# What lies in them.
DATABASE = "insights.duckdb"
MARTS = "marts"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
REPORT = "report"
OPEN_DATA = "open_data"
DOCUMENTATION = "documentation"
# Written by the documentation of the internal side: what a comparison of two releases needs to pair rows.
TABLES = Path(DOCUMENTATION) / "tables.json"
