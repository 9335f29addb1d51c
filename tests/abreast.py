"""A pytest plugin: where several processes test abreast, what shares a site stays together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

LONGEST = "tests/browser"
"""What takes one process longest, and so begins first."""
SHARING = (LONGEST, "tests/demo")
"""Folders whose tests share a site that takes long to fill."""
DATABASE = re.compile(r"[\[-](sqlite|postgresql)[\]-]")


class Together(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Hands out a file's tests of one database at a time, in the order of collection; those of one site all at once."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def together(nodeid: str) -> str:
    """Name the tests that one process takes along with a test."""
    file = nodeid.partition("::")[0]
    for folder in SHARING:
        if file.startswith(f"{folder}/"):
            return folder
    database = DATABASE.search(nodeid)
    return f"{file} {database[1]}" if database else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: together(item.nodeid) != LONGEST)
