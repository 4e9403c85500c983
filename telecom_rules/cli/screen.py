"""The one door through which a verb writes: in one language, whatever the terminal can show.

Text for people passes the escape for terminals, so that no value from outside can hide, reorder or
begin a line. A document for machines passes the escape of its own format instead. What the encoding
of a stream does not have is written as an escape, never refused.
"""

from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING

from telecom_rules.findings.terminal import escape_invisible, show_line
from telecom_rules.reports.json import escape_json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from _typeshed import SupportsWrite

    from telecom_rules.wording import Language

    Stream = SupportsWrite[str] | None


LONGEST_NAME = 200
"""Characters of a name on a line of the output; no case may have a longer one."""
LONGEST_PATH = 900
"""Characters of a path on a line of the output, beside the words about it."""
NAMED = Wording("{name}：{said}", "{name}: {said}")
STYLE_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def refer_to(character: str) -> str:
    """Return a character as XML and HTML write it by number."""
    return f"&#{ord(character)};"


ASCII_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "dmn": refer_to,
    "dot": refer_to,
    "gitlab": escape_json,
    "json": escape_json,
    "junit": refer_to,
    "markdown": refer_to,
    "mermaid": lambda character: f"#{ord(character)};",
    "sarif": escape_json,
    "scxml": refer_to,
    "xstate": escape_json,
}
"""How a format for machines writes a character in ASCII, by the name of the format."""


def cut_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name that somebody gave as a line of the output shows it."""
    return name if len(name) <= longest else f"{name[:longest]}…"


def describe_system_error(problem: Exception, file: Path | None = None) -> Wording:
    """Return what the system says about a file that cannot be used or has no usable name.

    Args:
        problem: the error, which may name the file itself.
        file: the file, where it does not.
    """
    from telecom_rules.pack.files import reason_of

    said = reason_of(problem) if isinstance(problem, OSError) else Wording.same(str(problem))
    name = file or getattr(problem, "filename", None)
    if not name:
        return said
    return NAMED.fill(name=cut_name(str(name), LONGEST_PATH), said=said)


class Screen:
    """The output and the error stream of a verb, for text in one language.

    Attributes:
        language: `"zh"` or `"en"`.
        colour: whether to write ANSI colours.
    """

    def __init__(self, out: Stream, err: Stream, language: Language, *, colour: bool) -> None:
        self._out = out
        self._err = err
        self.language = language
        self.colour = colour
        # Nobody can guess it, so no value can pass itself off as a style.
        self._style_mark = os.urandom(8).hex() if colour else ""

    def write_line(self, text: str = "") -> None:
        """Write `text` for people as one line, whatever it holds."""
        line = escape_invisible(text)
        if self.colour:
            line = line.replace(self._style_mark, "\x1b[")
        write_text(self._out, f"{line}\n")

    def write_lines(self, text: str) -> None:
        """Write a text of several lines for people."""
        for line in text.split("\n"):
            self.write_line(line)

    def write_document(self, text: str, form: str) -> None:
        """Write a document in a format, which has escaped its values itself.

        Any encoding but UTF-8 gets a document for machines in ASCII, with the escapes of its
        format: the same document in every encoding.
        """
        write_text(self._out, f"{text}\n", ASCII_ESCAPES.get(form))

    def complain(self, text: str) -> None:
        """Write a text of one or several lines to the error stream."""
        for line in text.split("\n"):
            self.complain_line(line)

    def complain_line(self, text: str) -> None:
        """Write `text` as one line to the error stream, whatever it holds."""
        write_text(self._err, f"{show_line(text)}\n")

    def say(self, wording: Wording) -> None:
        """Write a wording in the screen's language as one line."""
        self.write_line(wording.say(self.language))

    def write_title(self, wording: Wording) -> None:
        """Write a heading with a blank line before it."""
        self.write_line()
        self.write_line(self.paint(wording.say(self.language), "bold"))

    def paint(self, text: str, style: str) -> str:
        """Return `text` for `write_line` in a style, or as it is on a screen without colour."""
        if not self.colour:
            return text
        return f"{self._style_mark}{STYLE_CODES[style]}m{text}{self._style_mark}0m"

    def pick(self, zh: str, en: str) -> str:
        """Return the text of the screen's language."""
        return Wording(zh, en).say(self.language)

    def cite(self, clauses: Sequence[object]) -> str:
        """Return clauses in brackets, dimmed."""
        return self.paint(bracket(clauses), "dim") if clauses else ""


def write_text(stream: Stream, text: str, escape: Callable[[str], str] | None = None) -> None:
    """Write `text`, with an escape for what the stream's encoding does not have.

    Args:
        stream: the stream; `None` for one that is closed, as Python has it.
        text: the text.
        escape: returns a character of a document as its format writes it in ASCII; a text for
            people has none, and keeps every character that the encoding has.
    """
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if escape is not None:
        strange = {each for each in set(text) if not is_portable(each, encoding)}
        text = text.translate({ord(each): escape(each) for each in strange})
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def is_portable(character: str, encoding: str) -> bool:
    """Tell whether a character of a document is read back as itself by any program."""
    if character.isascii():
        return True
    is_surrogate = "\ud800" <= character <= "\udfff"
    return codecs.lookup(encoding).name == "utf-8" and not is_surrogate


def bracket(clauses: Sequence[object]) -> str:
    """Return clauses in brackets after two spaces, or an empty text without any."""
    return f"  [{', '.join(map(str, clauses))}]" if clauses else ""
