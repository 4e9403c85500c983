"""Regular expressions in the syntax and with the meaning of RE2, matched in linear time.

Python's own engine backtracks, so that one pattern on one text can take for ever. Here a text is
read once, and all alternatives of the pattern are followed side by side.
"""

from __future__ import annotations

__all__ = ["MOST_INSTRUCTIONS", "count_instructions", "matches"]

MOST_INSTRUCTIONS = 200
"""Instructions of a pattern: its characters, branches and places, with repetitions written out."""


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
