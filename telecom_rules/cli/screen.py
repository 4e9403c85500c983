"""The output of a verb: in one language, with or without colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from telecom_rules.wording import Language, Wording


STYLE_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

TERMINAL_CODES = re.compile(r"(?P<style>\x1b\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Colours, and control characters, which untrusted data may contain."""


class Screen:
    """A text stream for output in one language.

    Attributes:
        language: `"zh"` or `"en"`.
        colour: whether to write ANSI colours.
    """

    def __init__(self, stream: TextIO, language: Language, *, colour: bool) -> None:
        self._stream = stream
        self.language = language
        self.colour = colour

    def write_line(self, text: str = "") -> None:
        """Write `text` and end the line."""
        self._stream.write(TERMINAL_CODES.sub(self._tame, text) + "\n")

    def _tame(self, found: re.Match[str]) -> str:
        """Return the replacement of a control sequence: itself if it is a permitted colour."""
        return found[0] if self.colour and found["style"] else "\ufffd"

    def say(self, wording: Wording) -> None:
        """Write a wording in the screen's language and end the line."""
        self.write_line(wording.say(self.language))

    def write_title(self, wording: Wording) -> None:
        """Write a heading with a blank line before it."""
        self.write_line()
        self.write_line(self.paint(wording.say(self.language), "bold"))

    def paint(self, text: str, style: str) -> str:
        """Return `text` in a style, or as it is when the screen has no colour."""
        return f"\x1b[{STYLE_CODES[style]}m{text}\x1b[0m" if self.colour else text

    def pick(self, zh: str, en: str) -> str:
        """Return the text of the screen's language."""
        return zh if self.language == "zh" else en

    def cite(self, clauses: Sequence[object]) -> str:
        """Return clauses in brackets, dimmed."""
        return self.paint(bracket(clauses), "dim") if clauses else ""


def bracket(clauses: Sequence[object]) -> str:
    """Return clauses in brackets after two spaces, or an empty text without any."""
    return f"  [{', '.join(map(str, clauses))}]" if clauses else ""
