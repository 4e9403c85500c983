"""Which tests a mutant is put to, and in which order."""

from __future__ import annotations

from tests.mutation.mutants.mutant import iter_mutants
from tests.mutation.rooms import Room
from tests.mutation.trials.recording import Record
from tests.mutation.trials.selection import Batch, Selector, within

ROOM = Room("toy", ("toy/*.py",), ("tests/toy",), ("tests/more",))
(MUTANT,) = iter_mutants("toy", "toy/part.py", "def f(a):\n    g(a)\n")


def record(file: str, lines: dict[str, list[int]], **seconds: float) -> Record:
    """Return the record of a file that runs these lines of the module."""
    return Record(file, 1.0, seconds, {"toy/part.py": lines}, {})


def select(*records: Record, budget: float = 100.0) -> list[tuple[str, list[str]]]:
    selector = Selector({each.file: each for each in records}, budget)
    return [(batch.file, [*batch.tests]) for batch in selector.select(MUTANT, ROOM)]


def test_tests_that_run_little_else_come_first():
    wide = record("tests/toy/test_a.py", {"2": [0], "5": [0], "6": [0]}, every=0.1)
    narrow = record("tests/toy/test_b.py", {"2": [0, 1], "5": [0]}, two=0.1, one=0.2)
    assert select(wide, narrow) == [
        ("tests/toy/test_b.py", ["one", "two"]),
        ("tests/toy/test_a.py", ["every"]),
    ]


def test_the_file_named_like_the_module_comes_before_others_of_its_room():
    narrow = record("tests/toy/test_a.py", {"2": [0]}, one=0.1)
    named = record("tests/toy/test_part.py", {"2": [0], "5": [0]}, two=0.1)
    other = record("tests/more/test_part.py", {"2": [0]}, three=0.1)
    files = [file for file, _ in select(other, narrow, named)]
    assert files == ["tests/toy/test_part.py", "tests/toy/test_a.py", "tests/more/test_part.py"]


def test_slow_tests_and_those_beside_come_last():
    beside = record("tests/toy/test_a.py", {"2": [0, 1], "5": [2]}, slow=5.0, quick=0.1, next=0.1)
    assert select(beside) == [
        ("tests/toy/test_a.py", ["quick"]),
        ("tests/toy/test_a.py", ["slow"]),
        ("tests/toy/test_a.py", ["next"]),
    ]


def test_the_times_on_record_decide_how_many_tests_are_run():
    many = record("tests/toy/test_a.py", {"2": [0, 1, 2]}, a=0.5, b=0.75, c=0.25)
    assert select(many, budget=0.75) == [("tests/toy/test_a.py", ["c", "a"])]


def test_a_mutant_is_put_to_one_test_at_least():
    batches = [
        Batch("a", True, {"slow": 9.0, "slower": 10.0}, 1.0),
        Batch("b", True, {"c": 9.0}, 1.0),
    ]
    assert [[*batch.tests] for batch in within(5.0, batches)] == [["slow"]]


def test_a_line_that_no_test_runs_has_no_tests():
    assert not select(record("tests/toy/test_a.py", {"5": [0]}, one=0.1))
