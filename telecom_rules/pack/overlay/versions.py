"""Ranges of versions, such as `>=0.2,<0.3`."""

from __future__ import annotations

import operator
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
BOUND = re.compile(rf"\s*(>=|<=|==|!=|>|<)\s*({VERSION.pattern})\s*")
MOST_CHARACTERS = 100
"""Characters of a version or a range: numbers without end are not compared."""

SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "、": ",", "；": ",", "。": "."})
"""Signs of the Chinese keyboard, and what they stand for in a range."""
SPACED_BOUNDS = re.compile(r"(?<=[0-9])\s+(?=[<>=!])")
SINGLE_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
ONE_VERSION = re.compile(rf"[v^~]?=?\s*({VERSION.pattern})(?:\.[x*])?", re.IGNORECASE)
"""One version, as other tools write the range of those like it."""

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


def narrow_range(text: str) -> str:
    """Return a range with the signs of the Chinese keyboard as a range has them."""
    return unicodedata.normalize("NFKC", text[:MOST_CHARACTERS].translate(SIGNS))


def guess_range(text: str) -> str | None:
    """Return the range that is most likely meant by a text that is none.

    >>> guess_range("≥0.2，<0.3"), guess_range("0.2.1"), guess_range("newest")
    ('>=0.2,<0.3', '>=0.2.1,<0.3', None)
    """
    narrow = narrow_range(text).strip()
    one = ONE_VERSION.fullmatch(narrow)
    if one is not None:
        first, second, *_ = (*map(int, one[1].split(".")), 0)
        return f">={one[1]},<{first}.{second + 1}"
    found = SINGLE_EQUALS.sub("==", SPACED_BOUNDS.sub(",", narrow)).strip(",")
    return found if is_range(found) else None


def is_empty(wanted: str) -> bool:
    """Return whether no version can lie in a range.

    Between two versions there is always another: behind `0.2` comes `0.2.0.1`.
    """
    bounds = [BOUND.fullmatch(each) for each in wanted.split(",")]
    known = [(each[1], read_numbers(each[2])) for each in bounds if each is not None]
    least: tuple[int, ...] = max(
        (at for sign, at in known if sign in {">", ">=", "=="}), default=()
    )
    most = [at for sign, at in known if sign in {"<", "<=", "=="}]
    if not most or least < min(most):
        return False
    return not all(OPERATORS[sign](least, at) for sign, at in known)


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
