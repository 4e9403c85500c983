"""Texts to syntax trees: the grammar of cel-spec, places, limits, messages."""

from __future__ import annotations

import pytest

from telecom_rules.documents import Scalar
from telecom_rules.expressions import check
from telecom_rules.expressions.syntax.mistakes import ParseError
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tokens import Kind, tokenize
from telecom_rules.expressions.syntax.tree import (
    Call,
    Conditional,
    ListOf,
    Literal,
    Logic,
    MacroCall,
    MapOf,
    Name,
    PresenceTest,
    Select,
    children_of,
)
from telecom_rules.findings import Findings, Span
from tests.expressions.expression_samples import SCOPE, mistakes, scalar, told, written


def shape(node):
    """A tree as a text with brackets around every operator and call."""
    if isinstance(node, Literal):
        return repr(node.value)
    if isinstance(node, Name):
        return f".{node.name}" if node.absolute else node.name
    return compound(node, [shape(child) for child in children_of(node)])


def compound(node, below):
    """A node as a text around the texts below it."""
    match node:
        case PresenceTest():
            return f"has({below[0]})"
        case Select(field=field):
            return f"{below[0]}.{field}"
        case Logic(every=every):
            return f"({(' && ' if every else ' || ').join(below)})"
        case Conditional():
            return f"({below[0]} ? {below[1]} : {below[2]})"
        case ListOf():
            return f"[{', '.join(below)}]"
        case MapOf():
            pairs = zip(below[::2], below[1::2], strict=True)
            return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"
        case MacroCall(kind=kind, variable=variable):
            return f"{kind.value}({', '.join([below[0], variable.name, *below[1:]])})"
        case Call(function=function):
            return f"{function}({', '.join(below)})"
    raise AssertionError(node)


def refusal(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    return caught.value.mistake


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c", "(a || (b && c))"),
        ("a && b && c", "(a && b && c)"),
        ("(a && b) && c", "((a && b) && c)"),
        ("a && (b && c)", "(a && (b && c))"),
        ("a || b || c && d && e", "(a || b || (c && d && e))"),
        ("a == b && c != d", "(_==_(a, b) && _!=_(c, d))"),
        ("a < b < c", "_<_(_<_(a, b), c)"),
        ("a in b == c", "_==_(@in(a, b), c)"),
        ("a + b * c - d", "_-_(_+_(a, _*_(b, c)), d)"),
        ("a * b / c % d", "_%_(_/_(_*_(a, b), c), d)"),
        ("(a + b) * c", "_*_(_+_(a, b), c)"),
        ("a - -1", "_-_(a, -1)"),
        ("-1", "-1"),
        ("-a", "-_(a)"),
        ("--a", "-_(-_(a))"),
        ("!!a", "!_(!_(a))"),
        ("!a.b", "!_(a.b)"),
        ("!(a || b)", "!_((a || b))"),
        ("-a.b[0]", "-_(_[_](a.b, 0))"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a || b ? c : d", "((a || b) ? c : d)"),
        ("a ? (b ? c : d) : e", "(a ? (b ? c : d) : e)"),
        ("a.b.c(d).e", "c(a.b, d).e"),
        ("a[b][c].d", "_[_](_[_](a, b), c).d"),
        ("f()", "f()"),
        ("a.in_()", "in_(a)"),
        ("a.package", "a.package"),
        ("a.`content-type`", "a.content-type"),
        (".a + b", "_+_(.a, b)"),
        ("[1, 2,]", "[1, 2]"),
        ("[]", "[]"),
        ("{'a': 1, 'b': 2,}", "{'a': 1, 'b': 2}"),
        ("{}", "{}"),
        ("has(a) && has(a.b)", "(has(a) && has(a.b))"),
        ("a.all(x, x > 1)", "all(a, x, _>_(x, 1))"),
        ("a.exists_one(x, x)", "exists_one(a, x, x)"),
        ("a.existsOne(x, x)", "exists_one(a, x, x)"),
        ("a.map(x, x + 1)", "map(a, x, _+_(x, 1))"),
        ("a.map(x, x > 1, x + 1)", "map(a, x, _>_(x, 1), _+_(x, 1))"),
        ("a.filter(x, x > 1)[0]", "_[_](filter(a, x, _>_(x, 1)), 0)"),
        ("a // the rest is a comment\n && b", "(a && b)"),
        ("true && !false || null == a", "((True && !_(False)) || _==_(None, a))"),
    ],
)
def test_operators_group_as_the_grammar_says(text, tree):
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("- 5", -5),
        ("0x1F", 31),
        ("-0x1f", -31),
        ("18446744073709551615u", 2**64 - 1),
        ("0xFFu", 255),
        ("7U", 7),
        ("1.50", "1.50"),
        (".5", ".5"),
        ("-1e-3", "-1e-3"),
        ("2E+10", "2E+10"),
        ("'a'", "a"),
        ('"a\'b"', "a'b"),
        (r"'\a\b\f\n\r\t\v\\\?\'\"\`'", "\a\b\f\n\r\t\v\\?'\"`"),
        (r"'\x41\X42\101'", "ABA"),
        (r"'\u6295\U0001F600'", "投😀"),
        (r"r'\n'", r"\n"),
        (r'R"\d+"', r"\d+"),
        ("'''a'b''c'''", "a'b''c"),
        ('"""a\n"b""c"""', 'a\n"b""c'),
        ("r'''a\\'''", "a\\"),
        ("'投诉'", "投诉"),
        ("b'abc'", b"abc"),
        ("b'投'", "投".encode()),
        (r"b'\xff\377'", b"\xff\xff"),
        (r"br'\x'", rb"\x"),
        ("true", True),
        ("null", None),
    ],
)
def test_literals_have_the_value_they_write(text, value):
    assert parse(text).value == value


