"""What is tested together where several processes test abreast."""

from __future__ import annotations

import pytest

from tests.abreast import together


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/core/test_act.py::test_it[sqlite]", "tests/core/test_act.py sqlite"),
        ("tests/core/test_act.py::test_it[postgresql-200 posts]", "tests/core/test_act.py postgresql"),
        ("tests/core/test_act.py::test_it[one-sqlite]", "tests/core/test_act.py sqlite"),
        ("tests/look/test_css.py::test_it[dark]", "tests/look/test_css.py"),
        ("tests/browser/test_pages.py::test_it[dark]", "tests/browser"),
        ("tests/browser/test_editor.py::test_it", "tests/browser"),
        ("tests/demo/test_doors.py::test_it[sqlite]", "tests/demo"),
    ],
)
def test_a_files_tests_of_one_database_stay_together_and_so_does_who_shares_a_site(
    test: str, group: str
) -> None:
    assert together(test) == group
