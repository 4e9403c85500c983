from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telecom_rules.documents import Broken, Items, Limits, Mapping, Node, Scalar
from telecom_rules.documents.characters import FORBIDDEN_CHARACTERS
from telecom_rules.findings import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.findings import Finding

    Reading = Callable[..., tuple[Mapping | None, list[Finding]]]
    Mistakes = Callable[..., list[str]]


def plain(node: Node) -> Any:
    """Return a tree without its places."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, Items):
        return [plain(each) for each in node]
    assert isinstance(node, Scalar)
    return node.text


PLACES = {
    "TR002": (b"a: " + b"x" * 1_000_000, ["TR002 1:1"]),
    "TR003": (b"a: 1\nb: \xe6\x8a\x95\xff", ["TR003 2:5"]),
    "TR004": ("a: 投\u200b诉", ["TR004 1:5"]),
    "TR004 each kind once": ("a: \u200b\nb: \u200b\u202e", ["TR004 1:4", "TR004 2:5"]),
    "TR004 in an escape": ('a:\n  b: "x\\0"', ["TR004 2:6"]),
    "TR005": ("a:\n\tb: 1", ["TR005 2:1"]),
    "TR006": ("a: 1\nb: 2\na: 3", ["TR006 3:1"]),
    "TR006 in brackets": ("a: {b: 1, c: 2, b: 3}", ["TR006 1:17"]),
    "TR007 anchor": ("a:\n  b: &x 1", ["TR007 2:6"]),
    "TR007 alias": ("a: [b, *x]", ["TR007 1:8"]),
    "TR007 once a line": ("a: {<<: *x, b: *y}\nc: *z", ["TR007 1:5", "TR007 2:4"]),
    "TR008": ("a:\n  b: !!int 5", ["TR008 2:6"]),
    "TR008 behind an anchor": ("a: &x !t 5", ["TR007 1:4"]),
    "TR009": ("a: 1\n---\nb: 1", ["TR009 2:1"]),
    "TR010": ("a: " + "[" * 40, ["TR010 1:35"]),
    "TR012": ("a:\n  b: " + "x" * 70_000, ["TR012 2:6"]),
    "TR013": ("a:\n  bé: 1", ["TR013 2:3"]),
    "TR013 list": ("a: 1\n? [x]\n: 1", ["TR013 2:3"]),
    "TR014": ("a: 1\n2026-01-01: x", ["TR014 2:1"]),
    "TR016": ("a:\n  b:\n  c: 1", ["TR016 2:3"]),
    "TR016 in a list": ("a:\n  - x\n  -\n", ["TR016 3:4"]),
    "TR016 in brackets": ("a: {b, c: 1}", ["TR016 1:5"]),
    "TR017": ("# nothing\n", ["TR017 1:1"]),
    "TR018": ("\n- a\n- b", ["TR018 2:1"]),
    "TR019": ("# c\n%YAML 1.2\n---\na: 1", ["TR019 2:1"]),
    "several": (
        "a: 1\na: 2\nb: *x\nc:\nd: !t 5\n'?': 1\n",
        ["TR006 2:1", "TR007 3:4", "TR016 4:1", "TR008 5:4", "TR013 6:1"],
    ),
    "several, then a slip": ("a: 1\na: 2\nb: c: d\n", ["TR006 2:1", "TR005 3:5"]),
}


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_each_mistake_is_reported_once_and_where_it_is(
    text: str, expected: list[str], mistakes: Mistakes
) -> None:
    assert mistakes(text) == expected


def test_a_duplicate_key_names_the_first_and_keeps_its_value(reading: Reading) -> None:
    root, found = reading("a: 1\nb: 2\na: [3, 3, *x]")
    assert root is not None
    assert plain(root) == {"a": "1", "b": "2"}
    assert [str(each.span) for each in found[0].related] == ["f.yaml:1:1"]


def test_what_cannot_be_read_is_broken_and_the_rest_stays(reading: Reading) -> None:
    root, _ = reading("a: *x\nb: !t 1\nc:\nd: [1, *x]\ne: ok")
    assert root is not None
    assert [isinstance(root[key], Broken) for key in root] == [True, True, True, False, False]
    assert plain(root["e"]) == "ok"  # type: ignore[index]  # a Word equals its text


def test_a_mapping_with_an_unreadable_key_is_damaged(reading: Reading) -> None:
    root, _ = reading("a: 1\nté: 2\nb: {c: 1}")
    assert root is not None
    assert root.damaged
    assert plain(root) == {"a": "1", "b": {"c": "1"}}


def test_a_file_whose_first_key_is_unreadable_is_no_kind_of_file(reading: Reading) -> None:
    assert reading("policу: x\ntitle: y")[0] is None


def test_the_key_on_is_the_text_on(reading: Reading) -> None:
    root, found = reading("on: {no: yes}")
    assert not found
    assert root is not None
    assert plain(root) == {"on": {"no": "yes"}}


SPANS = {
    "plain": ("a: b c  # d", Span("f.yaml", 1, 4, 1, 7)),
    "quoted": ("a: 'b c'  ", Span("f.yaml", 1, 4, 1, 9)),
    "chinese": ('a: "客户投诉"', Span("f.yaml", 1, 4, 1, 10)),
    "emoji": ("a: \U0001f600b", Span("f.yaml", 1, 4, 1, 6)),
    "block": ("a: |\n  b\n  c\n\n\n# d\ne: 1", Span("f.yaml", 1, 4, 3, 4)),
    "folded": ("a: >-\n  b\n\n  c\n\ne: 1", Span("f.yaml", 1, 4, 4, 4)),
    "block at the end": ("a: |\n  b", Span("f.yaml", 1, 4, 2, 4)),
    "several lines": ("a: b\n  c\n\ne: 1", Span("f.yaml", 1, 4, 2, 4)),
    "mapping": ("a:\n  b: 1\n\n\n# c\nd: 1", Span("f.yaml", 1, 1, 1, 2)),
    "mapping in brackets": ("a: {b: 1}", Span("f.yaml", 1, 1, 1, 2)),
    "list": ("a:\n  - 1\n\nb: 1", Span("f.yaml", 1, 1, 1, 2)),
}


@pytest.mark.parametrize(("text", "span"), SPANS.values(), ids=SPANS)
def test_a_span_holds_the_value_or_its_key_and_nothing_behind(
    text: str, span: Span, reading: Reading
) -> None:
    root, found = reading(text)
    assert not found
    assert root is not None
    assert next(iter(root.values())).span == span


def test_a_mapping_in_a_list_is_where_its_first_key_or_bracket_is(reading: Reading) -> None:
    root, _ = reading("a:\n  - b: 1\n    c: 2\n  - {d: 1}\n  - {\n    e: 1}\n")
    assert root is not None
    (items,) = root.values()
    assert isinstance(items, Items)
    assert [each.span for each in items] == [
        Span("f.yaml", 2, 5, 2, 6),
        Span("f.yaml", 4, 5, 4, 11),
        Span("f.yaml", 5, 5, 5, 6),
    ]


PARTS = {
    "plain": ("a: x && yy", "f.yaml:1:9"),
    "quoted": ("a: 'x && yy'", "f.yaml:1:10"),
    "chinese": ('a: "投诉 && yy"', "f.yaml:1:11"),
    "over two lines": ("a: x &&\n   yy", "f.yaml:2:4"),
    "quoted over lines": ('a: "x &&\n\n  yy"', "f.yaml:3:3"),
    "block": ("a: |\n  x &&\n    yy\n", "f.yaml:3:5"),
    "folded": ("a: >-\n\n  x &&\n  yy\n\n", "f.yaml:4:3"),
    "escapes": ('a: "x\\u0020&& yy"', "f.yaml:1:4"),
    "escapes over lines": ('a: "x\\u0041\n yy"', "f.yaml:1:4"),
}


@pytest.mark.parametrize(("text", "place"), PARTS.values(), ids=PARTS)
def test_a_place_inside_an_expression_is_where_it_was_written(
    text: str, place: str, reading: Reading
) -> None:
    root, _ = reading(text)
    assert root is not None
    (value,) = root.values()
    assert isinstance(value, Scalar)
    at = value.text.index("yy")
    assert str(value.span_between(at, at + 2)) == place
    value.span_between(len(value.text), len(value.text))


def test_a_comment_behind_a_plain_value_is_noted(reading: Reading) -> None:
    root, _ = reading("a: b # c\nd: 'e' # f\ng: h\n# i\n")
    assert root is not None
    assert [each.commented for each in root.values() if isinstance(each, Scalar)] == [
        True,
        False,
        False,
    ]


def test_limits_can_be_lowered(reading: Reading) -> None:
    tight = Limits(size=30, depth=2, nodes=6, scalar=3, mistakes=2)
    assert [each.id for each in reading("a: " + "b" * 28, tight)[1]] == ["TR002"]
    assert [each.id for each in reading("a: [[b]]", tight)[1]] == ["TR010"]
    assert [each.id for each in reading("a: [b, c, d, e]", tight)[1]] == ["TR011"]
    assert str(reading("a: [b, c, d, e]", tight)[1][0].span) == "f.yaml:1:14"
    assert [each.id for each in reading("a: long", tight)[1]] == ["TR012"]
    assert [each.id for each in reading("a: 1\na: 1\na: 1\na: 1", tight)[1]] == ["TR006"] * 2


def test_every_invisible_character_is_forbidden() -> None:
    allowed = {"\t", "\n"}
    for number in range(0x110000):
        character = chr(number)
        hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        if (hidden and character not in allowed) or (number & 0xFFFE) == 0xFFFE:
            assert FORBIDDEN_CHARACTERS.match(character), f"U+{number:04X}"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
@example(data=b"\xff\xfe")
def test_any_bytes_end_in_a_tree_or_in_findings(data: bytes, reading: Reading) -> None:
    root, found = reading(data)
    assert root is not None or found


SIGNS = "ab: \n\t-?[]{},#&*!|>'\"%@`\\=<~：投é."
PHRASES = ["  ", "\n  ", "\n- ", ": ", "\r\n", "\n---\n", "\n...\n", "'x'", "# c", "!t ", "&a "]
MORE = ["*a", "<<: ", "null", "\\x41", "a: ", "b: [c, d]", "x: |\n  y\n", "{z: w?}"]
PIECES = st.sampled_from([*SIGNS, *PHRASES, *MORE])


@settings(max_examples=600, deadline=None)
@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_the_parsers_agree_on_any_text(text: str, reading: Reading) -> None:
    root, found = reading(text)
    assert root is not None or found


KEYS = st.from_regex(r"[a-z_][a-z0-9_.-]{0,8}", fullmatch=True).filter(lambda key: key != "null")
TEXTS = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"], include_characters="\n"), max_size=20
).filter(lambda text: not FORBIDDEN_CHARACTERS.search(text))
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(tree=TREES, flow=st.booleans(), style=st.sampled_from([None, '"', "'", "|", ">"]))
def test_what_is_written_is_read(
    tree: dict[str, Any], flow: bool, style: str | None, reading: Reading
) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, default_style=style, allow_unicode=True)
    if FORBIDDEN_CHARACTERS.search(text) or "? " in text:
        return
    root, found = reading(text)
    assert not found
    assert root is not None
    assert plain(root) == tree
