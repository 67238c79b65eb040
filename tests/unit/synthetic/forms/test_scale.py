"""The same forms, copied to any number."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from catalogue.folding import fold_header
from catalogue.services import parse_services
from synthetic.forms.sample import Sample
from synthetic.forms.scale import scaled_services, write_scaled
from synthetic.sample_catalogue import sample_catalogue
from tests.support.form_exports import read_table


def test_scaled_export_has_the_forms_asked_for(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthetic.forms.scale.draw", lambda catalogue: sample.drawing)
    export = write_scaled(tmp_path, 9_000)
    assert abs(export.forms["intake"] - 9_000) <= 2
    catalogue = sample_catalogue()
    keys = set()
    counts: dict[str, int] = defaultdict(int)
    services = parse_services(scaled_services(), tmp_path)
    for path in export.files:
        form_id = path.name.split("_")[0]
        header, *body = read_table(path)
        columns = [catalogue.header_index(form_id)[fold_header(cell)][0] for cell in header]
        names = [column.question_id for column in columns]
        service, submission = names.index(f"{form_id}_admin_service"), names.index(f"{form_id}_admin_submission_id")
        keys |= {(form_id, row[service], row[submission]) for row in body}
        counts[form_id] += len(body)
        assert all(services.code_of(row[service]) == row[service].upper() for row in body)
    assert dict(counts) == export.forms
    assert len(keys) == sum(counts.values())
