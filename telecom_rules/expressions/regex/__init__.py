"""Regular expressions in the syntax and with the meaning of RE2, matched in linear time.

Python's own engine backtracks, so that one pattern on one text can take for ever. Here a text is
read once, and all alternatives of the pattern are followed side by side.
"""

from __future__ import annotations

__all__ = ["matches", "refuse_pattern"]


def matches(text: str, pattern: str) -> bool:
    """Return whether a pattern matches some part of a text.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    # Not at the top: most packs have no pattern, and need no engine for one.
    from telecom_rules.expressions.regex.program import compile_pattern  # noqa: PLC0415

    return compile_pattern(pattern).search(text)


def refuse_pattern(pattern: str) -> None:
    """Refuse a pattern that cannot be used, before there is a text.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    matches("", pattern)
