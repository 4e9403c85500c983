"""Laxities planted all over a house pack are found at their place, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import laxer_than_base
from telecom_rules.findings import Findings
from telecom_rules.pack import link, read
from telecom_rules.pack.files import gather_files
from tests.rules.conftest import RULES
from tests.rules.house_plants import House, plant_laxities, plant_others
from tests.rules.test_laxities import MANY, count_planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rules.house_plants import HousePlant

HOUSE = Path(RULES).resolve().parent / "examples" / "house"
REFUSED = frozenset({"TR760", "TR761"})


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {
        name: data
        for name, data in gather_files(HOUSE, Findings()).items()
        if "scenarios/" not in name
    }


def count_of_house() -> int:
    """Return how many are planted of each: every one links the whole pack."""
    return count_planted() if count_planted() == MANY else count_planted() // 8


def sow(seed: int) -> House:
    return House(read(RULES), read(HOUSE), random.Random(seed))  # noqa: S311 - the same each run


def judge(files: dict[str, bytes], house: House, plant: HousePlant) -> tuple[set[int], list[str]]:
    """Return the lines of what is planted, and what is refused as `file:line`."""
    name, text, lines = plant.put_into(house.own)
    reading = link(files | {name: text.encode()}, root=HOUSE)
    vars(reading)["base"] = house.house.base  # linked once for all of them
    assert reading.pack is not None, (plant, [each.concise() for each in reading.findings])
    found = [each for each in laxer_than_base.check(reading) if each.id in REFUSED]
    return {f"{name}:{each}" for each in lines}, [
        f"{each.span.file}:{each.span.line}" for each in found
    ]


def find_missed(files: dict[str, bytes], house: House, count: int) -> Iterator[str]:
    """Yield the laxities that are not told at their place."""
    for plant in plant_laxities(house, count):
        lines, told = judge(files, house, plant)
        if lines.isdisjoint(told):
            yield f"{plant.target}: {plant.what}: {told}"


def find_false_alarms(files: dict[str, bytes], house: House, count: int) -> Iterator[str]:
    """Yield the changes that are refused though they are not laxer."""
    for plant in plant_others(house, count):
        _, told = judge(files, house, plant)
        if told:
            yield f"{plant.target}: {plant.what}: {told}"


@pytest.mark.slow
def test_each_laxity_that_is_planted_in_a_house_is_found_at_its_place(
    files: dict[str, bytes],
) -> None:
    assert list(find_missed(files, sow(3), count_of_house())) == []


@pytest.mark.slow
def test_what_is_stricter_or_the_same_in_a_house_is_not_refused(files: dict[str, bytes]) -> None:
    assert list(find_false_alarms(files, sow(3), count_of_house())) == []
