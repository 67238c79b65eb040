"""An operator's word that one judgement of plausibility was wrong, as it is typed."""

from __future__ import annotations

from expectations.outcome import Acceptance
from expectations.suites import acceptable_checks
from orchestration.errors import OperatorError


def parse_acceptance(text: str) -> Acceptance:
    """`check_id=key` as an Acceptance.

    Raises OperatorError when it is not of that form, or the check is not one of plausibility.
    """
    check_id, equals, key = text.partition("=")
    if not (equals and check_id.strip() and key.strip()):
        raise OperatorError("An accepted check is written CHECK=KEY, as `insights check` shows it. Nothing was done.")
    if check_id.strip() not in (acceptable := acceptable_checks()):
        raise OperatorError(
            f"Check {check_id.strip()} cannot be accepted: only checks of plausibility can "
            f"({', '.join(sorted(acceptable))}). Nothing was done."
        )
    return Acceptance(check_id.strip(), key.strip())
