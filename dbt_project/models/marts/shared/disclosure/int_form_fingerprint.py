"""What tells later how many forms of a year have changed since it was published, and of none of them what it says."""

import hashlib
import hmac
import os
from collections import Counter

import pyarrow as pa

from disclosure.rounding import KEY_VARIABLE

COLUMNS = pa.schema([("period", pa.int32()), ("form_id", pa.string()), ("fingerprint", pa.int32()), ("forms", pa.int64())])


def model(dbt, con):
    """One row per year that is not public yet, kind of form and fingerprint: how many forms have it."""
    dbt.config(materialized="table")
    years = dbt.ref("int_listed_service").filter("not is_public_already").project("reporting_year").distinct()
    key = os.environ.get(KEY_VARIABLE, "").encode()
    if not key:
        raise ValueError(f"{KEY_VARIABLE} is not set; a run (`insights run`) sets it from the key of the home")
    found = Counter()
    forms = {"intake": dbt.ref("fct_intake"), "exit": dbt.ref("fct_exit"), "review": dbt.ref("fct_review")}
    for form_id, facts in forms.items():
        said = facts.join(years, "reporting_year")
        content = "md5(concat_ws('|', service_code, cast(list_sort(answers) as varchar)))"
        for period, digest in said.project(f"reporting_year, {content}").order("all").fetchall():
            keyed = hmac.digest(key, f"form|{form_id}|{digest}".encode(), hashlib.sha256)
            # Few bits: enough to count changes, and to guess at a form by them takes the key and the form itself.
            found[period, form_id, int.from_bytes(keyed[:2])] += 1
    rows = [dict(zip(COLUMNS.names, (*said, forms), strict=True)) for said, forms in sorted(found.items())]
    return pa.Table.from_pylist(rows, schema=COLUMNS)
