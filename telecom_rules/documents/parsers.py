"""The two parsers of YAML that PyYAML has, brought to the same behaviour.

libyaml is some twenty times faster and not always there. Where the two disagree, the pure one is
right, so a file reads the same everywhere.
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
"""From a text to its events; raises `yaml.YAMLError` where the text is not YAML."""

BLANK = "\0 \t\r\n"
DISPUTED = re.compile(r"\t|[|>][-+0-9]*#|(?:^|[:,\[{-]) *!\S*[!,\]}]|[\[{,]\s*\?", re.MULTILINE)
"""Where the parsers disagree: tabs, a comment right behind `|`, tags and `?` in brackets."""


class PureLoader(yaml.SafeLoader):
    """The pure parser, taking what libyaml takes and people write."""

    def scan_to_next_token(self) -> None:
        """Pass over white space; also over a tab, where it cannot be taken for indentation."""
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
    """Yield the events of `text` from the parser written in C, unless the parsers may disagree."""
    return parse_pure(text) if DISPUTED.search(text) else yaml.parse(text, Loader=yaml.CSafeLoader)


FASTEST_PARSER: EventParser = parse_libyaml if yaml.__with_libyaml__ else parse_pure
"""The faster of the two that this machine has."""
