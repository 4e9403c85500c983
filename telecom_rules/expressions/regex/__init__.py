"""Regular expressions in the syntax and with the meaning of RE2, matched in linear time.

Python's own engine backtracks, so that one pattern on one text can take for ever. Here a text is
read once, and all alternatives of the pattern are followed side by side.
"""

from __future__ import annotations

from telecom_rules.errors import EvaluationError

__all__ = [
    "MOST_INSTRUCTIONS",
    "bound_instructions",
    "count_instructions",
    "matches",
    "price_match",
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


def price_match(length: int, instructions: int) -> int:
    """Return the steps of matching a pattern of so many instructions on a text of this length."""
    return length * (1 + instructions // INSTRUCTIONS_PER_STEP)