def test_places_count_code_points():
    tree = parse("content == '投诉😀' && is_crime")
    assert [(each.start, each.end) for each in (tree, *tree.operands)] == [
        (0, 28),
        (0, 16),
        (20, 28),
    ]


def test_brackets_belong_to_what_is_around_them():
    tree = parse("(a || b) && !( c )")
    left, right = tree.operands
    assert (left.start, left.end) == (1, 7)
    assert (right.start, right.end) == (12, 18)
    assert (tree.start, tree.end) == (0, 18)


@pytest.mark.parametrize(
    ("text", "start", "end", "why"),
    [
        ("", 0, 0, "expected a value, found the end"),
        ("   ", 3, 3, "expected a value, found the end"),
        ("a b", 2, 3, "expected an operator, found `b`"),
        ("a &&", 4, 4, "expected a value, found the end"),
        ("a && && b", 5, 7, "expected a value, found `&&`"),
        ("(a", 2, 2, "expected `)`, found the end"),
        ("a)", 1, 2, "expected an operator, found `)`"),
        ("f(a,)", 4, 5, "expected a value, found `)`"),
        ("[1 2]", 3, 4, "expected `]`, found `2`"),
        ("{1}", 2, 3, "expected `:`, found `}`"),
        ("a ? b", 5, 5, "expected `:`, found the end"),
        ("a ? b ? c : d : e", 6, 7, "expected `:`, found `?`"),
        ("a.", 2, 2, "expected a name, found the end"),
        ("a.1", 1, 3, "expected an operator, found `.1`"),
        ("a.true", 2, 6, "expected a name, found `true`"),
        ("!-a", 1, 2, "expected a value, found `-`"),
        ("package", 0, 7, "`package` is a reserved word"),
        ("in", 0, 2, "expected a value, found `in`"),
        ("a = b", 2, 3, "`=` is not an operator; write `==`"),
        ("a & b", 2, 3, "`&` is not an operator; write `&&`"),
        ("a ≥ 1", 2, 3, "`≥` is not an operator; write `>=`"),
        ("a，b", 1, 2, "`，` is a full-width character; write `,`"),
        ("a ＆＆ b", 2, 4, "`＆＆` are full-width characters; write `&&`"),
        ("a＆&b", 1, 3, "`＆&` are full-width characters; write `&&`"),
        ("a ｜｜ b", 2, 4, "`｜｜` are full-width characters; write `||`"),
        ("a ！＝ b", 2, 4, "`！＝` are full-width characters; write `!=`"),
        ("a ＊ b", 2, 3, "`＊` is a full-width character; write `*`"),
        (
            "a；",
            1,
            2,
            "`；` is a full-width character; an expression ends without a sign: delete it",
        ),
        ("a;", 1, 2, "an expression ends without `;`: delete it"),
        ("a；b", 1, 2, "the character `；` means nothing here"),
        ("a\u3000> 1", 1, 2, "the space here is U+3000, not the usual one"),
        ("a and b", 2, 5, "write `&&` for `and`"),
        ("not a", 0, 3, "write `!` for `not`"),
        ("投诉 == 1", 0, 1, "names are ASCII letters, digits and `_`; put a text in quotes"),
        ("a $ b", 2, 3, "the character `$` means nothing here"),
        ("a \x00", 2, 3, "the character U+0000 means nothing here"),
        ("a == 'b", 5, 6, "the text has no closing quote"),
        ("'a\nb'", 0, 1, "the text has no closing quote"),
        (r"'a\q'", 2, 4, r"there is no escape `\q`"),
        (r"'\u12'", 1, 3, r"there is no escape `\u`"),
        (r"b'\u0041'", 2, 8, r"`\u0041` is a character; in bytes an octet is written `\xFF`"),
        (
            r"b'\U00000041'",
            2,
            12,
            r"`\U00000041` is a character; in bytes an octet is written `\xFF`",
        ),
        (r"'\ud83d'", 1, 7, r"`\ud83d` is not a character"),
        (r"'\U00110000'", 1, 11, r"`\U00110000` is not a character"),
        ("'\ud83d'", 1, 2, "the character U+D83D means nothing here"),
        ("9223372036854775808", 0, 19, "`9223372036854775808` is beyond 64 bits"),
        ("-1u", 0, 3, "`-1u` is beyond 64 bits"),
        ("has(1)", 0, 6, "`has` takes one fact or field"),
        ("has(a, b)", 0, 9, "`has` takes one fact or field"),
        ("a.all(1, b)", 0, 11, "`all` takes a variable and an expression, as in `all(x, x > 1)`"),
        ("a.map(x)", 0, 8, "`map` takes a variable and an expression, as in `map(x, x > 1)`"),
    ],
)
def test_a_text_that_is_no_expression_is_refused_at_the_place(text, start, end, why):
    mistake = refusal(text)
    assert (mistake.code, mistake.start, mistake.end) == ("TR201", start, end)
    assert mistake.values["why"].en == why
    assert mistake.values["why"].zh


