"""Regular expressions in the syntax and with the meaning of RE2, matched in linear time.

Python's own engine backtracks, so that one pattern on one text can take for ever. Here a text is
read once, and all alternatives of the pattern are followed side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MOST_INSTRUCTIONS",
    "bound_instructions",
    "count_groups",
    "count_instructions",
    "find_matches",
    "matches",
    "price_match",
    "price_search",
]

MOST_INSTRUCTIONS = 200
"""Instructions of a pattern: its characters, branches and places, with repetitions written out."""
INSTRUCTIONS_PER_STEP = 10
"""Instructions of a pattern that take one more step for each character of the text; measured."""


def matches(text: str, pattern: str) -> bool:
    """Return whether a pattern matches some part of a text.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    # Not at the top: most packs have no pattern, and need no engine for one.
    from telecom_rules.expressions.regex.program import compile_pattern  # noqa: PLC0415

    return compile_pattern(pattern).search(text)


def find_matches(text: str, pattern: str) -> Iterator[list[int]]:
    """Yield the matches of a pattern in a text, from left to right.

    Returns:
        For each where it begins and ends, then the same of each group; -1 for one that took no
        part.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    from telecom_rules.expressions.regex.search import find_matches as find  # noqa: PLC0415

    return find(text, pattern)


def count_groups(pattern: str) -> int:
    """Return the groups of a pattern.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    from telecom_rules.expressions.regex.program import compile_pattern  # noqa: PLC0415

    return compile_pattern(pattern, captures=True).groups


def count_instructions(pattern: str) -> int:
    """Return the instructions of a pattern: the most steps it takes for one character.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    from telecom_rules.expressions.regex.program import compile_pattern  # noqa: PLC0415

    return len(compile_pattern(pattern).instructions)


def bound_instructions(pattern: str) -> int:
    """Return the instructions of a pattern, the most there may be if it is not valid."""
    try:
        return count_instructions(pattern)
    except EvaluationError:
        return MOST_INSTRUCTIONS


def price_search(length: int, instructions: int) -> int:
    """Return the steps of finding where a pattern matches in a text of this length.

    The text is read backwards, then forwards, and then once more along the matches.
    """
    return 3 * price_match(length, instructions)


def price_match(length: int, instructions: int) -> int:
    """Return the steps of matching a pattern of so many instructions on a text of this length."""
    return length * (1 + instructions // INSTRUCTIONS_PER_STEP)
