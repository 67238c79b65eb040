"""The error an operator can act on."""

from __future__ import annotations

from catalogue.errors import ProgrammeError
from expectations.check_files import CheckFileError
from expectations.outcome import GateError
from reporting.errors import ReportError


class OperatorError(Exception):
    """Something a person has to put right. The message is one or two sentences: what is wrong, where,
    what happens to the data now, what to do. It never holds a value of a row."""


# Errors whose message is a sentence for an operator: ours, and those of the folders below, which do not know ours.
# Whoever tells errors, the command line or a step of a run, catches all of them.
TOLD_AS_THEY_ARE = (OperatorError, ProgrammeError, CheckFileError, GateError, ReportError)
