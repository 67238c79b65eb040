"""Tests run two at a time: one process keeps the home that whole runs share, the other takes the rest file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

# Integration tests that make a run or a project of their own; all others read what the shared runs left behind.
_BY_THEMSELVES = {"test_code_years"}


class SharedRuns(LoadScopeScheduling):
    """Hands out tests by file, and all that read the shared runs to one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        name = file.rsplit("/", 1)[-1].removesuffix(".py")
        return "shared runs" if "/integration/" in f"/{file}" and name not in _BY_THEMSELVES else file


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-snapshot`: the record of the graph is written again instead of compared."""
    parser.addoption("--write-snapshot", action="store_true", help="write tests/integration/graph.txt again")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Use it whenever tests run side by side."""
    return SharedRuns(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, the whole runs; what happens to their home later is tested later."""

    def stage(item: pytest.Item) -> int:
        fixtures = getattr(item, "fixturenames", ())
        return 2 if "changed" in fixtures else 1 if "second" in fixtures else 0

    items.sort(key=lambda item: (item.path.parent.name != "integration", stage(item)))
