"""Tests run two at a time: one process keeps the home that whole runs share, the other takes the rest file by file."""

from __future__ import annotations

import pytest

# The fixtures that stand for a whole run; whoever uses one has to be where that run was made.
_WHOLE_RUN = {"home", "first", "second", "changed"}


# First, because the runner reads the groups in its own turn of this hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the group it runs in, and begin with the group that takes longest."""

    def shares_a_run(item: pytest.Item) -> bool:
        return bool(_WHOLE_RUN & set(getattr(item, "fixturenames", ())))

    for item in items:
        item.add_marker(pytest.mark.xdist_group("whole_run" if shares_a_run(item) else str(item.path)))
    items.sort(key=lambda item: not shares_a_run(item))
