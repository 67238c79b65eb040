"""An operator's word that one judgement of plausibility was wrong, as it is typed."""

from __future__ import annotations

from expectations import Acceptance
from orchestration.errors import OperatorError


def parse_acceptance(text: str) -> Acceptance:
    """`check_id=key` as an Acceptance. Raises OperatorError when it is not of that form."""
    check_id, equals, key = text.partition("=")
    if not (equals and check_id.strip() and key.strip()):
        raise OperatorError("An accepted check is written CHECK=KEY, as `insights check` shows it. Nothing was done.")
    return Acceptance(check_id.strip(), key.strip())
