"""What the theory plugin tells someone who runs pytest."""

import pytest

from tests.theory_plugin import register

pytest_plugins = ["pytester"]

TESTS = """
import pytest

@pytest.mark.theory("1.48", "2.47")
def test_density():
    raise AssertionError("a listing runs nothing")

@pytest.mark.theory("1.48")
@pytest.mark.parametrize("n", [2, 3])
def test_density_by_hand(n):
    pass

@pytest.mark.skip(reason="later")
@pytest.mark.theory("1.49")
def test_degree():
    pass

@pytest.mark.xfail
@pytest.mark.theory("1.50")
def test_connectedness():
    pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\naddopts = -p tests.theory_plugin\nmarkers = theory(*rows): rows shown")
    return pytester


def test_the_listing_pairs_each_shown_row_with_its_tests_and_runs_none(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_mix=TESTS)

    result = suite.runpytest("--theory")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            f"1.48  {register()['1.48'].observation}",
            "    test_mix.py::test_density",
            "    test_mix.py::test_density_by_hand",
            f"2.47 (softened)  {register()['2.47'].observation}",
            "    test_mix.py::test_density",
            "Open in 2 foundation:",
            f"    0.3b  {register()['0.3b'].observation}",
            "Open in 11 dashboard:",
            "    1.49  *",
            "    1.50  *",
            "Open in 13 credentials:",
            "2 of 260 rows shown, 258 open",
        ]
    )
    assert result.stdout.str().count("test_density_by_hand") == 1


@pytest.mark.parametrize(
    "number", ['"9.99"', "1.48", '"0.3"'], ids=["beyond the papers", "a float", "half a number"]
)
@pytest.mark.parametrize(
    ("option", "ret"), [((), 2), (("--theory",), 1)], ids=["an ordinary run", "a listing"]
)
def test_an_unknown_number_is_an_error_that_names_the_test(
    suite: pytest.Pytester, number: str, option: tuple[str, ...], ret: int
) -> None:
    suite.makepyfile(
        test_mix=f"""
        import pytest

        class TestMix:
            @pytest.mark.theory({number})
            def test_density(self):
                pass
        """
    )

    result = suite.runpytest(*option)

    assert result.ret == ret
    result.stdout.fnmatch_lines(["test_mix.py::TestMix::test_density is marked with *, which is no row of*"])


def test_an_ordinary_run_runs_the_tests_and_lists_nothing(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_mix=TESTS)

    result = suite.runpytest()

    result.assert_outcomes(failed=1, passed=2, skipped=1, xpassed=1)
    result.stdout.no_fnmatch_line("*rows shown*")


def test_a_piece_of_work_fails_while_one_of_its_rows_is_open(suite: pytest.Pytester) -> None:
    of_search = [row.number for row in register().values() if row.piece == 4]
    marked = "import pytest\n\n@pytest.mark.theory(*{})\ndef test_search(): pass"

    suite.makepyfile(test_search=marked.format(of_search[1:]))
    one_open = suite.runpytest("--theory-issue", "4")
    suite.makepyfile(test_search=marked.format(of_search))
    none_open = suite.runpytest("--theory-issue", "4")

    assert (one_open.ret, none_open.ret) == (1, 0)
    one_open.stdout.fnmatch_lines(["Open in 4 search:", f"    {of_search[0]}  *"])
    none_open.stdout.no_fnmatch_line("Open in 4 search:")


def test_a_piece_of_work_that_does_not_exist_is_refused(suite: pytest.Pytester) -> None:
    assert suite.runpytest("--theory-issue", "8").ret == pytest.ExitCode.USAGE_ERROR
