"""Markdown (CommonMark with the tables of GitHub): the escapes of every text that is put into it.

Source: CommonMark 0.31.2, sections 2.4 (backslash escapes) and 6.1 (code spans); GitHub Flavored
Markdown 0.29, section 4.10 (tables).
"""

from __future__ import annotations

import re

from telecom_rules.findings.terminal import escape_invisible

SPECIAL_CHARACTERS = re.compile(r"[][\\`*_<>|~$#!@]|&(?=#?\w+;)|:(?=//)|(?<=[wW]{3})\.")
"""Characters with a meaning inside a line, and where an entity or an address begins."""
BLOCK_START = re.compile(r"^([0-9]+)(?=[.)])|^(?=[-+](?:\s|$)|[-=\s]+$)")
"""The beginning of an item of a list, and a line that rules or underlines."""
ADDRESS_PATTERN = re.compile(r"https?://[^\s<>|`\\\x00-\x20\x7f]+")


def escape_text(text: str) -> str:
    """Return a text as it is to be read: one line, no markup, fit for the cell of a table."""
    line = escape_invisible(" ".join(text.split()))
    return BLOCK_START.sub(r"\1\\", SPECIAL_CHARACTERS.sub(r"\\\g<0>", line))


def quote_code(text: str) -> str:
    """Return a text as a span of code: one line, fit for the cell of a table."""
    line = escape_invisible(" ".join(text.split()))
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    edge = " " if not line or line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{edge}{line}{edge}{fence}".replace("|", "\\|")


def quote_address(address: str) -> str:
    """Return an address as a link, or as a text if it is not one of the web."""
    return f"<{address}>" if ADDRESS_PATTERN.fullmatch(address) else escape_text(address)


def write_row(*cells: str) -> str:
    """Return the line of a table; its cells are escaped already."""
    return f"| {' | '.join(cells)} |"