def test_an_unclosed_bracket_is_shown_where_it_opened():
    (finding,) = mistakes("is_crime && (count > 1 || [1, 2")
    (related,) = finding.related
    assert told([finding]) == ["32-33 TR201 not a valid expression: expected `]`, found the end"]
    assert (related.span.column, related.wording.en) == (27, "opened here")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a" * 4097, "more than 4096 characters"),
        ("a+" * 600 + "a", "more than 1000 tokens"),
        ("(" * 33 + "a" + ")" * 33, "nested deeper than 32 levels"),
        ("[" * 400, "nested deeper than 32 levels"),
        ("{1:" * 300, "nested deeper than 32 levels"),
        ("f(" * 400, "nested deeper than 32 levels"),
        ("a?b:" * 200 + "c", "nested deeper than 32 levels"),
        ("!" * 900 + "a", "deeper than 64 levels"),
        ("- " * 900 + "a", "deeper than 64 levels"),
        ("a" + ".b" * 400, "deeper than 64 levels"),
        ("a" + "[0]" * 300, "deeper than 64 levels"),
        ("a" + "+a" * 400, "deeper than 64 levels"),
        ("a" + ".f()" * 200, "deeper than 64 levels"),
    ],
)
def test_what_is_too_large_is_refused_and_not_recursed_into(text, why):
    mistake = refusal(text)
    assert mistake.code == "TR202"
    assert mistake.values["why"].en == why


def test_what_the_language_definition_demands_fits():
    parse("(" * 32 + "7" + ")" * 32)
    parse("||".join(["a"] * 400))
    parse("a" + " + a" * 24)
    parse("a" + " ? b : a" * 24)
    parse("a" + ".b" * 12 + "[0]" * 12)
    parse("f(" * 12 + "a" + ")" * 12)


def test_a_finding_points_into_a_value_of_one_line():
    found = Findings()
    check(scalar("is_crime & true", line=7, column=11), SCOPE, None, found)
    assert str(found[0].span) == "rule.yaml:7:20"


def test_a_finding_of_a_folded_value_points_at_the_whole_value():
    span = Span("rule.yaml", 7, 11, 9, 4)
    found = Findings()
    check(Scalar("is_crime & true", span, quoted=True), SCOPE, None, found)
    assert found[0].span == span


def test_a_text_beside_the_token_in_is_no_operator():
    assert written("content in ['in', '&&']").type


def test_tokens_end_with_an_end():
    assert [token.kind for token in tokenize("a.b // c")] == [
        Kind.WORD, Kind.SIGN, Kind.WORD, Kind.END,
    ]  # fmt: skip
