"""Text on a terminal: control and invisible characters, and the width of the others."""

from __future__ import annotations

import unicodedata

TAB = "    "
LONGEST_LINE = 1_000
"""Characters of a message that are shown; a document for machines has them all."""
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode counts among letters, marks and symbols, and that show nothing."""
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Controls, formats, surrogates, unassigned characters, line and paragraph separators."""


def escape_invisible(text: str) -> str:
    r"""Return `text` as a terminal may show it: on one line, in its order, with nothing hidden.

    A tab becomes four spaces. A character that is invisible, ends a line or reorders others is
    written as in Python: `\n`, `\x1b`, `\u202e`.
    """
    if text.isprintable() and (text.isascii() or BLANK_LETTERS.isdisjoint(text)):
        return text
    return "".join(
        TAB if each == "\t" else escape_character(each) if is_invisible(each) else each
        for each in text
    )


def show_line(text: str) -> str:
    """Return `text` as one line of a terminal that nobody minds to read: not endless."""
    shown = escape_invisible(text[: LONGEST_LINE + 1])
    return shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]}…"


def escape_character(character: str) -> str:
    r"""Return a character by its number, as in Python: `\n`, `\x1b`, `\u202e`."""
    return character.encode("unicode_escape").decode("ascii")


def is_invisible(character: str) -> bool:
    """Tell whether a character shows nothing of its own, ends a line or reorders others."""
    return unicodedata.category(character) in INVISIBLE_CATEGORIES or character in BLANK_LETTERS


def count_cells(text: str) -> int:
    """Return how many cells of a terminal `text` takes. Source: Unicode annex 11."""
    if text.isascii():
        return len(text)
    return sum(count_character_cells(each) for each in text)


def count_character_cells(character: str) -> int:
    """Return how many cells one character takes."""
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
