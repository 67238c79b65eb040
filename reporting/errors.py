"""The error of this folder: a sentence that an operator can act on. Whoever calls shows it as it is."""

from __future__ import annotations


class ReportError(Exception):
    """What was asked for cannot be made. The message is a sentence or two: what is wrong, where, what happens to the
    data now, what to do. It never holds a value of a row."""
