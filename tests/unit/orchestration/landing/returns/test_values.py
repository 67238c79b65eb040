"""What is stored of a cell that should be a code, a flag, a number or a date: nothing that may be a name."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from catalogue.returns import load_returns
from orchestration.landing.returns.values import UNREADABLE, Values

RETURNS = load_returns()
# Record and field, texts that are stored as they stand, and texts of which nothing is.
KEPT: tuple[tuple[str, str, str, str], ...] = (
    # Codes of any year, another spelling, and what has the shape of a code: one letter, one digit.
    ("annex_a_child_in_need", "primary_need", "N1|n1|N1 - Abuse|Low income|A7|X0", "NG|QUIL|QUILLER|N10|1234567|N1/N2"),
    ("annex_a_looked_after", "legal_status", "C2|W1|Full care order|c2", "C2A|HUSSAIN|OKAFOR|ICE|C|SE15|LS1"),
    ("annex_a_looked_after", "placement_type", "U6|H5|K3|Z14|Y9|Y99|U6 (relative)", "Foster|FOSTER|YOUNG|U6U|A1B"),
    ("annex_a_looked_after", "reason_episode_ceased", "E11|E4A|E43|X9|E99|E9C", "ELLIS|E|EE|RETURNED|E4AB|E123"),
    ("annex_a_contact", "contact_source", "6|1A|99|9|6Z|police|q) 6: Police", "POLICE 7|JONES|AMIN|A1|123|01132|12AB"),
    ("annex_a_contact", "ethnicity", "WBRI|wbri|White British|a) WBRI", "KHAN|ALI|SMITH|WXYZ|W|W1|WBRIX|WHITE"),
    ("annex_a_contact", "sex", "M|1|9|X|7|a) Male|female", "MX|FTM|ZEB|12|MALEFEM|ZEBEDIAH"),
    ("annex_a_protection_plan", "initial_category", "NEG|neglect|e) Multiple", "ABC|NEGUS|SABIN|MUL1|E"),
    ("annex_a_referral", "is_no_further_action", "1|0|true|TRUE|a) Yes|Unknown|2", "U|YEP|NOPE|12|KHAN|JO|DIED|MAYBE"),
    ("s903_episode", "reason_place_change", "CARPL|CUSTOD|carpl", "JONES|SINGH|CARPLE|C"),
    ("cin_assessment_factor", "factor", "1A|2B|24A|18C|21|99Z|9Z", "RB|COLE|CARTER|1AA|123A"),
    ("annex_a_referral", "previous_referrals_12m", "2|2.0|-1| 7 |1_000", "01132 496000|07700900123|1,000|two|2 (JO)"),
    ("annex_a_referral", "referral_date", "2016-05-04|04/05/2016|42494|4/5/16|04.05.2016", "07700 900123|0113 2|soon"),
)  # fmt: skip


@pytest.mark.parametrize(("record_id", "field_id", "stored", "unread"), KEPT, ids=[".".join(one[:2]) for one in KEPT])
def test_only_what_can_be_one_is_stored(record_id: str, field_id: str, stored: str, unread: str) -> None:
    fields = RETURNS.stored(record_id)
    at = [field.field_id for field in fields].index(field_id)
    texts = [*stored.split("|"), *unread.split("|")]
    columns: list[list[str | None]] = [[*texts] if place == at else [None] * len(texts) for place in range(len(fields))]
    rows = pa.table({f"v{place}": pa.array(column, pa.string()) for place, column in enumerate(columns)})
    with duckdb.connect() as con:
        kept = Values(con, RETURNS).judged(record_id, rows).column(f"v{at}").to_pylist()
    assert dict(zip(texts, kept, strict=True)) == {
        text: text if place < len(stored.split("|")) else UNREADABLE for place, text in enumerate(texts)
    }
