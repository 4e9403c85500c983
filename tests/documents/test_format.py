"""The one style: content and comments stay, twice is once, and mistakes are not touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from telecom_rules.documents import Items, Mapping, Scalar, format_text, read
from telecom_rules.documents.formatting.format import comments_of
from telecom_rules.documents.formatting.layout import lay_out, write_scalar
from telecom_rules.documents.parsers import parse_libyaml, parse_pure
from telecom_rules.documents.scalars import reading_of
from telecom_rules.findings import Findings

RULES = Path(__file__).resolve().parents[2] / "rules"


def formatted(text: str, **options) -> str:
    found = Findings()
    written = format_text(text.encode(), "x.yaml", found, **options)
    assert written is not None, [each.concise() for each in found]
    return written


def said(node) -> object:
    """Return what a node says: texts, with those apart that quotes make texts."""
    if isinstance(node, Mapping):
        return {str(key): said(value) for key, value in node.items()}
    if isinstance(node, Items):
        return [said(each) for each in node]
    assert isinstance(node, Scalar)
    return node.text, node.quoted and reading_of(node.text) is not None


def tree(text: str) -> object:
    found = Findings()
    node = read(text.encode(), "x.yaml", found)
    assert not found, [each.concise() for each in found]
    return said(node)


STYLE = [
    ("indents", "a:\n    b:\n        c: d\n", "a:\n  b:\n    c: d\n"),
    ("lists are indented", "a:\n- b\n- c: d\n  e: f\n", "a:\n  - b\n  - c: d\n    e: f\n"),
    ("spaces", "a:   b\nc: {  d:  e ,f: [ g,h ] }\n", "a: b\nc: {d: e, f: [g, h]}\n"),
    ("quotes where not needed", "a: \"b c\"\nd: 'e'\n", "a: b c\nd: e\n"),
    ("quotes where needed", "a: \"yes\"\nb: '2016-07-30'\n", 'a: "yes"\nb: "2016-07-30"\n'),
    ("quotes of a sign", "a: '!b'\nc: \"it's\"\nd: 'x: y'\n", 'a: "!b"\nc: it\'s\nd: "x: y"\n'),
    ("quotes around quotes", "a: '\"b\"'\n", "a: '\"b\"'\n"),
    ("quotes in brackets", 'a: {b: "c, d", e: "f?"}\n', 'a: {b: "c, d", e: "f?"}\n'),
    ("quotes ahead of a comment", 'a: "b > 1"  # why\n', 'a: "b > 1"  # why\n'),
    ("numbers of clauses", 'a:\n  "7.1": b\n  "on": c\n', 'a:\n  "7.1": b\n  on: c\n'),
    ("trailing spaces", "a: b   \nc:   \n  d: e \n", "a: b\nc:\n  d: e\n"),
    ("blank lines", "\n\na: b\n\n\n\nc: d\n\n", "a: b\n\nc: d\n"),
    ("the last line", "a: b", "a: b\n"),
    ("line ends and byte order mark", "\ufeffa: b\r\nc: d\r\n", "a: b\nc: d\n"),
    ("a comment in front", "# first\n\n#second\na: b\n", "# first\n\n#second\na: b\n"),
    ("a comment behind", "a: b # why\nc:  # which\n    d: e\n",
     "a: b  # why\nc:  # which\n  d: e\n"),
    ("a comment inside", "a:\n    # of b\n    b: c\n    # last\nd: e\n",
     "a:\n  # of b\n  b: c\n  # last\nd: e\n"),
    ("a comment at the end", "a:\n    b: c\n    # inner\n# outer\n",
     "a:\n  b: c\n  # inner\n# outer\n"),
    ("a comment in a list", "a:\n- b\n# of c\n- c # c\n- # of d\n  d: e\n",
     "a:\n  - b\n  # of c\n  - c  # c\n  -  # of d\n    d: e\n"),
    ("brackets over lines", "a: {\n  b: c,   d: e, # why\n    f: g\n}\n",
     "a: {\n  b: c, d: e,  # why\n  f: g\n}\n"),
    ("brackets that fit again", "a: [\n  b,\n  c\n]\n", "a: [b, c]\n"),
    ("text in a block", "a: >-\n     b\n       c\n\n     d\ne: f\n",
     "a: >-\n  b\n    c\n\n  d\ne: f\n"),
    ("text in a block that keeps its end", "a: |+\n    b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"),
    ("text that says its indent", "a:\n    b: |1\n      c\n     d\n",
     "a:\n  b: |2\n     c\n    d\n"),
    ("text over lines", "a: b\n      c\n\n      d\n", "a: b\n  c\n\n  d\n"),
    ("JSON", '{"a": {"b": [1, true, "x"]}, "c": "2"}', 'a: {b: [1, true, x]}\nc: "2"\n'),
    ("nothing in brackets", "a: {}\nb: {c: [d, {}]}\n", "a: {}\nb: {c: [d, {}]}\n"),
    ("lists in lists", "a:\n-   - b\n    - c\n-   - d\n", "a:\n  - - b\n    - c\n  - - d\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"), [each[1:] for each in STYLE], ids=[s[0] for s in STYLE]
)
def test_the_style(before: str, after: str) -> None:
    assert formatted(before) == after
    assert formatted(after) == after
    assert tree(after) == tree(before)


def test_brackets_that_do_not_fit_get_lines_of_their_own() -> None:
    long = "这是一段相当长的说明文字，" * 6
    before = f'a:\n  - {{zh: {long}, en: {{b: c}}, f: [d, e]}}  # why: "x > 1"\n'
    after = f'a:\n  - zh: {long}\n    en: {{b: c}}\n    f: [d, e]  # why: "x > 1"\n'
    assert formatted(before) == after
    assert formatted(after) == after


def test_a_comment_behind_brackets_is_never_taken_for_the_end_of_an_expression() -> None:
    before = "assign: {amount: amount + 1, " + ", ".join(f"f{n}: '{n}'" for n in range(20))
    after = formatted(before + "}  # why\n")
    assert after.startswith("assign:  # why\n  amount: amount + 1\n")


@pytest.mark.parametrize(
    "text", ["a: [b", "a: b\n c: d\n", "a: b\na: c\n", "- a\n", "", "a: &b c\n", "a: \x00"]
)
def test_a_file_with_mistakes_is_left_alone_and_they_are_told(text: str) -> None:
    found = Findings()
    assert format_text(text.encode(), "x.yaml", found) is None
    assert found


def test_a_text_whose_meaning_hangs_on_its_line_ends_is_left_alone_and_told() -> None:
    found = Findings()
    assert format_text(b'a: "b\n  \\ c"\nd: {e: "f\\\n g",\n\n\n h: i}\n', "x.yaml", found) is None
    assert [each.id for each in found] == ["TR903"]


WORDS = st.one_of(
    st.sampled_from(["a", "b c", "yes", "1", "2016-07-30", "x: y", "# no", "a #b", "it's", '"q"',
                     "!a && b", "{a}", "[a", "a, b", "-", "- a", "?", "? a", "a?", "投诉", "~",
                     "*a", "%", "@a", "a:", ":a", "'", "\\", "|", ">-", "a\nb", "0x1f", "1:30",
                     "=", "."]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20),
).filter(str.strip)  # fmt: skip
KEYS = st.sampled_from(
    ["a", "on", "zh", "7.1(2)", "2016-01-01", "no", "a_b", "x.y", "*", "a.*", "-"]
)
DATA = st.recursive(
    st.one_of(WORDS, st.booleans(), st.integers(-99, 99)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=4))
def test_what_is_laid_out_reads_as_it_was_and_is_in_the_style(data: dict) -> None:
    text = lay_out(data)
    assert tree(text) == shape(data)
    assert formatted(text) == text


def shape(data: object) -> object:
    if isinstance(data, dict):
        return {key: shape(value) for key, value in data.items()}
    if isinstance(data, list):
        return [shape(each) for each in data]
    text = write_scalar(data) if isinstance(data, int) else str(data)
    return text, isinstance(data, str) and reading_of(text) is not None


@st.composite
def sources(draw) -> str:
    """Return a file as somebody in a hurry writes it."""
    lines: list[str] = []
    noise(draw, lines, 0)
    body(draw, lines, draw(st.dictionaries(KEYS, DATA, min_size=1, max_size=4)), 0)
    noise(draw, lines, draw(st.integers(0, 4)))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


def noise(draw, lines: list[str], indent: int) -> None:
    for _ in range(draw(st.integers(0, 2))):
        text = draw(st.sampled_from(["", "# why", "#", "#- a: b", "# 注释：'\"[{"]))
        lines.append(" " * indent + text if text else draw(st.sampled_from(["", "  "])))


def body(draw, lines: list[str], data, indent: int) -> None:
    entries = data.items() if isinstance(data, dict) else ((None, each) for each in data)
    for key, value in entries:
        noise(draw, lines, draw(st.sampled_from([indent, indent, 0, indent + 2])))
        head = " " * indent + ("-" if key is None else quoted_key(draw, key) + ":")
        gap = " " * draw(st.integers(1, 3))
        behind = draw(st.sampled_from(["", "", "", "  # c", " #", "   "]))
        if isinstance(value, dict | list) and draw(st.booleans()):
            lines.append(head + behind)
            deeper = draw(st.sampled_from([2, 4, 3]))
            body(draw, lines, value, indent + deeper)
        elif isinstance(value, dict | list):
            lines.append(head + gap + bracketed(draw, value, indent) + behind)
        else:
            lines.append(head + gap + alone(draw, value, indent) + behind)


def quoted_key(draw, key: str) -> str:
    return f'"{key}"' if key[0] in "-*0123456789" or draw(st.booleans()) else key


def alone(draw, value, indent: int) -> str:
    text = write_scalar(value)
    if isinstance(value, str) and text == value and draw(st.booleans()) and "'" not in value:
        return f"'{value}'"
    return text


def bracketed(draw, value, indent: int) -> str:
    """Return `value` in brackets, sometimes over several lines."""
    if not isinstance(value, dict | list):
        return write_scalar(value, bracketed=True)
    inside = [
        bracketed(draw, each, indent)
        if isinstance(value, list)
        else f"{quoted_key(draw, each)}: {bracketed(draw, value[each], indent)}"
        for each in value
    ]
    space = draw(st.sampled_from(["", " ", "\n" + " " * (indent + 3)]))
    comma = draw(st.sampled_from([", ", ",", " , ", ",  # c\n" + " " * (indent + 1)]))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + space + comma.join(inside) + space + closing


@settings(max_examples=max(200, settings.default.max_examples))
@given(sources())
def test_content_and_comments_stay_and_twice_is_once(text: str) -> None:
    found = Findings()
    if read(text.encode(), "x.yaml", found) is None or found:
        assert format_text(text.encode(), "x.yaml", Findings()) is None
        return
    event("formatted")
    once = formatted(text)
    assert tree(once) == tree(text)
    assert comments_of(once, parse_pure) == comments_of(text, parse_pure)
    assert formatted(once) == once
    assert formatted(text, parser=parse_pure) == once
    assert all(line == line.rstrip() for line in once.splitlines())
    assert "\n\n\n" not in once


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.yaml")), ids=lambda it: it.name)
def test_a_shipped_file_keeps_its_content_and_its_comments(path: Path) -> None:
    text = path.read_text("utf-8")
    once = formatted(text)
    assert tree(once) == tree(text)
    assert comments_of(once, parse_libyaml) == comments_of(text, parse_libyaml)
    assert formatted(once) == once
