"""Ranges of versions, such as `>=0.2,<0.3`."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
BOUND = re.compile(rf"\s*(>=|<=|==|!=|>|<)\s*({VERSION.pattern})\s*")
MOST_CHARACTERS = 100
"""Characters of a version or a range: numbers without end are not compared."""

OPERATORS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def is_version(text: str) -> bool:
    """Return whether a text is a version that a range can be asked about: numbers and points."""
    return len(text) <= MOST_CHARACTERS and VERSION.fullmatch(text) is not None


def is_range(text: str) -> bool:
    """Return whether a text is a range: bounds with commas between them."""
    return len(text) <= MOST_CHARACTERS and all(map(BOUND.fullmatch, text.split(",")))


def meets(version: str, wanted: str) -> bool:
    """Return whether a version lies in a range; one that is not numbers and points lies in none.

    A number that is not written is 0: `0.2` is the same version as `0.2.0`.
    """
    if not is_version(version):
        return False
    bounds = [BOUND.fullmatch(each) for each in wanted.split(",")]
    return all(
        each is not None and OPERATORS[each[1]](read_numbers(version), read_numbers(each[2]))
        for each in bounds
    )


def read_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version without the zeros at its end."""
    numbers = [int(each) for each in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
