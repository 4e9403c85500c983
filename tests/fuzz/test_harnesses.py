"""A bounded share of every harness, and the inputs that broke a promise once."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.fuzz.harness import (
    Harness,
    Tally,
    find_harnesses,
    grow,
    judge,
)
from tests.patience import TooLongError, limit_seconds

HARNESSES = find_harnesses()
names = pytest.mark.parametrize("name", HARNESSES)


@names
def test_what_broke_a_promise_once_keeps_it(name: str) -> None:
    tally = Tally()
    for number, given in enumerate(HARNESSES[name].kept):
        judge(HARNESSES[name], given, number, tally)
    assert tally.broken == []


@pytest.mark.slow
@names
def test_grown_input_ends_in_a_value_or_a_typed_refusal(name: str) -> None:
    harness = HARNESSES[name]
    tally = Tally()
    for number in range(harness.share):
        judge(harness, grow(name, harness, 0, number), number, tally)
    assert tally.broken == []
    assert len(tally.outcomes) > 1, "inputs that all end alike show little"


@names
def test_an_input_is_the_same_for_the_same_number(name: str) -> None:
    harness = HARNESSES[name]
    assert repr(grow(name, harness, 1, 2)) == repr(grow(name, harness, 1, 2))


def test_an_endless_input_is_stopped_and_told() -> None:
    def spin(_: object) -> str:
        while True:
            pass

    with pytest.raises(TooLongError), limit_seconds(0.01):
        spin(None)


def test_an_exception_is_told_with_its_input() -> None:
    def fail(_: int) -> str:
        raise KeyError("lost")

    tally = Tally()
    judge(Harness(grow=Random.random, examine=fail), 0.5, 7, tally)
    (broken,) = tally.broken
    assert (broken.number, broken.problem, broken.text) == (7, "KeyError: 'lost'", "0.5")


def test_an_input_that_takes_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.harness.MOST_SECONDS", 0.01)

    def spin(_: object) -> str:
        end = time.process_time() + 5
        while time.process_time() < end:
            pass
        return "ended"

    tally = Tally()
    judge(Harness(grow=Random.random, examine=spin), 0.5, 0, tally)
    assert "s of a processor" in tally.broken[0].problem
