"""Text on a terminal: control and invisible characters, and the width of the others."""

from __future__ import annotations

import unicodedata

TAB = "    "


def escape_invisible(text: str) -> str:
    """Return `text` with tabs expanded and control and invisible characters replaced."""
    if text.isprintable():
        return text
    return "".join(
        TAB if each == "\t" else "\ufffd" if is_invisible(each) else each for each in text
    )


def is_invisible(character: str) -> bool:
    """Tell whether a character is a control, format, line separator or unassigned character."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


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
