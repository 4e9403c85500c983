"""The parser: tokens to syntax tree, by precedence climbing.

    Expr           = ConditionalOr ["?" ConditionalOr ":" Expr]
    ConditionalOr  = [ConditionalOr "||"] ConditionalAnd
    ConditionalAnd = [ConditionalAnd "&&"] Relation
    Relation       = [Relation ("<" | "<=" | ">=" | ">" | "==" | "!=" | "in")] Addition
    Addition       = [Addition ("+" | "-")] Multiplication
    Multiplication = [Multiplication ("*" | "/" | "%")] Unary
    Unary          = Member | "!" {"!"} Member | "-" {"-"} Member
    Member         = Primary | Member "." ["?"] SELECTOR | Member "." SELECTOR "(" [ExprList] ")"
                   | Member "[" ["?"] Expr "]"
    Primary        = ["."] IDENT ["(" [ExprList] ")"] | "(" Expr ")" | LITERAL
                   | "[" [ItemList [","]] "]" | "{" [MapInits [","]] "}"
    ExprList       = Expr {"," Expr}
    ItemList       = ["?"] Expr {"," ["?"] Expr}
    MapInits       = ["?"] Expr ":" Expr {"," ["?"] Expr ":" Expr}

Source: the language definition of cel-spec, section Syntax, with the `?` of its extension for
optional values. Messages (`M{field: value}`) are left out until somebody needs them. Macros are
expanded while parsing, as the definition asks.

A tree is at most `DEEPEST_TREE` nodes deep, so that functions that walk it may recurse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.expressions.operations.arithmetic import INTEGER_RANGE, UNSIGNED_RANGE
from telecom_rules.expressions.syntax.macros import (
    MACROS,
    NAMESPACED_MACROS,
    expand_has,
    expand_macro,
)
from telecom_rules.expressions.syntax.mistakes import A_VALUE, THE_END, Mistake, ParseError
from telecom_rules.expressions.syntax.tokens import (
    KEYWORDS,
    RESERVED,
    Kind,
    Token,
    limit_error,
    syntax_error,
    tokenize,
)
from telecom_rules.expressions.syntax.tree import (
    Call,
    Conditional,
    ListOf,
    Literal,
    Logic,
    MapOf,
    Name,
    Select,
    SyntaxNode,
    children_of,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DOUBLE,
    INTEGER,
    NULL,
    TEXT,
    UNSIGNED,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_NESTED = 32
"""Brackets, calls and conditionals inside one another."""
DEEPEST_TREE = 64
"""Levels of a tree; a chain such as `a + b + c` counts one for each operator."""

OR, AND, RELATION, ADDITION, MULTIPLICATION = range(1, 6)
BINDING_POWERS = {
    "||": OR, "&&": AND,
    "==": RELATION, "!=": RELATION, "<": RELATION, "<=": RELATION, ">": RELATION, ">=": RELATION,
    "in": RELATION,
    "+": ADDITION, "-": ADDITION,
    "*": MULTIPLICATION, "/": MULTIPLICATION, "%": MULTIPLICATION,
}  # fmt: skip
"""How tightly each binary operator binds. All of them group to the left."""

LITERAL_TYPES = {
    Kind.INTEGER: INTEGER,
    Kind.UNSIGNED: UNSIGNED,
    Kind.FLOAT: DOUBLE,
    Kind.TEXT: TEXT,
    Kind.BYTES: BYTES,
}
INTEGER_RANGES = {INTEGER: INTEGER_RANGE, UNSIGNED: UNSIGNED_RANGE}

FOREIGN_OPERATORS = {"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!"}
"""Words of other languages for operators of this one."""

AN_OPERATOR = Wording("运算符", "an operator")
A_NAME = Wording("名称", "a name")


def parse(source: str) -> SyntaxNode:
    """Return the syntax tree of `source`.

    Raises:
        ParseError: it is not an expression, or is beyond a limit.
    """
    parser = Parser(tokenize(source))
    tree = parser.expression()
    if parser.next.kind is not Kind.END:
        raise parser.unexpected(AN_OPERATOR)
    refuse_depth(tree)
    return tree


def refuse_depth(tree: SyntaxNode) -> None:
    """Refuse a tree that is too deep to walk."""
    level: Sequence[SyntaxNode] = (tree,)
    for _ in range(DEEPEST_TREE):
        level = [child for node in level for child in children_of(node)]
        if not level:
            return
    raise limit_error(
        level[0].start,
        level[0].end,
        "超过 {most} 层",
        "deeper than {most} levels",
        most=DEEPEST_TREE,
    )


class Parser:
    """Reads one expression. `next` is the token to read next, `last` the one read before."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at: int = 0
        self.nested: int = -1

    @property
    def next(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    @property
    def last(self) -> Token:
        """The token that was read last."""
        return self.tokens[self.at - 1]

    def advance(self) -> Token:
        """Read one token; the end stays where it is."""
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, sign: str) -> bool:
        """Read `sign` if it is next, and say whether it was."""
        if not self.next.is_sign(sign):
            return False
        self.advance()
        return True

    def expression(self) -> SyntaxNode:
        """``ConditionalOr ["?" ConditionalOr ":" Expr]``."""
        self.nested += 1
        if self.nested > MOST_NESTED:
            raise limit_error(
                self.next.start, self.next.end,
                "嵌套超过 {most} 层", "nested deeper than {most} levels", most=MOST_NESTED,
            )  # fmt: skip
        start = self.next.start
        tree = self.binary(OR)
        if self.accept("?"):
            question = self.last
            yes = self.binary(OR)
            self.expect_closing(":", question)
            no = self.expression()
            tree = Conditional(start, self.last.end, tree, yes, no)
        self.nested -= 1
        return tree

    def binary(self, power: int) -> SyntaxNode:
        """``Unary {OP Unary}`` with every OP binding at least as tightly as `power`.

        The productions from ConditionalOr to Multiplication, by precedence climbing. All operators
        group to the left; the operands of a run of `&&` or of `||` become one node.
        """
        start = self.next.start
        left = self.unary()
        joined = 0
        while (binds := BINDING_POWERS.get(self.next.text, 0)) >= power:
            operator = self.advance()
            right = self.binary(binds + 1)
            end = self.last.end
            if binds in {OR, AND}:
                before = left.operands if isinstance(left, Logic) and joined == binds else (left,)
                left = Logic(start, end, binds == AND, (*before, right))
                joined = binds
            else:
                name = "@in" if operator.text == "in" else f"_{operator.text}_"
                left = Call(
                    start, end, name, (left, right), method=False, name_start=operator.start
                )
        return left

    def unary(self) -> SyntaxNode:
        """``Member | "!" {"!"} Member | "-" {"-"} Member``."""
        sign = self.next
        operators: list[Token] = []
        while sign.text in {"!", "-"} and self.next.is_sign(sign.text):
            # In `-1` the sign belongs to the literal, so that the least integer can be written.
            if sign.text == "-" and self.number_follows():
                break
            operators.append(self.advance())
        tree = self.member()
        for operator in reversed(operators):
            tree = Call(
                operator.start, self.last.end, f"{operator.text}_", (tree,),
                method=False, name_start=operator.start,
            )  # fmt: skip
        return tree

    def number_follows(self) -> bool:
        """Return whether a number follows the next token, which is a `-`."""
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return following.kind in {Kind.INTEGER, Kind.FLOAT, Kind.UNSIGNED}

    def member(self) -> SyntaxNode:
        """``Primary {"." ["?"] SELECTOR | "." SELECTOR "(" ... ")" | "[" ["?"] Expr "]"}``."""
        start = self.next.start
        tree = self.primary()
        while True:
            if self.accept("."):
                if self.accept("?"):
                    tree = self.optional_field(start, tree)
                    continue
                name = self.selector()
                if self.accept("("):
                    tree = self.call(start, name, tree)
                else:
                    field = str(name.value or name.text)
                    tree = Select(start, name.end, tree, field, name.start)
            elif self.accept("["):
                opened = self.last
                operator = "_[?_]" if self.accept("?") else "_[_]"
                index = self.expression()
                self.expect_closing("]", opened)
                tree = Call(
                    start, self.last.end, operator, (tree, index),
                    method=False, name_start=opened.start,
                )  # fmt: skip
            else:
                return tree

    def optional_field(self, start: int, tree: SyntaxNode) -> SyntaxNode:
        """``SELECTOR`` behind ``.?``."""
        name = self.selector()
        field = Literal(name.start, name.end, TEXT, str(name.value or name.text))
        return Call(start, name.end, "_?._", (tree, field), method=False, name_start=name.start)

    def selector(self) -> Token:
        """``SELECTOR``: the name of a field or method, which may be a reserved word."""
        if self.next.kind is Kind.QUOTED:
            return self.advance()
        if self.next.kind is not Kind.WORD or self.next.text in KEYWORDS:
            raise self.unexpected(A_NAME)
        return self.advance()

    def primary(self) -> SyntaxNode:
        """``["."] IDENT ["(" ... ")"] | "(" Expr ")" | "[" ... "]" | "{" ... "}" | LITERAL``."""
        token = self.next
        if token.kind is Kind.WORD:
            return self.word()
        if token.kind in LITERAL_TYPES or token.is_sign("-"):
            return self.literal()
        if self.accept("("):
            tree = self.expression()
            self.expect_closing(")", token)
            return tree
        if self.accept("["):
            return self.list_items(token)
        if self.accept("{"):
            return self.map_entries(token)
        if self.accept("."):
            return self.variable(token.start, absolute=True)
        raise self.unexpected(A_VALUE)

    def word(self) -> SyntaxNode:
        """``IDENT ["(" [ExprList] ")"] | "true" | "false" | "null"``."""
        token = self.next
        if token.text in {"true", "false", "null"}:
            self.advance()
            value = None if token.text == "null" else token.text == "true"
            kind = NULL if value is None else BOOLEAN
            return Literal(token.start, token.end, kind, value)
        return self.variable(token.start, absolute=False)

    def variable(self, start: int, *, absolute: bool) -> SyntaxNode:
        """``IDENT ["(" [ExprList] ")"]``: a variable, or a call of a function."""
        token = self.next
        if token.kind is not Kind.WORD or token.text in KEYWORDS:
            raise self.unexpected(A_NAME if absolute else A_VALUE)
        if token.text in RESERVED:
            raise syntax_error(
                token.start, token.end,
                "`{name}` 是保留字", "`{name}` is a reserved word", name=token.text,
            )  # fmt: skip
        self.advance()
        if self.accept("("):
            return self.call(start, token, None)
        return Name(start, token.end, token.text, absolute)

    def literal(self) -> Literal:
        """``["-"] NUMBER | TEXT | BYTES``."""
        start = self.next.start
        if self.next.is_sign("-") and not self.number_follows():
            raise self.unexpected(A_VALUE)
        minus = self.accept("-")
        token = self.advance()
        kind = LITERAL_TYPES[token.kind]
        if kind in {TEXT, BYTES}:
            return Literal(start, token.end, kind, token.value)
        digits = ("-" if minus else "") + token.text
        if kind is DOUBLE:
            return Literal(start, token.end, DOUBLE, digits)
        value = int(digits.rstrip("uU"), 16 if "x" in digits else 10)
        if value not in INTEGER_RANGES[kind]:
            raise syntax_error(
                start, token.end,
                "整数 `{text}` 超出 64 位", "`{text}` is beyond 64 bits", text=digits,
            )  # fmt: skip
        return Literal(start, token.end, kind, value)

    def arguments(self, opened: Token) -> tuple[SyntaxNode, ...]:
        """``[ExprList] ")"``; unlike a list it may not end with a comma."""
        arguments: list[SyntaxNode] = []
        while arguments or not self.next.is_sign(")"):
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect_closing(")", opened)
        return tuple(arguments)

    def list_items(self, opened: Token) -> SyntaxNode:
        """``[ItemList [","]] "]"``."""
        items: list[SyntaxNode] = []
        optional: set[int] = set()
        while not self.next.is_sign("]"):
            if self.accept("?"):
                optional.add(len(items))
            items.append(self.expression())
            if not self.accept(","):
                break
        self.expect_closing("]", opened)
        return ListOf(opened.start, self.last.end, tuple(items), frozenset(optional))

    def map_entries(self, opened: Token) -> SyntaxNode:
        """``[MapInits [","]] "}"``."""
        entries: list[tuple[SyntaxNode, SyntaxNode]] = []
        optional: set[int] = set()
        while not self.next.is_sign("}"):
            if self.accept("?"):
                optional.add(len(entries))
            key = self.expression()
            self.expect_closing(":", opened)
            entries.append((key, self.expression()))
            if not self.accept(","):
                break
        self.expect_closing("}", opened)
        return MapOf(opened.start, self.last.end, tuple(entries), frozenset(optional))

    def call(self, start: int, name: Token, target: SyntaxNode | None) -> SyntaxNode:
        """``[ExprList] ")"`` of a function or of the method of `target`; macros are expanded."""
        arguments = self.arguments(self.last)
        function = str(name.value or name.text)
        tree = Call(start, self.last.end, function, arguments, target is not None, name.start)
        if target is None:
            return expand_has(tree) if function == "has" else tree
        if isinstance(target, Name) and (expand := NAMESPACED_MACROS.get((target.name, function))):
            return expand(tree)
        if function in MACROS:
            return expand_macro(tree, target)
        return replace(tree, arguments=(target, *arguments))

    def expect_closing(self, sign: str, opened: Token) -> None:
        """Read the `sign` that belongs to `opened`."""
        if self.accept(sign):
            return
        mistake = self.unexpected(Wording.same(f"`{sign}`")).mistake
        related = (opened.start, opened.end, Wording("在此处打开", "opened here"))
        raise ParseError(
            Mistake(mistake.code, mistake.start, mistake.end, mistake.values, None, related)
        )

    def unexpected(self, wanted: Wording) -> ParseError:
        """Return the error of a token that cannot stand where it stands."""
        for token in (self.next, self.last):
            if token.kind is Kind.WORD and token.text in FOREIGN_OPERATORS:
                return syntax_error(
                    token.start, token.end,
                    "请用 `{meant}` 代替 `{word}`", "write `{meant}` for `{word}`",
                    meant=FOREIGN_OPERATORS[token.text], word=token.text,
                )  # fmt: skip
        token = self.next
        found = THE_END if token.kind is Kind.END else Wording.same(f"`{token.text}`")
        return syntax_error(
            token.start, token.end,
            "此处应为{wanted}，而不是{found}", "expected {wanted}, found {found}",
            wanted=wanted, found=found,
        )  # fmt: skip
