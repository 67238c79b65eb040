"""The error an operator can act on."""

from __future__ import annotations


class OperatorError(Exception):
    """Something a person has to put right. The message is one or two sentences: what is wrong, where,
    what happens to the data now, what to do. It never holds a value of a row."""
