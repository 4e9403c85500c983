"""The fates of the mutants of a toy: noticed, survived, not run, and for the right reason."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.mutation.changes import NoChanges, changed_files
from tests.mutation.report import wilson
from tests.mutation.rooms import ROOT

TOY = """
    LIMIT = 30


    def is_many(count):
        return count > LIMIT


    def add(values):
        total = 0
        for value in values:
            total += value
        return total


    def count_down(number):
        while number:
            number -= 1
        return number


    def never_called(value):
        return value + 10
"""
TESTS = """
    from functools import cache

    import pytest
    import toy


    @cache
    def kept():
        return toy.add([2, 5])


    @pytest.fixture(scope="module")
    def shared():
        return toy.is_many(90)


    def test_first(shared):
        assert kept()
        assert toy.count_down(3) == 0


    def test_second(shared):
        assert shared
        assert not toy.is_many(1)
        assert kept() == 7
"""
RUN = """
    import json, sys
    from pathlib import Path
    from tests.mutation.mutants.mutant import find_mutants
    from tests.mutation.rooms import Room
    from tests.mutation.trials import trial
    from tests.mutation.trials.campaign import Campaign

    trial.LEAST_LIMIT = 0.5
    root = Path(sys.argv[1])
    room = Room("toy", ("toy.py",), ("tests",))
    (root / "scratch").mkdir()
    campaign = Campaign(root, root / "scratch", (room,))
    mutants = find_mutants("toy", root, Path("toy.py"))
    recording = campaign.record(mutants)
    fates = {
        result.mutant.change: (result.fate, result.verdict.by if result.verdict else "")
        for result in campaign.run(mutants, recording)
    }
    print(json.dumps(fates))
"""


def try_toy(folder, tests: str = TESTS) -> subprocess.CompletedProcess[str]:
    (folder / "tests").mkdir()
    (folder / "toy.py").write_text(dedent(TOY), encoding="utf-8")
    (folder / "tests" / "test_toy.py").write_text(dedent(tests), encoding="utf-8")
    return subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        [sys.executable, "-c", dedent(RUN), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def fates(tmp_path_factory) -> dict[str, list[str]]:
    done = try_toy(tmp_path_factory.mktemp("toy"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_mistake_that_a_test_asserts_is_noticed(fates):
    assert fates["return count > LIMIT -> return None"][0] == "noticed"
    assert fates["return number -> return None"] == [
        "noticed",
        "tests/test_toy.py::test_first",
    ]


def test_a_mistake_that_no_test_asserts_survives(fates):
    assert fates["count > LIMIT -> count >= LIMIT"] == ["survived", ""]


def test_a_line_that_no_test_runs_is_said_to_be_so(fates):
    assert fates["return value + 10 -> return None"] == ["not run", ""]


def test_a_loop_without_an_end_is_noticed(fates):
    fate, by = fates["number -= 1 -> pass"]
    assert fate == "noticed"
    assert by.endswith("which takes too long")


def test_a_value_kept_in_a_cache_counts_for_each_test_that_asks_for_it(fates):
    assert fates["total += value -> total -= value"] == [
        "noticed",
        "tests/test_toy.py::test_second",
    ]


def test_a_constant_of_the_module_is_put_to_the_tests_of_its_functions(fates):
    assert fates["30 -> 31"] == ["survived", ""]


def test_tests_that_fail_without_a_mutant_are_no_judges(tmp_path):
    done = try_toy(tmp_path, "def test_it():\n    assert False")
    assert "TestsFail: tests/test_toy.py::test_it" in done.stderr


def test_a_test_that_fails_only_apart_from_others_is_found_by_the_control(tmp_path):
    tests = """
        import toy

        seen = []


        def test_first():
            seen.append(1)
            sum(range(3_000_000))
            assert toy.add([1]) == 1


        def test_second():
            assert seen
            assert toy.add([1]) == 1
    """
    done = try_toy(tmp_path, tests)
    assert "TestsFail: tests/test_toy.py::test_second" in done.stderr


def test_the_interval_is_that_of_wilson():
    assert wilson(95, 100) == pytest.approx((0.8882, 0.9785), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_without_a_repository_nothing_is_taken_for_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoChanges, match="git"):
        changed_files(tmp_path, "main")
