"""Laxities planted all over the shipped rules are found at their place, and nothing else is."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from telecom_rules.checks.strictness import find_deviations
from tests.rules.plants import Soil, plant_laxities, plant_others
from tests.rules.relinking import Relinker
from tests.shipped import shipped_reading

if TYPE_CHECKING:
    from tests.rules.plants import Plant

FEW, MANY = 24, 300
"""How many are planted: few in every run of the tests, many in `make test-long`."""
MANY_EXAMPLES = 1_000
"""A profile of hypothesis with as many examples is that of `make test-long`."""


def count_planted() -> int:
    return MANY if settings().max_examples >= MANY_EXAMPLES else FEW


@pytest.fixture(scope="module")
def relinker() -> Relinker:
    return Relinker.of(shipped_reading())


def refused(relinker: Relinker, plant: Plant) -> list[str]:
    """Return the places at which a planted pack is refused."""
    found = find_deviations(relinker.pack, plant.make(relinker))
    return [each.parts[0].name for each in found if each.is_refused]


def find_missed(relinker: Relinker, seed: int, count: int) -> list[str]:
    """Return the laxities that are not told at their place."""
    soil = Soil(relinker.reading, random.Random(seed))  # noqa: S311 - the same each run
    return [
        f"{plant.what}: {told}"
        for plant in plant_laxities(soil, count)
        for told in (refused(relinker, plant),)
        if not set(plant.places) & set(told)
    ]


def find_false_alarms(relinker: Relinker, seed: int, count: int) -> list[str]:
    """Return the changes that are refused though they are not laxer."""
    soil = Soil(relinker.reading, random.Random(seed))  # noqa: S311 - the same each run
    return [
        f"{plant.what}: {told}"
        for plant in plant_others(soil, count)
        for told in (refused(relinker, plant),)
        if told
    ]


def test_each_planted_laxity_is_found_at_its_place(relinker: Relinker) -> None:
    assert find_missed(relinker, 2, count_planted()) == []


def test_what_is_stricter_or_the_same_is_not_refused(relinker: Relinker) -> None:
    assert find_false_alarms(relinker, 2, count_planted()) == []
