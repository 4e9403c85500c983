"""Checking a text of a pack: parse, type and bound it, and report every mistake with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.checking.checker import Checker
from telecom_rules.expressions.checking.cost import bound_cost
from telecom_rules.expressions.checking.narrowing import ensured
from telecom_rules.expressions.expression import Expression
from telecom_rules.expressions.syntax.cells import parse_cell
from telecom_rules.expressions.syntax.mistakes import Mistake, ParseError
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tree import Conditional, ListOf, Literal, Name, SyntaxNode
from telecom_rules.vocabulary.types import BOOLEAN, TEXT, CodeType, ListType, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Scalar
    from telecom_rules.expressions.scope import Scope
    from telecom_rules.findings import Findings


def check(
    source: Scalar,
    scope: Scope,
    expected: Type | None,
    findings: Findings,
    *,
    bare_codes: bool = False,
) -> Expression | None:
    """Return the expression written in `source`, or `None` after appending every mistake.

    Args:
        source: the text.
        scope: the names it may use.
        expected: the type its value must have, or `None` for any value. A whole number is also a
            decimal or money, money also a decimal, a code also a text.
        findings: where mistakes are appended.
        bare_codes: whether a word may stand for the code of that name where a code (or a list of
            codes) is expected, as in the outputs of a table; a code then hides a fact of its name.
    """

    def read() -> SyntaxNode:
        tree = parse(source.text)
        return resolve_bare_codes(tree, scope, expected) if bare_codes else tree

    return build_expression(source, scope, expected, findings, read)


def check_cell(source: Scalar, fact: str, scope: Scope, findings: Findings) -> Expression | None:
    """Return the unary test in a cell as a boolean expression, or `None` after appending mistakes.

    A cell is written `-` (anything), `minor, moderate`, `>= 50000`, `[10000..50000)`, `not(minor)`.
    A cell on a fact that is optional is false where the fact is absent, whatever it tests; `-` is
    true. A limit may be a name such as `parameters.x`.

    Args:
        source: the text of the cell.
        fact: the fact it tests, one of `scope.facts`.
        scope: the names a limit may use.
        findings: where mistakes are appended.
    """
    field = scope.facts[fact]
    return build_expression(
        source, scope, BOOLEAN, findings, lambda: parse_cell(source.text, fact, field), fact
    )


def build_expression(
    source: Scalar,
    scope: Scope,
    expected: Type | None,
    findings: Findings,
    read: Callable[[], SyntaxNode],
    fact: str | None = None,
) -> Expression | None:
    """Return the expression whose tree `read` gives, or `None` after appending every mistake."""
    checker = Checker(scope)
    tree = None
    ensures: frozenset[str] = frozenset()
    try:
        node = read()
        tree = checker.check_root(node, expected)
        ensures = ensured(node)
        mistakes = sorted(checker.mistakes, key=lambda each: (each.start, each.end))
    except ParseError as problem:
        mistakes = [problem.mistake]
    fit = None if tree is None or mistakes else bound_cost(tree, scope.profile)
    mistakes += [fit] if isinstance(fit, Mistake) else []
    findings += [mistake.to_finding(source) for mistake in mistakes]
    if fit is None or isinstance(fit, Mistake):
        return None
    tree, cost = fit
    return Expression(
        source=source.text,
        span=source.span,
        tree=tree,
        reads=frozenset(checker.reads),
        ensures=ensures,
        fact=fact,
        cost=cost,
    )


def resolve_bare_codes(tree: SyntaxNode, scope: Scope, expected: Type | None) -> SyntaxNode:
    """Return `tree` with bare words replaced by codes where its result is written."""
    match tree, expected:
        case Name(name=name, absolute=False), CodeType(codes=codes):
            if name in codes or name not in {*scope.facts, *scope.context, *scope.lost}:
                return Literal(tree.start, tree.end, TEXT, name)
        case Conditional(test=test, yes=yes, no=no), _:
            branches = (resolve_bare_codes(branch, scope, expected) for branch in (yes, no))
            return Conditional(tree.start, tree.end, test, *branches)
        case ListOf(items=items), ListType(item=item):
            words = tuple(resolve_bare_codes(each, scope, item) for each in items)
            return ListOf(tree.start, tree.end, words)
    return tree
