"""Parses table cells: the unary tests of S-FEEL, into the same tree as expressions.

    -                   anything
    minor, moderate     one of these
    >= 50000, < 100     within one of these limits
    [10000..50000)      from 10000 up to, but not including, 50000; `]1..5[` excludes both ends
    not(minor, major)   none of these

A cell tests one fact, whose type determines its values: codes are bare words, texts are quoted,
numbers, dates and instants are written plain. A limit may also be a name such as
`parameters.threshold`. Source: DMN 1.5, section 9 (S-FEEL), less its date literals in functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.arithmetic import INTEGER_RANGE
from telecom_rules.expressions.operations.moments import date_of_text, instant_of_text
from telecom_rules.expressions.syntax.mistakes import THE_END, Mistake, ParseError
from telecom_rules.expressions.syntax.tokens import read_literal_at
from telecom_rules.expressions.syntax.tree import (
    Call,
    ListOf,
    Literal,
    Logic,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    INSTANT,
    INTEGER,
    MONEY,
    TEXT,
    UNSIGNED,
    CodeType,
    Field,
    Type,
)
from telecom_rules.wording import Wording

NUMERIC_TYPES = frozenset({INTEGER, UNSIGNED, DECIMAL, MONEY, DOUBLE})
ORDERED_TYPES = NUMERIC_TYPES | {DATE, INSTANT}

LONGEST_CELL = 1000
"""Code points of one cell."""

CELL_TOKEN_PATTERN = re.compile(
    r"""
    (?P<skip>[\t\n\f\r ]+)
    |(?P<instant>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+(?:[Zz]|[-+][0-9:]+)?)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?![0-9a-zA-Z_]))
    |(?P<quoted>["'])
    |(?P<word>[_a-zA-Z][_a-zA-Z0-9]*(?:\.[_a-zA-Z][_a-zA-Z0-9]*)*)
    |(?P<sign>\.\.|[<>]=?|[-,()\[\]])
    """,
    re.VERBOSE,
)

A_NUMBER = Wording("数字", "a number")
LIMIT_FORMS = {
    BOOLEAN: ("flag", Wording("true 或 false", "true or false")),
    TEXT: ("quoted", Wording("加引号的文本", "a text in quotes")),
    DATE: ("date", Wording("2016-07-30 形式的日期", "a date such as 2016-07-30")),
    INSTANT: (
        "instant",
        Wording(
            "2016-07-30T08:00:00+08:00 形式的时刻", "an instant such as 2016-07-30T08:00:00+08:00"
        ),
    ),
    INTEGER: ("number", Wording("整数", "a whole number")),
    UNSIGNED: ("number", Wording("整数", "a whole number")),
    DECIMAL: ("number", A_NUMBER),
    MONEY: ("number", A_NUMBER),
    DOUBLE: ("number", A_NUMBER),
}
"""The form of a limit on a fact of each type: the kind of its token, and its name."""
CODE_FORM = ("word", Wording("目录值", "a code"))


@dataclass(frozen=True, slots=True)
class CellToken:
    """A token of a cell: its kind, its place, its characters or the content of a text."""

    kind: str
    start: int
    end: int
    text: str


def parse_cell(source: str, fact: str, field: Field) -> SyntaxNode:
    """Return the test of `fact` in a cell as a tree that is true where the cell holds.

    Raises:
        ParseError: the cell cannot be read, or does not fit the type of the fact.
    """
    tree = CellParser(source, fact, field).tests()
    if field.optional and not isinstance(tree, Literal):
        name = Name(tree.start, tree.end, fact)
        present = PresenceTest(tree.start, tree.end, name)
        return Logic(tree.start, tree.end, every=True, operands=(present, tree))
    return tree


class CellParser:
    """Reads one cell."""

    def __init__(self, source: str, fact: str, field: Field) -> None:
        self.source = source
        self.fact = fact
        self.type: Type = field.type
        self.tokens: list[CellToken] = self.tokenize()
        self.at: int = 0

    def tokenize(self) -> list[CellToken]:
        """Return the tokens of the cell and two `end`, for one token of lookahead."""
        if len(self.source) > LONGEST_CELL:
            raise self.cell_error(
                0,
                len(self.source),
                "超过 {most} 个字符",
                "longer than {most} characters",
                most=LONGEST_CELL,
            )
        pieces: list[CellToken] = []
        at = 0
        while at < len(self.source):
            match = CELL_TOKEN_PATTERN.match(self.source, at)
            if match is None:
                raise self.cell_error(
                    at,
                    at + 1,
                    "不能识别 `{text}`",
                    "`{text}` is not valid here",
                    text=self.source[at],
                )
            piece = self.read_token(match)
            at = piece.end
            if piece.kind != "skip":
                pieces.append(piece)
        end = CellToken("end", at, at, "")
        return [*pieces, end, end]

    def read_token(self, match: re.Match[str]) -> CellToken:
        """Return one token."""
        kind = str(match.lastgroup)
        if kind == "quoted":
            token = read_literal_at(self.source, match.start())
            return CellToken(kind, token.start, token.end, str(token.value))
        if match[0] in {"true", "false"} and self.type is BOOLEAN:
            kind = "flag"
        return CellToken(kind, match.start(), match.end(), match[0])

    @property
    def next(self) -> CellToken:
        """The token that is read next."""
        return self.tokens[self.at]

    def accept(self, *signs: str) -> CellToken | None:
        """Read one of `signs` if it is next."""
        piece = self.next
        if piece.kind not in {"sign", "word"} or piece.text not in signs:
            return None
        self.at += 1
        return piece

    def tests(self) -> SyntaxNode:
        """Read the whole cell."""
        if self.next.text == "-" and self.tokens[self.at + 1].kind == "end":
            return Literal(self.next.start, self.next.end, BOOLEAN, value=True)
        if not isinstance(self.type, CodeType) and self.type not in LIMIT_FORMS:
            raise self.cell_error(
                0, len(self.source),
                "`{type}` 类型不能在单元格中判断，请用 `where`",
                "a `{type}` cannot be tested in a cell; use `where`", type=self.type,
            )  # fmt: skip
        negation = self.accept("not") if self.tokens[self.at + 1].text == "(" else None
        if negation is None:
            return self.expect_end(self.alternatives())
        self.accept("(")
        inside = self.alternatives()
        closing = self.expect(")")
        return self.expect_end(
            Call(
                negation.start,
                closing.end,
                "!_",
                (inside,),
                method=False,
                name_start=negation.start,
            )
        )

    def expect_end(self, tree: SyntaxNode) -> SyntaxNode:
        """Return `tree` if nothing is left to read."""
        if self.next.kind != "end":
            raise self.unexpected(Wording("`,`", "`,`"))
        return tree

    def alternatives(self) -> SyntaxNode:
        """Read tests of which one must hold."""
        start = self.next.start
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        end = self.tokens[self.at - 1].end
        if len(tests) == 1:
            return tests[0]
        # Values alone become one membership test, which a table can look up.
        plain = [
            test.arguments[1]
            for test in tests
            if isinstance(test, Call) and test.function == "_==_"
        ]
        if len(plain) == len(tests):
            return self.compare_fact("@in", start, end, ListOf(start, end, tuple(plain)))
        return Logic(start, end, every=False, operands=tuple(tests))

    def test(self) -> SyntaxNode:
        """Read a limit, an interval or a value."""
        sign = self.accept("<", "<=", ">", ">=", "[", "]", "(")
        if sign is None:
            value = self.value()
            return self.compare_fact("_==_", value.start, value.end, value)
        if self.type not in ORDERED_TYPES:
            raise self.cell_error(
                sign.start, sign.end,
                "`{type}` 类型的值没有大小之分",
                "values of type `{type}` have no order", type=self.type,
            )  # fmt: skip
        if sign.text in {"[", "]", "("}:
            return self.interval(sign)
        value = self.value()
        return self.compare_fact(f"_{sign.text}_", sign.start, value.end, value)

    def interval(self, opening: CellToken) -> SyntaxNode:
        """Read an interval behind its opening bracket."""
        low = self.value()
        self.expect("..")
        high = self.value()
        closing = self.expect("]", ")", "[")
        # A bracket that faces away excludes its end: `]1..5[` is `(1..5)`. The fact stays the left
        # operand of both comparisons, so the lower limit is a `>`, not a swapped `<`.
        above, below = (
            (">=" if opening.text == "[" else ">"),
            ("<=" if closing.text == "]" else "<"),
        )
        start, end = opening.start, closing.end
        if is_empty(low, high, closed=above == ">=" and below == "<="):
            raise self.cell_error(start, end, "该区间为空", "the interval is empty")
        lower = self.compare_fact(f"_{above}_", start, low.end, low)
        upper = self.compare_fact(f"_{below}_", high.start, end, high)
        return Logic(start, end, every=True, operands=(lower, upper))

    def compare_fact(self, operator: str, start: int, end: int, value: SyntaxNode) -> SyntaxNode:
        """Return the fact compared with `value`."""
        fact = Name(start, end, self.fact)
        return Call(start, end, operator, (fact, value), method=False, name_start=start)

    def value(self) -> SyntaxNode:
        """Read a value of the fact's type, or the name of one."""
        piece = self.next
        if piece.kind == "word" and "." in piece.text:
            self.at += 1
            return build_path(piece)
        if isinstance(self.type, CodeType):
            kind, wanted = CODE_FORM
        else:
            kind, wanted = LIMIT_FORMS[self.type]  # type: ignore[index]  # `tests` has looked
        if piece.kind != kind and not (kind == "word" and piece.kind == "quoted"):
            raise self.unexpected(wanted)
        self.at += 1
        try:
            return self.literal(piece, wanted)
        except EvaluationError as problem:
            raise self.cell_error(
                piece.start, piece.end, problem.wording.zh, problem.wording.en
            ) from None

    def literal(self, piece: CellToken, wanted: Wording) -> Literal:
        """Return the value that a token writes."""
        match piece.kind:
            case "flag":
                return Literal(piece.start, piece.end, BOOLEAN, piece.text == "true")
            case "date":
                return Literal(piece.start, piece.end, DATE, date_of_text(piece.text))
            case "instant":
                return Literal(piece.start, piece.end, INSTANT, instant_of_text(piece.text))
            case "number" if "." in piece.text and self.type not in {INTEGER, UNSIGNED}:
                return Literal(piece.start, piece.end, DOUBLE, piece.text)
            case "number":
                if "." in piece.text or int(piece.text) not in INTEGER_RANGE:
                    self.at -= 1
                    raise self.unexpected(wanted)
                return Literal(piece.start, piece.end, INTEGER, int(piece.text))
        return Literal(piece.start, piece.end, TEXT, piece.text)

    def expect(self, *signs: str) -> CellToken:
        """Read one of `signs`."""
        piece = self.accept(*signs)
        if piece is None:
            raise self.unexpected(Wording.same(f"`{signs[0]}`"))
        return piece

    def unexpected(self, wanted: Wording) -> ParseError:
        """Return the error of an unexpected token."""
        piece = self.next
        written = self.source[piece.start : piece.end]
        found = THE_END if piece.kind == "end" else Wording.same(f"`{written}`")
        return self.cell_error(
            piece.start, piece.end,
            "此处应为{wanted}，而不是{found}", "expected {wanted}, found {found}",
            wanted=wanted, found=found,
        )  # fmt: skip

    def cell_error(self, start: int, end: int, zh: str, en: str, **values: object) -> ParseError:
        """Return the error of a cell that cannot be read."""
        why = Wording(zh, en).fill(**values)
        return ParseError(
            Mistake("TR209", start, end, {"text": self.source.strip()[:60], "why": why})
        )


def build_path(piece: CellToken) -> SyntaxNode:
    """Return a dotted name as selections."""
    first, *rest = piece.text.split(".")
    at = piece.start + len(first)
    tree: SyntaxNode = Name(piece.start, at, first)
    for name in rest:
        end = at + 1 + len(name)
        tree = Select(piece.start, end, tree, name, at + 1)
        at = end
    return tree


def is_empty(low: SyntaxNode, high: SyntaxNode, *, closed: bool) -> bool:
    """Return whether an interval is empty, where both limits are literals."""
    if not isinstance(low, Literal) or not isinstance(high, Literal):
        return False
    least, most = (
        Decimal(str(each.value)) if each.type in {INTEGER, DOUBLE} else each.value
        for each in (low, high)
    )
    return bool(least > most or (least == most and not closed))  # type: ignore[operator]  # one type
