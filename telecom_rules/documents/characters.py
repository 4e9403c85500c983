"""Decodes UTF-8, and refuses characters that are invisible or reorder a text."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING

from telecom_rules.findings import Findings, Span
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBIDDEN_CHARACTERS = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, without tab and line feed
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"  # formats
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, bidi, byte order
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001-\U000e007f"  # tags, an invisible alphabet
    "\u2028\u2029"  # line and paragraph separator
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, noncharacters
    + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0x1FFFF, 0x110000, 0x10000))
    + "]"
)
"""Source: the Unicode categories Cc, Cf, Cs, Zl and Zp, and the noncharacters."""


WIDE_SIGN = re.compile("[\uff01-\uff5e、。【】]")
"""A character of the Chinese keyboard that stands in the place of one of ASCII."""
NARROW_SIGNS = str.maketrans("、。【】", ",.[]")
"""What is meant by those that have no half-width form."""
LEAST_COMMON = 2
"""Chinese characters that a text has to have before its encoding is guessed."""
ENCODINGS: Mapping[str, Wording] = {
    "utf-16-le": Wording("，似为 UTF-16 编码", "; it seems to be UTF-16"),
    "utf-16-be": Wording("，似为 UTF-16 编码", "; it seems to be UTF-16"),
    "gb18030": Wording("，似为 GBK 编码", "; it seems to be GBK"),
}
"""What is said of an encoding that a file seems to have, by the name of its codec."""
UNKNOWN_ENCODING = Wording("", "")


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Return the text of `data`, without a byte order mark and with line feeds only, or `None`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        start = start_of_strange(data, problem.start)
        codec = guess_codec(data[start:])
        before = data[:start].decode("utf-8")
        before += data[start : problem.start].decode(codec or "utf-8", "ignore")
        before = before.removeprefix("\ufeff")
        span = span_at_offset(before, len(before), file)
        guess = UNKNOWN_ENCODING if codec is None else ENCODINGS[codec]
        findings.add("TR003", span, offset=problem.start, guess=guess)
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    first: dict[str, int] = {}
    for match in FORBIDDEN_CHARACTERS.finditer(text):
        first.setdefault(match[0], match.start())
    for character, at in sorted(first.items(), key=lambda item: item[1]):
        findings.add(
            "TR004", span_at_offset(text, at, file), character=describe_character(character)
        )
    return None if first else text


def span_at_offset(text: str, at: int, file: str) -> Span:
    """Return the place of the character at offset `at`."""
    line_start = text.rfind("\n", 0, at) + 1
    return Span(file, text.count("\n", 0, at) + 1, at - line_start + 1)


def describe_character(character: str) -> str:
    """Return an invisible character by number and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def narrow_signs(text: str) -> str:
    """Return a text with its full-width signs, letters and digits in half width."""
    return unicodedata.normalize("NFKC", text.translate(NARROW_SIGNS))


def decode_for_display(data: bytes) -> str:
    """Return the text of a file as its author sees it, whatever its encoding seems to be."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        start = start_of_strange(data, problem.start)
        codec = guess_codec(data[start:]) or "utf-8"
        text = data[:start].decode("utf-8") + data[start:].decode(codec, "replace")
        return text.replace("\ufeff", "", 1)


def start_of_strange(data: bytes, at: int) -> int:
    """Return where the text of another encoding begins whose first byte not of UTF-8 is `at`.

    That is the whole file, but for what is put behind a text of UTF-8 with a mark of its own.
    """
    return at if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE), at) else 0


def guess_codec(data: bytes) -> str | None:
    """Return the codec of the encoding that bytes seem to have that are not UTF-8, or `None`."""
    if b"\0" in data:
        # Of a character of ASCII one half is zero, the first or the second.
        is_big = data.startswith(BOM_UTF16_BE) or data[::2].count(0) > data[1::2].count(0)
        return "utf-16-be" if is_big else "utf-16-le"
    try:
        strange = [each for each in data.decode("gb18030") if not each.isascii()]
    except UnicodeDecodeError:
        return None
    common = sum("\u4e00" <= each <= "\u9fff" or each in "，。；：、（）" for each in strange)
    if common < LEAST_COMMON or common * 10 < len(strange) * 9:
        return None
    return "gb18030"
