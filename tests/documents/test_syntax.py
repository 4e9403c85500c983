"""The usual slips in YAML are named in the user's words, at the place to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import read
from telecom_rules.findings import Findings
from tests.patience import within

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Mapping
    from telecom_rules.findings import Finding

    Reading = Callable[..., tuple[Mapping | None, list[Finding]]]

TAB = "there is a tab here"
SECOND_COLON = "there is a second colon on this line"
OUT_OF_LINE = "the indentation does not line up with the lines above"
CONFLICT = "this is the mark of a merge conflict of git"
NO_COLON = "this line is not `key: value`"
NO_SPACE = "a space is missing after the colon"
WIDE_COLON = "this colon is the full-width `：`"
OPEN_QUOTE = "the quote opened here is not closed"
AFTER_QUOTE = "something follows the closing quote"
AFTER_BRACKET = "something follows the closing bracket"
ESCAPE = "there is no valid escape after the `\\`"

SPACE, USUAL = "the space here is", "not the usual one"

SLIPS = {
    "tab indentation": ("a:\n\tb: 1", "2:1", TAB),
    "tab behind spaces": ("a:\n  b: 1\n  \tc: 2", "3:3", TAB),
    "line of a tab": ("a: 1\n\t\nb: 2", "2:1", TAB),
    "tab inside a value": ("a: b\tc", "1:5", TAB),
    "two colons": ("a: b: c", "1:5", SECOND_COLON),
    "colon in a title": ("t: {zh: 一, en: x}\nu: Complaint: reply", "2:13", SECOND_COLON),
    "too far in": ("a: 1\n  b: 2", "2:4", OUT_OF_LINE),
    "not far enough in": ("a:\n  b: 1\n c: 2", "3:2", OUT_OF_LINE),
    "list out of line": ("a:\n  - b\n - c", "3:2", OUT_OF_LINE),
    "list among keys": ("a: 1\n- c", "2:1", OUT_OF_LINE),
    "no colon": ("a: 1\nb 2\nc: 3", "2:1", NO_COLON),
    "merge conflict": ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other", "2:1", CONFLICT),
    "merge conflict below": ("a: {b: 1\n<<<<<<< HEAD\nc: 1}\n=======\n", "2:1", CONFLICT),
    "no space in an item": ("a:\n  -b: 1\n   c: 2", "2:3", "a space is missing after the `-`"),
    "wide hash": ("a: 1\n＃ why\nc: 3", "2:1", "this sign is the full-width `＃`"),
    "no colon at first": ("b\na: 1", "1:1", NO_COLON),
    "no colon at last": ("a: 1\nb", "2:1", NO_COLON),
    "no space": ("a: 1\nb:2\nc: 3", "2:1", NO_SPACE),
    "no space at first": ("b:2\na: 1", "1:1", NO_SPACE),
    "no space anywhere": ("a:1\nb:2", "1:1", NO_SPACE),
    "no space in brackets": ("a: {b:1}", "1:5", NO_SPACE),
    "wide colon": ("a: 1\nb：2\nc: 3", "2:1", WIDE_COLON),
    "wide colon at first": ("标题：投诉\na: 1", "1:1", WIDE_COLON),
    "wide colon in brackets": ("a: {zh：投诉, en: x}", "1:5", WIDE_COLON),
    "double quote": ('a: "x\nb: 1\n', "1:4", OPEN_QUOTE),
    "single quote": ("a:\n  b: 'x\n", "2:6", OPEN_QUOTE),
    "quote before the document's end": ("a: 'x\n---\n", "1:4", OPEN_QUOTE),
    "quote closed by the next": (
        'a: "x\nb: "y"\n',
        "1:4",
        "the quote opened here is closed on line 2 only",
    ),
    "apostrophe": ("a: 'it's'\nb: 1", "1:8", AFTER_QUOTE),
    "quoted start of an expression": ("a: 'x' == b", "1:8", AFTER_QUOTE),
    "list start of an expression": ("a: [b] + c", "1:8", AFTER_BRACKET),
    "open list": ("a: [x, y\n", "1:4", "the `[` opened here is not closed"),
    "open list with a comma": ("a: [x,\n", "1:4", "the `[` opened here is not closed"),
    "open mapping": ("a: {x: 1\nb: 3\n", "1:4", "the `{` opened here is not closed"),
    "open inner list": ("a: {x: 1, y: [1, 2}\n", "1:19", "expected `,` or `]` here"),
    "brackets in brackets": ("a: {t: list[channel]?}", "1:12", "expected `,` or `}` here"),
    "list in the line": ("a: - b", "1:4", "a list cannot start on the line of its key"),
    "at": ("a: @x", "1:4", "a value cannot start with `@`"),
    "percent": ("a: %x", "1:4", "a value cannot start with `%`"),
    "backtick": ("a: `x`", "1:4", "a value cannot start with a backtick"),
    "greater in brackets": ("a: {b: > 5}", "1:8", "a value cannot start with `>`"),
    "greater": ("a: > 5", "1:4", "a value that starts with `>` is taken for a block of text"),
    "or": ("a: || b", "1:4", "a value that starts with `|` is taken for a block of text"),
    "stray bracket": ("a: ]", "1:4", "`]` cannot stand here"),
    "comma too many": ("a: [b, , c]", "1:8", "`,` cannot stand here"),
    "question mark": ("a: ? b", "1:4", "`?` cannot stand here"),
    "escape": ('a: "x\\qy"', "1:6", ESCAPE),
    "short escape": ('a: "\\x4"', "1:5", ESCAPE),
    "escape of nothing": ('a: "\\U00110000"', "1:5", ESCAPE),
    "wide comma": ("a: {zh: 手机号码，en: Phone}", "1:13", "this comma is the full-width `，`"),
    "wide comma and space": ("a: {x: 1， y: 2}", "1:9", "this comma is the full-width `，`"),
    "comma in a text": ("a: {zh: 你好，世界 en: x}", "1:17", "expected `,` or `}` here"),
    "no-break space": ("unit:\u00a0days\nb: 1", "1:6", f"{SPACE} U+00A0 NO-BREAK SPACE, {USUAL}"),
    "wide indent": ("a:\n\u3000b: 1", "2:1", f"{SPACE} U+3000 IDEOGRAPHIC SPACE, {USUAL}"),
    "text behind the end": ("a: 1\n...\nb: 2", "3:1", "this does not belong to the mapping above"),
}


@pytest.mark.parametrize(("text", "place", "why"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_one_finding_in_our_words(
    text: str, place: str, why: str, reading: Reading
) -> None:
    _, (finding,) = reading(text)
    assert (finding.id, str(finding.span)) == ("TR005", f"f.yaml:{place}")
    assert finding.wording.en == f"not valid YAML: {why}"
    assert finding.help is not None
    assert finding.help.zh != finding.help.en


def test_the_way_out_repeats_the_users_words(reading: Reading) -> None:
    _, (finding,) = reading("a: 1\n标题：投诉\nb: 2")
    assert finding.help is not None
    assert finding.help.zh == "改用半角冒号加空格：`标题: 投诉`"
    assert finding.help.en == "use `:` and a space: `标题: 投诉`"


def test_a_missing_comma_names_the_bracket(reading: Reading) -> None:
    _, (finding,) = reading("a: {x: 1, y: 'b' z: 2}")
    assert str(finding.span) == "f.yaml:1:18"
    assert [str(each.span) for each in finding.related] == ["f.yaml:1:4"]


LINES = "\n".join(f"k{each}: some value" for each in range(4_000))
"""A text that is too long for the pure parser."""


TOLD_BY_BOTH = (
    *("two colons", "too far in", "no colon at last", "double quote", "list in the line"),
    *("open list", "brackets in brackets", "at", "stray bracket", "comma too many"),
)
"""Slips behind whose messages both parsers stop at the same place."""


@pytest.mark.parametrize("name", TOLD_BY_BOTH)
def test_a_late_slip_in_a_long_text_is_told_as_in_a_short_one(name: str, reading: Reading) -> None:
    text, place, why = SLIPS[name]
    line, column = place.split(":")
    _, (finding,) = reading(f"{LINES}\n{text}")
    assert finding.wording.en == f"not valid YAML: {why}"
    assert str(finding.span) == f"f.yaml:{4_000 + int(line)}:{column}"


def test_an_early_slip_in_a_long_text_is_told_as_in_a_short_one(reading: Reading) -> None:
    _, (finding,) = reading(f"a: 1\nb:2\nc: 3\n{LINES}")
    assert finding.wording.en == f"not valid YAML: {NO_SPACE}"
    assert str(finding.span) == "f.yaml:2:1"


@pytest.mark.parametrize("line", ["a: b\tc", "# a comment\twith a tab"])
def test_what_parsers_read_differently_is_refused_in_a_long_text(line: str) -> None:
    found = Findings()
    assert read(f"{LINES}\n{line}".encode(), "f.yaml", found) is None
    assert [(each.id, each.span.line) for each in found] == [("TR028", 4_001)]


def test_a_late_mistake_costs_one_reading(reading: Reading) -> None:
    late = b"\n".join(b"k%d: v" % each for each in range(49_000)) + b"\nbad line\n"
    with within(2):
        found = Findings()
        assert read(late, "f.yaml", found) is None
    assert [(each.id, each.span.line) for each in found] == [("TR005", 49_001)]


@pytest.mark.parametrize("text", ["a: *x == y", "a: !x == y", "a: !x && !y", "a: &x && y"])
def test_an_expression_without_quotes_is_one_finding(text: str, reading: Reading) -> None:
    _, (finding,) = reading(text)
    assert finding.id in {"TR007", "TR008"}
    assert str(finding.span) == "f.yaml:1:4"
