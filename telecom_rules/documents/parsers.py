"""The two YAML parsers of PyYAML, brought to the same behaviour.

libyaml is about twenty times faster but not always installed. Where the two may disagree, the pure
parser is used, so a file reads the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import yaml
from yaml.events import Event
from yaml.scanner import ScannerError
from yaml.tokens import ScalarToken

if TYPE_CHECKING:
    from yaml.error import Mark


EventParser: TypeAlias = Callable[[str], Iterator[Event]]
"""Yields the events of a text, or raises `yaml.YAMLError` if it is not YAML."""

BLANK = "\0 \t\r\n"
DISPUTED = re.compile(r"\t|[|>][-+0-9]*#|(?:^|[:,\[{-]) *!\S*[!,\]}]|[\[{,]\s*\?", re.MULTILINE)
"""Texts on which the parsers differ: tabs, a comment right after `|`, tags, `?` in brackets."""
MOST_CHARACTERS = 50_000
"""Characters that the pure parser is given: it takes about a second for them at the worst."""


class PureLoader(yaml.SafeLoader):
    """The pure parser, extended to the common YAML that libyaml accepts and it refuses."""

    def scan_to_next_token(self) -> None:
        """Skip white space, including tabs that cannot be mistaken for indentation."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain(self) -> ScalarToken:
        """Return a plain value; inside brackets it may hold a `?`, as in `{fine: money?}`."""
        start = end = self.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] = []
        while self.peek() != "#" and (length := self.plain_length()):
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start) or []
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)  # noqa: FBT003 - plain

    def plain_length(self) -> int:
        """Return how many characters of a plain value follow without white space."""
        flow = ",[]{}" if self.flow_level else ""
        length = 0
        while (character := self.peek(length)) not in BLANK + flow and not (
            character == ":" and self.peek(length + 1) in BLANK + flow
        ):
            length += 1
        return length

    def scan_flow_scalar_non_spaces(
        self,
        double: bool,  # noqa: FBT001 - as PyYAML calls it
        start_mark: Mark,
    ) -> list[str]:
        """Return a part of a quoted value; an escape that names no character is not YAML."""
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            problem = "found invalid escape"
            raise ScannerError("while scanning", start_mark, problem, self.get_mark()) from None


def parse_pure(text: str) -> Iterator[Event]:
    """Yield the events of `text` from the parser written in Python."""
    return yaml.parse(text, Loader=PureLoader)


def parse_libyaml(text: str) -> Iterator[Event]:
    """Yield the events of `text` from the parser written in C, unless the parsers may disagree.

    A text that is too long for the pure parser goes to the parser in C all the same; its reader
    refuses it where they may disagree.
    """
    if len(text) <= MOST_CHARACTERS and DISPUTED.search(text):
        return parse_pure(text)
    return iter_libyaml(text)


def iter_libyaml(text: str) -> Iterator[Event]:
    """Yield the events of `text` as `yaml.parse` does, without asking first if there is one."""
    loader = yaml.CSafeLoader(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


FASTEST_PARSER: EventParser = parse_libyaml if yaml.__with_libyaml__ else parse_pure
"""The faster parser that is installed."""
